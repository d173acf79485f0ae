"""Detection beside Presidio, DataFog, detect-secrets and gitleaks: how fast, how large, how often
wrong, and on labelled cases how often right."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detect_cases import NONE, SCORES, Case, is_measured, read_cases
from detect_peers import PEERS, Found, Peer
from detect_texts import CLEAN, hostile, mixed
from environment import closure, megabytes
from timing import NOTHING, amount, print_table, spent

PEERS_FILE = str(Path(__file__).resolve().with_name("detect_peers.py"))
REFERENCE = "presidio"
FIRST_BYTES = 10_000
WITHIN_SECONDS = 20  # for one text


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    linear_bytes: int  # of mixed text, each round
    slow_bytes: int  # for those that are slower
    clean_bytes: int  # of each text without values
    large_bytes: int  # of one file


FULL = Size(3, 2_000_000, 200_000, 1_000_000, 100_000_000)
SMALL = Size(1, 20_000, 20_000, 20_000, 1_000_000)


# -- processes -----------------------------------------------------------------------------------


class Asked:
    """A detector in a process of its own. One that does not answer in time is stopped, and
    started again by the next question."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.types = self._start()

    def _start(self) -> list[str]:
        self._process = subprocess.Popen(
            [sys.executable, PEERS_FILE, self.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started = self._line(None)
        if started is None:
            raise SystemExit(f"{self.name} does not start: python {PEERS_FILE} {self.name}")
        types: list[str] = started["types"]
        return types

    def _line(self, seconds: float | None) -> Any:
        """What it answers; None if it does not, or not in time."""
        assert self._process.stdout is not None
        watchdog = threading.Timer(seconds or 0, self._process.kill)
        if seconds:
            watchdog.start()
        line = self._process.stdout.readline()
        watchdog.cancel()
        return json.loads(line) if line else None

    def ask(self, question: dict[str, object], seconds: float | None = None) -> Any:
        """Its answer; None if it has none in time."""
        if self._process.poll() is not None:
            self._start()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._line(seconds)
        if answer is None:
            self._process.wait()
        return answer

    def find(self, texts: Sequence[str], names: Sequence[str]) -> list[list[Found]]:
        """What it finds in each of some texts."""
        answer = self.ask({"find": texts, "names": names})
        if answer is None:
            raise SystemExit(f"{self.name} ended while it looked through {len(texts)} texts.")
        return [[Found(*each) for each in every] for every in answer]

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def started(names: Sequence[str]) -> Iterator[dict[str, Asked]]:
    """The detectors, running."""
    peers: dict[str, Asked] = {}
    try:
        for name in names:
            peers[name] = Asked(name)
        yield peers
    finally:
        for peer in peers.values():
            peer.stop()


# -- speed and size ------------------------------------------------------------------------------


def print_speed(peers: dict[str, Asked], size: Size, folder: Path) -> None:
    """Throughput, the first result and what is installed."""
    rates = dict.fromkeys(peers, 0.0)
    for number in range(size.rounds):
        for name, peer in peers.items():
            wanted = size.linear_bytes if PEERS[name].is_linear else size.slow_bytes
            path = folder / "mixed.txt"
            path.write_text(mixed(wanted, number), "utf-8")
            seconds = peer.ask({"time": str(path)})
            rates[name] = max(rates[name], path.stat().st_size / 1e6 / seconds)
    first = first_results([PEERS[name] for name in peers], size, folder)
    rows = []
    for name, rate in rates.items():
        kind = PEERS[name]
        cpu_ms, memory = first[name]
        ratio = f"{rate / rates[REFERENCE]:.1f} x" if REFERENCE in rates else NONE
        installed = megabytes(closure(kind.needs))
        rows.append(
            [
                f"{kind.title} {kind.installed()}",
                *(amount(rate), ratio),
                *(amount(cpu_ms), amount(memory), amount(installed)),
            ]
        )
    print_table(
        f"Speed and size (CPU time; mixed text, and a first file of {FIRST_BYTES // 1000} kB)",
        ["detector", "MB/s", "times Presidio", "first result, ms", "memory, MB", "installed, MB"],
        rows,
    )


def first_results(
    peers: Sequence[type[Peer]], size: Size, folder: Path
) -> dict[str, tuple[float, float]]:
    """Milliseconds beyond those of the interpreter and megabytes, of a process that looks through
    its first file; medians."""
    path = folder / "first.txt"
    path.write_text(mixed(FIRST_BYTES, "first"), "utf-8")
    taken: dict[str, list[tuple[float, float]]] = {peer.name: [] for peer in peers}
    for number in range(2 * size.rounds + 1):
        start = spent(NOTHING)[0]
        for peer in peers:
            command = peer.command(str(path))
            cpu, memory = spent(command)
            if number:  # once unmeasured: bytecode, disk
                own = cpu - start if command[0] == sys.executable else cpu
                taken[peer.name].append((own, memory))
    return {
        name: (
            1_000 * statistics.median(cpu for cpu, _ in every),
            statistics.median(memory for _, memory in every),
        )
        for name, every in taken.items()
    }


def print_large(size: Size, folder: Path) -> None:
    """One large file on the terminal."""
    path = folder / "large.log"
    block = mixed(1_000_000, "large")
    with path.open("w", encoding="utf-8") as file:
        for _ in range(size.large_bytes // 1_000_000):
            file.write(block)
    rows = []
    for title, name in (("1st 10 kB", "first.txt"), ("large file", path.name)):
        program = [sys.executable, "-m", "caio_mcp", "scan", "--json", str(folder / name)]
        cpu, memory = spent(program)
        written = (folder / name).stat().st_size / 1e6
        rows.append([title, amount(written), amount(cpu), amount(memory)])
    path.unlink()
    print_table("`caio-mcp scan`", ["file", "MB", "CPU, s", "memory, MB"], rows)


# -- hostile and clean text ----------------------------------------------------------------------


def print_hostile(peers: dict[str, Asked]) -> None:
    """How long texts take that were made to take long."""
    rows = []
    for title, text in hostile().items():
        answers = (peer.ask({"look": text}, WITHIN_SECONDS) for peer in peers.values())
        rows.append(
            [title, *(f"> {WITHIN_SECONDS},000" if a is None else amount(a) for a in answers)]
        )
    print_table(
        "60 kB made to take long: milliseconds",
        ["text", *(PEERS[name].title for name in peers)],
        rows,
    )


def print_clean(peers: dict[str, Asked], size: Size) -> None:
    """What is found where nothing is, a megabyte. Names are apart: prose has real ones."""
    rows = []
    for title, read in CLEAN.items():
        texts = read(size.clean_bytes)
        if not texts:
            print(f"{title}: not installed, left out.\n")
            continue
        written = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
        row = [title, amount(written)]
        for peer in peers.values():
            found = peer.find(texts, ["case.py" if "Python" in title else "case.txt"] * len(texts))
            shown = [f.type for every in found for f in every if f.is_shown]
            names = shown.count("PERSON")
            row.append(amount((len(shown) - names) / written))
            if names:
                row[-1] += f" + {amount(names / written)} names"
        rows.append(row)
    print_table(
        "Findings in text without values, a megabyte",
        ["text", "MB", *(PEERS[name].title for name in peers)],
        rows,
    )


# -- labelled cases ------------------------------------------------------------------------------

HEADS = {
    "secret": ("recall", "flagged without one", NONE),
    "pii": ("recall", "flagged without it", "other types a text"),
    "doc": ("recall", "precision", "values"),
}


def print_cases(peers: dict[str, Asked], folder: Path) -> None:
    """How often the detectors are right, by file of cases."""
    for name, kind, cases in read_cases(folder):
        rows = []
        for peer in peers.values():
            measured = [case for case in cases if is_measured(kind, case, peer.types)]
            if measured:
                rows += _scored(peer, kind, measured)
        print_table(f"Cases: {name}", ["detector", "of", "cases", *HEADS[kind]], rows)


def _scored(peer: Asked, kind: str, cases: Sequence[Case]) -> list[list[str]]:
    found = peer.find([c["text"] for c in cases], [c.get("path") or "" for c in cases])
    rows = SCORES[kind](cases, found)
    if kind == "doc":
        rows = [row for row in rows if row[0].strip("`") in peer.types]
    return [[PEERS[peer.name].title, row[0], str(len(cases)), *row[1:]] for row in rows]


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=Path, help="a folder with labelled cases as JSON lines")
    arguments.add_argument("--only-cases", action="store_true", help="nothing but these")
    arguments.add_argument("--small", action="store_true", help="a little of everything: seconds")
    given = arguments.parse_args()
    size = SMALL if given.small else FULL
    installed = [name for name, peer in PEERS.items() if peer.installed()]
    for name in PEERS.keys() - set(installed):
        print(f"{PEERS[name].title}: not installed, left out.\n")
    with tempfile.TemporaryDirectory() as place, started(installed) as peers:
        folder = Path(place)
        if not given.only_cases:
            print_speed(peers, size, folder)
            print_large(size, folder)
            print_hostile(peers)
            print_clean(peers, size)
        if given.cases:
            print_cases(peers, given.cases)


if __name__ == "__main__":
    main()
