"""What packs can say: several inherited ones, own levels, counts of conditions, advice."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.facts import statement
from caio_mcp.core.library import Library
from caio_mcp.errors import FileFaults
from caio_mcp.files import load_library
from conftest import write_pack

DAY = datetime.date(2026, 11, 22)
HEAD = "name: mine\nowner: me\nversion: '1'\n"
REFERENCE = ("public", "internal", "confidential", "restricted")


def pack(folder: Path, head: str, **files: str) -> Library:
    """A pack of that head, with other files as `rules='...'`."""
    named = {f"{name}/own.yaml": text for name, text in files.items()}
    write_pack(folder / "mine", {"policy.yaml": HEAD + head, **named})
    return load_library(f"{folder / 'mine'}/", (folder,))


def decided(library: Library, **facts: object) -> Decision:
    """The decision on facts written with _ for the dot of their group: data_level."""
    said = [
        statement(library.vocabulary, name.replace("_", ".", 1), value)  # type: ignore[arg-type]
        for name, value in facts.items()
    ]
    return decide(library.engine, said, DAY)


def faults(folder: Path, head: str, **files: str) -> list[tuple[str, int, str]]:
    with pytest.raises(FileFaults) as caught:
        pack(folder, head, **files)
    return [(fault.file, fault.line, fault.problem) for fault in caught.value.faults]


# -- several inherited packs -------------------------------------------------------------------


def test_a_pack_takes_only_the_packs_it_names(tmp_path: Path) -> None:
    library = pack(tmp_path, "inherits: [data-handling, security]\n")
    assert library.policy.inherits == ("common", "data-handling", "security")
    ids = {rule.id.partition("-")[0] for rule in library.policy.rules}
    assert ids == {"DH", "MODEL", "SEC", "PCI"}


def test_the_order_of_inherited_packs_does_not_matter(tmp_path: Path) -> None:
    facts = {"tool_id": "chatgpt-team", "data_level": "internal", "data_categories": "credentials"}
    outcomes = {
        decided(pack(tmp_path / str(n), f"inherits: [{', '.join(order)}]\n"), **facts).decision
        for n, order in enumerate(itertools.permutations(["data-handling", "gdpr", "security"]))
    }
    assert outcomes == {"prohibit"}


def test_a_pack_in_two_places_under_one_name_is_a_fault(tmp_path: Path) -> None:
    write_pack(tmp_path / "gdpr", {"policy.yaml": HEAD.replace("mine", "gdpr") + "inherits: ip\n"})
    write_pack(
        tmp_path / "ip" / "sub", {"policy.yaml": HEAD.replace("mine", "sub") + "levels: [a, b]\n"}
    )
    found = faults(tmp_path, "inherits: [gdpr, nowhere]\n")
    assert [(file, line) for file, line, _ in found] == [("mine/policy.yaml", 4)]


# -- own levels --------------------------------------------------------------------------------

GERMAN = """inherits: [data-handling, gdpr]
levels:
  - {id: offen, title: Offen, like: public}
  - {id: intern, title: Intern, like: internal}
  - {id: streng, title: Streng vertraulich, like: restricted}
