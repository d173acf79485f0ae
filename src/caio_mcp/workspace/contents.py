"""The files of a new workspace: answers in, texts out, commented for the people who edit them."""

from __future__ import annotations

import datetime
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..core.catalogue import Tool
from ..core.decision import decide
from ..core.facts import NONE, Statement, statement
from ..core.library import FileSet, Library, lineage, load
from ..core.policy import AnyOf, PolicySet, When, facts_of
from ..core.vocabulary import UNLISTED
from ..settings import CONFIG_NAME
from .answers import PACKS, ROLES, WORKS_COUNCIL_FROM, Answers, Person, ToolAnswer

DPO_FROM = 20  # people who work with personal data: BDSG section 38(1)
REVIEW_DAYS = 365  # from the approval of a tool to its review
USUAL_DAYS = {"caio": 5, "dpo": 3, "security": 2, "legal": 5, "hr": 5}


@dataclass(frozen=True, slots=True)
class ContractFact:
    """A fact that a contract settles: as a question, what is risky and how that is said, and an
    example of what to write once it is settled."""

    ask: str
    risk: str = ""
    risky: str = ""
    settled: str = ""
    place: str = ""  # where it matters alone


# The gravest first.
CONTRACT_FACTS: Mapping[str, ContractFact] = {
    "tool.trains_on_input": ContractFact(
        "whether it trains on your input", "it trains on your input", "yes", "no"
    ),
    "tool.dpa": ContractFact(
        "whether a processor contract covers it", "no processor contract covers it", "no", "yes"
    ),
    "tool.transfer_mechanism": ContractFact(
        "which safeguard covers data that leaves the EEA",
        "no safeguard covers data that leaves the EEA",
        "none",
        "scc",
    ),
    "tool.region": ContractFact("where it processes data", settled="eea"),
    "tool.retention_days": ContractFact("how many days it keeps your input", settled="30"),
    "tool.vendor_review": ContractFact(
        "whether its people may read your input", "its people may read your input", "yes", "no"
    ),
    "tool.baa": ContractFact(
        "whether you signed a HIPAA agreement with it", settled="yes", place="us"
    ),
}
_PLAIN = re.compile(r"[^\W\d_][\w .()/&+-]*[\w.)]")  # needs no quotes in YAML
_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_WIDTH = 96

Uses = dict[tuple[str, ...], dict[str, str]]  # by the cells of its row, what is said of a use


@dataclass(frozen=True, slots=True)
class Base:
    """What a pack is made on top of: the packs that come along, as files and as one library."""

    policies: Mapping[str, bytes]
    library: Library


def workspace_files(answers: Answers, base: Base, today: datetime.date) -> dict[str, str]:
    """The text of every file of the workspace, by its path there. The policy was loaded and
    its tests say what it decides."""
    pack = {
        "policy.yaml": _policy(answers, base, today),
        "approvals.yaml": "",
        "rules/own.yaml": _rules(answers, today),
    }
    library = load_pack(answers.id, pack, base)
    pack["approvals.yaml"] = _approvals(answers, library.policy, today)
    library = load_pack(answers.id, pack, base)
    pack["tests/own.test.yaml"] = _tests(answers, library, today)
    load_pack(answers.id, pack, base)
    files = {CONFIG_NAME: _settings(answers)}
    return files | {f"policies/{answers.id}/{path}": text for path, text in pack.items()}


def load_pack(name: str, files: Mapping[str, str], base: Base) -> Library:
    """The library of a pack that is not on the disk yet."""
    own = {f"{name}/{path}": text.encode() for path, text in files.items() if text}
    found = FileSet(name, {**base.policies, **own})
    chain = lineage(found)
    read = {path: content for path, content in found.files.items() if path.split("/")[0] in chain}
    return load(FileSet(name, read), chain, base.library.catalogue_files)


def inherited(answers: Answers) -> str:
    """What `inherits:` says: `default` where that is all of the packs."""
    if set(answers.inherits) == set(PACKS):
        return "default"
    return f"[{', '.join(answers.inherits)}]"


# -- words in files ------------------------------------------------------------------------


def text(said: str) -> str:
    """A piece of text as YAML and TOML take it."""
    is_plain = _PLAIN.fullmatch(said) and said.casefold() not in _WORDS
    return said if is_plain else json.dumps(said, ensure_ascii=False)


def _comment(words: str, indent: str = "") -> str:
    lines = textwrap.wrap(words, _WIDTH - len(indent), break_on_hyphens=False)
    return "".join(f"{indent}# {line}\n" for line in lines)


