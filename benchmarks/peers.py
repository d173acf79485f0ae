"""Other policy engines, given the same policies: Cedar, Rego and CEL.

Each is used as its own documentation recommends for speed: policies parsed once, one call for
all of them where it has one. They decide on complete facts, with what follows from those facts
handed to them; finding that out is work that only caio-mcp is measured with.
"""

from __future__ import annotations

import json
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from itertools import chain, compress
from pathlib import Path
from typing import Any, ClassVar

from environment import installed_version
from workload import All, Condition, Either, Facts, Has, Is, MoreThan, Not, Policy, fact_values

SPELLED_MAX = 4  # so many alternatives are faster written out than looked for in a list

Ask = Callable[[Facts], frozenset[str]]  # facts -> the ids of the policies that apply


class Peer(ABC):
    """One engine: `load()` is what its own loading costs, the constructor is not measured."""

    package: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, policies: Sequence[Policy]) -> None:
        self.ids = tuple(policy.id for policy in policies)

    @classmethod
    def installed(cls) -> str:
        """The installed version, or nothing."""
        return installed_version(cls.package)

    @abstractmethod
    def load(self) -> Ask:
        """Policies in the engine's own language, made ready to be asked."""


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(json.dumps(word) for word in words)


# -- Cedar -----------------------------------------------------------------------------------


class Cedar(Peer):
    """One `permit` for each policy, so that the diagnostics name all that apply."""

    package = "cedarpy"
    title = "Cedar (cedarpy)"

    def __init__(self, policies: Sequence[Policy]) -> None:
        super().__init__(policies)
        self.text = "\n".join(
            f"permit(principal, action, resource) when {{ {_cedar(p.condition)} }};"
            for p in policies
        )

    def load(self) -> Ask:
        """A pre-parsed PolicySet; entities stay empty."""
        import cedarpy

        policies = cedarpy.PolicySet.from_str(self.text)
        entities = cedarpy.Entities.from_json_str("[]")
        names = {f"policy{index}": name for index, name in enumerate(self.ids)}
        whom = {"principal": 'User::"u"', "action": 'Action::"use"', "resource": 'Data::"d"'}

        def ask(facts: Facts) -> frozenset[str]:
            result = cedarpy.is_authorized({**whom, "context": facts}, policies, entities)
            if result.diagnostics.errors:
                raise AssertionError(result.diagnostics.errors)
            return frozenset(names[reason] for reason in result.diagnostics.reasons)

        return ask


def _cedar(condition: Condition) -> str:
    match condition:
        case Is(fact, values) if len(values) <= SPELLED_MAX:
            return " || ".join(f'context["{fact}"] == "{value}"' for value in values)
        case Is(fact, values):
            return f'[{_quoted(values)}].contains(context["{fact}"])'
        case Has(fact, members) if len(members) <= SPELLED_MAX:
            return " || ".join(f'context["{fact}"].contains("{member}")' for member in members)
        case Has(fact, members):
            return f'context["{fact}"].containsAny([{_quoted(members)}])'
        case MoreThan(fact, number):
            return f'context["{fact}"] > {number}'
        case Not(part):
            return f"!({_cedar(part)})"
        case All(parts):
            return " && ".join(f"({_cedar(part)})" for part in parts)
        case Either(parts):
            return " || ".join(f"({_cedar(part)})" for part in parts)


# -- Rego ------------------------------------------------------------------------------------


