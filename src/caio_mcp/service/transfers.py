"""Import and export: uses of other inventories in, the register in other formats out."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..core.lifecycle import STAGES, Stage
from ..errors import RequestError
from ..register import Entry, Intake, Origin, Taken, TakenIn
from .caller import Caller
from .checks import Checks
from .inquiries import ENTRIES_MAX, Inquiries
from .office import stamp
from .requests import UseRequest
from .uses import is_readable

if TYPE_CHECKING:  # formats load only where a file is read or written
    from ..inventory import ExportedUse, ImportedUse, ParsedDate, Report
    from ..inventory.writing import Written

IMPORTS = ("caio",)
TITLE_MAX = 300  # of what others wrote; the row keeps all of it
UNTITLED = "(no name)"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held, what came of it, and how its columns were understood."""

    report: Report
    taken: TakenIn | None  # none where it was only tried
    mapping: str = ""  # how its columns were read, as a mapping file, where no format is known


class Transfers(Checks, Inquiries):
    """Files in and out."""

    def import_file(
        self,
        name: str,
        content: bytes,
        caller: Caller,
        now: datetime.datetime,
        *,
        mapping: tuple[str, bytes] | None = None,
        is_trial: bool = False,
        progress: Callable[[int, int], None] = lambda done, of: None,
    ) -> Imported:
        """Take the uses of a file into the register; importing it again adds nothing. Columns
        that were guessed are taken only with a mapping file that somebody read."""
        if not set(IMPORTS) & set(caller.roles):
            raise RequestError("Only the CAIO imports. Nothing was changed.", remedy="Ask them.")
        from ..inventory import Identity, find_known, read_inventory, read_mapping, write_mapping

        told = read_mapping(*mapping) if mapping else None
        reading = read_inventory(name, content, told, progress=progress)
        shown = write_mapping(reading.mapping, reading.report) if reading.mapping else ""
        if is_trial or (reading.report.is_guess and told is None):
            return Imported(reading.report, None, shown)
        source = reading.uses[0].source if reading.uses else reading.report.format
        nothing_said = self._decide(self.read_request(UseRequest(), caller), (), now.date())
        intake = Intake(
            at=stamp(now),
            actor=caller.acting("caio"),
            source=source,
            digest=f"sha256:{hashlib.sha256(content).hexdigest()}",
            columns=reading.report.columns,
            organisation=caller.organisation,
            decision=self._record(nothing_said),
        )
        identities = [Identity(use.key, use.aliases) for use in reading.uses]
        known = find_known(self.register.known_uses(source), identities)
        uses = [_taken(use, entry or "") for use, entry in zip(reading.uses, known, strict=True)]
        taken = self.register.take_in(intake, uses, lambda done: progress(done, len(uses)))
        return Imported(reading.report, taken, shown)

    def export(
        self,
        format_name: str,
        caller: Caller,
        now: datetime.datetime,
        *,
        filters: Sequence[str] = (),
        with_personal: bool = False,
    ) -> Written:
        """What the caller may see of the register, in a format. Names only for those who see
        the whole register and ask for them."""
        from ..inventory import ExportHead
        from ..inventory.writing import write_inventory

        head = ExportHead(
            organisation=caller.organisation,
            as_of=now.date().isoformat(),
            with_personal=with_personal and caller.sees_all,
        )
        return write_inventory(format_name, self._exported(caller, now, filters), head)

    def _exported(
        self, caller: Caller, now: datetime.datetime, filters: Sequence[str]
    ) -> Iterator[ExportedUse]:
        before = ""
        while page := self.search_register(
            caller, now, filters=filters, limit=ENTRIES_MAX, before=before
        ):
            origins = self.register.origins([entry.id for entry in page])
            for entry in page:
                yield self._export_one(entry, origins.get(entry.id), caller)
            before = page[-1].id

    def _export_one(self, entry: Entry, origin: Origin | None, caller: Caller) -> ExportedUse:
        from ..inventory import ExportedUse

        if not is_readable(entry, caller):  # of others' approved uses, what a search shows
            return ExportedUse(
                id=entry.id,
                title=entry.title,
                unit=entry.unit,
                status=entry.status,
                stage=entry.stage,
                decision=entry.decision,
            )
        decided = json.loads(self._find(entry.check).content)
        facts = {name: _values(fact["value"]) for name, fact in decided["facts"].items()}
        tool = self.library.catalogue.tools.get(entry.tool)
        kept = json.loads(origin.row) if origin and origin.row else {}
        notes = self._notes(entry)
        return ExportedUse(
            id=entry.id,
            title="" if origin and entry.title == UNTITLED else entry.title,
            purpose=entry.purpose,
            benefit=notes.get("benefit", ""),
            outcome=notes.get("outcome", ""),
            unit=entry.unit,
            owner=entry.owner_name if caller.sees_all else "",
            organisation=entry.organisation,
            status=entry.status,
            stage=entry.stage,
            decision=entry.decision,
            policy=decided["policy"]["name"],
            policy_version=decided["policy"]["version"],
            policy_hash=decided["policy"]["hash"],
            rules=tuple(decided["determining_rules"]),
            conditions=tuple(duty["text"] for duty in decided["obligations"]),
            tool_id=entry.tool,
            tool_name=tool.name if tool else "",
            vendor=tool.vendor if tool else "",
            data_categories=facts.get("data.categories", ()),
            data_subjects=facts.get("data.subjects", ()),
            level=entry.level,
            overlays=facts.get("data.overlays", ()),
            regions=facts.get("tool.region", ()),
            recipients=(tool.vendor,) if tool and tool.vendor else (),
            transfer_mechanism=", ".join(facts.get("tool.transfer_mechanism", ())),
            retention=", ".join(facts.get("tool.retention_days", ())),
            legal_basis=", ".join(_said(decided, facts, "legal.basis")),
            reviewers=tuple(r["who"] for r in decided["reviewers"]),
            exceptions=tuple(x["id"] for x in decided.get("exceptions", ())),
            created=entry.created_at[:10],
            decided=entry.decided_at[:10],
            review_due=entry.review_on,
            attributes=origin.attributes if origin else {},
            originals=kept.get("originals", {}),
            dates={name: _date(date) for name, date in kept.get("dates", {}).items()},
            source=entry.source,
            source_id=kept.get("id", ""),
            row=kept.get("row", {}),
        )

    def _notes(self, entry: Entry) -> dict[str, str]:
        """The last word on each thing that somebody wrote of an entry."""
        found: dict[str, str] = {}
        for event in self.register.history(entry.id):
            found |= event.notes
        return found


