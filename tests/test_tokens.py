"""Tokens: exact where the tokenizer is ours, a range elsewhere, and never a network."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caio_mcp.tokens import COUNTED_MAX, TOKEN_BYTES_MAX, TokenEstimate, estimate
from conftest import Caio, encoding, tokens, write_pack

ROOT = Path(__file__).resolve().parents[1]
EXACT = ("openai", "gpt", "5.5")
PHRASES = {  # what tiktoken counts, by the test plans of gpt-tokenizer 4.0.0
    "a a": 2,
    "hello": 1,
    "Hello, World! How are you today? 🌍": 11,
    "The quick brown fox jumps over 13 lazy dogs. 😺": 13,
    "Þetta er góður dagur til að læra eitthvað nýtt. 🇮🇸": 19,
    "Διαβάζοντας βιβλία, εμπλουτίζουμε τον εαυτό μας με γνώσεις.": 23,
    "გამარჯობა! როგორ ხართ დღეს? 🇬🇪": 13,
    "안녕하세요, 세상! 오늘 기분이 어때요? 🇰🇷": 18,
    "ความรักและการเป็นกันเองเป็นสิ่งสำคัญที่สุดในโลก 🇹🇭": 20,
    "יש לי כמה שאלות בנוגע לפרויקט החדש שלך. 🇮🇱": 16,
    "دیکھو، آسمان میں کتنی تارے ہیں! 🇵🇰": 18,
    "A ∀ x (P(x) → Q(x)) ∧ (∃x P(x)) → ∃x Q(x)": 28,
    "4gH@!0sT*#(9^%$[x{}j+|Yz6;Q]~8": 29,
    "😾😿🙀😽😼😻🙈🙉🙊👶👦👧👨👩👴👵👨\u200d⚕️👩\u200d⚕️": 44,
}
MODELS = [
    ("", "", ""),
    ("openai", "gpt", "4"),
    ("anthropic", "claude-sonnet", "4.6"),
    ("anthropic", "claude-opus", "4.7"),
    ("google", "gemini", "3"),
    ("meta", "llama", "3.3"),
    ("nobody", "of-this-name", "1"),
]
any_text = st.text() | st.text(alphabet="aA1 \t\r\n'/_é中\u3000\u0301")


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Both tokenizers, so that no example has to load them within its time."""
    assert estimate("hello", *EXACT).tokens == tokens("hello")


# -- counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PHRASES)
def test_a_text_has_the_tokens_that_openai_counts(text: str) -> None:
    size = len(text.encode())
    assert estimate(text, *EXACT) == TokenEstimate(
        PHRASES[text], "exact", PHRASES[text], PHRASES[text], size, size
    )


@given(any_text)
@example("<|endoftext|>")
@example("<|endofprompt|> <|fim_prefix|>")
def test_a_count_is_that_of_the_tokenizer_read_independently(text: str) -> None:
    found = encoding().encode_ordinary(text)
    assert encoding().decode(found) == text
    assert estimate(text, *EXACT).tokens == len(found)


@given(any_text, st.sampled_from([*MODELS, EXACT]))
def test_the_range_holds_its_middle_and_no_text_has_more_tokens_than_bytes(
    text: str, model: tuple[str, str, str]
) -> None:
    found = estimate(text, *model)
    assert found.low <= found.tokens <= found.high
    assert (found.high == 0) == (not text)
    counted = estimate(text, *EXACT).tokens
    assert len(text.encode()) / TOKEN_BYTES_MAX <= counted <= len(text.encode())
    assert found.low >= counted or found.method == "estimated"


@given(any_text, any_text, st.sampled_from(["a b", "Z\tb", "7\nb", "a\r\n", "\na", "\n中", "\n_"]))
@example("12", "34", "7\nb")
@example("don't", "'s", "a b")
@example("!\n", "/", "\na")
def test_where_a_long_text_is_cut_the_tokens_of_both_sides_add_up(
    before: str, after: str, parting: str
) -> None:
    first, second = before + parting[0], parting[1:] + after
    together = estimate(first + second, *EXACT).tokens
    assert together == estimate(first, *EXACT).tokens + estimate(second, *EXACT).tokens


@given(st.text(st.characters(categories=["Cs", "Ll", "Zs"])))
@example("\ud800")
@example("x\udfff\ud800y")
def test_half_a_character_is_counted_as_what_replaces_it(text: str) -> None:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert estimate(text, *EXACT) == estimate(whole, *EXACT)


def test_two_halves_of_a_character_are_that_character() -> None:
    assert estimate("\ud83c\udf0d", *EXACT) == estimate("🌍", *EXACT)


def test_words_for_special_tokens_are_text() -> None:
    for word in ("<|endoftext|>", "<|endofprompt|>", "<|start|>"):
        assert estimate(word, *EXACT).tokens > 3


