"""Names of people: a first name that is known, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from .context import plain
from .finding import Confidence, Hit
from .lexicon import Lexicon


def _words(words: str, between: str = "") -> frozenset[str]:
    """Words as keys."""
    return frozenset(plain(word.strip()) for word in words.split(between or None))


PERSON = "PERSON"
BEFORE, AFTER = 60, 40  # bytes that tell whether a lone first name is meant as one
COLUMN_SHARE = 0.3  # of the values of a column called `name` have a known first name
WORDS_MAX = 10  # of one name; a run of capitals has no end
LONGEST = 60  # letters of a value that can be a name

# A name, with what belongs to it: O'Brien, Jean-Pierre, J., Dr.
# Letters, and large ones, of the scripts that names are looked for in; \\p would take RE2 long.
_L = r"A-Za-z\x{C0}-\x{24F}\x{370}-\x{5FF}\x{1E00}-\x{1EFF}"
_LU = r"A-Z\x{C0}-\x{DE}\x{100}-\x{24F}\x{386}-\x{3AB}\x{400}-\x{42F}"
_NAME = rf"[{_LU}][{_L}]*(?:['’\-][{_L}]+)*"
_DOTTED = rf"(?:[{_LU}]|Dr|Dra|Mr|Mrs|Ms|Prof|Hr|Fr|Mme|Mlle|Sr|Sra|Srta|Dott|Sig|Ing|St|Jr|Mag|Dipl|Rev|Hon|Capt|Lt|Sgt)\."
_TOKEN = rf"(?:{_DOTTED}|{_NAME})"
_PARTICLES = (
    "van von der den de del della di da do dos das du la le ter ten zu zum bin ibn bint al el av af"
)
_LINK = rf"[ \x{{A0}}](?:(?:{'|'.join(_PARTICLES.split())})[ \x{{A0}}])*"
# Names in a row, as bytes: `re` is quicker than RE2 where there are so many of them, and takes
# linear time here, since every piece begins with a space and a letter of its own.
_BIG = rb"(?:[A-Z]|\xc3[\x80-\x9e]|[\xc4\xc5\xce\xd0][\x80-\xbf])"
_LETTER = rb"(?:[A-Za-z]|[\xc3-\xc9\xcc-\xd4][\x80-\xbf]|\xe1[\xb8-\xbb][\x80-\xbf])"
_WORD = rb"%b(?:(?:['\-]|\xe2\x80\x99)?%b)*" % (_BIG, _LETTER)
_PIECE = (
    rb"%b(?:(?<=\b[A-Z])\.|(?<=\b[DMSFH]r)\.|(?<=\bMrs)\.|(?<=\bMs)\.|(?<=\bDra)\.|(?<=\bProf)\.|(?<=\bM[ml]e)\.|(?<=\bSt)\.|(?<=\bJr)\.|(?<=\bDott)\.|(?<=\bSig)\.|(?<=\bIng)\.|(?<=\bSra)\.|(?<=\bRev)\.)?"
    % _WORD
)
_RUN = re.compile(
    rb"(?<![A-Za-z0-9_.@/\\#$%%&=<])%b(?:(?: |\xc2\xa0)(?:(?:%b) )*%b)*"
    % (_PIECE, "|".join(_PARTICLES.split()).encode(), _PIECE)
)

_SMALL = re.compile(rb"(?:[a-z]|[\xc3-\xc9\xcc-\xd4][\x80-\xbf])+")

_PARTICLE = frozenset(_PARTICLES.split())
_TITLES = _words(
    """
    mr mrs ms dr dra prof professor herr frau hr mme mlle madame monsieur mademoiselle sra srta
    señor senor senora señora dott dottore dottoressa signor signora sig pani dhr mevr meneer
    mevrouw doktor professeur docteur doctora
    """
)
# Titles that are also something else: they speak only for a name that is known.
_WEAK_TITLES = _words(
    """
    m fr sr sir lord lady miss madam pan don doña dona ing mag rev father sister brother captain
    capt lt sgt sergeant judge senator president chancellor minister king queen prince princess
    pope uncle aunt hon
    """
)
_DEGREES = _words("jr sr ii iii iv phd md esq")

# With one of these at its end a run is a place, a company or a thing.
_ENDS = _words(
    """
    street st road rd avenue ave lane ln drive dr boulevard blvd court ct square place plaza
    park hill hills heights university college school academy hospital clinic church cathedral
    chapel institute foundation trust inc ltd llc plc gmbh ag kg sa sas srl spa bv nv corp
    corporation company co group bank airport station river lake bay island islands county city
    town village valley beach mountain mountains mount creek falls forest desert canyon prize
    award awards cup medal stadium arena museum theatre theater library center centre bridge
    hotel inn house hall building tower castle palace law laws theorem algorithm machine act
    license licence project software systems technologies solutions services partners associates
    brothers bros sons method effect syndrome disease test scale index score cloud code data
    linux server framework engine press publishing publications records media news times post
    journal review magazine report committee commission council union party movement games
    airlines motors energy capital ventures holdings insurance pharmaceuticals labs laboratory
    laboratories studio studios strasse straße platz weg allee gasse universität universitat
    stiftung verein schule kirche bahnhof brücke see english german french spanish italian dutch
    portuguese polish russian chinese japanese american british european african asian monday
    tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december north south east west empire republic kingdom
    states government ministry department agency festival league club united team fc series show
    album band orchestra ensemble collection edition version release team pipeline api sdk ide
    cli os db sql app apps tool tools kit library libraries module package protocol standard
    format terrace trail cliffs cove coves creek extension extensions way parks ridge meadow
    meadows crossing points point ranch spring springs grove grounds orchard manor mill mills
    pass path pike circle loop row run shore shores summit trace vista wharf mews gardens gate
    green close walk villas orchestra choir ensemble tree graph matrix distribution process
    equation transform filter curve number numbers sequence constant function set sets encoding
    cipher hash exchange attack inequality lemma conjecture paradox dictionary calendar bible
    gospel testament
    """
)
# And with one of these at its beginning, or right before it.
_STARTS = _words(
    """
    rue via calle plaza avenida rua ulica ul piazza place boulevard quai corso viale paseo mount
    lake fort port san santa sao saint st sankt the la le el al hotel hms uss microsoft google
    amazon apache python java windows visual open new north south east west great big little old
    upper lower royal national international american british
    """
)
_STARTS_OF_PLACES = _words(
    """
    rue via calle plaza avenida rua rúa ulica piazza boulevard corso viale paseo lake mount
    hotel
    """
)
_KNOWN_OTHERS = _words(
    """morgan stanley|wells fargo|merrill lynch|ralph lauren|calvin klein|hugo boss|louis vuitton|jack daniels|johnnie walker
    |mercedes benz|alfa romeo|aston martin|harley davidson|charles schwab|arthur andersen|tommy hilfiger|yves rocher|georgia tech
    |sierra leone|saudi arabia|sri lanka|monte carlo|tel aviv|ann arbor|palo alto|ho chi|da vinci|virginia tech|abu dhabi
    |visual basic|ada lovelace award|allen bradley|johns hopkins|dow jones|moody blues|aurora borealis|eli lilly|max planck|marie curie
    |homo sapiens|santa claus|john doe|jane doe|max mustermann|erika mustermann|mary sue|jan kowalski""",
    "|",
)
# Words that begin a sentence or a heading and are no part of a name.
_BREAKERS = _words(
    """
    the a an and or but if in on at to for from by with of as is are was were be been has have
    had do does did not no yes this that these those it its he she we you they i my your his her
    our their who what when where why how which while all any some each every both few more most
    other such only own same so than too very can will just should now may after before since
    until because although though however also then there here let see note please new old one
    two hi hello hey dear thanks thank regards sincerely best cheers yours ask tell call email
    contact meet said according der die das den dem des ein eine und oder aber wenn ist sind war
    im am zum zur bei mit von für auf aus nach wir sie er ich ihr hallo liebe lieber sehr
    geehrte geehrter guten le la les un une des et ou mais si est sont dans sur pour par avec il
    elle nous vous ils bonjour cher chère el los las una y o pero es son en con por para hola
    estimado estimada querido querida lo gli uno e ma se con per ciao gentile caro cara het een
    en of maar als zijn beste geachte om os uma mas com por olá prezado prezada i w z na do nie
    jest cześć drogi droga szanowny szanowna mon tue wed thu fri sat sun jan feb mar apr jun jul
    aug sep sept oct nov dec january february march april june july august september october
    november december apt suite unit block floor flat room monday tuesday wednesday thursday
    friday saturday sunday januar februar märz mai juni juli oktober dezember montag dienstag
    mittwoch donnerstag freitag samstag sonntag name names first last full patient customer
    client employee user contact address phone tel email subject date from sent cc bcc attn re
    fwd author authors copyright
    """
) - {"jan", "sue", "will", "mark", "may"}

_WHO = (
    # a greeting or a farewell
    r"(?i)(?:\b(?:hi|hello|hey|dear|thanks|thank you|thx|cheers|regards|sincerely|yours(?: truly)?|best(?: wishes)?|love|hallo|liebe[rs]?|guten (?:tag|morgen)|gr(?:ü|ue)(?:ß|ss)en?|bonjour|salut|ch(?:er|ère)|cordialement|hola|estimad[oa]|querid[oa]|saludos|ciao|gentile|car[oa]|saluti|beste|geachte|groet(?:en|jes)?|ol[áa]|prezad[oa]|atenciosamente|cze[śs][ćc]|drog[ia]|pozdrawiam)[,!.]?\s+"
    # what somebody is called
    r"|\b(?:name is|name's|named|called|i am|i'm|i’m|this is|je m'appelle|je suis|ich bin|ich hei(?:ß|ss)e|name ist|me llamo|nombre es|mi chiamo|ik ben|naam is|ik heet|nome é|chamo-me|nazywam się|mam na imię|mit freundlichen grüßen|s'appelle|heißt|se llama|si chiama)\s+"
    # who somebody is to somebody
    r"|\b(?:wife|husband|son|daughter|mother|father|mom|mum|dad|sister|brother|partner|boss|colleague|coworker|co-worker|friend|kid|child|uncle|aunt|grandmother|grandfather|nephew|niece|girlfriend|boyfriend|manager|assistant|patient|employee|intern|tenant|applicant|candidate|kollegen?|kollegin|tochter|sohn|mutter|vater|bruder|schwester|chefin|patientin|patienten|mitarbeiterin|mitarbeiter|collègue|fils|fille|femme|mari|hij[oa]|espos[oa]|marido|figli[oa]|moglie|marito|collega|dochter|zoon|filh[oa]|paciente|paziente|syn|córka|żona|mąż|pacjent(?:ka)?),?\s+"
    # what was said, given or asked, and to whom
    r"|\b(?:says?|said|asked?|asks|told|tells?|replied|met|meet|emailed|wrote to|spoke (?:to|with)|talked (?:to|with)|talk to|speak (?:to|with)|invited|hired|fired|married|named (?:him|her)|thank|remind|remember me|follow up with|reach out to|signed(?: by)?|sagte|fragte|demande à|dijo|disse|zei),?\s+"
    # a label
    r"|\b(?:(?:first|last|full|given|maiden|middle)?[ _]?name|surname|contact|attn|from|to|cc|bcc|patient|client|customer|employee|kunde|mitarbeiter|ansprechpartner|vorname|nachname|nom|prénom|nombre|apellidos?|nome|cognome|naam|voornaam|achternaam|imię|nazwisko)\s?[:=]\s*[\"']?"
    r")$"
)
_CALLED = r"my name is|my name's|i am called|ich heiße|ich heisse|mein name ist|je m'appelle|me llamo|mi nombre es|mi chiamo|mijn naam is|ik heet|meu nome é|chamo-me|nazywam się"
_INTRODUCED = rf"(?i)\b(?:{_CALLED})\s+$"
_SELF = rf"\b(?i:{_CALLED}) +({_NAME}(?:{_LINK}{_TOKEN})*)"
# Endings that are of surnames.
_SURNAME = re.compile(
    r"(?:sk[aiy]|czyk|czak|wicz|ovi[ch]|evi[ch]|[eo]v[a]|sson|sdottir|sen|idis|poulos|yan|shvili|enko|escu|mann|inen|stein|berger|marek)$"
)
_DOES = (
    r"(?i)^(?:,? (?:said|says|asked|asks|told|tells|replied|wrote|writes|called|emailed|lives|lived|works|worked|was born|is my|has been|had (?:given|been|to|his|her)|shouted|spent|moved|is (?:from|very|so|not|currently|also|out|away|on)|will be (?:talking|speaking|out|away)|"
    r"will be joining|has told|listed|invited|thinks|thought|knows|wants|needs|likes|loves|agreed|joined|resigned|suffers|was diagnosed|and i|sagte|sagt|schrieb|wohnt|arbeitet|"
    r"hat (?:mir|uns|gesagt)|a dit|habite|travaille|dijo|vive|trabaja|ha detto|lavora|abita|zei|woont|werkt|disse|mora|trabalha|powiedział|mieszka|pracuje)\b"
    r"|['’]s (?:wife|husband|son|daughter|mother|father|mom|dad|sister|brother|partner|boss|email|phone|address|salary|manager|birthday|file|account)\b"
    r"|: ?[\"“„«]"
    r"|,\s*\n?\s*(?:i|i'm|can|could|would|thank you|thanks|can you|could you|please|we|ich|wir|je|nous)\b)"
)
_JOINED = re.compile(rb"^(?:, (?:and )?|,? (?:and|und|et|y|e|en|i|or|oder|ou|o) )$")

_LABELS = (
    r"(?i)\b(?:(?P<sure>(?:first|last|full|given|family|maiden|middle|patient|customer|client|employee|contact|applicant|tenant|card ?holder|account ?holder|beneficiary|guardian|legal|student|user)[ _-]?name|surname|vorname|nachname|familienname|prénom|nom de famille|apellidos?|cognome|voornaam|achternaam|sobrenome|imię i nazwisko|imię|nazwisko|name (?:of|des|der|du|del) \w+)"
    r"|name|patient(?:in)?|customer|client|employee|kunde|kundin|mitarbeiter(?:in)?|ansprechpartner(?:in)?|nom|nombre|nome|naam|cliente|paciente|paziente|contacto?|klient|pacjent(?:ka)?|attn|attention|signed by|doctor|physician)"
    rf"[\"']?[ \t]*[:=?][ \t]*[\"']?([{_L}][{_L}'’.\-]*(?:,? [{_L}][{_L}'’.\-]*)*)"
)
_TURNED = (
    rf"(?m)^[ \t\"']*({_NAME}(?:[ \-]{_NAME})?, [{_LU}][{_L}\-]+(?: [{_LU}]\.?)?)[\"']?[ \t\r]*$"
)

_NAME_FIELD = re.compile(
    r"\b(?:name|names|first ?name|last ?name|full ?name|surname|given ?name|family ?name|maiden ?name|vorname|nachname|familienname|namen?|nom|prenom|nombres?|apellidos?|nome|cognome|naam|voornaam|achternaam|sobrenome|imie|nazwisko|contact|customer|employee|patient|manager|owner|author|kunde|mitarbeiter|client|cliente)\b"
)
_SURE_FIELD = re.compile(
    r"\b(?:first ?name|last ?name|full ?name|surname|given ?name|family ?name|maiden ?name|vorname|nachname|familienname|prenom|apellidos?|cognome|voornaam|achternaam|sobrenome|imie|nazwisko)\b"
)
_NO_FIELD = re.compile(
    r"\b(?:file|host|user|domain|company|product|event|display|class|table|column|field|package|server|bucket|city|street|project|team|brand|country|state|path|key|type|id)\b"
)


def find_names(text: bytes, lexicon: Lexicon, field: str = "") -> Iterator[Hit]:
    """The names of people in a text. `field` is the name of the column or key it stands at."""
    if not lexicon.first_names:
        return
    found = _Found(text, lexicon)
    if field and found.is_names(field):
        yield from found.in_column()
        return
    yield from found.hits()


@cache
def _regex(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """A word as the lexicon has it."""
    word = word.removesuffix("'s").removesuffix("’s").strip(".'’-")
    if word[1:2] == "'" and word[0] == "I":
        return "i"
    if word.isascii():
        return word.lower()
    return plain(word.lower())


@dataclass(slots=True)
class _Lone:
    """A first name that stands alone."""

    start: int
    end: int
    key: str
    is_doubtful: bool
    is_meant: bool = False


class _Found:
    """What is known of the names of one text."""

    def __init__(self, text: bytes, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.lone: list[_Lone] = []
        self.parts: set[str] = set()  # of the names that are sure

    # -- sentences -------------------------------------------------------------------------

    def hits(self) -> Iterator[Hit]:
        """Every name."""
        yield from self._labelled()
        for match in _regex(_SELF).finditer(self.text):
            value = match.group(1).decode("utf-8", "replace")
            if _key(value.split()[0]) not in self.lexicon.ordinary_words | _BREAKERS:
                yield self._hit(match.start(1), match.end(1), "medium")
        if b", " in self.text:
            yield from self._turned()
        for run in _RUN.finditer(self.text):
            start, end = run.span()
            if end - start > 2 and not self._is_inside(start, end):
                yield from self._in_run(start, run.group())
        yield from self._alone()
        if self.text.islower():
            yield from self._small()

    def _small(self) -> Iterator[Hit]:
        """Names in a text that has no capitals, as chats have none: both parts are known."""
        words = [(m.span(), _key(m.group().decode())) for m in _SMALL.finditer(self.text)]
        for number, ((start, end), key) in enumerate(words[:-1]):
            if key in self.lexicon.first_names:
                (_, after), last = words[number + 1]
                if len(last) == 1 and number + 2 < len(words):
                    (_, after), last = words[number + 2]
                is_near = len(self.text[end:after].split()) <= 2
                if is_near and b"\n" not in self.text[end:after] and last in self.lexicon.surnames:
                    yield self._hit(start, after, "medium")

    def _is_inside(self, start: int, end: int) -> bool:
        """Whether it is a part of a longer word, of code or of an address."""
        text = self.text
        if start:
            byte = text[start - 1]
            if (
                byte >= 0x80
                and text[max(0, start - 3) : start].decode("utf-8", "ignore")[-1:].isalpha()
            ):
                return True
            if byte == 0x2D and text[start - 2 : start - 1] not in (b"-", b" ", b"\n", b""):
                return True
        return text[end : end + 1] in _CODE_AFTER

    def _in_run(self, start: int, run: bytes) -> Iterator[Hit]:
        words = run.decode("utf-8", "replace").replace("\xa0", " ").split(" ")
        if len(words) == 1:
            key = _key(words[0])
            if key in self.lexicon.first_names or key in self.lexicon.doubtful_names:
                self._note(start, start + len(run), words[0], key)
            return
        places, at = [], start
        for word in run.replace(b"\xc2\xa0", b"  ").split(b" "):
            if word:
                places.append((at, at + len(word)))
            at += len(word) + 1
        yield from self._in_words(words, [_key(word) for word in words], places)

    def _in_words(
        self, words: list[str], keys: list[str], places: list[tuple[int, int]]
    ) -> Iterator[Hit]:
        if keys[-1] in _ENDS or keys[0] in _STARTS_OF_PLACES or " ".join(keys[:2]) in _KNOWN_OTHERS:
            return
        at = 0
        while at < len(keys):
            confidence, last = self._name_at(words, keys, at, places)
            if confidence:
                first = at
                while keys[first] in _TITLES or (keys[first] in _WEAK_TITLES and first < last):
                    first += 1
                if confidence == "medium":
                    self.parts.update(k for k in keys[first : last + 1] if len(k) > 2)
                yield self._hit(places[first][0], places[last][1], confidence, words[last])
                at = last
            elif self._is_first(keys[at]) and keys[at] not in _BREAKERS:
                self._note(*places[at], words[at], keys[at])
            at += 1

    def _name_at(
        self, words: list[str], keys: list[str], at: int, places: list[tuple[int, int]]
    ) -> tuple[Confidence | str, int]:
        """How sure a name begins with a word of a run, and the word it ends with."""
        key = keys[at]
        if key in _TITLES or key in _WEAK_TITLES:
            last = self._end(words, keys, at + 1)
            named = [k for k in keys[at + 1 : last + 1] if k not in _PARTICLE]
            if named and self._is_titled(key, named):
                return "medium", last
            return "", at
        if (
            key in _BREAKERS
            or (at and keys[at - 1] in _STARTS)
            or self._is_after_place(places[at][0])
        ):
            return "", at
        is_clear = key in self.lexicon.first_names
        last = self._end(words, keys, at + 1)
        if last <= at or key in _STARTS:
            return "", at
        if not is_clear and not self._is_doubtful(key):
            return self._strange(words, keys, at, last, places), last
        return self._confidence(words, keys, at, last, is_clear, places), last

    def _is_titled(self, title: str, named: list[str]) -> bool:
        if title in _TITLES:
            return named[0] not in _BREAKERS
        return named[0] in self.lexicon.first_names or named[-1] in self.lexicon.surnames

    def _confidence(
        self,
        words: list[str],
        keys: list[str],
        at: int,
        last: int,
        is_clear: bool,
        places: list[tuple[int, int]],
    ) -> Confidence | str:
        surname = keys[last - 1] if keys[last] in _DEGREES and last - at > 1 else keys[last]
        if words[at].isupper() and len(words[at]) > 1:
            return "low"  # headings and acronyms shout too
        if self._is_company(places[last][1]) or self._is_address(places[at][0], places[last][1]):
            return "low"
        if len(surname) < 2 or surname in self.lexicon.ordinary_words:
            return "low"
        if is_clear:
            return "medium"
        if surname in self.lexicon.doubtful_names:
            return "low"
        is_surname = surname in self.lexicon.surnames
        has_initial = last - at > 1 and len(keys[at + 1]) == 1
        if has_initial or (is_surname and not self._begins_sentence(places[at][0])):
            return "medium"
        return "medium" if is_surname and self._is_told(places[at][0], places[last][1]) else "low"

    def _strange(
        self, words: list[str], keys: list[str], at: int, last: int, places: list[tuple[int, int]]
    ) -> Confidence | str:
        """A name whose first name is not known: where the surname is, or it is introduced."""
        named = [k for k in keys[at : last + 1] if len(k) > 1]
        if (
            len(named) < 2
            or not self.lexicon.first_names.isdisjoint(named[1:])
            or not self.lexicon.ordinary_words.isdisjoint(named)
            or any(word.isupper() for word in words[at : last + 1] if len(word) > 2)
            or any(k in _ENDS or k in _STARTS for k in named)
            or self._is_company(places[last][1])
            or self._is_address(places[at][0], places[last][1])
        ):
            return ""
        start, end = places[at][0], places[last][1]
        if self._is_introduced(start):
            return "medium"
        if named[-1] not in self.lexicon.surnames and not _SURNAME.search(named[-1]):
            return ""
        return "medium" if self._is_told(start, end) or self._is_line(start, end) else "low"

    def _end(self, words: list[str], keys: list[str], at: int) -> int:
        """The last word of a name that goes on with a word of the run; before it, if it does not."""
        last = at - 1
        for number in range(at, min(len(keys), at + WORDS_MAX)):
            key, word = keys[number], words[number]
            if key in _PARTICLE and word.islower():
                continue
            is_initial = len(word.rstrip(".")) == 1 and word.isupper()
            is_end = key in _ENDS and number > last + 1
            if (key in _BREAKERS and not is_initial) or key in _TITLES or is_end:
                break
            last = number
            if word.endswith(("'s", "’s")):
                break
        return last

    def _note(self, start: int, end: int, word: str, key: str) -> None:
        if word.isupper() or len(key) < 3 or key in _BREAKERS:
            return
        end -= len(word.encode()) - len(_owner(word).encode())
        self.lone.append(_Lone(start, end, key, key not in self.lexicon.first_names))

    def _alone(self) -> Iterator[Hit]:
        """First names that stand alone: meant as names where a word beside them says so, or
        the whole name stands elsewhere, or several stand in a row."""
        for lone in self.lone:
            known = not lone.is_doubtful and lone.key in self.parts
            lone.is_meant = known or self._is_told(lone.start, lone.end) or self._speaks(lone)
        for one, other in zip(self.lone, self.lone[1:], strict=False):
            are_clear = not {one.key, other.key} <= self.lexicon.surnames
            if (
                are_clear
                and not (one.is_doubtful or other.is_doubtful)
                and _JOINED.match(self.text[one.end : other.start])
            ):
                one.is_meant = other.is_meant = True
        meant = {lone.key for lone in self.lone if lone.is_meant and not lone.is_doubtful}
        for lone in self.lone:
            is_meant = lone.is_meant or lone.key in meant
            if is_meant or not lone.is_doubtful:
                yield self._hit(lone.start, lone.end, "medium" if is_meant else "low")

    # -- what stands beside ----------------------------------------------------------------

    def _is_told(self, start: int, end: int) -> bool:
        before = self.text[max(0, start - BEFORE) : start]
        if before and _regex(_WHO).search(before):
            return True
        after = self.text[end : end + AFTER]
        return bool(after) and _regex(_DOES).search(after) is not None

    def _speaks(self, lone: _Lone) -> bool:
        """Whether it stands before what somebody says, as in a chat or a play."""
        is_first = not lone.start or self.text[lone.start - 1] == 0x0A
        return is_first and not lone.is_doubtful and self.text[lone.end : lone.end + 2] == b": "

    def _is_introduced(self, start: int) -> bool:
        before = self.text[max(0, start - BEFORE) : start]
        return bool(before) and _regex(_INTRODUCED).search(before) is not None

    def _is_line(self, start: int, end: int) -> bool:
        """Whether nothing else stands on the line."""
        head = self.text[max(0, start - 8) : start].rpartition(b"\n")[2]
        tail = self.text[end : end + 8].partition(b"\n")[0]
        return not head.strip(b" \t>*\r") and not tail.strip(b" \t,\r")

    def _begins_sentence(self, start: int) -> bool:
        before = self.text[max(0, start - 3) : start].rstrip(b" \"'(")
        return not before or before[-1:] in b".!?:\n*#-\t>|" or before.isspace()

    def _is_after_place(self, start: int) -> bool:
        """Whether the word before, in small letters, says that a place follows."""
        head = self.text[max(0, start - 14) : start]
        if not head.endswith(b" "):
            return False
        word = head.rstrip().rpartition(b" ")[2].decode("utf-8", "ignore").lower()
        return word.strip(".,") in _STARTS_OF_PLACES

    def _is_company(self, end: int) -> bool:
        tail = self.text[end : end + 12]
        return tail.startswith(
            (b" & ", b" &amp;", b", Inc", b", LLC", b", Ltd", b" GmbH", b"(", b"::")
        )

    def _is_address(self, start: int, end: int) -> bool:
        """Whether a house number stands before or after, or the floor."""
        head, tail = self.text[max(0, start - 8) : start], self.text[end : end + 10]
        return (
            re.search(rb"\d{1,5}[a-z]? $", head) is not None
            or re.match(rb" (?:u\. ?)?\d{1,4}[a-z]?(?:[.,;\n]|$| [^a-z])", tail) is not None
        )

    # -- labels and tables -----------------------------------------------------------------

    def _labelled(self) -> Iterator[Hit]:
        if b":" not in self.text and b"=" not in self.text:
            return
        for match in _regex(_LABELS).finditer(self.text):
            start = match.start(2)
            value = self._head(match.group(2).decode("utf-8", "replace")).rstrip(" .,-")
            if self._is_value(value, is_sure=match.group(1) is not None):
                yield self._hit(start, start + len(value.encode()), "medium")

    def _head(self, value: str) -> str:
        """What stands before the first small word that is no part of a name."""
        kept = []
        for word in value.split(" ", WORDS_MAX)[:WORDS_MAX]:
            key = _key(word.rstrip(","))
            is_other = key in self.lexicon.ordinary_words or key in _BREAKERS
            if word.islower() and is_other and key not in _PARTICLE:
                break
            kept.append(word)
        return " ".join(kept)

    def _turned(self) -> Iterator[Hit]:
        for match in _regex(_TURNED).finditer(self.text):
            start, end = match.span(1)
            last, _, first = match.group(1).decode("utf-8", "replace").partition(", ")
            key = _key(last.split()[-1])
            if _key(first.split()[0]) in self.lexicon.first_names and not (
                key in self.lexicon.ordinary_words or key in _ENDS
            ):
                yield self._hit(start, end, "medium")

    def _is_value(self, value: str, *, is_sure: bool) -> bool:
        """Whether the value of a label is a name; the label alone says it where it is sure."""
        keys = [_key(word) for word in value.replace(",", " ").split()]
        names = [k for k in keys if k not in _PARTICLE and k not in _TITLES]
        if not 0 < len(names) <= 5 or keys[-1] in _ENDS:
            return False
        if sum(k in self.lexicon.ordinary_words for k in names) * 2 > len(names):
            return False
        if any(k in self.lexicon.first_names for k in names):
            return len(names) > 1 or not value.islower() or is_sure
        is_known = any(self._is_doubtful(k) or k in self.lexicon.surnames for k in names)
        return (
            value[:1].isupper()
            and not value.isupper()
            and (is_sure or (is_known and len(names) > 1))
        )

    def is_names(self, field: str) -> bool:
        """Whether a column of this name, with such values, is one of names."""
        words = plain(field).replace("_", " ").replace("-", " ").replace(".", " ")
        if _SURE_FIELD.search(words):
            return True
        if not _NAME_FIELD.search(words) or _NO_FIELD.search(words):
            return False
        cells = [cell for cell in self.text.split(b"\n", 400)[:400] if cell.strip()]
        named = sum(self._has_first(cell) for cell in cells)
        return bool(cells) and named >= COLUMN_SHARE * len(cells)

    def in_column(self) -> Iterator[Hit]:
        """The values of a column of names."""
        at = 0
        for cell in self.text.split(b"\n"):
            value = cell.strip(b" \t\r\"'")
            if value and len(value) <= LONGEST and _is_namelike(value.decode("utf-8", "replace")):
                start = at + cell.index(value)
                yield self._hit(start, start + len(value), "medium")
            at += len(cell) + 1

    def _has_first(self, cell: bytes) -> bool:
        value = cell.decode("utf-8", "replace")
        return len(value) <= LONGEST and any(
            _key(word.strip(",;")) in self.lexicon.first_names for word in value.split()
        )

    # -- words -----------------------------------------------------------------------------

    def _is_first(self, key: str) -> bool:
        return key in self.lexicon.first_names or self._is_doubtful(key)

    def _is_doubtful(self, key: str) -> bool:
        return key in self.lexicon.doubtful_names or (
            "-" in key and key.partition("-")[0] in self.lexicon.first_names
        )

    def _hit(self, start: int, end: int, confidence: Confidence | str, last: str = "") -> Hit:
        end -= len(last.encode()) - len(_owner(last).encode())
        value = self.text[start:end].decode("utf-8", "replace")
        sure: Confidence = "medium" if confidence == "medium" else "low"
        return Hit(PERSON, start, end, sure, value=value)


_CODE_AFTER = frozenset(bytes([b]) for b in b"_(=[{@\\0123456789")


def _owner(word: str) -> str:
    """A word without the ending of a possessive."""
    return word.removesuffix("'s").removesuffix("’s")


def _is_namelike(value: str) -> bool:
    parts = value.replace(",", " ").split()
    return 0 < len(parts) <= 6 and all(
        p.strip(".'’-()")
        .replace("-", "")
        .replace("'", "")
        .replace("’", "")
        .replace(".", "")
        .isalpha()
        for p in parts
    )
