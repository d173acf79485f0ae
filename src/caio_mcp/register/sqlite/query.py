"""Answering questions over the register: pages of rows, and groups with their measures."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ...errors import RequestError
from .. import Scope
from ..questions import (
    SMALL_GROUP,
    Counted,
    Filter,
    Found,
    Query,
    read_cursor,
    too_small,
    write_cursor,
)
from .search import Searching, find_words
from .statement import IDS, Statement

SECONDS_MAX = 2.0  # a question that takes longer is too wide
STEPS = 20_000  # of SQLite's machine, between two looks at the clock
GROUPS_READ_MAX = 10_000
COUNTED_MAX = 10_000  # rows of a page's question; more are not counted

Row = tuple[Any, ...]


class Querying(Searching):
    """Answering questions."""

    def query(self, query: Query, scope: Scope, today: str) -> Found:
        """Rows or groups of a dataset."""
        with self._bounded():
            told = Statement(query.about, query.filters, scope, today)
            if query.groups:
                return self._groups(query, told)
            return self._total(told) if told.dataset.is_counted else self._page(query, told)

    def count(
        self, scope: Scope, *, words: str = "", filters: Sequence[Filter] = (), today: str = ""
    ) -> Counted:
        """How many entries fit, up to a bound."""
        told = Statement("entries", filters, scope, today)
        found = find_words(told, words, scope)
        if found is None:
            return Counted()
        with self._bounded():
            total = self._count(told, [*found, *told.conditions])
            left = told.left_open()
            left_open = self._count(told, [*found, left]) if left else 0
        return Counted(min(total, COUNTED_MAX), total > COUNTED_MAX, min(left_open, COUNTED_MAX))

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """One state of the register for all parts of an answer, and no longer than it may take."""
        db = self._database(self._lock_seconds)
        ends = time.monotonic() + SECONDS_MAX
        with self._faults(), self._turn:
            db.conn.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
            try:
                db.conn.execute("BEGIN")
                yield
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                raise RequestError(
                    f"The question takes longer than {SECONDS_MAX:.0f} seconds.",
                    remedy="Narrow it: fewer groups, or a filter on status, unit or a date.",
                ) from None
            finally:
                db.conn.set_progress_handler(None, 0)
                if db.conn.in_transaction:
                    db.conn.execute("ROLLBACK")

    def _ask(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        return list(self._database(self._lock_seconds).conn.execute(sql, dict(values)))

    def _count(self, told: Statement, where: Sequence[str], most: int = COUNTED_MAX) -> int:
        """How many rows fit, up to one more than the most that is worth counting."""
        sql = told.select("count(*)", where)
        if most:
            sql = f"SELECT count(*) FROM ({told.select('1', where, f'LIMIT {most + 1}')})"
        return int(self._ask(sql, told.values)[0][0])

    def _event(self) -> int:
        return int(self._ask("SELECT coalesce(max(id), 0) FROM entry_event", {})[0][0])

    def _left_open(self, told: Statement) -> int:
        condition = told.left_open()
        return min(self._count(told, [condition]), COUNTED_MAX) if condition else 0

    # -- rows ----------------------------------------------------------------------------------

    def _page(self, query: Query, told: Statement) -> Found:
        whole = self._count(told, [])
        total = self._count(told, told.conditions) if told.conditions else whole
        shown = told.dataset.shown
        first = [told.key, told.sorted_by(query.order)]
        what = ", ".join([*first, *(told.expression(name) for name in shown)])
        position = read_cursor(query)
        after = [] if position is None else [told.after(query.order, position)]
        tail = told.tail(query.order, query.limit + 1)
        rows = self._ask(told.select(what, [*told.conditions, *after], tail), told.values)
        return Found(
            tuple(_row(shown, row[2:]) for row in rows[: query.limit]),
            min(total, COUNTED_MAX),
            min(whole, COUNTED_MAX),
            self._event(),
            max(total, whole) > COUNTED_MAX,
            open=self._left_open(told),
            cursors=tuple(write_cursor(query, (row[1], row[0])) for row in rows[: query.limit]),
            has_more=len(rows) > query.limit,
            columns=shown,
        )

    def _total(self, told: Statement) -> Found:
        """How many there are, of what is only counted."""
        whole = self._count(told, [], 0)
        total = self._count(told, told.conditions, 0) if told.conditions else whole
        return _careful(Found((), total, whole, self._event(), open=self._left_open(told)))

    # -- groups --------------------------------------------------------------------------------

    def _groups(self, query: Query, told: Statement) -> Found:
        found = self._ask(told.counted(query.groups, f"LIMIT {GROUPS_READ_MAX + 1}"), told.values)
        if len(found) > GROUPS_READ_MAX:
            raise RequestError(
                f"There are more than {GROUPS_READ_MAX:,} groups.",
                remedy="Group by something else.",
            )
        counts = {row[:-1]: int(row[-1]) for row in found}
        is_sum = all(group.kind not in ("term", "attribute", "fact") for group in query.groups)
        total = sum(counts.values()) if is_sum else self._count(told, told.conditions, 0)
        whole = self._count(told, [], 0) if told.conditions else total
        hidden = too_small(counts.items()) if told.dataset.is_counted else set()
        medians = self._medians(query, told) if "median_days" in query.measures else {}
        kept = [
            (key, count, medians.get(key))
            for key, count in counts.items()
            if count >= query.count_min and key not in hidden
        ]
        _sort(query, kept)
        names = tuple(group.name for group in query.groups)
        position = read_cursor(query)
        start = 0 if position is None else position[1]
        page = kept[start : start + query.limit]
        answer = Found(
            tuple(_measured(query, names, one, total) for one in page),
            total if query.count_min == 1 else sum(count for _, count, _ in kept),
            whole,
            self._event(),
            groups=len(kept),
            open=self._left_open(told),
            suppressed=len(hidden),
            cursors=tuple(write_cursor(query, ("", start + n + 1)) for n in range(len(page))),
            has_more=start + len(page) < len(kept),
            columns=(*names, *query.measures),
        )
        return _careful(answer) if told.dataset.is_counted else answer

    def _medians(self, query: Query, told: Statement) -> dict[Row, float]:
        days = told.source.days
        if not days:
            raise RequestError(
                f"{told.dataset.name} have no median_days.",
                remedy="entries, reviews, exceptions and obligations have.",
            )
        marks = ", ".join(f"k{number}" for number in range(len(query.groups)))
        where = [*told.conditions, f"({days}) IS NOT NULL"]
        rows = told.grouped(query.groups, f"{days} AS days", where)
        sql = (
            f"WITH r AS ({rows}), n AS (SELECT {marks}, days, "
            f"row_number() OVER (PARTITION BY {marks} ORDER BY days) AS i, "
            f"count(*) OVER (PARTITION BY {marks}) AS c FROM r) "
            f"SELECT {marks}, avg(days) FROM n WHERE i IN ((c + 1) / 2, (c + 2) / 2) "
            f"GROUP BY {marks}"
        )
        return {row[:-1]: float(row[-1]) for row in self._ask(sql, told.values)}


Kept = tuple[Row, int, float | None]  # a group: its keys, its count, its median


def _measured(
    query: Query, names: Sequence[str], one: Kept, total: int
) -> dict[str, str | int | float]:
    key, count, median = one
    shown = _row(names, key)
    for measure in query.measures:
        if measure == "count":
            shown["count"] = count
        elif measure == "share":
            shown["share"] = round(count / total, 4) if total else 0.0
        elif median is not None:
            shown["median_days"] = round(median, 1)
    return shown


def _sort(query: Query, kept: list[Kept]) -> None:
    """The largest group first, of dates the earliest, or as it was asked."""
    order = query.order
    if order is None:
        if not query.groups[0].bucket:
            kept.sort(key=lambda one: (-one[1], one[0]))
        else:
            kept.sort(key=lambda one: one[0])
        return
    names = [group.name for group in query.groups]
    by: Callable[[Kept], Any] = lambda one: one[1]  # noqa: E731  # shares are as their counts
    if order.by in names:
        place = names.index(order.by)
        by = lambda one: one[0][place]  # noqa: E731
    elif order.by == "median_days":
        by = lambda one: -1.0 if one[2] is None else one[2]  # noqa: E731
    kept.sort(key=lambda one: one[0])
    kept.sort(key=by, reverse=order.is_descending)


def _careful(found: Found) -> Found:
    """The same without totals that would give a few checks away."""
    rest = found.whole - found.total
    is_small = 0 < found.total < SMALL_GROUP or 0 < rest < SMALL_GROUP
    is_bare = 0 < found.whole < SMALL_GROUP
    return replace(
        found,
        total=0 if is_small or is_bare else found.total,
        whole=0 if is_bare else found.whole,
        is_small=is_small or is_bare,
        open=-(-found.open // SMALL_GROUP) * SMALL_GROUP,
    )


def _row(names: Sequence[str], row: Sequence[Any]) -> dict[str, str | int | float]:
    """A row by its columns; ids as they are written, nothing as an empty text."""
    shown: dict[str, str | int | float] = {}
    for name, value in zip(names, row, strict=True):
        if name in IDS and isinstance(value, int):
            shown[name] = IDS[name][1](value)
        else:
            shown[name] = "" if value is None else value
    return shown
