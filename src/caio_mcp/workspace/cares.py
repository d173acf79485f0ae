"""What a workspace still lacks or is about to lack, the gravest first: where, and what to write."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..core.document import Document, Node
from ..core.facts import Statement
from ..core.library import Library
from ..core.policy import Approval, PolicySet
from ..opening import bundled
from .contents import USUAL_DAYS, asked_facts, points_of

SOON_DAYS = 30  # before something runs out it is said
CATALOGUE_DAYS_MAX = 180  # facts of contracts that were checked longer ago may have changed
PLACEHOLDER = "your "  # "your data protection officer": nobody in particular
# Facts that hold for all uses of an organisation, with an example of what to write.
STANDING: Mapping[str, str] = {
    "actor.region": "actor.region: eea",
    "actor.jurisdictions": "actor.jurisdictions: {only: [eu]}",
    "actor.sector": "actor.sector: {only: [other]}",
    "legal.works_council": "legal.works_council: no_council",
}


@dataclass(frozen=True, slots=True)
class Care:
    """One thing to see to: the file, the line where there is one, and what to do there."""

    problem: str
    remedy: str = ""
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """The file and line, as editors take it."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        parts = (self.problem, f"{self.where}:" if self.where else "", self.remedy)
        return " ".join(part for part in parts if part)


def cares_of(library: Library, pack: Path, today: datetime.date) -> list[Care]:
    """What to see to in a policy whose own files are in that folder."""
    return list(_Look(library, pack, today).cares())


