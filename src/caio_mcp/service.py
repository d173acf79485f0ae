"""The use cases, one method each, given who asks and when."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .core.answer import Answer
from .core.decision import Decision, decide
from .core.document import Plain, nearest, normal, quote
from .core.explain import explain
from .core.facts import SHORT_NAMES, Statement, merge, read_statement, statement
from .core.kinds import Understood
from .core.library import FileSet, Library, lineage, load
from .core.questions import usual
from .core.remedies import APPROVED, about_tools
from .core.resolve import ID_CHARACTERS_MAX, Resolution, resolve
from .core.vocabulary import NEED_MORE, OTHER_UNIT, UNLISTED, Effect, Provenance, Vocabulary
from .errors import CaioError, RequestError, SetupError
from .register import Archive, DecisionRecord, Entry, NewEntry, Register

KEPT = 200  # readings, decisions and answers that are remembered
WORDS_MAX = 50  # more words or facts than anybody says in one question
JOINERS = {0x200C: None, 0x200D: None}  # invisible, and part of words in many scripts
TITLE_CHARACTERS_MAX = 120
PURPOSE_CHARACTERS_MAX = 1_000
ENTRIES_MAX = 50
MODELS_MAX = 50
LOOKS_LIKE_DATA = re.compile(r"\S@\S|(?:\d[ -]?){12}")  # an e-mail address, a card or account
POLICY_FACTS = ("tool.approval", "tool.cleared_level", "model.approval")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how sure that is."""

    person: str
    unit: str = ""
    organisation: str = ""
    roles: tuple[str, ...] = ("employee",)
    assurance: str = "os_user"

    @property
    def sees_all(self) -> bool:
        """Whether the whole register is open to the caller."""
        return bool({"caio", "auditor", "dpo", "reviewer"} & set(self.roles))


