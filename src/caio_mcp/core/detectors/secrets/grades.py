"""Second looks at a find: what its form cannot tell, its name and its value may."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import log2

from ..finding import Confidence


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a rule matched. `keyword` is where its keyword stands."""

    text: bytes = field(repr=False)
    keyword: int
    start: int
    end: int
    type: str
    confidence: Confidence
    spans: tuple[tuple[int, int], ...] = field(default=(), repr=False)  # all groups

    @property
    def value(self) -> str:
        """What may be a credential."""
        return self.text[self.start : self.end].decode("utf-8", "replace")

    def before(self, size: int) -> str:
        """What stands before the keyword, on its line."""
        part = self.text[max(0, self.keyword - size) : self.keyword]
        return part.decode("utf-8", "replace").rsplit("\n", 1)[-1]

    @property
    def name(self) -> str:
        """The name that the value stands for, from before the keyword to what assigns."""
        head = _NAME_END.search(self.before(40))
        part = self.text[self.keyword : self.start].decode("utf-8", "replace")
        tail = _NAME_START.match(part)
        return (head.group() if head else "") + (tail.group() if tail else "")


Grade = Callable[[Found], Found | None]

_NAME_END = re.compile(r"[\w.\-]*$")
_NAME_START = re.compile(r"[\w.\- ]*")


def entropy(value: str) -> float:
    """Shannon's, in bits per character."""
    size = len(value)
    return -sum(n / size * log2(n / size) for n in Counter(value).values()) if size else 0.0


# --- what is no credential ---------------------------------------------------------------------

_PLACEHOLDER = re.compile(
    r"^\$?\{[^{}]*\}$|\$\{[\w.:\-]+\}|\$\([^)]|\{\{[^{}]*\}\}|<%|%>|^<[^<>]*>?$|^\[[^\]]*\]$|^%\w+%$|^%[sdr]$"
    r"|%\(\w+\)|#\{|^\$[A-Za-z_]\w*$|^@[\w.]+@$|^&\w+;?$|^\*+$|^[.\-_=*#x•]+$|^\.\.\.|\.\.\.$|x{4}|\*{3}"
    r"|^(?:true|false|null|none|nil|undefined|yes|no|on|off|string|str|int|bool|object|any|void)$"
    r"|example|placeholder|redacted|change.?me|replace|insert|dummy|(?:^|[^a-z])your|_here$|-here$|<[a-z]"
    r"|^(?:my|the|some|test|fake|foo|bar|old|new)?[_\-]?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_\-]?key|key|credentials?|user|login|admin|auth)?[_\-]?(?:value|string|text|name|field|key|token|secret|password|id|here|\d{0,1})?$"
    r"|^abc(?:def)?\w{0,3}$|^qwert|^asdf|^0+$|^(?:ctrl|alt|shift|cmd|meta)\+",
    re.I,
)
_CODE = re.compile(
    r"^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+\(?$"  # a dotted name
    r"|[\w)\]]\(|\)$|\[['\"\w]+\]?$|^\w+\[|^(?:os|process|env|self|this|request|config|settings|params|data)\.|=>|&&|^--?[a-z]|^[\w.\-]+=[A-Za-z]*$"
    r"|^(?:await|new|function|lambda|return|not|self|this|typeof)$"
)
_CALL = re.compile(
    r"^\w[\w.]*\([^()]*\)$|^--?[a-z]|^[\w.\-]+=[A-Za-z]*$|^(?:self|this|os|process)\."
)
_PATH = re.compile(
    r"^(?:https?:)?//|^[\w.\-]+:\d{2,5}$|^(?:\.{0,2}|~|[A-Za-z]:)[/\\][\w.\-/\\]+$|^[\w\-]+(?:/[\w.\-]+)+$"
    r"|\.(?:py|js|ts|json|ya?ml|xml|txt|pem|key|crt|html?|md|png|svg|css|conf|ini|log|sh|java|go|com|org|net|io|local|html)$",
    re.I,
)
_WORDS = re.compile(
    r"^[A-Za-z]+(?:[_\-./: ][A-Za-z]+)*\d{0,2}$|^(?:[A-Za-z]+\d{0,2}|\d{1,4})(?:[_\-./: ](?:[A-Za-z]+\d{0,5}|\d{1,4}))+$"
)  # an identifier, or words
_CAMEL = re.compile(r"^[A-Z]?[a-z]+(?:[A-Z][a-z]+)+$")
_DATE = re.compile(
    r"^\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}|^v?\d+(?:\.\d+)+$|^[\d.,]+[a-zA-Z%]{0,2}$|^#?[0-9a-fA-F]{3,6}$|^0x[0-9a-f]{1,8}$"
)
_SEQUENCE = re.compile(
    r"0123456789|abcdefghij|qwertyuiop|ABCDEFGHIJ|987654321|aaaaaaa|zyxwvu", re.I
)
_UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
_DIGIT, _LETTER, _MARK = re.compile(r"\d"), re.compile(r"[A-Za-z]"), re.compile(r"[^\w\s]")

