"""`caio-mcp connect`: puts the server into the configuration of the hosts on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ...core.document import Plain, nearest, shorten
from ...errors import RequestError, SetupError
from ...hosts import entry as entries
from ...hosts import jsonc
from ...hosts.file import ConfigFile
from ...hosts.known import HOSTS, Host, this_machine
from ...hosts.program import Running
from ...settings import KEYS, PREFIX, load_settings
from .. import output


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


@click.command()
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option("--undo", is_flag=True, help="Take the entry out again; as it was, if untouched.")
@click.option("--print", "only_print", is_flag=True, help="Print the entry; write nothing.")
@click.option(
    "--project", metavar="FOLDER", help="For this project, instead of for you everywhere."
)
@click.option(
    "--file", metavar="FILE", help="Another file, such as that of VS Code Insiders; with one HOST."
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
    project: str | None,
    file: str | None,
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
        tuple(_host(host) for host in dict.fromkeys(hosts)),
        Path(os.path.abspath(_expanded(project))) if project else None,  # noqa: PTH100
        Path(os.path.abspath(_expanded(file))) if file else None,  # noqa: PTH100
        name,
    )
    _check(wanted, [host.name for host in wanted.hosts])
    if not wanted.hosts:
        return _list(wanted, as_json)
    if undo:
        done = [_undo(host, wanted) for host in wanted.hosts]
        _say(done, as_json)
        return output.FINE
    args, environment = _settings(given, where)
    serve = (*Running.now().command(), "serve", *args)
    if only_print:
        shown = {h.name: {h.key: {name: entries.entry_for(h, serve, environment)}}
                 for h in wanted.hosts}  # fmt: skip
        _print(shown, wanted, as_json)
        return output.FINE
    done = _connect(wanted, serve, environment)
    try:
        tools = None if no_verify else _verified(done)
    except SetupError:
        if not as_json:  # what was written is said before what is wrong with it
            _say(done, as_json)
        raise
    _say(done, as_json, tools)
    return output.FINE


def _host(name: str) -> Host:
    if name not in HOSTS:
        raise RequestError(f"{shorten(name)} is not a known host.", remedy=nearest(name, HOSTS))
    return HOSTS[name]


def _check(wanted: Wanted, names: Sequence[str]) -> None:
    if not wanted.name or not wanted.name.isprintable():
        raise RequestError("The name of the entry is empty or cannot be shown.")
    if wanted.file is not None and (len(names) != 1 or wanted.project is not None):
        raise RequestError(
            "--file goes with exactly one HOST and without --project.",
            remedy="Name the host whose file it is.",
        )
    if wanted.project is None:
        return
    if not wanted.project.is_dir():
        raise RequestError(f"The project {shorten(str(wanted.project))} is not a folder.")
    for host in wanted.hosts:
        if not host.in_project:
            raise RequestError(
                f"{host.title} has no configuration in a project.", remedy="Leave --project out."
            )


def _expanded(text: str) -> str:
    return os.path.expanduser(text)  # noqa: PTH111  # leaves an unknown ~name as it is


def _settings(
    given: Sequence[str], where: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The arguments and variables with which the server finds what this command would.

    A host does not start from this shell, so what its environment says is written down too.
    """
    said = {key: os.environ.get(f"{PREFIX}{key.upper()}", "") for key in KEYS}
    for setting in given:
        key, sign, value = setting.partition("=")
        if not sign or key not in KEYS:
            raise RequestError(
                f"--set {shorten(setting)} is not SETTING=VALUE.", remedy=nearest(key, KEYS)
            )
        said[key] = value
    options = {"workspace": os.environ.get(f"{PREFIX}WORKSPACE", "")}
    options |= {option: value for option, value in where.items() if value}
    if options.get("policy"):
        said["policy"] = ""  # the option outweighs it
    for key in ("workspace", "policy"):
        options[key] = _absolute(key, options.get(key, ""))
    environment = {f"{PREFIX}{key.upper()}": value for key, value in said.items() if value}
    load_settings(
        workspace=options["workspace"], policy=options["policy"], environment=environment
    )  # a setting that the server would refuse is refused now
    args = [part for key, value in options.items() if value for part in (f"--{key}", value)]
    return tuple(args), environment


def _absolute(key: str, value: str) -> str:
    """A folder as a full path; the name of a pack stays a name."""
    is_folder = key == "workspace" or os.sep in value or "/" in value or value.startswith(".")
    return os.path.abspath(_expanded(value)) if value and is_folder else value  # noqa: PTH100


# -- connecting ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in one file."""

    host: Host
    name: str
    change: entries.Change
    file: Path
    backup: Path | None = None
    is_found: bool = True

    def plain(self) -> dict[str, Plain]:
        """For a program."""
        return {
            "host": self.host.name,
            "did": self.change.did,
            "file": str(self.file),
            "backup": str(self.backup) if self.backup else None,
            "name": self.name,
        }


def _connect(
    wanted: Wanted, command: Sequence[str], environment: Mapping[str, str]
) -> list[Done]:  # fmt: skip
    planned = []
    for host in wanted.hosts:  # all are read before any is written
        file = ConfigFile(wanted.path(host))
        try:
            change = entries.connected(
                file.text, host, wanted.name, entries.entry_for(host, command, environment)
            )
        except jsonc.JsonFault as fault:
            raise file.fault(fault) from None
        except entries.NameTaken:
            raise SetupError(
                f"{file.path}: the name {wanted.name!r} belongs to another server.",
                remedy="Nothing was changed. Choose another name with --name.",
            ) from None
        except entries.NotKept:
            raise _not_safe(file) from None
        if change.did != "nothing":
            file.must_be_writable()
        is_found = wanted.file is not None or host.is_found(this_machine())
        planned.append((host, file, change, is_found))
    done = []
    for host, file, change, is_found in planned:
        backup = None
        if change.did != "nothing" and change.text is not None:
            backup = file.write(change.text, output.now())
        done.append(Done(host, wanted.name, change, file.path, backup, is_found))
    return done


