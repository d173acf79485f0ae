"""Models: ids looked up beside litellm and genai-prices, code looked through beside ai-bom,
tokens beside tiktoken alone, and questions about models beside a trivial tool."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

from mcp import Client

import bare
from caio_mcp.bootstrap import build_caller, build_service
from caio_mcp.core.models import Model, Models
from caio_mcp.core.resolve import resolve
from caio_mcp.files import load_library
from caio_mcp.server.app import build_server
from caio_mcp.settings import load_settings
from code_corpus import MIXED, NONE
from detect_texts import standard_library
from environment import cut_off
from model_cases import FORMS, REFUSED
from model_peers import LOOKUPS, SCANNERS, LiteLLM, Lookup, Scanner
from timing import NOTHING, amount, best_median, print_table, rounds_us, spent

POLICY = "acme"
REFERENCE = "litellm"
CERTAIN = ("same", "exact", "alias", "redirected")  # the classes of ids that name one model
NO_ANSWER = "-"
FIELDS = ("vendor", "family", "version", "variant", "snapshot")


class Size(NamedTuple):
    """How much is measured."""

    ids: int
    rounds: int
    code_bytes: int
    text_bytes: int
    calls: int


FULL = Size(6_000, 3, 20_000_000, 800_000, 100)
SMALL = Size(60, 1, 100_000, 20_000, 3)


# -- ids -----------------------------------------------------------------------------------------


class Case(NamedTuple):
    """An id, and what it stands for: the five fields of a model, or nothing certain."""

    id: str
    provider: str
    fields: tuple[str, ...] | None
    channel: str
    region: str


def fields_of(model: Model) -> tuple[str, ...]:
    """The five fields by which models are told apart; what is not there is empty."""
    return tuple(str(getattr(model, name) or "") for name in FIELDS)


def own_cases(models: Models) -> Iterator[Case]:
    """The cases of this folder."""
    for id_, provider, class_, model, channel, region in FORMS:
        is_certain = class_ in CERTAIN
        yield Case(id_, provider, fields_of(models[model]) if is_certain else None, channel, region)
    for id_, _ in REFUSED:
        yield Case(id_, "", None, "", "")


def read_cases(path: Path) -> Iterator[Case]:
    """Cases as lines of JSON: `id`, `provider_hint`, the five fields, `channel`,
    `region_scope`, and the class as `expect`."""
    for line in path.read_text("utf-8").splitlines():
        said = json.loads(line)
        fields = tuple(str(said.get(name) or "") for name in FIELDS)
        is_certain = said["expect"] in CERTAIN
        yield Case(
            said["id"], said.get("provider_hint") or "", fields if is_certain else None,
            said.get("channel") or "", said.get("region_scope") or "",
        )  # fmt: skip


def score(cases: Sequence[Case], lookup: Lookup, models: Models) -> list[str]:
    """How many get their model, another or none; and how many without a certain model get one.

    What another lookup answers is in its own words, so it is read as an id: nobody loses because
    a name is spelled differently, or has no snapshot.
    """
    right = other = none = accepted = 0
    for case in cases:
        answer = lookup.find(case.id, case.provider)
        if case.fields is None:
            accepted += answer is not None
        elif answer is None:
            none += 1
        else:
            is_same = case.fields[:4] == _read(answer, models)[:4] or answer == case.id
            right, other = right + is_same, other + (not is_same)
    of = right + other + none
    return [f"{right} of {of}", str(other), str(none), f"{accepted} of {len(cases) - of}"]


def _read(answer: str, models: Models) -> tuple[str, ...]:
    if answer in models:
        return fields_of(models[answer])
    model = resolve(models, answer).model
    return fields_of(model) if model else ()


def exact(cases: Sequence[Case], models: Models) -> str:
    """Of the ids with a certain model: how many get all five fields, channel and region."""
    wanted = [case for case in cases if case.fields is not None]
    right = 0
    for case in wanted:
        found = resolve(models, case.id, case.provider)
        where = (found.channel, found.region_scope)
        is_there = where == (case.channel, case.region) or not case.channel
        right += found.model is not None and fields_of(found.model) == case.fields and is_there
    return f"{right} of {len(wanted)}"


def print_cases(title: str, cases: Sequence[Case], lookups: dict[str, Lookup]) -> None:
    """Who takes which id for what."""
    models = load_library(POLICY).catalogue.models
    rows = []
    for name, lookup in lookups.items():
        own = exact(cases, models) if name == "ours" else NO_ANSWER
        rows.append([lookup.title, *score(cases, lookup, models), own])
    head = ["lookup", "its model", "another", "none", "accepted without a certain model",
            "five fields, channel, region"]  # fmt: skip
    print_table(title, head, rows)


def print_lookups(lookups: dict[str, Lookup], size: Size) -> None:
    """How long an id takes, and a fresh process with one."""
    ids, source = _many(lookups)
    ids = ids[: size.ids]
    taken = rounds_us(
        {name: [_call(lookup, id_) for id_ in ids] for name, lookup in lookups.items()},
        size.rounds,
    )
    medians = {name: best_median(rounds) for name, rounds in taken.items()}
    rows = []
    for name, lookup in lookups.items():
        known = sum(lookup.find(id_, "") is not None for id_ in ids)
        total = sum(sum(each) for each in taken[name])
        ratio = f"{medians[name] / medians[REFERENCE]:.2f} x" if REFERENCE in medians else NO_ANSWER
        first = [sys.executable, "-c", lookup.first, "gpt-4o"]
        cpu = min(spent(first)[0] - spent(NOTHING)[0] for _ in range(size.rounds))
        rows.append(
            [
                f"{lookup.title} {lookup.installed()}",
                *(amount(medians[name]), ratio, amount(len(ids) / total * 1e6)),
                *(f"{known:,} of {len(ids):,}", amount(1_000 * cpu)),
            ]
        )
    print_table(
        f"An id (CPU time; {source})",
        ["lookup", "median, us", "times litellm", "ids/s", "known", "first, ms"],
        rows,
    )


def _call(lookup: Lookup, id_: str) -> Callable[[], object]:
    return lambda: lookup.find(id_, "")


def _many(lookups: dict[str, Lookup]) -> tuple[list[str], str]:
    """Real ids: the list of litellm, or the offerings of our own catalogue."""
    if isinstance(known := lookups.get(REFERENCE), LiteLLM):
        return known.ids, "the ids of the list of litellm"
    models = load_library(POLICY).catalogue.models
    return [o.id for id_ in models for o in models[id_].offered], "the ids of our own catalogue"


# -- code ----------------------------------------------------------------------------------------


def print_code(size: Size, folder: Path) -> None:
    """What is found in a repository that calls models and in one that does not, and how fast."""
    mixed = _write(folder / "mixed", {path: text for path, (text, _) in MIXED.items()})
    none = _write(folder / "none", NONE)
    texts = standard_library(size.code_bytes)
    large = _write(folder / "large", {f"{n // 100}/{n}.py": text for n, text in enumerate(texts)})
    empty = _write(folder / "empty", {})
    megabytes = sum(path.stat().st_size for path in large.rglob("*.py")) / 1e6
    wanted = [
        (path, name.partition(" @")[0].removeprefix("unread ").removeprefix("deployment "))
        for path, (_, names) in MIXED.items()
        for name in names
    ]
    rows = []
    for kind in SCANNERS:
        scanner = kind()
        if not scanner.installed():
            print(f"{scanner.title}: not installed, left out.\n")
            continue
        found = _scan(scanner, mixed, folder)
        hits = sum(any(f == path and name in said for f, said in found) for path, name in wanted)
        wrong = len(_scan(scanner, none, folder))
        start = min(_cpu(scanner, empty, folder) for _ in range(size.rounds))
        whole = min(_cpu(scanner, large, folder) for _ in range(size.rounds))
        rows.append(
            [
                f"{scanner.title} {scanner.installed()}",
                *(f"{hits} of {len(wanted)}", str(wrong)),
                *(amount(megabytes / max(whole - start, 0.001)), amount(start)),
            ]
        )
    print_table(
        f"Code: {len(MIXED)} files that call models, {len(NONE)} that do not, and "
        f"{amount(megabytes)} MB of Python's own library",
        ["scanner", "found", "where none is", "MB/s", "CPU of an empty folder, s"],
        rows,
    )


def _write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", "surrogateescape")
    return folder


def _scan(scanner: Scanner, code: Path, folder: Path) -> list[tuple[str, str]]:
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    ran = subprocess.run(
        scanner.command(code, report),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )  # its status says what was found
    written = report.read_text("utf-8") if report.exists() else ran.stdout
    return scanner.read(json.loads(written), code)


def _cpu(scanner: Scanner, code: Path, folder: Path) -> float:
    return spent(scanner.command(code, folder / "report.json"))[0]


# -- tokens --------------------------------------------------------------------------------------


def print_tokens(size: Size) -> None:
    """Counting beside tiktoken with the same ranks and nothing around it."""
    from caio_mcp.tokens import _encoding, estimate  # the encoder alone is nobody's to use else

    text = "\n".join(standard_library(size.text_bytes))[: size.text_bytes]
    estimate("warm")
    ours: list[Callable[[], object]] = [lambda: estimate(text)] * size.rounds
    alone: list[Callable[[], object]] = [lambda: _encoding().encode_ordinary(text)] * size.rounds
    taken = rounds_us({"ours": ours, "alone": alone}, 1)
    first = {
        "ours": "from caio_mcp.tokens import estimate; estimate('a word')",
        "alone": "import tiktoken",
    }
    titles = {"ours": "caio-mcp, a count with its range", "alone": "tiktoken alone; its import"}
    rows = []
    for name, title in titles.items():
        rate = size.text_bytes / statistics.median(taken[name][0])
        code = [sys.executable, "-c", first[name]]
        cpu = min(spent(code)[0] - spent(NOTHING)[0] for _ in range(size.rounds))
        rows.append([title, amount(rate), amount(1_000 * cpu)])
    print_table("Tokens (CPU time)", ["", "MB/s", "first, ms"], rows)


# -- questions -----------------------------------------------------------------------------------

USUAL = {"data": ["customer complaints"], "facts": ["data.level=internal", "purpose.task=write"]}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "check_model, one id": (
        "check_model",
        {"models": ["anthropic/claude-sonnet-4.6"], "channel": "aws-bedrock-eu", **USUAL},
    ),
    "check_model, one id, level unknown": ("check_model", {"models": ["gpt-4o"]}),
    "check_model, 20 ids": ("check_model", {"models": [form[0] for form in FORMS[:20]], **USUAL}),
    f"check_model, {len(MIXED)} files of code": ("check_model", {"path": ""}),
    "list_models": ("list_models", USUAL),
}


async def print_questions(size: Size, folder: Path) -> None:
    """What IDE agents ask, through MCP in memory."""
    code = _write(folder / "code", {path: text for path, (text, _) in MIXED.items()})
    settings = load_settings(
        workspace=str(folder), policy=POLICY, environment={"CAIO_MCP_FOLDERS": str(code)}
    )
    service = build_service(settings)
    taken: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        stack.callback(service.close)
        trivial = await stack.enter_async_context(Client(bare.server))
        client = await stack.enter_async_context(
            Client(build_server(service, build_caller(settings), settings.detection))
        )
        for number in range(size.calls + 1):
            for title, (tool, arguments) in {"a trivial tool": ("add", {}), **QUESTIONS}.items():
                asked = {"a": number, "b": 2} if tool == "add" else dict(arguments)
                asked |= {"path": str(code)} if "path" in asked else {}
                start = time.process_time_ns()
                answer = await (trivial if tool == "add" else client).call_tool(tool, asked)
                used = (time.process_time_ns() - start) / 1_000
                if answer.is_error:
                    raise SystemExit(f"{tool} refused {arguments}: {answer.content}")
                if number:  # the first is not counted
                    taken.setdefault(title, []).append(used)
    medians = {title: statistics.median(times) for title, times in taken.items()}
    least = medians["a trivial tool"]
    rows = [[title, amount(us), f"{us / least:.1f} x"] for title, us in medians.items()]
    print_table("A question in memory (CPU time)", ["", "median, us", "times a trivial tool"], rows)


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=Path, help="more cases, a line of JSON each")
    arguments.add_argument("--small", action="store_true", help="a little of everything: seconds")
    given = arguments.parse_args()
    size = SMALL if given.small else FULL
    cut_off()
    lookups: dict[str, Lookup] = {}
    for name, kind in LOOKUPS.items():
        if kind.installed():
            lookups[name] = kind()
        else:
            print(f"{kind.title}: not installed, left out.\n")
    models = load_library(POLICY).catalogue.models
    print_lookups(lookups, size)
    print_cases("Cases of our own", list(own_cases(models)), lookups)
    if given.cases:
        print_cases(f"Cases of {given.cases.name}", list(read_cases(given.cases)), lookups)
    with tempfile.TemporaryDirectory() as place:
        print_code(size, Path(place))
    print_tokens(size)
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(print_questions(size, Path(place)))


if __name__ == "__main__":
    main()
