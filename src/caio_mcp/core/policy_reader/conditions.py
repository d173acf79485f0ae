"""Conditions: tests of facts, how they are combined, and the definitions that name them."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from ..document import Document, Node
from ..policy import AllOf, AnyOf, AtLeast, Definition, Is, Test, When
from ..vocabulary import Fact
from ..wording import nearest, shorten
from .draft import Draft
from .names import is_id, is_known, place_of
from .parameters import read_words

AT_LEAST_MAX = 10  # conditions of one `at_least:`, as all their combinations are looked at

_OPERATORS = {
    "choice": ("any_of", "not"),
    "set": ("any_of", "all_of", "none_of", "only"),
    "integer": ("any_of", "not", "more_than", "at_most"),
    "level": ("any_of", "not", "above", "up_to"),
}


def add_definitions(draft: Draft, document: Document, node: Node | None) -> None:
    """Read conditions with a name."""
    for name, name_node, value in document.pairs(node, "definitions"):
        if not is_id(document, name_node, name):
            continue
        if name in draft.definitions:
            first = draft.definitions[name].place
            document.fault(
                name_node,
                f"{shorten(name)} is already defined in {first.file}:{first.line}.",
                "Choose another name.",
            )
            continue
        when = read_when(draft, document, value)
        if when == AllOf():
            document.fault(value, "The definition names no fact.", "Name at least one.")
        draft.definitions[name] = Definition(name, when, place_of(document, name_node))


def read_when(draft: Draft, document: Document, node: Node, *, own_groups: bool = True) -> When:
    """A condition; `own_groups` says whether it may be about groups of tools."""
    parts: list[When] = []
    for key, key_node, value in document.pairs(node, "A condition"):
        if key in ("any", "all"):
            inner = _inner(draft, document, key, value, own_groups)
            parts.append(AnyOf(inner) if key == "any" else AllOf(inner))
        elif key == "is":
            parts.extend(_defined(draft, document, value))
        elif key == "at_least":
            parts.append(_at_least(draft, document, value, own_groups))
        elif (fact := draft.fact(document, key_node, key)) is None:
            continue
        elif fact.id == "tool.group" and not own_groups:
            document.fault(
                key_node,
                "A tool group cannot be defined by tool groups.",
                "Use facts of the tool.",
            )
        else:
            parts.extend(_tests(draft, document, fact, value))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _inner(
    draft: Draft, document: Document, key: str, node: Node, own_groups: bool
) -> tuple[When, ...]:
    inner = tuple(
        read_when(draft, document, item, own_groups=own_groups)
        for item in document.items(node, f"{key}:")
    )
    if not inner or AllOf() in inner:
        document.fault(
            node, f"`{key}:` has a part that names no fact.", "Name a fact in each part."
        )
    return inner


def _defined(draft: Draft, document: Document, node: Node) -> list[When]:
    """The conditions that were defined under these names."""
    return [
        Is(name, draft.definitions[name].when if is_defined else AnyOf())
        for name, part in document.texts(node)
        for is_defined in [is_known(document, part, name, draft.definitions, "definition")]
    ]


def _at_least(draft: Draft, document: Document, node: Node, own_groups: bool) -> When:
    """So many of the conditions hold."""
    part = document.fields(node, "at_least", required=["number", "of"])
    number = document.integer(part.get("number"), "number") or 0
    inner = [
        read_when(draft, document, item, own_groups=own_groups)
        for item in document.items(part.get("of"), "of:")
    ]
    if not 1 < number < len(inner) or len(inner) > AT_LEAST_MAX or AllOf() in inner:
        document.fault(
            node,
            "`at_least:` takes a number, and more conditions than that, each with a fact.",
            f"Use 2 or more of at most {AT_LEAST_MAX}; `any:` is one of them, `all:` is all.",
        )
        return AnyOf()
    return AtLeast(number, tuple(inner))


def _tests(draft: Draft, document: Document, fact: Fact, node: Node) -> list[When]:
    if not isinstance(node, yaml.MappingNode):
        return [_test(draft, document, fact, "any_of", node)]
    tests: list[When] = []
    allowed = _OPERATORS[fact.type]
    for operator, key_node, value in document.pairs(node, f"The condition on {fact.id}"):
        if operator not in allowed:
            document.fault(
                key_node,
                f"{shorten(operator)} cannot be used with {fact.id} ({fact.type}).",
                f"Use one of: {', '.join(allowed)}.",
            )
            continue
        tests.append(_test(draft, document, fact, operator, value))
    return tests


def _test(draft: Draft, document: Document, fact: Fact, operator: str, node: Node) -> Test:
    if operator in ("above", "up_to"):
        return _level_test(draft, document, fact, operator, node)
    if fact.type == "integer":
        return _integer_test(draft, document, fact, operator, node)
    return Test(fact.id, operator, read_values(draft, document, fact, node))


def _level_test(draft: Draft, document: Document, fact: Fact, operator: str, node: Node) -> Test:
    """A level is compared with one of the policy, or with another fact that is a level."""
    word = read_words(draft, document, node, document.text(node, operator))
    options = [
        *draft.levels.written,
        *(f.id for f in draft.vocabulary.facts.values() if f.type == "level" and f.id != fact.id),
    ]
    if len(word) != 1 or word[0] not in options:
        document.fault(
            node,
            f"{shorten(', '.join(word))} is not a level.",
            nearest(word[0] if word else "", options),
        )
        word = (next(iter(options), ""),)
    scale = draft.levels.scale
    if scale is not None and word[0] in scale.levels:
        return Test(fact.id, "any_of", scale.matching(operator, word[0]))
    return Test(fact.id, operator, word)


def _integer_test(draft: Draft, document: Document, fact: Fact, operator: str, node: Node) -> Test:
    numbers = _numbers(draft, document, fact, node)
    if operator in ("more_than", "at_most") and len(numbers) != 1:
        document.fault(node, f"{operator} takes one number.")
        numbers = numbers[:1] or [0]
    starts = draft.thresholds.setdefault(fact.id, set())
    for number in numbers:
        starts.add(number + 1)
        if operator in ("any_of", "not"):
            starts.add(number)
    return Test(fact.id, operator, tuple(str(number) for number in numbers))


def _numbers(draft: Draft, document: Document, fact: Fact, node: Node) -> Sequence[int]:
    numbers = []
    for word, part in document.texts(node):
        for text in read_words(draft, document, part, word):
            if not text.isascii() or not text.isdigit() or len(text) > 15:
                document.fault(
                    part, f"{fact.id} is compared with whole numbers, not {shorten(text)}."
                )
            else:
                numbers.append(int(text))
    return numbers


def read_values(draft: Draft, document: Document, fact: Fact, node: Node) -> tuple[str, ...]:
    """The values of a fact that are written here, one by one or as groups, each once."""
    groups = draft.groups.get(fact.id, {})
    values: list[str] = []
    for written, part in document.texts(node):
        for word in read_words(draft, document, part, written):
            if fact.type == "level" and draft.levels.scale is not None:
                values.extend(draft.levels.like(document, part, word))
            elif word in fact.values:
                values.append(word)
            elif word in groups:
                values.extend(groups[word])
            else:
                document.fault(
                    part,
                    f"{shorten(word)} is not a value of {fact.id}.",
                    nearest(word, [*fact.values, *groups]),
                )
    if isinstance(node, yaml.SequenceNode) and not node.value:
        document.fault(node, f"The list of values of {fact.id} is empty.")
    return tuple(dict.fromkeys(values))
