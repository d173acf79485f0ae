"""Which use a row is, so that the same row of a later file finds the same entry.

A row has several identities, from loose to exact. With an id: the id; the id and the name; the
whole row. Without one: the name in its bureau; that and the purpose; the whole row. Each holds
within a source and an agency. The loosest that no other row of the file shares is its `key`; the
others are its `aliases`. Rows that are equal to the last cell are counted.

So an id that is unique carries a row through every other change; rows may be added, taken out and
put in another order; and a use whose name or id was its own in the first file and is shared in
the second is still found, by an alias.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .words import normal

_NO_ID = frozenset(
    ["", "-", "tbd", "n/a", "na", "none", "unknown", "pending", "not applicable", "not available"]
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells a row from others."""

    agency: str
    bureau: str
    source_id: str
    title: str
    purpose: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """The key of a row, and the further keys under which it may be known."""

    key: str
    aliases: tuple[str, ...]


def is_id(text: str) -> bool:
    """Whether an id is one, and not a word for having none."""
    return normal(text) not in _NO_ID


def _digest(source: str, kind: str, *parts: str) -> str:
    # Length before text: no two lists of parts are the same bytes.
    told = "".join(f"{len(part)}:{part}" for part in (kind, *parts))
    return f"{source}:{hashlib.sha256(told.encode(errors='surrogatepass')).hexdigest()[:32]}"


def _rungs(source: str, traits: Traits) -> tuple[str, ...]:
    agency, title = normal(traits.agency), normal(traits.title)
    whole = "".join(
        f"{len(name)}:{name}{len(cell)}:{cell}" for name, cell in sorted(traits.row.items()) if cell
    )
    if is_id(traits.source_id):
        own = traits.source_id.strip()
        return (
            _digest(source, "id", agency, own),
            _digest(source, "id+title", agency, own, title),
            _digest(source, "row", agency, whole),
        )
    bureau = normal(traits.bureau)
    return (
        _digest(source, "title", agency, bureau, title),
        _digest(source, "title+purpose", agency, bureau, title, normal(traits.purpose)),
        _digest(source, "row", agency, whole),
    )


def identify(source: str, rows: Sequence[Traits]) -> list[Identity]:
    """The identity of each row among the rows of its file."""
    ladders = [_rungs(source, traits) for traits in rows]
    shared = Counter(rung for ladder in ladders for rung in ladder)
    seen: Counter[str] = Counter()
    found: list[Identity] = []
    for ladder in ladders:
        own = next((rung for rung in ladder if shared[rung] == 1), "")
        if own:
            found.append(Identity(own, tuple(rung for rung in ladder if rung != own)))
            continue
        exact = ladder[-1]
        seen[exact] += 1
        key = exact if seen[exact] == 1 else f"{exact}#{seen[exact]}"
        found.append(Identity(key, ladder[:-1]))
    return found


def find_known(known: Mapping[str, Sequence[str]], rows: Sequence[Identity]) -> list[str | None]:
    """For each row the entry that it is, or nothing where it is new.

    `known` says, by key and alias of earlier imports, which entries had it. A key finds before an
    alias does, an exact alias before a loose one; an entry is one row; what could be two is none.
    """
    found: list[str | None] = [None] * len(rows)
    taken: set[str] = set()
    rounds = 1 + max((len(row.aliases) for row in rows), default=0)
    for step in range(rounds):
        wanted: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            tight_first = (row.key, *reversed(row.aliases))
            if found[number] is None and step < len(tight_first):
                wanted.setdefault(tight_first[step], []).append(number)
        for key, numbers in wanted.items():
            free = [entry for entry in known.get(key, ()) if entry not in taken]
            if len(free) == 1 and (len(numbers) == 1 or step == 0):
                found[numbers[0]] = free[0]
                taken.add(free[0])
    return found
