"""`caio-mcp connect`: puts the server into the configuration of the hosts on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ...core.wording import PATH_ECHO_MAX, Plain, nearest, quote, shorten
from ...errors import RequestError, SetupError
from ...files import find_pack
from ...hosts import entry as entries
from ...hosts import jsonc
from ...hosts.edit import Edit, connecting, undoing
from ...hosts.file import ConfigFile
from ...hosts.known import HOSTS, Host, Machine, this_machine
from ...hosts.program import Running
from ...settings import KEYS, PREFIX, load_settings
from .. import output

NAME_MAX = 60  # characters of the name of an entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants done, with which hosts."""

    hosts: tuple[Host, ...]
    project: Path | None
    file: Path | None
    name: str

    def path(self, host: Host) -> Path:
        """The file to edit for a host."""
        if self.file is not None:
            return self.file
        if self.project is not None:
            return self.project.joinpath(*host.in_project)
        return Path(host.place(this_machine()).file)

    def is_found(self, host: Host, machine: Machine) -> bool:
        """Whether there is reason to think that somebody reads that file."""
        return self.file is not None or self.project is not None or host.is_found(machine)


@click.command()
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option("--undo", is_flag=True, help="Take the entry out again; as it was, if untouched.")
@click.option("--print", "only_print", is_flag=True, help="Print the entry; write nothing.")
@click.option(
    "--project",
    default="",
    metavar="FOLDER",
    help="For this project only.",
)
@click.option(
    "--file",
    default="",
    metavar="FILE",
    help="Another file than the usual one.",
)
@click.option("--name", default=entries.NAME, show_default=True, help="The name of the entry.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="SETTING=VALUE",
    help="A setting for the server, such as unit=sales or roles=reviewer; again for more.",
)
@click.option("--no-verify", is_flag=True, help="Do not start the server to see that it works.")
@output.workspace_options
def command(
    hosts: tuple[str, ...],
    undo: bool,
    only_print: bool,
    project: str,
    file: str,
    name: str,
    given: tuple[str, ...],
    no_verify: bool,
    as_json: bool,
    **where: str,
) -> int:
    """Connect claude-desktop, claude-code, vscode or cursor to this server.

    Without a HOST: which of them are on this machine, and which are connected. Everything else
    in a host's configuration stays as it is, comments included, and a backup is kept beside it.
    """
    wanted = Wanted(
        tuple(_host(host) for host in dict.fromkeys(hosts)), _full(project), _full(file), name
    )
    _check(wanted)
    if not wanted.hosts:
        if undo or only_print:
            raise RequestError("Which host?", remedy=f"Name one of: {', '.join(HOSTS)}.")
        _list(wanted, as_json)
    elif undo:
        _edit([undoing(host, wanted.path(host), name) for host in wanted.hosts], as_json)
    else:
        args, environment = _settings(given, {**where, "org": output.chosen_org()})
        start = (*Running.now().command(), "serve", *args)
        new = {host.name: entries.entry_for(host, start, environment) for host in wanted.hosts}
        if only_print:
            _print(new, wanted, as_json)
        else:
            planned = [connecting(h, wanted.path(h), name, new[h.name]) for h in wanted.hosts]
            _edit(planned, as_json, wanted, verify=not no_verify)
    return output.FINE


def _host(name: str) -> Host:
    if name not in HOSTS:
        raise RequestError(f"{quote(name)} is not a known host.", remedy=nearest(name, HOSTS))
    return HOSTS[name]