"""


def on_level(library: Library, level: str, tool: str) -> str:
    return decided(
        library,
        data_level=level,
        tool_id=tool,
        data_categories="none",
        purpose_task="summarise",
        actor_region="eea",
    ).decision


def test_own_levels_take_the_rows_and_rules_of_those_they_are_like(tmp_path: Path) -> None:
    own = pack(tmp_path, GERMAN)
    base = load_library("data-handling")
    for level, like in [("offen", "public"), ("intern", "internal"), ("streng", "restricted")]:
        for tool in ("chatgpt-free", "chatgpt-team", "ollama-local", "unlisted"):
            assert on_level(own, level, tool) == on_level(base, like, tool), (level, tool)


def test_what_is_above_a_level_stays_above_it(tmp_path: Path) -> None:
    own = pack(tmp_path, GERMAN)
    for level, expected in [("offen", "allow"), ("intern", "prohibit"), ("streng", "prohibit")]:
        found = decided(
            own,
            data_level=level,
            tool_id="chatgpt-free",
            data_categories="none",
            purpose_task="summarise",
            tool_trains_on_input="yes",
        )
        assert found.decision == expected
        assert ("DH-TRAINING" in found.determining_rules) == (expected == "prohibit")


def test_a_kind_whose_level_is_missing_goes_to_the_next_stricter_one(tmp_path: Path) -> None:
    own = pack(tmp_path, GERMAN)
    assert own.policy.kind_levels["customer-list"] == "streng"  # confidential in the base
    assert own.policy.kind_levels["public-text"] == "offen"
    moves = {move.id: move for move in own.policy.moves}
    assert "have the rest reviewed as Intern" in moves["relevel_internal"].title
    assert "relevel_confidential" not in moves


def test_the_inherited_names_of_levels_are_no_levels_any_more(tmp_path: Path) -> None:
    own = pack(tmp_path, GERMAN)
    assert list(own.vocabulary.facts["data.level"].values) == ["offen", "intern", "streng"]


def test_a_unit_below_follows_the_levels_of_the_organisation(tmp_path: Path) -> None:
    pack(tmp_path, GERMAN)
    write_pack(
        tmp_path / "unit",
        {
            "policy.yaml": "name: unit\nowner: me\nversion: '1'\ninherits: mine\nlevels:\n"
            "  - {id: a, like: offen}\n  - {id: b, like: streng}\n"
        },
    )
    unit = load_library(f"{tmp_path / 'unit'}/", (tmp_path,))
    base = load_library("data-handling")
    assert on_level(unit, "a", "chatgpt-team") == on_level(base, "public", "chatgpt-team")
    assert on_level(unit, "b", "chatgpt-team") == on_level(base, "restricted", "chatgpt-team")
    assert unit.policy.kind_levels["org-charts"] == "b"


@pytest.mark.parametrize(
    ("levels", "line", "problem"),
    [
        ("[a, b]", 5, "does not say which inherited level"),
        ("[{id: a, like: public}]", 5, "No level here is like the highest inherited one"),
        ("[{id: a, like: restricted}, {id: b, like: public}]", 5, "in another order"),
        ("[{id: a, like: secret}]", 5, "'secret' is not an inherited level"),
        ("[{id: a, like: public}, {id: a, like: restricted}]", 5, "listed twice"),
    ],
)
def test_levels_that_do_not_fit_are_named(
    tmp_path: Path, levels: str, line: int, problem: str
) -> None:
    found = faults(tmp_path, f"inherits: data-handling\nlevels: {levels}\n")
    assert any(at == line and problem in text for _, at, text in found), found


@settings(max_examples=15, deadline=None)
@given(likes=st.lists(st.sampled_from(REFERENCE), max_size=5).map(lambda x: [*x, "restricted"]))
def test_own_levels_are_never_looser_than_what_they_are_like(
    tmp_path_factory: pytest.TempPathFactory, likes: list[str]
) -> None:
    likes = sorted(likes, key=REFERENCE.index)
    lines = "".join(f"  - {{id: l{n}, like: {like}}}\n" for n, like in enumerate(likes))
    own = pack(tmp_path_factory.mktemp("l"), f"inherits: data-handling\nlevels:\n{lines}")
    base = load_library("data-handling")
    for n, like in enumerate(likes):
        assert on_level(own, f"l{n}", "chatgpt-team") == on_level(base, like, "chatgpt-team")
    for kind, level in base.policy.kind_levels.items():
        assert likes[int(own.policy.kind_levels[kind][1:])] in REFERENCE[REFERENCE.index(level) :]


# -- counts, advice, duties in other words -------------------------------------------------------

COUNT = """rules:
  - id: TWO
    title: Two of three
    effect: prohibit
    when:
      at_least:
        number: 2
        of: [{purpose.workers_affected: yes}, {processing.profiling: yes}, {data.overlays: PHI}]
    reason: Two of them are too many.
    source: a board decision
