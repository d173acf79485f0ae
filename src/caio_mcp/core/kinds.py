"""Everyday words for tools and data, turned into statements: by listed synonyms, never a guess."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..errors import RequestError
from .catalogue import Catalogue
from .document import Document, Node, plain
from .facts import NONE, Statement, statement
from .policy import Is, PolicySet, Test, When
from .vocabulary import UNLISTED, Vocabulary
from .wording import normal, shorten

WORD_CHARACTERS_MAX = 200  # a word for a tool or for data; more is content, not a word
# What may stand in front of a word for data and says nothing of what is in it. Whatever takes
# something away ("no", "without", "anonymised") must not be here.
LEADING = (
    *("a", "an", "the", "our", "my", "some", "this", "these", "those", "their", "your", "his"),
    *("her", "its", "all", "any", "every", "each", "many", "several", "various", "most", "more"),
    *("both", "two", "three", "a few", "a lot of", "lots of", "a couple of", "a number of"),
    *("all of", "some of", "most of", "many of", "part of", "parts of", "a bunch of", "a set of"),
    *("list of", "lists of", "copy of", "copies of", "export of", "exports of", "printout of"),
    *("scan of", "scans of", "screenshot of", "screenshots of", "text of", "content of"),
    *("contents of", "excerpt of", "excerpts of", "excerpts from", "extracts from", "file with"),
    *("files with", "table of", "table with", "tables with", "old", "new", "recent", "current"),
    *("last year's", "this year's", "last month's", "last week's", "today's", "yesterday's"),
    *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer"),
    *("unser", "unsere", "unserer", "unserem", "unseren", "mein", "meine", "meinen", "meiner"),
    *("ihre", "alle", "einige", "mehrere", "diese", "dieser", "viele", "liste der", "liste von"),
    *("le", "la", "les", "un", "une", "du", "de", "mon", "ma", "mes", "notre", "nos", "votre"),
    *("vos", "leur", "leurs", "ses", "ce", "cette", "ces", "tous", "toutes", "quelques"),
    *("plusieurs", "liste des", "liste de", "copie de", "copies de"),
)
_LEAD = re.compile(
    rf"(?:(?:{'|'.join(map(re.escape, sorted(LEADING, key=len, reverse=True)))}|\d{{1,4}}) |[ld]')"
    r"(?=.)"
)
# Between the parts of a listing: "names and addresses", "complaints with card numbers".
_AND = r"\s*[,;/+]\s*(?:and\s+|und\s+|et\s+)?|\s+(?:and|&|as well as|plus|und|sowie|et)\s+"
_WITH = r"|\s+(?:with|including|incl\.?|mit|inklusive|avec)\s+|(?<='s)\s+(?=\S)"
_IN_DATA = re.compile(_AND + _WITH, re.IGNORECASE)
_NOT_IN_DATA = re.compile(_AND + r"|\s+(?:or|nor|oder|noch|ou|ni)\s+", re.IGNORECASE)
_PLURAL_OWNER = re.compile(r"(?<=\w)s'(?=\s)")
_PLAIN_TOKENS = frozenset(  # in many words, so that sharing one says nothing
    (
        *("and", "are", "by", "data", "for", "from", "in", "is", "it", "my", "not", "of", "on"),
        *("or", "our", "the", "to", "with", "und", "der", "die", "das", "des", "von", "de", "et"),
    )
)
# Around a word for a tool. Nothing that may name a plan ("free", "business", "personal").
_TOOL_LEAD = re.compile(
    r"(?:an?|the|our|my(?: own)?|your|(?:my|our|the) (?:company|employer|firm)'s|"
    r"(?:our |my |the )?company|corporate|work|unser(?:e|em|en)?|mein(?:e|em|en)?|das|die|der|"
    r"le|la|notre|mon|ma|online|web) (?=.)"
)
_TOOL_TAIL = re.compile(
    r"(?<=.) (?:app|website|web site|web|chat|chatbot|bot|assistant|tool|at work|from work|"
    r"in the browser|on my (?:phone|computer|laptop)|online|von der firma|au travail)$"
)
# Words that name no tool at all.
NO_TOOL = frozenset(
    (
        *("ai", "a.i", "ai tool", "ai tools", "some ai", "ai model", "genai", "generative ai"),
        *("llm", "language model", "chatbot", "assistant", "ki", "ki tool", "eine ki", "ia"),
        *("artificial intelligence", "künstliche intelligenz", "intelligence artificielle"),
        *("outil ia", "some tool", "a tool", "tool"),
    )
)
UNSURE_WORDS = ("unsure", "unknown", "not sure", "?")
CLOSED = ("data.categories", "data.subjects", "data.origin")  # what kinds say completely
NEAR = 0.72  # similarity (difflib ratio) from which a word may be a slip of another one


_Meanings = dict[str, tuple[str, str]]  # a word: "kind" or a fact, and the id


@dataclass(frozen=True, slots=True)
class Kind:
    """An everyday word for data: what it certainly contains, what it may contain.

    What is in neither list is not in it, and what is usual holds, unless something else was
    said.
    """

    id: str
    name: str
    synonyms: tuple[str, ...] = ()
    contains: tuple[Statement, ...] = ()
    may_contain: Mapping[str, frozenset[str]] = field(default_factory=dict)
    usually: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What words were taken to mean."""

    statements: tuple[Statement, ...] = ()
    readings: tuple[str, ...] = ()  # "complaints = names and contact details, Confidential"
    not_understood: tuple[tuple[str, tuple[str, ...]], ...] = ()  # word, closest known words
    unlisted: str = ""  # the tool word that is not in the catalogue
    kinds: tuple[str, ...] = ()  # ids of the kinds of data, or "none"


