"""What an organisation says of itself: everyday words in, checked answers out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ..core.catalogue import Tool
from ..core.facts import NONE
from ..core.library import Library
from ..core.policy import Level
from ..core.wording import JOINERS, Plain, may_be_content, nearest, normal, quote
from ..errors import RequestError
from .countries import Country, find_country, find_jurisdictions, find_us_place

NAME_CHARACTERS_MAX = 120
TEXT_CHARACTERS_MAX = 300
ID_CHARACTERS_MAX = 40
PEOPLE_MAX = 10_000_000
WORKS_COUNCIL_FROM = 5  # permanent employees from which one can be elected: BetrVG section 1
PACKS = ("data-handling", "gdpr", "eu-ai-act", "security", "ip", "us")
ROLES: Mapping[str, str] = {
    "caio": "decides which AI tools may be used",
    "dpo": "answers questions on personal data",
    "security": "answers questions on security",
    "legal": "answers questions on contracts and rights",
    "hr": "answers for staff and applicants",
}
# Names that a folder of a pack cannot have: packs that come along, and devices of Windows.
_RESERVED = re.compile(
    r"default|common|data-handling|gdpr|eu-ai-act|security|ip|us|examples|"
    r"con|prn|aux|nul|com\d|lpt\d",
)
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.ASCII)
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe", "å": "aa", "ł": "l"}
    | {"đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "&": " and "}
)
_DAYS = re.compile(r"(?P<who>.*?)[,;]?\s+(?P<days>\d{1,3})\s+(?:days?|tage?n?|jours?)", re.I)

_SECTORS: Mapping[str, tuple[str, ...]] = {
    "health_care": (
        *("health care", "healthcare", "health", "medicine", "medical", "hospital", "clinic"),
        *("doctor", "doctors", "medical practice", "practice", "dentist", "pharmacy", "nursing"),
        *("care home", "gesundheit", "gesundheitswesen", "krankenhaus", "arztpraxis", "apotheke"),
        *("pflege", "santé", "hôpital", "pharmacie"),
    ),
    "finance": (
        *("finance", "financial services", "bank", "banking", "insurance", "insurer", "fintech"),
        *("lending", "credit", "payments", "asset management", "investment", "tax", "tax advice"),
        *("finanzen", "versicherung", "steuerberatung", "banque", "assurance"),
    ),
    "education": (
        *("education", "school", "schools", "university", "college", "teaching", "kindergarten"),
        *("bildung", "schule", "hochschule", "universität", "éducation", "école", "université"),
    ),
    "public_body": (
        *("public body", "government", "public sector", "authority", "public authority"),
        *("municipality", "city", "council", "ministry", "court", "police", "behörde", "kommune"),
        *("stadt", "gemeinde", "administration publique", "mairie"),
    ),
    "public_services": (
        *("public services", "utility", "utilities", "water", "electricity", "energy supplier"),
        *("public transport", "waste", "social housing", "stadtwerke", "versorger"),
    ),
    "childrens_services": (
        *("online services for children", "children's services", "games for children"),
        *("children's apps", "apps for children"),
    ),
    "defence_or_export": (
        *("defence or export", "defence", "defense", "military", "arms", "dual use"),
        *("export-controlled goods", "export controls", "rüstung", "défense"),
    ),
    "listed_company": (
        *("listed company", "listed", "stock exchange", "publicly traded", "publicly listed"),
        *("börsennotiert", "société cotée"),
    ),
    "other": (
        *("other", "none of these", "none", "retail", "shop", "trade", "crafts", "it", "software"),
        *("consulting", "manufacturing", "industry", "construction", "logistics", "transport"),
        *("law firm", "marketing", "media", "agriculture", "food", "bakery", "hotel"),
        *("restaurant", "tourism", "non-profit", "charity", "association", "real estate"),
        *("services", "handwerk", "handel", "industrie", "bau", "beratung", "verein", "sonstige"),
        *("autre", "commerce"),
    ),
}
_WORKS_COUNCIL = {
    "no_council": ("no_council", "none", "no", "there is none", "no council", "keiner", "kein"),
    "agreed": ("agreed", "yes, agreed", "works agreement", "zugestimmt", "betriebsvereinbarung"),
    "informed": ("informed", "was informed", "informiert"),
    "missing": ("missing", "not asked", "not yet", "not asked yet", "nicht gefragt"),
}


class Choose(RequestError):
    """A word that stands for several things; each option is what to write for one of them."""

    def __init__(
        self, problem: str, *, remedy: str, word: str, options: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(problem, remedy=remedy)
        self.word = word
        self.options = tuple(options)


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """A tool of the catalogue, and what the organisation decided of it."""

    tool: Tool
    status: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides in a role."""

    who: str
    usual_days: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that the files of a workspace are made of."""

    name: str
    id: str
    country: Country
    jurisdictions: tuple[str, ...]
    sectors: tuple[str, ...]
    tools: tuple[ToolAnswer, ...]
    inherits: tuple[str, ...]
    settled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by tool and fact
    people: int | None = None
    works_council: str = ""
    levels: tuple[Level, ...] = ()
    contacts: Mapping[str, Person] = field(default_factory=dict)
    training: str = ""
    adopted_by: str = ""


Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that an organisation is asked. `usual` is what is written where somebody only
    presses Enter; `absent` what holds where nobody is there to ask."""

    key: str
    flag: str
    ask: str
    example: str
    read: Callable[[Plain, Library, Found], Any]
    usual: Callable[[Found], str] = lambda found: ""
    is_required: bool = True
    absent: Any = None
    applies: Callable[[Found], bool] = lambda found: True


