"""`caio-mcp models`: which tools and models may be used."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.explain import policy_label
from ...core.wording import quote
from ...errors import RequestError
from ...opening import open_to_read
from ...service import UseRequest
from .. import output

if TYPE_CHECKING:
    from ...tokens import TokenEstimate

TEXT_BYTES_MAX = 50_000_000


@click.group()
def command() -> None:
    """Which tools and models may be used."""


@command.command("list")
@output.use_options
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Decide as of a day."
)
@output.workspace_options
def list_(
    request: UseRequest, as_of: datetime.datetime | None, as_json: bool, policy: str, workspace: str
) -> int:
    """List the tools and models that the policy allows for some data."""
    service, caller, _ = output.open_workspace(workspace, policy)
    rows = service.list_models(request, caller, (as_of or output.now()).date())
    if as_json:
        for row in rows:
            output.print_json(
                {
                    "tool": row.id,
                    "name": row.name,
                    "decision": row.decision,
                    "approval": row.approval,
                    "models": list(row.models),
                    "if_the_rest_is_usual": row.usually,
                }
            )
        return output.FINE
    click.echo(f"{policy_label(service.library.policy)}, on what you said of the data:")
    for row in rows:
        usual = f" (usually {row.usually.replace('_', ' ')})" if row.usually else ""
        approval = "" if row.approval == "none" else f"  {row.approval}"
        click.echo(f"{row.decision.replace('_', ' ')}{usual}: {row.name} [{row.id}]{approval}")
        for model in row.models:
            click.echo(f"    model {model}")
    return output.FINE


@command.command()
@click.argument("file", default="-")
@click.option("--vendor", default="", metavar="NAME", help="Who made the model, such as openai.")
@click.option("--family", default="", metavar="NAME", help="Its family, such as gpt or claude.")
@click.option("--version", default="", metavar="NUMBER", help="Its version, such as 4o or 4.7.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def count(file: str, vendor: str, family: str, version: str, as_json: bool) -> int:
    """Count the tokens of a text, on this computer and without network.

    FILE is a text in UTF-8; standard input, or -, is read where none is named. The text alone is
    counted, not what a chat adds to it. Without a model, the range is that of all known ones.
    """
    from ...tokens import estimate

    counted = estimate(_text(file), vendor, family, version)
    if as_json:
        output.print_json(
            {
                "tokens": counted.tokens,
                "method": counted.method,
                "low": counted.low,
                "high": counted.high,
            }
        )
    else:
        click.echo(_in_words(counted))
    return output.FINE


def _in_words(counted: TokenEstimate) -> str:
    from ...tokens import NAME

    tokens = output.counted(counted.tokens, "token", "tokens")
    if counted.method == "exact":
        return f"{tokens} (exact, {NAME})"
    said = f"about {tokens} (between {counted.low:,} and {counted.high:,}; estimated from {NAME})"
    if counted.counted_bytes == counted.text_bytes:
        return said
    return (
        f"{said}\nOf {counted.text_bytes:,} bytes the first {counted.counted_bytes:,} were "
        "counted; the rest is estimated by its size."
    )


def _text(name: str) -> str:
    """A file or standard input as text; what is no text is refused, and never shown."""
    shown = "Standard input" if name == "-" else quote(Path(name).name)
    content = _content(name, shown)
    if len(content) > TEXT_BYTES_MAX:
        raise RequestError(
            f"{shown} has more than {TEXT_BYTES_MAX:,} bytes.", remedy="Count a part of it."
        )
    remedy = "Give a text file in UTF-8; of a document, save its text first."
    if b"\0" in content:
        raise RequestError(f"{shown} is not text: it holds a zero byte.", remedy=remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            f"{shown} is not text in UTF-8: byte {error.start + 1:,} is not.", remedy=remedy
        ) from None


def _content(name: str, shown: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(TEXT_BYTES_MAX + 1)
    try:
        with open_to_read(Path(name)) as file:
            return file.read(TEXT_BYTES_MAX + 1)
    except OSError as error:
        raise RequestError(
            f"{shown} cannot be read: {error.strerror}.", remedy="Check the name of the file."
        ) from None
