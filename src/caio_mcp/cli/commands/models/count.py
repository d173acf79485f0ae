"""`caio-mcp models count`: how many tokens a text has, and what they cost."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ....core.wording import quote
from ....errors import RequestError
from ....model_words import count_dict, count_words
from ....opening import open_to_read
from ....service import Counted
from ....tokens import estimate
from ... import output

TEXT_BYTES_MAX = 50_000_000


@click.command("count")
@click.argument("file", default="-")
@click.option("--model", default="", metavar="ID", help="The model that is called.")
@click.option("--channel", default="", metavar="TOOL", help="The tool or provider that is called.")
@output.workspace_options
def command(file: str, model: str, channel: str, as_json: bool, policy: str, workspace: str) -> int:
    """Count the tokens of a text, on this computer and without network.

    FILE is a text in UTF-8; standard input, or -, is read where none is named. The text alone is
    counted, not what a chat adds to it. Without a model, the range is that of all known ones.
    """
    text = _text(file)
    counted = _counted(text, model, channel, policy, workspace)
    if as_json:
        output.print_json(count_dict(counted))
    else:
        click.echo(count_words(counted))
    return output.FINE


def _counted(text: str, model: str, channel: str, policy: str, workspace: str) -> Counted:
    if not model and not channel:  # no catalogue is needed
        return Counted(estimate(text))
    service, _, _ = output.open_workspace(workspace, policy)
    return service.count_tokens(text, model, channel)


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
