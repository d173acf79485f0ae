"""Policies of any size and sets of facts, always the same ones: what the benchmarks decide.

The 40 rules and two tables in `pack/` are the base; more rules are drawn for it. A rule is
kept as its file says it, and once more as a condition that knows nothing of the program, so
that other engines can be given the same policies and the program's answers can be checked.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from caio_mcp.core.library import FileSet

HERE = Path(__file__).resolve().parent
VOCABULARY = HERE.parent / "data" / "vocabulary.yaml"
RULES_PER_FILE = 500
EFFECTS = ("allow", "allow_with_conditions", "review", "prohibit")

FactValue = str | int | list[str]
Facts = dict[str, FactValue]  # one value, a number, or the complete list of a set


# -- conditions --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Is:
    """A choice or level has one of these values."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """A set has at least one of these members."""

    fact: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoreThan:
    """A number is larger than this one."""

    fact: str
    number: int


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition = Is | Has | MoreThan | Not | All | Either


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds for complete facts."""
    match condition:
        case Is(fact, values):
            return facts[fact] in values
        case Has(fact, members):
            return not set(members).isdisjoint(_members(facts[fact]))
        case MoreThan(fact, number):
            return int(str(facts[fact])) > number
        case Not(part):
            return not holds(part, facts)
        case All(parts):
            return all(holds(part, facts) for part in parts)
        case Either(parts):
            return any(holds(part, facts) for part in parts)


def _members(value: FactValue) -> list[str]:
    assert isinstance(value, list)
    return value


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule, a cell or an approval that speaks: under this condition it has this effect."""

    id: str
    effect: str
    condition: Condition


# -- reading what is written ---------------------------------------------------------------


@cache
def _written(name: str) -> Any:
    """A file of the base pack, every scalar as its text (`no` stays the word)."""
    return yaml.load((HERE / "pack" / name).read_bytes(), yaml.CBaseLoader)


@cache
def fact_values() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Type and values of each fact of the bundled vocabulary that the base pack speaks of."""
    listed = yaml.load(VOCABULARY.read_bytes(), yaml.CBaseLoader)["facts"]
    head = _written("policy.yaml")
    tools = (*(tool["id"] for tool in _written("tools.yaml")["tools"]), "unlisted")
    drawn = {"tools": tools, "models": ("unlisted",), "overlays": tuple(head["overlays"])}
    names = ("policy.yaml", "approvals.yaml", "tables.yaml", "rules.yaml", "tools.yaml")
    text = "".join((HERE / "pack" / name).read_text() for name in names)
    found = {}
    for fact in listed:
        if fact["id"] not in text and fact["id"] not in CONCLUDED:
            continue
        values = tuple(fact.get("values", ())) or drawn.get(fact.get("values_from", ""), ())
        found[fact["id"]] = (
            fact["type"],
            tuple(head["levels"]) if fact["type"] == "level" else values,
        )
    return found


def read_condition(written: Mapping[str, Any]) -> Condition:
    """A `when:` as a condition, with groups spelled out."""
    parts: list[Condition] = []
    for key, value in written.items():
        if key in ("any", "all"):
            inner = tuple(map(read_condition, value))
            parts.append(Either(inner) if key == "any" else All(inner))
        elif isinstance(value, Mapping):
            parts += [_test(key, operator, operand) for operator, operand in value.items()]
        else:
            parts.append(_test(key, "any_of", value))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _test(fact: str, operator: str, operand: str | list[str]) -> Condition:
    kind, _ = fact_values()[fact]
    if operator in ("above", "up_to"):
        above = _above(fact, str(operand))
        return above if operator == "above" else Not(above)
    if kind == "integer":
        more = MoreThan(fact, int(str(operand)))
        return more if operator == "more_than" else Not(more)
    values = _values(fact, [operand] if isinstance(operand, str) else operand)
    if operator == "all_of":
        return All(tuple(Has(fact, (value,)) for value in values))
    found: Condition = Has(fact, values) if kind == "set" else Is(fact, values)
    return found if operator == "any_of" else Not(found)


def _above(fact: str, limit: str) -> Condition:
    levels = tuple(_written("policy.yaml")["levels"])
    if limit in levels:
        return Is(fact, levels[levels.index(limit) + 1 :])
    pairs = [All((Is(limit, (each,)), _above(fact, each))) for each in levels[:-1]]
    return Either(tuple(pairs))