def test_an_empty_text_has_no_tokens() -> None:
    for model in (*MODELS, EXACT):
        found = estimate("", *model)
        assert (found.low, found.tokens, found.high) == (0, 0, 0)


def test_a_run_of_one_letter_is_counted_too() -> None:
    assert estimate("a" * 100_000, *EXACT).tokens == 12_500


def test_threads_count_alike() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor as Pool\n"
        "from caio_mcp.tokens import estimate\n"
        "with Pool(8) as pool:\n"
        "    print({e.tokens for e in pool.map(estimate, ['hello world'] * 32)})"
    )
    assert python("-c", code).stdout == "{2}\n"
    with ThreadPoolExecutor(8) as pool:
        found = {e.tokens for e in pool.map(lambda n: estimate("x y " * n, *EXACT), [500] * 32)}
    assert found == {tokens("x y " * 500)}


# -- models ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "low", "high"),
    [
        ("openai gpt 4o", 100, 100),
        ("OpenAI GPT 4o-2024-05-13", 100, 100),
        ("openai gpt 4.1", 100, 100),
        ("openai gpt 5", 100, 100),
        ("openai gpt 5.4-mini", 100, 100),
        ("openai gpt-oss 120b", 100, 100),
        ("openai o 3", 100, 100),
        ("openai gpt 4", 100, 121),
        ("openai gpt 4-32k", 100, 121),
        ("openai gpt 3.5-turbo", 100, 121),
        ("openai text-embedding 3-small", 100, 121),
        ("openai gpt 6.1", 100, 166),
        ("openai gpt 50", 100, 166),
        ("openai gpt ", 100, 166),
        ("someone-else gpt 4o", 100, 166),
        ("openai gpt-neo 4o", 100, 166),
        (" gpt 4o", 100, 100),
        ("anthropic claude-sonnet 4.6", 117, 134),
        ("anthropic claude-sonnet 4-6", 117, 134),
        ("anthropic claude-sonnet 4-20250514", 117, 134),
        ("anthropic claude 3.5", 117, 134),
        ("anthropic claude-opus 4.7", 147, 166),
        ("anthropic claude-opus 4-7", 147, 166),
        ("anthropic claude-opus 4.10", 147, 166),
        ("anthropic claude-sonnet 5.5", 147, 166),
        ("anthropic claude-opus ", 117, 166),
        ("anthropic claude-opus 6", 117, 166),
        ("anthropic  ", 117, 166),
        ("google gemini 3", 103, 133),
        ("google gemma 3", 103, 133),
        ("meta llama 3.3", 100, 110),
        ("meta llama 2", 100, 166),
        ("alibaba qwen 3-8b", 100, 110),
        ("mistral mistral-small 3.2", 100, 110),
        ("mistral mistral 7b", 100, 166),
        ("nobody unheard-of 1", 100, 166),
        ("  ", 100, 166),
    ],
)
def test_a_model_has_the_range_that_was_measured(model: str, low: int, high: int) -> None:
    found = estimate(" a" * 1_000, *model.split(" "))
    assert (found.low, found.high) == (low * 10, high * 10)
    assert found.tokens == (low + high) * 5
    assert found.method == ("exact" if low == high else "estimated")


# -- long texts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The minutes of the meeting are 17 pages long.\n" * 40_000,
        "会議の議事録は十七ページあります。\n" * 40_000,
        "\u3000会" * 400_000,
        "a" * 1_000_000,
        " " * 2_000_000 + "x",
        "\t \u3000" * 400_000 + "x",
        "\r\n" * 800_000,
        "!/" * 600_000,
        "é" * COUNTED_MAX,
        "x" + "🌍" * 300_000,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_a_text_that_is_too_long_to_count_has_bounds_that_hold(text: str) -> None:
    found = estimate(text, *EXACT)
    size = len(text.encode())
    assert found.method == "estimated"
    assert COUNTED_MAX - 40_000 < found.counted_bytes <= COUNTED_MAX < found.text_bytes == size
    assert size / TOKEN_BYTES_MAX <= found.low <= found.tokens <= found.high <= size
    whole = sum(tokens(part) for part in pieces(text))
    assert found.low <= whole <= found.high


def pieces(text: str) -> Iterator[str]:
    """Parts whose tokens add up, or nearly so where a text has no place to part it."""
    yield from (text[start : start + 470_000] for start in range(0, len(text), 470_000))


def test_a_long_text_of_one_kind_is_estimated_well() -> None:
    text = "The minutes of the meeting are 17 pages long.\n" * 40_000
    found = estimate(text, *EXACT)
    assert found.tokens == pytest.approx(tokens(text[:46]) * 40_000, rel=0.001)


