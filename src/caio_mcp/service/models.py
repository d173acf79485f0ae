"""Tools and models: which are approved for this data, and may these be called."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.decide import Ruling
from ..core.decision import Decision, Duty, Reason, duties_of, ordered, reasons_of
from ..core.facts import Statement
from ..core.models import Model, Offering, plain_name
from ..core.policy import Approval
from ..core.questions import usual
from ..core.remedies import APPROVED, about_tools
from ..core.resolve import ID_CHARACTERS_MAX, Resolution, ResolutionClass, closest, resolve
from ..core.vocabulary import NEED_MORE, UNLISTED, Effect
from ..core.wording import nearest, quote
from ..errors import RequestError
from .caller import Caller
from .checks import Checks
from .office import make_room
from .requests import Reading, UseRequest

MODELS_MAX = 50
NAMED_MAX = 8  # tools that a word may mean
ALTERNATIVES_MAX = 3
TRIED_MAX = 12  # approvals that are decided on to find those
SOON_DAYS = 90  # before a model retires, in which every answer says so
OK = ("approved", "approved_with_conditions")
_ROUTER = re.compile(r"(?:^|/)(?:auto|router|model-router)$", re.I)
NOTHING_APPROVED = "Your policy approves no model for this data yet; ask whoever keeps it."


@dataclass(frozen=True, slots=True)
class ModelQuestion:
    """Which models, called where, for which use."""

    ids: tuple[str, ...]
    request: UseRequest = field(default_factory=UseRequest)
    channel: str = ""  # a tool, a channel, or a provider as code names it
    region: str = ""


@dataclass(frozen=True, slots=True)
class ToolRow:
    """One tool of the catalogue and what the policy says of the asked data in it."""

    id: str
    name: str
    decision: str
    approval: str
    sign: str
    usually: str = ""  # where more must be known: the decision if the rest is as usual
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """A model that may be called in place of another: what it is, where, and by which id."""

    model: str
    tool: str
    id: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model id as written, what it is, and whether it may be called."""

    resolution: Resolution
    verdict: str  # approved, approved_with_conditions, review, not_approved, depends
    why: str
    tools: tuple[str, ...] = ()
    offering: Offering | None = None
    retires: datetime.date | None = None
    days_left: int | None = None
    replaced_by: str = ""
    needs: tuple[str, ...] = ()
    usually: str = ""  # where more must be known: the verdict if the rest is as usual
    levels: Mapping[str, str] = field(default_factory=dict)  # the verdict for each level
    alternatives: tuple[Alternative, ...] = ()
    did_you_mean: tuple[str, ...] = ()
    check: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the policy allows the call, with or without conditions."""
        return self.verdict in OK

    @property
    def retires_soon(self) -> bool:
        """Whether the model goes within the time in which every answer says so."""
        return self.days_left is not None and self.days_left <= SOON_DAYS


@dataclass(frozen=True, slots=True)
class _Ruled:
    """As much of a decision as a row says."""

    ruling: Ruling
    reasons: tuple[Reason, ...]
    obligations: tuple[Duty, ...]
    needs: tuple[str, ...] = ()
    check: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a model is called, as somebody named it."""

    tool: str = ""
    provider: str = ""
    region: str = ""  # of an id that does not say it itself