def read_kinds(documents: Iterable[Document], vocabulary: Vocabulary) -> dict[str, Kind]:
    """The kinds of data that the documents define."""
    kinds: dict[str, Kind] = {}
    words: dict[str, str] = {}
    for document in documents:
        top = document.fields(document.root, "A file of kinds", required=["kinds"])
        for node in document.items(top.get("kinds"), "kinds"):
            part = document.fields(
                node,
                "A kind",
                required=["id", "name"],
                optional=["synonyms", "contains", "may_contain", "usually"],
            )
            name = document.text(part.get("id"), "id")
            if not name or name in kinds:
                document.fault(node, f"The kind {shorten(name)} is already defined.", "Keep one.")
                continue
            synonyms = document.texts(part.get("synonyms"))
            own = [(name, part["id"]), (document.text(part.get("name")), part.get("name", node))]
            for word, word_node in (*own, *synonyms):
                if word and words.setdefault(_key(word), name) != name:
                    document.fault(
                        word_node,
                        f"{shorten(word)} is already a word for {words[_key(word)]}.",
                        "A word stands for one kind.",
                    )
            contains = _said_of(document, part.get("contains"), vocabulary)
            usual = _said_of(document, part.get("usually"), vocabulary)
            may = _said_of(document, part.get("may_contain"), vocabulary)
            kinds[name] = Kind(
                name,
                document.text(part.get("name"), "name"),
                tuple(word for word, _ in synonyms),
                tuple(contains),
                MappingProxyType({said.fact: said.present for said in may}),
                tuple(replace(said, is_default=True) for said in usual),
            )
    return kinds


def _said_of(document: Document, node: Node | None, vocabulary: Vocabulary) -> list[Statement]:
    found = []
    for fact, key_node, value in document.pairs(node, "What is said of a kind"):
        try:
            found.append(statement(vocabulary, fact, plain(value)).from_("derived"))
        except RequestError as error:
            document.fault(key_node, error.problem, error.remedy)
    return found