class Asker(Protocol):
    """Somebody at a terminal."""

    def ask(self, question: Question, found: Found, library: Library) -> Plain:
        """What they answer."""

    def again(self, error: RequestError) -> str | None:
        """Show why an answer will not do; of a choice, the option to write instead."""


# -- reading one answer --------------------------------------------------------------------


def listed(said: Plain) -> list[str]:
    """The parts of a list: given as a list, as `name: value` lines, or with commas between."""
    if said is None:
        return []
    if isinstance(said, Mapping):
        return (
            [_pair(said)]
            if "title" in said or "id" in said
            else [f"{name}={value}" for name, value in said.items()]
        )
    if isinstance(said, (list, tuple)):
        return [part for item in said for part in listed(item)]
    return [part for piece in re.split(r"[,;\n]", str(said)) if (part := " ".join(piece.split()))]


def _pair(said: Mapping[str, Plain]) -> str:
    """A level or tool in the words of policy.yaml and approvals.yaml."""
    unknown = set(said) - {"title", "id", "like", "status"}
    if unknown:
        raise RequestError(
            f"A part of a list has no field {quote(min(unknown))}.",
            remedy="Use title and like for a level, id and status for a tool.",
        )
    name, value = said.get("title", said.get("id")), said.get("like", said.get("status"))
    return f"{name}={value}" if value else str(name)


def _parts(said: Plain) -> list[str]:
    """The same; a single `none` is an empty list."""
    parts = listed(said)
    return [] if [normal(part) for part in parts] in ([NONE], ["no"], ["nothing"]) else parts


def _text(said: Plain, what: str, most: int = TEXT_CHARACTERS_MAX) -> str:
    if not isinstance(said, (str, int)):
        raise RequestError(f"{what} must be a piece of text.")
    text = " ".join(unicodedata.normalize("NFC", str(said)).split())
    if not text.translate(JOINERS):
        raise RequestError(f"{what} is empty.", remedy="Write it, or leave it out.")
    if len(text) > most:
        raise RequestError(f"{what} has {len(text):,} characters; {most} is the most.")
    if not text.translate(JOINERS).isprintable():
        raise RequestError(
            f"{what} holds a character that cannot be shown.",
            remedy="Write it again without control characters.",
        )
    return text


def slug(name: str) -> str:
    """A name for a folder; nothing where the name has no Latin letter or digit."""
    plain = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'\u2019.")
    words = re.findall(r"[a-z0-9]+", plain)
    found = "-".join(words)[:ID_CHARACTERS_MAX].strip("-")
    return f"{found}-policy" if _RESERVED.fullmatch(found) else found


def _name(said: Plain, library: Library, found: Found) -> str:
    return _text(said, "The name of the organisation", NAME_CHARACTERS_MAX)


