"""Arguments that several tools take, described once."""

from __future__ import annotations

from typing import Annotated, Literal

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
Word = Annotated[str, Field(max_length=400)]
Words = Annotated[list[Word], Field(max_length=50)]

TaskArgument = Annotated[
    Task,
    Field(
        description=(
            "What is to be done. assess_people = ranks, scores, selects or decides about persons."
        )
    ),
]
DataArgument = Annotated[
    Words,
    Field(
        description=(
            "The data in everyday words, e.g. 'customer complaints'; never the data itself. "
            "['none'] only if the person said there is none."
        )
    ),
]
NotInDataArgument = Annotated[
    Words, Field(description=("What the person said is not in it, e.g. 'card numbers'."))
]
FactsArgument = Annotated[
    Words,
    Field(description=("Answers as fact=value, e.g. data.level=internal; fact=unsure is valid.")),
]
AssumedArgument = Annotated[
    Words,
    Field(description=("fact=value that you inferred; it can only make the answer stricter.")),
]
