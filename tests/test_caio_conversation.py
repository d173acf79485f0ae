"""A part-time CAIO's ten turns over a real server, beside colleagues on the command line: each
answer short enough to be read aloud, with a way to see more."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from conftest import Conversation, tokens

PROGRAM = Path(sys.executable).with_name("caio-mcp")
SETTINGS = """\
policy = "acme"
organisation = "Acme"
[people.ada]
roles = ["caio", "dpo"]
[people.ann]
unit = "Sales"
[people.bob]
unit = "Claims"
"""
TOKENS_MAX = 400
NOTHING = ("data.overlays=none", "data.categories=none")
USES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Complaint summaries": (
        "ann",
        (
            *("--task", "summarise", "--tool", "chatgpt-enterprise"),
            *("--data", "customer complaints", "--fact", "data.overlays=none"),
        ),
    ),
    "Board papers": (
        "bob",
        (
            *("--task", "summarise", "--tool", "azure-openai-eu"),
            *("--fact", "level=restricted", "--fact", NOTHING[0], "--fact", NOTHING[1]),
        ),
    ),
    "Letters to customers": (
        "ann",
        (
            *("--task", "write", "--tool", "ChatGPT Free"),
            *("--data", "customer complaints", "--fact", "data.overlays=none"),
        ),
    ),
    "Agendas": (
        "bob",
        (
            *("--task", "summarise", "--tool", "chatgpt-free"),
            *("--fact", "level=internal", "--fact", NOTHING[0], "--fact", NOTHING[1]),
        ),
    ),
}


def environment(folder: Path, person: str) -> dict[str, str]:
    return {**os.environ, "CAIO_MCP_WORKSPACE": str(folder), "LOGNAME": person}


def caio_mcp(folder: Path, person: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        env=environment(folder, person),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Chat(Conversation):
    """A conversation whose every answer is short."""

    async def turn(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        content = await self.call(tool, **arguments)
        assert not self.is_error, self.text
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        assert max(tokens(self.text), tokens(written)) <= TOKENS_MAX, self.text
        return content


async def test_ten_turns_of_a_caio(tmp_path: Path) -> None:
    (tmp_path / "caio-mcp.toml").write_text(SETTINGS)
    for title, (person, use) in USES.items():
        done = caio_mcp(tmp_path, person, "register", "add", "--title", title, *use)
        assert done.returncode == 0, done.stderr
    for _ in range(6):
        caio_mcp(tmp_path, "bob", "check", "--tool", "BriefBot", "--data", "meeting agenda")
    today = datetime.datetime.now(datetime.UTC).date()
    soon = (today + datetime.timedelta(days=20)).isoformat()
    parameters = StdioServerParameters(
        command=str(PROGRAM), args=["serve"], env=environment(tmp_path, "ada")
    )
    async with Client(parameters) as client:
        talk = Chat(client)

        # 1. What is waiting?
        waiting = await talk.turn("search_register", filters=["status=under_review,proposed"])
        assert [(e["entry"], e["title"]) for e in waiting["entries"]] == [
            ("E-0002", "Board papers")
        ]

        # 2. What is it about?
        await talk.turn("search_register", entry="E-0002")
        assert talk.text.startswith('E-0002 "Board papers": under review, Claims.')
        assert "by bob" in talk.text

        # 3. Why were Ann's letters denied?
        why = await talk.turn("search_register", words="letters", limit=1)
        denied = await talk.turn("search_register", entry=why["entries"][0]["entry"])
        assert denied["status"] == "denied"
        assert any("GDPR-28" in reason for reason in denied["reasons"])

        # 4. Approve the board papers, with a condition.
        approved = await talk.turn(
            "review_use",
            entry="E-0002",
            outcome="approve_with_conditions",
            reason="The board agreed",
            conditions=["Delete the summary after the meeting"],
            confirmed=True,
        )
        assert approved["status"] == "approved_with_conditions"

        # 5. Which units use personal data outside the EEA?
        abroad = await talk.turn(
            "query_register",
            filters=["data.categories=personal", "tool.region=third_countries"],
            group_by=["unit"],
        )
        assert abroad["rows"] == [{"unit": "Sales", "count": 1}]
        assert "1 more may fit" in talk.text  # nobody knows where ChatGPT Free keeps it

        # 6. May Claims keep its agendas in ChatGPT Free for three weeks?
        grant = {
            "entry": "E-0004",
            "outcome": "grant_exception",
            "reason": "Until the licence is there",
            "conditions": ["No names in them"],
            "facts": ["tool.trains_on_input=no"],  # switched off, as she has seen
            "until": soon,
            "confirmed": True,
        }
        granted = await talk.turn("review_use", **grant)
        assert granted["exception"]["rule"] == "DH-LEVEL/internal/consumer"
        assert granted["status"] == "approved_with_conditions"

        # 7. What expires within a month?
        month = (today + datetime.timedelta(days=30)).isoformat()
        expiring = await talk.turn(
            "query_register", about="exceptions", filters=[f"expires={today}..{month}"]
        )
        assert [row["exception"] for row in expiring["rows"]] == ["X-0001"]

        # 8. Which tools do people want?
        wanted = await talk.turn("query_register", about="log", group_by=["wanted"])
        assert {"wanted": "BriefBot", "count": 6} in wanted["rows"]

        # 9. Who decided what, and how fast?
        reviews = await talk.turn(
            "query_register",
            about="reviews",
            group_by=["cause", "role"],
            measures=["count", "median_days"],
        )
        assert {(r["cause"], r["role"], r["count"]) for r in reviews["rows"]} == {
            ("granted", "caio", 1),
            ("reviewed", "caio", 1),
        }

        # 10. What is still to be done, a few at a time?
        open_duties: dict[str, Any] = {
            "about": "obligations",
            "filters": ["state=open"],
            "limit": 2,
        }
        page = await talk.turn("query_register", **open_duties)
        assert page["truncated"]
        assert f'cursor="{page["cursor"]}"' in talk.text
        rest = await talk.turn("query_register", cursor=page["cursor"], **open_duties)
        assert not {json.dumps(r) for r in page["rows"]} & {json.dumps(r) for r in rest["rows"]}