def _check(wanted: Wanted) -> None:
    if not wanted.name.strip() or not wanted.name.isprintable() or len(wanted.name) > NAME_MAX:
        raise RequestError(
            f"--name is empty, longer than {NAME_MAX} characters, or cannot be shown.",
            remedy="Use letters, digits, - and _, or leave it out.",
        )
    for option, path in (("--file", wanted.file), ("--project", wanted.project)):
        if path is not None and not str(path).isprintable():
            raise RequestError(
                f"{option} holds a character that cannot be shown: {_shown(path)}.",
                remedy="Rename it, or use --print and put the entry in by hand.",
            )
    if wanted.file is not None and (len(wanted.hosts) != 1 or wanted.project is not None):
        raise RequestError(
            "--file goes with exactly one HOST and without --project.",
            remedy="Name the host whose file it is.",
        )
    if wanted.project is None:
        return
    if not os.path.isdir(wanted.project):  # noqa: PTH112  # of a name too long it says no
        raise RequestError(
            f"--project: {_shown(wanted.project)} is not a folder.",
            remedy="Give the folder in which the project is opened.",
        )
    for host in wanted.hosts:
        if not host.in_project:
            raise RequestError(
                f"{host.title} has no configuration in a project.", remedy="Leave --project out."
            )


def _shown(path: Path) -> str:
    return shorten(str(path), PATH_ECHO_MAX)


def _full(text: str) -> Path | None:
    """A path of the command line, from wherever the program is started later."""
    return Path(os.path.abspath(os.path.expanduser(text))) if text else None  # noqa: PTH100, PTH111


