"""The tool catalogue: plans that companies use, facts with a source, words that name one plan."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from caio_mcp.core.catalogue import Tool
from caio_mcp.core.decision import Decision, decide
from caio_mcp.core.facts import Statement, statement
from caio_mcp.core.library import FileSet, Library, load
from caio_mcp.core.vocabulary import UNLISTED
from caio_mcp.core.wording import normal
from caio_mcp.errors import FileFaults
from caio_mcp.files import load_library, read_catalogue
from conftest import Connect

DAY = datetime.date(2026, 11, 22)
FOR_PERSONS = frozenset(["free", "individual"])
CLOUDS = {"aws-bedrock": "Region", "azure-openai": "region", "gemini-vertex-ai": "location"}


@cache
def default() -> Library:
    return load_library("default")


TOOLS: Mapping[str, Tool] = default().catalogue.tools
IDS = sorted(TOOLS)


def known(tool: str, fact: str) -> Statement | None:
    """What the catalogue says of a fact of a tool; nothing where it leaves the fact open."""
    return next((f.said for f in TOOLS[tool].facts if f.said.fact == fact), None)


def values(tool: str, fact: str) -> frozenset[str]:
    """The values that are possible as far as the catalogue knows."""
    said = known(tool, fact)
    if said is None or said.values is None:
        return frozenset(default().vocabulary.facts[fact].values)
    return said.values


def is_for_persons(tool: str) -> bool:
    return values(tool, "tool.plan") <= FOR_PERSONS


def asked(library: Library, tool: str, **facts: Any) -> Decision:
    """The decision of a policy on a tool; `data__level` stands for data.level."""
    said = [
        statement(library.vocabulary, "tool.id", tool),
        statement(library.vocabulary, "actor.jurisdictions", {"only": ["eu"]}),
        statement(library.vocabulary, "actor.sector", {"only": ["other"]}),
    ]
    for name, value in facts.items():
        said.append(statement(library.vocabulary, name.replace("__", "."), value))
    return decide(library.engine, said, DAY)


def strict(path: str = "", change: Callable[[str], str] = str) -> Library:
    """A policy that forbids what a contract can get wrong, with one changed file of the
    catalogue: everything else is allowed."""
    catalogue = read_catalogue()
    files = dict(catalogue.files)
    if path:
        files[path] = change(files[path].decode()).encode()
    written = {f"strict/{name}": json.dumps(plain).encode() for name, plain in STRICT.items()}
    return load(FileSet("strict", written), ["strict"], FileSet(catalogue.name, files))


def never(name: str, **when: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "effect": "prohibit",
        "when": {fact.replace("__", "."): value for fact, value in when.items()},
        "reason": "Because.",
        "source": "the policy",
    }


AT_A_VENDOR: dict[str, Any] = {"tool__hosting": "vendor_cloud"}
STRICT: Mapping[str, Any] = {
    "policy.yaml": {"name": "strict", "owner": "nobody", "version": "1", "levels": ["low"]},
    "tables/t.yaml": {
        "tables": [
            {
                "id": "T",
                "title": "t",
                "columns": {"any": {}},
                "rows": {"data.level": {"low": ["allow"]}},
            }
        ]
    },
    "rules/r.yaml": {
        "rules": [
            never("persons", tool__plan=sorted(FOR_PERSONS)),
            never("training", tool__trains_on_input="yes"),
            never("contract", tool__dpa="no", **AT_A_VENDOR),
            never(
                "transfer",
                tool__region=["us", "other"],
                tool__transfer_mechanism="none",
                **AT_A_VENDOR,
            ),
        ]
    },
}


@cache
def strict_as_it_is() -> Library:
    return strict()


# -- what is in it -----------------------------------------------------------------------------


def test_the_catalogue_has_the_plans_that_companies_use() -> None:
    assert len(TOOLS) >= 48


@pytest.mark.parametrize("tool", IDS)
def test_a_tool_can_be_told_from_others_and_says_where_its_facts_are_from(tool: str) -> None:
    entry = TOOLS[tool]
    assert entry.visible_sign
    assert entry.facts
    for fact in entry.facts:
        assert fact.source.startswith("https://"), fact
        assert fact.source.removeprefix("https://").partition("/")[2], "a page, not a home page"
        assert fact.checked is not None
        assert fact.checked <= DAY
    for fact_id in ("tool.plan", "tool.account", "tool.hosting"):
        assert known(tool, fact_id) is not None, f"{fact_id} can always be said, if only as a list"


def is_business(tool: str) -> bool:
    return values(tool, "tool.plan") <= {"business", "enterprise"}


def is_api(tool: str) -> bool:
    return values(tool, "tool.plan") == {"api"}


def is_embedded(tool: str) -> bool:
    return values(tool, "tool.plan") == {"embedded"}


def is_own(tool: str) -> bool:
    return values(tool, "tool.plan") == {"self_hosted"}


def is_vendors(tool: str) -> bool:
    return values(tool, "tool.hosting") == {"vendor_cloud"}


@pytest.mark.parametrize(
    ("kind", "holds", "tools"),
    [
        (
            "chat for persons",
            is_for_persons,
            "chatgpt-free chatgpt-plus claude-free claude-pro gemini-free copilot-free "
            "le-chat-free deepseek grok-individual meta-ai duck-ai",
        ),
        (
            "chat for organisations",
            is_business,
            "chatgpt-team chatgpt-enterprise claude-team claude-enterprise gemini-workspace "
            "m365-copilot m365-copilot-chat le-chat-team grok-business",
        ),
        (
            "programming interfaces",
            is_api,
            "openai-api openai-api-eu claude-api gemini-api-paid mistral-api-scale deepseek-api "
            "xai-api openrouter huggingface-inference deepl-api-pro",
        ),
        (
            "clouds by region",
            is_api,
            "aws-bedrock-eu aws-bedrock-global azure-openai-eu azure-openai-global "
            "gemini-vertex-ai gemini-vertex-ai-eu",
        ),
        ("in office software", is_embedded, "notion-ai slack-ai hubspot-ai teams-premium"),
        ("meetings", is_embedded, "zoom-ai-companion teams-premium"),
        ("meetings", is_vendors, "otter-individual otter-business fireflies-business"),
        (
            "code for persons",
            is_for_persons,
            "github-copilot-individual cursor-individual windsurf-individual "
            "jetbrains-ai-individual",
        ),
        (
            "code for organisations",
            is_business,
            "github-copilot-business github-copilot-enterprise cursor-teams windsurf-teams "
            "jetbrains-ai-organisation",
        ),
        (
            "translation",
            is_vendors,
            "deepl-free deepl-pro google-translate google-cloud-translation",
        ),
        (
            "pictures, sound and video",
            is_vendors,
            "midjourney adobe-firefly canva-teams runway heygen synthesia elevenlabs-website",
        ),
        ("writing", is_vendors, "grammarly-individual grammarly-enterprise"),
        ("search", is_vendors, "perplexity-free perplexity-pro perplexity-enterprise"),
        ("automation", is_vendors, "n8n-cloud zapier make"),
        ("on one's own computer", is_own, "ollama-local lm-studio whisper-local n8n-self-hosted"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_every_kind_of_tool_is_there(kind: str, holds: Callable[[str], bool], tools: str) -> None:
    for tool in tools.split():
        assert tool in TOOLS, f"{kind}: {tool} is missing"
        assert holds(tool), f"{kind}: {tool} is something else"


# -- facts that would be dangerous to get wrong ------------------------------------------------


@pytest.mark.parametrize("tool", IDS)
def test_no_plan_for_persons_claims_a_contract(tool: str) -> None:
    if is_for_persons(tool):
        assert values(tool, "tool.dpa") != {"yes"}
    # A business associate agreement is signed by somebody: no catalogue knows that.
    assert values(tool, "tool.baa") != {"yes"}


@pytest.mark.parametrize("tool", IDS)
def test_what_runs_at_a_vendor_is_never_said_to_be_ones_own(tool: str) -> None:
    if is_own(tool):
        assert "vendor_cloud" not in values(tool, "tool.hosting")
        assert values(tool, "tool.trains_on_input") == {"no"}
        retention = known(tool, "tool.retention_days")
        assert retention is not None
        assert retention.high == 0
    elif is_vendors(tool):
        assert values(tool, "tool.offline") == {"no"}, "a cloud needs a network"
    assert ("self_hosted" in values(tool, "tool.plan")) == is_own(tool)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_only_the_european_variant_of_a_cloud_claims_europe(cloud: str) -> None:
    europe = f"{cloud}-eu"
    others = [tool for tool in IDS if tool.startswith(cloud) and tool != europe]
    assert others
    assert values(europe, "tool.region") == {"eea"}
    for tool in others:
        assert values(tool, "tool.region") > {"eea"}
    for tool in (europe, *others):
        assert CLOUDS[cloud].casefold() in TOOLS[tool].visible_sign.casefold(), "where to look"


@pytest.mark.parametrize("tool", IDS)
def test_what_the_catalogue_leaves_open_is_never_read_as_good(tool: str) -> None:
    decision = asked(strict_as_it_is(), tool, data__level="low")
    leaves = values(tool, "tool.region") & {"us", "other"}
    is_covered = values(tool, "tool.dpa") == {"yes"} and (
        not leaves or "none" not in values(tool, "tool.transfer_mechanism")
    )
    assert decision.is_permitted == (
        not values(tool, "tool.plan") & FOR_PERSONS
        and values(tool, "tool.trains_on_input") == {"no"}
        and (is_covered or "vendor_cloud" not in values(tool, "tool.hosting"))
    )


def test_some_plans_are_known_to_be_covered_and_most_are_not() -> None:
    fine = {t for t in IDS if asked(strict_as_it_is(), t, data__level="low").is_permitted}
    assert {"claude-team", "m365-copilot", "azure-openai-eu", "whisper-local"} <= fine
    assert len(fine) < len(IDS) / 2


@pytest.mark.parametrize("line", ["        tool.dpa: yes\n", "        tool.trains_on_input: no\n"])
def test_a_fact_that_is_taken_out_turns_a_yes_into_a_question(line: str) -> None:
    def without(text: str) -> str:
        head, mark, tail = text.partition("  - id: claude-enterprise\n")
        assert mark
        assert line in tail
        return head + mark + tail.replace(line, "", 1)

    known_all = asked(strict_as_it_is(), "claude-enterprise", data__level="low")
    assert known_all.decision == "allow"
    library = strict("tools/anthropic.yaml", without)
    decision = asked(library, "claude-enterprise", data__level="low")
    assert decision.decision == "need_more_information"
    assert [question.fact for question in decision.questions] == [line.strip().partition(":")[0]]


# -- words -------------------------------------------------------------------------------------


def meant(word: str) -> frozenset[str]:
    """The tools that a word may stand for."""
    (said,) = default().words.tool(word).statements
    assert said.values is not None
    return said.values


@pytest.mark.parametrize("tool", IDS)
def test_every_word_for_a_tool_stands_for_it_alone(tool: str) -> None:
    entry = TOOLS[tool]
    for word in (entry.id, entry.name, *entry.synonyms):
        for said in (word, word.upper(), f"  {word} "):
            assert meant(said) == {tool}, said


PRODUCTS = sorted({tool.product for tool in TOOLS.values()})


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_without_a_plan_stands_for_all_its_plans(product: str) -> None:
    plans = {tool.id for tool in TOOLS.values() if tool.product == product}
    if len(plans) > 1:
        assert meant(product) == meant(product.upper()) == plans
    else:
        (only,) = plans
        named = {normal(word) for word in (only, TOOLS[only].name, *TOOLS[only].synonyms)}
        assert meant(product) == (plans if normal(product) in named else {*plans, UNLISTED})


def test_products_with_plans_that_differ_are_ambiguous() -> None:
    for product in ("ChatGPT", "Claude", "Gemini", "Copilot", "DeepL", "Ollama", "Azure OpenAI"):
        assert len(meant(product)) > 1, product
    assert meant("GitHub Copilot") | meant("Microsoft Copilot") == meant("Copilot")
    assert not meant("GitHub Copilot") & meant("Microsoft Copilot")


def test_a_tool_in_no_catalogue_is_not_taken_for_one_that_is() -> None:
    for word in ("Zorblax", "BriefBot", "a chatbot from a magazine"):
        assert meant(word) == {UNLISTED}, word


def test_a_word_for_two_tools_is_reported_with_both() -> None:
    def second(text: str) -> str:
        return text.replace("synonyms: [openrouter.ai, ", "synonyms: [Zaps, openrouter.ai, ")

    with pytest.raises(FileFaults, match="'Zaps' is already a word for openrouter"):
        strict("tools/openrouter.yaml", second)


async def test_which_plan_it_is_gets_asked_where_it_matters(connect: Connect) -> None:
    async with connect() as talk:
        said = {"task": "summarise", "data": ["press release"]}
        answer = await talk.call("check_use", tool="Claude", **said)
        assert answer["decision"] == "need_more_information"
        assert "Which Claude plan or account?" in talk.text
        for plan in ("claude-free", "claude-pro", "claude-team", "claude-enterprise"):
            assert plan in talk.text
        answer = await talk.call("check_use", tool="Claude Enterprise", **said)
        assert answer["decision"] == "allow"


# -- the sample policy -------------------------------------------------------------------------


def test_the_sample_policy_approves_no_tool() -> None:
    assert not default().policy.approvals
    for tool in IDS:
        assert not asked(default(), tool, data__level="internal").is_permitted, tool


@pytest.mark.parametrize("tool", IDS)
def test_the_sample_policy_sorts_a_tool_by_its_facts(tool: str) -> None:
    decision = asked(default(), tool, data__level="restricted")
    columns = {
        rule.rpartition("/")[2]
        for rule in decision.determining_rules
        if rule.startswith("DH-LEVEL/restricted/")
    }
    account = values(tool, "tool.account")
    if is_own(tool):  # offline or not: somebody has to say
        assert decision.decision == "need_more_information"
        assert "tool.offline" in [question.fact for question in decision.questions]
    elif is_for_persons(tool) or account == {"personal"}:
        assert columns == {"consumer"}
    elif values(tool, "tool.plan") & FOR_PERSONS or "personal" in account:
        assert columns == {"consumer", "unapproved"}
    else:
        assert columns == {"unapproved"}
    if not is_own(tool):
        assert decision.decision == "prohibit"
