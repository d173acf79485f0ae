"""Time-limited departures from one rule or table cell, as somebody granted them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import RequestError
from .facts import Statement, as_plain, read_statement, statement
from .policy import Obligation
from .vocabulary import Vocabulary
from .wording import Plain, quote


@dataclass(frozen=True, slots=True)
class PolicyException:
    """Takes one rule or cell out where all of `scope` holds, from one day to the last one."""

    id: str
    rule: str
    scope: tuple[Statement, ...]  # none: wherever the rule holds
    starts: datetime.date
    expires: datetime.date  # the last day on which it holds
    role: str  # of who granted it
    obligations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The id of what it contributes to a decision, and of the duty that comes with it."""
        return f"exception/{self.id}"

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force on that day."""
        return self.starts <= day <= self.expires

    @property
    def duty(self) -> Obligation:
        """What every use that rests on it must do, whatever else was agreed."""
        until = f"until {self.expires}"
        return Obligation(
            self.name, f"Exception {self.id} from {self.rule}, {until}: keep to what was agreed."
        )

    def as_dict(self) -> dict[str, Plain]:
        """In plain values, as a decision keeps it."""
        return {
            "id": self.id,
            "rule": self.rule,
            "scope": [{"fact": said.fact, "value": as_plain(said)} for said in self.scope],
            "starts": self.starts.isoformat(),
            "expires": self.expires.isoformat(),
            "role": self.role,
            "obligations": list(self.obligations),
        }


def read_exception(vocabulary: Vocabulary, plain: Mapping[str, Any]) -> PolicyException:
    """The exception that these values say; a part of its scope may be written `fact=value`."""
    return PolicyException(
        plain["id"],
        plain["rule"],
        tuple(_scope(vocabulary, part) for part in plain["scope"]),
        datetime.date.fromisoformat(plain["starts"]),
        datetime.date.fromisoformat(plain["expires"]),
        plain["role"],
        tuple(plain.get("obligations", ())),
    )


def _scope(vocabulary: Vocabulary, part: str | Mapping[str, Any]) -> Statement:
    if isinstance(part, str):
        said = read_statement(vocabulary, part)
    else:
        said = statement(vocabulary, part["fact"], part["value"])
    if said.says_nothing or said.is_unsure:
        raise RequestError(
            f"The scope {quote(str(part))} says nothing of {said.fact}.",
            remedy="Name a value, for example tool.id=chatgpt-team.",
        )
    return said
