"""Logs on standard error: one JSON object a line, and never what somebody said."""

from __future__ import annotations

import json
import logging
import sys
import traceback


class ContentFreeFormatter(logging.Formatter):
    """Time, level, logger and event. Of an exception it keeps its type and where it was
    raised: its message and the arguments of the event may hold what somebody said."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "event": str(record.msg),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["raised_at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line)


def log_to_stderr(level: int = logging.WARNING) -> None:
    """Make this the only place that logs go to."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ContentFreeFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