# Words in a name, anywhere or at its end, that say that its value is something about a secret.
_ABOUT = frozenset(
    [
        "public",
        "pub",
        "foreign",
        "primary",
        "cache",
        "sort",
        "partition",
        "next",
        "page",
        "csrf",
        "xsrf",
        "integrity",
        "etag",
        "idempotency",
        "fingerprint",
        "thumbprint",
        "translation",
        "i18n",
        "label",
        "message",
        "error",
        "msg",
        "placeholder",
        "prompt",
        "hint",
        "regex",
        "pattern",
    ]
)
_ABOUT_LAST = frozenset(
    [
        "id",
        "ids",
        "name",
        "names",
        "url",
        "urls",
        "uri",
        "path",
        "paths",
        "file",
        "files",
        "dir",
        "length",
        "len",
        "size",
        "count",
        "field",
        "fields",
        "policy",
        "format",
        "class",
        "header",
        "headers",
        "param",
        "params",
        "env",
        "var",
        "expiry",
        "expires",
        "expiration",
        "ttl",
        "age",
        "version",
        "selector",
        "event",
        "endpoint",
        "type",
        "types",
        "hash",
        "code",
        "status",
        "required",
        "enabled",
        "function",
        "handler",
        "provider",
        "ref",
        "title",
        "icon",
        "button",
        "input",
        "index",
        "alias",
        "description",
        "algorithm",
        "location",
        "scope",
        "scopes",
        "prefix",
        "suffix",
        "manager",
        "service",
        "accessor",
        "identifier",
    ]
)
_NAME_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_KEYISH = re.compile(
    r"(?i)mon[_\-]?keys?|keyboard|keyword|keynote|keyframe|key_?down|key_?up|key_?press|hot_?key|short_?cut|key_?code|tokeniz|tokenis|passiv|passeng|bypass|compass|authors?\b|authority|secretar"
)


def _is_about(name: str) -> bool:
    """Whether a value is something about a secret, by the words of its name."""
    words = [word.lower() for word in _NAME_WORDS.findall(name)]
    return bool(words) and (words[-1] in _ABOUT_LAST or not _ABOUT.isdisjoint(words))


def is_placeholder(value: str) -> bool:
    """Whether it only stands where a credential will, or comes from elsewhere."""
    return bool(
        _PLACEHOLDER.search(value)
        or _PLACEHOLDER.search(value.strip("\\\"'#"))
        or _SEQUENCE.search(value)
        or max(Counter(value).values(), default=0) > max(3, len(value) * 0.5)
    )


def _is_random(value: str, least: float) -> bool:
    """Whether it has digits and letters, and is no word, path, date or number."""
    digits, marks = len(_DIGIT.findall(value)), len(_MARK.findall(value))
    return bool(
        (digits > 1 or (digits and len(value) >= 16) or marks > 3)
        and _LETTER.search(value)
        and entropy(value) >= least
        and not _WORDS.match(value)
        and not _PATH.search(value)
        and not _DATE.match(value)
    )


# --- grades ------------------------------------------------------------------------------------


def mixed(found: Found) -> Found | None:
    """A value of letters and digits; not a word that happens to be of the right length."""
    value = found.value
    if not (_DIGIT.search(value) and _LETTER.search(value)) or _SEQUENCE.search(value):
        return None
    if max(Counter(value).values()) > len(value) * 0.4:
        return None
    if re.search(r"(?i)sha\d*|commit|checksum|digest|hash|integrity|revision", found.name):
        return replace(found, confidence="low")
    return found


