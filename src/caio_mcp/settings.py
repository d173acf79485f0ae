"""Where things are and who asks: flags, environment, caio-mcp.toml, defaults, in this order."""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .core.wording import JOINERS, nearest, quote, shorten
from .errors import SetupError
from .opening import read_file

CONFIG_NAME = "caio-mcp.toml"
CONFIG_BYTES_MAX = 50_000  # a few lines have much less, and TOML can take long to read
PREFIX = "CAIO_MCP_"
ROLES = ("employee", "reviewer", "dpo", "caio", "auditor")
DecisionLog = Literal["off", "unit", "pseudonym"]
DECISION_LOGS = ("off", "unit", "pseudonym")
LOCK_SECONDS_MAX = 3_600
LOG_DAYS_MAX = 36_500
KEYS = (
    "policy",
    "register",
    "decision_log",
    "organisation",
    "unit",
    "roles",
    "lock_seconds",
    "log_days",
    "folders",
    "secret_rules",
    "presidio",
)
PEOPLE = "people"  # in caio-mcp.toml: a table [people.NAME] for an operating system user
OF_PEOPLE = ("unit", "roles")  # what it may say
ORG = "org"  # in the caio-mcp.toml of a workspace of several organisations: the usual one
ORGS = "orgs"  # the folder of a workspace that holds one folder for each organisation
ORG_CHARACTERS_MAX = 40
_ORG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Detection:
    """What is looked at and with what, beside what the product looks for itself."""

    folders: tuple[Path, ...] = ()  # that an assistant may name files in
    secret_rules: Path | None = None  # a gitleaks.toml beside the rules for credentials
    presidio: bool = False  # its patterns beside the product's


NOTHING_MORE = Detection()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    workspace: Path
    policy: str = "default"
    register: Path = Path("register.db")
    decision_log: DecisionLog = "unit"
    organisation: str = ""
    unit: str = ""
    roles: tuple[str, ...] = ("employee",)
    person: str = "unknown"
    lock_seconds: float = 10.0
    log_days: int = 365
    detection: Detection = NOTHING_MORE

    @property
    def packs(self) -> tuple[Path, ...]:
        """The folders in which the workspace keeps its own policy packs."""
        return (self.workspace / "policies",)


