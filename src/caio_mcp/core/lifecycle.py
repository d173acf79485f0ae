"""The life of a use in the register: its statuses, the steps between them, what a decision
makes of a new one."""

from __future__ import annotations

from typing import Literal, get_args

from ..errors import RequestError

Status = Literal[
    "proposed",
    "under_review",
    "approved",
    "approved_with_conditions",
    "denied",
    "suspended",
    "under_reassessment",
    "retired",
]
STATUSES: tuple[Status, ...] = get_args(Status)

# How far a use has come, whatever was decided about it (OMB M-25-21 and NIST AI RMF words).
Stage = Literal["", "planned", "development", "pilot", "deployed", "retired"]
STAGES: tuple[Stage, ...] = get_args(Stage)

# What a decision makes of a new entry.
FIRST_STATUS: dict[str, Status] = {
    "allow": "approved",
    "allow_with_conditions": "approved",
    "review": "under_review",
    "need_more_information": "proposed",
    "prohibit": "denied",
}

# What a new entry asks for: a place for a use, a tool that nobody lists, or an exception.
Request = Literal["use", "tool", "exception"]

IN_FORCE: tuple[Status, ...] = ("approved", "approved_with_conditions")
WAITING: tuple[Status, ...] = ("proposed", "under_review", "under_reassessment")

# Where an entry can go from where it is. Retired is the end: a use that comes back is a new one.
STEPS: dict[Status, tuple[Status, ...]] = {
    "proposed": ("under_review", "approved", "approved_with_conditions", "denied", "retired"),
    "under_review": ("proposed", "approved", "approved_with_conditions", "denied", "retired"),
    "approved": ("approved_with_conditions", "suspended", "under_reassessment", "retired"),
    "approved_with_conditions": ("approved", "suspended", "under_reassessment", "retired"),
    "denied": (
        "under_review",
        "under_reassessment",
        "approved",
        "approved_with_conditions",
        "retired",
    ),
    "suspended": (
        "under_reassessment",
        "approved",
        "approved_with_conditions",
        "denied",
        "retired",
    ),
    "under_reassessment": (
        "approved",
        "approved_with_conditions",
        "denied",
        "suspended",
        "retired",
    ),
    "retired": (),
}


def first_status(decision: str, asks_for: Request = "use") -> Status:
    """The status of a new entry; what somebody else must grant waits for them."""
    return FIRST_STATUS[decision] if asks_for == "use" else "under_review"


def words(status: str) -> str:
    """A status as it is said."""
    return status.replace("_", " ")


def step(entry: str, before: Status, after: Status) -> Status:
    """The status after a legal step; a request error that names the legal ones otherwise."""
    if before == after or after in STEPS[before]:
        return after
    legal = ", ".join(map(words, STEPS[before])) or "nothing: it stays as it is"
    raise RequestError(
        f"{entry} is {words(before)} and cannot become {words(after)}. Nothing was changed.",
        remedy=f"From there it can become: {legal}.",
    )
