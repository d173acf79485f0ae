"""The uses that an inventory gives us, and those that we give to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .dates import ParsedDate


@dataclass(frozen=True, slots=True)
class ImportedUse:
    """One AI use as an inventory has it. Blank there is blank here.

    `key` finds the entry that an earlier import of the same use made; `aliases` are further keys
    of the same use (`identity.py` says how). `contact` is personal data. `status` is `retired`
    where the stage says so, else `proposed`: nobody decided under this policy yet. `originals`
    holds, by attribute, the words that were recoded; `row` is the whole row as it stands.
    """

    source: str
    source_id: str
    key: str
    title: str
    purpose: str
    unit: str
    contact: str
    status: str
    stage: str
    attributes: Mapping[str, tuple[str, ...]]
    originals: Mapping[str, str]
    dates: Mapping[str, ParsedDate]
    row: Mapping[str, str]
    line: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportHead:
    """Who exports, when and on whose behalf; what a format asks for beside the uses."""

    organisation: str = ""
    contact: str = ""
    representative: str = ""
    data_protection_officer: str = ""
    security_measures: str = ""
    as_of: str = ""
    with_personal: bool = False  # whether the reader may have names and addresses


@dataclass(frozen=True, slots=True)
class ExportedUse:
    """Everything that an entry of the register can say to an inventory; blank is not known."""

    id: str
    title: str
    purpose: str = ""
    benefit: str = ""
    outcome: str = ""
    unit: str = ""
    owner: str = ""  # personal
    organisation: str = ""
    status: str = ""
    stage: str = ""
    decision: str = ""
    policy: str = ""
    policy_version: str = ""
    policy_hash: str = ""
    rules: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tool_id: str = ""
    tool_name: str = ""
    vendor: str = ""
    data_categories: tuple[str, ...] = ()
    data_subjects: tuple[str, ...] = ()
    level: str = ""
    overlays: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    transfer_mechanism: str = ""
    retention: str = ""
    legal_basis: str = ""
    reviewers: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    created: str = ""
    decided: str = ""
    review_due: str = ""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, ParsedDate] = field(default_factory=dict)
    source: str = ""  # the format that the row was imported from
    source_id: str = ""
    row: Mapping[str, str] = field(default_factory=dict)

    def first(self, attribute: str) -> str:
        """The first value of an attribute, or nothing."""
        return next(iter(self.attributes.get(attribute, ())), "")

    @property
    def current_stage(self) -> str:
        """The stage; an entry that is retired is retired, whatever its stage once was."""
        return "retired" if self.status == "retired" else self.stage
