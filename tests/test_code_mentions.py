"""What code says of models, in every form that is looked for, and nothing where there is none."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caio_mcp.core.code import Mention, find_mentions
from caio_mcp.files import load_library
from caio_mcp.service import knows
from code_corpus import MIXED, NONE

MODELS = ("id", "deployment", "unread")


@cache
def is_known(text: str) -> bool:
    return knows(load_library("acme").catalogue.models, text)


def mentions(path: str, text: str) -> list[Mention]:
    return find_mentions(path, text, is_known)


def expected(written: str) -> tuple[str, str, str]:
    text, _, channel = written.partition(" @")
    for form in ("unread", "deployment"):
        if text.startswith(f"{form} "):
            return form, text.removeprefix(f"{form} "), channel
    return "id", text, channel


@pytest.mark.parametrize("path", MIXED)
def test_every_model_in_a_file_is_found_and_nothing_else(path: str) -> None:
    text, written = MIXED[path]
    seen = [m for m in mentions(path, text) if m.form in MODELS]
    wanted = [expected(w) for w in written]
    assert sorted((m.form, m.text) for m in seen) == sorted(w[:2] for w in wanted)
    for form, name, channel in wanted:
        if channel:
            assert channel in {m.channel for m in seen if (m.form, m.text) == (form, name)}


@pytest.mark.parametrize("path", MIXED)
def test_a_mention_points_at_its_text(path: str) -> None:
    text = MIXED[path][0]
    lines = text.split("\n")
    for mention in mentions(path, text):
        shown = lines[mention.line - 1][mention.column - 1 :].replace('\\"', '"')
        assert shown.startswith(mention.text.split("\n")[0]), mention


@pytest.mark.parametrize("path", NONE)
def test_nothing_is_found_where_no_ai_is(path: str) -> None:
    assert mentions(path, NONE[path]) == []


def test_endpoints_and_packages_are_found() -> None:
    found = {
        (m.form, m.text, m.channel, m.region)
        for path, (text, _) in MIXED.items()
        for m in mentions(path, text)
        if m.form not in MODELS
    }
    assert ("endpoint", "acme.openai.azure.com", "azure", "") in found
    assert ("endpoint", "api.groq.com", "groq", "") in found
    assert ("sdk", "@anthropic-ai/sdk", "anthropic", "") in found
    assert ("sdk", "dev.langchain4j", "", "") in found
    endpoint = mentions("a.py", 'URL = "https://bedrock-runtime.eu-west-1.amazonaws.com"\n')
    assert [(m.text, m.region) for m in endpoint] == [
        ("bedrock-runtime.eu-west-1.amazonaws.com", "eu-west-1")
    ]


def test_the_region_beside_a_client_is_that_of_its_models() -> None:
    found = mentions("src/bedrock.py", MIXED["src/bedrock.py"][0])
    assert {m.region for m in found if m.form == "id"} == {"eu-central-1"}


SUFFIXES = ("py", "ts", "java", "go", "cs", "rb", "rs", "php", "yaml", "toml", "json", "env", "tf",
            "ipynb", "sh", "xml", "vue")  # fmt: skip


@given(st.sampled_from(SUFFIXES), st.text(max_size=400))
@settings(deadline=None)  # the catalogue is read by the first
def test_no_text_breaks_it(suffix: str, text: str) -> None:
    mentions(f"a.{suffix}", text)
    mentions("Dockerfile", text)
    mentions(f"a.{suffix}", f"import openai\n{text}\nmodel = {text!r}\n")


@given(
    st.sampled_from(SUFFIXES),
    st.lists(st.sampled_from([*"\"'`{}[]()#=: \n", "model", "gpt-4o", "openai", "/*", "--model "])),
)
@settings(max_examples=200, deadline=None)
def test_pieces_of_code_break_nothing_and_are_pointed_at(suffix: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = text.split("\n")
    for mention in mentions(f"a.{suffix}", text):
        if suffix != "ipynb" and mention.form != "unread":
            assert lines[mention.line - 1][mention.column - 1 :].startswith(mention.text)


@pytest.mark.parametrize("piece", ["model=", '"', "`", "[", "{", "/*", "openai ", "$" + "{"])
@pytest.mark.parametrize("suffix", ["py", "ts", "yaml", "json", "rb"])
def test_text_that_goes_on_for_long_ends(piece: str, suffix: str) -> None:
    mentions(f"a.{suffix}", "openai\n" + piece * 20_000)
