"""`caio-mcp init` makes a workspace: by flags, a file or a dialogue; all of it or nothing."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import pty
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from caio_mcp.cli import main
from caio_mcp.cli.app import cli
from caio_mcp.workspace.answers import slug
from caio_mcp.workspace.countries import EEA, find_country
from conftest import BAD_INPUT, Caio, Run

CAIO_MCP = Path(sys.executable).with_name("caio-mcp")
TIMEOUT_SECONDS = 60

BASIC = {
    "--name": "Acme GmbH",
    "--country": "Ireland",
    "--also-in": "none",
    "--sector": "retail",
    "--tool": "ChatGPT Business",
}


def flags(**changed: str | None) -> list[str]:
    """The flags of an ordinary organisation, some of them changed or left out."""
    said = BASIC | {f"--{key.replace('_', '-')}": value for key, value in changed.items()}
    return [part for flag, value in said.items() if value is not None for part in (flag, value)]


def run(*arguments: str, env: Mapping[str, str] | None = None) -> Run:
    """The program in this process, with nobody at the terminal."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("CAIO_MCP_"):
                patch.delenv(name)
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        for name, stream in (("stdin", io.StringIO()), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "argv", ["caio-mcp", *arguments])
        with pytest.raises(SystemExit) as exit_:
            main()
    assert isinstance(exit_.value.code, int)
    return Run(exit_.value.code, out.getvalue(), err.getvalue())


def process(*arguments: str, limit: int | None = None) -> Run:
    """The program as a process; `limit` is the most bytes that it may write to a file."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    clean = {k: v for k, v in os.environ.items() if not k.startswith("CAIO_MCP_")}
    done = subprocess.run(
        [CAIO_MCP, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
        env=clean,
        preexec_fn=limited,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Made:
    """A workspace that init made."""

    folder: Path
    said: Run

    def run(self, *arguments: str) -> Run:
        return run(*arguments, "--workspace", str(self.folder))

    @property
    def pack(self) -> Path:
        (pack,) = (self.folder / "policies").iterdir()
        return pack

    def read(self, file: str) -> str:
        return (self.pack / file).read_text(encoding="utf-8")

    @property
    def policy(self) -> dict[str, object]:
        found = yaml.load(self.read("policy.yaml"), Loader=yaml.BaseLoader)
        assert isinstance(found, dict)
        return found

    @property
    def approvals(self) -> dict[str, dict[str, object]]:
        return {a["id"]: a for a in yaml.safe_load(self.read("approvals.yaml"))["tools"]}


def make(folder: Path, *more: str, **changed: str | None) -> Made:
    said = process("init", "--workspace", str(folder), *flags(**changed), *more)
    assert (said.status, said.err) == (0, ""), said.said
    made = Made(folder, said)
    checked = made.run("policy", "check")
    assert (checked.status, checked.err) == (0, ""), checked.said
    tested = made.run("policy", "test")
    assert tested.status == 0, tested.said
    assert re.fullmatch(r"[1-9]\d* passed, 0 failed\n", tested.out)
    return made


def tree(folder: Path) -> dict[str, str]:
    """Every file and folder below, with the hash of what it holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
        if path.name != ".parsed" and path.parent.name != ".parsed"
    }


# -- what is chosen ------------------------------------------------------------------------

COMMON = ["data-handling", "security", "ip"]
PLACES = [
    (
        {"country": "Deutschland", "works_council": "none"},
        "eea",
        ["eu", "germany"],
        ["data-handling", "gdpr", "eu-ai-act", "security", "ip"],
    ),
    (
        {"country": "FR", "also_in": "Germany", "works_council": "agreed"},
        "eea",
        ["eu", "germany"],
        ["data-handling", "gdpr", "eu-ai-act", "security", "ip"],
    ),
    ({"country": "Norge", "also_in": "US", "state": "none"}, "eea", ["eu", "us"], "default"),
    ({"country": "UK"}, "uk", ["uk"], ["data-handling", "gdpr", "security", "ip"]),
    (
        {"country": "Scotland", "also_in": "EU"},
        "uk",
        ["uk", "eu"],
        ["data-handling", "gdpr", "eu-ai-act", "security", "ip"],
    ),
    (
        {"country": "USA", "state": "California, NYC"},
        "us",
        ["us", "us_california", "us_new_york_city"],
        ["data-handling", "security", "ip", "us"],
    ),
    (
        {"country": "us", "also_in": "Spain", "state": "Texas"},
        "us",
        ["us", "eu", "us_texas"],
        "default",
    ),
    (
        {"country": "Brasil", "inherit": "gdpr, security"},
        "other",
        "none",
        ["data-handling", "gdpr", "security"],
    ),
]