class Models(Checks):
    """Asking about tools and models."""

    def list_models(
        self,
        request: UseRequest,
        caller: Caller,
        day: datetime.date,
        *,
        capability: str = "",
    ) -> list[ToolRow]:
        """Every tool with what the check would say of this data in it, approved ones first, and
        with those of its approved models that the same decision allows."""
        reading = self.read_request(request, caller)
        statements = about_tools(reading.statements)
        asked = {v for s in reading.statements if s.fact == "tool.id" for v in s.values or ()}
        self._check_capability(capability)
        engine = self.library.engine
        approvals = {a.id: a for a in engine.policy.approvals if not a.on}
        rows = []
        for tool, value in engine.vocabulary.facts["tool.id"].values.items():
            if tool == UNLISTED or (asked and tool not in asked):
                continue
            models = tuple(self._allowed_on(tool, capability, reading, day))
            if capability and not models:
                continue
            in_tool = Statement("tool.id", values=frozenset([tool]))
            ruling = engine.rule([*statements, in_tool], day)
            usually = ""
            if not ruling.is_final:
                usually = usual(engine, [*statements, in_tool], ruling, day)
            rows.append(
                ToolRow(
                    tool,
                    value.title,
                    ruling.word,
                    approvals[tool].status if tool in approvals else "none",
                    value.sign,
                    "" if usually == NEED_MORE else usually,
                    models,
                )
            )
        order = {
            word: rank
            for rank, word in enumerate(
                ("allow", "allow_with_conditions", NEED_MORE, "review", "prohibit")
            )
        }
        return sorted(rows, key=lambda r: (order[r.decision], r.approval == "none"))

    def _check_capability(self, capability: str) -> None:
        known = {word for id_ in self._approved_ids() for word in self._models[id_].can}
        if capability and capability not in known:
            raise RequestError(
                f"No approved model has the capability {quote(capability)}.",
                remedy=f"Approved ones have: {', '.join(sorted(known)) or 'none yet'}.",
            )

    @property
    def _models(self) -> Mapping[str, Model]:
        return self.library.catalogue.models

    def _approved_ids(self) -> Iterator[str]:
        return (a.id for a in self.library.policy.approvals if a.on and a.status in APPROVED)

    def _allowed_on(
        self, tool: str, capability: str, reading: Reading, day: datetime.date
    ) -> Iterator[str]:
        """The approved models of a tool that are not refused for this data."""
        for approval in self.library.policy.approvals:
            if approval.on != tool or approval.status not in APPROVED:
                continue
            if capability and capability not in self._models[approval.id].can:
                continue
            if self._of_approval(approval, reading, day).verdict != "not_approved":
                yield approval.id

    # -- one model ---------------------------------------------------------------------------

    def check_model(
        self, question: ModelQuestion, caller: Caller, now: datetime.datetime, *, via: str
    ) -> list[ModelRow]:
        """Whether each model may be called with this data, by the same decision as a check."""
        count = len(question.ids)
        if not question.ids or count > MODELS_MAX:
            raise RequestError(f"Give 1 to {MODELS_MAX} model ids, not {count}.")
        place = self._place(question.channel, question.region)
        reading = self.read_request(question.request, caller)
        rows = []
        for written in question.ids:
            decisions: list[Decision] = []
            row = self._row(written, place, reading, now.date(), decisions)
            for decision in decisions:
                self._log(decision, caller, now, via)
            if not row.is_ok:
                row = replace(row, alternatives=self._alternatives(row, reading, now.date()))
            rows.append(row)
        return rows

    def _place(self, channel: str, region: str) -> _Place:
        """A tool by its id or its words, a channel by its id, or a provider as code writes it."""
        channel, region = channel.strip(), region.strip().lower()
        if not channel:
            return _Place("", "", region)
        tools = self.library.catalogue.tools
        if channel in tools:
            return _Place(channel, tools[channel].channel, region)
        models = self.library.catalogue.models
        if models.channels.of(channel)[0]:
            return _Place("", channel, region)
        if place := models.places.get(plain_name(channel)):
            return _Place("", place, region)
        found = self.library.words.tool(channel).statements[0].values or frozenset()
        places = {tools[tool].channel for tool in found - {UNLISTED}}
        if len(found) == 1 and places:
            return _Place(next(iter(found)), next(iter(places)), region)
        if len(places) == 1 and UNLISTED not in found and "" not in places:
            return _Place("", next(iter(places)), region)
        several = ", ".join(sorted(found - {UNLISTED})[:NAMED_MAX])
        raise RequestError(
            f"{quote(channel)} is not one tool of the catalogue.",
            remedy=f"Name one of: {several}." if several else _near_channel(channel, tools),
        )

    def _row(
        self,
        written: str,
        place: _Place,
        reading: Reading,
        day: datetime.date,
        decisions: list[Decision] | None = None,
    ) -> ModelRow:
        """What is decided on one id. With `decisions`, the whole decision is made and put there:
        it has an id and questions, and takes longer."""
        if not written.strip() or len(written) > ID_CHARACTERS_MAX:
            raise RequestError(
                f"A model id has 1 to {ID_CHARACTERS_MAX} characters, not {len(written):,}.",
                remedy="Give it as the code writes it, for example anthropic/claude-sonnet-4.6.",
            )
        found = self._resolved(written, place)
        if found.model is None or not found.is_approvable:
            near = closest(self.library.catalogue.models, written)
            return ModelRow(found, "not_approved", _unresolved(found), did_you_mean=near)
        tools, why_not = self._tools(found, place)
        if self._leaves(found, place):
            tools, why_not = (), self._left(found, place.region)
        if not tools:
            return ModelRow(found, "not_approved", why_not)
        open_tools = tuple(t for t in tools if not self._is_retired(found, t, day))
        return self._decided(found, open_tools or tools, reading, day, decisions)

    def _leaves(self, found: Resolution, place: _Place) -> bool:
        """Whether an id says itself that it leaves the EU, which was to be kept to."""
        inside = self.library.catalogue.models.channels.eu_regions
        return place.region in inside and found.region_scope not in ("", *inside)

    def _left(self, found: Resolution, region: str) -> str:
        """That an id runs elsewhere, and the id that does not."""
        said = f"Its id says that it runs in {found.region_scope}, not only in {region}."
        inside = self.library.catalogue.models.channels.eu_regions
        offered = found.model.on(found.channel) if found.model else ()
        here = next((_called(o) for o in offered if o.scope in inside), "")
        return f"{said} Use {here}." if here else said

    def _resolved(self, written: str, place: _Place) -> Resolution:
        """The model of an id on the channel that was named with it; a canonical id of the
        catalogue stands for itself."""
        models = self.library.catalogue.models
        channel, _, vendor = place.provider.partition(":")
        provider = vendor if channel == "direct" else place.provider
        if written.strip() in models:
            model = models[written.strip()]
            resolved: ResolutionClass = "alias" if model.id in models.rolling else "exact"
            named = models.channels.of(provider)[0] if provider else ""
            found = Resolution(written.strip(), resolved, model, named or "unspecified")
            if model.derived_from:
                found = replace(found, resolved="derived")
        else:
            found = resolve(models, written, provider)
        if found.region_scope or not place.region:
            return found
        return replace(found, region_scope=place.region)

    def _tools(self, found: Resolution, place: _Place) -> tuple[tuple[str, ...], str]:
        """The tools through which this call can go, or why there are none."""
        catalogue = self.library.catalogue
        tools = catalogue.tools_of(found)
        if place.tool:
            if place.tool in tools:
                return (place.tool,), ""
            if catalogue.tools[place.tool].is_in_eu and found.region_scope and found.model:
                return (), self._left(found, "the EU")
            elsewhere = catalogue.tools_of(replace(found, channel="unspecified", region_scope=""))
            listed = f" It is offered on {', '.join(elsewhere[:4])}." if elsewhere else ""
            return (), f"It is not offered on {place.tool} this way.{listed}"
        if tools:
            return tools, ""
        where = catalogue.models.channels.names.get(found.channel, found.channel)
        region = f" in {found.region_scope}" if found.region_scope else ""
        return (), f"No tool of the catalogue offers it on {where}{region}."

    def _is_retired(self, found: Resolution, tool: str, day: datetime.date) -> bool:
        offerings = self._offerings(found, tool)
        return bool(offerings) and all(o.retires and o.retires <= day for o in offerings)

    def _decided(
        self,
        found: Resolution,
        tools: tuple[str, ...],
        reading: Reading,
        day: datetime.date,
        decisions: list[Decision] | None,
    ) -> ModelRow:
        model = found.model
        assert model is not None
        said = (
            *about_tools(reading.statements),
            Statement("tool.id", values=frozenset(tools)),
            Statement("model.id", values=frozenset([self._in_policy(model)])),
        )
        ruled = self._ruled(reading, said, day, decisions)
        offerings = [o for tool in tools for o in self._offerings(found, tool)]
        first = min(offerings, key=lambda o: o.retires or datetime.date.max, default=None)
        row = ModelRow(found, "", "", tools, first, check=ruled.check)
        if first is not None and first.retires is not None:
            left = (first.retires - day).days
            row = replace(row, retires=first.retires, days_left=left, replaced_by=first.replaced_by)
        verdict, why = self._verdict(found, tools, row, ruled)
        row = replace(row, verdict=verdict, why=why)
        if verdict == "depends":
            row = replace(
                row,
                needs=ruled.needs,
                usually=self._usually(said, ruled.ruling, day),
                levels=self._by_level(said, ruled.ruling, day),
            )
        return row

    def _in_policy(self, model: Model) -> str:
        """The model as rules see it: one that the policy does not name is like any other."""
        named = self.library.vocabulary.facts["model.id"].values
        return model.id if model.id in named else UNLISTED

    def _ruled(
        self,
        reading: Reading,
        said: tuple[Statement, ...],
        day: datetime.date,
        decisions: list[Decision] | None,
    ) -> _Ruled:
        """The ruling on what was said; the same for the whole decision and for a part of it."""
        if decisions is not None:
            whole = self._decide(reading, said, day)
            decisions.append(whole)
            needs = tuple(q.fact for q in whole.questions)
            return _Ruled(whole.ruling, whole.reasons, whole.obligations, needs, whole.check)
        found: _Ruled | None = self._rulings.get((said, day))
        if found is None:
            make_room(self._rulings)
            engine = self.library.engine
            ruling = engine.rule(ordered(said), day)
            determining = engine.determining(ruling)
            found = self._rulings[said, day] = _Ruled(
                ruling, reasons_of(engine, ruling, determining), duties_of(engine, ruling, "must")
            )
        return found

    def _offerings(self, found: Resolution, tool: str) -> list[Offering]:
        """How the model is offered through a tool: in the region scope of the id if that is
        known, else in every one that the tool may mean."""
        model, known = found.model, self.library.catalogue.tools[tool]
        assert model is not None
        channel = (
            known.channel.split(":")[0] if known.channel.startswith("direct") else known.channel
        )
        offerings = model.on(channel)
        exact = [o for o in offerings if o.scope == found.region_scope]
        if found.region_scope and exact:
            return exact
        eu_regions = self.library.catalogue.models.channels.eu_regions
        here = [o for o in offerings if (o.scope in eu_regions) == known.is_in_eu]
        return here or [o for o in offerings if not o.scope] or list(offerings)

    def _verdict(
        self, found: Resolution, tools: Sequence[str], row: ModelRow, ruled: _Ruled
    ) -> tuple[str, str]:
        if row.days_left is not None and row.days_left <= 0:
            return "not_approved", f"It was retired there on {row.retires}."
        ruling = ruled.ruling
        if not ruling.is_final:
            best = ruling.best.name.replace("_", " ")
            hint = self._why_review(found, tools) if ruling.best == Effect.review else ""
            return "depends", f"At best: {best}. More must be known of the use. {hint}".strip()
        if ruling.best == Effect.prohibit:
            return "not_approved", ruled.reasons[0].text
        if ruling.best == Effect.review:
            return "review", self._why_review(found, tools) or ruled.reasons[0].text
        if found.resolved == "alias" and not self._is_listed(found, tools):
            return "review", (
                "The id rolls on to other models over time, and nobody approved that. Use an "
                "exact id."
            )
        if ruling.best == Effect.allow_with_conditions:
            return "approved_with_conditions", " ".join(d.text for d in ruled.obligations)
        if self._is_listed(found, tools):
            return "approved", "Approved by your organisation."
        return "approved", "Your policy allows it for this data."

    def _why_review(self, found: Resolution, tools: Sequence[str]) -> str:
        """Where another snapshot of the same model is approved there, that this one is not."""
        base = found.model.id.partition("@")[0] if found.model else ""
        others = [
            a.id
            for a in self.library.policy.approvals
            if a.on in tools and a.status in APPROVED and a.id.partition("@")[0] == base
        ]
        if self._is_listed(found, tools) or not others:
            return ""
        return f"Approved there is {others[0]}; this is another version of it."

    def _is_listed(self, found: Resolution, tools: Iterable[str]) -> bool:
        return found.model is not None and any(
            a.on in tools and a.id == found.model.id and a.status in APPROVED
            for a in self.library.policy.approvals
        )

    def _usually(self, said: Sequence[Statement], ruling: Ruling, day: datetime.date) -> str:
        word = usual(self.library.engine, said, ruling, day)
        return "" if word == NEED_MORE else word

    def _by_level(
        self, said: Sequence[Statement], ruling: Ruling, day: datetime.date
    ) -> dict[str, str]:
        """Where the level is not known, the decision for each that it may be."""
        engine = self.library.engine
        possible = engine.knower.possible(ruling.knowledge, "data.level")
        if len(possible) < 2:
            return {}
        found = {}
        for value in possible:
            level = Statement("data.level", values=frozenset([value.id]))
            others = [s for s in said if s.fact != "data.level"]
            at_level = engine.rule([*others, level], day)
            word = at_level.word
            if word == NEED_MORE:
                usually = usual(engine, [*others, level], at_level, day)
                word = NEED_MORE if usually == NEED_MORE else f"usually_{usually}"
            found[value.id] = word
        return found

    # -- others ------------------------------------------------------------------------------

    def _alternatives(
        self, row: ModelRow, reading: Reading, day: datetime.date
    ) -> tuple[Alternative, ...]:
        """Approved models that could do the same work, the nearest first, each decided on."""
        approvals = [a for a in self.library.policy.approvals if a.on and a.status in APPROVED]
        model = row.resolution.model
        able = [a for a in approvals if model is None or _can_replace(self._models[a.id], model)]
        able = [a for a in able if model is None or (a.id, (a.on,)) != (model.id, row.tools)]
        found = []
        for approval in sorted(able, key=lambda a: self._distance(a, row))[:TRIED_MAX]:
            other = self._of_approval(approval, reading, day)
            if other.is_ok or (other.verdict == "depends" and row.verdict == "not_approved"):
                found.append(other)
        found.sort(key=lambda other: not other.is_ok)
        return tuple(map(_alternative, found[:ALTERNATIVES_MAX]))

    def _of_approval(self, approval: Approval, reading: Reading, day: datetime.date) -> ModelRow:
        """What is decided on an approved model on its tool."""
        tool = self.library.catalogue.tools[approval.on]
        return self._row(approval.id, _Place(tool.id, tool.channel), reading, day)

    def _distance(self, approval: Approval, row: ModelRow) -> tuple[object, ...]:
        """How far an approved model is from the one that was asked for."""
        other, model = self._models[approval.id], row.resolution.model
        if model is None:
            return (approval.id,)
        return (
            other.id != row.replaced_by,
            approval.on not in row.tools,
            other.vendor != model.vendor,
            other.family != model.family,
            other.variant != model.variant,
            abs((other.context_window or 0) - (model.context_window or 0)),
            other.id,
        )