class Rego(Peer):
    """A partial set of ids. Parts that need a rule of their own are shared between policies."""

    package = "opa-eval"
    title = "Rego (opa-eval, regorus)"

    def __init__(self, policies: Sequence[Policy]) -> None:
        super().__init__(policies)
        self._helpers: dict[Condition, str] = {}
        self._lines = ["package bench", "import rego.v1"]
        for fact, (kind, _) in fact_values().items():
            if kind == "set":
                self._lines.append(f'{_variable(fact)} := {{m | some m in input["{fact}"]}}')
        for policy in policies:
            tests = "; ".join(self._tests(policy.condition))
            self._lines.append(f"matched contains {json.dumps(policy.id)} if {{ {tests} }}")
        self.text = "\n".join(self._lines)

    def load(self) -> Ask:
        """An engine for the query; it reads its policy from a file only."""
        import opa_eval

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.rego"
            path.write_text(self.text)
            engine = opa_eval.OpaEval(str(path), query="data.bench.matched")

        def ask(facts: Facts) -> frozenset[str]:
            return frozenset(engine.evaluate_parsed(json.dumps(facts)))

        return ask

    def _tests(self, condition: Condition) -> list[str]:
        match condition:
            case Is(fact, (value,)):
                return [f'input["{fact}"] == "{value}"']
            case Is(fact, values):
                return [f'input["{fact}"] in {{{_quoted(values)}}}']
            case Has(fact, (member,)):
                return [f'"{member}" in {_variable(fact)}']
            case Has(fact, members):
                return [f"{{{_quoted(members)}}} & {_variable(fact)} != set()"]
            case MoreThan(fact, number):
                return [f'input["{fact}"] > {number}']
            case Not(part):
                return [f"not {self._helper(part)}"]
            case All(parts):
                return [test for part in parts for test in self._tests(part)]
            case Either():
                return [self._helper(condition)]

    def _helper(self, condition: Condition) -> str:
        if condition not in self._helpers:
            name = self._helpers[condition] = f"part_{len(self._helpers)}"
            bodies = condition.parts if isinstance(condition, Either) else (condition,)
            for body in bodies:
                tests = "; ".join(self._tests(body))
                self._lines.append(f"{name} if {{ {tests} }}")
        return self._helpers[condition]


def _variable(fact: str) -> str:
    return f"set_{fact.replace('.', '_')}"


# -- CEL -------------------------------------------------------------------------------------


class Cel(Peer):
    """Lists of conditions: CEL has no notion of a set of policies, and one evaluation of a
    list is several times faster than a loop in Python over one expression for each."""

    package = "cel-expr-python"
    title = "CEL (cel-expr-python), in lists"
    CHARACTERS_MAX = 90_000  # the parser takes 100,000

    def __init__(self, policies: Sequence[Policy]) -> None:
        super().__init__(policies)
        self.lists: list[list[str]] = [[]]
        size = 0
        for policy in policies:
            text = _cel(policy.condition)
            size += len(text) + 2
            if size > self.CHARACTERS_MAX and self.lists[-1]:
                self.lists.append([])
                size = len(text) + 2
            self.lists[-1].append(text)

    def load(self) -> Ask:
        """Every expression compiled and checked against the types of the facts."""
        from cel_expr_python import cel

        types: dict[str, Any] = {"set": cel.Type.List(cel.Type.STRING), "integer": cel.Type.INT}
        env = cel.NewEnv(
            variables={
                fact: types.get(kind, cel.Type.STRING) for fact, (kind, _) in fact_values().items()
            }
        )
        compiled = [env.compile(f"[{', '.join(texts)}]") for texts in self.lists]

        def ask(facts: Facts) -> frozenset[str]:
            given = env.Activation(facts)
            found = chain.from_iterable(_verdicts(each.eval(given)) for each in compiled)
            return frozenset(compress(self.ids, found))

        return ask


def _verdicts(value: Any) -> list[bool]:
    verdicts = value.plain_value()
    if not isinstance(verdicts, list):
        raise AssertionError(verdicts)
    return verdicts


def _cel(condition: Condition) -> str:
    match condition:
        case Is(fact, (value,)):
            return f'{fact} == "{value}"'
        case Is(fact, values):
            return f"{fact} in [{_quoted(values)}]"
        case Has(fact, (member,)):
            return f'"{member}" in {fact}'
        case Has(fact, members) if len(members) <= SPELLED_MAX:
            return " || ".join(f'"{member}" in {fact}' for member in members)
        case Has(fact, members):
            return f"{fact}.exists(m, m in [{_quoted(members)}])"
        case MoreThan(fact, number):
            return f"{fact} > {number}"
        case Not(part):
            return f"!({_cel(part)})"
        case All(parts):
            return " && ".join(f"({_cel(part)})" for part in parts)
        case Either(parts):
            return " || ".join(f"({_cel(part)})" for part in parts)


class CelOneByOne(Cel):
    """One expression for each policy, as one would write it at first."""

    title = "CEL (cel-expr-python), one by one"
    CHARACTERS_MAX = 0


PEERS: tuple[type[Peer], ...] = (Cedar, Rego, Cel, CelOneByOne)