def _settings(
    given: Sequence[str], where: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The arguments and variables with which the server finds what this command would.

    A host does not start from this shell, so what its environment says is written down too.
    """
    options = {key: value or _of_environment(key) for key, value in where.items()}
    said = {key: _of_environment(key) for key in KEYS if key not in options}
    for setting in given:
        key, sign, value = setting.partition("=")
        if not sign or key not in said:
            raise RequestError(
                f"--set {quote(setting)} is not SETTING=VALUE.", remedy=nearest(key, said)
            )
        said[key] = value
    options = {key: _placed(key, value) for key, value in options.items() if value}
    environment = {f"{PREFIX}{key.upper()}": value for key, value in said.items() if value}
    for key, value in (*options.items(), *environment.items()):
        if not value.isprintable():
            raise RequestError(
                f"{key} cannot be written into a configuration: {quote(value)}.",
                remedy="Write it again without control characters.",
            )
    settings = load_settings(  # what the server would refuse is refused now
        workspace=options.get("workspace", ""),
        policy=options.get("policy", ""),
        org=options.get("org", ""),
        environment=environment,
    )
    find_pack(settings.policy, settings.packs)
    return tuple(part for key in options for part in (f"--{key}", options[key])), environment


def _of_environment(key: str) -> str:
    return os.environ.get(f"{PREFIX}{key.upper()}", "")


def _placed(key: str, value: str) -> str:
    """A folder as a full path; the name of a pack stays a name, and an address an address."""
    path = _full(value)
    is_path = os.sep in value or "/" in value or value.startswith(".")
    return str(path) if path and (key == "workspace" or (is_path and path.exists())) else value


# -- doing it --------------------------------------------------------------------------------------


def _edit(
    edits: Sequence[Edit], as_json: bool, wanted: Wanted | None = None, *, verify: bool = False
) -> None:
    """Carry the edits out, try what was written, and say so."""
    machine = this_machine()
    absent = {e.host.name for e in edits if wanted and not wanted.is_found(e.host, machine)}
    for edit in edits:
        edit.carry_out(output.now())
    try:
        tools = {edit.host.name: _tools_of(edit) for edit in edits} if verify else {}
    except SetupError:
        if not as_json:  # what was written is said before what is wrong with it
            _say(edits, {}, absent, wanted)
        raise
    if as_json:
        output.print_json([_plain(edit, tools.get(edit.host.name)) for edit in edits])
    else:
        _say(edits, tools, absent, wanted)


def _tools_of(edit: Edit) -> tuple[str, ...]:
    """The tools of the entry as it stands in its file now."""
    from ...server.trial import list_tools_of  # only where a server is started

    text = ConfigFile(edit.file.path).text
    entry = entries.servers(text, edit.host)[edit.name]
    return list_tools_of(entry["command"], entry["args"], entry.get("env") or {})


# -- saying so -------------------------------------------------------------------------------------


_WORDS = {
    "connected": "connected as {name}",
    "updated": "the entry {name} was brought up to date",
    "removed": "the entry {name} was taken out; the rest stays",
    "restored": "as it was before",
}


def _plain(edit: Edit, tools: Sequence[str] | None) -> dict[str, Plain]:
    row: dict[str, Plain] = {
        "host": edit.host.name,
        "did": edit.change.did,
        "name": edit.name,
        "file": str(edit.file.path),
        "backup": str(edit.backup) if edit.backup else None,
    }
    return row if tools is None else {**row, "tools": list(tools)}


def _say(
    edits: Sequence[Edit],
    tools: Mapping[str, Sequence[str]],
    absent: Container[str],
    wanted: Wanted | None,
) -> None:
    for edit in edits:
        host = edit.host
        click.echo(f"{click.style(host.title, bold=True)}: {_words(edit)}")
        click.echo(f"  file    {edit.file.path}")
        if edit.backup:
            click.echo(f"  backup  {edit.backup}")
        if host.name in tools:
            click.echo(f"  works: {len(tools[host.name])} tools")
        if edit.change.did in ("connected", "updated"):
            if host.name in absent:
                click.echo(f"  {host.title} does not seem to be on this machine.")
            if wanted and wanted.project:
                click.echo("  The file names folders of this machine; others connect themselves.")
            click.echo(f"  {host.then.format(name=edit.name)}")
        elif edit.change.did != "nothing":
            click.echo(f"  Start {host.title} again for it to notice.")


def _words(edit: Edit) -> str:
    if edit.change.did == "nothing":
        state = f"already connected as {edit.name}" if edit.change.entry else "not connected"
        return f"{state}; nothing was changed"
    words = _WORDS[edit.change.did].format(name=edit.name)
    if edit.change.did != "restored":
        return words
    if edit.change.text is None:
        return f"{words}; the file held nothing else and is gone"
    if entries.is_ours(entries.servers(edit.change.text, edit.host).get(edit.name)):
        return f"{words}, with an earlier entry {edit.name}; --undo again takes that out"
    return words


def _print(new: Mapping[str, entries.Entry], wanted: Wanted, as_json: bool) -> None:
    shown: dict[str, Any] = {
        host.name: {host.key: {wanted.name: new[host.name]}} for host in wanted.hosts
    }
    if as_json:
        output.print_json(shown)
        return
    for host in wanted.hosts:
        click.echo(f"{host.title}: {wanted.path(host)}", err=True)
        click.echo(json.dumps(shown[host.name], ensure_ascii=False, indent=2))


# -- what there is --------------------------------------------------------------------------------


def _list(wanted: Wanted, as_json: bool) -> None:
    """Every host with its state, in the user's configuration and in the project's."""
    machine = this_machine()
    project = wanted.project or Path.cwd()
    rows: list[dict[str, Plain]] = []
    for host in HOSTS.values():
        places = [Path(host.place(machine).file)]
        if host.in_project:
            places.append(project.joinpath(*host.in_project))
        found = host.is_found(machine)
        states = [(path, _state(path, host)) for path in places]
        told = [(path, state) for path, state in states if state != "not connected"]
        if not told:
            told = [(places[0], "not connected" if found else "not found on this machine")]
        rows += [{"host": host.name, "state": state, "file": str(path)} for path, state in told]
    if as_json:
        output.print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['host']:<15} {row['state']}")
        click.echo(f"{'':<15} {row['file']}")
    free = [str(row["host"]) for row in rows if row["state"] == "not connected"]
    click.echo(f"To connect: caio-mcp connect {free[0] if free else 'HOST'}")


def _state(path: Path, host: Host) -> str:
    try:
        found = entries.servers(ConfigFile(path).text, host)
    except jsonc.JsonFault as fault:
        return f"cannot be read: line {fault.line}: {fault.problem}"
    except SetupError as error:
        return error.problem
    states = []
    for name, entry in found.items():
        if not entries.is_ours(entry):
            continue
        program = entry.get("command")
        is_gone = isinstance(program, str) and os.sep in program and not Path(program).exists()
        states.append(f"connected as {name}" + (f", but {program} is gone" if is_gone else ""))
    return "; ".join(states) or "not connected"