"""


def test_at_least_counts_conditions(tmp_path: Path) -> None:
    library = pack(tmp_path, "inherits: common\n", rules=COUNT)
    for workers, profiling, category in itertools.product(["yes", "no"], ["yes", "no"], [0, 1]):
        found = decided(
            library,
            purpose_workers_affected=workers,
            processing_profiling=profiling,
            data_categories="health" if category else "none",
            data_overlays="PHI" if category else "none",
            data_level="public",
        )
        count = (workers == "yes") + (profiling == "yes") + category
        assert ("TWO" in found.determining_rules) == (count >= 2)


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_at_least_one_and_all_have_words_of_their_own(tmp_path: Path, number: int) -> None:
    text = COUNT.replace("number: 2", f"number: {number}")
    found = faults(tmp_path, "inherits: common\n", rules=text)
    assert [(file, line) for file, line, _ in found] == [("mine/rules/own.yaml", 7)]


ADVICE = """rules:
  - id: TIP
    title: A tip
    effect: allow
    when: {purpose.task: write}
    obligations: [NAME]
    reason: It helps.
    source: us
"""
DUTIES = "obligations:\n  tip: {text: Read it aloud., kind: should}\n  must: {text: Stop.}\n"


def test_a_rule_that_only_advises_changes_no_decision(tmp_path: Path) -> None:
    head = f"inherits: data-handling\n{DUTIES}"
    library = pack(tmp_path, head, rules=ADVICE.replace("NAME", "tip"))
    facts = {"tool_id": "chatgpt-free", "data_level": "public", "data_categories": "none"}
    written = decided(library, purpose_task="write", **facts)
    other = decided(library, purpose_task="summarise", **facts)
    assert written.decision == other.decision == "allow"
    assert [duty.id for duty in written.advice] == ["tip"]
    assert not other.advice


def test_a_rule_cannot_allow(tmp_path: Path) -> None:
    for name in ("must", "tip, must"):
        found = faults(
            tmp_path, f"inherits: data-handling\n{DUTIES}", rules=ADVICE.replace("NAME", name)
        )
        assert found == [("mine/rules/own.yaml", 4, "Rules only restrict; a table allows.")]


def test_an_inherited_duty_can_be_said_in_the_organisation_s_words(tmp_path: Path) -> None:
    words = "obligations: {ai_literacy: {text: Take the course AI-101 first.}}"
    library = pack(tmp_path, f"inherits: eu-ai-act\n{words}\n")
    duty = library.policy.obligations["ai_literacy"]
    assert (duty.text, duty.kind, duty.source) == (
        "Take the course AI-101 first.",
        "should",
        "AI Act Art. 4",
    )


def test_what_is_unsettled_is_at_least_reviewed(tmp_path: Path) -> None:
    text = COUNT.replace(
        "effect: prohibit", "effect: allow_with_conditions\n    unsettled: Who knows."
    )
    found = faults(tmp_path, "inherits: common\n", rules=text)
    assert [(line, problem) for _, line, problem in found] == [
        (5, "What the sources leave open needs somebody to look at it.")
    ]


# -- definitions and provisions ------------------------------------------------------------------


def test_a_definition_stands_for_its_condition(tmp_path: Path) -> None:
    named = "definitions: {watched: {purpose.workers_affected: yes}}"
    rule = (
        COUNT[: COUNT.index("    when:")]
        + "    when: {is: watched}\n    reason: No.\n    source: us\n"
    )
    library = pack(tmp_path, f"inherits: common\n{named}\n", rules=rule)
    assert "TWO" in decided(library, purpose_workers_affected="yes").determining_rules
    bad = rule.replace("watched", "wathced")
    assert faults(tmp_path, f"inherits: common\n{named}\n", rules=bad) == [
        ("mine/rules/own.yaml", 5, "'wathced' is not a known definition.")
    ]


def test_a_provision_says_what_covers_it_or_why_nothing_does(tmp_path: Path) -> None:
    text = (
        "provisions:\n"
        "  - {id: A, title: a, source: s, reviewed: 2026-11-22}\n"
        "  - {id: B, title: b, source: s, reviewed: 2026-11-22, by: [NOTHING]}\n"
        "  - {id: C, title: c, source: s, reviewed: 2026-11-22, why_not: No duty of a user.}\n"
    )
    write_pack(
        tmp_path / "mine",
        {"policy.yaml": f"{HEAD}inherits: common\n", "provisions.yaml": text},
    )
    with pytest.raises(FileFaults) as caught:
        load_library(f"{tmp_path / 'mine'}/", (tmp_path,))
    assert [fault.line for fault in caught.value.faults] == [2, 3]
