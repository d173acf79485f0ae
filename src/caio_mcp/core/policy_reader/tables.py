"""Tables: what a level or an overlay is worth on which tools, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import yaml

from ..document import Document, Node
from ..policy import AllOf, Cell, Column, Place, Table, When
from ..vocabulary import Effect
from ..wording import nearest, shorten
from .conditions import read_when
from .contacts import read_role
from .draft import Draft
from .exceptionable import read_exceptionable
from .names import EFFECT_WORDS, is_known, place_of
from .obligations import read_obligation_ids

OTHERWISE = "otherwise"


def add_tables(draft: Draft, document: Document) -> None:
    """Read a file of tables."""
    top = document.fields(document.root, "A file of tables", required=["tables"])
    for node in document.items(top.get("tables"), "tables"):
        part = document.fields(
            node,
            "A table",
            required=["id", "title", "columns", "rows"],
            optional=["source", "words", "exceptionable"],
        )
        name = draft.new_id(document, part.get("id"))
        words = _words(draft, document, part.get("words"))
        columns = _columns(draft, document, part.get("columns"))
        draft.tables.append(
            Table(
                name,
                document.text(part.get("title"), "title"),
                document.text(part.get("source")),
                tuple(columns),
                tuple(_cells(draft, document, part.get("rows"), columns, words)),
                place_of(document, node),
                *read_exceptionable(draft, document, part.get("exceptionable")),
            )
        )


# -- words: what stands in a cell ------------------------------------------------------


def _words(draft: Draft, document: Document, node: Node | None) -> dict[str, Cell]:
    words = {name: Cell("", "", "", Effect[name], Place(document.file, 1)) for name in EFFECT_WORDS}
    for word, _, value in document.pairs(node, "words"):
        words[word] = _word(draft, document, value)
    return words


def _word(draft: Draft, document: Document, node: Node) -> Cell:
    fields = (
        document.fields(
            node,
            "A word",
            required=["effect"],
            optional=["reviewer", "reason", "obligations", "exceptionable"],
        )
        if isinstance(node, yaml.MappingNode)
        else {"effect": node}
    )
    effect = document.choice(fields.get("effect"), EFFECT_WORDS, "an effect", "prohibit")
    return Cell(
        "",
        "",
        "",
        Effect[effect],
        place_of(document, node),
        document.text(fields.get("reason")),
        read_role(draft, document, fields.get("reviewer")),
        read_obligation_ids(draft, document, fields.get("obligations")),
        document.yes_no(fields.get("exceptionable"), "exceptionable", default=True),
    )


# -- columns: which tools --------------------------------------------------------------


def _columns(draft: Draft, document: Document, node: Node | None) -> list[Column]:
    columns = [
        _column(draft, document, key, key_node, value)
        for key, key_node, value in document.pairs(node, "columns")
    ]
    if node is not None and any(column.id == OTHERWISE for column in columns[:-1]):
        document.fault(node, "`otherwise` must be the last column.")
    return columns


def _column(draft: Draft, document: Document, key: str, key_node: Node, node: Node) -> Column:
    place = place_of(document, key_node)
    if not isinstance(node, yaml.MappingNode):
        document.fault(node, "A column must be a condition on the tool.")
        return Column(key, key, AllOf(), place)
    title, tests = key, []
    for name_node, part in node.value:
        if isinstance(name_node, yaml.ScalarNode) and name_node.value == "title":
            title = document.text(part, "title")
        else:
            tests.append((name_node, part))
    when: When = AllOf()
    if key != OTHERWISE:
        inner = yaml.MappingNode(node.tag, tests, node.start_mark, node.end_mark)
        when = read_when(draft, document, inner)
    elif tests:
        document.fault(
            tests[0][0],
            "The column `otherwise` takes the rest and has no condition of its own.",
            "Write `otherwise: {}`.",
        )
    return Column(key, title, when, place)


# -- rows: which data ------------------------------------------------------------------


def _cells(
    draft: Draft,
    document: Document,
    node: Node | None,
    columns: Sequence[Column],
    words: Mapping[str, Cell],
) -> Iterator[Cell]:
    for fact, key_node, rows in document.pairs(node, "rows"):
        if fact not in ("data.level", "data.overlays"):
            document.fault(
                key_node,
                f"Rows are levels or overlays, not {shorten(fact)}.",
                "Use data.level or data.overlays, or write a rule.",
            )
            continue
        for value, value_node, row in document.pairs(rows, f"The rows of {fact}"):
            own = _row_values(draft, document, fact, value, value_node)
            if own is None:
                continue
            for column, part in zip(columns, _row(document, row, columns), strict=False):
                cell = replace(
                    _cell(draft, document, part, words),
                    row_fact=fact,
                    column=column.id,
                    place=place_of(document, part),
                )
                yield from (replace(cell, row=name) for name in own)


def _row_values(
    draft: Draft, document: Document, fact: str, value: str, node: Node
) -> tuple[str, ...] | None:
    """The levels in force, or the overlay, that a row is about; nothing where it is unknown."""
    if fact == "data.level":
        return draft.levels.like(document, node, value)
    overlays = draft.vocabulary.facts[fact].values
    return (value,) if is_known(document, node, value, overlays, "overlay") else None


def _row(document: Document, node: Node, columns: Sequence[Column]) -> Sequence[Node]:
    parts = document.items(node, "A row")
    if parts and len(parts) != len(columns):
        document.fault(
            node, f"This row has {len(parts)} cells; the table has {len(columns)} columns."
        )
    return parts


def _cell(draft: Draft, document: Document, node: Node, words: Mapping[str, Cell]) -> Cell:
    if isinstance(node, yaml.MappingNode):
        return _word(draft, document, node)
    word = document.text(node, "A cell")
    if word not in words:
        document.fault(node, f"{shorten(word)} is not a word of this table.", nearest(word, words))
    return words.get(word, words["prohibit"])