def read_id(said: Plain, what: str = "The short name") -> str:
    """A name that can be a folder: it never leads out of the one that holds it."""
    text = str(said)
    if _ID.fullmatch(text) and len(text) <= ID_CHARACTERS_MAX:
        if _RESERVED.fullmatch(text):
            raise RequestError(f"{text!r} is the name of something else.", remedy="Choose another.")
        return text
    raise RequestError(
        f"{what} cannot be {quote(text)}.",
        remedy=f"Use up to {ID_CHARACTERS_MAX} of a-z and 0-9, with single - or _ between them.",
    )


def _country(said: Plain, library: Library, found: Found) -> Country:
    return find_country(_text(said, "The country"))


def _also_in(said: Plain, library: Library, found: Found) -> tuple[str, ...]:
    return tuple(dict.fromkeys(j for word in _parts(said) for j in find_jurisdictions(word)))


def _states(said: Plain, library: Library, found: Found) -> tuple[str, ...]:
    return tuple(dict.fromkeys(find_us_place(word) for word in _parts(said)))


def _people(said: Plain, library: Library, found: Found) -> int:
    text = re.sub(r"(?<=\d)[ ,.'](?=\d{3}\b)", "", str(said).strip())
    if not (text.isascii() and text.isdigit() and 0 < int(text[:15]) <= PEOPLE_MAX):
        raise RequestError(
            f"The number of people cannot be {quote(str(said))}.",
            remedy="Write a whole number, for example 40.",
        )
    return int(text)


def _works_council(said: Plain, library: Library, found: Found) -> str:
    word = normal(str(said))
    for value, words in _WORKS_COUNCIL.items():
        if word in map(normal, words):
            return value
    raise RequestError(
        f"{quote(str(said))} is no answer on the works council.",
        remedy="Say none, agreed, informed, or not asked.",
    )


def _sectors(said: Plain, library: Library, found: Found) -> tuple[str, ...]:
    sectors: dict[str, None] = {}
    words = {normal(w): s for s, names in _SECTORS.items() for w in (s, *names)}
    for word in listed(said):
        if normal(word) not in words:
            names = [names[0] for names in _SECTORS.values()]
            raise Choose(
                f"{quote(word)} is not a sector that is known.",
                remedy=f"Use {', '.join(names[:-1])}, or {names[-1]}.",
                word=word,
                options=[(name, name) for name in names],
            )
        sectors[words[normal(word)]] = None
    if not sectors:
        raise RequestError("No sector was said.", remedy="Write other where none of them fits.")
    if len(sectors) > 1:
        sectors.pop("other", None)
    return tuple(sectors)


def _tools(said: Plain, library: Library, found: Found) -> tuple[ToolAnswer, ...]:
    tools: dict[str, ToolAnswer] = {}
    for part in _parts(said):
        words, sign, status = part.rpartition("=")
        words, status = (words, normal(status)) if sign else (part, "approved")
        if status not in ("approved", "pending", "blocked"):
            raise RequestError(
                f"{quote(part)} says no status that is known.",
                remedy="Write approved, pending or blocked behind the =.",
            )
        answer = ToolAnswer(_tool(part, words, library), status)
        if status == "approved" and is_personal(answer.tool):
            raise Choose(
                f"{answer.tool.name} is a plan of one person: no contract of the organisation "
                "covers it, whoever pays, and public data may go into it without an approval.",
                remedy=f"Leave it out, or write {answer.tool.id}=pending until somebody decides.",
                word=part,
                options=[
                    ("", "leave it out"),
                    (f"{answer.tool.id}=pending", "list it as pending, so that it is reviewed"),
                ],
            )
        tools[answer.tool.id] = answer
    return tuple(tools.values())