def _taken(use: ImportedUse, entry: str) -> Taken:
    stage: Stage = next((s for s in STAGES if s == use.stage), "")
    kept = {
        "id": use.source_id,
        "row": dict(use.row),
        "originals": dict(use.originals),
        "dates": {name: asdict(date) for name, date in use.dates.items()},
    }
    return Taken(
        entry=entry,
        keys=(use.key, *use.aliases),
        title=plain_line(use.title)[:TITLE_MAX] or UNTITLED,
        purpose=use.purpose,
        unit=plain_line(use.unit),
        contact=plain_line(use.contact),
        status="retired" if use.status == "retired" else "proposed",
        stage=stage,
        attributes=use.attributes,
        row=json.dumps(kept, ensure_ascii=False),
    )


def plain_line(text: str) -> str:
    """Foreign text on one line, without what cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _values(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(value.get("only", value.get("all_of")) or ())
    return (
        tuple(map(str, value))
        if isinstance(value, Sequence) and not isinstance(value, str)
        else (str(value),)
    )


def _said(
    decided: Mapping[str, Any], facts: Mapping[str, tuple[str, ...]], name: str
) -> tuple[str, ...]:
    """The values of a fact that somebody said, and not what is presumed until then."""
    provenance = decided["facts"].get(name, {}).get("provenance", "")
    return () if provenance == "profile" else facts.get(name, ())


def _date(kept: Mapping[str, Any]) -> ParsedDate:
    from ..inventory import ParsedDate, Precision

    return ParsedDate(**{**kept, "precision": Precision(kept["precision"])})
