"""The register's own columns, as CSV, Excel and JSON: all that an entry can say."""

from __future__ import annotations

from operator import attrgetter

from ..attributes import ATTRIBUTES
from ..format import Column, Container, Core, Fill, Format
from ..uses import ExportedUse, ExportHead

_DATES = (
    "operational",
    "initiated",
    "development_began",
    "retired",
    "completed",
    "updated",
    "archived",
    "review",
)


def _of(field: str) -> Fill:
    read = attrgetter(field)
    return lambda use, head: read(use)


def _plain(name: str, field: str = "", *, core: Core = "") -> Column:
    return Column(name, core=core, fill=_of(field or name), is_telling=name in _TELLING)


def _date_text(name: str) -> Fill:
    def fill(use: ExportedUse, head: ExportHead) -> str:
        date = use.dates.get(name)
        return date.text if date else ""

    return fill


def _values(name: str) -> Fill:
    return lambda use, head: use.attributes.get(name, ())


_TELLING = {"policy_hash", "policy_version", "transfer_mechanism", "data_categories", "overlays"}
_COLUMNS = (
    _plain("id", core="id"),
    _plain("title", core="title"),
    _plain("purpose", core="purpose"),
    _plain("benefit"),
    _plain("outcome"),
    _plain("unit", core="unit"),
    Column("owner", core="contact", fill=_of("owner"), is_personal=True),
    _plain("organisation"),
    _plain("status"),
    Column("stage", attribute="stage", fill=_of("current_stage")),
    *map(
        _plain,
        (
            "decision",
            "policy",
            "policy_version",
            "policy_hash",
            "rules",
            "conditions",
            "tool_id",
            "tool_name",
            "vendor",
            "data_categories",
            "data_subjects",
            "level",
            "overlays",
            "regions",
            "recipients",
            "transfer_mechanism",
            "retention",
            "legal_basis",
        ),
    ),
    Column("reviewers", fill=_of("reviewers"), is_personal=True),
    *map(_plain, ("exceptions", "created", "decided", "review_due", "source", "source_id")),
    *(Column(f"date.{name}", date=name, fill=_date_text(name), is_sparse=True) for name in _DATES),
    *(
        Column(f"attribute.{name}", attribute=name, fill=_values(name), is_sparse=True)
        for name in ATTRIBUTES
        if name not in ("stage", "operational_year")
    ),
)


def _format(container: Container, *, is_read: bool) -> Format:
    return Format(
        name=container,
        title=f"the register's own columns, as {container.upper()}",
        source="caio-mcp",
        columns=_COLUMNS,
        container=container,
        is_read=is_read,
    )


# The columns are the same in all three, so one of them is enough to know them again.
FORMATS = (
    _format("csv", is_read=True),
    _format("json", is_read=False),
    _format("xlsx", is_read=False),
)