@pytest.mark.parametrize(
    ("said", "region", "places", "packs"), PLACES, ids=lambda value: str(value)[:40]
)
def test_the_place_chooses_the_facts_and_the_packs(
    tmp_path: Path, said: dict[str, str], region: str, places: object, packs: object
) -> None:
    made = make(tmp_path / "new", **said)
    profile = made.policy["profile"]
    assert isinstance(profile, dict)
    assert profile["actor.region"] == region
    assert profile["actor.jurisdictions"] == (places if places == "none" else {"only": places})
    assert profile["actor.sector"] == {"only": ["other"]}
    assert made.policy["inherits"] == packs
    assert ("legal.works_council" in profile) == ("works_council" in said)
    in_it = ("--task", "summarise", "--tool", "ChatGPT Business")
    assert made.run("check", *in_it, "--data", "press release").status == 0
    assert made.run("check", *in_it, "--fact", "data.level=internal").status in (0, 3)
    free = ("--task", "summarise", "--tool", "ChatGPT Free")
    refused = made.run("check", *free, "--data", "customer complaints")
    assert refused.status == 1
    assert refused.out.startswith("NO. Acme GmbH policy 1 does not allow this")


def test_elsewhere_the_packs_are_asked_for_and_never_assumed(tmp_path: Path) -> None:
    said = run("init", "--workspace", str(tmp_path / "new"), *flags(country="Kenya"))
    said.assert_refused("--inherit", "These answers are missing")
    assert not (tmp_path / "new").exists()


WORDS = [
    ("Deutschland", "DE"), ("allemagne", "DE"), ("deu", "DE"), ("Österreich", "AT"),
    ("oesterreich", "AT"), ("Osterreich", "AT"), ("holland", "NL"), ("the Netherlands", "NL"),
    ("Czech Republic", "CZ"), ("Côte d'Ivoire", "CI"), ("u.s.a.", "US"), ("Great Britain", "GB"),
    ("England", "GB"), ("Schweiz", "CH"), ("日本", "JP"), ("Ελλάδα", "GR"), ("Việt Nam", "VN"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "code"), WORDS)
def test_a_country_is_known_by_its_names_and_codes(word: str, code: str) -> None:
    assert find_country(word).code == code


def test_every_country_has_a_region_and_the_eea_is_thirty_countries_with_their_parts() -> None:
    assert len(EEA) == 30 + 7
    assert all(find_country(code).region == "eea" for code in EEA)
    assert {find_country(c).region for c in ("CH", "TR", "IM", "GI", "UA")} == {"other"}


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("Georgia", "GE for the country, US for the state"),
        ("EU", "Say in which country"),
        ("Germny", "Did you mean Germany"),
        ("Atlantis", "ISO code"),
        ("", "Write it"),
    ],
)
def test_a_country_that_is_not_known_is_never_guessed(
    tmp_path: Path, word: str, remedy: str
) -> None:
    said = run("init", "--workspace", str(tmp_path), *flags(country=word))
    said.assert_refused("--country: ", remedy)
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("people", "asked", "council"), [("4", False, "no_council"), ("5", True, ""), (None, True, "")]
)
def test_a_works_council_is_asked_for_where_one_can_be_elected(
    tmp_path: Path, people: str | None, asked: bool, council: str
) -> None:
    said = run("init", "--workspace", str(tmp_path), *flags(country="Germany", people=people))
    assert ("--works-council" in said.err) == asked
    assert (said.status == BAD_INPUT) == asked
    if council:
        profile = Made(tmp_path, said).policy["profile"]
        assert isinstance(profile, dict)
        assert profile["legal.works_council"] == council


def test_sectors_are_said_in_everyday_words(tmp_path: Path) -> None:
    made = make(tmp_path, "--sector", "Bank, other", sector="Krankenhaus")
    profile = made.policy["profile"]
    assert isinstance(profile, dict)
    assert profile["actor.sector"] == {"only": ["health_care", "finance"]}
    said = run("init", "--workspace", str(tmp_path / "x"), *flags(sector="alchemy"))
    said.assert_refused("--sector: 'alchemy' is not a sector", "listed company, or other")


# -- tools ---------------------------------------------------------------------------------


def test_tools_become_approvals_that_claim_nothing_of_a_contract(tmp_path: Path) -> None:
    made = make(tmp_path, tool="ChatGPT Business, azure-openai-eu, Ollama on our own computer")
    today = datetime.datetime.now(datetime.UTC).date()
    approvals = made.approvals
    assert list(approvals) == ["chatgpt-team", "azure-openai-eu", "ollama-local"]
    for name, approval in approvals.items():
        assert (approval["status"], approval["owner"]) == ("approved", "caio")
        assert approval["since"] == today
        assert approval["review_due"] == today + datetime.timedelta(days=365)
        facts = {"tool.account": "organisation"} if name == "azure-openai-eu" else None
        assert approval.get("facts") == facts
        assert "cleared_level" not in approval
    text = " ".join(made.read("approvals.yaml").replace("#", "").split())
    assert "Open in the catalogue: whether a processor contract covers it" in text
    assert "`facts: {tool.dpa: yes}`" in text