def _can_replace(other: Model, model: Model) -> bool:
    """Whether a model takes and gives what another does, and as much of it."""
    if model.can and other.can and not set(model.can) & set(other.can):
        return False
    for side in ("input", "output"):
        wanted = set(model.modalities.get(side, ())) & {"text", "image", "audio", "video"}
        if other.modalities and not wanted <= set(other.modalities.get(side, ())):
            return False
    return not (model.context_window and other.context_window) or (
        other.context_window >= min(model.context_window, 100_000)
    )


def _alternative(row: ModelRow) -> Alternative:
    model = row.resolution.model
    assert model is not None
    called = _called(row.offering) if row.offering else model.id
    return Alternative(model.id, ", ".join(row.tools), called, row.verdict)


def _called(offering: Offering) -> str:
    """The id to call it by; before Bedrock's own, price lists write a prefix of theirs."""
    return offering.id.rsplit("/", 1)[-1] if offering.channel == "bedrock" else offering.id


def _unresolved(found: Resolution) -> str:
    reasons = {
        "suspicious": "It holds characters that look like others; no real id does.",
        "derived": "It is somebody's own version; what it was trained on is not in the catalogue.",
        "opaque": "The name hides the model: say which it is, in .caio.yaml or with its own id.",
        "redirected": f"Its vendor lets another model answer: {found.serves}. Name that one.",
        "ambiguous": "It names several models or channels; write the exact id.",
        "multiple": "It names several models; ask for each.",
        "app": "It is a product, not a model; use check_use for it.",
        "vendor_only": "It is a vendor, not a model; write the exact id.",
        "unknown": "It is not in the catalogue (it may exist), so nobody approved it.",
    }
    if found.resolved == "unknown" and _ROUTER.search(found.id):
        return "Any model may answer there: name the ones that may."
    return reasons[found.resolved]


def _near_channel(written: str, tools: Iterable[str]) -> str:
    close = nearest(written, list(tools))
    own = (
        "Name a tool by its id, or a provider such as bedrock, azure, vertex, openai or anthropic."
    )
    return f"{close} {own}" if close.startswith("Did you mean") else own
