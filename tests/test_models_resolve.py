"""Which model is meant by an id: forms that people and code write, and laws that hold for all."""

from __future__ import annotations

import json
import string
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caio_mcp.core.models import Models, plain_name
from caio_mcp.core.resolve import Resolution, resolve
from caio_mcp.files import load_library
from conftest import Caio
from model_cases import FORMS, REFUSED


@cache
def models() -> Models:
    return load_library("acme").catalogue.models


def found(written: str, provider: str = "") -> Resolution:
    return resolve(models(), written, provider)


@pytest.mark.parametrize(
    ("written", "provider", "class_", "model", "channel", "region"),
    FORMS,
    ids=[f"{form[0][:60]} {form[1]}" for form in FORMS],
)
def test_a_model_is_known_in_every_form(
    written: str, provider: str, class_: str, model: str, channel: str, region: str
) -> None:
    resolution = found(written, provider)
    assert resolution.model is not None
    assert (resolution.resolved, resolution.model.id) == (class_, model)
    assert (resolution.channel, resolution.region_scope) == (channel, region)


@pytest.mark.parametrize(
    ("written", "class_"),
    REFUSED,
)
def test_what_is_no_certain_model_never_matches_an_approval(written: str, class_: str) -> None:
    resolution = found(written)
    assert resolution.resolved == class_
    assert not resolution.is_approvable


def test_copilot_names_what_it_may_be() -> None:
    assert set(found("copilot").candidates) >= {"app:m365-copilot", "app:github-copilot"}


def test_every_name_of_the_catalogue_stands_for_its_model_and_no_other() -> None:
    for name, id_ in models().names.items():
        resolution = found(name)
        assert resolution.model is not None, name
        assert resolution.model.id == id_ or models().channel_names.get(resolution.channel, {})


def test_every_offering_is_called_by_an_id_of_its_own_model() -> None:
    hints = {channel: hint for hint, channel in models().channels.hints.items()}
    for id_ in models():
        for offering in models()[id_].offered:
            vendor = id_.split("/")[0]
            own = [h for h, v in models().channels.direct.items() if v == vendor]
            provider = own[0] if offering.channel == "direct" else hints[offering.channel]
            resolution = found(offering.id, provider)
            assert resolution.model is not None, (offering.id, provider)
            assert resolution.model.id == id_, (offering.id, provider)


def test_identities_are_told_apart_by_their_five_fields() -> None:
    fields = [
        (m.vendor, m.family, m.version, m.variant, m.snapshot) for m in map(models().get, models())
        if m is not None
    ]  # fmt: skip
    assert len(set(fields)) == len(fields)


@given(st.text(max_size=350), st.text(max_size=20))
@settings(deadline=None)  # the catalogue is read by the first
def test_nothing_that_is_written_breaks_it(written: str, provider: str) -> None:
    resolution = found(written, provider)
    assert resolution.resolved
    if not written.strip().isascii():
        assert resolution.resolved == "suspicious"


NAMES = (
    *("gpt-4o", "claude-sonnet-4-6", "gemini-2.5-pro", "mistral-large-2512", "llama3.1:8b"),
    *("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "gpt-oss-120b"),
)


@given(
    st.sampled_from(NAMES),
    st.integers(min_value=0, max_value=60),
    st.sampled_from(string.printable),
    st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_a_look_alike_is_never_the_model_that_it_looks_like(
    name: str, at: int, character: str, is_added: bool
) -> None:
    at = min(at, len(name))
    changed = name[:at] + character + name[at + (not is_added) :]
    before, after = found(name).model, found(changed).model
    assert before is not None
    if after is not None and after.id == before.id:  # then it is another of its own names
        bare = plain_name(changed).removeprefix("eu.").removeprefix("anthropic.")
        assert any(bare.endswith(other) for other, id_ in models().names.items() if id_ == after.id)


@given(st.sampled_from(sorted(load_library("acme").catalogue.models)))
@settings(deadline=None)
def test_resolving_what_was_resolved_changes_nothing(id_: str) -> None:
    once = found(id_.split("/", 1)[1]).model
    assert once is not None
    again = found(once.id.split("/", 1)[1]).model
    assert again is once


# -- the command -----------------------------------------------------------------------------


def test_one_line_of_json_answers_each_line(caio: Caio) -> None:
    lines = [
        "gpt-4o-2024-08-06",
        '{"id": "claude-opus-4-6@default", "provider": "google-vertex"}',
        "",
        '{"model": "gpt-4o"}',
        "{not json",
        '{"id": "gpt-4o", "provider": 7}',
        "x" * 301,
    ]
    run = caio("models", "resolve", "-", stdin="\n".join(lines).encode() + b"\nbad\xff\n")
    answers = [json.loads(line) for line in run.out.splitlines()]
    assert len(answers) == 7
    assert answers[0] == {
        "id": "gpt-4o-2024-08-06",
        "class": "exact",
        "canonical": "openai/gpt-4o@2024-08-06",
        "vendor": "openai",
        "family": "gpt",
        "version": "4o",
        "variant": None,
        "snapshot": "2024-08-06",
        "channel": "unspecified",
        "region_scope": None,
    }
    assert (answers[1]["channel"], answers[1]["version"]) == ("vertex", "4.6")
    assert ["error" in answer for answer in answers] == [
        False,
        False,
        True,
        True,
        True,
        True,
        False,
    ]
    assert answers[6]["class"] == "suspicious"
    assert run.status == 2


def test_ids_are_resolved_from_the_command_line_too(caio: Caio) -> None:
    run = caio("models", "resolve", "Copilot", "gpt-4o", "--provider", "azure")
    assert run.status == 0
    assert "ambiguous, no certain model" in run.out
    assert "'gpt-4o': alias, openai/gpt-4o on azure" in run.out
    caio("models", "resolve").assert_refused("Give ids, or -")
