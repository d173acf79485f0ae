"""Deciding: caio-mcp beside other policy engines that were given the same policies."""

from __future__ import annotations

import argparse
import datetime
import gc
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from caio_mcp.core.decision import decide
from caio_mcp.core.facts import Statement, statement
from caio_mcp.core.library import Library, load
from caio_mcp.core.vocabulary import NEED_MORE
from caio_mcp.core.wording import Plain
from peers import PEERS, Ask, Peer
from timing import Call, amount, best_median, cpu_us, median_and_high, print_table, rounds_us
from workload import (
    Facts,
    Workload,
    applying,
    complete_facts,
    make_workload,
    with_concluded,
    with_unknown,
)

DAY = datetime.date(2026, 11, 22)
OURS = "caio-mcp"
WHOLE = "caio-mcp, `decide()`"
FIRST = "caio-mcp, `decide()` on a first question"
FIRST_SAID = ("purpose.task", "tool.id", "data.level")
SIZES = (40, 400, 4_000)
HUGE = 40_000
# by number of rules
CHECKED = {40: 200, 400: 200, 4_000: 200, HUGE: 20}  # uses in the comparison of answers
LOADS = {40: 7, 400: 5, 4_000: 3, HUGE: 1}
ROUNDS = {40: 5, 400: 5, 4_000: 3, HUGE: 2}
COMPLETE_USES = {40: 300, 400: 200, 4_000: 90, HUGE: 20}  # over all rounds
OPEN_USES = {40: 100, 400: 60, 4_000: 24, HUGE: 4}
WARM_USES = {40: 5, 400: 5, 4_000: 5, HUGE: 1}  # asked before, not counted


# -- asking caio-mcp ---------------------------------------------------------------------


def said(library: Library, facts: Facts) -> list[Statement]:
    """Facts as statements; a list is all there is."""
    return [
        statement(library.vocabulary, name, _plain(value) if isinstance(value, list) else value)
        for name, value in facts.items()
    ]


def _plain(members: list[str]) -> Plain:
    return {"only": list[Plain](members)} if members else "none"


def first_said(facts: Facts) -> Facts:
    """What a person says at first; everything else is unknown."""
    return {name: facts[name] for name in FIRST_SAID}


def ask_ruling(library: Library, facts: Facts) -> tuple[str, list[tuple[str, str]]]:
    """The decision and what made it, with the reasons: the least that a caller needs."""
    ruling = library.engine.rule(said(library, facts), DAY)
    determining = library.engine.determining(ruling)
    return ruling.word, [(item.id, item.reason) for item in determining]


def ask_rule_only(library: Library, facts: Facts) -> str:
    """The decision alone."""
    return library.engine.rule(said(library, facts), DAY).word


def ask_decision(library: Library, facts: Facts) -> str:
    """Everything: reasons, duties, questions, remedies, the facts as they stand."""
    return decide(library.engine, said(library, facts), DAY).decision


def ask_applying(library: Library, facts: Facts) -> frozenset[str]:
    """The ids of all that certainly applies: what can be compared with other engines."""
    return frozenset(item.id for item in library.engine.rule(said(library, facts), DAY).certain)


def load_ours(workload: Workload) -> Library:
    """File contents in memory to a library."""
    return load(workload.files, workload.packs, workload.catalogue)


# -- measuring -----------------------------------------------------------------------------


def check_answers(workload: Workload, library: Library, asks: Mapping[str, Ask], uses: int) -> None:
    """Stop where two engines do not find the same policies to apply."""
    for facts in complete_facts(uses, "check"):
        right = applying(workload.policies, facts)
        concluded = with_concluded(facts)
        found = {OURS: ask_applying(library, facts)}
        found |= {name: ask(concluded) for name, ask in asks.items()}
        for name, ids in found.items():
            if ids != right:
                raise SystemExit(f"{name} differs in {sorted(ids ^ right)[:5]} on {facts}")


def loading_ms(workload: Workload, peers: Sequence[Peer], rounds_count: int) -> dict[str, float]:
    """CPU milliseconds from policies in memory to the first answer; the best of the rounds."""
    facts = complete_facts(1)[0]
    concluded, first = with_concluded(facts), first_said(facts)

    def first_answer(peer: Peer) -> None:
        peer.load()(concluded)

    calls: dict[str, Call] = {
        OURS: lambda: ask_ruling(load_ours(workload), facts),
        WHOLE: lambda: ask_decision(load_ours(workload), first),
    }
    calls |= {peer.title: partial(first_answer, peer) for peer in peers}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds_count):
        for name, call in calls.items():
            gc.collect()
            taken[name].append(cpu_us(call) / 1_000)
    return {name: min(times) for name, times in taken.items()}


def complete_us(size: int, library: Library, asks: Mapping[str, Ask]) -> dict[str, float]:
    """CPU microseconds of a decision on complete facts."""
    count = COMPLETE_USES[size] + WARM_USES[size]
    uses, others = complete_facts(count), complete_facts(count, WHOLE)
    concluded = [with_concluded(facts) for facts in uses]
    calls: dict[str, Sequence[Call]] = {
        OURS: [partial(ask_ruling, library, facts) for facts in uses],
        WHOLE: [partial(ask_decision, library, facts) for facts in others],
    }
    for name, ask in asks.items():
        calls[name] = [partial(ask, facts) for facts in concluded]
    taken = rounds_us(_warmed(calls, WARM_USES[size]), ROUNDS[size])
    return {name: best_median(rounds) for name, rounds in taken.items()}