def service(found: Found) -> Found | None:
    """A random value beside the name of a service."""
    value, name = found.value, found.name
    if is_placeholder(value) or not _is_random(value, 3.0) or _CODE.search(value):
        return None
    if _is_about(name.strip()) or _is_digest(name):
        return replace(found, confidence="low")
    return found


def key(found: Found) -> Found | None:
    """What stands for a key, a token or a secret."""
    plain = _unquoted(found)
    found = plain or found
    value, name = found.value, found.name.strip()
    if (
        len(value) < 8
        or is_placeholder(value)
        or " " in value
        or "\\" in value
        or _KEYISH.search(name)
    ):
        return None
    if (_CODE if plain else _CALL).search(value) or _PATH.search(value):
        return None
    if not _is_random(value, 2.6 if len(value) < 16 else 3.0):
        is_doubtful = len(value) >= 12 and not _WORDS.match(value) and not _CAMEL.match(value)
        return replace(found, confidence="low") if is_doubtful and entropy(value) >= 3 else None
    if _is_about(name) or _is_digest(name):
        return replace(found, confidence="low") if len(value) >= 16 else None
    return found


def bare_key(found: Found) -> Found | None:
    """What stands for something that is only called key, or auth: more is asked of it."""
    graded = key(found)
    if graded is None or len(graded.value) < 16:
        return None
    if (
        _UUID.match(graded.value)
        or entropy(graded.value) < 3.3
        or re.search(r"[.:/]", graded.value)
    ):
        return replace(graded, confidence="low")
    return graded


def password(found: Found) -> Found | None:
    """What stands for a password."""
    plain = _unquoted(found)
    found = plain or found
    value, name = found.value, found.name.strip()
    if len(value) < 5 or is_placeholder(value) or _KEYISH.search(name):
        return None
    if value.lower() in name.lower() or _CALL.search(value):
        return None
    if plain and (_CODE.search(value) or _PATH.search(value)):
        return None
    if _is_about(name) or " " in value or "\\n" in value or "%s" in value or _PATH.search(value):
        return replace(found, confidence="low") if len(value) >= 8 else None
    if _is_strong(value, is_plain=plain is not None):
        return found
    return replace(found, confidence="low") if plain is None and len(value) >= 6 else None


def _is_strong(value: str, *, is_plain: bool) -> bool:
    digits, marks = len(_DIGIT.findall(value)), len(_MARK.findall(value))
    if not _LETTER.search(value) or len(value) < 6:
        return digits >= 6 and len(value) <= 12 and not is_plain
    if digits == 0:
        return marks >= (2 if is_plain else 1) and not re.match(r"^[\w.\-/:,]+$", value)
    return not (is_plain and re.match(r"^[a-z_]+\d$", value))


def _unquoted(found: Found) -> Found | None:
    """The find, if its value stands without quotes: the last group. What cannot belong to it is
    cut off. A quoted value stands in another group."""
    first, last = found.spans[-1] if found.spans else (-1, -1)
    if first < 0 or first != found.start:
        return None
    value = found.text[first:last].rstrip(b",;.")
    if b"(" not in value:
        value = value.rstrip(b"]):,;.")
    return replace(found, end=first + len(value))


def _is_digest(name: str) -> bool:
    """Whether a value is called a hash, or a version."""
    return bool(
        re.search(
            r"(?i)sha|md5|hash|digest|checksum|commit|integrity|etag|rev|version|ref\b|blob", name
        )
    )


_URL_HEAD = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*$")
_DATABASES = re.compile(
    r"^(?:jdbc:\S+|postgres\w*|pgsql|psql|mysql\w*|mariadb|mongodb\S*|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse\w*"
    r"|cockroachdb|couchdb|couchbases?|cassandra|influxdb|neo4j\S*|bolt\S*|nats|kafka|memcached?|elasticsearch|snowflake"
    r"|redshift|db2|sqlite|hive2?|presto|trino|ldaps?|smtps?|imaps?|pop3s?|celery|stomp|mqtts?|rabbitmq|libsql|edgedb|surreal\w*)(?:\+\w+)*$"
)


