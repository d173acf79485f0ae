"""Whether a rule or the cells of a table can be excepted, for how long, and who grants it."""

from __future__ import annotations

from ..document import Document, Node
from .contacts import read_role
from .draft import Draft


def read_exceptionable(
    draft: Draft, document: Document, node: Node | None
) -> tuple[int | None, str]:
    """The longest time in days and the role of the approver; none where it is not written."""
    part = document.fields(node, "exceptionable", required=["max_days", "approver"])
    days_max = document.integer(part.get("max_days"), "max_days")
    if days_max == 0:
        document.fault(part["max_days"], "An exception holds for a day at least.")
    return days_max, read_role(draft, document, part.get("approver"))
