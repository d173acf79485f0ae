"""Rules that a user brings along: the text of a gitleaks.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from .rule import Allowlist, SecretRule, Target
from .shapes import title

_WHOLE_TEXT = "a rule that needs another one beside it ([[rules.required]]) cannot be tried alone"
_TARGETS: dict[str, Target] = {"": "secret", "secret": "secret", "match": "match", "line": "line"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a rule, and where it stands."""

    place: str  # `rule 3 (acme-token)`, `allowlist 1`, or the line of the file
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Brought:
    """The rules of a gitleaks.toml. With a fault in it, no rule of it is to be trusted."""

    rules: tuple[SecretRule, ...] = ()
    faults: tuple[Fault, ...] = ()
    disabled: frozenset[str] = frozenset()  # ids of own rules that the file turns off
    extends: bool = True  # whether the rules that come with the product are used as well

    def together_with(self, own: Sequence[SecretRule]) -> tuple[SecretRule, ...]:
        """These rules and, where the file says so, the others; one of the same id replaces."""
        taken = self.disabled | {rule.id for rule in self.rules}
        others = [rule for rule in own if rule.id not in taken] if self.extends else []
        return (*self.rules, *others)


@dataclass
class _Reader:
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, problem: str) -> None:
        self.faults.append(Fault(place, problem))

    def rule(self, number: int, table: object) -> SecretRule | None:
        """One `[[rules]]`."""
        if not isinstance(table, Mapping):
            self.fault(f"rule {number}", "is not a table; write [[rules]]")
            return None
        name = self.text(table, "id", f"rule {number}")
        place = f"rule {number} ({name})" if name else f"rule {number}"
        if not name:
            self.fault(place, "has no id")
        regex, path = self.text(table, "regex", place), self.text(table, "path", place)
        if not regex and not path:
            self.fault(place, "has no regex")
        if table.get("required"):
            self.fault(place, _WHOLE_TEXT)
        for part, pattern in (("regex", regex), ("path", path)):
            self.compiles(pattern, f"{place}, {part}")
        if not regex or table.get("skipReport") is True:
            return None  # a rule of paths alone says nothing of a text
        group = table.get("secretGroup", 0)
        if not isinstance(group, int) or isinstance(group, bool) or group < 0:
            self.fault(place, f"secretGroup is {group!r}; write the number of a group")
            group = 0
        elif group > _groups(regex):
            self.fault(place, f"secretGroup is {group}; the regex has {_groups(regex)} groups")
            group = 0
        entropy = table.get("entropy", 0)
        if not isinstance(entropy, int | float) or isinstance(entropy, bool):
            self.fault(place, f"entropy is {entropy!r}; write a number")
            entropy = 0
        return SecretRule(
            name,
            self.text(table, "description", place) or title(name),
            regex,
            group,
            float(entropy),
            self.texts(table, "keywords", place),
            tuple(self.allowlists(table, place)),
            path,
            confidence="medium",
            window=(1000, 4000),
        )

    def allowlists(self, table: Mapping[str, Any], place: str) -> Iterator[Allowlist]:
        """The `allowlists` of a rule or of the file; `allowlist` in older files."""
        found = table.get("allowlists", table.get("allowlist", []))
        for number, one in enumerate(found if isinstance(found, list) else [found], 1):
            here = f"{place}, allowlist {number}"
            if not isinstance(one, Mapping):
                self.fault(here, "is not a table")
                continue
            yield self.allowlist(one, here)

    def allowlist(self, table: Mapping[str, Any], place: str) -> Allowlist:
        """One allowlist. What it says of commits cannot be about a text."""
        target, condition = (
            self.text(table, "regexTarget", place),
            self.text(table, "condition", place),
        )
        if target not in _TARGETS:
            self.fault(place, f"regexTarget is {target!r}; write secret, match or line")
        both = condition.upper() in ("AND", "&&")
        if condition and not both and condition.upper() not in ("OR", "||"):
            self.fault(place, f"condition is {condition!r}; write OR or AND")
        regexes, paths = self.texts(table, "regexes", place), self.texts(table, "paths", place)
        for number, regex in enumerate((*regexes, *paths), 1):
            self.compiles(regex, f"{place}, regex {number}")
        return Allowlist(
            regexes,
            self.texts(table, "stopwords", place),
            paths,
            _TARGETS.get(target, "secret"),
            "AND" if both else "OR",
        )

    def text(self, table: Mapping[str, Any], key: str, place: str) -> str:
        value = table.get(key, "")
        if isinstance(value, str):
            return value
        self.fault(place, f"{key} is {value!r}; write a text")
        return ""

    def texts(self, table: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.fault(place, f"{key} is not a list of texts")
        return ()

    def compiles(self, regex: str, place: str) -> None:
        problem = _problem(regex)
        if problem:
            self.fault(place, f"is no regex of RE2: {problem}")


def read_gitleaks(text: str) -> Brought:
    """The rules of a gitleaks.toml, and what is wrong with them."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Brought(faults=(Fault("gitleaks.toml", f"is not TOML: {error}"),))
    reader = _Reader()
    listed = table.get("rules", [])
    if not isinstance(listed, list):
        reader.fault("rules", "is not a list; write [[rules]]")
        listed = []
    rules = [rule for n, one in enumerate(listed, 1) if (rule := reader.rule(n, one)) is not None]
    for_all, for_some = _of_file(reader, table)
    rules = [
        rule._replace(allowlists=(*rule.allowlists, *for_all, *for_some.get(rule.id, ())))
        for rule in rules
    ]
    extend = table.get("extend", {})
    if not isinstance(extend, Mapping):
        reader.fault("extend", "is not a table")
        extend = {}
    if extend.get("path") or extend.get("url"):
        reader.fault("extend", "names another file, which is not read; put its rules into this one")
    return Brought(
        tuple(rules),
        tuple(reader.faults),
        frozenset(reader.texts(extend, "disabledRules", "extend")),
        extend.get("useDefault") is not False,
    )


def _of_file(
    reader: _Reader, table: Mapping[str, Any]
) -> tuple[list[Allowlist], dict[str, list[Allowlist]]]:
    """The allowlists of the file: those for all of its rules, and those for some by their id."""
    listed = table.get("allowlists", table.get("allowlist", []))
    found = list(reader.allowlists(table, "the file"))
    tables = [
        one
        for one in (listed if isinstance(listed, list) else [listed])
        if isinstance(one, Mapping)
    ]
    for_all: list[Allowlist] = []
    for_some: dict[str, list[Allowlist]] = {}
    for one, allowlist in zip(tables, found, strict=True):
        targets = reader.texts(one, "targetRules", "the file, allowlist")
        for target in targets:
            for_some.setdefault(target, []).append(allowlist)
        if not targets:
            for_all.append(allowlist)
    return for_all, for_some


def _problem(regex: str) -> str:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(regex, options)
    except re2.error as error:
        said = error.args[0]
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return ""


def _groups(regex: str) -> int:
    import re2

    return 0 if _problem(regex) else cast(int, re2.compile(regex).groups)
