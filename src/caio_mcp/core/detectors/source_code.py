"""Whether a text is source code: by the lines that only code has."""

from __future__ import annotations

import re

LOOKED_AT = 65_536  # bytes that tell
LINES_MIN = 12
SHARE_MIN = 0.18  # of the lines that are not empty

_LINE = re.compile(
    rb"^[ \t]*(?:(?:async )?def \w+\(|class \w+[(:{]|import [\w.{*]|from [\w.]+ import |return\b|elif |else:|try:|except[ :]|raise |with .*:$|self\.|assert |@\w+"
    rb"|(?:public|private|protected|static|final|export|abstract|override) |(?:const|let|var|val|func|fn|function|package|namespace|using|struct|enum|interface|impl|type|module|require|include)\b.*[=({;]|#include|#define|#!/"
    rb"|(?:if|for|while|switch) ?\(.*[{:)]$|(?:if|for|while) .*:$|\}|\)\;?$|(?:SELECT|INSERT|UPDATE|CREATE|ALTER|DELETE) )"
    rb"|[;{]\s*$|^[ \t]*[\w.\[\]\"']+ ?(?:[-+*/|&]?=|:=) ?[^=]",
    re.MULTILINE,
)


def is_source_code(text: bytes) -> bool:
    """Whether so many lines are of code that the text is."""
    head = text[:LOOKED_AT]
    lines = [line for line in head.split(b"\n") if line.strip()]
    if len(lines) < LINES_MIN:
        return False
    return sum(_LINE.search(line) is not None for line in lines) >= SHARE_MIN * len(lines)
