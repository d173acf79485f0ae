"""The errors a person can act on: what is wrong, with the value, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FAULTS_SHOWN = 200  # more than anybody reads at once; `faults` holds all


class CaioError(Exception):
    """A problem somebody can put right, in a sentence, with the step that helps."""

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class RequestError(CaioError):
    """The caller can put it right; the text reaches the assistant or the terminal."""


class SetupError(CaioError):
    """The operator can put it right; it stops the start."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.problem} {self.remedy}".strip()


class FileFaults(SetupError):
    """Everything wrong in a set of files, all at once, in file and line order."""

    def __init__(
        self,
        subject: str,
        faults: Sequence[Fault],
        *,
        remedy: str = "Mend them, then run `caio-mcp policy check` to see that none is left.",
    ) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        noun = "fault" if count == 1 else "faults"
        lines = "\n".join(f"  {fault}" for fault in self.faults[:FAULTS_SHOWN])
        more = f"\n  and {count - FAULTS_SHOWN:,} more." if count > FAULTS_SHOWN else ""
        super().__init__(
            f"{subject} has {count:,} {noun} and is not used:\n{lines}{more}",
            remedy=f"\n{remedy}",
        )
