"""Answering questions over the register: pages of rows, and groups with their measures."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ...errors import RequestError
from .. import Scope
from ..questions import Found, Query, read_cursor, write_cursor
from .entries import Entries
from .statement import IDS, Statement

SECONDS_MAX = 2.0  # a question that takes longer is too wide
STEPS = 20_000  # of SQLite's machine, between two looks at the clock
SMALL_GROUP = 5  # checks of a group that nobody is to be recognised in
GROUPS_READ_MAX = 10_000
COUNTED_MAX = 10_000  # rows of a page's question; more are not counted


class Querying(Entries):
    """Answering questions."""

    def query(self, query: Query, scope: Scope, today: str) -> Found:
        """Rows or groups of a dataset."""
        with self._bounded():
            return (
                self._groups(query, scope, today)
                if query.groups
                else self._page(query, scope, today)
            )

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """No question takes longer than it may."""
        db = self._database(self._lock_seconds)
        ends = time.monotonic() + SECONDS_MAX
        with self._turn:
            db.conn.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
            try:
                yield
            finally:
                db.conn.set_progress_handler(None, 0)

    def _ask(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        db = self._database(self._lock_seconds)
        with self._faults(), self._turn:
            try:
                return list(db.conn.execute(sql, dict(values)))
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                raise RequestError(
                    f"The question takes longer than {SECONDS_MAX:.0f} seconds.",
                    remedy="Narrow it: fewer groups, or a filter on status, unit or a date.",
                ) from None

    def _count(self, told: Statement, where: Sequence[str], most: int = 0) -> int:
        """How many rows fit, up to one more than the most that is worth counting."""
        sql = told.select("count(*)", where)
        if most:
            sql = f"SELECT count(*) FROM ({told.select('1', where, f'LIMIT {most + 1}')})"
        return int(self._ask(sql, told.values)[0][0])

    def _event(self) -> int:
        return int(self._ask("SELECT coalesce(max(id), 0) FROM entry_event", {})[0][0])

    def _left_open(self, query: Query, scope: Scope, today: str) -> int:
        told = Statement(query.about, query.filters, scope, today)
        condition = told.left_open()
        return self._count(told, [condition]) if condition else 0

    def _page(self, query: Query, scope: Scope, today: str) -> Found:
        told = Statement(query.about, query.filters, scope, today)
        whole = self._count(told, [], COUNTED_MAX)
        total = self._count(told, told.conditions, COUNTED_MAX) if told.conditions else whole
        shown, key = told.dataset.shown, told.source.key
        what = ", ".join([key, *(told.expression(name) for name in shown)])
        after = read_cursor(query)
        page = [] if after is None else [f"{key} < {told.bind(after)}"]
        tail = f"ORDER BY {key} DESC LIMIT {query.limit + 1}"
        rows = self._ask(told.select(what, [*told.conditions, *page], tail), told.values)
        has_more = len(rows) > query.limit
        rows = rows[: query.limit]
        return Found(
            tuple(_row(shown, row[1:]) for row in rows),
            min(total, COUNTED_MAX),
            min(whole, COUNTED_MAX),
            self._event(),
            max(total, whole) <= COUNTED_MAX,
            open=self._left_open(query, scope, today),
            cursor=write_cursor(query, rows[-1][0]) if has_more else "",
            columns=shown,
        )

    def _groups(self, query: Query, scope: Scope, today: str) -> Found:
        told = Statement(query.about, query.filters, scope, today)
        whole = self._count(told, [])
        total = self._count(told, told.conditions) if told.conditions else whole
        names = tuple(group.name for group in query.groups)
        keys = [told.group(number, group) for number, group in enumerate(query.groups)]
        marks = ", ".join(f"k{number}" for number in range(len(keys)))
        what = ", ".join(f"{key} AS k{number}" for number, key in enumerate(keys))
        tail = f"GROUP BY {marks} LIMIT {GROUPS_READ_MAX + 1}"
        found = self._ask(told.select(f"{what}, count(*)", told.conditions, tail), told.values)
        if len(found) > GROUPS_READ_MAX:
            raise RequestError(
                f"There are more than {GROUPS_READ_MAX:,} groups.",
                remedy="Group by something else.",
            )
        medians = self._medians(told, what, marks) if "median_days" in query.measures else {}
        kept, suppressed = _without_small(query, found)
        kept = [row for row in kept if row[-1] >= query.count_min]
        kept.sort(key=_order(query))
        offset = read_cursor(query) or 0
        rows = []
        for row in kept[offset : offset + query.limit]:
            shown: dict[str, str | int | float] = dict(_row(names, row[:-1]))
            for measure in query.measures:
                if measure == "count":
                    shown["count"] = row[-1]
                elif measure == "share":
                    shown["share"] = round(row[-1] / total, 4) if total else 0.0
                elif row[:-1] in medians:
                    shown["median_days"] = round(medians[row[:-1]], 1)
            rows.append(shown)
        ends = offset + len(rows)
        return Found(
            tuple(rows),
            total if query.count_min == 1 else sum(row[-1] for row in kept),
            whole,
            self._event(),
            groups=len(kept),
            open=self._left_open(query, scope, today),
            suppressed=suppressed,
            cursor=write_cursor(query, ends) if ends < len(kept) else "",
            columns=(*names, *query.measures),
        )

    def _medians(self, told: Statement, what: str, marks: str) -> dict[tuple[Any, ...], float]:
        if not told.source.days:
            raise RequestError(
                f"{told.dataset.name} have no median_days.",
                remedy="entries, reviews, exceptions and obligations have.",
            )
        rows = told.select(
            f"{what}, {told.source.days} AS days",
            [*told.conditions, f"({told.source.days}) IS NOT NULL"],
        )
        sql = (
            f"WITH r AS ({rows}), n AS (SELECT {marks}, days, "
            f"row_number() OVER (PARTITION BY {marks} ORDER BY days) AS i, "
            f"count(*) OVER (PARTITION BY {marks}) AS c FROM r) "
            f"SELECT {marks}, avg(days) FROM n WHERE i IN ((c + 1) / 2, (c + 2) / 2) "
            f"GROUP BY {marks}"
        )
        return {tuple(row[:-1]): row[-1] for row in self._ask(sql, told.values)}


def _without_small(query: Query, found: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], int]:
    """Groups of checks that are large enough, and how many were not. One alone would follow from
    the total, so the next larger one is hidden with it."""
    if query.about != "log":
        return found, 0
    ordered = sorted(found, key=lambda row: row[-1])
    small = [row for row in ordered if row[-1] < SMALL_GROUP]
    if small and sum(row[-1] for row in small) < SMALL_GROUP and len(small) < len(ordered):
        small.append(ordered[len(small)])
    hidden = {row[:-1] for row in small}
    kept = [row for row in found if row[:-1] not in hidden]
    return kept, len(small)


def _order(query: Query) -> Any:
    """The largest group first; of dates, the earliest."""
    if query.groups[0].bucket:
        return lambda row: row[:-1]
    return lambda row: (-row[-1], row[:-1])


def _row(names: Sequence[str], row: Sequence[Any]) -> dict[str, str | int | float]:
    """A row by its columns; ids as they are written, times as days, nothing as an empty text."""
    shown: dict[str, str | int | float] = {}
    for name, value in zip(names, row, strict=True):
        if name in IDS and isinstance(value, int):
            shown[name] = IDS[name][1](value)
        else:
            shown[name] = "" if value is None else value
    return shown