class _Look:
    """One policy, its own head, and where its files are."""

    def __init__(self, library: Library, pack: Path, today: datetime.date) -> None:
        self.library = library
        self.policy: PolicySet = library.policy
        self.pack = pack
        self.today = today
        self.name = library.policy_files.name
        self.is_sample = bundled("policies") in pack.resolve().parents
        self.head = self._file("policy.yaml")
        content = library.policy_files.files.get(f"{self.name}/policy.yaml", b"")
        self.text = content.decode("utf-8-sig", "replace")
        document = Document(self.head, content, [])
        self.own: dict[str, tuple[int, Node]] = {
            key: (document.line(node), value)
            for key, node, value in document.pairs(document.root, "policy.yaml")
        }

    def cares(self) -> Iterator[Care]:
        yield from self._adoption()
        yield from self._staleness()
        yield from self._no_approval()
        approved = [a for a in self.policy.approvals if a.status in ("approved", "restricted")]
        for approval in approved:
            yield from self._review_due(approval)
        if not self.is_sample:
            yield from self._standing_facts()
            yield from self._contacts()
        for approval in approved:
            yield from self._open_facts(approval)
        yield from self._old_facts(approved)

    # -- the policy ------------------------------------------------------------------------

    def _adoption(self) -> Iterator[Care]:
        if self.policy.is_adopted:
            return
        if self.is_sample:
            yield Care(
                f"The policy {self.policy.name} is a sample that nobody adopted.",
                "`caio-mcp init` makes a policy of your own.",
            )
            return
        yield Care(
            f"Nobody adopted the policy {self.policy.name} yet, and every answer says so.",
            f"Write `adopted_by: NAME` and `adopted_on: {self.today}` there.",
            self.head,
            self._line("adopted_by"),
        )

    def _staleness(self) -> Iterator[Care]:
        until = self.policy.stale_after
        if until is None or until > self.today + datetime.timedelta(days=SOON_DAYS):
            return
        problem = (
            f"The policy was due for review on {until}."
            if until < self.today
            else f"The policy is due for review on {until}."
        )
        if "stale_after" in self.own:
            remedy = "Look through it, then write a later day after `stale_after:`."
            yield Care(problem, remedy, self.head, self._line("stale_after"))
        else:
            yield Care(problem, "The day is that of a pack that it inherits: update caio-mcp.")

    def _standing_facts(self) -> Iterator[Care]:
        asked = asked_facts(self.policy)
        said = {s.fact: s for s in self.policy.profile}
        for unit in self.policy.units.values():
            said |= {s.fact: s for s in unit.profile}
        places = said.get("actor.jurisdictions")
        for fact, example in STANDING.items():
            if fact not in asked or fact not in self.library.vocabulary.facts:
                continue
            if fact == "legal.works_council" and not _may_be_in(places, "germany"):
                continue
            if fact in said and not _is_open(said[fact]):
                continue
            title = self.library.vocabulary.facts[fact].title
            yield Care(
                f"Rules of the policy depend on {fact} ({title}), and the profile leaves it open.",
                f"Write under profile what holds, for example `{example}`.",
                self.head,
                self._line("profile"),
            )

    def _contacts(self) -> Iterator[Care]:
        open_roles = [
            role
            for role, contact in self.policy.contacts.items()
            if contact.who.casefold().startswith(PLACEHOLDER)
        ]
        if not open_roles:
            return
        role = open_roles[0]
        yield Care(
            f"Nobody is named for {', '.join(open_roles)}; answers say "
            f'"{self.policy.contacts[role].who}".',
            f"Write under contacts, for example `{role}: {{who: name or address, "
            f"usual_days: {USUAL_DAYS.get(role, 5)}}}`.",
            self.head,
            self._line("contacts"),
        )

    # -- approvals -------------------------------------------------------------------------

    def _no_approval(self) -> Iterator[Care]:
        if any(a.status in ("approved", "restricted") for a in self.policy.approvals):
            return
        remedy = (
            f"Write, for example, `- {{id: chatgpt-team, status: approved, since: {self.today}}}`."
        )
        where = "" if self.is_sample else self._file("approvals.yaml")
        line = 0 if self.is_sample else self._line_in("approvals.yaml", "tools:")
        yield Care("The policy approves no tool.", "" if self.is_sample else remedy, where, line)

    def _review_due(self, approval: Approval) -> Iterator[Care]:
        due = approval.review_due
        if due is None or due > self.today + datetime.timedelta(days=SOON_DAYS):
            return
        verb = "was" if due < self.today else "is"
        yield Care(
            f"The approval of {self._title(approval)} {verb} due for review on {due}.",
            "Look at its contract and settings again, then write a later day after `review_due:`.",
            *self._place(approval),
        )

    def _open_facts(self, approval: Approval) -> Iterator[Care]:
        tool = self.library.catalogue.tools.get(approval.id)
        if tool is None or approval.on:
            return
        places = _places(self.policy)
        points = points_of(tool, asked_facts(self.policy), places, approval.facts)
        if points.open:
            yield Care(
                f"{tool.name} is approved, and the catalogue does not know {points.asked}.",
                f"Write what your contract settles under `facts:`, for example {points.example}.",
                *self._place(approval),
            )
        if points.risky:
            yield Care(
                f"{tool.name} is approved, though {' and '.join(points.risky)}.",
                "If your contract says otherwise, write so under `facts:`; if not, think of "
                "another tool.",
                *self._place(approval),
            )

    def _old_facts(self, approved: list[Approval]) -> Iterator[Care]:
        oldest = self.today - datetime.timedelta(days=CATALOGUE_DAYS_MAX)
        tools = self.library.catalogue.tools
        for approval in approved:
            facts = tools[approval.id].facts if approval.id in tools else ()
            old = [f for f in facts if f.checked and f.checked < oldest]
            if not old:
                continue
            day = min(f.checked for f in old if f.checked)
            yield Care(
                f"Facts of {self._title(approval)} in the catalogue were last checked on {day}, "
                f"more than {CATALOGUE_DAYS_MAX} days ago.",
                f"Update caio-mcp, or look at {old[0].source} and write what changed under "
                "`facts:`.",
                *self._place(approval),
            )

    # -- places ----------------------------------------------------------------------------

    def _title(self, approval: Approval) -> str:
        tool = self.library.catalogue.tools.get(approval.id)
        return tool.name if tool else approval.id

    def _place(self, approval: Approval) -> tuple[str, int]:
        pack, _, rest = approval.place.file.partition("/")
        if pack != self.name:
            return self._file("approvals.yaml"), 0
        return self._file(rest), approval.place.line

    def _file(self, path: str) -> str:
        return str(self.pack / path)

    def _line(self, key: str) -> int:
        """The line of a key; where it is not there, that of a comment that names it, or the
        first."""
        if key in self.own:
            return self.own[key][0]
        return _find_line(self.text, f"# {key}:")

    def _line_in(self, path: str, words: str) -> int:
        content = self.library.policy_files.files.get(f"{self.name}/{path}", b"")
        return _find_line(content.decode("utf-8-sig", "replace"), words) if content else 0


def _find_line(text: str, words: str) -> int:
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.strip().startswith(words)), 1)


def _is_open(said: Statement) -> bool:
    """Whether a standing fact still has several values."""
    if said.values is not None:
        return len(said.values) > 1
    return not said.is_complete and not said.absent


def _places(policy: PolicySet) -> tuple[str, ...]:
    """Where the organisation is, as far as the profile says; all over the world else."""
    said = {s.fact: s for s in policy.profile}
    places = said.get("actor.jurisdictions")
    region = said.get("actor.region")
    found = {*(places.present if places else ()), *((region and region.values) or ())}
    is_known = (places is not None and places.is_complete) or bool(region and not places)
    return tuple(sorted(found)) if is_known else ("us", *sorted(found))


def _may_be_in(said: Statement | None, place: str) -> bool:
    if said is None:
        return True
    return place in said.present or not (said.is_complete or place in said.absent)
