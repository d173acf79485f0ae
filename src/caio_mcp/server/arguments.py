"""Arguments that several tools take, described once.

How many words there may be, and how long, is bounded by the service: in the schema the bounds
would cost every conversation tokens.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

Task = Literal[
    "",
    "summarise",
    "translate",
    "write",
    "brainstorm",
    "look_up",
    "analyse_data",
    "write_code",
    "transcribe",
    "make_media",
    "answer_public",
    "assess_people",
    "identify_people",
    "monitor_people",
    "train_model",
    "run_agent",
    "build_product",
    "other",
]


def about(text: str) -> Any:
    """What an argument is, for the assistant."""
    return Field(description=text)


TaskArgument = Annotated[
    Task, about("assess_people = ranks, scores, selects or decides about persons.")
]
DataArgument = Annotated[
    list[str],
    about(
        "The data in everyday words, e.g. 'customer complaints'; never the data itself. "
        "['none'] only if the person said there is none."
    ),
]
NotInDataArgument = Annotated[
    list[str], about("What the person said is not in it, e.g. 'card numbers'.")
]
FactsArgument = Annotated[
    list[str],
    about("Answers as fact=value, e.g. data.level=internal, task=write; fact=unsure is valid."),
]
AssumedArgument = Annotated[
    list[str], about("fact=value that you inferred; it can only make the answer stricter.")
]
PathArgument = Annotated[str, about("The file with the data: read here, kept out of the chat.")]
SampleArgument = Annotated[str, about("The data, if it is in the chat already.")]
