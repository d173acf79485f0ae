"""Mistakes that people make in their first policy: each message names its line and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Caio, faults_of, write_pack

PACK = {
    "policy.yaml": """name: mine
owner: Ada Example
version: "1"
inherits: default
profile: {actor.region: eea}
levels:
  - {id: open, title: Open, like: public}
  - {id: staff, title: Staff only, like: internal}
  - {id: secret, title: Secret, like: restricted}
""",
    "approvals.yaml": """tools:
  - id: chatgpt-enterprise
    status: approved
    since: 2026-11-01
    cleared_level: secret
    facts: {tool.dpa: yes}
""",
    "rules/own.yaml": """rules:
  - id: OWN-1
    title: No recipes in any cloud
    effect: prohibit
    when: {data.categories: trade_secret, tool.hosting: {not: own_device}}
    reason: Our recipes stay on our own machines.
    source: Board decision of 2026-03-01
    obligations: [human_check]
""",
    "tests/own.test.yaml": """suite: Own rules
as_of: 2026-11-22
cases:
  - name: Recipes stay here
    given: {data.categories: trade_secret, data.level: secret, tool.id: chatgpt-enterprise}
    expect: {decision: prohibit, rules: [OWN-1]}
""",
}

# the file, what is written there, the mistake, its line, what is said to be wrong, how to mend it
MISTAKES = {
    "a fact that is not one": (
        *("rules/own.yaml", "data.categories", "data.categorys", 5),
        *("'data.categorys' is not a known fact.", "Did you mean 'data.categories'?"),
    ),
    "a word of another policy language": (
        *("rules/own.yaml", "effect: prohibit", "effect: deny", 4),
        *("'deny' is not an effect of a rule.", "Write 'prohibit'."),
    ),
    "a tool that is misspelt": (
        *("approvals.yaml", "chatgpt-enterprise", "chatgpt-entreprise", 2),
        *("'chatgpt-entreprise' is not a known tool.", "Did you mean 'chatgpt-enterprise'?"),
    ),
    "a date as people write it": (
        *("approvals.yaml", "2026-11-01", "1.11.2026", 4),
        *("since must be a day like 2026-12-31, not '1.11.2026'.", "2026-12-31"),
    ),
    "a rule that does not say why": (
        *("rules/own.yaml", "    reason: Our recipes stay on our own machines.\n", "", 2),
        *("A rule needs the field 'reason'.", "Add `reason:`."),
    ),
    "an id that an inherited pack has": (
        *("rules/own.yaml", "OWN-1", "GDPR-28", 2),
        *("The id 'GDPR-28' is already used in gdpr/rules/gdpr.yaml:", "Choose another id."),
    ),
    "a level that is like none": (
        *("policy.yaml", ", like: internal}", "}", 8),
        *(
            "The level 'staff' does not say which inherited level it is like.",
            "Add `like:` with one of: public, internal, confidential, restricted.",
        ),
    ),
    "a colon in a text": (
        *("rules/own.yaml", "reason: Our", "reason: Note: our", 6),
        *("This is not valid YAML", "Put quotes around a text that has a colon in it"),
    ),
    "a tab": (
        *("rules/own.yaml", "    title:", "\ttitle:", 3),
        *("This is not valid YAML", "Indent with spaces, not with tabs."),
    ),
    "a bracket left open": (
        *("policy.yaml", "like: restricted}", "like: restricted", 10),
        *("This is not valid YAML", "Close every bracket and quote on this line or the one above"),
    ),
    "a duty that is misspelt": (
        *("rules/own.yaml", "human_check", "human_chek", 8),
        *("'human_chek' is not a known obligation.", "Did you mean 'human_check'?"),
    ),
    "a level of the inherited pack": (
        *("approvals.yaml", "cleared_level: secret", "cleared_level: confidential", 5),
        *("'confidential' is not a level of this policy.", "Use one of: open, secret, staff."),
    ),
    "a pack that is misspelt": (
        *("policy.yaml", "inherits: default", "inherits: defualt", 4),
        *("There is no policy pack 'defualt'.", "Use one of: acme, common,"),
    ),
    "a contract fact in the profile": (
        *("policy.yaml", "actor.region: eea", "tool.region: eea", 5),
        *("tool.region is no standing fact", "goes into approvals.yaml, under `facts:`."),
    ),
    "a kind of data made looser": (
        *("policy.yaml", "profile: {actor.region: eea}", "kinds: {payroll: open}", 5),
        *("it can be raised here, not lowered.", "Use secret or above."),
    ),
    "an operator that is none": (
        *("rules/own.yaml", "{not: own_device}", "{isnot: own_device}", 5),
        *("'isnot' cannot be used with tool.hosting", "Use one of: any_of, not."),
    ),
    "a test that expects a word": (
        *("tests/own.test.yaml", "decision: prohibit", "decision: no", 6),
        *("'no' is not a decision.", "Write 'prohibit'."),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_message_with_its_line_and_its_mend(
    caio: Caio, workspace: Path, mistake: str
) -> None:
    file, right, wrong, line, problem, mend = MISTAKES[mistake]
    assert PACK[file].count(right) == 1
    folder = write_pack(
        workspace / "policies" / "mine",
        PACK | {file: PACK[file].replace(right, wrong)},
    )
    run = caio("policy", "check", "mine")
    assert run.status == 2
    [(found, at, words)] = faults_of(run)
    assert (found, at) == (f"mine/{file}", line)
    assert problem in words
    assert mend in words
    write_pack(folder, PACK)
    assert caio("policy", "check", "mine").status == 0, "mended as it was said"
    assert caio("policy", "test", "mine").status == 0


def test_two_mistakes_are_told_together_in_the_order_of_the_files(
    caio: Caio, workspace: Path
) -> None:
    files = dict(PACK)
    for mistake in ("a fact that is not one", "a tool that is misspelt"):
        file, right, wrong, *_ = MISTAKES[mistake]
        files[file] = files[file].replace(right, wrong)
    write_pack(workspace / "policies" / "mine", files)
    places = [(file, line) for file, line, _ in faults_of(caio("policy", "check", "mine"))]
    assert places == [("mine/approvals.yaml", 2), ("mine/rules/own.yaml", 5)]