def _values(fact: str, words: Sequence[str]) -> tuple[str, ...]:
    groups = {} if fact == "tool.group" else _written("policy.yaml")["groups"].get(fact, {})
    found: list[str] = []
    for word in words:
        found += _values(fact, groups[word]) if word in groups else [word]
    return tuple(dict.fromkeys(found))


# -- policies --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Workload:
    """A policy pack as files, and the same policies as conditions."""

    files: FileSet
    catalogue: FileSet
    policies: tuple[Policy, ...]

    @property
    def packs(self) -> list[str]:
        """The folders of the policy set."""
        return [self.files.name]


def make_workload(rules_count: int) -> Workload:
    """The base pack with as many rules, drawn where the base has fewer."""
    base: list[dict[str, Any]] = _written("rules.yaml")["rules"]
    chance = random.Random(f"rules {rules_count}")
    drawn = [_drawn_rule(number, chance) for number in range(rules_count - len(base))]
    rules = [*base, *drawn]
    files = {
        f"pack/{target}": (HERE / "pack" / name).read_bytes()
        for name, target in (
            ("policy.yaml", "policy.yaml"),
            ("approvals.yaml", "approvals.yaml"),
            ("remedies.yaml", "remedies.yaml"),
            ("tables.yaml", "tables/tables.yaml"),
            ("rules.yaml", "rules/base.yaml"),
        )
    }
    for start in range(0, len(drawn), RULES_PER_FILE):
        part = {"rules": drawn[start : start + RULES_PER_FILE]}
        text = yaml.dump(part, Dumper=yaml.CSafeDumper, sort_keys=False, width=100)
        files[f"pack/rules/drawn-{start:06}.yaml"] = text.encode()
    return Workload(
        FileSet("pack", files),
        FileSet(
            "data",
            {
                "vocabulary.yaml": VOCABULARY.read_bytes(),
                "tools/tools.yaml": (HERE / "pack" / "tools.yaml").read_bytes(),
            },
        ),
        (*_cells(), *_approvals(), *map(_rule, rules)),
    )


def _rule(written: Mapping[str, Any]) -> Policy:
    when = read_condition(written["when"])
    exceptions = [Not(read_condition(case["when"])) for case in written.get("unless", ())]
    condition = All((when, *exceptions)) if exceptions else when
    return Policy(written["id"], written["effect"], condition)


def _cells() -> Iterator[Policy]:
    for table in _written("tables.yaml")["tables"]:
        named = {k: read_condition(v) for k, v in table["columns"].items() if k != "otherwise"}
        rest = Not(Either(tuple(named.values())))
        for fact, rows in table["rows"].items():
            for row, cells in rows.items():
                here = _test(fact, "any_of", row)
                for column, word in zip(table["columns"], cells, strict=True):
                    said = table["words"][word]
                    yield Policy(
                        f"{table['id']}/{row}/{column}",
                        said if isinstance(said, str) else said["effect"],
                        All((here, named.get(column, rest))),
                    )


def _approvals() -> Iterator[Policy]:
    effects = {"pending": "review", "blocked": "prohibit"}
    for tool in _written("approvals.yaml")["tools"]:
        if tool["status"] in effects:
            yield Policy(
                f"approval/{tool['id']}", effects[tool["status"]], Is("tool.id", (tool["id"],))
            )


def _drawn_rule(number: int, chance: random.Random) -> dict[str, Any]:
    """A rule as a unit or region would add it: for some tasks, some tools, some data."""
    when = {"purpose.task": _some("purpose.task", chance, 1, 3)} | dict(
        chance.sample(_drawn_tests(chance), chance.choice((2, 2, 3, 3, 4)))
    )
    (effect,) = chance.choices(("allow_with_conditions", "review", "prohibit"), (14, 5, 1))
    rule: dict[str, Any] = {
        "id": f"UNIT-{number:05}",
        "title": f"Rule {number} of a unit",
        "effect": effect,
        "when": when,
    }
    if chance.random() < 0.15:
        field = chance.choice(("legal.art9_condition", "tool.region", "processing.human_review"))
        rule["unless"] = [
            {"id": "own", "when": {field: _some(field, chance, 1, 2)}, "source": "Unit standard"}
        ]
    if effect == "allow_with_conditions":
        rule["obligations"] = [chance.choice(("minimise", "human_check", "record"))]
    return rule | {"reason": f"Reason {number} of a unit.", "source": "Unit standard"}