@pytest.mark.parametrize(
    ("contract", "facts"),
    [
        ("all", {"tool.dpa": "yes", "tool.transfer_mechanism": ["scc", "dpf"]}),
        ("ChatGPT Business", {"tool.dpa": "yes", "tool.transfer_mechanism": ["scc", "dpf"]}),
        ("none", {"tool.dpa": "no", "tool.transfer_mechanism": "none"}),
        ("not sure", {}),
    ],
)
def test_what_a_contract_settles_is_asked_once_for_all(
    tmp_path: Path, contract: str, facts: dict[str, object]
) -> None:
    made = make(tmp_path, tool="ChatGPT Business", contract=contract, transfer=contract)
    read = yaml.load(made.read("approvals.yaml"), Loader=yaml.BaseLoader)
    (approval,) = read["tools"]
    assert approval.get("facts", {}) == facts


def test_a_contract_of_another_tool_is_not_taken(tmp_path: Path) -> None:
    said = flags(tool="ChatGPT Business", contract="DeepL Pro")
    run("init", "--workspace", str(tmp_path), *said).assert_refused(
        "--contract", "Of DeepL Pro this is not open here.", "Name some of chatgpt-team"
    )


def test_every_approved_tool_has_tests_with_both_a_yes_and_a_no(tmp_path: Path) -> None:
    made = make(tmp_path, tool="ChatGPT Enterprise, Microsoft 365 Copilot")
    plain, secret = yaml.safe_load(made.read("tests/own.test.yaml"))["cases"]
    for tool in ("chatgpt-enterprise", "m365-copilot"):
        assert ["public", tool, "allow"] in plain["for_each"]["rows"]
        assert [tool, "prohibit"] in secret["for_each"]["rows"]
    assert "need_more_information" not in str((plain, secret))
    tests = made.read("tests/own.test.yaml")
    changed = re.sub(r"(public, +m365-copilot, +)allow", r"\1prohibit", tests)
    (made.pack / "tests" / "own.test.yaml").write_text(changed)
    assert made.run("policy", "test").status == 1


REFUSED_TOOLS = [
    ("ChatGTP Bussiness", ["not a tool of the catalogue", "ChatGPT Business"]),
    ("Frobnicator", ["not a tool of the catalogue", "tools/own.yaml"]),
    ("ChatGPT", ["has several plans", "chatgpt-team (ChatGPT Business)"]),
    ("ChatGPT Plus", ["a plan of one person", "chatgpt-plus=pending"]),
    ("ChatGPT Business=maybe", ["approved, pending or blocked"]),
    ("AI", ["not a tool of the catalogue"]),
]


@pytest.mark.parametrize(("words", "said"), REFUSED_TOOLS, ids=lambda v: str(v)[:20])
def test_a_tool_that_is_not_clear_is_never_guessed(
    tmp_path: Path, words: str, said: list[str]
) -> None:
    got = run("init", "--workspace", str(tmp_path), *flags(tool=f"Claude Team, {words}"))
    got.assert_refused("--tool: ", "Nothing was written", *said)
    assert tree(tmp_path) == {}


def test_a_personal_plan_that_is_asked_for_is_pending_and_permits_nothing(tmp_path: Path) -> None:
    made = make(
        tmp_path,
        tool="ChatGPT Plus=pending",
    )
    assert made.approvals["chatgpt-plus"]["status"] == "pending"
    got = made.run("check", "--tool", "ChatGPT Plus", "--data", "press release", "--task", "write")
    assert got.status == 3
    assert made.run("check", "--tool", "ChatGPT Plus", "--data", "payroll").status == 1


def test_without_a_tool_the_policy_says_so_and_shows_how(tmp_path: Path) -> None:
    made = make(tmp_path, tool="none")
    assert yaml.safe_load(made.read("approvals.yaml")) == {"tools": []}
    assert "The policy approves no tool." in made.said.out


# -- levels, people, training --------------------------------------------------------------


def test_own_levels_follow_the_usual_ones(tmp_path: Path) -> None:
    made = make(tmp_path, level="Offen, Betriebsintern=internal, Vertraulich, Streng geheim")
    levels = made.policy["levels"]
    assert isinstance(levels, list)
    assert [(lv["id"], lv["title"], lv["like"]) for lv in levels] == [
        ("offen", "Offen", "public"),
        ("betriebsintern", "Betriebsintern", "internal"),
        ("vertraulich", "Vertraulich", "confidential"),
        ("streng_geheim", "Streng geheim", "restricted"),
    ]
    for word in ("Betriebsintern", "internal", "intern"):
        got = json.loads(made.run("check", "--data", word, "--json").out)
        assert got["facts"]["data.level"]["value"] == "betriebsintern"
    refused = made.run("check", "--tool", "ChatGPT Free", "--fact", "data.level=betriebsintern")
    assert refused.status == 1