def _tool(part: str, words: str, library: Library) -> Tool:
    """The one tool that words stand for."""
    understood = library.words.tool(words)
    meant = next((s.values for s in understood.statements if s.values), None) or frozenset()
    names = [tool for tool in library.catalogue.tools.values() if tool.id in meant]
    if understood.not_understood or not names:
        close = " or ".join(tool.name for tool in names[:3])
        did_you_mean = f"Did you mean {close}? " if close else ""
        raise RequestError(
            f"{quote(words)} is not a tool of the catalogue.",
            remedy=f"{did_you_mean}Leave it out for now; it counts as not approved until it is "
            "described in tools/own.yaml of your policy.",
        )
    if len(meant) == 1:
        return names[0]
    status = part[len(words) :]
    plans = ", ".join(f"{tool.id} ({tool.name})" for tool in names)
    raise Choose(
        f"{quote(words)} has several plans."
        if len(names) > 1
        else f"Of {quote(words)} one plan is in the catalogue.",
        remedy=f"Name the one you pay for: {plans}.",
        word=part,
        options=[*((f"{tool.id}{status}", tool.name) for tool in names), ("", "none of these")],
    )


# What a contract settles for all of its uses: the fact, and what a yes and a no say of it.
CONTRACTS = {
    "contracts": ("tool.dpa", "yes", "no"),
    "transfers": ("tool.transfer_mechanism", "[scc, dpf]", "none"),
}


def _contract(key: str) -> Callable[[Plain, Library, Found], dict[str, str]]:
    fact, yes, no = CONTRACTS[key]

    def read(said: Plain, library: Library, found: Found) -> dict[str, str]:
        """What was settled of which tool; of a tool that is not named, nothing."""
        tools = _unsettled(found, fact)
        parts = _parts(said)
        word = normal(parts[0]) if len(parts) == 1 else ""
        if word == "all" or not parts:
            return dict.fromkeys(tools, yes if parts else no)
        if word in ("not sure", "unsure", "unknown"):
            return {}
        named = [_tool(part, part, library) for part in parts]
        for tool in named:
            if tool.id not in tools:
                raise RequestError(
                    f"Of {tool.name} this is not open here.",
                    remedy=f"Name some of {', '.join(tools)}; or all, none, not sure.",
                )
        return {tool.id: yes for tool in named}

    return read


def _unsettled(found: Found, fact: str) -> list[str]:
    """The approved tools at a vendor of which the catalogue leaves a fact open."""
    left = []
    for answer in found.get("tools", ()):
        known = {f.said.fact: f.said.values or frozenset() for f in answer.tool.facts}
        is_vendor = "vendor_cloud" in known.get("tool.hosting", ("vendor_cloud",))
        if answer.status == "approved" and is_vendor and len(known.get(fact, ())) != 1:
            left.append(answer.tool.id)
    return left


def _asks_contract(key: str) -> Callable[[Found], bool]:
    def applies(found: Found) -> bool:
        known = "country" in found and "gdpr" in (found.get("inherits") or usual_packs(found))
        return known and bool(_unsettled(found, CONTRACTS[key][0]))

    return applies


def is_personal(tool: Tool) -> bool:
    """Whether a person and not the organisation has the account."""
    said = {f.said.fact: f.said.values or frozenset() for f in tool.facts}
    plan, account = said.get("tool.plan", frozenset()), said.get("tool.account", frozenset())
    return (bool(plan) and plan <= {"free", "individual"}) or (
        bool(account) and "organisation" not in account and plan != {"self_hosted"}
    )


def _levels(said: Plain, library: Library, found: Found) -> tuple[Level, ...]:
    """Own levels in rising order; those of the inherited packs where none is named."""
    parts = _parts(said)
    if [normal(part) for part in parts] in ([], ["default"], ["usual"], ["yes"]):
        return ()
    inherited = library.policy.levels
    words = {normal(w): lvl.id for lvl in inherited for w in (lvl.id, lvl.title, *lvl.synonyms)}
    levels: list[Level] = []
    for number, part in enumerate(parts):
        title, sign, like = part.rpartition("=")
        title, like = (title.strip(), words.get(normal(like), like)) if sign else (part, "")
        if not sign and number == len(parts) - 1:
            like = inherited[-1].id  # the strictest must be somewhere, and here it is
        levels.append(_level(part, title, like or words.get(normal(title), ""), levels, library))
    order = [level.id for level in inherited]
    likes = [order.index(level.like) for level in levels]
    if likes != sorted(likes):
        shown = ", ".join(f"{level.title}={level.like}" for level in levels)
        raise RequestError(
            f"The levels do not rise: {shown}.", remedy="Name them from the lowest to the highest."
        )
    if likes[-1] != len(order) - 1:
        raise RequestError(
            f"No level is like {order[-1]}, where medical records go.",
            remedy=f"Write {levels[-1].title}={order[-1]}, or add a level above it.",
        )
    return _with_synonyms(levels, inherited)


