"""What the register can prove: decisions kept, and made again from what was archived."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..core.decision import decide
from ..core.exceptions import read_exception
from ..core.library import FileSet, Library, lineage, load
from ..errors import CaioError, RequestError, SetupError
from ..register import Backup, DecisionRecord, Restored
from .office import Office
from .requests import said_in

PROGRESS_EVERY = 20
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the whole register found, and how much it looked at."""

    findings: tuple[str, ...]
    decisions: int
    reproduced: int
    of_other_engines: int  # made by another version, so that their bytes may differ


class Records(Office):
    """Kept decisions and files."""

    def decision_of(self, check: str) -> bytes:
        """The exact bytes of a logged or registered decision."""
        return self._find(check).content

    def files_of(self, digest: str) -> FileSet:
        """An archived policy set or catalogue, as it was."""
        content = self.register.archived(digest)
        if content is None:
            raise RequestError("Nothing is archived under this hash.")
        if digest != f"sha256:{hashlib.sha256(content).hexdigest()}":
            raise SetupError(
                f"What is archived under {digest} was changed.",
                remedy="Restore the register from a backup.",
            )
        return FileSet.from_archive(content)

    def reproduce(self, check: str) -> bytes:
        """A kept decision made again, from the policy and catalogue archived with it. The
        bytes are the same unless the engine version differs."""
        record = self._find(check)
        return _again(record, self._library_of(record))

    def verify(self, progress: Progress, *, reproduces: bool = True) -> Verified:
        """Compare what the register says with what it says elsewhere, and make its decisions
        again, those that this version of the engine made."""
        findings = list(self.register.findings(progress))
        try:
            checks = self.register.decisions()
        except SetupError:  # the file is damaged, which the findings say already
            if not findings:
                raise
            checks = ()
        found: list[str] = []
        others = 0
        if reproduces:
            found, others = self._differing(checks, progress)
        return Verified(
            (*findings, *found),
            len(checks),
            len(checks) - others - len(found) if reproduces else 0,
            others,
        )

    def _differing(self, checks: Sequence[str], progress: Progress) -> tuple[list[str], int]:
        """What does not come out as it was decided, and how many an other engine decided."""
        findings: list[str] = []
        others, made_with = 0, ("", "")
        library = self.library
        for number, check in enumerate(checks, 1):
            try:
                record = self._find(check)
                if record.engine_version != __version__:
                    others += 1
                    continue
                files = record.policy_hash, record.catalogue_hash
                if files != made_with:
                    library, made_with = self._library_of(record), files
                is_same = _again(record, library) == record.content
            except (CaioError, ValueError, LookupError, TypeError, AttributeError):
                is_same = False  # what it was made with, or its bytes, were changed
            if not is_same:
                findings.append(
                    f"The decision {check} does not come out again from what is archived with "
                    "it. Compare it with a backup; `caio-mcp register restore FILE` puts one back."
                )
            if number % PROGRESS_EVERY == 0:
                progress("decisions made again", number, len(checks))
        return findings, others

    def _library_of(self, record: DecisionRecord) -> Library:
        """What a decision was made with."""
        policy, catalogue = self.files_of(record.policy_hash), self.files_of(record.catalogue_hash)
        return load(policy, lineage(policy), catalogue)

    # -- copies --------------------------------------------------------------------------------

    def backup(self, file: Path, *, replaces: bool = False) -> Backup:
        """A copy of the register in a file, looked at before it is given out."""
        return self.register.backup(file, replaces=replaces)

    def restore(self, file: Path, now: datetime.datetime) -> Restored:
        """Put a backup in the place of the register."""
        return self.register.restore(
            file, now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        )


def _again(record: DecisionRecord, library: Library) -> bytes:
    content = json.loads(record.content)
    return decide(
        library.engine,
        said_in(library.vocabulary, content),
        datetime.date.fromisoformat(record.as_of),
        kinds=content.get("kinds", ()),
        all_understood=content.get("all_understood", False),
        exceptions=[
            read_exception(library.vocabulary, part) for part in content.get("exceptions", ())
        ],
    ).canonical()
