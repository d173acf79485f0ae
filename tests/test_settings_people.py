"""Who has which role: what caio-mcp.toml says of operating system users."""

from __future__ import annotations

from pathlib import Path

import pytest

from caio_mcp.bootstrap import build_caller
from caio_mcp.errors import SetupError
from caio_mcp.service import Caller
from caio_mcp.settings import load_settings

TOML = """\
unit = "Everybody"
roles = ["employee"]
[people.maria]
roles = ["dpo", "reviewer"]
unit = "Legal"
[people.tom]
unit = "Sales"
"""


def caller(folder: Path, toml: str = TOML, **environment: str) -> Caller:
    (folder / "caio-mcp.toml").write_text(toml)
    return build_caller(load_settings(workspace=str(folder), environment=environment))


@pytest.mark.parametrize(
    ("name", "unit", "roles"),
    [
        ("maria", "Legal", ("dpo", "reviewer")),
        ("tom", "Sales", ("employee",)),
        ("anybody", "Everybody", ("employee",)),
    ],
)
def test_a_person_has_what_the_settings_say_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, unit: str, roles: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LOGNAME", name)
    found = caller(tmp_path)
    assert (found.person, found.unit, found.roles) == (name, unit, roles)
    assert found.assurance == "os_user"


def test_the_environment_goes_before_the_settings_of_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "maria")
    assert caller(tmp_path, CAIO_MCP_ROLES="auditor").roles == ("auditor",)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('people = "maria"', "people must be tables"),
        ("people = {maria = 1}", "people must be tables"),
        ("[people.maria]\nrole = 'dpo'", "'role' of 'maria' is not a setting of a person"),
        ("[people.maria]\nroles = ['king']", "'king' is not a role"),
    ],
)
def test_what_is_wrong_with_people_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str, said: str
) -> None:
    monkeypatch.setenv("LOGNAME", "maria")
    with pytest.raises(SetupError, match=said):
        caller(tmp_path, toml)
