"""Policy files as a policy set: strict, complete in its faults, no expression language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..document import Document, Node
from ..policy import PolicySet
from ..vocabulary import Value, Vocabulary
from .approvals import add_approvals
from .draft import Draft
from .head import add_head, add_names, read_head, read_named_values
from .provisions import add_provisions
from .remedies import add_remedies
from .rules import add_rules
from .tables import add_tables
from .tests import add_tests


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The documents of one pack, by what they hold."""

    name: str
    head: Document
    approvals: Document | None = None
    remedies: Document | None = None
    provisions: Document | None = None
    tables: tuple[Document, ...] = ()
    rules: tuple[Document, ...] = ()
    tests: tuple[Document, ...] = ()


class PolicyReader:
    """Reads the packs of one policy set, the base first; each later one adds to it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._draft = Draft(vocabulary)
        self._heads: list[tuple[PackFiles, Mapping[str, Node]]] = []

    def read_heads(self, packs: Sequence[PackFiles]) -> dict[str, list[Value]]:
        """What gives the vocabulary its values; the rest waits until facts have them."""
        for number, pack in enumerate(packs):
            part = read_head(pack.head)
            self._heads.append((pack, part))
            add_names(self._draft, pack.head, part, number)
        if not self._draft.levels.in_force and packs and (root := packs[0].head.root) is not None:
            packs[0].head.fault(
                root, "The policy has no levels.", "List them in rising order under `levels:`."
            )
        return read_named_values(self._draft)

    def read_bodies(self, vocabulary: Vocabulary, kinds: Sequence[str]) -> None:
        """Everything else, pack by pack, with the full vocabulary and the kinds of data."""
        draft = self._draft
        draft.vocabulary = vocabulary
        for number, (pack, part) in enumerate(self._heads):
            draft.levels.turn_to(number)
            add_head(draft, pack.head, part, kinds)
            _add_files(draft, pack)
        if self._heads:  # tests of an inherited pack are about that pack alone
            for document in self._heads[-1][0].tests:
                add_tests(draft, document)

    def result(self, digest: str) -> PolicySet:
        """The policy set; only meaningful where no fault was noted."""
        pack, part = self._heads[-1]
        document, draft = pack.head, self._draft
        return PolicySet(
            name=document.text(part.get("name"), default=pack.name),
            title=document.text(part.get("title"), default=pack.name),
            owner=document.text(part.get("owner")),
            version=document.text(part.get("version")),
            levels=tuple(draft.levels.in_force.values()),
            law_as_of=self._earliest("law_as_of"),
            stale_after=self._earliest("stale_after"),
            adopted_by=document.text(part.get("adopted_by")),
            adopted_on=document.date(part.get("adopted_on"), "adopted_on"),
            inherits=tuple(other.name for other, _ in self._heads[:-1]),
            overlays=tuple(draft.overlays.values()),
            tool_groups=MappingProxyType(draft.tool_groups),
            groups=MappingProxyType(draft.groups),
            definitions=MappingProxyType(draft.definitions),
            obligations=MappingProxyType(draft.obligations),
            advice=tuple(draft.advice),
            contacts=MappingProxyType(draft.contacts),
            profile=tuple(draft.profile.values()),
            presumed=tuple(draft.presumed.values()),
            units=MappingProxyType(draft.units),
            kind_levels=MappingProxyType(draft.kind_levels),
            incident=draft.incident,
            when_not_covered=draft.when_not_covered,
            tables=tuple(draft.tables),
            rules=tuple(draft.rules),
            provisions=tuple(draft.provisions),
            approvals=tuple(draft.approvals.values()),
            moves=tuple(draft.moves.values()),
            switch_tool=draft.switch_tool,
            cases=tuple(draft.cases),
            thresholds={fact: frozenset(v) for fact, v in draft.thresholds.items()},
            digest=digest,
        )

    def _earliest(self, name: str) -> datetime.date | None:
        """The first of the days of that name in all packs."""
        days = [pack.head.date(part.get(name), name) for pack, part in self._heads]
        return min((day for day in days if day), default=None)


def _add_files(draft: Draft, pack: PackFiles) -> None:
    """Read the files of a pack, in an order in which each finds what it names."""
    for document in pack.tables:
        add_tables(draft, document)
    for document in pack.rules:
        add_rules(draft, document)
    if pack.approvals is not None:
        add_approvals(draft, pack.approvals)
    if pack.remedies is not None:
        add_remedies(draft, pack.remedies)
    if pack.provisions is not None:
        add_provisions(draft, pack.provisions)
