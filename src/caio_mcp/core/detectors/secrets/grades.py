"""Second looks at a find: what its form cannot tell, its name and its value may."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..finding import Confidence
from .values import (
    CALL,
    CAMEL,
    CODE,
    UUID,
    WORDS,
    Shape,
    entropy,
    is_about,
    is_digest,
    is_other_word,
    is_path,
    is_placeholder,
    is_random,
    is_sequence,
    is_strong,
    kinds,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a rule matched. `keyword` is where its keyword stands, `spans` are those of
    all groups."""

    text: bytes = field(repr=False)
    keyword: int
    start: int
    end: int
    type: str
    confidence: Confidence
    spans: tuple[tuple[int, int], ...] = field(default=(), repr=False)

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
        tail = _NAME_START.match(self.text[self.keyword : self.start].decode("utf-8", "replace"))
        return ((head.group() if head else "") + (tail.group() if tail else "")).strip()

    @property
    def is_argument(self) -> bool:
        """Whether the value follows its name as the next argument of a call."""
        return b"," in self.text[self.keyword : self.start]

    @property
    def is_member(self) -> bool:
        """Whether the name is one of a type, as in `AWS::IAM::AccessKey`."""
        return "::" in self.before(40).replace('"', "'").rsplit("'", 1)[-1]

    def low(self) -> Found:
        """The same, with low confidence."""
        return replace(self, confidence="low")


Grade = Callable[[Found], Found | None]

_NAME_END = re.compile(r"[\w.\-]*\Z")  # in `re`, which is quicker here and takes no longer than the
_NAME_START = re.compile(r"[\w.\- ]*")  # forty characters of it
_URL_HEAD = Shape(r"[A-Za-z][A-Za-z0-9+.\-]*$")
_DATABASES = Shape(
    r"^(?:jdbc:\S+|postgres\w*|pgsql|psql|mysql\w*|mariadb|mongodb\S*|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse\w*"
    r"|cockroachdb|couchdb|couchbases?|cassandra|influxdb|neo4j\S*|bolt\S*|nats|kafka|memcached?|elasticsearch|snowflake"
    r"|redshift|db2|sqlite|hive2?|presto|trino|ldaps?|smtps?|imaps?|pop3s?|celery|stomp|mqtts?|rabbitmq|libsql|edgedb|surreal\w*)(?:\+\w+)*$"
)
_WEAK_IN_URL = Shape(
    r"(?i)^(?:\d+|password|passwd|pass|pwd|secret|user|token|test|guest|root|admin|postgres|mysql|foo|bar)$"
)
_SHOWN_HOST = Shape(r"(?i)(?:^|\.)example\.|^(?:host|server|domain|hostname)(?::|$)")
_IN_CONNECTION = Shape(r"(?i)(?:password|pwd|key|secret|token|pass)\s*=\s*([^;&\s\"']+)")
_NUMBERED = Shape(r"^[A-Za-z]{0,4}-?\d+$")  # such as the number of an authorisation
_SHELL = Shape(r"\$\w*[{(A-Za-z]\w*[})]|^\$[\w@]+$")
_TEMPLATE = Shape(r"\.\.\.|\$\{|\{\{|<[a-z]")
_NOT_WORD = Shape(r"[0-9A-Z+/=]")


def mixed(found: Found) -> Found | None:
    """A value of letters and digits; not a word that happens to be of the right length."""
    value = found.value
    letters, digits, _ = kinds(value)
    if not letters or not digits or is_sequence(value):
        return None
    if max(Counter(value).values()) > len(value) * 0.4:
        return None
    return found.low() if is_digest(found.name) else found


def service(found: Found) -> Found | None:
    """A random value beside the name of a service."""
    value, name = found.value, found.name
    if is_placeholder(value) or CODE.search(value) or not is_random(value, 3.0):
        return None
    return found.low() if is_about(name) or is_digest(name) else found


def key(found: Found) -> Found | None:
    """What stands for a key, a token or a secret."""
    plain = _unquoted(found)
    found = plain or found
    value, name = found.value, found.name
    if len(value) < 8 or " " in value or "\\" in value or is_other_word(name):
        return None
    if found.is_member or (plain and CAMEL.search(value)):
        return None
    if is_placeholder(value) or (CODE if plain else CALL).search(value) or is_path(value):
        return None
    if not is_random(value, 2.6 if len(value) < 16 else 3.0):
        is_doubtful = len(value) >= 12 and not WORDS.search(value) and not CAMEL.search(value)
        return found.low() if is_doubtful and entropy(value) >= 3 else None
    if is_about(name) or is_digest(name):
        return found.low() if len(value) >= 16 else None
    return found