def _settings(answers: Answers) -> str:
    return (
        _comment(
            "Settings of caio-mcp in this folder. The policy is in policies/, the register of "
            "uses beside this file."
        )
        + f"policy = {json.dumps(answers.id)}\n"
        + f"organisation = {json.dumps(answers.name, ensure_ascii=False)}\n"
    )


# -- policy.yaml ---------------------------------------------------------------------------


def _policy(answers: Answers, base: Base, today: datetime.date) -> str:
    caio = answers.contacts.get("caio")
    owner = caio.who if caio else answers.adopted_by or answers.name
    parts = [
        _comment(
            f"What {answers.name} allows in AI tools. It inherits the rules of packs that come "
            "with caio-mcp and says what is its own: where it is, who decides, and, in the files "
            "beside this one, its tools (approvals.yaml), rules (rules/) and tests (tests/). "
            "After a change run `caio-mcp policy check` and `caio-mcp policy test`."
        ),
        f"name: {answers.id}\n",
        f"title: {text(f'{answers.name} policy')}\n",
        f"owner: {text(owner)}\n",
        'version: "1"\n',
        "\n",
        *_adoption(answers, today),
        "\n",
        f"inherits: {inherited(answers)}\n",
        "\n",
        *_profile(answers),
        "\n",
        *_levels(answers, base),
        "\n",
        *_contacts(answers),
        *_training(answers),
    ]
    return "".join(parts)


def _adoption(answers: Answers, today: datetime.date) -> Iterator[str]:
    if answers.adopted_by:
        yield f"adopted_by: {text(answers.adopted_by)}\n"
        yield f"adopted_on: {today}\n"
        return
    yield _comment(
        "Not adopted: every answer says so. Whoever puts this policy in force writes, without "
        "the # in front:"
    )
    yield f"# adopted_by: Ada Example\n# adopted_on: {today}\n"


def _profile(answers: Answers) -> Iterator[str]:
    places = ", ".join(answers.jurisdictions)
    sectors = ", ".join(answers.sectors)
    lines = {
        "actor.region": (answers.country.region, answers.country.name),
        "actor.jurisdictions": (
            f"{{only: [{places}]}}" if places else "none",
            "where it is, hires or serves people, and nowhere else",
        ),
        "actor.sector": (f"{{only: [{sectors}]}}", ""),
    }
    if answers.works_council:
        why = ""
        if answers.works_council == "no_council" and answers.people:
            few = answers.people < WORKS_COUNCIL_FROM
            why = "too few people to elect one" if few else ""
        lines["legal.works_council"] = (answers.works_council, why)
    people = f" {answers.people:,} people work there." if answers.people else ""
    yield _comment(f"True of every use, so that nobody is asked.{people}")
    yield "profile:\n"
    for fact, (value, why) in lines.items():
        yield f"  {fact}: {value}{f'  # {why}' if why else ''}\n"
    if answers.works_council in ("missing", "informed"):
        yield _comment("Write `agreed` once there is a works agreement on the AI tools.", "  ")


def _levels(answers: Answers, base: Base) -> Iterator[str]:
    if not answers.levels:
        levels = base.library.policy.levels
        shown = ", ".join(f"{level.title} ({level.example})" for level in levels)
        yield _comment(
            f"The levels of data are those of the packs: {shown}. To use your own names, list all "
            "of them in rising order, each with the one it is like:"
        )
        yield "# levels:\n"
        yield from (
            f"#   - {{id: {level.id}, title: {level.title}, like: {level.id}}}\n"
            for level in levels
        )
        return
    yield _comment("The levels of data in rising order, each with the usual one it is like.")
    yield "levels:\n"
    for level in answers.levels:
        words = f", synonyms: [{', '.join(map(text, level.synonyms))}]" if level.synonyms else ""
        yield (
            f"  - {{id: {level.id}, title: {text(level.title)}, like: {level.like}{words}, "
            f"example: {text(level.example)}}}\n"
        )


def _contacts(answers: Answers) -> Iterator[str]:
    yield _comment("Who decides in which role: names, addresses or groups, and their usual days.")
    yield "contacts:\n" if answers.contacts else "# contacts:\n"
    for role, does in ROLES.items():
        person = answers.contacts.get(role)
        if person:
            yield f"  {role}: {_person(role, person)}  # {does}\n"
        else:
            days = USUAL_DAYS[role]
            yield f"  # {role}: {{who: name or address, usual_days: {days}}}  # open: {does}\n"
    is_big = answers.people is None or answers.people >= DPO_FROM
    if is_big and "dpo" not in answers.contacts and "germany" in answers.jurisdictions:
        yield _comment(
            f"In Germany a data protection officer must be named once {DPO_FROM} people work "
            "with personal data on computers as a rule (BDSG section 38).",
            "  ",
        )