def _level(part: str, title: str, like: str, before: Sequence[Level], library: Library) -> Level:
    inherited = {level.id: level for level in library.policy.levels}
    title = _text(title, "The name of a level", 40)
    if like not in inherited:
        shown = ", ".join(f"{level.id} ({level.example})" for level in inherited.values())
        written = "NAME" if may_be_content(title) else title
        raise Choose(
            f"{quote(title)} does not say which of the usual levels it is like.",
            remedy=f"Write it as {written}={next(iter(inherited))}, with one of: {shown}.",
            word=part,
            options=[(f"{title}={lvl.id}", f"like {lvl.example}") for lvl in inherited.values()],
        )
    if normal(title) in {normal(level.title) for level in before}:
        raise RequestError(f"The level {quote(title)} is named twice.", remedy="Keep one.")
    taken = {normal(overlay.id) for overlay in library.policy.overlays}
    taken |= {level.id for level in before}
    name = slug(title).replace("-", "_")
    name = name if name and name not in taken else f"level_{len(before) + 1}"
    return Level(name, title, example=inherited[like].example, like=like)


def _with_synonyms(levels: Sequence[Level], inherited: Sequence[Level]) -> tuple[Level, ...]:
    """With the words of the level that each is like, where no other one is like it."""
    own = {normal(word) for level in levels for word in (level.id, level.title)}
    likes = [level.like for level in levels]
    words = {old.id: (old.id, old.title, *old.synonyms) for old in inherited}
    return tuple(
        replace(
            level,
            synonyms=tuple(
                dict.fromkeys(w.casefold() for w in words[level.like] if normal(w) not in own)
            )
            if likes.count(level.like) == 1
            else (),
        )
        for level in levels
    )


def _contacts(said: Plain, library: Library, found: Found) -> dict[str, Person]:
    contacts: dict[str, Person] = {}
    parts = said.items() if isinstance(said, Mapping) else _role_parts(said)
    for roles, who in parts:
        for role in listed(roles):
            if role not in ROLES:
                raise RequestError(f"{quote(role)} is not a role.", remedy=nearest(role, ROLES))
            contacts[role] = _person(role, who)
    return contacts


def _role_parts(said: Plain) -> Iterable[tuple[str, Plain]]:
    for part in said if isinstance(said, (list, tuple)) else str(said or "").splitlines():
        if isinstance(part, Mapping):
            yield from part.items()
            continue
        role, sign, who = str(part).partition("=")
        if not sign:
            raise RequestError(
                f"{quote(role)} does not say who decides in which role.",
                remedy="Write it as caio=Ada Example, with caio, dpo, security, legal or hr.",
            )
        yield role, who


def _person(role: str, said: Plain) -> Person:
    days: Plain = None
    if isinstance(said, Mapping):
        unknown = set(said) - {"who", "usual_days"}
        if unknown:
            raise RequestError(f"The contact {role} has no field {quote(min(unknown))}.")
        days = said.get("usual_days")
        said = said.get("who")
    who = _text(said, f"The contact {role}")
    if days is None and (match := _DAYS.fullmatch(who)):
        who, days = match["who"].strip(), match["days"]
    if days is None:
        return Person(who)
    if not str(days).isascii() or not str(days).isdigit() or int(str(days)[:9]) > 365:
        raise RequestError(
            f"The usual days of {role} cannot be {quote(str(days))}.",
            remedy="Write a whole number of days, for example 3.",
        )
    return Person(who, int(str(days)))


def _training(said: Plain, library: Library, found: Found) -> str:
    return "" if normal(str(said)) == NONE else _text(said, "The training")


def _adopted_by(said: Plain, library: Library, found: Found) -> str:
    return "" if normal(str(said)) in (NONE, "nobody", "no") else _text(said, "Who adopts it")


