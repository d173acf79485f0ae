"""Names in policy files: what can be one, which are known, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..document import Document, Node
from ..policy import Place
from ..vocabulary import EFFECTS
from ..wording import nearest, shorten

EFFECT_WORDS = tuple(effect.name for effect in EFFECTS)

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}", re.ASCII)


def is_id(document: Document, node: Node, name: str) -> bool:
    """Whether a name can be an id; a fault if not."""
    if _ID.fullmatch(name):
        return True
    document.fault(
        node,
        f"{shorten(name)} cannot be an id.",
        "Use letters, digits, and - _ . : between them.",
    )
    return False


def is_known(
    document: Document,
    node: Node,
    word: str,
    options: Mapping[str, object] | Sequence[str],
    what: str,
) -> bool:
    """Whether a word is one of the options; a fault if not, unless one was noted already."""
    if word in options:
        return True
    if word:
        document.fault(
            node, f"{shorten(word)} is not a known {what}.", nearest(word, list(options))
        )
    return False


def place_of(document: Document, node: Node) -> Place:
    """Where a node stands."""
    mark = node.start_mark
    return Place(document.file, mark.line + 1, mark.column + 1)