@dataclass(frozen=True, slots=True)
class UseRequest:
    """A proposed use as somebody says it; nothing is required."""

    task: str = ""
    tool: str = ""
    data: tuple[str, ...] = ()
    not_in_data: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    previous: str = ""
    already_done: bool = False
    statements: tuple[Statement, ...] = ()  # already read, as from a file of facts


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What a request was taken to say."""

    statements: tuple[Statement, ...]
    understood: Understood
    kinds: tuple[str, ...] = ()
    all_understood: bool = True


@dataclass(slots=True)
class Service:
    """Deciding and remembering for one organisation."""

    library: Library
    open_register: Callable[[], Register]
    decision_log: str = "unit"
    _register: Register | None = field(default=None, init=False)
    _made_with: tuple[Archive, ...] = field(default=(), init=False)
    # What was made lately, to be given again at once.
    _readings: dict[Hashable, tuple[Reading, Decision]] = field(default_factory=dict, init=False)
    _decisions: dict[Hashable, Decision] = field(default_factory=dict, init=False)
    _answers: dict[Hashable, Answer] = field(default_factory=dict, init=False)

    # -- checking a use --------------------------------------------------------------------

    def check_use(
        self,
        request: UseRequest,
        caller: Caller,
        now: datetime.datetime,
        *,
        via: str,
        day: datetime.date | None = None,
    ) -> Answer:
        """May this data go into this tool, for this? Logged as the organisation chose."""
        day = day or now.date()
        reading, decision = self._checked(request, caller, day)
        note = self._log(decision, caller, now, via)
        is_kept = self.decision_log != "off" and not note
        asked = (decision.check, request, is_kept, note)
        if asked not in self._answers:
            _make_room(self._answers)
            self._answers[asked] = explain(
                self.library,
                decision,
                reading.understood,
                task=request.task,
                data=request.data,
                already_done=request.already_done,
                notes=[note] if note else [],
                is_kept=is_kept,
            )
        return self._answers[asked]

    def _checked(
        self, request: UseRequest, caller: Caller, day: datetime.date
    ) -> tuple[Reading, Decision]:
        """What was read and decided; for a request of words and facts alone, made once."""
        asked = (request, caller.unit, day)
        if asked in self._readings:
            return self._readings[asked]
        reading = self.read_request(request, caller)
        found = reading, self._decide(reading, reading.statements, day)
        if not request.previous:  # that one rests on what the register holds
            _make_room(self._readings)
            self._readings[asked] = found
        return found

    def _decide(
        self, reading: Reading, statements: Sequence[Statement], day: datetime.date
    ) -> Decision:
        """The decision; the same facts on the same day have the same one, made once."""
        facts = (tuple(statements), reading.kinds, reading.all_understood, day)
        if facts not in self._decisions:
            _make_room(self._decisions)
            self._decisions[facts] = decide(
                self.library.engine,
                statements,
                day,
                kinds=reading.kinds,
                all_understood=reading.all_understood,
            )
        return self._decisions[facts]

    def read_request(self, request: UseRequest, caller: Caller) -> Reading:
        """What the words and facts of a request state, together with those of the check
        before and the standing facts of the caller's unit. What follows from kinds of data is
        concluded anew from all of them."""
        for name in ("data", "not_in_data", "facts", "assumed"):
            count = len(getattr(request, name))
            if count > WORDS_MAX:
                raise RequestError(
                    f"{name} holds {count} items; {WORDS_MAX} is the most.",
                    remedy="Ask about one use at a time.",
                )
        vocabulary, words = self.library.vocabulary, self.library.words
        about_tool = words.tool(request.tool) if request.tool.strip() else Understood()
        about_data = words.data(request.data, request.not_in_data)
        said = [*about_tool.statements, *about_data.statements, *request.statements]
        if request.task:
            said.append(statement(vocabulary, "purpose.task", request.task))
        for text in request.facts:
            said += self._fact(text, "stated")
        said = _merged(said)
        _refuse_policy_facts(said)
        for text in request.assumed:
            said += self._fact(text, "assumed")
        kinds, all_understood = about_data.kinds, not about_data.not_understood
        if request.previous:
            record = json.loads(self._find(request.previous).content)
            before = [
                s for s in _said(vocabulary, record) if s.provenance not in ("derived", "profile")
            ]
            if request.data:
                before = self._of_other_data(before, record["facts"])
                said = self._highest_level(before, said, about_data.statements)
            said = _continued(before, said)
            kinds = (*record.get("kinds", ()), *kinds)
            was_understood = record.get("all_understood", False)
            if not request.data:
                all_understood = all_understood and was_understood
            elif not was_understood:
                instead = ("these words stand for what was not understood before",)
                about_data = replace(about_data, readings=about_data.readings + instead)
        stated = [s for s in said if not s.says_nothing]
        derived = words.of_kinds(kinds, stated, is_all=all_understood)
        understood = replace(
            about_tool,
            readings=about_tool.readings + about_data.readings,
            not_understood=about_tool.not_understood + about_data.not_understood,
        )
        statements = (*self._of_unit(caller, stated), *stated, *derived)
        return Reading(statements, understood, kinds, all_understood)

    def _of_unit(self, caller: Caller, stated: Sequence[Statement]) -> list[Statement]:
        """The standing facts of the caller's unit, which nobody is asked for; of the unit that
        was said where the settings name none."""
        units = self.library.policy.units
        if not units:
            return []
        if not caller.unit:
            named = [s.values for s in stated if s.fact == "actor.unit" and s.values]
            names = named[0] if len(named) == 1 else frozenset()
            return (
                list(units[min(names)].profile) if len(names) == 1 and names <= units.keys() else []
            )
        said = normal(caller.unit)
        unit = next((u for u in units.values() if said in (normal(u.id), normal(u.title))), None)
        name = OTHER_UNIT if unit is None else unit.id
        is_unit = Statement("actor.unit", "profile", frozenset([name]))
        return [is_unit, *(unit.profile if unit else ())]

    def _of_other_data(self, before: Sequence[Statement], facts: dict[str, Any]) -> list[Statement]:
        """What was said of the data still says what is in it once there is more of it, and the
        level is at least what it was; what is not in it, and all else, is open again."""
        kept = [s for s in before if not s.fact.startswith("data.") or s.is_unsure]
        kept += [
            replace(s, absent=frozenset(), is_complete=False)
            for s in before
            if s.fact.startswith("data.") and s.present and not s.is_unsure
        ]
        level = facts.get("data.level", {}).get("value", "unsure")
        if level != "unsure":
            kept.append(self._at_least([level] if isinstance(level, str) else level))
        return kept

    def _at_least(self, levels: Iterable[str]) -> Statement:
        order = [level.id for level in self.library.policy.levels]
        lowest = min((order.index(name) for name in levels if name in order), default=0)
        return Statement("data.level", values=frozenset(order[lowest:]))

    def _highest_level(
        self,
        before: Sequence[Statement],
        said: Sequence[Statement],
        words: Sequence[Statement],
    ) -> list[Statement]:
        """A level word for more data does not lower that of what was there before."""
        older = next((s.values for s in before if s.fact == "data.level" and s.values), None)
        newer = next((s.values for s in words if s.fact == "data.level"), None)
        if not older or not newer:
            return list(said)
        reached = (self._at_least(older).values or older) & (self._at_least(newer).values or newer)
        return [
            replace(s, values=reached) if s.fact == "data.level" and s.values == newer else s
            for s in said
        ]

    def _fact(self, text: str, provenance: Provenance) -> list[Statement]:
        """One `fact=value`; a tool may be given by its everyday word."""
        name, sign, value = text.partition("=")
        if (
            sign
            and SHORT_NAMES.get(name.strip(), name.strip()) == "tool.id"
            and (
                value.strip()
                not in (*self.library.vocabulary.facts["tool.id"].values, "unsure", "unknown")
                and "," not in value
            )
        ):
            return [s.from_(provenance) for s in self.library.words.tool(value).statements]
        return [read_statement(self.library.vocabulary, text).from_(provenance)]

    def _find(self, check: str) -> DecisionRecord:
        name = check.strip().upper()
        record = self.register.decision(name) if name.isascii() else None
        if record is None:
            raise RequestError(
                f"There is no check {quote(check)} in the decision log.",
                remedy="Call check_use again with the task, tool and data.",
            )
        return record

    # -- remembering ------------------------------------------------------------------------

    @property
    def register(self) -> Register:
        """The register, opened when first needed."""
        if self._register is None:
            self._register = self.open_register()
        return self._register

    def close(self) -> None:
        """Let go of the register."""
        if self._register is not None:
            self._register.close()
            self._register = None

    def _log(self, decision: Decision, caller: Caller, now: datetime.datetime, via: str) -> str:
        """Log a check; a fault never blocks the answer, it is said in it."""
        if self.decision_log == "off":
            return ""
        try:
            self.register.log(
                self._record(decision),
                at=_stamp(now),
                organisation=caller.organisation,
                unit=caller.unit,
                via=via,
                person=caller.person if self.decision_log == "pseudonym" else "",
            )
        except CaioError as error:
            return f"This check could not be logged: {error.problem}"
        return ""

    def _record(self, decision: Decision) -> DecisionRecord:
        if not self._made_with:
            policy, catalogue = self.library.policy_files, self.library.catalogue_files
            self._made_with = (
                Archive(policy.digest(), "policy", policy.archive()),
                Archive(catalogue.digest(), "catalogue", catalogue.archive()),
            )
        return DecisionRecord(
            decision.check,
            decision.canonical(),
            decision.decision,
            str(decision.policy["hash"]),
            decision.catalogue_hash,
            decision.engine_version,
            decision.as_of.isoformat(),
            self._made_with,
        )

    def register_use(
        self,
        request: UseRequest,
        caller: Caller,
        now: datetime.datetime,
        *,
        title: str,
        purpose: str = "",
        check: str = "",
        request_id: str = "",
    ) -> tuple[Entry, Answer]:
        """Put a use into the register, decided again on the facts given or on a check."""
        title, purpose = " ".join(title.split()), " ".join(purpose.split())
        if not title:
            raise RequestError(
                "The use needs a title.",
                remedy='Give a short one, for example title="Complaint summaries".',
            )
        for name, text, most in (
            ("title", title, TITLE_CHARACTERS_MAX),
            ("purpose", purpose, PURPOSE_CHARACTERS_MAX),
        ):
            if len(text) > most:
                raise RequestError(
                    f"The {name} has {len(text):,} characters; {most:,} is the most.",
                    remedy="Describe the use in a sentence, without the data itself.",
                )
            if LOOKS_LIKE_DATA.search(text):
                raise RequestError(
                    f"The {name} holds an address or a long number.",
                    remedy="Describe the use in a sentence, without the data itself.",
                )
            if not text.translate(JOINERS).isprintable():
                raise RequestError(
                    f"The {name} holds characters that cannot be shown.",
                    remedy="Write it again without control characters.",
                )
        if check:
            request = replace(request, previous=check)
        reading = self.read_request(request, caller)
        if all(s.provenance == "profile" for s in reading.statements):
            raise RequestError(
                "Nothing was said of the use.",
                remedy="Give the check id that check_use answered, or the facts.",
            )
        decision = self._decide(reading, reading.statements, now.date())
        record = decision.as_dict()
        asked = json.dumps(
            [
                title,
                *(
                    record[name]
                    for name in (
                        "said",
                        "kinds",
                        "all_understood",
                        "decision",
                        "determining_rules",
                        "policy",
                        "catalogue_hash",
                    )
                ),
            ]
        )
        entry = self.register.add(
            NewEntry(
                request_id=_request_id(request_id or asked),
                has_own_id=bool(request_id),
                at=_stamp(now),
                organisation=caller.organisation,
                unit=caller.unit,
                person=caller.person,
                title=title,
                purpose=purpose,
                decision=self._record(decision),
            )
        )
        return entry, explain(
            self.library, decision, reading.understood, task=request.task, data=request.data
        )

    def join_use(
        self, entry: str, caller: Caller, now: datetime.datetime, *, request_id: str = ""
    ) -> Entry:
        """Take part in an approved entry."""
        found = self.find_entry(entry, caller)
        joined = self.register.join(
            found.id,
            at=_stamp(now),
            person=caller.person,
            request_id=_request_id(request_id or f"join {found.id}"),
        )
        return _as_seen(joined, caller)

    def find_entry(self, entry: str, caller: Caller) -> Entry:
        """One entry that the caller may see: their own, an approved one, or any for the CAIO."""
        found = self.register.entry(entry, person=caller.person)
        if found.status != "approved" and not (found.is_own or caller.sees_all):
            raise RequestError(
                f"There is no entry {found.id} that you may see.",
                remedy="search_register shows yours and the approved ones.",
            )
        return _as_seen(found, caller)

    def search_register(
        self,
        caller: Caller,
        *,
        words: str = "",
        status: str = "",
        limit: int = 10,
        before: str = "",
    ) -> list[Entry]:
        """Entries of the caller's own and precedent; everything for the CAIO."""
        if not 1 <= limit <= ENTRIES_MAX:
            raise RequestError(f"limit must be from 1 to {ENTRIES_MAX}, not {limit}.")
        if len(words) > PURPOSE_CHARACTERS_MAX:
            raise RequestError("The search has too many words.", remedy="Use a few.")
        found = self.register.entries(
            person=caller.person,
            own_only=not caller.sees_all,
            words=words,
            status=status,
            limit=limit,
            before=before,
        )
        return [_as_seen(entry, caller) for entry in found]

    def decision_of(self, check: str) -> bytes:
        """The exact bytes of a logged or registered decision."""
        return self._find(check).content

    def files_of(self, digest: str) -> FileSet:
        """An archived policy set or catalogue, as it was."""
        content = self.register.archived(digest)
        if content is None:
            raise RequestError("Nothing is archived under this hash.")
        if digest != f"sha256:{hashlib.sha256(content).hexdigest()}":
            raise SetupError(
                f"What is archived under {digest} was changed.",
                remedy="Restore the register from a backup.",
            )
        return FileSet.from_archive(content)

    def reproduce(self, check: str) -> bytes:
        """A kept decision made again, from the policy and catalogue archived with it. The
        bytes are the same unless the engine version differs."""
        record = self._find(check)
        policy, catalogue = self.files_of(record.policy_hash), self.files_of(record.catalogue_hash)
        library = load(policy, lineage(policy), catalogue)
        day = datetime.date.fromisoformat(record.as_of)
        content = json.loads(record.content)
        return decide(
            library.engine,
            _said(library.vocabulary, content),
            day,
            kinds=content.get("kinds", ()),
            all_understood=content.get("all_understood", False),
        ).canonical()

    # -- tools and models ----------------------------------------------------------------------

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
                f"A model id has 1 to {ID_CHARACTERS_MAX} characters, not {len(written):,}."
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


