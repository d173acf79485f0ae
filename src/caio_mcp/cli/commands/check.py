"""`caio-mcp check`: may this data go into this tool?"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import click

from ...core.answer import Answer
from ...core.detectors.scanned import Scanned
from ...core.document import BYTES_MAX
from ...core.facts import Statement, statement
from ...core.wording import PATH_ECHO_MAX, Plain, quote, read_day, shorten
from ...errors import CaioError, RequestError
from ...files import read_bytes, read_facts
from ...opening import open_to_read
from ...service import Caller, Service, UseRequest
from ...settings import Settings
from .. import output

LINE_BYTES_MAX = 1_000_000
DAY = click.DateTime(["%Y-%m-%d"])
_WORDS = ("data", "not_in_data", "facts", "assumed")


@click.command()
@output.use_options
@click.option("--tool", default="", metavar="WORDS", help="The AI tool in everyday words.")
@click.option(
    "--assumed",
    multiple=True,
    metavar="FACT=VALUE",
    help="A fact you only presume; it can only make the answer stricter.",
)
@click.option(
    "--facts",
    "facts_file",
    metavar="FILE",
    help="Facts from a YAML or JSON file of `fact: value` lines; - for standard input.",
)
@click.option(
    "--jsonl",
    metavar="FILE",
    help="Many uses: one JSON object a line, one answer a line; - for standard input.",
)
@click.option("--previous", default="", metavar="CHECK", help="Go on from an earlier check.")
@click.option("--path", default="", metavar="FILE", help="The data itself: it is looked through.")
@click.option("--already-done", is_flag=True, help="The data is already in the tool.")
@click.option("--as-of", type=DAY, metavar="DAY", help="Decide as of a day, such as 2026-12-02.")
@output.workspace_options
def command(
    request: UseRequest,
    tool: str,
    assumed: tuple[str, ...],
    facts_file: str | None,
    jsonl: str | None,
    previous: str,
    path: str,
    already_done: bool,
    as_of: datetime.datetime | None,
    as_json: bool,
    policy: str,
    workspace: str,
) -> int:
    """Say whether the policy lets some data go into some AI tool, and why."""
    service, caller, settings = output.open_workspace(workspace, policy)
    day = as_of.date() if as_of else None
    try:
        request = replace(
            request,
            tool=tool,
            assumed=assumed,
            previous=previous,
            already_done=already_done,
            scanned=_scanned(path, settings) if path else None,
        )
        if jsonl is not None:
            if request != UseRequest() or facts_file is not None:
                raise click.UsageError("With --jsonl, each line says all of its use.")
            return _check_lines(service, caller, jsonl, day)
        if facts_file is not None:
            source, content = _read_file(facts_file)
            request = replace(
                request, statements=read_facts(service.library.vocabulary, source, content)
            )
        answer = service.check_use(request, caller, output.now(), via=output.VIA, day=day)
    finally:
        service.close()
    if as_json:
        output.print_json(_answer_dict(answer))
    else:
        output.print_answer(answer.for_terminal(), answer.decision.decision)
    return output.status_of(answer.decision)


def _scanned(path: str, settings: Settings) -> Scanned:
    from ...core.detectors.scanned import scanned
    from ...scanning import Desk

    report, what = Desk(settings.detection, is_anywhere=True).look(path)
    return scanned(report, what)


def _answer_dict(answer: Answer) -> dict[str, Plain]:
    return {
        "check": answer.check,
        "verdict": answer.verdict,
        "notes": list(answer.notes),
        "understood": list(answer.understood),
        "not_understood": list(answer.not_understood),
        **answer.decision.as_dict(),
    }


def _read_file(name: str) -> tuple[str, bytes]:
    if name == "-":
        return "standard input", sys.stdin.buffer.read(BYTES_MAX + 1)
    return name if name.isprintable() else repr(name), read_bytes(Path(name))


# -- many at once --------------------------------------------------------------------------


def _check_lines(service: Service, caller: Caller, name: str, day: datetime.date | None) -> int:
    worst, number = output.FINE, 0
    rank = (output.FINE, output.NOT_YET, output.NO, output.BAD_INPUT)
    with _open_lines(name) as file:
        for number, line in _lines(file):
            try:
                request, own_day = _request(service, line)
                answer = service.check_use(
                    request, caller, output.now(), via=output.VIA, day=own_day or day
                )
                output.print_json(_answer_dict(answer))
                status = output.status_of(answer.decision)
            except CaioError as error:
                output.print_json({"line": number, "error": error.problem, "remedy": error.remedy})
                status = output.BAD_INPUT
            worst = max(worst, status, key=rank.index)
    if not number:
        where = "" if name == "-" else f" in {shorten(name, PATH_ECHO_MAX)}"
        raise RequestError(f"No line was given{where}.", remedy="Give one JSON object a line.")
    return worst


def _open_lines(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return open_to_read(Path(name))
    except OSError as error:
        raise RequestError(
            f"{shorten(name, PATH_ECHO_MAX)} cannot be read: {error.strerror}.",
            remedy="Check the name of the file.",
        ) from None


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; of a line that is too long only its start is kept."""
    number = 0
    while line := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        rest = line
        while len(rest) > LINE_BYTES_MAX and not rest.endswith(b"\n"):
            rest = file.readline(LINE_BYTES_MAX + 1)
        yield number, line