def url(found: Found) -> Found | None:
    """A password in a URL."""
    head = _URL_HEAD.search(found.before(40))
    secret = found.value
    if (
        head is None
        or not secret
        or is_placeholder(secret)
        or _CODE.search(secret)
        or secret[0] == "$"
    ):
        return None
    scheme = head.group().lower()
    start = found.keyword - len(head.group())
    is_weak = secret.isdigit() or re.match(
        r"(?i)^(?:password|passwd|pass|pwd|secret|user|token|test|guest|root|admin|postgres|mysql|foo|bar|hunter2)$",
        secret,
    )
    whole = replace(
        found,
        type="CONNECTION_STRING" if _DATABASES.match(scheme) else "BASIC_AUTH_URL",
        start=start,
        end=found.spans[0][1],
    )
    host = found.text[found.end + 1 : found.spans[0][1]].lower()
    is_shown = b"example." in host or host in (b"host", b"server", b"domain", b"hostname")
    return replace(whole, confidence="low") if is_weak or is_shown else whole


_IN_CONNECTION = re.compile(r"(?i)(?:password|pwd|key|secret|token|pass)\s*=\s*([^;&\s\"']+)")


def connection(found: Found) -> Found | None:
    """A connection string with a password that is one."""
    secrets = [secret.rstrip(",);") for secret in _IN_CONNECTION.findall(found.value)]
    if any(is_placeholder(secret) or _CALL.search(secret) for secret in secrets):
        return None
    return found


def header(found: Found) -> Found | None:
    """What a request says in its header of authorization."""
    value = found.value
    if is_placeholder(value) or _CODE.search(value) or _WORDS.match(value):
        return None
    if not _DIGIT.search(value) and entropy(value) < 3.6:
        return None
    return found


def user(found: Found) -> Found | None:
    """`name:password` on a command line."""
    value = found.value
    secret = value.split(":", 1)[-1] or value.split(":", 1)[0]
    if (
        len(secret) < 3
        or is_placeholder(secret)
        or re.search(r"\$\w*[{(A-Za-z]\w*[})]|^\$[\w@]+$", secret)
        or _CODE.search(secret)
    ):
        return None
    if secret.startswith("$") and len(secret) < 4:
        return None
    return (
        found
        if _DIGIT.search(secret) or _MARK.search(secret) or len(secret) >= 10
        else replace(found, confidence="low")
    )


def pem(found: Found) -> Found | None:
    """A key in its armour: sure if there is enough of it."""
    body = re.sub(r"\\[rnt]|[^0-9A-Za-z+/=]", "", found.value)
    if re.search(r"\.\.\.|\$\{|\{\{|<[a-z]", found.value[:200]):
        return None
    return found if len(body) >= 100 else replace(found, confidence="low")


def jwt(found: Found) -> Found | None:
    """A token in three parts; one without a signature, or with another header, tells less."""
    value = found.value
    if entropy(value) < 3:
        return None
    is_whole = value.startswith("eyJ") and value.count(".") == 2 and not value.endswith(".")
    return found if is_whole and _has_header(value) else replace(found, confidence="medium")


def _has_header(value: str) -> bool:
    import base64
    import json

    part = value.split(".")[0]
    try:
        return "alg" in json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, TypeError):
        return False


def basic(found: Found) -> Found | None:
    """`user:password` in base64."""
    import base64

    try:
        pair = base64.b64decode(found.value + "=" * (-len(found.value) % 4), validate=True)
    except ValueError:
        return None
    _, mark, secret = pair.decode("latin-1").partition(":")
    if not mark or not secret.isprintable() or is_placeholder(secret):
        return None
    return found


def encoded(found: Found) -> Found | None:
    """A value of a secret of Kubernetes, in base64."""
    value = found.value
    return found if re.search(r"[0-9A-Z+/=]", value) else None


def unless_blank(found: Found) -> Found | None:
    """Anything that is not a placeholder."""
    return None if is_placeholder(found.value) or _CODE.search(found.value) else found


GRADES: dict[str, Grade] = {
    grade.__name__: grade
    for grade in (
        mixed,
        service,
        key,
        bare_key,
        password,
        url,
        connection,
        header,
        user,
        pem,
        jwt,
        basic,
        encoded,
        unless_blank,
    )
}