def bare_key(found: Found) -> Found | None:
    """What stands for something that is only called key, or auth: more is asked of it."""
    graded = key(found)
    if graded is None or len(graded.value) < 16:
        return None
    value = graded.value
    is_doubtful = UUID.search(value) or entropy(value) < 3.3 or any(mark in value for mark in ".:/")
    return graded.low() if is_doubtful else graded


def spaced(found: Found) -> Found | None:
    """A random value that only a space parts from the name of a key."""
    value = found.value
    _, digits, _ = kinds(value)
    if digits < 2 or is_placeholder(value) or CODE.search(value) or not is_random(value, 3.2):
        return None
    return None if is_about(found.name) or is_digest(found.name) else found


def password(found: Found) -> Found | None:
    """What stands for a password."""
    plain = _unquoted(found)
    found = plain or found
    value, name = found.value, found.name
    if len(value) < 5 or is_placeholder(value) or is_other_word(name):
        return None
    if value.lower() in name.lower() or CALL.search(value):
        return None
    if plain and (CODE.search(value) or is_path(value)):
        return None
    if is_about(name) or any(part in value for part in (" ", "\\n", "%s")) or is_path(value):
        return found.low() if len(value) >= 8 else None
    if is_strong(value, is_plain=plain is not None or found.is_argument):
        return found
    return found.low() if plain is None and len(value) >= 6 else None


def _unquoted(found: Found) -> Found | None:
    """The find, if its value stands without quotes: the last group. What cannot belong to it is
    cut off. A quoted value stands in another group."""
    first, last = found.spans[-1] if found.spans else (-1, -1)
    if first < 0 or first != found.start:
        return None
    value = found.text[first:last].partition(b"\\n")[0].rstrip(b",;.\\")
    if b"(" not in value:
        value = value.rstrip(b"]):,;.")
    return replace(found, end=first + len(value))


def url(found: Found) -> Found | None:
    """A password in a URL."""
    head = _URL_HEAD.search(found.before(40))
    secret = found.value
    if head is None or is_placeholder(secret) or CODE.search(secret) or secret.startswith("$"):
        return None
    is_database = _DATABASES.search(head.group().lower())
    whole = replace(
        found,
        type="CONNECTION_STRING" if is_database else "BASIC_AUTH_URL",
        start=found.keyword - len(head.group()),
        end=found.spans[0][1],
    )
    host = found.text[found.end + 1 : whole.end].decode("utf-8", "replace")
    return whole.low() if _WEAK_IN_URL.search(secret) or _SHOWN_HOST.search(host) else whole


def connection(found: Found) -> Found | None:
    """A connection string with a password that is one."""
    secrets = [secret.rstrip(",);") for secret in _IN_CONNECTION.findall(found.value)]
    if any(is_placeholder(secret) or CALL.search(secret) for secret in secrets):
        return None
    return found


def header(found: Found) -> Found | None:
    """What a request says in its header of authorization."""
    value = found.value
    if is_placeholder(value) or CODE.search(value) or WORDS.search(value) or found.is_member:
        return None
    if _NUMBERED.search(value):
        return None
    _, digits, _ = kinds(value)
    return found if digits or entropy(value) >= 3.6 else None


def user(found: Found) -> Found | None:
    """`name:password` on a command line."""
    name, _, secret = found.value.partition(":")
    secret = secret or name
    if len(secret) < 3 or is_placeholder(secret) or _SHELL.search(secret) or CODE.search(secret):
        return None
    if secret.startswith("$") and len(secret) < 4:
        return None
    _, digits, marks = kinds(secret)
    return found if digits or marks or len(secret) >= 10 else found.low()


def pem(found: Found) -> Found | None:
    """A key in its armour: sure if there is enough of it."""
    if _TEMPLATE.search(found.value[:200]):
        return None
    body = found.value.replace("\\n", "").replace("\\r", "")
    return found if sum(c.isalnum() or c in "+/=" for c in body) >= 100 else found.low()


def jwt(found: Found) -> Found | None:
    """A token in three parts; one without a signature, or with another header, tells less."""
    value = found.value
    if entropy(value) < 3:
        return None
    is_whole = value.count(".") == 2 and not value.endswith(".") and _has_header(value)
    return found if is_whole else replace(found, confidence="medium")


def _has_header(value: str) -> bool:
    part = value.split(".")[0]
    try:
        return "alg" in json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, TypeError):
        return False


def basic(found: Found) -> Found | None:
    """`user:password` in base64."""
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
    return found if _NOT_WORD.search(found.value) else None


def unless_blank(found: Found) -> Found | None:
    """Anything that is not a placeholder."""
    return None if is_placeholder(found.value) or CODE.search(found.value) else found


GRADES: dict[str, Grade] = {
    grade.__name__: grade
    for grade in (
        mixed,
        service,
        key,
        bare_key,
        spaced,
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
