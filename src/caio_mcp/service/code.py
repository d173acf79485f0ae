"""The models that code calls, each decided on like any other."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..codebase import SETTINGS, Codebase, NamedModel
from ..core.models import Models
from ..core.resolve import ID_CHARACTERS_MAX, Resolution, resolve
from ..core.wording import may_hold_key, quote
from ..errors import RequestError
from .caller import Caller
from .counting import Counting
from .models import ModelRow, _Place
from .requests import Reading, UseRequest
from .uses import Uses

if TYPE_CHECKING:
    from ..core.code import Mention


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One place in code, and what is decided on the model there."""

    file: str
    mention: Mention
    row: ModelRow

    @property
    def key(self) -> str:
        """What stays the same when lines move: for baselines."""
        return f"{self.file}:{self.mention.form}:{self.shown}"

    @property
    def shown(self) -> str:
        """The id as it stands in the code; only its length where a secret may stand there."""
        text = self.mention.text
        is_known = self.row.resolution.model is not None
        return text if is_known or not may_hold_key(text.strip("${}")) else quote(text)


@dataclass(slots=True)
class CodeReport:
    """What was found in some code, and decided."""

    codebase: Codebase
    request: UseRequest
    level: str = ""  # the level that was said; "" where there is none
    rows: list[CodeRow] = field(default_factory=list)
    uses: list[tuple[str, Mention]] = field(default_factory=list)  # endpoints and SDKs
    known_before: int = 0  # rows that a baseline took out

    def without(self, keys: Iterable[str]) -> CodeReport:
        """The report without what was there before; each key takes one place out."""
        left = Counter(keys)
        kept = []
        for row in self.rows:
            if left[row.key] > 0:
                left[row.key] -= 1
            else:
                kept.append(row)
        gone = len(self.rows) - len(kept)
        return CodeReport(self.codebase, self.request, self.level, kept, self.uses, gone)


def knows(models: Models, written: str) -> bool:
    """Whether a text in code is the name of a model, for the finder."""
    found = resolve(models, written)
    return found.model is not None or (found.resolved == "opaque" and written.startswith("arn:"))


class CodeChecks(Counting, Uses):
    """Deciding on the models of a repository."""

    def check_code(
        self, codebase: Codebase, caller: Caller, day: datetime.date, request: UseRequest
    ) -> CodeReport:
        """Every model that the code names, decided on with what the repository says of its use
        and what was said beside it."""
        request = self._whole_request(codebase, request, caller)
        reading = self.read_request(request, caller)
        report = CodeReport(codebase, request, self._level(reading))
        report.uses = list(codebase.of("endpoint", "sdk"))
        decided: dict[tuple[str, ...], ModelRow] = {}
        for file, mention in codebase.of("id", "deployment", "unread"):
            asked = (mention.text, mention.form, mention.channel, mention.region, mention.key,
                     mention.version, mention.means)  # fmt: skip
            if asked not in decided:
                decided[asked] = self._row_of(mention, codebase, reading, day)
            report.rows.append(CodeRow(file, mention, decided[asked]))
        return report

    def _whole_request(self, codebase: Codebase, request: UseRequest, caller: Caller) -> UseRequest:
        """What was said now comes before what the repository says; facts of both count."""
        settings = codebase.settings
        said = {text.partition("=")[0].strip() for text in request.facts}
        facts = tuple(f for f in settings.facts if f.partition("=")[0] not in said)
        previous = request.previous
        if settings.use and not previous:
            previous = self.find_entry(settings.use, caller).check
        return replace(
            request,
            data=request.data or settings.data,
            not_in_data=request.not_in_data or settings.not_in_data,
            facts=(*request.facts, *facts),
            previous=previous,
        )

    def _level(self, reading: Reading) -> str:
        known = [s.values for s in reading.statements if s.fact == "data.level" and s.values]
        levels = frozenset.intersection(*known) if known else frozenset()
        return next(iter(levels)) if len(levels) == 1 else ""

    def _row_of(
        self, mention: Mention, codebase: Codebase, reading: Reading, day: datetime.date
    ) -> ModelRow:
        named = _named(mention, codebase.settings.models)
        if named is not None and named.is_:
            return self._as_named(mention, named, reading, day)
        if mention.form == "unread":
            why = (
                "Only running it shows which model it is. "
                f"Say so in {SETTINGS}: models: {{{_setting_of(mention)}: {{is: ...}}}}."
            )
            found = Resolution(mention.text, "opaque", None, mention.channel or "unknown")
            return ModelRow(found, "not_approved", why)
        place = self._place_of(mention, named)
        written = _written(mention, self.library.catalogue.models)
        row = self._row(written, place, reading, day)
        if mention.form == "deployment" and row.resolution.model is None:
            name = mention.text.removeprefix("azure/")
            row = replace(
                row,
                resolution=replace(row.resolution, resolved="opaque", channel="azure"),
                why=f"The deployment's name hides the model. Say which in {SETTINGS}: "
                f"models: {{{name}: {{is: ...}}}}.",
                did_you_mean=(),
            )
        elif mention.form == "deployment":
            row = replace(row, why=f"{row.why} (So the deployment is called; it may hold another.)")
        if not row.is_ok:
            row = replace(row, alternatives=self._alternatives(row, reading, day))
        return row

    def _as_named(
        self, mention: Mention, named: NamedModel, reading: Reading, day: datetime.date
    ) -> ModelRow:
        """A name that the repository explains: decided on as the model it stands for."""
        row = self._row(named.is_, self._place_of(mention, named), reading, day)
        return replace(row, why=f"{row.why} ({SETTINGS} says that it is {named.is_}.)")

    def _place_of(self, mention: Mention, named: NamedModel | None) -> _Place:
        if named is not None and named.on:
            try:
                return self._place(named.on, named.region)
            except RequestError as error:
                raise RequestError(
                    f"{SETTINGS}: models: on: {error.problem}", remedy=error.remedy
                ) from None
        channels = self.library.catalogue.models.channels
        region = named.region if named is not None else ""
        provider = mention.channel if channels.of(mention.channel)[0] else ""
        models = self.library.catalogue.models
        written = mention.means or mention.text
        is_known = provider and resolve(models, written).model is not None
        if is_known and resolve(models, written, provider).model is None:
            provider = ""  # the id itself says where it is called
        if not region and not resolve(models, written).region_scope:
            region = mention.region  # of the client nearby
        return _Place("", provider, region)


def _named(mention: Mention, models: dict[str, NamedModel]) -> NamedModel | None:
    """What the repository says of the id, or of the name that hides it."""
    bare = mention.text.removeprefix("azure/")
    for name in (mention.text, bare, _setting_of(mention), mention.key):
        if name and name in models:
            return models[name]
    return None


def _setting_of(mention: Mention) -> str:
    """The name in an expression that is read from outside: MODEL of os.environ["MODEL"]."""
    if mention.form != "unread":
        return mention.text
    for quoted in ('"', "'"):
        if mention.text.count(quoted) >= 2:
            return mention.text.split(quoted)[1]
    inner = mention.text.strip("${}").partition(":")[0]
    return inner.rsplit(".", 1)[-1].split("/")[-1]


def _written(mention: Mention, models: Models) -> str:
    """The id with the version that stands beside it, where there is a model of that name."""
    if len(mention.text) > ID_CHARACTERS_MAX:
        raise RequestError(f"{quote(mention.text)} is no model id.")
    if mention.means:
        return mention.means
    dated = f"{mention.text}-{mention.version}"
    if mention.version and resolve(models, dated).model is not None:
        return dated
    return mention.text