def _drawn_tests(chance: random.Random) -> list[tuple[str, Any]]:
    """Tests to choose from, one of each fact."""
    categories = _some("data.categories", chance, 1, 4)
    members = {"any_of": categories} if chance.random() < 0.8 else {"none_of": categories}
    limit = chance.choice(("public", "internal", "confidential"))
    level = {chance.choice(("above", "above", "up_to")): limit}
    region = _some("tool.region", chance, 1, 2)
    return [
        ("tool.id", _some("tool.id", chance, 1, 2)),
        ("tool.region", region if chance.random() < 0.7 else {"not": region}),
        ("tool.retention_days", {chance.choice(("more_than", "at_most")): "30"}),
        ("actor.region", _some("actor.region", chance, 1, 2)),
        ("data.level", level),
        ("data.categories", members),
        ("processing.action", _some("processing.action", chance, 1, 2)),
        ("output.audience", _some("output.audience", chance, 1, 1)),
    ]


def _some(fact: str, chance: random.Random, fewest: int, most: int) -> list[str]:
    _, values = fact_values()[fact]
    return sorted(chance.sample(values, chance.randint(fewest, most)))


# -- facts -----------------------------------------------------------------------------------

CONCLUDED = ("tool.group", "tool.approval", "tool.cleared_level", "data.overlays")
NOT_NEEDED = ("model.approval",)  # concluded too, and in no rule of the pack
RETENTION_DAYS = (0, 1, 30, 31, 90, 91, 365)


def complete_facts(count: int, series: str = "") -> list[Facts]:
    """Everything that can be said of as many uses; what follows from it is left out.

    Another series has other uses.
    """
    chance = random.Random(f"facts {series}")
    return [_drawn_facts(chance) for _ in range(count)]


def with_unknown(uses: Sequence[Facts], share: float = 0.3) -> list[Facts]:
    """The same uses with that share of their facts left out."""
    chance = random.Random("unknown")
    return [{k: v for k, v in facts.items() if chance.random() >= share} for facts in uses]


def _drawn_facts(chance: random.Random) -> Facts:
    facts: Facts = {}
    for fact, (kind, values) in fact_values().items():
        if fact in (*CONCLUDED, *NOT_NEEDED):
            continue
        if kind == "set":
            most = 1 if fact == "purpose.practices" and chance.random() < 0.05 else 0
            most = chance.choice((0, 1, 2, 2, 3, 4)) if fact == "data.categories" else most
            facts[fact] = sorted(chance.sample(values, min(most, len(values))))
        elif kind == "integer":
            facts[fact] = chance.choice(RETENTION_DAYS)
        else:
            facts[fact] = chance.choice(values)
    _as_catalogue_says(facts, chance)
    if facts["tool.offline"] == "yes":  # the vocabulary says so
        facts |= {"tool.web_search": "off", "tool.hosting": "own_device"}
    return facts


def _as_catalogue_says(facts: Facts, chance: random.Random) -> None:
    for tool in _written("tools.yaml")["tools"]:
        if tool["id"] != facts["tool.id"]:
            continue
        for part in tool["facts"]:
            for fact, value in part.items():
                if fact in fact_values():
                    word = chance.choice(value) if isinstance(value, list) else value
                    is_number = fact_values()[fact][0] == "integer"
                    facts[fact] = int(word) if is_number else word


def with_concluded(facts: Facts) -> Facts:
    """Complete facts with what the policy and the approvals conclude from them."""
    head = _written("policy.yaml")
    status = {tool["id"]: tool for tool in _written("approvals.yaml")["tools"]}
    approval: Mapping[str, str] = status.get(str(facts["tool.id"]), {})
    found = facts | {
        "tool.approval": approval.get("status", "none"),
        "tool.cleared_level": approval.get("cleared_level", head["levels"][-1]),
    }
    return found | {
        "tool.group": _held(head["groups"]["tool.group"], found),
        "data.overlays": _held({k: v["when"] for k, v in head["overlays"].items()}, found),
    }


def _held(conditions: Mapping[str, Any], facts: Facts) -> list[str]:
    return [name for name, when in conditions.items() if holds(read_condition(when), facts)]


def applying(policies: Collection[Policy], facts: Facts) -> frozenset[str]:
    """The ids of the policies that apply to complete facts, by trying each one."""
    found = with_concluded(facts)
    return frozenset(policy.id for policy in policies if holds(policy.condition, found))