def _person(role: str, person: Person) -> str:
    days = person.usual_days if person.usual_days is not None else USUAL_DAYS[role]
    return f"{{who: {text(person.who)}, usual_days: {days}}}"


def _training(answers: Answers) -> Iterator[str]:
    if not answers.training:
        return
    words = text(f"New to AI tools? Take this first: {answers.training}")
    yield "\n"
    if "eu-ai-act" in answers.inherits:
        yield _comment("The training that answers point to (AI Act Art. 4).")
        yield f"obligations:\n  ai_literacy: {{text: {words}, kind: should}}\n"
        return
    yield _comment("The training that answers point to.")
    yield f"obligations:\n  ai_literacy: {{text: {words}, kind: should}}\nadvice: [ai_literacy]\n"


# -- approvals.yaml ------------------------------------------------------------------------


def _approvals(answers: Answers, policy: PolicySet, today: datetime.date) -> str:
    head = _comment(
        "What was decided of each tool: approved, restricted (approved with limits), pending (its "
        "uses are reviewed) or blocked. A tool that is not here is not approved. `cleared_level:` "
        "would be the highest level of data it may take, `facts:` what your own contract settles."
    )
    if not answers.tools:
        return (
            f"{head}tools: []\n"
            "# tools:\n"
            f"#   - {{id: chatgpt-team, status: approved, owner: caio, since: {today}}}\n"
        )
    asked = asked_facts(policy)
    parts = [head, "tools:\n"]
    for answer in answers.tools:
        settled = answers.settled.get(answer.tool.id, {})
        parts.append(_tool_comment(answer, asked, answers.jurisdictions, settled))
        parts.append(f"  - id: {answer.tool.id}\n    status: {answer.status}\n")
        parts.append(f"    owner: caio\n    since: {today}\n")
        if answer.status == "approved":
            parts.append(f"    review_due: {today + datetime.timedelta(days=REVIEW_DAYS)}\n")
            parts.append(_own_facts(answer.tool, settled))
        elif answer.status == "pending":
            parts.append("    reason: somebody asked for it, and nobody decided yet\n")
    return "".join(parts)


def _own_facts(tool: Tool, settled: Mapping[str, str]) -> str:
    """What is so because the account is the organisation's, and what its contract settles."""
    facts = dict(settled)
    if is_account_open(tool):
        facts = {"tool.account": "organisation", **facts}
    if not facts:
        return ""
    shown = ", ".join(f"{name}: {value}" for name, value in facts.items())
    return f"    facts: {{{shown}}}  # your own account and contract\n"


def _tool_comment(
    answer: ToolAnswer,
    asked: frozenset[str],
    places: Sequence[str],
    settled: Mapping[str, str],
) -> str:
    tool = answer.tool
    sign = f" You see: {tool.visible_sign}." if tool.visible_sign else ""
    words = _comment(f"{tool.name}.{sign}", "  ")
    points = points_of(tool, asked - settled.keys(), places)
    if points.risky:
        words += _comment(f"Risky: {'; '.join(points.risky)}.", "  ")
    if points.open and answer.status == "approved":
        words += _comment(f"Open in the catalogue: {points.asked}.", "  ")
        words += _comment(
            f"Where your contract settles it, write so, for example {points.example}", "  "
        )
    return words


def asked_facts(policy: PolicySet) -> frozenset[str]:
    """The facts that the rules, tables and groups of a policy ask for."""
    whens: list[When] = [rule.when for rule in policy.rules]
    whens += [exception.when for rule in policy.rules for exception in rule.unless]
    whens += [column.when for table in policy.tables for column in table.columns]
    whens += policy.tool_groups.values()
    return frozenset(facts_of(AnyOf(tuple(whens))))


@dataclass(frozen=True, slots=True)
class Points:
    """What to look at in the contract of a tool: facts that rules ask for."""

    open: tuple[str, ...]
    risky: tuple[str, ...]

    @property
    def asked(self) -> str:
        """What is open, in words."""
        return "; ".join(CONTRACT_FACTS[name].ask for name in self.open)

    @property
    def example(self) -> str:
        """What to write for the first of what is open."""
        return f"`facts: {{{self.open[0]}: {CONTRACT_FACTS[self.open[0]].settled}}}`"