def load_settings(
    *,
    workspace: str = "",
    policy: str = "",
    org: str = "",
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of this run. The current directory is never searched."""
    env = os.environ if environment is None else environment
    place = find_place(workspace=workspace, org=org, environment=env)
    chosen = workspace or env.get(f"{PREFIX}WORKSPACE", "")
    if chosen and not _is_folder(place.workspace):
        raise SetupError(
            f"The workspace {shorten(chosen)} is not a folder.",
            remedy="Make the folder first, or leave the workspace out.",
        )
    there = organisations(place.workspace)
    if place.org not in there and (place.org or there):
        problem, remedy = _which_org(place, there)
        raise SetupError(problem, remedy=remedy)
    values = _read_config(place.folder / CONFIG_NAME)
    _add_person(values, _person())
    for key in KEYS:
        name = f"{PREFIX}{key.upper()}"
        if env.get(name):
            values[key] = (env[name], f"the environment variable {name}")
    if policy:
        values["policy"] = (policy, "--policy")
    return _checked(place.folder, values)


def _add_person(values: dict[str, tuple[object, str]], person: str) -> None:
    """What `[people.NAME]` says of this person, in place of what holds for everybody."""
    people, where = values.pop(PEOPLE, ({}, ""))
    if not isinstance(people, dict) or not all(isinstance(p, dict) for p in people.values()):
        raise SetupError(
            f"{where}: people must be tables.",
            remedy='Write [people.NAME] and below it roles = ["reviewer"] and unit = "...".',
        )
    for name, said in people.items():
        for key in said:
            if key not in OF_PEOPLE:
                raise SetupError(
                    f"{where}: {shorten(key)} of {shorten(name)} is not a setting of a person.",
                    remedy=nearest(key, OF_PEOPLE),
                )
    for key, value in people.get(person, {}).items():
        values[key] = (value, f"{where} [people.{person}]")


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace, and the organisation in it where it has several."""

    workspace: Path
    org: str = ""

    @property
    def folder(self) -> Path:
        """Where the settings, policies and register are."""
        return self.workspace / ORGS / self.org if self.org else self.workspace


def find_place(
    *, workspace: str = "", org: str = "", environment: Mapping[str, str] | None = None
) -> Place:
    """The workspace and organisation of this run, be they there or not."""
    env = os.environ if environment is None else environment
    chosen = workspace or env.get(f"{PREFIX}WORKSPACE", "")
    folder = _path(chosen) if chosen else _default_workspace()
    usual: tuple[object, str] = ("", "")
    if organisations(folder):
        path = folder / CONFIG_NAME
        usual = _read_config(path, (ORG,)).get(ORG, usual)
    name = f"{PREFIX}{ORG.upper()}"
    said = ((org, "--org"), (env.get(name, ""), f"the environment variable {name}"), usual)
    chosen_org, where = next((pair for pair in said if pair[0] != ""), ("", ""))
    return Place(folder, read_org(chosen_org, where) if where else "")


def read_org(name: object, where: str) -> str:
    """The name of an organisation's folder; it never leads out of the one that holds it."""
    if isinstance(name, str) and len(name) <= ORG_CHARACTERS_MAX and _ORG.fullmatch(name):
        return name
    raise SetupError(
        f"{where}: {quote(str(name))} cannot be the name of an organisation here.",
        remedy=f"Use up to {ORG_CHARACTERS_MAX} of a-z and 0-9, with single - or _ between them.",
    )


def organisations(workspace: Path) -> tuple[str, ...]:
    """The organisations of a workspace that has several, in order."""
    try:
        found = [path.parent.name for path in (workspace / ORGS).glob(f"*/{CONFIG_NAME}")]
    except OSError:  # no such folder, or one that is closed
        return ()
    return tuple(sorted(name for name in found if _ORG.fullmatch(name)))


def _which_org(place: Place, there: Sequence[str]) -> tuple[str, str]:
    listed = ", ".join(there) or "none"
    if place.org:
        return (
            f"There is no organisation {place.org!r} in {place.workspace}; there: {listed}.",
            nearest(place.org, there) if there else "`caio-mcp init --org NAME` makes one.",
        )
    return (
        f"The workspace {place.workspace} is of several organisations: {listed}.",
        f"Choose one with --org NAME or {PREFIX}ORG, or write the usual one into "
        f'{CONFIG_NAME} there: {ORG} = "{there[0]}".',
    )


def _default_workspace() -> Path:
    from platformdirs import user_data_path  # only where no workspace was given

    return user_data_path("caio-mcp", appauthor=False)


def _path(text: str) -> Path:
    return Path(os.path.expanduser(text))  # noqa: PTH111  # leaves an unknown ~name as it is


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no file can have, or a folder that is closed
        return False


def _read_config(
    path: Path, keys: Sequence[str] = (*KEYS, PEOPLE)
) -> dict[str, tuple[object, str]]:
    try:
        content = read_file(path, CONFIG_BYTES_MAX)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SetupError(
            f"{path} cannot be read: {error.strerror}.", remedy="Check that you may read it."
        ) from None
    try:
        read = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SetupError(
            f"{path}:{line}: This line is not UTF-8 text.", remedy="Save the file as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError(
            f"{path} is not valid TOML: {error}.", remedy="Mend the line it names."
        ) from None
    except (RecursionError, ValueError):  # nested too deeply, or a number that is too long
        raise SetupError(
            f"{path} holds a value that cannot be read.", remedy=f"Give only {', '.join(keys)}."
        ) from None
    for key in read:
        if key in (*KEYS, PEOPLE) and key not in keys:
            raise SetupError(
                f"{path}: {key} is a setting of one organisation, and this folder holds several.",
                remedy=f"Move it into {ORGS}/NAME/{CONFIG_NAME}.",
            )
        if key not in keys:
            raise SetupError(f"{path}: {shorten(key)} is not a setting.", remedy=nearest(key, keys))
    return {key: (value, str(path)) for key, value in read.items()}


def _checked(folder: Path, values: Mapping[str, tuple[object, str]]) -> Settings:
    def text(key: str, default: str) -> str:
        value, where = values.get(key, (default, ""))
        if not isinstance(value, str):
            raise SetupError(f"{where}: {key} must be a text, not {shorten(str(value))}.")
        if not value.translate(JOINERS).isprintable():
            raise SetupError(
                f"{where}: {key} holds a character that cannot be shown: {shorten(value)}.",
                remedy="Write it again without control characters.",
            )
        return value

    log, log_where = text("decision_log", "unit"), values.get("decision_log", ("", ""))[1]
    if log not in DECISION_LOGS:
        raise SetupError(
            f"{log_where}: decision_log cannot be {shorten(log)}.",
            remedy=nearest(log, DECISION_LOGS),
        )
    written, where = values.get("roles", ("employee", ""))
    roles = (
        tuple(part.strip() for part in written.split(","))
        if isinstance(written, str)
        else (tuple(map(str, written)) if isinstance(written, list) else (str(written),))
    )
    for role in roles or ("",):
        if role not in ROLES:
            raise SetupError(
                f"{where}: {shorten(role)} is not a role.", remedy=nearest(role, ROLES)
            )
    register = _path(text("register", "register.db"))
    rules = text("secret_rules", "")
    return Settings(
        workspace=folder,
        policy=text("policy", "default"),
        register=folder / register,
        decision_log=log,  # type: ignore[arg-type]  # checked above
        organisation=text("organisation", ""),
        unit=text("unit", ""),
        roles=roles,
        person=_person(),
        lock_seconds=_number(values, "lock_seconds", 10.0, LOCK_SECONDS_MAX, "seconds"),
        detection=Detection(
            folders=_folders(values),
            secret_rules=folder / _path(rules) if rules else None,
            presidio=_yes(values, "presidio"),
        ),
        log_days=int(_number(values, "log_days", 365.0, LOG_DAYS_MAX, "whole days")),
    )


def _yes(values: Mapping[str, tuple[object, str]], key: str) -> bool:
    value, where = values.get(key, (False, ""))
    answers = {"true": True, "false": False, "1": True, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in answers:
        return answers[value.lower()]
    raise SetupError(
        f"{where}: {key} must be true or false, not {shorten(str(value))}.",
        remedy=f"Write {key} = true, or leave it out.",
    )


def _folders(values: Mapping[str, tuple[object, str]]) -> tuple[Path, ...]:
    """The folders whose files an assistant may have looked through; in the environment they
    stand with the sign between them that the system uses for paths."""
    written, where = values.get("folders", ([], ""))
    names = written.split(os.pathsep) if isinstance(written, str) else written
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SetupError(
            f"{where}: folders must be a list of texts.", remedy='Write folders = ["~/Downloads"].'
        )
    found = []
    for name in filter(None, names):
        folder = _path(name)
        if not folder.is_absolute():
            raise SetupError(
                f"{where}: the folder {shorten(name)} does not begin at the root or with ~.",
                remedy="Write the whole path.",
            )
        found.append(folder)
    return tuple(found)


def _number(
    values: Mapping[str, tuple[object, str]], key: str, default: float, most: int, unit: str
) -> float:
    written, where = values.get(key, (default, ""))
    try:
        number = float(str(written))
    except ValueError:
        number = -1.0
    if not 0 <= number <= most or (unit.startswith("whole") and number % 1):
        raise SetupError(
            f"{where}: {key} cannot be {shorten(str(written))}.",
            remedy=f"Use a number of {unit} from 0 to {most:,}.",
        )
    return number


def _person() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no user of that number: a container
        name = ""
    if not name or not name.isprintable():
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"
    return name
