"""Which models may be called with this data: verdicts, life cycles, alternatives, the list."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from caio_mcp.files import load_library
from conftest import Caio, Connect

KNOWN = [  # of a use, so that nothing is left open under the policy of Acme
    "task=summarise",
    "data.level=internal",
    "data.categories=none",
    "data.identifiability=anonymised",
    "data.origin=none",
    "data.overlays=none",
    "purpose.practices=none",
    "processing.decides_about_persons=no",
]
FACTS = [part for fact in KNOWN for part in ("--fact", fact)]


def pack(workspace: Path, models: str) -> str:
    folder = workspace / "policies" / "own"
    folder.mkdir(parents=True)
    (folder / "policy.yaml").write_text(
        "name: Own\nversion: '1'\nowner: caio\nlaw_as_of: 2026-11-01\ninherits: acme\n"
    )
    (folder / "approvals.yaml").write_text(f"models:\n{models}")
    return str(folder)


def rows(caio: Caio, *arguments: str) -> list[dict[str, object]]:
    run = caio("models", "check", "--json", *arguments)
    assert run.status in (0, 1, 3), run.said
    found: list[dict[str, object]] = json.loads(run.out)["models"]
    return found


def test_an_approved_model_on_its_channel_is_ok(caio: Caio) -> None:
    run = caio("models", "check", "eu.anthropic.claude-sonnet-4-6", "--policy=acme", *FACTS)
    assert run.status == 0, run.said
    assert run.out.startswith("OK 'eu.anthropic.claude-sonnet-4-6' = anthropic/claude-sonnet-4.6")
    assert "on aws-bedrock-eu" in run.out
    assert "Catalogue of 2026-" in run.out


def test_the_same_model_outside_of_the_region_is_not(caio: Caio) -> None:
    found = rows(caio, "us.anthropic.claude-sonnet-4-6", "--policy=acme", *FACTS)
    assert found[0]["verdict"] not in ("approved", "approved_with_conditions")
    assert found[0]["channel"] == "aws-bedrock-global"


@pytest.mark.parametrize(
    "where", ["--region=eu", "--region=eu-central-1", "--channel=aws-bedrock-eu"]
)
@pytest.mark.parametrize("profile", ["us", "global"])
def test_where_an_id_runs_is_not_overridden_by_where_it_should(
    caio: Caio, where: str, profile: str
) -> None:
    (row,) = rows(caio, f"{profile}.anthropic.claude-sonnet-4-6", where, "--policy=acme", *FACTS)
    assert row["verdict"] == "not_approved"
    assert f"Its id says that it runs in {profile}, not only in " in str(row["why"])
    assert "Use eu.anthropic.claude-sonnet-4-6." in str(row["why"])


def test_an_id_without_a_region_may_go_either_way(caio: Caio) -> None:
    (row,) = rows(caio, "anthropic.claude-sonnet-4-6", "--policy=acme", *FACTS)
    assert row["channel"] == "aws-bedrock-eu, aws-bedrock-global"
    assert row["verdict"] not in ("approved", "approved_with_conditions")
    (row,) = rows(
        caio, "anthropic.claude-sonnet-4-6", "--region=eu-central-1", "--policy=acme", *FACTS
    )
    assert row["channel"] == "aws-bedrock-eu"


def test_a_model_that_nobody_approved_is_reviewed_and_one_that_is_comes_instead(
    caio: Caio,
) -> None:
    run = caio("models", "check", "eu.anthropic.claude-opus-4-8", "--policy=acme", *FACTS)
    assert run.status == 3
    assert run.out.startswith("REVIEW ")
    assert "Instead: eu.anthropic.claude-sonnet-4-6 on aws-bedrock-eu." in run.out


@pytest.mark.parametrize(
    "written",
    ["gpt-40", "acme/gpt-4o", "eu.anthropic.claude-sonnet-4-6-evil", "openrouter/auto",
     "azure/prod-chat", "ft:gpt-4o-2024-08-06:acme::x", "grok-4", "Claude", "Copilot"],
)  # fmt: skip
def test_what_is_not_certain_is_not_approved_with_reason_and_next_step(
    caio: Caio, written: str
) -> None:
    run = caio("models", "check", written, "--policy=acme", *FACTS)
    assert run.status == 1
    assert run.out.startswith("NO ")
    assert "Instead: " in run.out
    (row,) = rows(caio, written, "--policy=acme", *FACTS)
    assert row["verdict"] == "not_approved"
    assert row["why"]


def test_without_a_level_each_level_is_answered(caio: Caio) -> None:
    others = [fact for fact in KNOWN if "level" not in fact]
    facts = [part for fact in others for part in ("--fact", fact)]
    (row,) = rows(caio, "eu.anthropic.claude-sonnet-4-6", "--policy=acme", *facts)
    assert row["verdict"] == "depends"
    levels = row["levels"]
    assert isinstance(levels, dict)
    assert list(levels) == ["public", "internal", "confidential", "restricted"]
    for level, said in levels.items():
        (known,) = rows(
            caio, "eu.anthropic.claude-sonnet-4-6", "--policy=acme", *facts,
            "--fact", f"data.level={level}",
        )  # fmt: skip
        words = {"allow": "approved", "allow_with_conditions": "approved_with_conditions",
                 "review": "review", "prohibit": "not_approved"}  # fmt: skip
        assert known["verdict"] == words[said.removeprefix("usually_")]


@pytest.mark.parametrize(
    ("day", "verdict", "days"),
    [
        ("2027-04-07", "approved", 1),
        ("2027-04-08", "not_approved", 0),
        ("2026-12-01", "approved", 0),
    ],
)
def test_the_life_of_a_model_is_that_of_the_day(
    caio: Caio, workspace: Path, day: str, verdict: str, days: int
) -> None:
    own = pack(
        workspace,
        "  - {id: anthropic/claude-sonnet-4.5@2025-09-29, on: aws-bedrock-eu, status: approved}\n",
    )
    (row,) = rows(
        caio, "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", f"--policy={own}", *FACTS,
        f"--as-of={day}",
    )  # fmt: skip
    assert row["verdict"] == verdict, row
    assert row.get("days_left", 0) == days
    assert row["retires"] == "2027-04-08"


def test_it_ends_on_each_channel_at_its_own_time(caio: Caio) -> None:
    written, day = "anthropic/claude-sonnet-4@2025-05-14", "--as-of=2026-07-01"
    (direct,) = rows(caio, written, "--channel=claude-api", "--policy=acme", *FACTS, day)
    assert (direct["verdict"], direct["retires"]) == ("not_approved", "2026-06-15")
    (there,) = rows(caio, written, "--channel=aws-bedrock-eu", "--policy=acme", *FACTS, day)
    assert (there["verdict"], there["retires"]) == ("review", "2026-10-14")


def test_a_rolling_name_is_approved_only_by_that_name(caio: Caio, workspace: Path) -> None:
    own = pack(workspace, "  - {id: openai/gpt-4o, on: azure-openai-eu, status: approved}\n")
    options = ("--channel=azure-openai-eu", f"--policy={own}", *FACTS)
    assert rows(caio, "gpt-4o", *options)[0]["verdict"] in ("approved", "approved_with_conditions")
    dated = rows(caio, "gpt-4o-2024-08-06", *options)[0]
    assert dated["verdict"] == "review"
    assert "Approved there is openai/gpt-4o" in str(dated["why"])


def test_a_model_that_the_policy_blocks_is_a_no(caio: Caio, workspace: Path) -> None:
    own = pack(
        workspace, "  - {id: anthropic/claude-opus-4.8, on: aws-bedrock-eu, status: blocked}\n"
    )
    (row,) = rows(caio, "eu.anthropic.claude-opus-4-8", f"--policy={own}", *FACTS)
    assert row["verdict"] == "not_approved"


def test_an_approval_of_a_model_that_is_not_there_names_the_line(
    caio: Caio, workspace: Path
) -> None:
    own = pack(workspace, "  - {id: openai/gpt-4-o, on: azure-openai-eu, status: approved}\n")
    run = caio("policy", "check", own)
    assert run.status == 1 or run.status == 2
    assert "approvals.yaml:2" in run.said
    assert "openai/gpt-4o" in run.said  # did you mean


def test_the_list_holds_what_the_check_allows(caio: Caio, workspace: Path) -> None:
    own = pack(
        workspace,
        "  - {id: openai/gpt-4o@2024-08-06, on: azure-openai-eu, status: approved}\n"
        "  - {id: openai/text-embedding-3-large, on: azure-openai-eu, status: approved}\n"
        "  - {id: openai/gpt-4-32k@2023-06-13, on: azure-openai-eu, status: approved}\n"
        "  - {id: anthropic/claude-opus-4.8, on: aws-bedrock-eu, status: pending}\n",
    )
    policy = load_library(own, (workspace,)).policy
    for level in ("public", "internal", "confidential", "restricted"):
        said = [f if "level" not in f else f"data.level={level}" for f in KNOWN]
        facts = [part for fact in said for part in ("--fact", fact)]
        run = caio("models", "list", "--json", f"--policy={own}", *facts)
        tools = [json.loads(line) for line in run.out.splitlines()]
        listed = {(t["tool"], model) for t in tools for model in t["models"]}
        for approval in policy.approvals:
            if not approval.on:
                continue
            (row,) = rows(caio, approval.id, f"--channel={approval.on}", f"--policy={own}", *facts)
            is_listed = (approval.on, approval.id) in listed
            may = row["verdict"] != "not_approved" and approval.status in ("approved", "restricted")
            assert is_listed == may, (approval.id, level, row)


def test_the_list_can_be_of_models_for_one_thing(caio: Caio, workspace: Path) -> None:
    own = pack(
        workspace,
        "  - {id: openai/text-embedding-3-large, on: azure-openai-eu, status: approved}\n",
    )
    run = caio("models", "list", "--capability=embedding", f"--policy={own}", *FACTS)
    assert "model openai/text-embedding-3-large" in run.out
    assert "claude-sonnet" not in run.out
    refused = caio("models", "list", "--capability=juggling", f"--policy={own}")
    refused.assert_refused("No approved model has the capability 'juggling'.", "chat, embedding")


def test_what_to_look_at_among_the_approvals(caio: Caio, workspace: Path) -> None:
    own = pack(
        workspace,
        "  - {id: anthropic/claude-sonnet-4.5@2025-09-29, on: aws-bedrock-eu, status: approved,"
        " review_due: 2026-11-01}\n"
        "  - {id: xai/grok-4, on: xai-api, status: approved}\n"
        "  - {id: openai/gpt-4o, on: azure-openai-eu, status: approved}\n",
    )
    run = caio("models", "check", f"--policy={own}", "--as-of=2027-03-30")
    assert run.status == 3
    lines = run.out.splitlines()
    assert any("claude-sonnet-4.5" in x and "in 9 days" in x for x in lines)
    assert any("its review was due on 2026-11-01" in x for x in lines)
    assert any("lets xai/grok-4.3 answer grok-4" in x for x in lines)
    assert any("openai/gpt-4o on azure-openai-eu: the name moves on" in x for x in lines)
    run = caio("models", "check", "--policy=acme", "--as-of=2026-11-23")
    assert (run.status, run.out) == (
        0, "Nothing to look at among the approvals of tools and models.\n",
    )  # fmt: skip


def test_old_facts_of_a_tool_are_to_be_read_again(caio: Caio) -> None:
    run = caio("models", "check", "--policy=acme", "--as-of=2027-11-01")
    assert "chatgpt-enterprise: facts of 2026-11-" in run.out
    assert "aws-bedrock-eu: some facts were last read " in run.out


def test_what_changed_between_two_catalogues(caio: Caio, tmp_path: Path) -> None:
    content = (Path(__file__).parents[1] / "data/models/catalogue.json").read_text()
    older = content.replace('"retires":"2027-04-08"', '"retires":"2027-05-01"').replace(
        '"date": "2026-', '"date": "2025-'
    )
    older = "\n".join(x for x in older.split("\n") if not x.startswith('{"id":"openai/gpt-5.5-'))
    (tmp_path / "old.json").write_text(older)
    run = caio("models", "diff", str(tmp_path / "old.json"))
    assert run.status == 0
    assert "from the catalogue of 2025-" in run.out
    assert "anthropic/claude-sonnet-4.5@2025-09-29: bedrock in eu: retires 2027-04-08" in run.out
    assert "openai/gpt-5.5-pro: is new" in run.out
    answer = json.loads(caio("models", "diff", str(tmp_path / "old.json"), "--json").out)
    assert {"model": "openai/gpt-5.5-pro", "change": "is new", "approved": False} in answer[
        "changes"
    ]
    (tmp_path / "bad.json").write_text("[1]")
    caio("models", "diff", str(tmp_path / "bad.json")).assert_refused("is no catalogue")
    caio("models", "diff", str(tmp_path / "none.json")).assert_refused("cannot be read")


async def test_a_chat_gets_tokens_and_cost(connect: Connect) -> None:
    async with connect() as talk:
        answer = await talk.call(
            "check_model",
            models=["eu.anthropic.claude-sonnet-4-6", "nobody/knows"],
            text="hello world " * 100,
            facts=["data.level=public"],
        )
        known, unknown = answer["tokens"]
        assert known["method"] == "estimated"
        assert known["low"] < known["tokens"] < known["high"]
        assert known["usd"]["high"] == pytest.approx(known["high"] * 3.3 / 1_000_000, abs=1e-6)
        assert "usd" not in unknown
        assert "hello" not in talk.text
        assert datetime.date.fromisoformat(answer["catalogue_of"])


def test_a_router_may_be_any_model(caio: Caio) -> None:
    (row,) = rows(caio, "openrouter/auto", "--policy=acme", *FACTS)
    assert row["verdict"] == "not_approved"
    assert row["why"] == "Any model may answer there: name the ones that may."