def _make_room(kept: dict[Hashable, Any]) -> None:
    while len(kept) >= KEPT:
        del kept[next(iter(kept))]


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


def _refuse_policy_facts(said: Sequence[Statement]) -> None:
    for part in said:
        if part.fact in POLICY_FACTS:
            raise RequestError(
                f"{part.fact} comes from the policy and cannot be stated.",
                remedy="Leave it out; the answer takes it from approvals.yaml.",
            )


def _said(vocabulary: Vocabulary, content: dict[str, Any]) -> list[Statement]:
    """The statements that a kept decision was made on."""
    found = []
    for part in content["said"]:
        read = statement(vocabulary, part["fact"], part["value"])
        found.append(replace(read, provenance=part["provenance"], is_default=part["default"]))
    return found


def _merged(said: Sequence[Statement]) -> list[Statement]:
    """One statement for each stated fact; a request error where two clash."""
    stated: dict[str, Statement] = {}
    others = []
    for part in said:
        if part.provenance != "stated" or part.is_default:
            others.append(part)
        else:
            stated[part.fact] = merge(stated[part.fact], part) if part.fact in stated else part
    return [*stated.values(), *others]


def _continued(before: Sequence[Statement], new: Sequence[Statement]) -> list[Statement]:
    """What was said before with what is said now: the newer word on a fact replaces the older
    one, members of a list are added, and another tool takes its settings with it."""
    firm = {part.fact: part for part in new if part.provenance == "stated"}
    tool = firm.get("tool.id")
    older_tool = next((s for s in before if s.fact == "tool.id"), None)
    is_other = bool(
        tool
        and older_tool
        and not (tool.values or frozenset()) <= (older_tool.values or frozenset())
    )
    kept = [s for s in before if not (is_other and s.fact.startswith("tool."))]
    result = [s for s in kept if s.provenance != "stated" or s.fact not in firm]
    for part in new:
        older = [s for s in kept if s.provenance == "stated" and s.fact == part.fact]
        result += _added(older, part) if part.provenance == "stated" else [part]
    return result