def points_of(
    tool: Tool, asked: frozenset[str], places: Sequence[str], settled: Sequence[Statement] = ()
) -> Points:
    """The facts of a contract that rules ask for, and that the catalogue leaves open or finds
    risky for a tool."""
    known = {f.said.fact: f.said for f in tool.facts}
    known |= {said.fact: said for said in settled}
    left, risks = [], []
    for name, fact in CONTRACT_FACTS.items():
        if name not in asked or (fact.place and fact.place not in places):
            continue
        said = known.get(name)
        if said is None or (_is_open(said) and _may_be(said, fact.risky)):
            left.append(name)
        elif fact.risk and said.values == frozenset([fact.risky]):
            risks.append(fact.risk)
    return Points(tuple(left), tuple(risks))


def _may_be(said: Statement, risky: str) -> bool:
    """Whether what is open may be the risky value; where none is, any may."""
    return not risky or said.values is None or risky in said.values


def _is_open(said: Statement) -> bool:
    if said.values is not None:
        return len(said.values) > 1
    return said.low is None or said.low != said.high


def is_account_open(tool: Tool) -> bool:
    """Whether the catalogue leaves open whose account it is, and it can be the organisation's."""
    account = next((f.said.values for f in tool.facts if f.said.fact == "tool.account"), None)
    return account is None or (len(account) > 1 and "organisation" in account)


# -- rules/own.yaml and tests/own.test.yaml ------------------------------------------------


def _rules(answers: Answers, today: datetime.date) -> str:
    return _comment(
        "Rules of your own; they can only make the policy stricter. This one is an example: to "
        "use it, remove the line `rules: []` and the # in front of the others."
    ) + textwrap.dedent(f"""\
        rules: []
        # rules:
        #   - id: OWN-1
        #     title: No plans of the factory in any cloud
        #     effect: prohibit                  # or review, with `reviewer: caio`
        #     when: {{data.categories: trade_secret, tool.hosting: {{not: own_device}}}}
        #     reason: Plans of the factory stay on our own machines.
        #     source: Decision of the board
        #     reviewed: {today}
        """)


def _tests(answers: Answers, library: Library, today: datetime.date) -> str:
    """What the policy decides now in every tool that was named, and in one that nobody named.
    What still depends on a contract is left out: these decisions hold however it is settled."""
    levels = [level.id for level in library.policy.levels]
    tools = [*(answer.tool.id for answer in answers.tools), UNLISTED]
    plain: Uses = {
        (level, tool): {"data.categories": NONE, "data.level": level}
        for tool in tools
        for level in levels
    }
    secret: Uses = {(tool,): {"data.categories": "credentials"} for tool in tools}
    return (
        _comment(
            "What this policy is expected to decide; `caio-mcp policy test` compares. It is what "
            "the policy decided when it was made: where that is not what you want, change the "
            "policy, and then the line here."
        )
        + f"suite: {text(answers.name)}\n"
        + f"as_of: {today}\n"
        + "facts: {purpose.task: summarise}\n"
        + "cases:\n"
        + "  - name: Each level of data, with nothing regulated in it\n"
        + "    given: {data.categories: none}\n"
        + _table(("data.level", "tool.id"), _decided(library, plain, today))
        + "  - name: Passwords, keys and tokens\n"
        + "    given: {data.categories: credentials}\n"
        + _table(("tool.id",), _decided(library, secret, today))
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The cases of a test, one a line, in columns."""
    widths = [max(map(len, cells)) + 1 for cells in zip(*rows, strict=True)]
    lines = [
        " ".join(f"{cell},".ljust(width) for cell, width in zip(row[:-1], widths, strict=False))
        for row in rows
    ]
    return (
        f"    for_each:\n      columns: [{', '.join((*columns, 'decision'))}]\n      rows:\n"
    ) + "".join(f"        - [{line} {row[-1]}]\n" for line, row in zip(lines, rows, strict=True))


def _decided(library: Library, uses: Uses, today: datetime.date) -> list[tuple[str, ...]]:
    """Of each use, named by its row with the tool last, the row and the decision."""
    found = []
    for row, facts in uses.items():
        said = {"purpose.task": "summarise", "tool.id": row[-1], **facts}
        statements = [statement(library.vocabulary, *pair) for pair in said.items()]
        got = decide(library.engine, statements, today)
        if got.ruling.is_final:
            found.append((*row, got.decision))
    return found