def _inherits(said: Plain, library: Library, found: Found) -> tuple[str, ...]:
    packs = listed(said)
    for pack in packs:
        if pack not in PACKS:
            raise RequestError(f"{quote(pack)} is not a pack.", remedy=nearest(pack, PACKS))
    return tuple(p for p in PACKS if p in {*packs, "data-handling"})


# -- all of them ---------------------------------------------------------------------------


def _is_in(place: str) -> Callable[[Found], bool]:
    return lambda found: place in jurisdictions_of(found)


def jurisdictions_of(found: Found) -> tuple[str, ...]:
    """Where the organisation is, and where it hires or serves people."""
    country: Country | None = found.get("country")
    parts = (country.jurisdictions if country else (), found.get("also_in"), found.get("states"))
    return tuple(dict.fromkeys(place for part in parts for place in part or ()))


def usual_packs(found: Found) -> tuple[str, ...]:
    """The packs that the law of the places asks for, with those that everybody needs."""
    places = jurisdictions_of(found)
    wanted = {"data-handling", "security", "ip"}
    if {"eu", "uk"} & set(places):
        wanted.add("gdpr")
    if "eu" in places:
        wanted.add("eu-ai-act")
    if "us" in places:
        wanted.add("us")
    return tuple(pack for pack in PACKS if pack in wanted)


def _asks_works_council(found: Found) -> bool:
    people = found.get("people")
    return _is_in("germany")(found) and (people is None or people >= WORKS_COUNCIL_FROM)


QUESTIONS: tuple[Question, ...] = (
    Question("name", "--name", "What is your organisation called?", "Acme GmbH", _name),
    Question(
        "id",
        "--id",
        "A short name for its folder, in Latin letters and digits?",
        "acme",
        lambda said, library, found: read_id(said),
        applies=lambda found: "name" in found and not slug(found["name"]),
    ),
    Question("country", "--country", "In which country is it?", "Germany, or DE", _country),
    Question(
        "also_in",
        "--also-in",
        "Where else do you hire people, or offer something to them?",
        "EU, US, United Kingdom; or none",
        _also_in,
        lambda found: NONE,
    ),
    Question(
        "states",
        "--state",
        "In which of these places do you hire or serve people: California, Colorado, Connecticut, "
        "Illinois, New York City, Texas, Utah?",
        "California, Texas; or none",
        _states,
        applies=_is_in("us"),
    ),
    Question(
        "people",
        "--people",
        "How many people work there?",
        "40",
        _people,
        is_required=False,
    ),
    Question(
        "works_council",
        "--works-council",
        "Is there a works council, and did it agree to AI tools?",
        "none; agreed; informed; not asked",
        _works_council,
        applies=_asks_works_council,
    ),
    Question(
        "sectors",
        "--sector",
        "What does it do?",
        "health care, finance, education, public body, public services, online services for "
        "children, defence or export, listed company; or other",
        _sectors,
        lambda found: "other",
    ),
    Question(
        "tools",
        "--tool",
        "Which AI tools does the organisation pay for or run?",
        "ChatGPT Business, Microsoft 365 Copilot; or none",
        _tools,
    ),
    Question(
        "contracts",
        "--contract",
        "For which of them did you sign the vendor's processor contract (GDPR Art. 28)?",
        "ChatGPT Business; all; none; or not sure",
        _contract("contracts"),
        lambda found: "not sure",
        is_required=False,
        absent={},
        applies=_asks_contract("contracts"),
    ),
    Question(
        "transfers",
        "--transfer",
        "For which of them does it cover data that leaves the EEA (standard contractual clauses, "
        "or the EU-US framework)?",
        "ChatGPT Business; all; none; or not sure",
        _contract("transfers"),
        lambda found: "not sure",
        is_required=False,
        absent={},
        applies=_asks_contract("transfers"),
    ),
    Question(
        "levels",
        "--level",
        "Your own levels of data, from the lowest to the highest?",
        "Open, Internal, Secret; or default",
        _levels,
        lambda found: "default",
        is_required=False,
        absent=(),
    ),
    Question(
        "contacts",
        "--contact",
        "Who decides?",
        "caio=Ada Example (ada@acme.example), 3 days",
        _contacts,
        is_required=False,
        absent={},
    ),
    Question(
        "training",
        "--training",
        "Which AI training do people take?",
        "the course AI basics on learn.acme.example; or none",
        _training,
        lambda found: NONE,
        is_required=False,
        absent="",
    ),
    Question(
        "inherits",
        "--inherit",
        f"Which packs of rules should hold ({', '.join(PACKS)})?",
        "data-handling, gdpr, security, ip",
        _inherits,
        lambda found: ", ".join(usual_packs(found)),
        applies=lambda found: "country" in found and found["country"].region == "other",
    ),
    Question(
        "adopted_by",
        "--adopted-by",
        "Who puts this policy in force today?",
        "Ada Example; or nobody yet",
        _adopted_by,
        lambda found: "nobody",
        is_required=False,
        absent="",
    ),
)
KEYS = tuple(question.key for question in QUESTIONS)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it was given, and where."""

    value: Plain
    where: str


def read_answers(
    given: Mapping[str, Said], library: Library, asker: Asker | None = None
) -> Answers:
    """The answers of an organisation, asked for where somebody is there to answer; else all
    that is missing or wrong, at once."""
    found: Found = {}
    missing: list[Question] = []
    faults: list[str] = []
    for question in QUESTIONS:
        said = given.get(question.key)
        if not question.applies(found) and not (said and question.key in ("id", "inherits")):
            continue
        if said is None and asker is None:
            if question.is_required:
                missing.append(question)
            else:
                found[question.key] = question.absent
            continue
        try:
            found[question.key] = _answered(question, said, found, library, asker)
        except RequestError as error:
            assert said is not None
            problem = _without_content(error.problem, listed(said.value))
            faults.append(f"{said.where}: {problem} {error.remedy}".strip())
    if missing or faults:
        _refuse(missing, faults)
    return _answers(found)


def _without_content(text: str, parts: Sequence[str]) -> str:
    """A text that quotes one of these parts, but not where it may be a sentence's beginning."""
    if any(map(may_be_content, parts)):
        whole = quote(", ".join(parts))
        for part in dict.fromkeys(map(quote, parts)):
            text = text.replace(part, whole)
    return text