def _added(older: Sequence[Statement], newer: Statement) -> list[Statement]:
    """Members of a list are added up, and "none of these" is said of the others; only a member
    that is named again changes sides. Another value replaces the older one, and being unsure
    takes nothing back."""
    present = frozenset(m for part in older for m in part.present)
    if newer.is_unsure:
        return [newer, Statement(newer.fact, present=present)] if present else [newer]
    if newer.values is not None:
        both = newer.values
        for part in older:
            both &= part.values if part.values is not None else both
        return [replace(newer, values=both or newer.values)]
    if newer.low is not None:
        return [newer]
    absent = frozenset(m for part in older for m in part.absent)
    return [
        replace(
            newer,
            present=(present - newer.absent) | newer.present,
            absent=(absent - newer.present) | newer.absent,
            is_complete=newer.is_complete or any(part.is_complete for part in older),
        )
    ]


def _as_seen(entry: Entry, caller: Caller) -> Entry:
    """What a caller may know of an entry; of somebody else's, not who owns it and what for."""
    is_open = entry.is_own or caller.sees_all
    return entry if is_open else replace(entry, owner="", purpose="")


def _stamp(now: datetime.datetime) -> str:
    return now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _request_id(text: str) -> str:
    """The same request has the same id, so that a retry adds nothing. What somebody wrote
    is not kept in it: rows with it are never erased."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def entry_dict(entry: Entry) -> dict[str, Plain]:
    """An entry in plain values, without what is empty."""
    shown: dict[str, Plain] = {
        "entry": entry.id,
        "status": entry.status,
        "title": entry.title,
        "purpose": entry.purpose,
        "decision": entry.decision,
        "check": entry.check,
        "organisation": entry.organisation,
        "unit": entry.unit,
        "owner": entry.owner,
        "own": entry.is_own,
        "members": entry.members,
        "created_at": entry.created_at,
    }
    return {name: value for name, value in shown.items() if value not in ("", None)}
