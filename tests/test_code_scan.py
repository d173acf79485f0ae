"""`models scan-code` and `check_model(path)`: the models of a repository, decided on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from code_corpus import MIXED, NONE
from conftest import Caio, Connect
from test_hostile_files import CONTENTS

SETTINGS = """\
data.level: internal
facts:
  purpose.task: summarise
  data.categories: none
  data.identifiability: anonymised
  data.origin: none
  data.overlays: none
  purpose.practices: none
  processing.decides_about_persons: no
models:
  prod-chat: {is: openai/gpt-4o@2024-08-06, on: azure-openai-eu}
  MODEL: {is: anthropic/claude-sonnet-4.6, on: aws-bedrock-eu}
ignore: [old/]
"""
CODE = """\
import os
from openai import AzureOpenAI
import boto3

AzureOpenAI().chat.completions.create(model="prod-chat")
bedrock = boto3.client("bedrock-runtime", region_name="eu-central-1")
bedrock.converse(modelId="eu.anthropic.claude-sonnet-4-6")
bedrock.converse(modelId=os.environ["MODEL"])
bedrock.converse(modelId="eu.anthropic.claude-6-ultra")
"""


def write(folder: Path, files: dict[str, str]) -> str:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return str(folder)


@pytest.fixture
def repository(tmp_path: Path) -> str:
    files = {"app.py": CODE, ".caio.yaml": SETTINGS, "old/app.py": CODE, "README.md": "gpt-4\n"}
    return write(tmp_path / "repository", files)


def answer(caio: Caio, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(caio("models", "scan-code", *arguments, "--json").out)
    return found


def test_each_model_of_the_code_gets_a_verdict(caio: Caio, repository: str) -> None:
    run = caio("models", "scan-code", repository, "--policy=acme")
    assert run.status == 1
    first, *lines = run.out.splitlines()
    assert first.startswith("4 models in 1 of 2 files; Acme policy 3.2; data internal (.caio.yaml)")
    assert "catalogue of 2026-" in first
    assert "1 not approved." in first
    assert lines[0].startswith("NO      app.py:9 eu.anthropic.claude-6-ultra: It is not in the cat")
    assert "Instead: eu.anthropic.claude-sonnet-4-6 on aws-bedrock-eu." in lines[0]
    assert any(x.startswith("OK      app.py:7 eu.anthropic.claude-sonnet-4-6") for x in lines)
    models = answer(caio, repository, "--policy=acme")["models"]
    verdicts = {row["id"]: row["verdict"] for row in models}
    assert verdicts == {
        "prod-chat": "review",  # known now, but approved by nobody
        "eu.anthropic.claude-sonnet-4-6": "approved",
        'os.environ["MODEL"]': "approved",
        "eu.anthropic.claude-6-ultra": "not_approved",
    }


def test_without_settings_names_that_hide_the_model_are_not_approved(
    caio: Caio, tmp_path: Path
) -> None:
    folder = write(tmp_path / "code", {"app.py": CODE})
    run = caio("models", "scan-code", folder, "--policy=acme", "--level=internal")
    assert run.status == 1
    assert "prod-chat: The deployment's name hides the model." in run.out or (
        "prod-chat: The name hides the model" in run.out
    )
    assert "models: {MODEL: {is: ...}}" in run.out


def test_an_unknown_level_is_asked_for_and_each_level_answered(caio: Caio, tmp_path: Path) -> None:
    folder = write(tmp_path / "code", {"app.py": CODE})
    run = caio("models", "scan-code", folder, "--policy=acme")
    assert "The level of the data is not known" in run.out
    assert "By level: public " in run.out


def test_settings_that_are_wrong_are_all_named_with_their_lines(caio: Caio, tmp_path: Path) -> None:
    wrong = "use: E-1\nlevel: internal\nmodels:\n  a: {what: b}\n"
    folder = write(tmp_path / "code", {"app.py": CODE, ".caio.yaml": wrong})
    run = caio("models", "scan-code", folder, "--policy=acme")
    run.assert_refused(".caio.yaml:2:1:", "'level' is not a setting", ".caio.yaml:4:")
    folder = write(tmp_path / "b", {"app.py": CODE, ".caio.yaml": "data.level: topmost\n"})
    caio("models", "scan-code", folder, "--policy=acme").assert_refused("not a value of data.level")
    folder = write(
        tmp_path / "c",
        {"app.py": CODE, ".caio.yaml": "models:\n  prod-chat: {is: gpt-4o, on: the moon}\n"},
    )
    caio("models", "scan-code", folder, "--policy=acme").assert_refused("is not one tool")
    caio("models", "scan-code", str(tmp_path / "none")).assert_refused("cannot be read")


def test_a_registered_use_says_what_goes_in(caio: Caio, tmp_path: Path) -> None:
    facts = [f"--fact={x}" for x in ("data.level=confidential", "task=summarise")]
    added = caio("register", "add", "--title=Summaries", *facts, "--tool=aws-bedrock-eu",
                 "--policy=acme")  # fmt: skip
    assert added.status in (0, 3), added.said
    folder = write(tmp_path / "code", {"app.py": CODE, ".caio.yaml": "use: E-0001\n"})
    assert "; data confidential (.caio.yaml); " in caio(
        "models", "scan-code", folder, "--policy=acme"
    ).out  # fmt: skip
    folder = write(tmp_path / "other", {"app.py": CODE, ".caio.yaml": "use: E-0099\n"})
    caio("models", "scan-code", folder, "--policy=acme").assert_refused("E-0099")


def test_what_was_there_before_can_be_left_out(caio: Caio, repository: str, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    options = (repository, "--policy=acme")
    assert caio("models", "scan-code", *options, f"--write-baseline={baseline}").status == 0
    run = caio("models", "scan-code", *options, f"--baseline={baseline}")
    assert run.status == 0, run.out
    assert "2 more are in the baseline." in run.out
    (Path(repository) / "new.py").write_text('import openai\nopenai.create(model="gpt-99")\n')
    run = caio("models", "scan-code", *options, f"--baseline={baseline}")
    assert run.status == 1
    assert "new.py:2 gpt-99" in run.out
    (tmp_path / "bad.json").write_text('{"known": [1]}')
    bad = caio("models", "scan-code", *options, f"--baseline={tmp_path / 'bad.json'}")
    bad.assert_refused("'bad.json' is no baseline.")


def test_code_hosts_are_told_with_sarif(caio: Caio, repository: str) -> None:
    run = caio("models", "scan-code", repository, "--policy=acme", "--format=sarif")
    (found,) = json.loads(run.out)["runs"]
    results = {r["message"]["text"].split(":")[0]: r for r in found["results"]}
    unknown = results["eu.anthropic.claude-6-ultra"]
    assert unknown["level"] == "error"
    rule = found["tool"]["driver"]["rules"][unknown["ruleIndex"]]
    assert rule["id"] == unknown["ruleId"] == "MODEL-NOT-APPROVED"
    place = unknown["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "app.py"
    assert place["region"] == {"startLine": 9, "startColumn": 27}
    assert "eu.anthropic.claude-sonnet-4-6" not in results


@pytest.mark.parametrize(
    "files", [{p: t for p, (t, _) in MIXED.items()}, NONE], ids=["mixed", "none"]
)
def test_the_bill_of_materials_is_valid_cyclonedx(
    caio: Caio, tmp_path: Path, files: dict[str, str]
) -> None:
    folder = write(tmp_path / "code", files)
    run = caio("models", "scan-code", folder, "--policy=acme", "--format=cyclonedx")
    assert JsonStrictValidator(SchemaVersion.V1_7).validate_str(run.out) is None
    bom = json.loads(run.out)
    names = {component["name"] for component in bom["components"]}
    assert ("Claude Sonnet 4.5" in names) == ("src/bedrock.py" in files)
    for component in bom["components"]:
        assert component["type"] == "machine-learning-model"
        assert component["evidence"]["occurrences"]


def test_a_mixed_repository_is_found_whole_and_another_not_at_all(
    caio: Caio, tmp_path: Path
) -> None:
    folder = write(tmp_path / "mixed", {p: t for p, (t, _) in MIXED.items()})
    found = answer(caio, folder, "--policy=acme", "--level=public")
    assert len(MIXED) >= 40
    written = sum(len(wanted) for _, wanted in MIXED.values())
    assert len(found["models"]) == written
    folder = write(tmp_path / "none", NONE)
    run = caio("models", "scan-code", folder, "--policy=acme")
    assert (run.status, run.out.count("\n")) == (0, 1)


async def test_an_assistant_asks_of_a_folder(
    connect: Connect, repository: str, tmp_path: Path
) -> None:
    async with connect() as talk:
        sentence = await talk.refused("check_model", path=repository)
        assert "is not in a folder that was opened" in sentence
        await talk.refused("check_model", path=repository, models=["gpt-4o"])
    async with connect(CAIO_MCP_FOLDERS=str(tmp_path)) as talk:
        found = await talk.call("check_model", path=repository)
        assert talk.text.startswith("4 models in 1 of 2 files; Acme policy 3.2; data internal")
        assert found["models"][0]["at"] == ["app.py:9"]
        assert found["models"][0]["verdict"] == "not_approved"
        assert "models scan-code" in talk.text


def test_no_content_of_a_file_is_in_the_answer(caio: Caio, tmp_path: Path) -> None:
    secret = "sk-" + "proj-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z"
    code = f'import openai\nopenai.create(model="gpt-4o", api_key="{secret}", user="Ann Example")\n'
    folder = write(tmp_path / "code", {"app.py": code})
    for form in ("table", "json", "sarif", "cyclonedx"):
        run = caio("models", "scan-code", folder, "--policy=acme", f"--format={form}")
        assert "gpt-4o" in run.out
        assert secret not in run.said
        assert "Ann Example" not in run.said


def test_a_secret_in_the_place_of_a_model_is_not_repeated(caio: Caio, tmp_path: Path) -> None:
    secret = "sk-ant-" + "api03-Zm9vYmFyMTIzNDU2Nzg5QUJDREVG"
    folder = write(tmp_path / "code", {
        "a.py": f'import openai\nopenai.OpenAI().chat.completions.create(model="{secret}")\n',
        "app.env": f"OPENAI_MODEL={secret}\n",
    })  # fmt: skip
    for form in ("table", "json", "sarif", "cyclonedx"):
        run = caio("models", "scan-code", folder, "--format", form)
        assert "a.py" in run.out
        assert secret not in run.said
    baseline = tmp_path / "baseline.json"
    caio("models", "scan-code", folder, "--write-baseline", str(baseline))
    assert secret not in baseline.read_text()
    left = answer(caio, folder, "--baseline", str(baseline))
    assert left["models"] == []


RUNS = (
    "\n",
    "\r\n",
    " ",
    "a",
    "-",
    "${",
    '"model":',
    "model {",
    "openai ",
    "claude -m",
    "# ",
    "/*",
    "'",
)


def test_whatever_lies_there_is_looked_through_or_said_to_be_left_out(
    caio: Caio, tmp_path: Path
) -> None:
    suffixes = ("py", "ts", "rs", "java", "cs", "yaml", "json", "toml", "sh", "tf", "ipynb", "sql")
    for number, content in enumerate(CONTENTS.values()):
        for suffix in suffixes:
            if len(content) < 100_000 or suffix in ("py", "json"):
                (tmp_path / f"{number}.{suffix}").write_bytes(content)
    for number, run in enumerate(RUNS):
        for suffix in suffixes:
            (tmp_path / f"run{number}.{suffix}").write_text(run * (20_000 // len(run)))
    found = answer(caio, str(tmp_path))
    assert found["models"] == []
    assert found["skipped"]["cannot be read, or is too large"] == 6


def test_the_region_of_a_client_does_not_hide_that_of_an_id(caio: Caio, tmp_path: Path) -> None:
    code = """import boto3
client = boto3.client("bedrock-runtime", region_name="eu-central-1")
client.converse(modelId="us.anthropic.claude-sonnet-4-6")
client.converse(modelId="anthropic.claude-sonnet-4-6")
"""
    found = answer(caio, write(tmp_path, {"app.py": code}))["models"]
    assert [row["channel"] for row in found] == ["aws-bedrock-global", "aws-bedrock-eu"]