def test_the_longest_text_that_is_counted_whole() -> None:
    assert estimate("é" * (COUNTED_MAX // 2), *EXACT).method == "exact"
    assert estimate("é" * (COUNTED_MAX // 2) + "a", *EXACT).method == "estimated"


# -- the command -----------------------------------------------------------------------------


def test_the_count_of_a_file_comes_first(caio: Caio, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("hello world " * 600 + "secret-word")
    named = str(tmp_path / "text.txt")
    run = caio("models", "count", named, "--model=gpt-4o")
    assert run.status == 0
    verdict, cost = run.out.splitlines()
    assert verdict == "1,202 tokens (exact, o200k_base)"
    assert cost.startswith("As input of openai/gpt-4o it costs between 0.0030 and ")
    run = caio("models", "count", named, "--model=claude-sonnet-4-6")
    said = "about 1,508 tokens (between 1,406 and 1,611; estimated from o200k_base)"
    assert run.out.startswith(f"{said}\nAs input of anthropic/claude-sonnet-4.6 it costs between ")
    assert not run.err
    run = caio("models", "count", named, "--model=claude-sonnet-4-6", "--channel=aws-bedrock-eu")
    low, high = (tokens * 3.3 / 1_000_000 for tokens in (1_406, 1_611))
    assert run.out.endswith(f"costs between {low:.4f} and {high:.4f} US dollars.\n")


def test_standard_input_is_counted_and_never_shown(caio: Caio) -> None:
    run = caio("models", "count", stdin="hello wörld".encode())
    assert run.out == "about 5 tokens (between 4 and 7; estimated from o200k_base)\n"
    run = caio("models", "count", "-", "--json", stdin="\ufeffhello world".encode())
    assert json.loads(run.out) == {"tokens": 2, "method": "estimated", "low": 2, "high": 4}
    run = caio("models", "count", stdin=b"")
    assert run.out.startswith("about 0 tokens (between 0 and 0;")


def test_a_long_file_says_what_was_counted(caio: Caio) -> None:
    run = caio("models", "count", "--model=o3", stdin=b"one two three " * 100_000)
    first, _, second = run.out.splitlines()
    assert first.startswith("about 3")
    assert second.startswith("Of 1,400,000 bytes the first 899,9")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF\0secret", "holds a zero byte"),
        ("secret".encode("utf-16"), "not text"),
        (b"secret\xff", "byte 7 is not"),
    ],
)
def test_what_is_no_text_is_refused_without_showing_it(
    caio: Caio, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    for run in (
        caio("models", "count", str(tmp_path / "file")),
        caio("models", "count", stdin=content),
    ):
        run.assert_refused(words, "UTF-8")
        assert "secret" not in run.said


def test_a_file_that_cannot_be_read_is_named(caio: Caio, tmp_path: Path) -> None:
    caio("models", "count", str(tmp_path / "none.txt")).assert_refused("'none.txt' cannot be read")
    caio("models", "count", str(tmp_path)).assert_refused("Is a directory")


# -- a limit in a policy -----------------------------------------------------------------------

POLICY = 'name: mine\nowner: Somebody\nversion: "1"\ninherits: data-handling\n'
BUDGET = """
rules:
  - id: BUDGET
    title: No more than 100,000 tokens at once
    effect: prohibit
    when: {volume.tokens: {more_than: 100000}}
    reason: It costs more than it helps.
    source: our own choice
    reviewed: 2026-11-22
"""
USE = ("--task=translate", "--tool=ChatGPT Free", "--data=press release")
PUBLIC = ("check", "--policy=mine", *USE)


def decision(run_json: str) -> str:
    found = json.loads(run_json)["decision"]
    assert isinstance(found, str)
    return found


@pytest.fixture
def budget(workspace: Path, caio: Caio) -> Caio:
    write_pack(
        workspace / "policies" / "mine", {"policy.yaml": POLICY, "rules/budget.yaml": BUDGET}
    )
    return caio


@pytest.mark.parametrize(
    ("said", "expected"), [("0", "allow"), ("100000", "allow"), ("100001", "prohibit")]
)
def test_a_rule_sets_a_limit_on_tokens(budget: Caio, said: str, expected: str) -> None:
    run = budget(*PUBLIC, f"--fact=volume.tokens={said}", "--json")
    assert decision(run.out) == expected
    assert ("BUDGET" in run.out) == (expected == "prohibit")


@pytest.mark.parametrize("said", [(), ("unknown",), ("unsure",), ("5,500000",)])
def test_a_count_that_is_not_known_permits_nothing(budget: Caio, said: tuple[str, ...]) -> None:
    facts = [f"--fact=volume.tokens={value}" for value in said]
    assert decision(budget(*PUBLIC, *facts, "--json").out) not in ("allow", "allow_with_conditions")


def test_a_presumed_count_permits_nothing(budget: Caio) -> None:
    run = budget(*PUBLIC, "--assumed=volume.tokens=10", "--json")
    assert decision(run.out) not in ("allow", "allow_with_conditions")
    run = budget(*PUBLIC, "--assumed=volume.tokens=500000", "--json")
    assert decision(run.out) not in ("allow", "allow_with_conditions")


def test_the_count_is_asked_for_by_example(budget: Caio) -> None:
    assert "such as 700 for a page" in budget(*PUBLIC).out


@pytest.mark.parametrize("said", ["-1", "1.5", "many"])
def test_a_count_is_a_whole_number(budget: Caio, said: str) -> None:
    budget(*PUBLIC, f"--fact=volume.tokens={said}").assert_refused("must be a whole number")


def test_without_a_limit_nobody_is_asked(workspace: Path, caio: Caio) -> None:
    run = caio("check", "--policy=data-handling", *USE, "--json")
    assert decision(run.out) == "allow"


# -- offline, and only when asked for ------------------------------------------------------------

NO_NETWORK = """
import socket, sys
def refused(*_, **__): raise AssertionError("a network was asked for")
socket.socket.connect = socket.socket.connect_ex = refused
socket.getaddrinfo = socket.create_connection = refused
from caio_mcp import cli
sys.argv = ["caio-mcp", *sys.argv[1:]]
cli.main()
"""


def python(
    *arguments: str, source: Path = ROOT / "src", text: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(source)}
    return subprocess.run(
        [sys.executable, *arguments],
        input=text,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_tokens_are_counted_without_network_and_nothing_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    names = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "DATA_GYM_CACHE_DIR")
    environment = {name: str(home) for name in names}
    done = python(
        *("-c", NO_NETWORK, "models", "count"),
        source=ROOT / "src",
        text="hello world",
        **environment,
    )
    assert done.stdout.startswith("about 2 tokens"), done.stderr
    assert done.returncode == 0
    assert list(tmp_path.rglob("*")) == [home]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The program and its data, as somebody could change them."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copytree(ROOT / "data" / "tokens", tmp_path / "data" / "tokens")
    return tmp_path


def test_other_ranks_are_refused(copied: Path) -> None:
    count = ("-m", "caio_mcp", "models", "count")
    ranks = copied / "data" / "tokens" / "o200k_base.tiktoken.gz"
    content = gzip.decompress(ranks.read_bytes())
    assert python(*count, source=copied / "src", text="a").stdout.startswith("about 1 token (")
    changed = {
        "are not those of o200k_base": gzip.compress(content.replace(b"IQ== 0", b"IQ== 1", 1), 1),
        "SHA-256": gzip.compress(content + b"YQ== 7\n", 1),
        "cannot be read": ranks.read_bytes()[:-1_000],
        "cannot be read: Not a gzipped file": content[:1_000],
    }
    for words, other in changed.items():
        ranks.write_bytes(other)
        done = python(*count, source=copied / "src", text="a")
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert "Install caio-mcp again." in done.stderr
    ranks.unlink()
    assert "No such file" in python(*count, source=copied / "src", text="a").stderr


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (("check", *USE), set()),
        (("models", "list"), set()),
        (("models", "count", "--help"), set()),
        (("models", "count"), {"tiktoken"}),
        (("models", "scan-code", "--json", "--", "APP"), {"caio_mcp.core.code.finder"}),
        (("scan", "--jsonl", "-"), {"caio_mcp.core.detectors.scan"}),
    ],
    ids=["check", "list", "help", "count", "scan-code", "scan"],
)
def test_what_few_ask_for_is_loaded_only_for_them(
    tmp_path: Path, arguments: tuple[str, ...], loaded: set[str]
) -> None:
    (tmp_path / "app.py").write_text("import openai\n")
    done = python(
        *("-X", "importtime", "-m", "caio_mcp"),
        *(str(tmp_path / "app.py") if part == "APP" else part for part in arguments),
        text='{"text": "hello"}',
        CAIO_MCP_WORKSPACE=str(tmp_path),
        HOME=str(tmp_path),
    )
    assert done.stdout
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "caio_mcp.cli" in modules
    few = {"tiktoken", "caio_mcp.core.code.finder", "caio_mcp.core.detectors.scan", "re2"}
    assert modules & few - {"re2"} == loaded
    assert ("re2" in modules) == ("caio_mcp.core.detectors.scan" in loaded)


def test_the_ranks_are_said_to_be_whose_they_are() -> None:
    notice = (ROOT / "data" / "tokens" / "NOTICE.md").read_text()
    assert "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d" in notice
    assert "MIT" in notice
