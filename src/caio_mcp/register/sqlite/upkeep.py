"""Looking after the file: how it is, copies of it, and putting one back."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from ...core.wording import PATH_ECHO_MAX, shorten
from ...errors import RequestError, SetupError
from .. import Backup, Health, Restored
from .findings import changed_archives, damage_of
from .storage import Storage, unapplied

# Two processes that write and checkpoint one WAL file at once can damage it before this
# version (sqlite.org/wal.html#walresetbug). The lock file keeps them apart.
SQLITE_WAL_FIXED = (3, 51, 3)


BESIDE = ("", "-wal", "-shm")  # a file and what SQLite keeps beside it
# What is counted, and what makes a row the same in a backup.
COUNTED = {
    "entry": "id, content",
    "entry_event": "id, entry, at, cause, party",
    "decision_log": "id, at, check_id",
}
COPY = "VACUUM INTO CAST(? AS TEXT)"  # a name need not be UTF-8
NOT_BACKED_UP = "Nothing was backed up; the register is as it was."
AS_IT_WAS = "The register is as it was. Name another file."


class Upkeep(Storage):
    """Health of the file, backups and their way back."""

    def health(self) -> Health:
        """What it runs on, how much it holds, and what needs care."""
        entries, checks = (
            self._rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
            for table in ("entry", "decision_log")
        )
        found = self._rows("PRAGMA quick_check(1)")[0]["quick_check"]
        cares = [] if found == "ok" else [f"The register is damaged: {found}. Restore a backup."]
        if sqlite3.sqlite_version_info < SQLITE_WAL_FIXED:
            cares.append(
                f"SQLite {sqlite3.sqlite_version} has a rare fault with several writers, mended "
                "in 3.51.3; the lock file of the register avoids it. Do not open the register "
                "with other programs while it is in use."
            )
        return Health(f"SQLite {sqlite3.sqlite_version}", entries, checks, tuple(cares))

    # -- copies --------------------------------------------------------------------------------

    def backup(self, file: Path, *, replaces: bool) -> Backup:
        """A copy in a file of its own, which is there only when it is whole and was looked at."""
        if not self.exists():
            raise SetupError(f"There is no register {self._path} yet.", remedy=NOT_BACKED_UP)
        self._refuse_own(file)
        with _file_faults(file), _written_whole(file, replaces=replaces) as part:
            self._copy_to(part)
            with _opened(part) as db:
                _refuse_damaged(db, f"The backup of {self._path}", NOT_BACKED_UP)
                entries, events, checks = (_count(db, table) for table in COUNTED)
        return Backup(str(file), entries, events, checks, file.stat().st_size)

    def _copy_to(self, part: Path) -> None:
        db = self._database(self._lock_seconds)
        with self._faults(), self._turn:
            try:
                db.execute(COPY, (os.fsencode(part),))
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise
                raise SetupError(
                    f"The backup cannot be written ({error}).",
                    remedy=f"{NOT_BACKED_UP} Make room, or choose another place.",
                ) from None

    def restore(self, file: Path, at: str) -> Restored:
        """Put a backup in the place of the register, which is kept beside it under `at`."""
        self._refuse_own(file)
        new = Path(f"{self._path}.restoring-{secrets.token_hex(4)}")
        kept = Path(f"{self._path}.before-restore-{at}")
        try:
            with _file_faults(file):
                _take(file, new)
            with self._faults(), self._locked(self._lock_seconds), self._turn:
                self.close()
                return self._replace(new, kept)
        finally:
            new.unlink(missing_ok=True)

    def _refuse_own(self, file: Path) -> None:
        with _file_faults(file):
            for end in (*BESIDE, ".lock"):
                own = Path(f"{self._path}{end}")
                if file.exists() and own.exists() and file.samefile(own):
                    raise RequestError(
                        f"{_shown(file)} is the register itself, or belongs to it.",
                        remedy="Nothing was written. Name another file.",
                    )

    def _replace(self, new: Path, kept: Path) -> Restored:
        """Swap the files while nobody writes. Programs that have the present one open go on
        with it where it is kept, notice, and write no more."""
        if not self._path.exists():
            new.replace(self._path)
            return Restored("")
        if kept.exists():
            raise SetupError(f"{kept} is there already.", remedy="Nothing was written. Try again.")
        found = _set_aside(self._path, new, self._lock_seconds)
        # First what SQLite finds by its name, then the file: whoever opens the new one finds
        # nothing of the old one beside it.
        for end in BESIDE[1:]:
            with suppress(FileNotFoundError):
                Path(f"{self._path}{end}").rename(f"{kept}{end}")
        try:
            os.link(self._path, kept)  # so that there is a register at every moment
        except OSError:  # a file system without links
            self._path.rename(kept)
        new.replace(self._path)
        if found.was_readable:  # all was written back, so they are empty
            for end in BESIDE[1:]:
                Path(f"{kept}{end}").unlink(missing_ok=True)
        _sync(self._path.parent)
        return replace(found, kept=str(kept))


def _shown(file: Path) -> str:
    return shorten(str(file), PATH_ECHO_MAX)


# -- files -------------------------------------------------------------------------------------


@contextmanager
def _file_faults(file: Path) -> Iterator[None]:
    """What goes wrong with a file that somebody named, in words that help."""
    try:
        yield
    except FileExistsError:
        raise RequestError(
            f"The file {_shown(file)} is there already. Nothing was written.",
            remedy="Name another file, or add --force.",
        ) from None
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise SetupError(
            f"The file {_shown(file)} is damaged or is not a register ({error}).",
            remedy=AS_IT_WAS,
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise RequestError(
            f"The file {_shown(file)} cannot be used: {why}.", remedy=AS_IT_WAS
        ) from None


@contextmanager
def _written_whole(file: Path, *, replaces: bool) -> Iterator[Path]:
    """A file to write to that gets its name when all went well; one of that name stays unless
    it is to be replaced."""
    if file.exists() and not (replaces and file.is_file()):
        raise FileExistsError
    part = file.with_name(f".{file.name[:100]}.{secrets.token_hex(4)}")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        _sync(part)
        if replaces:
            part.replace(file)
        else:
            _name(part, file)
        _sync(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, file: Path) -> None:
    try:
        os.link(part, file)  # fails where there is one now, as replacing would not
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        part.replace(file)


def _sync(path: Path) -> None:
    """On the disk, and not only on its way there."""
    with suppress(PermissionError):  # folders, where the system has no such thing
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    """A database that is only read. Where no program has it open, nothing is made beside it."""
    is_alone = not Path(f"{file}-wal").exists()
    options = "?mode=ro&immutable=1" if is_alone else "?mode=ro"
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}{options}", uri=True, isolation_level=None
    )
    with closing(connection):
        yield Database(connection, execute_plugins=False)


def _take(file: Path, new: Path) -> None:
    """A copy of a backup that was looked at, to be made the register."""
    if not file.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no such file")
    with _opened(file) as db:
        unapplied(db, file)
        if not db.table_names():
            raise sqlite3.DatabaseError("it is empty")
        _refuse_damaged(db, f"The backup {_shown(file)}", AS_IT_WAS)
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        db.execute(COPY, (os.fsencode(new),))
    _sync(new)


def _refuse_damaged(db: Database, what: str, remedy: str) -> None:
    for problem in damage_of(db):
        raise SetupError(f"{what} is no good: {problem}", remedy=remedy)
    for digest in changed_archives(db):
        raise SetupError(f"{what} is no good: what it archives as {digest} differs.", remedy=remedy)


def _set_aside(path: Path, new: Path, seconds: float) -> Restored:
    """Write everything back into the present register, and say what of it the backup lacks."""
    with closing(sqlite3.connect(path, timeout=seconds, isolation_level=None)) as connection:
        db = Database(connection, execute_plugins=False)
        try:
            found = _lost(db, new)
            is_busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise
            return Restored("", was_readable=False)
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return Restored("", was_readable=False)
    if is_busy:
        raise sqlite3.OperationalError("database is locked")
    return found


def _lost(db: Database, new: Path) -> Restored:
    if not db.table_names():
        return Restored("")
    if not {"entry", "entry_event"} <= set(db.table_names()):
        raise SetupError(
            "What is in the register's place is a database of another program.",
            remedy="Nothing was written. Give the register a file of its own.",
        )
    db.execute("ATTACH CAST(? AS TEXT) AS backup", (os.fsencode(new),))
    entries, events, checks = (
        db.execute(
            f"SELECT count(*) FROM (SELECT {columns} FROM main.{table} "
            f"EXCEPT SELECT {columns} FROM backup.{table})"
        ).fetchone()[0]
        for table, columns in COUNTED.items()
    )
    erased = db.execute(
        "SELECT id FROM main.party p JOIN backup.party b USING (id) "
        "WHERE p.name IS NULL AND b.name IS NOT NULL ORDER BY id"
    ).fetchall()
    db.execute("DETACH backup")
    return Restored("", True, entries, events, checks, tuple(row[0] for row in erased))


def _count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
