"""Labelled cases: how many of the values a detector finds, and how much that is none.

A folder of cases has files of JSON lines, which may be compressed (`.jsonl`, `.jsonl.gz`). A line
has a `text`, a `label`, and by its `kind`

- `secret`: `should_match`, whether the text holds a credential;
- `pii`: `values`, those of the label's type that are in the text; `should_match` false says that
  there is none;
- `doc`: `spans` of `label`, `start` and `end`, the values of the types in a document.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from detect_peers import SECRET, Found

Case = dict[str, Any]
Row = list[str]
NONE = "-"
LABELS = (  # of documents, that have a shape; names and addresses are last
    "EMAIL_ADDRESS",
    "IBAN_CODE",
    "US_SSN",
    "IP_ADDRESS",
    "CREDIT_CARD",
    "PHONE_NUMBER",
    "PERSON",
    "STREET_ADDRESS",
)


def read_cases(folder: Path) -> Iterator[tuple[str, str, list[Case]]]:
    """The cases of each file and kind."""
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        content = path.read_bytes()
        lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
        cases = sorted((json.loads(line) for line in lines), key=lambda case: case["kind"])
        for kind, of_kind in groupby(cases, key=lambda case: str(case["kind"])):
            yield path.name.partition(".")[0], kind, list(of_kind)


def share(part: float, whole: float) -> str:
    """A part of something, with three digits."""
    return f"{part / whole:.3f}" if whole else NONE


def _macro(found: Iterable[tuple[str, bool]]) -> str:
    """The mean over labels of how often something was found."""
    by_label: dict[str, list[bool]] = defaultdict(list)
    for label, is_found in found:
        by_label[label].append(is_found)
    return share(sum(sum(every) / len(every) for every in by_label.values()), len(by_label))


def score_secrets(cases: Sequence[Case], found: Sequence[Sequence[Found]]) -> list[Row]:
    """Recall, mean of labels, and how many texts without a credential are flagged."""
    flagged = [any(f.type == SECRET and f.is_shown for f in every) for every in found]
    pairs = list(zip(cases, flagged, strict=True))
    recall = _macro((case["label"], is_found) for case, is_found in pairs if case["should_match"])
    wrong = [is_found for case, is_found in pairs if not case["should_match"]]
    return [["credentials", recall, f"{sum(wrong)} of {len(wrong)}", NONE]]


def score_values(cases: Sequence[Case], found: Sequence[Sequence[Found]]) -> list[Row]:
    """Recall of a type, mean of types; texts without it that are flagged; findings of other types
    a text. Recall counts what is kept with low confidence, since many texts are the bare value."""
    types = [{f.type for f in every} for every in found]
    others = sum(
        len({f.type for f in every if f.is_shown} - {case["label"]})
        for case, every in zip(cases, found, strict=True)
    )
    pairs = [(case, case["label"] in names) for case, names in zip(cases, types, strict=True)]
    recall = _macro((case["label"], is_found) for case, is_found in pairs if case["should_match"])
    wrong = [is_found for case, is_found in pairs if not case["should_match"]]
    return [["values", recall, f"{sum(wrong)} of {len(wrong)}", share(others, len(cases))]]


def score_documents(cases: Sequence[Case], found: Sequence[Sequence[Found]]) -> list[Row]:
    """Recall and precision of each type, by overlap."""
    rows = []
    for label in LABELS:
        values = hits = told = right = 0
        for case, every in zip(cases, found, strict=True):
            spans = [(s["start"], s["end"]) for s in case["spans"] if s["label"] == label]
            of_type = [(f.start, f.end) for f in every if f.type == label and f.is_shown]
            values, told = values + len(spans), told + len(of_type)
            hits += sum(any(_meet(span, one) for one in of_type) for span in spans)
            right += sum(any(_meet(span, one) for span in spans) for one in of_type)
        rows.append([f"`{label}`", share(hits, values), share(right, told), str(values)])
    return rows


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


SCORES: dict[str, Callable[[Sequence[Case], Sequence[Sequence[Found]]], list[Row]]] = {
    "secret": score_secrets,
    "pii": score_values,
    "doc": score_documents,
}


def is_measured(kind: str, case: Case, types: Sequence[str]) -> bool:
    """Whether a detector knows what a case is about."""
    if kind == "doc":
        return bool(set(types) & set(LABELS))
    return (SECRET if kind == "secret" else case["label"]) in types
