"""CPU times of calls and of processes, several candidates taking turns, and tables of them."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Call = Callable[[], object]
Key = TypeVar("Key")
NOTHING = [sys.executable, "-c", "pass"]


def cpu_us(call: Call) -> float:
    """CPU time of one call in microseconds, of all threads of this process."""
    start = time.process_time_ns()
    call()
    return (time.process_time_ns() - start) / 1_000


def rounds_us(
    candidates: Mapping[Key, Sequence[Call]], rounds_count: int
) -> dict[Key, list[list[float]]]:
    """CPU microseconds of every call, by candidate and round.

    The calls of a candidate are dealt out to the rounds, so that no call is made twice and
    remembering an answer helps nobody. In a round the candidates take turns, so that what
    else the machine does hits all alike. What lives by now is kept from the garbage
    collector: it is the benchmark's, not the candidate's.
    """
    gc.collect()
    gc.freeze()
    taken: dict[Key, list[list[float]]] = {name: [] for name in candidates}
    for number in range(rounds_count):
        for name, calls in candidates.items():
            taken[name].append([cpu_us(call) for call in calls[number::rounds_count]])
    gc.unfreeze()
    return taken


def spent(command: Sequence[str]) -> tuple[float, float]:
    """CPU seconds of a process, and the megabytes that it took of memory at most."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GOMAXPROCS": "1"},
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1 is: something was found
        raise SystemExit(f"{' '.join(command[:3])} ended with {process.returncode}.")
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return used.ru_utime + used.ru_stime, used.ru_maxrss / unit


def best_median(rounds: Sequence[Sequence[float]]) -> float:
    """The smallest of the medians of the rounds: the least disturbed round."""
    return min(map(statistics.median, rounds))


def median_and_high(rounds: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Median and 95th percentile of all calls of all rounds."""
    pooled = sorted(each for one in rounds for each in one)
    return statistics.median(pooled), pooled[int(0.95 * (len(pooled) - 1))]


def amount(number: float) -> str:
    """A number with about three digits: 0.45, 12.3, 1,230."""
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
    )


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table; the first column is text, the others are numbers."""
    print(f"### {title}\n")
    print(f"| {' | '.join(head)} |")
    print(f"| --- |{' ---: |' * (len(head) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)
