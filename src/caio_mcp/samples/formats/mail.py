"""E-mails: headers, texts and what is attached."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from typing import BinaryIO

from .. import Budget, Part, Segment

HEADERS = ("From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Subject")
Attached = Callable[[bytes, str], Iterator[Part]]


def parts(file: BinaryIO, name: str, budget: Budget, attached: Attached) -> Iterator[Part]:
    """The headers that people write, every text, and the parts of every attachment."""
    content = file.read()
    message = email.message_from_bytes(content, policy=email.policy.default)
    for header in HEADERS:
        for value in message.get_all(header, []):
            yield Segment(str(value), where=f"header {header}", field=header)
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not budget.take(len(payload)):
            continue
        if part.get_content_maintype() == "text" and not part.get_filename():
            charset = part.get_content_charset() or "utf-8"
            yield Segment(_decoded(payload, charset), where="the text")
        else:
            yield from attached(payload, part.get_filename() or "")


def _decoded(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
