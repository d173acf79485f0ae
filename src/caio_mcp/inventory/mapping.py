"""The columns of a file in our words: as a mapping file says, or guessed from their names.

source: our-register          # whose ids these are; keep it when the file is renamed
day_first: yes                # whether 03/04/2024 is the third of April
columns:                      # our name: their column
  title: Name of the tool
  id: Nr
  stage: {column: Phase, values: {Live: deployed, In build: development}}
  date.operational: Go-live
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.document import Document, Node
from ..core.wording import nearest, quote
from ..errors import Fault, FileFaults
from .attributes import ATTRIBUTES, OTHER
from .format import Column, Format, all_formats
from .report import NOT_SHOWN, Report
from .words import header_form

CORES = ("id", "title", "purpose", "unit", "contact")
_DATE = re.compile(r"date\.[a-z][a-z0-9_]{0,30}")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")
_CLOSE = 0.86

# What organisations call these columns in registers of their own.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "nr", "no", "number", "ref", "reference", "use case number", "key", "uc id"),
    "title": (
        "title",
        "name",
        "use case",
        "use case title",
        "ai use case",
        "ai system",
        "system name",
        "tool name",
        "tool",
        "application",
        "project",
        "project name",
        "uc title",
        "name of the tool",
        "name of use case",
        "naam",
        "bezeichnung",
        "nom",
    ),
    "purpose": (
        "purpose",
        "description",
        "goal",
        "summary",
        "use case description",
        "what is it for",
        "intended purpose",
        "intended use",
        "business purpose",
        "zweck",
        "doel",
        "beschreibung",
        "omschrijving",
        "finalité",
    ),
    "unit": ("unit", "department", "business unit", "team", "division", "abteilung", "afdeling"),
    "contact": (
        "contact",
        "owner",
        "business owner",
        "system owner",
        "responsible",
        "responsible person",
        "email",
        "e mail",
        "contact email",
        "contact person",
        "owner email",
        "owner name",
        "verantwortlich",
        "eigenaar",
    ),
    "stage": (
        "stage",
        "status",
        "phase",
        "state",
        "lifecycle",
        "lifecycle stage",
        "development stage",
        "deployment status",
    ),
    "vendor": ("vendor", "supplier", "provider", "vendor name", "anbieter", "leverancier"),
    "impact": ("high impact", "impact", "impact level"),
    "classification": ("ai type", "type of ai", "kind of ai", "technology", "ai technique"),
    "topic": ("topic", "area", "category"),
    "pii": ("pii", "personal data", "contains pii", "contains personal data", "uses personal data"),
    "agency": ("agency", "organisation", "organization", "company", "entity", "legal entity"),
    "bureau": ("bureau", "component"),
    "region": ("region", "country", "geography", "location"),
    "date.operational": (
        "operational date",
        "go live",
        "go live date",
        "live since",
        "in use since",
        "start date",
        "deployment date",
        "deployed on",
        "date implemented",
        "begin date",
        "start",
    ),
    "date.retired": ("end date", "retired on", "date retired", "retirement date"),
    "date.review": ("review date", "next review", "review due"),
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """One of their columns, and their words for our values."""

    column: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What the columns of a file are for us."""

    columns: Mapping[str, Mapped]  # our name -> their column
    source: str = ""
    day_first: bool | None = None

    def as_format(self) -> Format:
        """A format with just these columns."""
        return Format(
            name="own",
            title="columns of your own",
            source=self.source,
            columns=tuple(_column(name, mapped) for name, mapped in self.columns.items()),
            is_read=True,
            is_written=False,
            day_first=self.day_first,
        )


def _column(name: str, mapped: Mapped) -> Column:
    if name.startswith("date."):
        return Column(mapped.column, date=name.removeprefix("date."))
    if name in ATTRIBUTES:
        return Column(mapped.column, attribute=name, words={**_usual(name), **mapped.values})
    return replace(Column(mapped.column), core=name)  # type: ignore[arg-type]


def _usual(attribute: str) -> dict[str, str]:
    """The words that the formats have for the values of an attribute; the first one counts."""
    found: dict[str, str] = {}
    for one in all_formats().values():
        for column in one.columns:
            if column.attribute == attribute and one.is_read:
                for word, value in column.words.items():
                    found.setdefault(word, value)
    return found


def targets() -> tuple[str, ...]:
    """Every name of ours that a column can be mapped to, but for the dates."""
    return (*CORES, *(name for name in ATTRIBUTES if name != "operational_year"))


# -- mapping files ---------------------------------------------------------------------


