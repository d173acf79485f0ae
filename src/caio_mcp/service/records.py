"""What the register can prove: decisions kept, and made again from what was archived."""

from __future__ import annotations

import datetime
import hashlib
import json

from ..core.decision import decide
from ..core.exceptions import read_exception
from ..core.library import FileSet, lineage, load
from ..errors import RequestError, SetupError
from .office import Office
from .requests import said_in


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
        policy, catalogue = self.files_of(record.policy_hash), self.files_of(record.catalogue_hash)
        library = load(policy, lineage(policy), catalogue)
        day = datetime.date.fromisoformat(record.as_of)
        content = json.loads(record.content)
        return decide(
            library.engine,
            said_in(library.vocabulary, content),
            day,
            kinds=content.get("kinds", ()),
            all_understood=content.get("all_understood", False),
            exceptions=[
                read_exception(library.vocabulary, part) for part in content.get("exceptions", ())
            ],
        ).canonical()