def _thirty(count: int, series: str) -> list[Facts]:
    return with_unknown(complete_facts(count, series))


def _first(count: int) -> list[Facts]:
    return [first_said(facts) for facts in complete_facts(count, "first")]


def open_shares(size: int, library: Library) -> tuple[float, float]:
    """Of how many uses more must be known: with 30 % unknown, and of first questions."""
    thirty, first = (
        sum(ask_rule_only(library, facts) == NEED_MORE for facts in uses) / len(uses)
        for uses in (_thirty(OPEN_USES[size], "open whole"), _first(OPEN_USES[size]))
    )
    return thirty, first


def open_us(size: int, library: Library) -> dict[str, tuple[float, float]]:
    """CPU microseconds with facts unknown: median and 95th percentile."""
    count = OPEN_USES[size] + WARM_USES[size]
    calls: dict[str, Sequence[Call]] = {
        OURS: [partial(ask_rule_only, library, facts) for facts in _thirty(count, "open")],
        WHOLE: [partial(ask_decision, library, facts) for facts in _thirty(count, "open whole")],
        FIRST: [partial(ask_decision, library, facts) for facts in _first(count)],
    }
    taken = rounds_us(_warmed(calls, WARM_USES[size]), ROUNDS[size])
    return {name: median_and_high(rounds) for name, rounds in taken.items()}


def _warmed(calls: Mapping[str, Sequence[Call]], count: int) -> dict[str, Sequence[Call]]:
    """The calls without the first ones, which are made here: they fill what is filled once."""
    for call in itertools.chain.from_iterable(each[:count] for each in calls.values()):
        call()
    return {name: each[count:] for name, each in calls.items()}


# -- showing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures of one size."""

    rules: int
    policies: int  # rules, cells and approvals: what a peer has one policy for
    loading: Mapping[str, float]  # milliseconds
    complete: Mapping[str, float]  # microseconds
    unknown: Mapping[str, tuple[float, float]]  # microseconds: median, 95th percentile
    undecided: tuple[float, float]  # of 1: with 30 % unknown, of first questions


def measure(size: int) -> Measured:
    """Compare the answers, then take the times."""
    workload = make_workload(size)
    peers = [kind(workload.policies) for kind in PEERS if kind.installed()]
    library = load_ours(workload)
    asks = {peer.title: peer.load() for peer in peers}
    check_answers(workload, library, asks, CHECKED[size])
    return Measured(
        size,
        len(workload.policies),
        loading_ms(workload, peers, LOADS[size]),
        complete_us(size, library, asks),
        open_us(size, library),
        open_shares(size, library),
    )


def _row(measured: Measured, figures: Mapping[str, float]) -> list[str]:
    """Ours, the whole decision, and each peer with its ratio to ours."""
    cells = [f"{measured.rules:,} ({measured.policies:,})"]
    cells += [amount(figures[OURS]), amount(figures[WHOLE])]
    for peer in PEERS:
        if peer.title in figures:
            ratio = figures[peer.title] / figures[OURS]
            cells.append(f"{amount(figures[peer.title])} = {amount(ratio)} x")
        else:
            cells.append("not installed")
    return cells


def main() -> None:
    """Print what was measured as Markdown tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--huge", action="store_true", help=f"also with {HUGE:,} rules")
    arguments.add_argument("--sizes", type=int, nargs="+", choices=[*SIZES, HUGE], default=SIZES)
    asked = arguments.parse_args()
    sizes = [*asked.sizes, *([HUGE] if asked.huge else [])]
    found = [measure(size) for size in sizes]
    peers = [f"{peer.title} {peer.installed()}".strip() for peer in PEERS]
    size = "rules (policies)"
    print_table(
        "Decide on complete facts: CPU microseconds, and times ours",
        [size, "ours: ruling with reasons", "ours: `decide()`", *peers],
        [_row(each, each.complete) for each in found],
    )
    print_table(
        "Load to the first answer: CPU milliseconds, and times ours",
        [size, "ours, complete facts", "ours, `decide()` on a first question", *peers],
        [_row(each, each.loading) for each in found],
    )
    print_table(
        "Decide with unknown facts: CPU microseconds, median / 95th percentile",
        [
            size,
            "ours, 30 % unknown: ruling",
            "ours, 30 % unknown: `decide()`",
            "ours, only task, tool and level known: `decide()`",
            "undecided: 30 % unknown / the other",
        ],
        [
            [
                f"{each.rules:,} ({each.policies:,})",
                *(" / ".join(map(amount, each.unknown[name])) for name in (OURS, WHOLE, FIRST)),
                " / ".join(f"{share:.0%}" for share in each.undecided),
            ]
            for each in found
        ],
    )


if __name__ == "__main__":
    main()