class Words:
    """The dictionary of one policy set and catalogue."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        policy: PolicySet,
        catalogue: Catalogue,
        kinds: Mapping[str, Kind],
    ) -> None:
        self._vocabulary = vocabulary
        self._policy = policy
        self.kinds = kinds
        self._catalogue = catalogue
        self._tools = _tool_words(catalogue)
        facts: _Meanings = {}
        for fact in ("data.overlays", "data.categories", "data.level"):  # the later one has a word
            for value in vocabulary.facts[fact].values.values():
                for word in (value.id, value.title, *value.synonyms):
                    facts[_key(word)] = (fact, value.id)
        for_kinds: _Meanings = {
            _key(word): ("kind", kind.id)
            for kind in kinds.values()
            for word in (kind.id, kind.name, *kind.synonyms)
        }
        self._data = facts | for_kinds  # a kind says more of what is in the data
        self._absent = for_kinds | facts  # and a category more of what is not

    # -- tools -------------------------------------------------------------------------

    def tool(self, word: str) -> Understood:
        """A word for a tool: one plan, all plans of a product, or a tool nobody listed.

        A word close to known ones stands for any of them or an unlisted tool: the answer
        is then right whichever was meant.
        """
        word = _checked(word, "tool")
        values = self._vocabulary.facts["tool.id"].values
        if normal(word) in UNSURE_WORDS:
            return Understood((Statement("tool.id", is_unsure=True),))
        if normal(word) == UNLISTED:
            return Understood((_one_of("tool.id", {UNLISTED}, word),), unlisted=word)
        if _bare(word) in NO_TOOL:
            return Understood((), (f"{word} = no tool named",))
        found = self._tools.get(normal(word)) or self._tools.get(_bare(word))
        if found:
            names = [values[tool].title for tool in values if tool in found and tool != UNLISTED]
            reading = f"{word} = one of its {len(names)} plans"
            if len(names) == 1:
                reading = f"{word} = {names[0]}{' or another' if UNLISTED in found else ''}"
            same = len(found) == 1 and normal(names[0]) == normal(word)
            return Understood((_one_of("tool.id", found, word),), () if same else (reading,))
        close = difflib.get_close_matches(normal(word), list(self._tools), n=3, cutoff=NEAR)
        meant = {tool for name in close for tool in self._tools[name]}
        products = {self._catalogue.tools[tool].product for tool in meant}
        near = {t.id for t in self._catalogue.tools.values() if t.product in products}
        shown = tuple(values[tool].title for tool in values if tool in near)
        return Understood(
            (_one_of("tool.id", {UNLISTED, *near}, word),),
            not_understood=((word, shown[:3]),) if near else (),
            unlisted=word,
        )

    # -- data --------------------------------------------------------------------------

    def data(self, words: Sequence[str], absent: Sequence[str] = ()) -> Understood:
        """Words for data, and words for what is not in it. What the kinds among them mean is
        for `of_kinds`, once all that was said is together."""
        statements: list[Statement] = []
        readings: list[str] = []
        unknown: list[tuple[str, tuple[str, ...]]] = []
        kinds: list[str] = []
        levels: dict[str, str] = {}  # level -> the word that named it
        if [normal(word) for word in words] in ([NONE], ["no data"]):
            return Understood(
                (), (f"no data of yours = {self._policy.levels[0].title}",), kinds=(NONE,)
            )
        for raw in words:
            word = _checked(raw, "data")
            parts = _parts(self._data, word, _IN_DATA)
            for part, meaning, value in parts:
                if meaning == "kind":
                    kinds.append(value)
                    readings.append(f"{part} = {self._describe(self.kinds[value])}")
                elif meaning == "data.level":
                    levels[value] = part
                else:
                    statements.append(Statement(meaning, present=frozenset([value]), because=part))
            if not parts:
                unknown.append((word, self._closest(word)))
        if levels:  # of a mix the highest one counts
            highest = [level for level in self._policy.levels if level.id in levels][-1]
            statements.append(_one_of("data.level", {highest.id}, levels[highest.id]))
            if len(levels) > 1:
                readings.append(f"{' and '.join(levels.values())} = {highest.title}, the highest")
        for raw in absent:
            word = _checked(raw, "not_in_data")
            parts = _parts(self._absent, word, _NOT_IN_DATA)
            if not parts or any(meaning == "data.level" for _, meaning, _ in parts):
                unknown.append((word, self._closest(word)))
                continue
            statements += [
                Statement(meaning, absent=frozenset([value]), because=part)
                for part, meaning, value in parts
                if meaning != "kind"  # "no contracts" does not mean "no names"
            ]
        return Understood(tuple(statements), tuple(readings), tuple(unknown), kinds=tuple(kinds))

    def of_kinds(
        self, kinds: Sequence[str], stated: Sequence[Statement], *, is_all: bool
    ) -> list[Statement]:
        """What kinds of data mean, beside what was stated. `is_all` says that every word for
        the data was understood; only then, and where nothing was stated beyond the kinds, is
        anything concluded from what was not said."""
        known = [self.kinds[name] for name in dict.fromkeys(kinds) if name in self.kinds]
        named = [m for part in stated for m in self._categories(part)]
        is_all = is_all and all(name in self.kinds or name == NONE for name in kinds)
        if not known:
            return self._nothing() if NONE in kinds and is_all and not named else []
        found = [part for kind in known for part in (*kind.contains, *kind.usually)]
        inside = self._inside("data.categories", known)
        is_exact = is_all and all(any_of & inside for any_of in named)
        found += self._levels(known, is_exact=is_exact)
        return found + (self._closure(known) if is_exact else [])

    def _nothing(self) -> list[Statement]:
        found = [
            Statement(
                fact,
                "derived",
                absent=frozenset(self._vocabulary.facts[fact].values),
                is_default=True,
                because=NONE,
            )
            for fact in ("data.overlays", *CLOSED)
            if fact in self._vocabulary.facts
        ]
        lowest = frozenset([self._policy.levels[0].id])
        return [*found, Statement("data.level", "derived", lowest, is_default=True, because=NONE)]

    def _levels(self, kinds: Sequence[Kind], *, is_exact: bool) -> list[Statement]:
        """At least the level that the policy gives each kind; just that one by default."""
        order = [level.id for level in self._policy.levels]
        given = [
            order.index(self._policy.kind_levels[kind.id])
            for kind in kinds
            if kind.id in self._policy.kind_levels
        ]
        found = [Statement("data.level", "derived", frozenset(order[rank:])) for rank in given]
        if given and is_exact and len(given) == len(kinds):
            level = frozenset([order[max(given)]])
            found.append(Statement("data.level", "derived", level, is_default=True))
        return found

    def lowest_level(self, category: str) -> Statement | None:
        """At least the lowest level that the policy gives to any kind of data which certainly
        holds a category: what was scanned is not below it."""
        given = [self._policy.kind_levels.get(kind.id) for kind in self._holding(category)]
        order = [level.id for level in self._policy.levels]
        ranks = [order.index(level) for level in given if level is not None]
        if not ranks or not min(ranks):
            return None
        return Statement("data.level", "scanned", frozenset(order[min(ranks) :]), because=category)

    def _holding(self, category: str) -> list[Kind]:
        return [
            kind
            for kind in self.kinds.values()
            if any(s.fact == "data.categories" and category in s.present for s in kind.contains)
        ]

    def _closure(self, kinds: Sequence[Kind]) -> list[Statement]:
        """What is in none of the kinds is not in the data, unless it was said."""
        return [
            Statement(
                fact,
                "derived",
                absent=frozenset(self._vocabulary.facts[fact].values) - self._inside(fact, kinds),
                is_default=True,
            )
            for fact in CLOSED
            if fact in self._vocabulary.facts
        ]

    @staticmethod
    def _inside(fact: str, kinds: Sequence[Kind]) -> set[str]:
        """The members that are or may be in the kinds."""
        certain = {
            m for k in kinds for said in k.contains if said.fact == fact for m in said.present
        }
        return certain | {m for kind in kinds for m in kind.may_contain.get(fact, ())}

    def _categories(self, said: Statement) -> list[frozenset[str]]:
        """The categories that a statement names: of each set at least one is in the data. An
        overlay that any of several categories defines is there already with one of them."""
        if said.fact == "data.categories":
            return [frozenset([member]) for member in said.present]
        if said.fact != "data.overlays":
            return []
        overlays = {o.id: o for o in self._policy.overlays}
        found: list[frozenset[str]] = []
        for name in said.present:
            when = overlays[name].when
            members = {f"overlay {name}"} if when is None else _members_named(when)
            is_any = isinstance(when, Test) and when.operator == "any_of"
            found += [frozenset(members)] if is_any else [frozenset([m]) for m in members]
        return found

    def _describe(self, kind: Kind) -> str:
        parts = [
            self._vocabulary.facts[said.fact].title_of(member)
            for said in kind.contains
            if said.fact == "data.categories"
            for member in self._vocabulary.facts[said.fact].values
            if member in said.present
        ]
        level = self._policy.kind_levels.get(kind.id)
        titles = {level.id: level.title for level in self._policy.levels}
        what = " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        what = what or ("contents vary" if kind.may_contain else "nothing regulated")
        return ", ".join(part for part in (what, titles.get(level or "", "")) if part)

    def _closest(self, word: str) -> tuple[str, ...]:
        names: dict[str, None] = {}
        said = _key(word)
        for close in difflib.get_close_matches(said, list(self._data), n=6, cutoff=NEAR):
            names[self._name(*self._data[close])] = None
        tokens = {part for part in said.split() if len(part) > 1} - _PLAIN_TOKENS
        shared = {known: len(tokens & set(known.split())) for known in self._data}
        for known in sorted((k for k, count in shared.items() if count), key=lambda k: -shared[k]):
            names[self._name(*self._data[known])] = None
        return tuple(names)[:3]

    def _name(self, meaning: str, value: str) -> str:
        if meaning == "kind":
            return self.kinds[value].name
        return self._vocabulary.facts[meaning].title_of(value)


def _tool_words(catalogue: Catalogue) -> dict[str, set[str]]:
    """Words for tools. A product stands for all of its plans; where only one of them is in the
    catalogue, it may also be another."""
    found: dict[str, set[str]] = {}
    for tool in catalogue.tools.values():
        for word in (tool.id, tool.name, *tool.synonyms):
            found.setdefault(normal(word), set()).add(tool.id)
    plans: dict[str, set[str]] = {}
    for tool in catalogue.tools.values():
        for word in (tool.product, f"{tool.vendor} {tool.product}"):
            plans.setdefault(normal(word), set()).add(tool.id)
    for word, tools in plans.items():
        if len(tools) > 1:
            found[word] = tools
        elif word not in found:
            found[word] = {*tools, UNLISTED}
    return found


def _bare(word: str) -> str:
    """A word for a tool without what says nothing of the tool around it."""
    said = normal(word.replace("\u2019", "'"))
    while (lead := _TOOL_LEAD.match(said)) or (lead := _TOOL_TAIL.search(said)):
        said = said[lead.end() :] if lead.start() == 0 else said[: lead.start()]
    return said


def _key(word: str) -> str:
    """The form in which words for data are compared."""
    return _PLURAL_OWNER.sub("'s", normal(word.replace("\u2019", "'")))


def _meaning(meanings: _Meanings, word: str) -> tuple[str, str]:
    """The fact and value of a word, or "kind" and its id; what stands in front of it, its number
    and an apostrophe are no part of it."""
    said: str | None = _key(word)
    while said:
        for form in dict.fromkeys((said, said.replace("'s ", " "))):
            if form in meanings:
                return meanings[form]
            for other in _in_other_number(form):
                if meanings.get(other, ("",))[0] in ("kind", "data.categories"):
                    return meanings[other]
        lead = _LEAD.match(said)
        said = said[lead.end() :] if lead else None
    return "", ""


def _in_other_number(said: str) -> Iterator[str]:
    """The plural or the singular of the last word, as English and French make most of them."""
    *_, last = said.split(" ")
    if len(last) < 3:
        return
    if last.endswith("s") and not last.endswith("ss"):
        yield said[:-1]
        if last.endswith("ies"):
            yield said[:-3] + "y"
        elif last.endswith("es"):
            yield said[:-2]
        return
    yield said + "s"
    yield said + "es"
    if last.endswith("y"):
        yield said[:-1] + "ies"


def _parts(meanings: _Meanings, word: str, joints: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """A word with its meaning, or the words of a listing with theirs; nothing where one of them
    is not known."""
    word = _PLURAL_OWNER.sub("'s", word.replace("\u2019", "'")).strip()
    meaning, value = _meaning(meanings, word)
    if meaning:
        return [(word, meaning, value)]
    for joint in joints.finditer(word):
        first = word[: joint.start()]
        meaning, value = _meaning(meanings, first)
        if meaning:
            rest = _parts(meanings, word[joint.end() :], joints)
            if rest:
                return [(first, meaning, value), *rest]
    return []


def _members_named(when: When) -> set[str]:
    if isinstance(when, Test):
        return set(when.values) if when.fact == "data.categories" else {when.fact}
    if isinstance(when, Is):
        return _members_named(when.when)
    return {member for part in when.parts for member in _members_named(part)}


def _one_of(fact: str, values: Iterable[str], word: str) -> Statement:
    return Statement(fact, values=frozenset(values), because=word)


def _checked(word: str, what: str) -> str:
    word = " ".join(word.split())
    if not word:
        raise RequestError(f"{what} holds an empty word.", remedy="Leave it out or fill it.")
    if len(word) > WORD_CHARACTERS_MAX:
        example = "ChatGPT Free" if what == "tool" else "customer complaints"
        raise RequestError(
            f"{what} takes everyday words; this one has {len(word):,} characters.",
            remedy=f'Say it in a few words, for example "{example}".',
        )
    return word
