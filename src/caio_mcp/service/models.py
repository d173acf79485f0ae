"""Tools and models: which are approved for this data, and may these be called."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..core.decision import Decision
from ..core.facts import Statement
from ..core.questions import usual
from ..core.remedies import APPROVED, about_tools
from ..core.resolve import ID_CHARACTERS_MAX, Resolution, resolve
from ..core.vocabulary import NEED_MORE, UNLISTED, Effect
from ..core.wording import nearest, quote
from ..errors import RequestError
from .caller import Caller
from .checks import Checks
from .requests import Reading, UseRequest

MODELS_MAX = 50


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
class ModelRow:
    """One model id as written, what it is, and whether it may be called."""

    resolution: Resolution
    verdict: str  # approved, approved_with_conditions, review, not_approved, depends
    why: str
    tool: str = ""
    retires: datetime.date | None = None
    needs: tuple[str, ...] = ()
    check: str = ""


class Models(Checks):
    """Asking about tools and models."""

    def list_models(self, request: UseRequest, caller: Caller, day: datetime.date) -> list[ToolRow]:
        """Every tool with what the check would say of this data in it, approved ones first."""
        reading = self.read_request(request, caller)
        statements = about_tools(reading.statements)
        asked = {v for s in reading.statements if s.fact == "tool.id" for v in s.values or ()}
        engine = self.library.engine
        approvals = {a.id: a for a in engine.policy.approvals if not a.on}
        rows = []
        for tool, value in engine.vocabulary.facts["tool.id"].values.items():
            if tool == UNLISTED or (asked and tool not in asked):
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
                    self._models_on(tool),
                )
            )
        order = {
            word: rank
            for rank, word in enumerate(
                ("allow", "allow_with_conditions", NEED_MORE, "review", "prohibit")
            )
        }
        return sorted(rows, key=lambda r: (order[r.decision], r.approval == "none"))

    def _models_on(self, tool: str) -> tuple[str, ...]:
        return tuple(
            a.id for a in self.library.policy.approvals if a.on == tool and a.status in APPROVED
        )

    def check_model(
        self,
        ids: Sequence[str],
        request: UseRequest,
        caller: Caller,
        now: datetime.datetime,
        *,
        on: str = "",
        via: str,
    ) -> list[ModelRow]:
        """Whether each model may be called with this data, by the same decision as a check."""
        if not ids or len(ids) > MODELS_MAX:
            raise RequestError(f"Give 1 to {MODELS_MAX} model ids, not {len(ids)}.")
        if on and on not in self.library.catalogue.tools:
            found = self.library.words.tool(on).statements[0].values or frozenset()
            if len(found) != 1 or UNLISTED in found:
                raise RequestError(
                    f"{quote(on)} is not one tool of the catalogue.",
                    remedy=nearest(on, self.library.catalogue.tools),
                )
            on = next(iter(found))
        reading = self.read_request(request, caller)
        return [self._model_row(written, on, reading, caller, now, via) for written in ids]

    def _model_row(
        self,
        written: str,
        on: str,
        reading: Reading,
        caller: Caller,
        now: datetime.datetime,
        via: str,
    ) -> ModelRow:
        if not written.strip() or len(written) > ID_CHARACTERS_MAX:
            raise RequestError(
                f"A model id has 1 to {ID_CHARACTERS_MAX} characters, not {len(written):,}.",
                remedy="Give it as the code writes it, for example anthropic/claude-sonnet-4.6.",
            )
        found = resolve(self.library.catalogue, written, on)
        if found.model is None:
            elsewhere = resolve(self.library.catalogue, written).tools if on else ()
            why = (
                f"It is offered on {', '.join(elsewhere)}, not on {on}."
                if elsewhere
                else (_unresolved(found))
            )
            return ModelRow(found, "not_approved", why)
        tools = found.tools or ((on,) if on else ())
        if not tools:
            return ModelRow(
                found, "not_approved", "The catalogue knows no channel on which it is offered."
            )
        offerings = [o for o in found.model.offered if o.tool in tools]
        retires = min((o.retires for o in offerings if o.retires), default=None)
        called = [
            Statement("tool.id", values=frozenset(tools)),
            Statement("model.id", values=frozenset([found.model.id])),
        ]
        decision = self._decide(reading, [*about_tools(reading.statements), *called], now.date())
        self._log(decision, caller, now, via)
        verdict, why = self._model_verdict(found, tools, retires, decision, now.date())
        return ModelRow(
            found,
            verdict,
            why,
            ", ".join(tools),
            retires,
            tuple(q.fact for q in decision.questions),
            decision.check,
        )

    def _model_verdict(
        self,
        found: Resolution,
        tools: Sequence[str],
        retires: datetime.date | None,
        decision: Decision,
        day: datetime.date,
    ) -> tuple[str, str]:
        if retires is not None and retires <= day:
            return "not_approved", f"It was retired there on {retires}."
        if decision.ruling.is_final and decision.ruling.best == Effect.prohibit:
            return "not_approved", decision.reasons[0].text
        if found.resolved == "alias":
            return "review", (
                "The id rolls on to other models over time; an approval holds for "
                "one. Use an exact id."
            )
        if decision.decision == NEED_MORE:
            best = decision.best_case.replace("_", " ")
            return "depends", f"At best: {best}. More must be known of the use."
        if decision.ruling.best == Effect.review:
            return "review", decision.reasons[0].text
        why = " ".join(duty.text for duty in decision.obligations)
        if decision.decision == "allow_with_conditions":
            return "approved_with_conditions", why
        listed = self._is_listed(found, tools)
        return "approved", (
            "Approved by your organisation." if listed else "Your policy allows it for this data."
        )

    def _is_listed(self, found: Resolution, tools: Iterable[str]) -> bool:
        return found.model is not None and any(
            a.on in tools and a.id == found.model.id and a.status in APPROVED
            for a in self.library.policy.approvals
        )


def _unresolved(found: Resolution) -> str:
    near = f" Did you mean {' or '.join(found.candidates)}?" if found.candidates else ""
    reasons = {
        "suspicious": "It holds characters that look like others; no real id does.",
        "derived": "It is somebody's fine-tune; what it was trained on is not in the catalogue.",
        "ambiguous": "It names several models or channels; write the exact id.",
        "app": "It is a product, not a model; use check_use for it.",
        "vendor_only": "It is a vendor, not a model; write the exact id.",
        "unknown": "It is not in the catalogue (it may exist).",
    }
    return reasons[found.resolved] + near
