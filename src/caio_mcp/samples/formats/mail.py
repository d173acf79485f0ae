"""E-mails: headers, texts and what is attached."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from email.message import EmailMessage, Message
from typing import BinaryIO

from ...errors import RequestError
from .. import Budget, Part, Segment
from .html import page

HEADERS = ("From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Subject")
PARTS_MAX = 1_000
Attached = Callable[[bytes, str], Iterator[Part]]


def parts(file: BinaryIO, name: str, budget: Budget, attached: Attached) -> Iterator[Part]:
    """The headers that people write, every text, and the parts of every attachment. What is
    attached and cannot be read, such as a picture, is left out, and the mail told as one that
    was read in part."""
    message = email.message_from_bytes(file.read(), EmailMessage, policy=email.policy.default)
    for number, part in enumerate(message.walk()):
        if number > PARTS_MAX:
            budget.is_truncated = True
            return
        yield from _headers(part)
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not budget.take(len(payload)):
            continue
        if part.get_content_maintype() == "text" and not part.get_filename():
            written = _decoded(payload, part.get_content_charset() or "utf-8")
            is_page = part.get_content_subtype() == "html"
            yield page(written, "the text") if is_page else Segment(written, where="the text")
            continue
        try:
            yield from attached(payload, part.get_filename() or "")
        except RequestError:
            budget.is_truncated = True


def _headers(part: Message) -> Iterator[Part]:
    for header in HEADERS:
        try:
            values = part.get_all(header, [])
        except Exception:  # the parser of addresses stumbles over some that are broken
            values = [value for key, value in part.raw_items() if key.lower() == header.lower()]
        for value in values:
            yield Segment(str(value), where=f"header {header}", field=header)


def _decoded(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")