def test_three_levels_take_in_all_four(tmp_path: Path) -> None:
    made = make(tmp_path, level="Public, Internal, Confidential")
    levels = made.policy["levels"]
    assert isinstance(levels, list)
    assert [lv["like"] for lv in levels] == ["public", "internal", "restricted"]
    got = made.run("check", "--tool", "ChatGPT Business", "--data", "payroll", "--task", "write")
    assert got.status != 0


@pytest.mark.parametrize(
    "levels", ["Offen, Geheim", "Alles", "Public, Confidential, Restricted", "Intern, Geheim"]
)
def test_levels_may_leave_usual_ones_out(tmp_path: Path, levels: str) -> None:
    made = make(tmp_path, level=levels)
    got = made.run("check", "--tool", "ChatGPT Free", "--data", "payroll", "--task", "write")
    assert got.status == 1


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ("Geheim, Offen", "does not say which of the usual levels"),
        ("Restricted, Public=public, Top", "do not rise"),
        ("Public, Top=confidential", "No level is like restricted"),
        ("Public, public, Top", "named twice"),
        ("Public=green, Top", "does not say which of the usual levels"),
    ],
)
def test_levels_that_cannot_be_are_refused(tmp_path: Path, levels: str, said: str) -> None:
    run("init", "--workspace", str(tmp_path), *flags(level=levels)).assert_refused("--level", said)
    assert tree(tmp_path) == {}


def test_people_and_adoption_are_in_the_policy_and_in_answers(tmp_path: Path) -> None:
    made = make(
        tmp_path,
        "--contact",
        "legal=Kim & Partner: lawyers, 7 days",
        contact="caio,dpo=Ada Example (ada@acme.example)",
        adopted_by="Ada Example",
    )
    policy = made.policy
    assert policy["contacts"] == {
        "caio": {"who": "Ada Example (ada@acme.example)", "usual_days": "5"},
        "dpo": {"who": "Ada Example (ada@acme.example)", "usual_days": "3"},
        "legal": {"who": "Kim & Partner: lawyers", "usual_days": "7"},
    }
    assert policy["adopted_by"] == "Ada Example"
    assert policy["adopted_on"] == str(datetime.datetime.now(datetime.UTC).date())
    asked = ("check", "--task", "summarise", "--data", "internal", "--tool")
    review = made.run(*asked, "Claude Team", "--fact", "data.categories=none")
    assert review.out.startswith("NOT YET: Ada Example (ada@acme.example) (usually 5 days)")
    assert "not adopted" not in review.out


@pytest.mark.parametrize("country", ["Ireland", "UK", "US"])
def test_answers_point_to_the_training(tmp_path: Path, country: str) -> None:
    states = {"state": "none"} if country == "US" else {}
    made = make(tmp_path, country=country, training="AI: https://learn.example/#ai", **states)
    asked = (
        "check",
        "--task",
        "summarise",
        "--data",
        "press release",
        "--tool",
        "ChatGPT Business",
    )
    got = made.run(*asked, "--json")
    assert got.status == 0
    advice = [duty["text"] for duty in json.loads(got.out)["advice"]]
    assert "New to AI tools? Take this first: AI: https://learn.example/#ai" in advice


