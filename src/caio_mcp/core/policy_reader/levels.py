"""Levels: those in force, and those in which an inherited pack is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import yaml

from ..document import Document, Node
from ..policy import Level
from ..wording import shorten
from .names import is_id, is_known


class Scale:
    """The levels of one pack, and which of the levels finally in force stand for each."""

    def __init__(self, number: int, levels: Sequence[str]) -> None:
        self.number = number  # of the pack, in the order of reading
        self.levels = tuple(levels)
        self.own: dict[str, tuple[str, ...]] = {level: (level,) for level in levels}

    def replaced_by(self, levels: Sequence[Level]) -> None:
        """Other levels, each of them like one of the last ones, take their place."""
        self.own = {
            level: tuple(new.id for new in levels if new.like in own)
            for level, own in self.own.items()
        }

    def at_least(self, level: str) -> str:
        """The lowest level in force that is not below this one."""
        above = self.levels[self.levels.index(level) :]
        return next(own for name in above for own in self.own[name])

    def at_most(self, level: str) -> str:
        """The highest level in force that is not above this one, or nothing."""
        below = self.levels[: self.levels.index(level) + 1]
        return next((self.own[name][-1] for name in reversed(below) if self.own[name]), "")

    def matching(self, operator: str, level: str) -> tuple[str, ...]:
        """The levels in force that are `above` this one, or `up_to` it."""
        cut = self.levels.index(level) + 1
        names = self.levels[cut:] if operator == "above" else self.levels[:cut]
        return tuple(own for name in names for own in self.own[name])


class Levels:
    """The levels in force, with those of every pack whose place they took."""

    def __init__(self) -> None:
        self.in_force: dict[str, Level] = {}
        self.scale: Scale | None = None  # of the pack at hand, where it is not the one in force
        self._scales: list[Scale] = []

    def add(self, document: Document, node: Node | None, number: int) -> None:
        """Read the levels of the pack of that number; they take the place of those before."""
        if node is None:
            return
        inherited = list(self.in_force)
        read = list(_levels(document, node, inherited))
        if inherited and not _follows(document, node, read, inherited):
            # the fault is noted; their names are read on, so that no other fault comes of it
            read = [replace(level, like=inherited[-1]) for level in read]
        for scale in self._scales:
            scale.replaced_by(read)
        self.in_force = {level.id: level for level in read}
        self._scales.append(Scale(number, list(self.in_force)))

    def turn_to(self, number: int) -> None:
        """The pack of that number is at hand: levels in it are the ones it was written in."""
        scales = [scale for scale in self._scales if scale.number <= number]
        self.scale = scales[-1] if scales and scales[-1] is not self._scales[-1] else None

    @property
    def written(self) -> Sequence[str]:
        """The levels in which the pack at hand is written, in rising order."""
        return tuple(self.in_force) if self.scale is None else self.scale.levels

    @property
    def own(self) -> Mapping[str, tuple[str, ...]]:
        """The levels in force that stand for each level of the pack at hand."""
        return {name: (name,) for name in self.in_force} if self.scale is None else self.scale.own

    def like(self, document: Document, node: Node, word: str) -> tuple[str, ...]:
        """The levels in force that stand for this level of the pack at hand."""
        own = self.own
        return own[word] if is_known(document, node, word, own, "value of data.level") else ()

    def lowest(self, document: Document, node: Node | None) -> str:
        """A level below which nothing is, in the levels in force."""
        return self._limit(document, node, Scale.at_least)

    def highest(self, document: Document, node: Node | None) -> str:
        """A level above which nothing is, in the levels in force."""
        return self._limit(document, node, Scale.at_most)

    def _limit(
        self, document: Document, node: Node | None, find: Callable[[Scale, str], str]
    ) -> str:
        level = document.choice(node, self.written, "a level of this policy")
        return find(self.scale, level) if self.scale is not None and level else level


def _levels(document: Document, node: Node, inherited: Sequence[str]) -> Iterator[Level]:
    seen: set[str] = set()
    for item in document.items(node, "levels"):
        name, part = _named(document, item)
        if not name or not is_id(document, item, name):
            continue
        if name in seen:
            document.fault(item, f"The level {shorten(name)} is listed twice.", "Keep one.")
        seen.add(name)
        if "like" in part and not inherited:
            document.fault(part["like"], "No inherited pack has levels.", "Remove `like:`.")
        if inherited and "like" not in part:
            document.fault(
                item,
                f"The level {shorten(name)} does not say which inherited level it is like.",
                f"Add `like:` with one of: {', '.join(inherited)}.",
            )
        yield Level(
            name,
            document.text(part.get("title"), default=name.capitalize()),
            tuple(word for word, _ in document.texts(part.get("synonyms"))),
            document.text(part.get("example")),
            document.choice(part.get("like"), inherited, "an inherited level"),
        )


def _named(document: Document, item: Node) -> tuple[str, dict[str, Node]]:
    """The id of a level, and what else is said of it."""
    if isinstance(item, yaml.ScalarNode):
        return document.text(item), {}
    part = document.fields(
        item, "A level", required=["id"], optional=["title", "synonyms", "example", "like"]
    )
    return document.text(part.get("id"), "id"), part


def _follows(
    document: Document, node: Node, levels: Sequence[Level], inherited: Sequence[str]
) -> bool:
    """Whether the order is the inherited one, and the highest level is there."""
    likes = [level.like for level in levels]
    if not levels or not all(likes):
        return False  # noted already
    order = [inherited.index(like) for like in likes]
    if order != sorted(order):
        document.fault(
            node,
            "These levels are in another order than the inherited ones they are like.",
            f"List them in rising order: {', '.join(inherited)}.",
        )
        return False
    if likes[-1] != inherited[-1]:
        document.fault(
            node,
            f"No level here is like the highest inherited one, {inherited[-1]}.",
            f"Add one, or write `like: {inherited[-1]}` at the last.",
        )
        return False
    return True
