"""Markings of a document: confidential, privileged, classified. Where a word stands tells whether
it marks the document or is only said: the same words are common in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from .finding import Confidence, Hit

EDGE = 4  # lines at the head and the foot of a text in which a header or a footer stands
LONGEST = 110  # letters of a line that can be a header
SHARE = 0.6  # of the letters of a line that are the marking, where the line is one

# What marks a document where it stands like a marking. The first type with the phrase has it.
_PHRASES = {
    "CLASSIFIED": r"top secret|nato (?:secret|restricted|confidential|cosmic top secret)|cosmic top secret|controlled unclassified information|official[ \-]sensitive|eu restricted|restreint ue(?:/eu restricted)?|vs[ \-]{1,3}nfd|vs[ \-–]{1,3}nur für den dienstgebrauch|nur für den dienstgebrauch|streng geheim|geheim|diffusion restreinte|secret défense|très secret|secreto|reservado|segretissimo|riservatissimo|segreto|departementaal vertrouwelijk|stg\.? (?:geheim|confidentieel)|zeer geheim|ultrassecreto|ściśle tajne|tajne|zastrzeżone|secret|classified",
    "PRIVILEGED": r"(?:attorney|lawyer|solicitor)[ \-/]client (?:privileged?|communication|confidential)(?: (?:communication|information|material|document))?|(?:attorney|lawyer)(?:'s)? work[ \-]product|privileged (?:and|&) confidential|confidential (?:and|&) privileged|legally privileged|(?:subject to )?legal (?:professional )?privilege|(?:vertrauliche )?anwaltskorrespondenz|anwaltsgeheimnis|anwaltsprivileg|anwaltliche verschwiegenheit|mandatsgeheimnis|secret professionnel(?: de l'avocat)?|correspondance d'avocat|confidentiel avocat|secreto profesional|comunicación abogado[ \-]cliente|privilegio abogado[ \-]cliente|segreto professionale|corrispondenza riservata avvocato|verschoningsrecht|advocatencorrespondentie|sigilo profissional|privilégio advogado[ \-]cliente|tajemnica (?:adwokacka|radcowska)|privileged",
    "MNPI": r"material,? non[ \-]?public information|mnpi|(?:contains )?(?:inside|insider) information|(?:unpublished )?price[ \-]sensitive information|embargoed until [^\n]{3,20}|under embargo until [^\n]{3,20}|insiderinformation(?:en)?|information privilégiée|información privilegiada|informazion[ei] privilegiat[ae]|voorwetenschap|informação privilegiada|informacj[ae] poufn[ae]",
    "EXPORT_CONTROL": r"itar[ \-](?:controlled|restricted)(?: technical data)?|export[ \-]controlled(?: (?:information|technical data|technology))?|(?:contains )?technical data (?:subject to|controlled by) (?:the )?(?:itar|ear)|subject to (?:the )?(?:itar|ear|export administration regulations|international traffic in arms regulations)|no foreign (?:nationals|persons)|u\.?s\.? persons only|ear99|noforn|exportkontrolliert|ausfuhrgenehmigungspflichtig|soumis au contrôle des exportations|sujeto a control de exportación|soggetto a controllo delle esportazioni|onderworpen aan exportcontrole|sujeito a controlo de exportação|podlega kontroli eksportu",
    "NDA": r"(?:disclosed |provided |shared |covered |shown )?(?:under|by|subject to) (?:an? |the |our |your )?(?:nda|non[ \-]disclosure agreement)|nda (?:required|material|only)|non[ \-]disclosure agreement|confidentiality agreement|geheimhaltungsvereinbarung|verschwiegenheitsvereinbarung|accord de (?:confidentialité|non[ \-]divulgation)|acuerdo de confidencialidad|accordo di riservatezza|geheimhoudingsovereenkomst|acordo de confidencialidade|umowa o (?:zachowaniu )?poufności",
    "INTERNAL_ONLY": r"(?:for )?(?:company )?internal use(?: only)?|internal(?: [\-–])? (?:only|confidential)|company internal|(?:strictly )?internal|not for (?:external |public )?(?:distribution|release|circulation)|do not (?:distribute|forward|circulate|share externally)|employees only|(?:nur )?(?:für|zum|zur) (?:den )?interne[nr]? (?:gebrauch|verwendung)|nur (?:für den )?intern(?:en gebrauch)?|firmenintern|intern|nicht zur weitergabe|(?:à )?(?:usage|diffusion) (?:strictement )?interne(?: uniquement)?|ne pas diffuser|(?:solo )?(?:para )?uso interno(?: exclusivamente)?|no distribuir|(?:ad |per |solo per |esclusivamente per )?uso interno|non divulgare|(?:alleen |uitsluitend )?voor intern gebruik|niet verspreiden|(?:apenas |somente )?para uso interno|não distribuir|(?:tylko )?do użytku wewnętrznego|nie rozpowszechniać",
    "CONFIDENTIAL": r"(?:strictly |highly |most |company |client |business |commercially )?(?:private (?:and|&) )?(?:proprietary (?:and|&) )?confidential(?: information)?(?: (?:and|&) proprietary| [\-–] do not (?:distribute|copy|forward)| until released)?|commercial(?:ly)?[ \-]in[ \-]confidence|in confidence|proprietary information|trade secrets?|restricted|(?:streng |strikt |hoch)?vertraulich|geschäftsgeheimnis|betriebsgeheimnis|(?:strictement |hautement )?confidentiel(?:le)?|secret des affaires|(?:estrictamente |altamente )?confidencial|secreto comercial|(?:strettamente |altamente )?(?:riservato|confidenziale|riservata)|segreto aziendale|(?:strikt |streng )?vertrouwelijk|bedrijfsvertrouwelijk|bedrijfsgeheim|(?:estritamente )?confidencial|segredo (?:comercial|de negócio)|(?:ściśle )?poufne|tajemnica przedsiębiorstwa",
}
_FIND = "(?i)" + "|".join(_PHRASES.values())

# What is a marking wherever it stands.
_ALWAYS: tuple[tuple[str, str, Confidence], ...] = (
    ("TLP", r"\bTLP: ?(?:RED|AMBER(?:\+STRICT)?)\b", "high"),
    ("CLASSIFIED", r"\b(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|CUI)(?://(?:[A-Z][A-Z0-9\-]{1,15}(?: [A-Z]{2,10})?))+", "high"),
    ("CLASSIFIED", r"(?m)^[ \t]*\((?:TS|S|C|CUI)//[A-Z/\-, ]{2,30}\)", "high"),
    ("CLASSIFIED", r"(?m)^[ \t]*(?:CLASSIFIED BY|DERIVED FROM|DECLASSIFY ON): ?\S", "medium"),
    ("CLASSIFIED", r"\bVS[ \-–]{1,3}NfD\b", "medium"),
    ("EXPORT_CONTROL", r"\bECCN(?: (?:number|no\.?|code))?[ :=]{1,3}[0-9][A-E]\d{3}(?:\.[a-z](?:\.\d{1,2})?)?", "medium"),
    ("EXPORT_CONTROL", r"(?i)\b(?:this|these|the attached) (?:document|drawing|file|e-?mail|data|information|technical data|material)s? (?:is|are|contains?|may contain)[^.\n]{0,60}\b(?:itar|export[ \-]controlled|export administration regulations|international traffic in arms)\b", "medium"),
    ("NDA", r"(?i)\b(?:provided|disclosed|shared|shown|sent|received|covered) (?:(?:to|with) (?:you|us) )?(?:under|by) (?:an? |the |our |your )?(?:nda|non[ \-]disclosure agreement)\b", "medium"),
    ("PRIVILEGED", r"(?i)\b(?:this|these|the attached) (?:document|e-?mail|message|memo|memorandum|letter|communication|report|file)s?(?: and any attachments?)?[^.\n]{0,40}\b(?:is|are|contains?|may contain)[^.\n]{0,60}\b(?:attorney|legally|legal)[ \-](?:client[ \-])?privilege", "medium"),
    ("CONFIDENTIAL", r"(?i)\b(?:this|the attached) (?:document|e-?mail|message|memo|memorandum|letter|report|presentation|file|deck|spreadsheet)(?: and (?:any|its) attachments?)? (?:is|are|contains?) (?:\w+ ){0,3}(?:confidential|proprietary)\b", "medium"),
    ("CONFIDENTIAL", r"(?i)\b(?:diese[rs]?|das|die) (?:dokument|e-?mail|nachricht|unterlagen?|schreiben|bericht|präsentation) (?:ist|sind|enthält) (?:\w+ ){0,3}vertraulich", "medium"),
    ("CONFIDENTIAL", r"(?i)\b(?:ce|cet|cette) (?:document|message|e-?mail|courriel|note|présentation) (?:est|contient) (?:\w+ ){0,3}confidentiel", "medium"),
    ("CONFIDENTIAL", r"(?i)\beste (?:documento|mensaje|correo|informe|e-?mail|relatório) (?:es|contiene|é|contém) (?:\w+ ){0,3}confidencial", "medium"),
    ("MNPI", r"(?i)\b(?:this|the attached) (?:document|e-?mail|message|memo|report|presentation|file|deck) (?:is|contains|may contain|constitutes) (?:\w+ ){0,3}(?:inside information|material non[ \-]?public information|mnpi)\b", "medium"),
)  # fmt: skip

_GATE = "|".join(f"(?:{pattern})" for _, pattern, _ in _ALWAYS)

_LABEL = r"(?i)(?:classification|class|sensitivity|confidentiality|data class|handling|distribution|protection(?: level| class)?|security level|status|marking|einstufung|klassifizierung|klassifikation|vertraulichkeit|schutzklasse|schutzstufe|classificação|clasificación|classificazione|confidentialité|riservatezza|classificatie|rubricering|vertrouwelijkheid|klauzula|klasyfikacja)[ \t]*[:=\-–][ \t]*[\"'*]*$"
_DECORATION = " \t\r*-–—=_~<>[](){}|/\\!•·.:"
_PAGE = re.compile(
    r"(?:\bpage|\bseite|\bpágina|\bpagina|\bstrona)?\s*\d+(?:\s*(?:/|of|von|de|sur|di|van|z)\s*\d+)?|©|\(c\)|\b(?:19|20)\d\d\b|\bcopyright\b",
    re.I,
)
_MAY_BE_PAGE = re.compile(r"[\d©]|\(c\)|copyright", re.I)  # far quicker, and mostly no
# Levels that are listed one below the other are explained and mark nothing.
_LEVEL = re.compile(
    r"^\W*(?:public|internal|restricted|confidential|secret|top secret|unclassified|private|öffentlich|intern|vertraulich|geheim|streng vertraulich|confidentiel|interne|publi[ck]?|público|interno|confidencial|pubblico|riservato|openbaar|vertrouwelijk|publiczne|poufne|tajne)\b",
    re.I,
)
# Words that are common on lines of their own, as headings and values of forms are.
_PLAIN_WORDS = frozenset(
    [
        "intern",
        "internal",
        "secret",
        "secreto",
        "segreto",
        "geheim",
        "classified",
        "privileged",
        "restricted",
        "reservado",
        "riservato",
        "riservata",
        "tajne",
        "confidential",
        "trade",
        "secret",
    ]
)


def find_markings(text: bytes) -> Iterator[Hit]:
    """The markings of a text."""
    taken: list[tuple[int, int]] = []
    if _regex(_GATE).search(text):
        for kind, pattern, confidence in _ALWAYS:
            for match in _regex(pattern).finditer(text):
                start, end = match.span()
                taken.append((start, end))
                yield _hit(kind, text, start, end, confidence)
    taken.sort(reverse=True)
    edges = _edges(text)
    for match in _regex(_FIND).finditer(text):
        start, end = match.span()
        while taken and taken[-1][1] <= start:
            taken.pop()
        if _is_in_word(text, start, end) or (taken and taken[-1][0] < end):
            continue
        phrase = match.group().decode("utf-8", "replace")
        confidence = _Place(text, start, end, phrase, edges).confidence()
        if confidence != "low" or phrase.lower() not in _PLAIN_WORDS:
            yield _hit(_kind(phrase), text, start, end, confidence)


def _edges(text: bytes) -> tuple[int, int]:
    """Where the last of the first lines begins, and where the first of the last lines ends."""
    head, tail = 0, len(text)
    for _ in range(EDGE - 1):
        head = text.find(b"\n", head) + 1 or len(text)
    for _ in range(EDGE):
        tail = max(0, text.rfind(b"\n", 0, tail))
    return head, tail


class _Place:
    """Where a phrase stands."""

    def __init__(
        self, text: bytes, start: int, end: int, phrase: str, edges: tuple[int, int]
    ) -> None:
        self._edges = edges
        first = text.rfind(b"\n", 0, start) + 1
        last = text.find(b"\n", end)
        self._phrase = phrase
        self._before = text[max(first, start - 200) : start].decode("utf-8", "replace")
        self._after = text[end : last if last >= 0 else len(text)][:200].decode("utf-8", "replace")
        self._text, self._first, self._last = text, first, last if last >= 0 else len(text)

    def confidence(self) -> Confidence:
        """How surely it marks the document."""
        if _regex(_LABEL).search(self._before.encode()) and not self._after.strip(
            _DECORATION + "\"'"
        ):
            return "medium"
        loud = self._phrase.isupper()
        if self._is_own_line():
            if self._is_listed() or self._is_quoted():
                return "low"
            if loud:
                return "high"
            return (
                "low"
                if self._phrase.lower() in _PLAIN_WORDS and not self._is_at_edge()
                else "medium"
            )
        is_short = len(self._before) + len(self._phrase) + len(self._after) <= LONGEST
        is_header = is_short and loud and self._is_at_edge() and not self._is_quoted()
        return "medium" if is_header else "low"

    def _is_own_line(self) -> bool:
        rest = f"{self._before} {self._after}"
        if _MAY_BE_PAGE.search(rest):
            rest = _PAGE.sub(" ", self._before) + " " + _PAGE.sub(" ", self._after)
        if rest.strip(_DECORATION + "\"'#").startswith(
            ("=", ",")
        ) or self._before.lstrip().startswith("#"):
            return not rest.strip(_DECORATION + "#") and self._phrase.isupper()
        others = sum(map(str.isalpha, rest))
        letters = sum(map(str.isalpha, self._phrase))
        return letters >= SHARE * (letters + others)

    def _is_quoted(self) -> bool:
        head, tail = self._before.rstrip()[-1:], self._after.lstrip()[:1]
        return tail in (",", ";", "=", '"', "'", "`", "?") or head in (
            '"',
            "'",
            "`",
            "=",
            ",",
            "“",
            "„",
        )

    def _is_listed(self) -> bool:
        """Whether other levels stand on the lines beside."""
        above = self._text[max(0, self._first - 120) : max(0, self._first - 1)].rpartition(b"\n")[2]
        below = self._text[self._last + 1 : self._last + 120].partition(b"\n")[0]
        own = self._phrase.lower()
        for line in (above, below):
            other = line.decode("utf-8", "ignore").strip(_DECORATION)
            if _LEVEL.search(other) and len(other) < 60 and not other.lower().startswith(own):
                return True
        return False

    def _is_at_edge(self) -> bool:
        return self._first <= self._edges[0] or self._last >= self._edges[1]


@cache
def _regex(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.longest_match = pattern == _FIND
    return re2.compile(pattern, options)


def _kind(phrase: str) -> str:
    content = phrase.encode()
    return next(
        (k for k, p in _PHRASES.items() if _regex(f"(?i)(?:{p})").fullmatch(content)),
        "CONFIDENTIAL",
    )


def _hit(kind: str, text: bytes, start: int, end: int, confidence: Confidence) -> Hit:
    value = text[start:end].decode("utf-8", "replace")
    name = "CONFIDENTIAL_MARKING" if kind == "CONFIDENTIAL" else kind
    return Hit(name, start, end, confidence, value=value)


def _is_in_word(text: bytes, start: int, end: int) -> bool:
    head = text[max(0, start - 3) : start].decode("utf-8", "ignore")[-1:]
    tail = text[end : end + 3].decode("utf-8", "ignore")[:1]
    return head.isalnum() or head in ("_", ".") or tail.isalnum() or tail in ("_", "(")