def test_a_policy_that_nobody_adopted_says_so(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert "adopted_by" not in made.policy
    assert "# adopted_by:" in made.read("policy.yaml")
    assert "Nobody adopted the policy acme-gmbh yet" in made.said.out
    assert "not adopted" in made.run("policy", "check").out


@pytest.mark.parametrize(
    "contact", ["Ada", "king=Ada", "caio=", "caio=Ada, 999 days"], ids=lambda c: c
)
def test_a_contact_that_cannot_be_is_refused(tmp_path: Path, contact: str) -> None:
    run("init", "--workspace", str(tmp_path), *flags(contact=contact)).assert_refused("--contact")
    assert tree(tmp_path) == {}


# -- flags, file, dialogue -----------------------------------------------------------------


def test_everything_missing_or_wrong_is_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    missing = run("init", "--workspace", str(tmp_path / "new"))
    missing.assert_refused("--name", "--country", "--also-in", "--sector", "--tool")
    assert not (tmp_path / "new").exists()
    both = run(
        "init", "--workspace", str(tmp_path / "new"), "--country", "Nowhere", "--people", "many"
    )
    both.assert_refused("--country: 'Nowhere'", "--people: ", "--name", "--sector", "--tool")
    assert not (tmp_path / "new").exists()


ANSWERS = {
    "name": "Acme: GmbH & Co. #1",
    "country": "DE",
    "also_in": ["US"],
    "states": ["CA", "Texas"],
    "people": 40,
    "works_council": "not asked",
    "sectors": ["retail", "finance"],
    "tools": ["ChatGPT Business", {"id": "claude-pro", "status": "pending"}],
    "levels": [{"title": "Offen", "like": "public"}, {"Geheim": "restricted"}],
    "contacts": {"caio": {"who": "Ada, CAIO", "usual_days": 2}, "dpo": "dpo@acme.example"},
    "training": "AI basics",
    "adopted_by": "Ada",
}
SAME = [
    *("--name", "Acme: GmbH & Co. #1", "--country", "DE", "--also-in", "US", "--state", "CA"),
    *("--state", "Texas", "--people", "40", "--works-council", "not asked", "--sector", "retail"),
    *("--sector", "finance", "--tool", "ChatGPT Business", "--tool", "claude-pro=pending"),
    *("--level", "Offen=public", "--level", "Geheim=restricted", "--training", "AI basics"),
    *("--contact", "caio=Ada, CAIO, 2 days", "--contact", "dpo=dpo@acme.example"),
    *("--adopted-by", "Ada"),
]


@pytest.mark.parametrize("write", [yaml.safe_dump, json.dumps], ids=["yaml", "json"])
def test_a_file_of_answers_makes_the_same_files_as_flags(tmp_path: Path, write: object) -> None:
    assert callable(write)
    answers = tmp_path / "answers.yaml"
    answers.write_text(write(ANSWERS))
    by_file = run("init", "--workspace", str(tmp_path / "a"), "--answers", str(answers))
    assert by_file.status == 0, by_file.said
    by_flags = run("init", "--workspace", str(tmp_path / "b"), *SAME)
    assert by_flags.status == 0, by_flags.said
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert Made(tmp_path / "a", by_file).run("policy", "test").status == 0


def test_a_flag_outweighs_the_file(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(yaml.safe_dump(ANSWERS))
    said = run(
        "init", "--workspace", str(tmp_path / "a"), "--answers", str(answers), "--name", "Beta"
    )
    assert said.status == 0
    assert [path.name for path in (tmp_path / "a" / "policies").iterdir()] == ["beta"]


def test_the_faults_of_a_file_are_said_with_their_lines(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("name: A\ncountry: Nowhere\nalso_in: none\nsectors: x\ntools: Frob\n")
    said = run("init", "--workspace", str(tmp_path / "a"), "--answers", str(answers))
    said.assert_refused(
        "answers.yaml:2: 'Nowhere'", "answers.yaml:4: 'x'", "answers.yaml:5: 'Frob'"
    )
    answers.write_text("name: A\ncontry: DE\nname: B\n")
    said = run("init", "--workspace", str(tmp_path / "a"), "--answers", str(answers))
    said.assert_refused("answers.yaml:2:1: 'contry' is not asked. Did you mean 'country'?")
    said.assert_refused("answers.yaml:3:1:", "written twice")
    run("init", "--answers", str(tmp_path / "none.yaml")).assert_refused("cannot be read")
    assert not (tmp_path / "a").exists()


class Dialogue:
    """A terminal: waits for words, then types."""

    def __init__(self, *arguments: str) -> None:
        self.shown = ""
        self._from = 0
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # in the background it is ignored
            os.environ |= {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"}
            os.execv(CAIO_MCP, ["caio-mcp", *arguments])

    def answer(self, words: str, typed: str) -> None:
        # The space behind a prompt is written by what reads the line, once it is ready to.
        while words not in self.shown[self._from :] or not self.shown.endswith(" "):
            assert self._more(), f"{words!r} was not shown:\n{self.shown}"
        self._from = len(self.shown)
        os.write(self._terminal, typed.encode())

    def end(self) -> int:
        while self._more():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _more(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], TIMEOUT_SECONDS)
        assert ready, f"Nothing more came:\n{self.shown}"
        try:
            self.shown += os.read(self._terminal, 65_536).decode(errors="replace")
        except OSError:  # the other end is closed
            return False
        return True


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("CAIO_MCP_"):
            monkeypatch.delenv(name)


START = [
    ("called?", "Bäckerei Müller\n"),
    ("which country", "Germny\n"),
    ("Did you mean Germany", "Germany\n"),
    ("Where else", "\n"),
    ("How many people", "30\n"),
    ("works council", "perhaps\n"),
    ("Say none, agreed", "none\n"),
    ("What does it do", "alchemy\n"),
    ("Which one?", "9\n"),
]
REST = [
    ("Which AI tools", "ChatGPT, Claude Pro, Frobnicator\n"),
    ("Which one?", "3\n"),
    ("a plan of one person", "1\n"),
    ("not a tool of the catalogue", "ChatGPT, Claude Pro\n"),
    ("has several plans", "3\n"),
    ("a plan of one person", "2\n"),
    ("sign the vendor's processor contract", "all\n"),
    ("data that leaves the EEA", "\n"),
    ("Your own levels", "Offen, Hausintern, Geheim\n"),
    ("Which one?", "2\n"),
    ("caio, who", "Ada Müller, 2 days\n"),
    ("dpo, who", "\n"),
    ("security, who", "-\n"),
    ("legal, who", "-\n"),
    ("hr, who", "\n"),
    ("training", "\n"),
    ("in force today", "Ada Müller\n"),
]


def typed(dialogue: Dialogue, steps: Sequence[tuple[str, str]]) -> None:
    for words, keys in steps:
        dialogue.answer(words, keys)


def test_a_dialogue_asks_again_and_makes_a_policy(no_settings: None, tmp_path: Path) -> None:
    dialogue = Dialogue("init", "--workspace", str(tmp_path / "new"))
    typed(dialogue, [*START, *REST, ("Write policies/baeckerei-mueller", "\n")])
    assert dialogue.end() == 0, dialogue.shown
    made = Made(tmp_path / "new", Run(0, dialogue.shown, ""))
    assert made.run("policy", "test").status == 0
    assert {name: a["status"] for name, a in made.approvals.items()} == {
        "chatgpt-team": "approved",
        "claude-pro": "pending",
    }
    assert made.policy["contacts"] == {
        role: {"who": "Ada Müller", "usual_days": "2"} for role in ("caio", "dpo", "hr")
    }
    assert made.policy["adopted_by"] == "Ada Müller"
    assert "public, open" in made.read("policy.yaml")  # the usual words for a level still hold
    assert "Bäckerei Müller has a policy in" in dialogue.shown
    assert "Traceback" not in dialogue.shown


@pytest.mark.parametrize("keys", ["\x03", "\x04"], ids=["ctrl-c", "end of input"])
def test_leaving_the_dialogue_writes_nothing(no_settings: None, tmp_path: Path, keys: str) -> None:
    dialogue = Dialogue("init", "--workspace", str(tmp_path / "new"))
    typed(dialogue, [*START, ("Which AI tools", keys)])
    assert dialogue.end() == 130
    assert not (tmp_path / "new").exists()


def test_a_no_at_the_end_writes_nothing(no_settings: None, tmp_path: Path) -> None:
    dialogue = Dialogue("init", "--workspace", str(tmp_path / "new"))
    typed(dialogue, [*START, *REST, ("Write policies/", "n\n")])
    assert dialogue.end() == 0
    assert "Nothing was written." in dialogue.shown
    assert not (tmp_path / "new").exists()


def test_a_name_without_latin_letters_is_asked_a_short_one(
    no_settings: None, tmp_path: Path
) -> None:
    dialogue = Dialogue("init", "--workspace", str(tmp_path), *flags(name="株式会社", tool=None))
    typed(
        dialogue, [("short name", "../x\n"), ("cannot be", "kaisha\n"), ("How many", "\n"), *REST]
    )
    dialogue.answer("Write policies/kaisha", "\n")
    assert dialogue.end() == 0
    assert (tmp_path / "policies" / "kaisha" / "policy.yaml").is_file()


# -- all or nothing ------------------------------------------------------------------------


def test_a_second_run_changes_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    make(tmp_path)
    before = tree(tmp_path)
    for more in ({}, {"name": "Other"}):
        again = run("init", "--workspace", str(tmp_path), *flags(**more))
        again.assert_refused("has caio-mcp.toml", "nothing was written", "--workspace", "doctor")
        assert tree(tmp_path) == before


def test_a_pack_of_the_same_name_is_never_written_over(tmp_path: Path) -> None:
    own = tmp_path / "policies" / "acme-gmbh"
    own.mkdir(parents=True)
    (own / "mine.txt").write_text("kept")
    before = tree(tmp_path)
    said = run("init", "--workspace", str(tmp_path), *flags())
    said.assert_refused("policies/acme-gmbh already")
    assert tree(tmp_path) == before


def test_what_is_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_bytes(b"")
    (tmp_path / "policies" / "older").mkdir(parents=True)
    make(tmp_path)
    assert (tmp_path / "policies" / "older").is_dir()


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(tmp_path: Path) -> None:
    dry = run("init", "--dry-run", "--json", "--workspace", str(tmp_path / "new"), *flags())
    assert dry.status == 0
    assert not (tmp_path / "new").exists()
    shown = run("init", "--dry-run", "--workspace", str(tmp_path / "new"), *flags())
    assert "Nothing was written." in shown.out
    make(tmp_path / "new")
    for path, text in json.loads(dry.out)["files"].items():
        assert (tmp_path / "new" / path).read_text() == text
        assert f"--- {path}\n{text}" in shown.out


def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("x")
    before = tree(tmp_path)
    for folder in (tmp_path, tmp_path / "a" / "new"):
        said = process("init", "--workspace", str(folder), *flags(), limit=1_500)
        said.assert_refused("cannot be written", "Nothing was written")
        assert tree(tmp_path) == before


@pytest.mark.parametrize("place", ["policies", "new", "."])
def test_a_file_where_a_folder_must_be_leaves_everything_as_it_was(
    tmp_path: Path, place: str
) -> None:
    folder = tmp_path / "new"
    blocked = folder if place == "new" else folder / "policies"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file")
    target = folder / "policies" if place == "." else folder
    before = tree(tmp_path)
    said = run("init", "--workspace", str(target), *flags())
    said.assert_refused("Nothing was written")
    assert tree(tmp_path) == before


def test_a_fault_after_the_pack_was_moved_takes_it_back(
    caio: Caio, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileExistsError(17, "File exists")

    monkeypatch.setattr(os, "link", full)
    caio("init", *flags()).assert_refused("File exists", "Nothing was written")
    assert tree(workspace) == {}


def test_of_two_at_once_one_is_refused_and_the_other_whole(tmp_path: Path) -> None:
    runs = [
        subprocess.Popen(
            [CAIO_MCP, "init", "--workspace", tmp_path, *flags(name=name)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("One", "Two", "Three")
    ]
    said = [process.communicate(timeout=TIMEOUT_SECONDS) for process in runs]
    assert sorted(process.returncode for process in runs) == [0, BAD_INPUT, BAD_INPUT], said
    made = Made(tmp_path, Run(0, "", ""))
    assert made.pack.name in (tmp_path / "caio-mcp.toml").read_text()
    assert made.run("policy", "test").status == 0
    assert not list(tmp_path.glob(".init-*"))


# -- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Bäckerei Müller & Söhne GmbH", "baeckerei-mueller-and-soehne-gmbh"),
        ("Société Générale d'Électricité", "societe-generale-delectricite"),
        ("Łódź Sp. z o.o.", "lodz-sp-z-oo"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-policy"),
        ("Security", "security-policy"),
        ("株式会社", ""),
        ("🦊", ""),
    ],
)
def test_a_name_becomes_a_folder(name: str, folder: str) -> None:
    assert slug(name) == folder


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc", "", ".", "..", "A", "a b", "a/b", "con", "default", "-a", "a--b", "x\n"],
)
def test_an_id_never_leads_elsewhere(tmp_path: Path, name: str) -> None:
    said = run("init", "--workspace", str(tmp_path / "new"), *flags(id=name))
    said.assert_refused("--id: ")
    assert tree(tmp_path) == {}


NAMES = st.text(max_size=140) | st.text(
    st.sampled_from("aB ä-'\"#:{}[]&*!|>%@`,?\\/.~\u200d\u202e\u0000\n\t0=é株🦊"), max_size=20
)


@settings(max_examples=25, deadline=None)
@given(name=NAMES)
@example("yes")
@example("no: yes # {x}")
@example("- a")
@example("%YAML 1.2")
@example("a\u2028b")
@example("﷽")
def test_any_name_gives_a_valid_policy_or_a_clear_error(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        said = run("init", *flags(name=name), "--id", "mine", "--workspace", folder)
        if said.status:
            said.assert_refused("--name: ")
            assert list(Path(folder).iterdir()) == []
            return
        checked = run("policy", "check", "--workspace", folder)
        assert (checked.status, checked.err) == (0, "")
        kept = tomllib.loads((Path(folder) / "caio-mcp.toml").read_text(encoding="utf-8"))
        assert slug(kept["organisation"]) == slug(name)
        head = (Path(folder) / "policies" / "mine" / "policy.yaml").read_text(encoding="utf-8")
        title = yaml.load(head, Loader=yaml.BaseLoader)["title"]
        assert title == f"{kept['organisation']} policy"


# -- what is said at the end ---------------------------------------------------------------


def test_the_question_to_try_has_the_answer_that_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    made = make(folder, tool="Microsoft 365 Copilot")
    shown = re.search(r"^Try: caio-mcp (.*)\n  (.*)$", made.said.out, re.MULTILINE)
    assert shown
    answer = run(*shlex.split(shown[1]))
    assert answer.out.splitlines()[0] == shown[2]


def test_only_commands_that_there_are_are_named(tmp_path: Path) -> None:
    made = make(tmp_path)
    written = [made.said.out, made.read("policy.yaml"), made.read("tests/own.test.yaml")]
    text = " ".join("\n".join(written).split("\n# "))
    named = set(re.findall(r"(?:`|: )caio-mcp ([a-z]+)", text))
    assert {"check", "policy", "connect"} <= named
    assert named <= set(cli.list_commands(click.Context(cli)))


def test_json_says_the_same(tmp_path: Path) -> None:
    said = run("init", "--json", "--workspace", str(tmp_path), *flags())
    shown = json.loads(said.out)
    assert shown["policy"] == "acme-gmbh"
    assert shown["adopted"] is False
    assert sorted(shown["files"]) == sorted(p for p, v in tree(tmp_path).items() if v != "folder")
    assert shown["example"].startswith("caio-mcp check --workspace ")


# -- several organisations -----------------------------------------------------------------


@pytest.fixture
def orgs(tmp_path: Path) -> Path:
    for name in ("acme", "beta"):
        said = run("init", "--workspace", str(tmp_path), "--org", name, *flags(name=name.title()))
        assert said.status == 0, said.said
        assert f"--org {name}" in said.out
    return tmp_path


def test_organisations_side_by_side_share_nothing(orgs: Path) -> None:
    there = ("--workspace", str(orgs))
    add = (
        "register",
        "add",
        "--title",
        "A use",
        "--tool",
        "ChatGPT Free",
        "--data",
        "press release",
    )
    assert run(*add, *there, "--org", "acme").status == 0
    assert "E-0001" in run("register", "list", *there, "--org", "acme").out
    assert "E-0001" not in run("register", "list", *there, "--org", "beta").out
    for name in ("acme", "beta"):
        asked = ("check", "--tool", "ChatGPT Free", "--data", "press release", "--task", "write")
        assert f"{name.title()} policy 1 allows" in run(*asked, *there, "--org", name).out
        by_environment = run(*asked, *there, env={"CAIO_MCP_ORG": name})
        assert f"{name.title()} policy 1 allows" in by_environment.out
        assert run("policy", "test", *there, "--org", name).status == 0
        assert (orgs / "orgs" / name / "register.db").exists()
    assert not (orgs / "register.db").exists()


COMMANDS = [
    ("check", "--fact", "data.level=public"),
    ("models", "list"),
    ("register", "list"),
    ("policy", "check"),
    ("policy", "test"),
    ("policy", "explain"),
    ("serve",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_guesses_an_organisation(orgs: Path, command: tuple[str, ...]) -> None:
    there = ("--workspace", str(orgs))
    run(*command, *there).assert_refused("of several organisations: acme, beta", "--org NAME")
    unknown = run(*command, *there, "--org", "bet")
    unknown.assert_refused("There is no organisation 'bet'", "acme, beta", "Did you mean 'beta'")


@pytest.mark.parametrize(
    "name", ["../x", "..", "/etc", "a/b", "A", " acme", "acme\n", "a" * 41, "."]
)
def test_an_organisation_never_leads_out_of_its_folder(orgs: Path, name: str) -> None:
    outside = orgs / "x"
    outside.mkdir()
    (outside / "caio-mcp.toml").write_text("")
    before = tree(orgs)
    for command in (("doctor",), ("register", "list"), ("init", *flags())):
        run(*command, "--workspace", str(orgs), "--org", name).assert_refused("--org: ")
        said = run(*command, "--workspace", str(orgs), env={"CAIO_MCP_ORG": name})
        said.assert_refused("CAIO_MCP_ORG")
    assert tree(orgs) == before


def test_a_client_is_connected_to_one_organisation(orgs: Path) -> None:
    there = ("--workspace", str(orgs), "--print", "--json")
    shown = run("connect", "cursor", "--org", "beta", *there)
    assert shown.status == 0, shown.said
    (entry,) = json.loads(shown.out)["cursor"]["mcpServers"].values()
    assert entry["args"][-2:] == ["--org", "beta"]
    run("connect", "cursor", *there).assert_refused("acme, beta", "--org NAME")
    run("connect", "cursor", "--org", "bet", *there).assert_refused("Did you mean 'beta'")


def test_the_workspace_names_the_usual_organisation(orgs: Path) -> None:
    usual = orgs / "caio-mcp.toml"
    usual.write_text('org = "beta"\n')
    asked = ("check", "--tool", "ChatGPT Free", "--data", "press release", "--task", "write")
    assert "Beta policy" in run(*asked, "--workspace", str(orgs)).out
    assert "Acme policy" in run(*asked, "--workspace", str(orgs), "--org", "acme").out
    usual.write_text('org = "../beta"\n')
    run(*asked, "--workspace", str(orgs)).assert_refused("caio-mcp.toml", "'../beta' cannot be")
    usual.write_text('policy = "acme"\n')
    for more in ((), ("--org", "acme")):
        said = run(*asked, "--workspace", str(orgs), *more)
        said.assert_refused("policy is a setting of one organisation", "orgs/NAME")


def test_one_organisation_and_several_do_not_mix(orgs: Path, tmp_path: Path) -> None:
    run("init", "--workspace", str(orgs), *flags()).assert_refused("acme, beta", "--org NAME")
    single = tmp_path / "single"
    make(single)
    before = tree(single)
    said = run("init", "--workspace", str(single), "--org", "acme", *flags())
    said.assert_refused("of one organisation", "orgs/NAME")
    assert tree(single) == before


def test_the_doctor_lists_organisations(orgs: Path) -> None:
    said = run("doctor", "--workspace", str(orgs))
    assert said.status == 0
    assert "acme: Acme, policy acme 1, " in said.out
    assert "beta: Beta, policy beta 1, " in said.out
    lines = run("doctor", "--workspace", str(orgs), "--json").out.splitlines()
    assert [json.loads(line)["org"] for line in lines] == ["acme", "beta"]
    (orgs / "orgs" / "acme" / "caio-mcp.toml").write_text("nonsense = 1\n")
    broken = run("doctor", "--workspace", str(orgs))
    broken.assert_refused("acme: ", "nonsense")
    assert "beta: Beta" in broken.out
