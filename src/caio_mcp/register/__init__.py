"""The register: the book of uses that somebody owns, and the log of every check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Status = Literal["proposed", "under_review", "approved", "denied"]

# What a decision makes of a new entry.
FIRST_STATUS: dict[str, Status] = {
    "allow": "approved",
    "allow_with_conditions": "approved",
    "review": "under_review",
    "need_more_information": "proposed",
    "prohibit": "denied",
}


@dataclass(frozen=True, slots=True)
class Archive:
    """Files that decisions were made with, in bytes that hash to their digest."""

    digest: str
    kind: Literal["policy", "catalogue"]
    content: bytes


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision as it is kept: its exact bytes and what they were made with."""

    check: str
    content: bytes
    decision: str
    policy_hash: str
    catalogue_hash: str
    engine_version: str
    as_of: str
    made_with: tuple[Archive, ...] = ()  # to keep with it; empty where it was read back


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What somebody asks to put into the register. Times are UTC, ISO 8601."""

    request_id: str
    at: str
    organisation: str
    unit: str
    person: str
    title: str
    purpose: str
    decision: DecisionRecord
    has_own_id: bool = True  # the caller chose the request id; else it says what was asked


@dataclass(frozen=True, slots=True)
class Entry:
    """One use in the register, as it stands now."""

    id: str
    status: Status
    title: str
    purpose: str
    organisation: str
    unit: str
    owner: str
    is_own: bool
    created_at: str
    check: str
    decision: str
    policy_hash: str
    members: int
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a register."""

    engine: str
    entries: int
    checks: int
    cares: tuple[str, ...] = ()


class Register(Protocol):
    """What every engine offers; one contract test suite runs against each."""

    def archived(self, digest: str) -> bytes | None:
        """The bytes of a policy set or catalogue, kept under their hash."""

    def log(
        self,
        record: DecisionRecord,
        *,
        at: str,
        organisation: str,
        unit: str,
        person: str,
        via: str,
    ) -> None:
        """Write a check into the decision log; `person` is kept as a pseudonym or, if
        empty, not at all. It gives up soon, because the answer waits for it."""

    def decision(self, check: str) -> DecisionRecord | None:
        """A decision that was logged or registered."""

    def add(self, new: NewEntry) -> Entry:
        """A new entry; the same request id of the same person gives the entry made before."""

    def join(self, entry: str, *, request_id: str, at: str, person: str) -> Entry:
        """Take part in an entry that is approved."""

    def entry(self, entry: str, *, person: str) -> Entry:
        """One entry; a request error where there is none."""

    def entries(
        self,
        *,
        person: str,
        own_only: bool,
        words: str = "",
        status: str = "",
        limit: int = 20,
        before: str = "",
    ) -> Sequence[Entry]:
        """Entries, the newest first; `before` is the id of the last one already seen.
        `own_only` gives the person's own and, by their titles, the approved ones."""

    def health(self) -> Health:
        """What it runs on, how much it holds, and what needs care."""

    def close(self) -> None:
        """Let go of the storage."""
