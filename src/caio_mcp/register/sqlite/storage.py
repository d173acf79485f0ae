"""The file itself: opening, one writer at a time, and plain words for its faults."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from ...errors import RequestError, SetupError
from .places import network_of
from .schema import migrations

SQLITE_VERSION_MIN = (3, 38)
# An answer waits this long for its line in the log, and not at all after it waited in vain.
LOG_SECONDS = 1.0
POLL_SECONDS = 0.005  # between two looks at the lock of another process
LOG_DAYS = 365
OPENINGS_MAX = 5  # a restore between two steps of opening is seen, and the file opened again


class Storage:
    """One register file. Every write is one transaction under a lock file."""

    def __init__(
        self,
        path: Path,
        *,
        lock_seconds: float = 10.0,
        log_days: int = LOG_DAYS,
        mounts: str | None = None,
    ) -> None:
        """`mounts` stands for what the system says is mounted, in the words of
        /proc/self/mounts."""
        self._path = path
        self._lock_seconds = lock_seconds
        self._log_days = log_days
        self._mounts = mounts
        self._log_seconds = min(lock_seconds, LOG_SECONDS)
        self._log_failed = False
        self._swept = ""  # the day on which lines of the log were deleted last
        self._archived: set[str] = set()  # what is known to be kept already
        self._open: Database | None = None
        self._file: tuple[int, ...] = ()
        self._lock = FileLock(f"{path}.lock", mode=0o600)
        self._turn = threading.RLock()  # one connection, so one thread at a time

    # -- opening -------------------------------------------------------------------------

    def _database(self, seconds: float) -> Database:
        with self._faults(), self._turn:
            if self._open is None:
                self._open = self._connect(seconds)
                self._file = self._file_now()
            elif self._file_now() != self._file:
                raise self._moved()
            self._open.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
            return self._open

    def _connect(self, seconds: float) -> Database:
        if sqlite3.sqlite_version_info < SQLITE_VERSION_MIN:
            raise SetupError(
                f"SQLite {sqlite3.sqlite_version} is too old for the register.",
                remedy="Use a Python with SQLite 3.38 or newer.",
            )
        if network := network_of(self._path, self._mounts):
            raise SetupError(
                f"The register {self._path} is on a network file system ({network}), where "
                "programs on several computers would damage it.",
                remedy="Nothing was written. Keep it in a folder of this computer: "
                'register = "/FOLDER/register.db" in caio-mcp.toml.',
            )
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for _ in range(OPENINGS_MAX):
            self._make_file()
            before = _identity(self._path)
            db = self._opened(seconds, before)
            if db is not None and _identity(self._path) == before:
                return db
            if db is not None:
                db.close()
        raise self._moved()

    def _make_file(self) -> None:
        # Made here for its mode. A file that exists is left alone: closing it would drop the
        # locks that this process has on it through SQLite (sqlite.org/howtocorrupt.html, 2.2).
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def _opened(self, seconds: float, before: tuple[int, ...]) -> Database | None:
        """The file, ready to be used; none if another one took its place meanwhile."""
        # isolation_level=None: transactions are begun here, by name, and nowhere else.
        connection = sqlite3.connect(
            self._path, timeout=seconds, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            db = Database(connection, execute_plugins=False)
            if not self._is_ready(db):
                with self._locked(seconds):  # several processes may start at once
                    if _identity(self._path) != before:
                        connection.close()
                        return None
                    self._prepare(db)
        except BaseException:
            connection.close()
            raise
        return db

    def _is_ready(self, db: Database) -> bool:
        """Whether the file can be used as it is; a register that is ready opens unlocked."""
        is_current = not unapplied(db, self._path)
        return is_current and next(db.query("PRAGMA journal_mode"))["journal_mode"] == "wal"

    def _prepare(self, db: Database) -> None:
        db.execute("PRAGMA journal_mode=WAL")
        with self._transaction(db):
            migrations.apply(db)

    def exists(self) -> bool:
        """Whether there is a register yet; asking makes none."""
        return self._path.exists()

    def close(self) -> None:
        """Let go of the file; the last one to close writes the log back, under the lock."""
        with self._turn:
            db, self._open = self._open, None
        if db is None:
            return
        with suppress(SetupError, OSError), self._locked(self._soon):
            db.close()
        db.close()  # without the lock where somebody keeps it: nothing here is unwritten

    @property
    def _soon(self) -> float:
        """How long to wait where somebody waits for an answer."""
        return 0.0 if self._log_failed else self._log_seconds

    def _file_now(self) -> tuple[int, ...]:
        """What tells whether this is still the file that was opened. SQLite finds its log and
        the index of it by their names, so that the index must be the same one as well."""
        return _identity(self._path) + _identity(Path(f"{self._path}-shm"))

    def _moved(self) -> SetupError:
        return SetupError(
            f"The register {self._path} was moved or replaced while it was open.",
            remedy="Nothing was written. Start caio-mcp again.",
        )

    @contextmanager
    def _locked(self, seconds: float) -> Iterator[None]:
        """No other process and no other thread writes meanwhile."""
        try:
            with self._lock.acquire(timeout=seconds, poll_interval=POLL_SECONDS):
                yield
        except Timeout:
            raise SetupError(
                f"The register {self._path} is in use by another program.",
                remedy="Nothing was written. Try again when that program is done.",
            ) from None

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """What the storage can say, in words that help; a fault of the program stays one."""
        try:
            yield
        except sqlite3.OperationalError as error:
            problem, remedy = _operational(str(error))
            raise SetupError(
                f"The register {self._path} {problem}.", remedy=f"Nothing was written. {remedy}"
            ) from None
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise SetupError(
                f"The register {self._path} is damaged or is not a register ({error}).",
                remedy="Restore it from a backup.",
            ) from None
        except UnicodeDecodeError:  # what SQLite says of names that are no longer text
            raise SetupError(
                f"The register {self._path} is damaged or is not a register (names in it are no "
                "text).",
                remedy="Restore it from a backup.",
            ) from None
        except UnicodeEncodeError:
            raise RequestError(
                "The text holds broken characters, which cannot be kept.",
                remedy="Leave them out or write them again.",
            ) from None
        except OSError as error:
            raise SetupError(
                f"The register {self._path} cannot be opened: {error.strerror}.",
                remedy="Check that the folder exists and that you may write it.",
            ) from None

    @contextmanager
    def _writing(
        self, seconds: float | None = None, *, survives_power_cut: bool = True
    ) -> Iterator[Database]:
        """One write. What an answer only reports need not wait for the disk itself: no crash of
        a program loses it, a power cut may lose the last of it, and nothing else."""
        seconds = self._lock_seconds if seconds is None else seconds
        db = self._database(seconds)
        with self._faults(), self._locked(seconds), self._turn:
            if self._file_now() != self._file:
                raise self._moved()
            db.execute(f"PRAGMA synchronous={'FULL' if survives_power_cut else 'NORMAL'}")
            with self._transaction(db):
                yield db

    @contextmanager
    def _transaction(self, db: Database) -> Iterator[None]:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:  # some faults end it themselves
                db.execute("ROLLBACK")
            raise

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        """Several reads of one and the same state, whatever is written meanwhile."""
        db = self._database(self._lock_seconds)
        with self._faults(), self._turn:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")

    def _rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        db = self._database(self._lock_seconds)
        with self._faults(), self._turn, closing(db.conn.cursor()) as cursor:
            # Closed at once: what failed in the middle would keep its transaction open.
            cursor.execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def _row(self, sql: str, **values: object) -> dict[str, Any] | None:
        return next(iter(self._rows(sql, **values)), None)


def unapplied(db: Database, path: Path) -> bool:
    """Whether steps of the schema are still to be made; a fault where the file is none of ours
    or is ahead of us."""
    applied = {migration.name for migration in migrations.applied(db)}
    if not applied and db.table_names():
        raise SetupError(
            f"{path} is a database of another program, not a register.",
            remedy="Give the register a file of its own.",
        )
    with Database(memory=True, execute_plugins=False) as empty:
        known = {migration.name for migration in migrations.pending(empty)}
    if applied - known:
        raise SetupError(
            f"The register {path} was made by a newer caio-mcp.", remedy="Update caio-mcp."
        )
    return applied != known


def _identity(path: Path) -> tuple[int, ...]:
    with suppress(FileNotFoundError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return ()


def _operational(what: str) -> tuple[str, str]:
    """What is wrong with the register, and what helps, for a fault that SQLite names."""
    if "readonly" in what:
        return "cannot be written", "Check who may write the file and its folder."
    if "unable to open" in what:
        return "cannot be opened", "Check that it is a file, and who may write it and its folder."
    if "locked" in what or "busy" in what:
        return "is in use by another program", "Try again when that program is done."
    if "decode" in what:  # bytes that are no text
        return f"is damaged ({what.partition(' with ')[0]})", "Restore it from a backup."
    if "full" in what:
        return "cannot grow: the disk is full", "Make room, then try again."
    return f"gave a fault ({what})", "Check the disk, then run `caio-mcp doctor`."