def read_mapping(path_name: str, content: bytes) -> ColumnMapping:
    """A mapping file, in YAML or JSON. All its faults at once, with their lines."""
    faults: list[Fault] = []
    document = Document(path_name, content, faults)
    parts = document.fields(
        document.root, "A mapping file", required=["columns"], optional=["source", "day_first"]
    )
    source = document.text(parts.get("source"), "`source`")
    if source and not _SOURCE.fullmatch(source):
        document.fault(
            parts["source"],
            f"{quote(source)} is no name for a source.",
            "Use small letters, digits, dots and hyphens, like our-register.",
        )
    stated = parts.get("day_first")
    day_first = document.yes_no(stated, "`day_first`") if stated is not None else None
    columns: dict[str, Mapped] = {}
    for name, node, value in document.pairs(parts.get("columns"), "`columns`"):
        if name not in targets() and not _DATE.fullmatch(name):
            document.fault(
                node,
                f"{quote(name)} is nothing that a column can be for us.",
                f"{nearest(name, targets())} Or a date: date.operational.",
            )
        else:
            columns[name] = _mapped(document, name, value)
    if parts.get("columns") is not None and "title" not in columns and not faults:
        document.fault(parts["columns"], "No column is the `title`.", "Add `title: THEIR COLUMN`.")
    if faults:
        raise FileFaults(path_name, faults, remedy="Mend them, then import again.")
    return ColumnMapping(columns, source, day_first)


def _mapped(document: Document, name: str, node: Node) -> Mapped:
    if not hasattr(node, "value") or isinstance(node.value, str):
        return Mapped(document.text(node, f"The column of `{name}`"))
    parts = document.fields(node, f"`{name}`", required=["column"], optional=["values"])
    attribute = ATTRIBUTES.get(name)
    allowed = (*attribute.values, OTHER) if attribute and attribute.values else ()
    values: dict[str, str] = {}
    for word, word_node, value in document.pairs(parts.get("values"), f"`values` of `{name}`"):
        if not allowed:
            document.fault(word_node, f"`{name}` has no fixed values.", "Leave `values:` out.")
            break
        values[word] = document.choice(value, allowed, f"a value of `{name}`", OTHER)
    return Mapped(document.text(parts.get("column"), f"The column of `{name}`"), values)


def write_mapping(mapping: ColumnMapping, report: Report | None = None) -> str:
    """The mapping as a file to edit; with a report, what it leaves open stands there to fill in."""
    lines = ["# Our name: their column. docs/inventory.md says what our names mean. Without its"]
    lines.append("# line a column is kept with the row, and not read.")
    if mapping.source:
        lines.append(f"source: {mapping.source}")
    if mapping.day_first is not None:
        lines.append(f"day_first: {'yes' if mapping.day_first else 'no'}")
    lines.append("columns:")
    for name, mapped in mapping.columns.items():
        lines += _column_lines(name, mapped, _open_words(mapped.column, report))
    kept = report.kept_columns if report else ()
    lines += [f"  # not read: {_quoted(column)}" for column in kept]
    return "\n".join(lines) + "\n"


def _column_lines(name: str, mapped: Mapped, open_words: Sequence[str]) -> list[str]:
    attribute = ATTRIBUTES.get(name)
    if not mapped.values and not (open_words and attribute and attribute.values):
        return [f"  {name}: {_quoted(mapped.column)}"]
    values = [f"      {_quoted(word)}: {value}" for word, value in mapped.values.items()]
    if attribute and open_words:
        values.append(f"      # not understood; each is one of: {', '.join(attribute.values)}")
        values += [f"      # {_quoted(word)}: {OTHER}" for word in open_words]
    head = [f"  {name}:", f"    column: {_quoted(mapped.column)}"]
    return [*head, "    values:" if mapped.values else "    # values:", *values]


def _open_words(column: str, report: Report | None) -> list[str]:
    every = report.not_understood if report else ()
    return [one.words for one in every if one.column == column and one.words != NOT_SHOWN]


def _quoted(text: str) -> str:
    """The text in quotes, as YAML reads it back whatever it holds."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in safe) + '"'


# -- guessing --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping nobody confirmed, and for each column why it was chosen."""

    mapping: ColumnMapping
    reasons: Mapping[str, str]  # our name -> why


def synonyms() -> dict[str, str]:
    """Names of columns, in the form in which they are compared -> our name for them."""
    found: dict[str, str] = {}
    for name, words in _SYNONYMS.items():
        found.update({header_form(word): name for word in words})
    for one in all_formats().values():
        if not one.is_read:
            continue
        for column in one.columns:
            ours = column.core or column.attribute or (f"date.{column.date}" if column.date else "")
            for name in column.names if ours else ():
                found.setdefault(name, ours)
    for name, attribute in ATTRIBUTES.items():
        found.setdefault(header_form(name), name)
        found.setdefault(header_form(attribute.title), name)
    return found


def guess_mapping(columns: Sequence[str], source: str) -> Guess:
    """What the columns may be, by their names: the same words first, then close ones."""
    known = synonyms()
    chosen: dict[str, Mapped] = {}
    reasons: dict[str, str] = {}
    for is_close in (False, True):
        for column in columns:
            form = header_form(column)
            if any(mapped.column == column for mapped in chosen.values()):
                continue
            word = form if form in known else ""
            if is_close and not word:
                word = next(iter(difflib.get_close_matches(form, known, 1, _CLOSE)), "")
            name = known.get(word, "")
            if name and name not in chosen and name != "operational_year":
                chosen[name] = Mapped(column)
                reasons[name] = f"close to {word!r}" if is_close else "by its name"
    return Guess(ColumnMapping(chosen, source), reasons)
