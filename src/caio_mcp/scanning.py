"""Looks through texts and files for sensitive content, on this computer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .core.detectors.columns import Column
from .core.detectors.context import is_known
from .core.detectors.engine import matcher
from .core.detectors.finding import Confidence, Hit, at_least
from .core.detectors.placeholders import Placeholders
from .core.detectors.report import Lines, Place, Report
from .core.detectors.scan import find, settle
from .core.detectors.scanned import Scanned, scanned
from .core.detectors.secrets.runner import Rules
from .core.detectors.taxonomy import TYPES
from .core.wording import nearest, quote, quote_part
from .detection_words import detection_words
from .errors import FAULTS_SHOWN, RequestError, SetupError
from .opening import read_file
from .samples import BYTES_MAX, Budget, Part, Segment, Table
from .samples.places import opened_path
from .samples.reading import read_sample
from .settings import NOTHING_MORE, Detection

RULES_BYTES_MAX = 2_000_000
SAMPLE = "the sample"
WHOLE = 1_000_000_000  # bytes of a file that is copied; nothing of it may be left out
VALUES_MAX = 500_000  # values that a copy is made without


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy without what was found: where it is, what was replaced, what is still found."""

    path: Path
    replaced: dict[str, int]
    after: Scanned


@dataclass(frozen=True, slots=True)
class Finder:
    """What finds values in a text: the product's detectors, and what was set up beside them."""

    rules: Rules | None = None  # for credentials; None are those of the product
    presidio: bool = False

    def find(self, text: bytes, least: Confidence, field: str = "") -> list[Hit]:
        """What is in a text that stands in a field."""
        hits = find(text, least, field, detection_words(), self.rules)
        if self.presidio:
            from .presidio import find_by_presidio

            hits = settle([*hits, *find_by_presidio(text, field)])
        return [hit for hit in hits if at_least(hit.confidence, least)]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where data is looked at. Files are those of the opened folders; for the person at the
    terminal they are anywhere, as the system lets them read."""

    detection: Detection = NOTHING_MORE
    is_anywhere: bool = False

    @property
    def finder(self) -> Finder:
        """What finds values here."""
        rules = self.detection.secret_rules
        return Finder(_rules(rules) if rules else None, self.detection.presidio)

    def _opened(self, name: str) -> Path:
        return opened_path(name, None if self.is_anywhere else self.detection.folders)

    def look(self, path: str, sample: str = "") -> tuple[Report, str]:
        """What is in a file or in a text, and what to call it."""
        if bool(path) == bool(sample):
            raise RequestError(
                "Two things to look at." if path else "Nothing to look at.",
                remedy="Give the path of a file, or a sample of the data.",
            )
        if sample:
            return scan_text(sample, finder=self.finder), SAMPLE
        file = self._opened(path)
        return scan_file(file, finder=self.finder), quote(file.name)

    def walk(self, names: Sequence[str], skipped: Counter[str]) -> Iterator[Path]:
        """The files of some files and folders, each once. What is left out of a folder is
        counted by its reason."""
        from .samples.walking import files_below

        seen = set[Path]()
        for name in names:
            for path in files_below(self._opened(name), skipped):
                if path not in seen:
                    seen.add(path)
                    yield path

    def look_at(self, path: Path, least: Confidence) -> Report:
        """What is in a file that `walk` gave."""
        return scan_file(path, least, WHOLE, self.finder)

    def copy(self, path: str, only: Collection[str] = ()) -> Copied:
        """A copy of a file beside it, without what was found or only without some of it."""
        from .samples.copying import write_copy

        _check_categories(only)
        file, finder = self._opened(path), self.finder
        report = Report(values_max=VALUES_MAX)
        _scan_parts(report, file, Budget(bytes_left=WHOLE), "medium", finder)
        holders = Placeholders(report, lambda text, field: finder.find(text, "low", field), only)
        written = write_copy(file, holders)
        after = scanned(scan_file(written, finder=finder), quote(written.name))
        return Copied(written, holders.replaced, after)


def _check_categories(only: Collection[str]) -> None:
    """What is taken out is a category, a type, or a member of `data.categories`."""
    known = {word for name, t in TYPES.items() for word in (name, t.category, t.data) if word}
    for word in only:
        if word not in known:
            raise RequestError(
                f"only cannot be {quote_part(word, list(only))}: "
                "it is no category of what can be found.",
                remedy=nearest(word, sorted(word for word in known if word.islower())),
            )


def scan_text(
    text: str, least: Confidence = "medium", field: str = "", finder: Finder = Finder()
) -> Report:
    """What is in a text."""
    report = Report()
    if len(text) > BYTES_MAX // 4 and len(text.encode("utf-8", "replace")) > BYTES_MAX:
        text, report.is_truncated = _ends(text), True
    _scan_part(report, Segment(text, field=field), least, finder)
    return report


def scan_file(
    path: Path,
    least: Confidence = "medium",
    bytes_max: int = BYTES_MAX,
    finder: Finder = Finder(),
) -> Report:
    """What is in a file."""
    report = Report()
    _scan_parts(report, path, Budget(bytes_left=bytes_max), least, finder)
    return report


def _scan_parts(
    report: Report,
    path: Path,
    budget: Budget,
    least: Confidence,
    finder: Finder,
) -> None:
    sample = read_sample(path, budget)
    for part in sample.parts:
        _scan_part(report, part, least, finder)
    report.is_truncated = report.is_truncated or budget.is_truncated


def _scan_part(report: Report, part: Part, least: Confidence, finder: Finder) -> None:
    if isinstance(part, Table):
        _scan_table(report, part, least, finder)
        return
    content = part.text.encode("utf-8", "replace")
    report.scanned_bytes += len(content)
    hits = finder.find(content, least, part.field)
    if hits:
        report.add(hits, Lines(content, part.line, part.column), part.where)


def _scan_table(report: Report, table: Table, least: Confidence, finder: Finder) -> None:
    rows = list(table.rows)
    for number, name in enumerate(table.columns):
        cells = [row.cells[number] if number < len(row.cells) else "" for row in rows]
        column = Column(name, cells)
        report.scanned_bytes += len(column.text)
        hits = finder.find(column.text, "low", name)
        for hit in column.settle(hits, matcher(), least):
            row = rows[column.row(hit.start)].number
            at = number + 1 if table.counted == "row" else 0
            report.put(hit, Place(row, at, _cell(table, number, row)))


def _cell(table: Table, number: int, row: int) -> str:
    if table.counted == "line":
        return table.where  # a line needs no other word
    column = f"column {number + 1}" if len(table.columns) > 1 else ""
    if is_known(name := table.columns[number]):  # any other may be a value, too
        column = f"column {quote(name)}"
    return ", ".join(part for part in (table.where, column, f"row {row}" if row else "") if part)


def _rules(path: Path) -> Rules:
    """The rules of a gitleaks.toml together with those of the product."""
    try:
        content = read_file(path, RULES_BYTES_MAX).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "It is not UTF-8 text"
        raise SetupError(
            f"The rules {path} cannot be read: {why}.", remedy="Mend secret_rules, or the file."
        ) from None
    return _rules_of(path, content)


@lru_cache(maxsize=4)
def _rules_of(path: Path, content: str) -> Rules:
    from .core.detectors.secrets.gitleaks import read_gitleaks
    from .core.detectors.secrets.runner import own_rules

    brought = read_gitleaks(content)
    if brought.faults:
        shown = "; ".join(map(str, brought.faults[:FAULTS_SHOWN]))
        raise SetupError(f"{path}: {shown}.", remedy="Mend these rules; none of them is used.")
    return Rules(brought.together_with(own_rules().rules))


def _ends(text: str) -> str:
    """The head and the tail of a text that is too long."""
    half = BYTES_MAX // 8
    return f"{text[:half]}\n{text[-half:]}"
