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
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

from workload import All, Condition, Either, Facts, Has, Is, MoreThan, Not, Policy, fact_values

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
        try:
            return version(cls.package)
        except PackageNotFoundError:
            return ""

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
        case Is(fact, (value,)):
            return f'context["{fact}"] == "{value}"'
        case Is(fact, values):
            return f'[{_quoted(values)}].contains(context["{fact}"])'
        case Has(fact, (member,)):
            return f'context["{fact}"].contains("{member}")'
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
                return [f"count({_variable(fact)} & {{{_quoted(members)}}}) > 0"]
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
    """One compiled expression for each policy: CEL has no notion of a set of policies."""

    package = "cel-expr-python"
    title = "CEL (cel-expr-python)"

    def __init__(self, policies: Sequence[Policy]) -> None:
        super().__init__(policies)
        self.expressions = [_cel(policy.condition) for policy in policies]

    def load(self) -> Ask:
        """Every expression compiled and checked against the types of the facts."""
        from cel_expr_python import cel

        types: dict[str, Any] = {"set": cel.Type.List(cel.Type.STRING), "integer": cel.Type.INT}
        env = cel.NewEnv(
            variables={
                fact: types.get(kind, cel.Type.STRING) for fact, (kind, _) in fact_values().items()
            }
        )
        compiled = [
            (name, env.compile(text)) for name, text in zip(self.ids, self.expressions, strict=True)
        ]

        def ask(facts: Facts) -> frozenset[str]:
            given = env.Activation(facts)
            return frozenset(name for name, each in compiled if each.eval(given).value() is True)

        return ask


def _cel(condition: Condition) -> str:
    match condition:
        case Is(fact, (value,)):
            return f'{fact} == "{value}"'
        case Is(fact, values):
            return f"{fact} in [{_quoted(values)}]"
        case Has(fact, (member,)):
            return f'"{member}" in {fact}'
        case Has(fact, members) if len(members) <= 4:
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


PEERS: tuple[type[Peer], ...] = (Cedar, Rego, Cel)
