"""A small organisation for tests of the register: a pack that is easy to see through, and the
people of the organisation, each with a conversation of their own."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mcp import Client

from caio_mcp.bootstrap import build_service
from caio_mcp.server import tools
from caio_mcp.server.app import build_server
from caio_mcp.service import Caller, Service, UseRequest
from caio_mcp.settings import load_settings
from conftest import Conversation, write_pack

PACK = {
    "policy.yaml": """\
name: mine
title: House policy
owner: Eve
version: "1"
adopted_by: Eve
adopted_on: 2026-01-01
levels:
  - {id: public, title: Public}
  - {id: internal, title: Internal}
  - {id: secret, title: Secret}
contacts:
  caio: {who: Eve, usual_days: 5}
  dpo: {who: Dan, usual_days: 3}
obligations:
  read_it: {text: "Read what comes out before anyone acts on it."}
""",
    "approvals.yaml": """\
tools:
  - {id: chatgpt-team, status: approved, owner: caio}
""",
    "tables/house.yaml": """\
tables:
  - id: HOUSE
    title: Which data in which tool
    source: House rules 1
    exceptionable: {max_days: 60, approver: caio}
    words: {yes: allow, no: prohibit}
    columns:
      ours: {tool.approval: approved}
      otherwise: {}
    rows:
      data.level:
        public: [yes, yes]
        internal: [yes, no]
        secret: [no, no]
""",
    "rules/house.yaml": """\
rules:
  - id: H-PEOPLE
    title: Nobody is judged without a look
    effect: review
    when: {purpose.task: assess_people}
    reviewer: dpo
    reason: A person looks at it before people are judged.
    source: House rules 2
  - id: H-TRANSCRIBE
    title: No recordings
    effect: prohibit
    when: {purpose.task: transcribe}
    reason: Recordings stay in the house.
    source: House rules 3
    exceptionable: {max_days: 30, approver: dpo}
  - id: H-TRAIN
    title: No training, ever
    effect: prohibit
    when: {purpose.task: train_model}
    reason: What a model learned cannot be taken out again.
    source: House rules 4
  - id: H-WRITE
    title: Drafts are read
    effect: allow_with_conditions
    when: {purpose.task: write}
    reason: A draft is read.
    source: House rules 5
    obligations: [read_it]
""",
}

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
USE = ("task=summarise", "tool=chatgpt-team", "level=internal")


def said(task: str, tool: str = "chatgpt-team", level: str = "internal") -> list[str]:
    """The facts of a use."""
    return [f"task={task}", f"tool={tool}", f"level={level}"]


@dataclass
class Team:
    """People who share one register. `now` is what their clocks show."""

    service: Service
    folder: Path
    now: datetime.datetime = NOON
    people: dict[str, Caller] = field(
        default_factory=lambda: {
            "ann": Caller("ann", "Sales", "House"),
            "bob": Caller("bob", "Claims", "House"),
            "eve": Caller("eve", "", "House", ("employee", "caio")),
            "dan": Caller("dan", "", "House", ("dpo",)),
            "rev": Caller("rev", "Sales", "House", ("reviewer",)),
            "aud": Caller("aud", "", "House", ("auditor",)),
        }
    )

    @asynccontextmanager
    async def talk(
        self, name: str, mode: str = "auto", elicitation: Callable[..., object] | None = None
    ) -> AsyncIterator[Conversation]:
        """A conversation of one of them with the server."""
        server = build_server(self.service, self.people[name])
        more = {} if elicitation is None else {"elicitation_callback": elicitation}
        async with Client(server, mode=mode, **more) as client:  # type: ignore[arg-type]
            yield Conversation(client)

    def later(self, days: int) -> None:
        """Let days go by."""
        self.now += datetime.timedelta(days=days)

    def register(self, name: str, title: str, *facts: str, **more: str) -> str:
        """Somebody puts a use into the register; its id."""
        found = self.service.register_use(
            UseRequest(facts=facts or USE), self.people[name], self.now, title=title, **more
        )
        return found.entry.id

    def status(self, entry: str) -> str:
        """How an entry stands."""
        return self.service.find_entry(entry, self.people["aud"]).status


def open_team(folder: Path, monkeypatch: object) -> Team:
    """A team on a fresh workspace."""
    write_pack(folder / "policies" / "mine", PACK)
    settings = load_settings(workspace=str(folder), policy="mine", environment={})
    team = Team(build_service(settings), folder)
    monkeypatch.setattr(tools.ToolContext, "now", lambda _: team.now)  # type: ignore[attr-defined]
    return team