def _answered(
    question: Question, said: Said | None, found: Found, library: Library, asker: Asker | None
) -> Any:
    value = said.value if said else None
    while True:
        if value is None and asker is not None:
            value = asker.ask(question, found, library)
            if value in ("", None) and not question.is_required:
                return question.absent
        try:
            return question.read(value, library, found)
        except RequestError as error:
            if asker is None:
                raise
            instead = asker.again(error)
            if isinstance(error, Choose) and instead is not None:
                value = [
                    instead if part == error.word else part
                    for part in listed(value)
                    if instead or part != error.word
                ] or NONE
            else:
                value = None


def _refuse(missing: Sequence[Question], faults: Sequence[str]) -> None:
    lines = [*faults]
    if missing:
        lines.append("These answers are missing:")
        lines += [f'  {q.flag} "{q.example}"    {q.ask}' for q in missing]
    raise RequestError(
        "\n".join(lines),
        remedy="\nNothing was written. Give them as flags or in a file (--answers), or run "
        "`caio-mcp init` in a terminal, which asks.",
    )


def _answers(found: Found) -> Answers:
    works_council = found.get("works_council") or ""
    if not works_council and _is_in("germany")(found):
        works_council = "no_council"  # too few people to elect one
    return Answers(
        name=found["name"],
        id=found.get("id") or slug(found["name"]),
        country=found["country"],
        jurisdictions=jurisdictions_of(found),
        sectors=found["sectors"],
        tools=found["tools"],
        inherits=found.get("inherits") or usual_packs(found),
        settled=_settled(found),
        people=found["people"],
        works_council=works_council,
        levels=found["levels"],
        contacts=found["contacts"],
        training=found["training"],
        adopted_by=found["adopted_by"],
    )


def _settled(found: Found) -> dict[str, dict[str, str]]:
    settled: dict[str, dict[str, str]] = {}
    for key, (fact, _, _) in CONTRACTS.items():
        for tool, value in found.get(key, {}).items():
            settled.setdefault(tool, {})[fact] = value
    return settled
