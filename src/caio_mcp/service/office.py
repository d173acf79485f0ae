"""What every use case works with: the library, the register, and what was made lately."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..core.answer import Answer
from ..core.decision import Decision, check_of
from ..core.library import Library
from ..core.wording import may_be_content, quote
from ..errors import CaioError, RequestError, SetupError
from ..register import Archive, DecisionRecord, Register
from .caller import Caller

if TYPE_CHECKING:
    from .requests import Reading

KEPT = 200  # readings, decisions and answers that are remembered


@dataclass
class Office:
    """One organisation's library and register."""

    library: Library
    open_register: Callable[[], Register]
    decision_log: str = "unit"
    _register: Register | None = field(default=None, init=False)
    _made_with: tuple[Archive, ...] = field(default=(), init=False)
    # What was made lately, to be given again at once.
    _readings: dict[Hashable, tuple[Reading, Decision]] = field(default_factory=dict, init=False)
    _decisions: dict[Hashable, Decision] = field(default_factory=dict, init=False)
    _rulings: dict[Hashable, Any] = field(default_factory=dict, init=False)  # of models
    _covered: dict[Hashable, bool] = field(default_factory=dict, init=False)
    _answers: dict[Hashable, Answer] = field(default_factory=dict, init=False)

    @property
    def register(self) -> Register:
        """The register, opened when first needed."""
        if self._register is None:
            self._register = self.open_register()
        return self._register

    def close(self) -> None:
        """Let go of the register."""
        if self._register is not None:
            self._register.close()
            self._register = None

    def _log(
        self,
        decision: Decision,
        caller: Caller,
        now: datetime.datetime,
        via: str,
        *,
        wanted: str = "",
    ) -> str:
        """Log a check; a fault never blocks the answer, it is said in it."""
        if self.decision_log == "off":
            return ""
        try:
            self.register.log(
                self._record(decision),
                at=stamp(now),
                organisation=caller.organisation,
                unit=caller.unit,
                via=via,
                wanted=wanted if not may_be_content(wanted) else "",
                person=caller.person if self.decision_log == "pseudonym" else "",
            )
        except CaioError as error:
            return f"This check could not be logged: {error.problem}"
        return ""

    def _record(self, decision: Decision) -> DecisionRecord:
        if not self._made_with:
            policy, catalogue = self.library.policy_files, self.library.catalogue_files
            self._made_with = (
                Archive(policy.digest(), "policy", policy.archive()),
                Archive(catalogue.digest(), "catalogue", catalogue.archive()),
            )
        return DecisionRecord(
            decision.check,
            decision.canonical(),
            decision.decision,
            str(decision.policy["hash"]),
            decision.catalogue_hash,
            decision.engine_version,
            decision.as_of.isoformat(),
            self._made_with,
        )

    def _find(self, check: str) -> DecisionRecord:
        name = check.strip().upper()
        record = self.register.decision(name) if name.isascii() else None
        if record is None:
            raise RequestError(
                f"There is no check {quote(check)} in the decision log.",
                remedy="Call check_use again with the task, tool and data.",
            )
        if check_of(record.content) != record.check:
            raise SetupError(
                f"The decision {record.check} was changed since it was kept.",
                remedy="`caio-mcp register verify` says what else was; restore a backup.",
            )
        return record


def make_room(kept: dict[Hashable, Any]) -> None:
    """Forget the oldest where there are too many."""
    while len(kept) >= KEPT:
        del kept[next(iter(kept))]


def stamp(now: datetime.datetime) -> str:
    """A time as the register keeps it: UTC, ISO 8601, always as wide."""
    return now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def request_id_of(text: str) -> str:
    """The same request has the same id, so that a retry adds nothing. What somebody wrote
    is not kept in it: rows with it are never erased."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