def _request(service: Service, line: bytes) -> tuple[UseRequest, datetime.date | None]:
    if len(line) > LINE_BYTES_MAX:
        raise RequestError(
            f"The line is longer than {LINE_BYTES_MAX:,} bytes.",
            remedy="Give facts and words, not the data itself.",
        )
    try:
        read = json.loads(line, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise RequestError("The line is not UTF-8 text.", remedy="Save it as UTF-8.") from None
    except RecursionError:
        raise RequestError(
            "The line is nested too deeply.", remedy="Give one flat object."
        ) from None
    except json.JSONDecodeError as error:
        raise RequestError(
            f"The line is not JSON: {error.msg} (column {error.colno}).",
            remedy='Write one object, such as {"tool": "ChatGPT Free"}.',
        ) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise RequestError(
            "The line holds a number that is too long.", remedy="Give a number of up to 15 digits."
        ) from None
    if not isinstance(read, dict):
        raise RequestError(
            "The line is not a JSON object.",
            remedy='Write one object, such as {"tool": "ChatGPT Free"}.',
        )
    return _read_object(service, read)


def _no_duplicates(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for name, value in pairs:
        if name in result:
            raise RequestError(f"{quote(name)} stands twice in one object.", remedy="Give it once.")
        result[name] = value
    return result


def _no_constant(name: str) -> Plain:
    raise RequestError(
        f"The line is not JSON: it holds {name}.", remedy="Leave the fact out if it is not known."
    )


def _read_object(
    service: Service, read: dict[str, Plain]
) -> tuple[UseRequest, datetime.date | None]:
    """A use as JSON: the arguments of check_use, facts by their names, and `as_of`."""
    statements: list[Statement] = []
    given: dict[str, Any] = {}
    day: datetime.date | None = None
    for name, value in read.items():
        if name in ("task", "tool", "previous"):
            given[name] = _text(name, value)
        elif name == "facts" and isinstance(value, dict):
            statements += [
                statement(service.library.vocabulary, fact, part) for fact, part in value.items()
            ]
        elif name in _WORDS:
            words = value if isinstance(value, list) else [value]
            given[name] = tuple(_text(name, word) for word in words)
        elif name == "already_done":
            if not isinstance(value, bool):
                raise RequestError(
                    "already_done must be true or false, without quotes.",
                    remedy='Write "already_done": true, or leave it out.',
                )
            given[name] = value
        elif name == "as_of":
            day = _day(_text(name, value))
        else:
            statements.append(statement(service.library.vocabulary, name, value))
    return UseRequest(**given, statements=tuple(statements)), day


def _text(name: str, value: Plain) -> str:
    if not isinstance(value, str):
        raise RequestError(
            f"{name} must be a text, or texts in a list where it takes several.",
            remedy='Put it in quotes, such as {"tool": "ChatGPT Free", "data": ["press release"]}.',
        )
    return value


def _day(text: str) -> datetime.date:
    try:
        return read_day(text)
    except ValueError:
        raise RequestError(
            f"as_of must be a day, not {quote(text)}.", remedy="Write it like 2026-12-02."
        ) from None
