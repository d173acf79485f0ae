"""Questions over the register: every answer is what a plain count over the rows says."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from books import LEVELS, NOW, UNITS, Book, Row, library, make_book
from caio_mcp.errors import CaioError, RequestError
from caio_mcp.register.questions import SMALL_GROUP, Found, too_small
from caio_mcp.register.sqlite import SqliteRegister
from caio_mcp.register.sqlite import query as engine
from caio_mcp.service import Caller, Question, Service

EVE = Caller("eve", roles=("caio",))
SEEDS = (1, 2, 3)
Said = bool | None  # None is not known
Rule = tuple[str, Callable[[Row], Said]]  # a filter as it is written, and what it means


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Book]]:
    folder = tmp_path_factory.mktemp("books")
    made = {seed: make_book(folder, seed) for seed in SEEDS}
    yield made
    for book in made.values():
        book.register.close()


def ask(book: Book, caller: Caller = EVE, **said: Any) -> Found:
    service = Service(library(), lambda: book.register, "unit")
    parts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
    return service.query_register(Question(**parts), caller, NOW)


# -- what filters mean, said again in plain Python ---------------------------------------------


def one_of(name: str, values: Sequence[str], get: Callable[[Row], str]) -> list[Rule]:
    return [
        *((f"{name}={value}", lambda row, v=value: get(row) == v) for value in values),
        *((f"{name}!={value}", lambda row, v=value: get(row) != v) for value in values),
        (f"{name}={values[0]},{values[1]}", lambda row: get(row) in values[:2]),
        (f"{name}=none", lambda row: get(row) == ""),
        (f"{name}=any", lambda row: get(row) != ""),
    ]


def of_level(row: Row, values: Sequence[str], negative: bool) -> Said:
    known = row.facts.get("data.level")
    if not isinstance(known, str) or known == "unsure":
        return None
    return (known in values) != negative


def of_categories(row: Row, values: Sequence[str], negative: bool) -> Said:
    known = row.facts.get("data.categories", {})
    present = known.get("only", known.get("all_of", ()))
    if any(value in present for value in values):
        return not negative
    if "only" in known or all(value in known.get("none_of", ()) for value in values):
        return negative
    return None


def has_categories(row: Row, any_: bool) -> Said:
    known = row.facts.get("data.categories", {})
    if known.get("only", known.get("all_of")):
        return any_
    return not any_ if "only" in known else None


def of_days(row: Row, low: int, high: int) -> Said:
    known = row.facts.get("tool.retention_days")
    if known is None:
        return None
    first, _, last = known.rstrip("+").partition("-")
    ends = 10**9 if known.endswith("+") else int(last or first)
    if int(first) >= low and ends <= high:
        return True
    return False if ends < low or int(first) > high else None


def features(row: Row) -> tuple[str, ...]:
    return row.attributes.get("demographic_features", ())


def practice(row: Row) -> set[str]:
    return set(row.attributes.get("testing", ()))


def has_tool(row: Row, tool: str) -> Said:
    return row.facts["tool.id"] == tool if "tool.id" in row.facts else None


RULES: list[Rule] = [
    *one_of("status", ["approved", "denied", "proposed"], lambda row: row.status),
    *one_of("decision", ["allow", "review"], lambda row: row.decision),
    *one_of("unit", UNITS, lambda row: row.unit),
    *one_of("due", ["2025-03", "2026"], lambda row: row.due)[-2:],
    *one_of("approved_by", ["policy", "dpo"], lambda row: row.approved_by),
    *one_of("source", ["omb-2025", "atrs"], lambda row: row.source),
    ("status=Under Review", lambda row: row.status == "under_review"),
    ("title=mail", lambda row: row.title.lower() == "mail"),
    ("entry=e-3", lambda row: row.number == 3),
    ("created=2025", lambda row: row.at[:4] == "2025"),
    ("created=2026-Q1", lambda row: "2026-01" <= row.at[:7] <= "2026-03"),
    ("created=2025-12", lambda row: row.at[:7] == "2025-12"),
    ("created=2025-06-10..2026-02-03", lambda row: "2025-06-10" <= row.at[:10] <= "2026-02-03"),
    ("created=..2025-07", lambda row: row.at[:7] <= "2025-07"),
    ("created>=2026-06", lambda row: row.at[:7] >= "2026-06"),
    ("due=2025", lambda row: row.due[:4] == "2025"),
    ("due=..2025-12-31", lambda row: "" < row.due <= "2025-12-31"),
    ("members>=2", lambda row: False),
    ("members=0..1", lambda row: True),
    ("rule=R-0", lambda row: "R-0" in row.rules),
    ("rule!=R-0,R-1", lambda row: not {"R-0", "R-1"} & set(row.rules)),
    ("rule=none", lambda row: not row.rules),
    ("testing=yes,in_progress", lambda row: bool({"yes", "in_progress"} & practice(row))),
    ("testing=none", lambda row: "testing" not in row.attributes),
    (
        "demographic_features=age",
        lambda row: "age" in row.attributes.get("demographic_features", ()),
    ),
    ("level=internal", lambda row: of_level(row, ["internal"], False)),
    ("data.level!=internal,public", lambda row: of_level(row, ["internal", "public"], True)),
    ("level=unknown", lambda row: of_level(row, LEVELS, False) is None),
    ("level=any", lambda row: of_level(row, LEVELS, False) is not None),
    ("tool=claude-team", lambda row: has_tool(row, "claude-team")),
    ("data.categories=health", lambda row: of_categories(row, ["health"], False)),
    ("categories!=health,name", lambda row: of_categories(row, ["health", "name"], True)),
    ("categories=name,salary", lambda row: of_categories(row, ["name", "salary"], False)),
    ("categories=none", lambda row: has_categories(row, False)),
    ("categories=any", lambda row: has_categories(row, True)),
    ("categories!=none", lambda row: has_categories(row, True)),
    ("tool.retention_days<=90", lambda row: of_days(row, 0, 90)),
    ("tool.retention_days>=31", lambda row: of_days(row, 31, 10**10)),
    ("tool.retention_days=30", lambda row: of_days(row, 30, 30)),
]


def held(row: Row, name: str) -> list[str]:
    """The groups that a row is in."""
    if name == "categories":
        known = row.facts.get("data.categories", {})
        return list(known.get("only", known.get("all_of", ()))) or [""]
    if name == "level":
        known = row.facts.get("data.level", "")
        return [known if isinstance(known, str) else ""]
    if name == "rule":
        return list(row.rules) or [""]
    if name == "demographic_features":
        return list(row.attributes.get(name, ("",)))
    day = datetime.date.fromisoformat(row.at[:10])
    simple = {
        "status": row.status,
        "unit": row.unit,
        "title": row.title.lower(),
        "approved_by": row.approved_by,
        "tool": row.facts.get("tool.id", ""),
        "decision": row.decision,
        "created:year": f"{day.year}",
        "created:month": row.at[:7],
        "created:quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "created:week": (day - datetime.timedelta(days=day.weekday())).isoformat(),
        "created:day": row.at[:10],
        "due:month": row.due[:7],
    }
    return [simple[name]]


GROUPS = (
    "status", "unit", "title", "approved_by", "tool", "decision", "level", "categories", "rule",
    "demographic_features", "created:year", "created:month", "created:quarter", "created:week",
    "created:day", "due:month",
)  # fmt: skip
rules = st.lists(st.sampled_from(RULES), max_size=3)


def fitting(book: Book, chosen: Sequence[Rule]) -> tuple[list[Row], int]:
    """The rows that fit for certain, and how many more may."""
    fits, open_ = [], 0
    for row in book.rows:
        said = [means(row) for _, means in chosen]
        if all(said):
            fits.append(row)
        elif not any(one is False for one in said):
            open_ += 1
    return fits, open_


# -- laws --------------------------------------------------------------------------------------


@given(st.sampled_from(SEEDS), rules, st.integers(1, 7))
@settings(max_examples=150, deadline=None)
def test_pages_of_any_filters_hold_the_rows_that_fit_the_newest_first(
    books: dict[int, Book], seed: int, chosen: list[Rule], limit: int
) -> None:
    book = books[seed]
    fits, open_ = fitting(book, chosen)
    shown: list[Any] = []
    cursor = ""
    while True:
        found = ask(book, filters=[text for text, _ in chosen], limit=limit, cursor=cursor)
        assert (found.total, found.whole, found.open) == (len(fits), len(book.rows), open_)
        assert len(found.rows) <= limit
        shown += [row["entry"] for row in found.rows]
        cursor = found.cursor
        if not cursor:
            break
    assert shown == [row.id for row in reversed(fits)]


@given(
    st.sampled_from(SEEDS),
    rules,
    st.lists(st.sampled_from(GROUPS), min_size=1, max_size=3, unique=True),
    st.integers(1, 4),
)
@settings(max_examples=200, deadline=None)
def test_groups_of_any_columns_count_and_share_as_the_rows_do(
    books: dict[int, Book], seed: int, chosen: list[Rule], names: list[str], least: int
) -> None:
    book = books[seed]
    fits, open_ = fitting(book, chosen)
    counts: Counter[tuple[str, ...]] = Counter()
    for row in fits:
        keys: list[tuple[str, ...]] = [()]
        for name in names:
            keys = [(*key, value) for key in keys for value in held(row, name)]
        counts.update(keys)
    expected = {key: count for key, count in counts.items() if count >= least}
    found = ask(
        book,
        filters=[text for text, _ in chosen],
        group_by=names,
        measures=["count", "share"],
        count_min=least,
        limit=200,
    )
    assert found.groups == len(expected)
    assert found.open == open_
    assert found.total == (len(fits) if least == 1 else sum(expected.values()))
    shown = {tuple(row[name] for name in names): row for row in found.rows}
    assert len(shown) == min(200, len(expected))
    for key, line in shown.items():
        assert line["count"] == expected[tuple(map(str, key))]
        assert line["share"] == round(int(line["count"]) / len(fits), 4)
    if not any(name.startswith(("created", "due")) for name in names[:1]):
        order = [int(row["count"]) for row in found.rows]
        assert order == sorted(order, reverse=True)


@given(st.sampled_from(SEEDS), st.sampled_from(("due", "-due", "-created", "created", "unit")))
@settings(max_examples=30, deadline=None)
def test_rows_come_in_the_order_that_was_asked_for_with_blanks_last(
    books: dict[int, Book], seed: int, order: str
) -> None:
    book = books[seed]
    name = order.removeprefix("-")
    values = {
        row.id: {"due": row.due, "created": row.at, "unit": row.unit}[name] for row in book.rows
    }
    shown: list[str] = []
    cursor = ""
    while True:
        found = ask(book, order=order, limit=7, cursor=cursor)
        shown += [str(row["entry"]) for row in found.rows]
        cursor = found.cursor
        if not cursor:
            break
    assert sorted(shown) == sorted(values)
    got = [values[entry] for entry in shown]
    filled = [value for value in got if value]
    assert got == filled + [""] * (len(got) - len(filled))
    assert filled == sorted(filled, reverse=order.startswith("-"))


def test_the_median_is_of_the_days_from_the_request_to_the_review(books: dict[int, Book]) -> None:
    for book in books.values():
        spans: dict[str, list[float]] = {}
        for row in book.rows:
            if row.reviewed:
                start, end = map(datetime.datetime.fromisoformat, (row.at, row.reviewed))
                spans.setdefault(row.unit, []).append((end - start).total_seconds() / 86_400)
        found = ask(book, about="reviews", group_by=["unit"], measures=["count", "median_days"])
        assert {str(row["unit"]): row["median_days"] for row in found.rows} == {
            unit: round(statistics.median(days), 1) for unit, days in spans.items()
        }
        assert spans


def test_no_dataset_but_the_offered_ones_has_a_median(books: dict[int, Book]) -> None:
    for about in ("decisions", "log", "imports"):
        group = "source" if about == "imports" else "decision"
        with pytest.raises(RequestError, match="no median_days"):
            ask(books[1], about=about, group_by=[group], measures=["median_days"])


# -- small groups ------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), st.integers(1, 12), min_size=1
    )
)
@settings(max_examples=200, deadline=None)
@example({("a", "x"): 3, ("a", "y"): 7, ("b", "x"): 9})
@example({("a", "x"): 1, ("b", "x"): 1, ("c", "x"): 50})
def test_no_total_gives_a_small_group_away(counts: dict[tuple[str, str], int]) -> None:
    hidden = too_small(counts.items())
    assert {key for key, count in counts.items() if count < SMALL_GROUP} <= hidden
    for fixed in ((), (0,), (1,)):
        lines: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for key in counts:
            lines.setdefault(tuple(key[n] for n in fixed), []).append(key)
        for keys in lines.values():
            within = [key for key in keys if key in hidden]
            if not within or len(within) == len(keys):
                continue  # nothing to find out, or nothing shown to find it out with
            assert len(within) > 1, "the one that is hidden is what is left of the total"
            assert sum(counts[key] for key in within) >= SMALL_GROUP


def test_checks_are_counted_in_large_groups_and_never_listed(books: dict[int, Book]) -> None:
    for book in books.values():
        listed = ask(book, about="log")
        assert listed.rows == ()
        assert listed.total == len(book.checks)
        counts = Counter((unit, decision) for _, unit, decision in book.checks)
        found = ask(book, about="log", group_by=["unit", "decision"], measures=["count", "share"])
        shown = {(str(row["unit"]), str(row["decision"])): row["count"] for row in found.rows}
        assert min(map(int, shown.values())) >= SMALL_GROUP
        assert all(counts[key] == count for key, count in shown.items())
        assert found.suppressed == len(counts) - len(shown) > 0


def test_a_total_that_is_few_checks_or_all_but_few_is_not_told(books: dict[int, Book]) -> None:
    told = set()
    for book in books.values():
        whole = len(book.checks)
        for day in sorted({day for day, _, _ in book.checks}):
            for text in (f"at={day}", f"at=..{day}"):
                exact = sum(d == day if ".." not in text else d <= day for d, _, _ in book.checks)
                found = ask(book, about="log", filters=[text])
                is_small = 0 < exact < SMALL_GROUP or 0 < whole - exact < SMALL_GROUP
                assert found.is_small is is_small
                assert found.total == (0 if is_small else exact)
                told.add(is_small)
    assert told == {True, False}


# -- cursors, and what is crafted --------------------------------------------------------------


def test_a_cursor_serves_its_own_question_only(books: dict[int, Book]) -> None:
    book = books[1]
    cursor = ask(book, limit=2).cursor
    assert ask(book, limit=5, cursor=cursor).rows
    for other in (
        {"filters": ["status=approved"]},
        {"about": "decisions"},
        {"order": "-created"},
        {"group_by": ["unit"]},
    ):
        with pytest.raises(RequestError, match="not of this question"):
            ask(book, cursor=cursor, **other)


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda b: b.hex())))
@example("W10")
@example("WyIiLDEsMl0")
@example("Ww" * 900)
@example("W" * 100_000)
@settings(max_examples=100, deadline=None)
def test_a_crafted_cursor_is_refused(books: dict[int, Book], cursor: str) -> None:
    if cursor:
        with pytest.raises(RequestError, match="not of this question"):
            ask(books[1], cursor=cursor)


HOSTILE = (
    "'", '"', "' OR 1=1 --", "x'); DROP TABLE entry; --", "%", "_", "\0", "\ud800", "\u202e",
    "NULL", "1e999", "..", "=", "!=", "a" * 5_000, "(SELECT name FROM party)", ":person", "日本",
)  # fmt: skip
hostile = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20))
columns = st.one_of(
    st.sampled_from(("title", "unit", "status", "created", "members", "level", "rule", "testing",
                     "categories", "tool.retention_days", "entry", "exception", "own")),
    hostile,
)  # fmt: skip


signs = st.sampled_from(("=", "!=", ">="))


def answered(book: Book, **said: Any) -> Found | CaioError:
    try:
        return ask(book, **said)
    except CaioError as error:
        return error


@given(st.lists(st.tuples(columns, signs, hostile), max_size=3), hostile)
@settings(max_examples=250, deadline=None)
def test_crafted_text_is_refused_or_is_a_value_like_another(
    books: dict[int, Book], parts: list[tuple[str, str, str]], more: str
) -> None:
    book = books[1]
    filters = [f"{name}{sign}{value}" for name, sign, value in parts]
    before = len(book.rows)
    for said in ({}, {"group_by": ["unit", more]}, {"order": more}, {"about": more}):
        found = answered(book, filters=filters, **said)
        if isinstance(found, CaioError):
            assert "SELECT" not in str(found).replace("(SELECT name", "")
            assert "sqlite" not in str(found).lower()
        else:
            assert found.total <= before
    assert ask(book).whole == before


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"filters": ["statsu=approved"]}, "Did you mean 'status'?"),
        ({"filters": ["status=aproved"]}, "Did you mean 'approved'?"),
        ({"filters": ["testing=yess"]}, "Did you mean 'yes'?"),
        ({"filters": ["level=top secrets"]}, "is not a value of data.level"),
        ({"filters": ["data.levle=public"]}, "Did you mean 'data.level'?"),
        ({"filters": ["status"]}, "Write column=value"),
        ({"filters": ["status="]}, "status has no value"),
        ({"filters": ["created=2026-13"]}, "is no date"),
        ({"filters": ["members=many"]}, "is no number"),
        ({"filters": ["status>=approved"]}, "has no order"),
        ({"filters": ["categories=none,name"]}, "stand alone"),
        ({"filters": ["status=approved"] * 13}, "12 filters are the most"),
        ({"group_by": ["created:century"]}, "is no span"),
        ({"group_by": ["unit:month"]}, "is not a date"),
        ({"group_by": ["unit", "status", "tool", "task"]}, "3 groups are the most"),
        ({"measures": ["average"]}, "is not a measure"),
        ({"order": "rule"}, "cannot be sorted"),
        ({"group_by": ["unit"], "order": "status"}, "cannot be sorted"),
        ({"limit": 201}, "from 1 to 200"),
        ({"about": "party"}, "nothing to ask about"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    books: dict[int, Book], said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RequestError) as caught:
        ask(books[1], **said)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("role", ["employee", "reviewer"])
def test_others_do_not_question_the_whole_register(books: dict[int, Book], role: str) -> None:
    for about in ("entries", "log", "reviews"):
        with pytest.raises(RequestError, match="for the CAIO, the DPO and auditors"):
            ask(books[1], Caller("ann", "Sales", roles=(role,)), about=about)


def test_groups_of_a_policy_and_plans_of_a_product_are_spelled_out(tmp_path: Path) -> None:
    with closing(make_book(tmp_path, 9, 12).register) as register:
        book = Book(register, [], [])
        both = ask(book, filters=["tool.region=third_countries"])
        apart = ask(book, filters=["tool.region=us,other"])
        assert (both.total, both.open) == (apart.total, apart.open)
        plans = ask(book, filters=["tool=Claude"])
        exact = ask(book, filters=["tool=claude-team"])
        assert plans.total >= exact.total > 0


def test_a_question_that_takes_too_long_is_refused_and_the_next_one_is_answered(
    books: dict[int, Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(engine, "SECONDS_MAX", -1.0)
        patch.setattr(engine, "STEPS", 1)
        with pytest.raises(RequestError, match="takes longer"):
            ask(books[1], group_by=["rule", "categories"])
    assert ask(books[1], group_by=["rule", "categories"]).groups


def test_asking_makes_no_register(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    service = Service(library(), lambda: SqliteRegister(path), "unit")
    assert service.query_register(Question(), EVE, NOW) == Found()
    service.close()
    assert not path.exists()


def test_a_decision_of_a_first_version_register_is_found(books: dict[int, Book]) -> None:
    book = books[2]
    found = ask(book, about="decisions", group_by=["cause"])
    created = sum(not row.source for row in book.rows)
    assert {str(row["cause"]): row["count"] for row in found.rows} == {"created": created}