def _not_safe(file: ConfigFile) -> SetupError:
    return SetupError(
        f"{file.path} cannot be edited without losing something in it, such as a comment "
        "inside the entry.",
        remedy="Nothing was changed. Edit the entry by hand; --print shows how it should be.",
    )


def _verified(done: Sequence[Done]) -> dict[str, tuple[str, ...]]:
    """The tools of each entry as it stands in its file, by host."""
    from ...server.trial import list_tools_of  # only where a server is started

    tools: dict[str, tuple[str, ...]] = {}
    known: dict[str, tuple[str, ...]] = {}
    for one in done:
        entry = entries.servers(ConfigFile(one.file).text, one.host)[one.name]
        environment = entry.get("env") or {}
        key = json.dumps([entry["command"], entry["args"], environment])
        if key not in known:
            known[key] = list_tools_of(entry["command"], entry["args"], environment)
        tools[one.host.name] = known[key]
    return tools


# -- undoing ---------------------------------------------------------------------------------------


def _undo(host: Host, wanted: Wanted) -> Done:
    file = ConfigFile(wanted.path(host))
    backup = None
    try:
        change = entries.disconnected(file.text, host, wanted.name, file.earlier())
        _others(file, host, wanted.name, change)
    except jsonc.JsonFault as fault:
        raise file.fault(fault) from None
    except entries.NotKept:
        raise _not_safe(file) from None
    if change.did == "removed" and change.text is not None:
        backup = file.write(change.text, output.now())
    elif change.did == "restored" and change.text is not None:
        file.restore()
    elif change.did == "restored":
        file.delete()
    return Done(host, wanted.name, change, file.path, backup)


def _others(file: ConfigFile, host: Host, name: str, change: entries.Change) -> None:
    """Where the entry has another name, say which."""
    if change.did != "nothing":
        return
    found = entries.servers(file.text, host)
    ours = [other for other, entry in found.items() if entries.is_ours(entry)]
    if name in found:
        raise SetupError(
            f"{file.path}: the entry {name!r} does not start caio-mcp, so it stays.",
            remedy=f"Ours: {', '.join(ours)}. Say --name." if ours else "Nothing was changed.",
        )
    if ours:
        raise SetupError(
            f"{file.path} has no entry {name!r}; caio-mcp is there as {', '.join(ours)}.",
            remedy=f"Run it with --name {ours[0]}.",
        )


# -- saying so ------------------------------------------------------------------------------------


_WORDS = {
    "connected": "connected as {name}",
    "updated": "the entry {name} was brought up to date",
    "nothing": "already connected as {name}; nothing was changed",
    "removed": "the entry {name} was taken out; the rest stays",
    "restored": "as it was before",
}


def _say(
    done: Sequence[Done], as_json: bool, tools: Mapping[str, tuple[str, ...]] | None = None
) -> None:
    if as_json:
        rows = [one.plain() for one in done]
        for row in rows:
            if tools is not None:
                row["tools"] = list(tools[str(row["host"])])
        output.print_json(rows)
        return
    for one in done:
        _say_one(one, (tools or {}).get(one.host.name))


def _say_one(one: Done, tools: tuple[str, ...] | None) -> None:
    words = _WORDS[one.change.did].format(name=one.name)
    if one.change.did == "nothing" and not one.change.entry:
        words = "not connected; nothing was changed"
    if one.change.did == "restored":
        words += _still(one)
    click.echo(f"{click.style(one.host.title, bold=True)}: {words}")
    click.echo(f"  file    {one.file}")
    if one.backup:
        click.echo(f"  backup  {one.backup}")
    if tools is not None:
        click.echo(f"  works: {len(tools)} tools")
    if one.change.did in ("connected", "updated"):
        if not one.is_found:
            click.echo(f"  {one.host.title} does not seem to be on this machine.")
        click.echo(f"  {one.host.then.format(name=one.name)}")
        click.echo(f"  Back: caio-mcp connect {one.host.name} --undo")
    elif one.change.did in ("removed", "restored"):
        click.echo(f"  Start {one.host.title} again for it to notice.")


def _still(one: Done) -> str:
    """After going back, an earlier entry of ours may be there again."""
    if one.change.text is None:
        return "; the file held nothing else and is gone"
    if entries.is_ours(entries.servers(one.change.text, one.host).get(one.name)):
        return f", with an earlier entry {one.name}; --undo again takes that out"
    return ""


def _print(shown: Mapping[str, Any], wanted: Wanted, as_json: bool) -> None:
    if as_json:
        output.print_json(dict(shown))
        return
    for host in wanted.hosts:
        click.echo(f"{host.title}: {wanted.path(host)}", err=True)
        click.echo(json.dumps(shown[host.name], ensure_ascii=False, indent=2))


# -- what there is --------------------------------------------------------------------------------


def _list(wanted: Wanted, as_json: bool) -> int:
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
        return output.FINE
    for row in rows:
        click.echo(f"{row['host']:<15} {row['state']}")
        click.echo(f"{'':<15} {row['file']}")
    free = [str(row["host"]) for row in rows if row["state"] == "not connected"]
    click.echo(f"To connect: caio-mcp connect {free[0] if free else 'HOST'}")
    return output.FINE


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
