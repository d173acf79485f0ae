"""The register: the book of uses that somebody owns, and the log of every check.

Values that go in and out, and what every engine offers. Times are UTC, ISO 8601, of one width,
so that their order is that of the texts. A person is a name only here: engines keep a random
pseudonym, and the name in one place where it can be erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from ..core.lifecycle import Request, Stage, Status

if TYPE_CHECKING:
    from .questions import Counted, Filter, Found, Query

NOTES = ("reason", "justification", "controls", "condition", "evidence", "benefit", "outcome")


@dataclass(frozen=True, slots=True)
class Archive:
    """Files that decisions were made with, in bytes that hash to their digest."""

    digest: str
    kind: Literal["policy", "catalogue"]
    content: bytes


@dataclass(frozen=True, slots=True)
class Term:
    """One coded thing that a decision says: of a fact whether a value holds, or by `name` a
    determining rule, an open question, an exception, a kind of data, a reviewer. A value of
    "" that does not hold stands for every other value of a list."""

    name: str
    value: str
    holds: bool = True


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
class Actor:
    """Who does something: a person by name, in a role, and how sure that is."""

    person: str
    role: str = "employee"
    assurance: str = "os_user"


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation of an entry. `words` are somebody's own and can be erased."""

    id: str
    origin: Literal["policy", "review"] = "policy"
    words: str = ""
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What somebody asks to put into the register."""

    request_id: str
    at: str
    organisation: str
    unit: str
    person: str
    title: str
    purpose: str
    decision: DecisionRecord
    has_own_id: bool = True  # the caller chose the request id; else it says what was asked
    asks_for: Request = "use"
    stage: Stage = ""
    due_on: str = ""  # until when somebody should have reviewed it
    review_on: str = ""  # when it is looked at again
    duties: tuple[Duty, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    assurance: str = "os_user"


@dataclass(frozen=True, slots=True)
class Grant:
    """An exception to be granted: a departure from one rule or cell, with its limits."""

    rule: str
    scope: tuple[str, ...]  # fact=value; all must hold
    unit: str  # of which unit; empty is every one
    starts: str
    expires: str  # the last day on which it holds


@dataclass(frozen=True, slots=True)
class Change:
    """One step of an entry: what it says that is new, and nothing of what stays.

    `seen` is the last event the caller knew, where the change rests on it: if there was another
    one since, nothing is written.
    """

    entry: str
    request_id: str
    at: str
    actor: Actor
    cause: str  # joined, changed, decided, reviewed, granted, revoked, expired, duty, moved, ...
    status: Status | None = None
    seen: int | None = None
    decision: DecisionRecord | None = None
    sets: Mapping[str, str] = field(default_factory=dict)  # unit, stage, due_on, review_on, owner
    notes: Mapping[str, str] = field(default_factory=dict)
    duties: tuple[Duty, ...] | None = None  # the new ones in place of those of their origin
    settles: Mapping[str, Literal["met", "waived", "open"]] = field(default_factory=dict)
    grant: Grant | None = None
    ends: str = ""  # the exception that this takes back or that is over


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
    takes_part: bool = False
    owner_name: str = ""
    asks_for: Request = "use"
    stage: Stage = ""
    decided_at: str = ""
    due_on: str = ""
    review_on: str = ""
    source: str = ""  # where it was imported from
    recheck: str = ""  # tightened or loosened, where deciding again gives something else
    event: int = 0  # the last thing that happened to it
    tool: str = ""
    task: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an entry."""

    id: int
    entry: str
    at: str
    cause: str
    status: str
    person: str  # the pseudonym
    name: str
    role: str
    assurance: str
    check: str
    content: bytes
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty of an entry and how it stands."""

    id: str
    origin: str
    state: Literal["open", "met", "waived"]
    words: str
    due_on: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """An exception as it stands; `ended` is empty while nobody took it back and its days are
    not counted as over."""

    id: str
    entry: str
    rule: str
    scope: tuple[str, ...]
    unit: str
    starts: str
    expires: str
    role: str
    ended: str = ""  # revoked or expired
    ended_on: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One use of another inventory, as it is taken in: for an entry that an earlier import made,
    or a new one. `keys` are what it is known by, the surest first; `row` is what stood there,
    word for word (JSON)."""

    entry: str
    keys: tuple[str, ...]
    title: str
    purpose: str
    unit: str
    contact: str
    status: Literal["proposed", "retired"]
    stage: Stage
    attributes: Mapping[str, Sequence[str]]
    row: str


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that is imported. Its uses have this decision until somebody checks them."""

    at: str
    actor: Actor
    source: str
    digest: str
    columns: int
    organisation: str
    decision: DecisionRecord


@dataclass(frozen=True, slots=True)
class Origin:
    """What an imported entry brought with it; `row` is empty where it was erased."""

    row: str
    attributes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many uses of a file are new here, changed since, and as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows somebody may see. The service says so; nothing a caller sends widens it."""

    sees: Literal["own", "unit", "all"]
    person: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a register."""

    engine: str
    entries: int
    checks: int
    cares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a register, and what it holds."""

    file: str
    entries: int
    events: int
    checks: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the register is kept that a backup took the place of, and what it held that the
    backup does not; `erased` are persons whose words are back."""

    kept: str
    was_readable: bool = True
    entries: int = 0
    events: int = 0
    checks: int = 0
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What is held on somebody. Entries are named by their ids."""

    id: str  # the pseudonym; empty where the name stands nowhere but in others' words
    name: str
    is_stored: bool
    erased_at: str = ""
    owns: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # of those, as far as they are there
    takes_part: tuple[str, ...] = ()
    events: Mapping[str, int] = field(default_factory=dict)  # by what was done
    notes: Mapping[str, int] = field(default_factory=dict)  # by their kind
    noted: tuple[str, ...] = ()  # the entries these are on
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # obligations by entry
    checks: int = 0
    rows: tuple[str, ...] = ()  # entries whose imported row is theirs or names them
    mentions: tuple[str, ...] = ()  # entries in which others' words may name them


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased; not clean where another program kept the file from being written anew."""

    held: Held
    is_clean: bool


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
        wanted: str = "",
    ) -> None:
        """Write a check into the decision log; `person` is kept as a pseudonym or, if
        empty, not at all; `wanted` is a tool that nobody listed. It gives up soon, because
        the answer waits for it."""

    def decision(self, check: str) -> DecisionRecord | None:
        """A decision that was logged or registered."""

    def add(self, new: NewEntry) -> Entry:
        """A new entry; the same request id of the same person gives the entry made before."""

    def join(self, entry: str, *, request_id: str, at: str, actor: Actor) -> Entry:
        """Take part in an entry that is approved."""

    def change(self, change: Change) -> Entry:
        """One step of an entry, with all that belongs to it or nothing; the same request id of
        the same person changes nothing again. Only legal steps from status to status."""

    def entry(self, entry: str, *, person: str) -> Entry:
        """One entry; a request error where there is none."""

    def history(self, entry: str) -> Sequence[Event]:
        """All that happened to an entry, the first first."""

    def obligations(self, entry: str) -> Sequence[Obligation]:
        """The duties of an entry."""

    def exists(self) -> bool:
        """Whether there is one yet; asking makes none."""

    def exceptions(self, *, entry: str = "") -> Sequence[Granted]:
        """Exceptions ever granted, the first first: of an entry, or all."""

    def times_wanted(self, tool: str) -> int:
        """How often a tool that nobody lists was named in checks."""

    def citing(self, exception: str) -> Sequence[str]:
        """The entries in force whose decision rests on an exception."""

    def alike(self, *, tool: str, task: str, words: str, person: str) -> Sequence[Entry]:
        """Some entries in force for the same tool and task or with the words in their title,
        the newest first."""

    def entries(
        self,
        scope: Scope,
        *,
        words: str = "",
        filters: Sequence[Filter] = (),
        today: str = "",
        limit: int = 20,
        before: str = "",
    ) -> Sequence[Entry]:
        """Entries, the newest first; `before` is the id of the last one already seen."""

    def count(
        self, scope: Scope, *, words: str = "", filters: Sequence[Filter] = (), today: str = ""
    ) -> Counted:
        """How many entries fit, up to a bound."""

    def known_uses(self, source: str) -> Mapping[str, Sequence[str]]:
        """Of everything that was imported from a source, the entries by each of their keys."""

    def origins(self, entries: Sequence[str]) -> Mapping[str, Origin]:
        """What those of these entries that were imported brought with them."""

    def take_in(
        self, intake: Intake, uses: Sequence[Taken], progress: Callable[[int], None]
    ) -> TakenIn:
        """Import uses, some at a time, so that others can write in between; a use whose surest
        key another import brought meanwhile is that one."""

    def query(self, query: Query, scope: Scope, today: str) -> Found:
        """Rows or groups of a dataset."""

    def health(self) -> Health:
        """What it runs on, how much it holds, and what needs care."""

    def decisions(self) -> Sequence[str]:
        """The ids of all kept decisions; those made with the same files stand together."""

    def findings(self, progress: Callable[[str, int, int], None]) -> Iterator[str]:
        """Each thing in it that contradicts another, in one sentence with the next step.
        `progress` hears what was read, how many, and of how many."""

    def backup(self, file: Path, *, replaces: bool) -> Backup:
        """A copy that was looked at. A file that is there is replaced only where that is
        said."""

    def restore(self, file: Path, at: str) -> Restored:
        """Put a backup in its place; what was there is kept beside it, named after `at`."""

    def held(self, who: str) -> Held:
        """What is held on somebody, by name or pseudonym."""

    def erase(self, who: str, *, at: str, actor: Actor, request_id: str) -> Erased:
        """Erase somebody's name and words from everywhere in the storage; each entry that this
        touches has an event that says so."""

    def close(self) -> None:
        """Let go of the storage."""
