"""What code says of models: an id, a deployment, an endpoint, an SDK, or what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["id", "deployment", "endpoint", "sdk", "unread"]


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """One place. Line and column count from 1 and are those of `text` in the file."""

    line: int
    column: int
    text: str  # as written: an id, a host, a package, or an expression that hides the model
    form: Form
    channel: str = ""  # evidence nearby of where it is called, as data/models/channels.yaml says
    region: str = ""
    key: str = ""  # the name that it stands under
    version: str = ""  # of the model, where it stands beside the id
    means: str = ""  # the id, where a constant of an SDK stands for it


@dataclass(frozen=True, slots=True)
class Item:
    """A text in a file, with the name that it stands under."""

    text: str
    line: int
    column: int
    key: str = ""
    is_dynamic: bool = False  # an expression, whose value only running it shows
    is_default: bool = False  # what such an expression falls back to
    version: str = ""
    means: str = ""
