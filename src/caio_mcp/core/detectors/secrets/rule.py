"""One rule for a credential, in the fields of gitleaks, so that a user can bring rules along."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ..finding import Confidence

Target = Literal["secret", "match", "line"]
SHORT = (120, 600)  # bytes before and after a keyword in which a credential can stand
LONG = (120, 4000)


class Allowlist(NamedTuple):
    """What a rule lets pass. A stop word counts in the secret, a regex in what it targets."""

    regexes: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    regex_target: Target = "secret"
    condition: Literal["OR", "AND"] = "OR"


class SecretRule(NamedTuple):
    """A form that credentials of one kind have.

    The first eight fields are those of gitleaks. `confidence` is that of a find; `type` is the
    type of a find, where that is not `SECRET.<id>`. A rule that `starts` is matched at its
    keyword and nowhere else, which is fast; `grade` names a function of `grades.py` that looks
    at a find again and can settle its type, its place and its confidence.
    """

    id: str
    description: str = ""
    regex: str = ""
    secret_group: int = 0
    entropy: float = 0.0
    keywords: tuple[str, ...] = ()
    allowlists: tuple[Allowlist, ...] = ()
    path: str = ""
    confidence: Confidence = "high"
    type: str = ""
    starts: bool = False
    is_word: bool = True  # what `starts` begins a word; in camelCase too
    grade: str = ""
    window: tuple[int, int] = SHORT
    rank: int = 0  # of two finds at one place, the one of the lower rank stays
