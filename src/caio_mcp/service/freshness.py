"""What is to be looked at among the approvals, because time went on."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..core.policy import Approval
from ..core.remedies import APPROVED
from .models import SOON_DAYS, Models

DUE_SOON_DAYS = 30
FACTS_OLD_DAYS = 180  # after which the terms of a vendor are read again


class Freshness(Models):
    """Approvals against the day."""

    def model_notices(self, day: datetime.date) -> list[str]:
        """What somebody should look at, a sentence each, the most pressing first."""
        found = [
            notice
            for approval in self.library.policy.approvals
            if approval.status in APPROVED
            for notice in (
                *self._review(approval, day),
                *(self._model(approval, day) if approval.on else self._facts(approval, day)),
            )
        ]
        return [text for _, text in sorted(found)]

    def _review(self, approval: Approval, day: datetime.date) -> Iterator[tuple[int, str]]:
        due = approval.review_due
        if due is None:
            return
        left = (due - day).days
        what = _what(approval)
        if left < 0:
            yield left, f"{what}: its review was due on {due}, {-left} days ago."
        elif left <= DUE_SOON_DAYS:
            yield left, f"{what}: its review is due on {due}, in {left} days."

    def _model(self, approval: Approval, day: datetime.date) -> Iterator[tuple[int, str]]:
        models = self.library.catalogue.models
        model = models[approval.id]
        tool = self.library.catalogue.tools[approval.on]
        channel = "direct" if tool.channel.startswith("direct:") else tool.channel
        what = _what(approval)
        ends = [o for o in model.on(channel) if o.retires is not None]
        first = min(ends, key=lambda o: o.retires or day, default=None)
        if first is not None and first.retires is not None:
            left = (first.retires - day).days
            instead = f" {first.replaced_by} follows it." if first.replaced_by else ""
            if left <= 0:
                yield left, f"{what}: it was retired there on {first.retires}.{instead}"
            elif left <= SOON_DAYS:
                yield left, f"{what}: it retires there on {first.retires}, in {left} days.{instead}"
        names = {name for name, id_ in models.names.items() if id_ == model.id}
        for (vendor, name), redirect in models.redirected.items():
            if channel == "direct" and vendor == model.vendor and name in names:
                yield (
                    0,
                    (
                        f"{what}: its vendor lets {redirect.serves} answer {name} "
                        f"(seen {redirect.checked}). Approve that one, or another."
                    ),
                )
                break
        if model.id in models.rolling:
            yield (
                SOON_DAYS,
                f"{what}: the name moves on to newer versions. Approve one with its date.",
            )

    def _facts(self, approval: Approval, day: datetime.date) -> Iterator[tuple[int, str]]:
        checked = [f.checked for f in self.library.catalogue.tools[approval.id].facts if f.checked]
        oldest = min(checked, default=None)
        if oldest is None:
            return
        age = (day - oldest).days
        due = approval.review_due
        if due is not None and due <= day and oldest < due:
            yield SOON_DAYS, f"{approval.id}: facts of {oldest} are older than its review of {due}."
        elif age > FACTS_OLD_DAYS:
            yield (
                SOON_DAYS,
                f"{approval.id}: some facts were last read {age} days ago, on {oldest}.",
            )


def _what(approval: Approval) -> str:
    return f"{approval.id} on {approval.on}" if approval.on else approval.id
