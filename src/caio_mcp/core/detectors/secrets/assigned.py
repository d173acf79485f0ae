"""Secrets by the name that they are given: `api_key = "..."`, `password: ...`, `-u name:word`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ..context import plain
from ..finding import Confidence, Hit
from .rule import entropy
from .values import UUID, is_password, is_placeholder, is_token

PEM_MAX = 8_000  # bytes of a private key
BESIDE = 80  # bytes before a value in which its vendor is named

# The last word of a name that holds a secret; and what makes the name of something else.
PASSWORDS = frozenset(
    [
        "password",
        "passwort",
        "passwd",
        "pass",
        "pwd",
        "pw",
        "passphrase",
        "passcode",
        "kennwort",
        "contrasena",
        "senha",
        "wachtwoord",
        "haslo",
        "parola",
        "psk",
        "userpass",
        "dbpass",
        "rootpass",
    ]
)
TOKENS = frozenset(
    [
        "token",
        "tokens",
        "secret",
        "secrets",
        "key",
        "keys",
        "apikey",
        "apikeys",
        "auth",
        "authorization",
        "credential",
        "credentials",
        "bearer",
        "pat",
        "jwt",
        "cookie",
        "session",
        "sid",
        "signature",
        "salt",
        "hmac",
        "accesskey",
        "secretkey",
        "privatekey",
        "clientsecret",
        "authtoken",
        "accesstoken",
        "cert",
        "pin",
        "seed",
        "mnemonic",
        "license",
        "hash",
        "id",
    ]
)
_WEAK = frozenset(
    [
        "id",
        "hash",
        "cookie",
        "session",
        "sid",
        "signature",
        "cert",
        "license",
        "key",
        "keys",
        "auth",
        "seed",
    ]
)
_TAIL = frozenset(
    [
        "value",
        "text",
        "string",
        "b64",
        "base64",
        "v1",
        "v2",
        "prod",
        "dev",
        "test",
        "live",
        "sandbox",
        "plain",
        "raw",
        "env",
        "default",
        "new",
        "old",
        "header",
        "param",
        "var",
        "str",
        "here",
        "for",
        "to",
        "the",
        "of",
        "is",
    ]
)
_OTHER = frozenset(
    [
        "public",
        "pub",
        "primary",
        "foreign",
        "sort",
        "partition",
        "cache",
        "keyboard",
        "hot",
        "idempotency",
        "partitioning",
        "translation",
        "message",
        "i18n",
        "lang",
        "object",
        "s3",
        "bucket",
        "file",
        "path",
        "image",
        "next",
        "page",
        "csrf",
        "xsrf",
        "event",
        "queue",
        "topic",
        "routing",
        "row",
        "column",
        "map",
        "dict",
        "hash",
        "index",
        "field",
    ]
)

# A name, a sign, a value. What stands before the name does not matter.
_ASSIGNED = (
    r"(?i)((?:tok?en|secret|key|passw|passphrase|passcode|pass|pwd|kennwort|contrase|senha|wachtwoord|parola|auth|credential|bearer|cookie|psk|salt|signature|mnemonic|license|cert|client.?id|access.?id|_id)[\w.\-\]]{0,40})"
    r"[\"'`]?(?:[ \t]{1,3}(?:string|str|String)\b)?[ \t]{0,8}(?:\:{1,3}=|[?.+|]=|\|\|:|=>|={1,3}|!=|:|>|,|\()[ \t]{0,8}(@?[\"'`]{0,3})([^\s\"'`,;<>]{4,512})"
)
_SAID = r"(?i)\b(?:password|passwort|kennwort|passwd|mot de passe|contrase(?:ñ|n)a|senha|wachtwoord|has(?:ł|l)o|pin|passphrase|passcode)(?: (?:is|ist|lautet|est|es|è|jest|to|for \w{1,20} is)|[ ]?:|=)[ ]{1,2}[\"'“„]?([^\s\"'”,;<>]{5,64})"
_URL = r"(?i)\b([a-z][a-z0-9+.\-]{1,24}://[^\s:/@\"'<>`]{0,80}:([^\s/@\"'<>`]{3,160})@[\w\[][^\s\"'<>`]*)"
_ODBC = r"(?i)(?:server|data source|host|uid|user id|username|endpoint|database|initial catalog)=[^;\n\"']{1,120};[^\n\"']{0,200}?(?:password|pwd)=([^;\s\"']{4,100})"
_XML = r"(?i)<([\w.:\-]{0,40}(?:password|passwd|secret|token|api_?key|passphrase)[\w.:\-]{0,20})>\s{0,4}([^<>\s]{5,300})\s{0,4}</"
_ADDED = r"(?i)(?:key|name)=[\"']([^\"'\n]{0,60}(?:password|passwd|pwd|secret|token|api_?key|connectionstring)[^\"'\n]{0,20})[\"']\s{1,4}value=[\"']([^\"'\n]{4,300})[\"']"
_CURL_USER = r"curl\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user)[ =]{0,2}[\"']?([^\s\"':]{1,80}:[^\s\"']{3,120})"
_HEADER = r"(?i)(?:authorization|x-[\w\-]{0,30}(?:key|token|auth))[\"']?\s{0,2}[:=,]\s{0,2}[\"']?(?:basic |bearer |token |apikey |key )?[ ]?([A-Za-z0-9+/=._~\-]{12,1000})"
_OPTION = r"(?i)\s--?(?:password|passwd|pass|pwd|token|secret|api-?key|access-?key|secret-?key|client-?secret)[ =]{1,2}[\"']?([^\s\"'\-][^\s\"']{3,200})"
_NETRC = r"(?i)\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S{4,100})"
_JSON_AUTH = r"\"_?auth(?:Token)?\"\s*:\s*\"([A-Za-z0-9+/=]{16,400})\""
_PEM = r"-----BEGIN[ A-Z0-9_\-]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d"

DATABASES = ("postgres", "postgresql", "mysql", "mariadb", "mongodb", "mongodb+srv", "redis", "rediss", "amqp", "amqps", "mssql", "sqlserver", "oracle", "jdbc", "ftp", "sftp", "ldap", "ldaps", "smtp", "smtps", "clickhouse", "cockroachdb", "cassandra", "neo4j", "bolt", "snowflake", "kafka", "nats", "mqtt", "couchbase", "elasticsearch")  # fmt: skip

# Whose key it is, where the name says so.
VENDORS = ("adafruit", "adobe", "airtable", "algolia", "alibaba", "aliyun", "amplitude", "anthropic", "apify", "artifactory", "asana", "atlassian", "auth0", "aws", "azure", "backblaze", "beamer", "bitbucket", "bitly", "bitrise", "bittrex", "braintree", "bugsnag", "buildkite", "calendly", "circleci", "clearbit", "clickhouse", "clickup", "clojars", "cloudant", "cloudflare", "cloudinary", "cloudsmith", "codacy", "codecov", "cohere", "coinbase", "confluence", "confluent", "contentful", "couchbase", "coveralls", "databricks", "datadog", "deepgram", "deepseek", "digitalocean", "discord", "docker", "doppler", "dropbox", "drone", "droneci", "duffel", "dynatrace", "easypost", "elastic", "elevenlabs", "etsy", "eventbrite", "facebook", "fastly", "figma", "finicity", "finnhub", "firebase", "flickr", "flutterwave", "fly", "foursquare", "frameio", "freshbooks", "freshdesk", "gcp", "gemini", "geocodio", "gitguardian", "github", "gitlab", "gitter", "giphy", "gocardless", "grafana", "groq", "harness", "hashicorp", "helpscout", "heroku", "hubspot", "huggingface", "hunter", "infracost", "infura", "instagram", "intercom", "ipinfo", "ipstack", "jenkins", "jfrog", "jira", "jumpcloud", "keygen", "klaviyo", "kraken", "kubernetes", "kucoin", "launchdarkly", "linear", "linkedin", "linode", "lob", "logdna", "loggly", "looker", "mailchimp", "mailgun", "mailjet", "mapbox", "mapquest", "mattermost", "maxmind", "meraki", "messagebird", "mistral", "mixpanel", "moralis", "monday", "mongodb", "mux", "netlify", "newrelic", "new-relic", "newsapi", "nexmo", "ngrok", "notion", "npm", "nuget", "nvidia", "nytimes", "okta", "onelogin", "openai", "openrouter", "openweather", "opsgenie", "oracle", "pagerduty", "papertrail", "paypal", "pendo", "perplexity", "pinecone", "pingdom", "pipedrive", "plaid", "planetscale", "postman", "postmark", "prefect", "privateai", "pubnub", "pulumi", "pusher", "pypi", "quay", "rapidapi", "raygun", "razorpay", "readme", "redis", "replicate", "rollbar", "rubygems", "runpod", "salesforce", "sauce", "scaleway", "scalingo", "segment", "sendbird", "sendgrid", "sendinblue", "sentry", "settlemint", "shippo", "shodan", "shopify", "sidekiq", "slack", "snowflake", "snyk", "softlayer", "sonar", "sonarcloud", "sourcegraph", "splunk", "spotify", "square", "squarespace", "stability", "statuspage", "stripe", "sumologic", "sumo", "supabase", "surge", "teamcity", "telegram", "tencent", "terraform", "tiingo", "travis", "trello", "twilio", "twitch", "twitter", "typeform", "uplead", "vault", "vercel", "virustotal", "vonage", "vultr", "weatherbit", "webex", "wepay", "whatsapp", "wistia", "workato", "yandex", "yelp", "youtube", "zapier", "zendesk", "zerobounce", "zoho", "zoom")  # fmt: skip


_ANY_VENDOR = "|".join(VENDORS)
_NEAR = r"[\w.\-]{0,24}[^\w\n]{1,5}(?:[\w.\-]{1,20}[^\w\n]{1,5}){0,2}?([A-Za-z0-9_\-+/=]{18,120})(?:[^\w\-+/=]|$)"


_BEFORE = re.compile(rb"[\w.\-$@\[\]]+$")  # the beginning of a name


@cache
def _regex(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def find_assigned(text: bytes) -> Iterator[Hit]:
    """Secrets that their name or their place gives away."""
    lower = text.lower()
    for marks, find in _FINDERS:
        if any(mark in lower for mark in marks):
            yield from find(text)


def _text(match: Any, group: int) -> str:
    return str(match.group(group).decode("utf-8", "replace"))


def _hit(match: Any, group: int, name: str, confidence: Confidence) -> Hit:
    first, last = match.span(group)
    return Hit(name, first, last, confidence, value=_text(match, group))


def _assignments(text: bytes) -> Iterator[Hit]:
    regex, at = _regex(_ASSIGNED), 0
    while (match := regex.search(text, at)) is not None:
        at = max(match.start(3), match.end(1))
        found = _assigned(text, match)
        if found is not None:
            yield found
            at = found.end


def _assigned(text: bytes, match: Any) -> Hit | None:
    start = match.start(1)
    before = _BEFORE.search(text[max(0, start - 60) : start])
    name = (before.group().decode("utf-8", "replace") if before else "") + _text(match, 1)
    quotes, value = _text(match, 2), _text(match, 3)
    kind = kind_of(name)
    if not kind:
        return None
    end = match.end(3)
    if not quotes:
        value = value.rstrip(").]}\\:")
    first = match.start(3)
    last = first + len(value.encode())
    tail = text[end : end + 1]
    is_quoted = bool(quotes) and tail in (b'"', b"'", b"`")
    if value.startswith(("Bearer", "Basic")):
        return None
    if kind == "password":
        if is_password(value, is_quoted=is_quoted) and not _is_code(text, match, is_quoted):
            return Hit("PASSWORD", first, last, "medium", value=value)
        return None
    if len(value) < 8 or _is_code(text, match, is_quoted):
        return None
    vendor = _vendor(text[max(0, match.start(1) - BESIDE) : first])
    if UUID.match(value):
        is_random = kind == "token" or bool(vendor)
    else:
        is_random = is_token(value) and (
            kind == "token" or bool(vendor) or (len(value) >= 16 and entropy(value) > 3.3)
        )
    if not is_random or (kind == "weak" and not vendor and not is_quoted and len(value) < 20):
        return None
    if kind == "id" and not vendor:
        return None
    return Hit(f"SECRET.{vendor or 'generic'}", first, last, "medium", value=value)


def kind_of(name: str) -> str:
    """What a name says that its value is: a password, a token, perhaps a key, an id, or ""."""
    parts = [p for p in re.split(r"[^a-z0-9]+", plain(name)) if p]
    while len(parts) > 1 and (parts[-1] in _TAIL or parts[-1].isdigit()):
        parts.pop()
    if not parts:
        return ""
    last = parts[-1].rstrip("0123456789") or parts[-1]
    if _OTHER & set(parts[:-1]):
        return ""
    if last in PASSWORDS or last.endswith(("password", "passwd", "passwort")):
        return "password"
    if last in TOKENS or last.endswith(("token", "secret", "apikey", "accesskey", "secretkey")):
        if last == "id":
            return "id"
        strong = {
            "api",
            "secret",
            "access",
            "private",
            "auth",
            "client",
            "token",
            "encryption",
            "signing",
            "master",
            "license",
            "security",
            "service",
            "account",
            "app",
            "session",
            "oauth",
            "refresh",
            "shared",
            "storage",
            "hmac",
            "admin",
            "x",
            "ssh",
            "root",
            "user",
            "db",
            "bot",
            "deploy",
            "ingest",
            "insert",
            "browser",
            "webhook",
        }
        if last in _WEAK and not strong & set(parts[:-1]):
            return "weak"
        return "token"
    return ""


def _is_code(text: bytes, match: Any, is_quoted: bool) -> bool:
    """Whether the value is a name or a call in code, and no text."""
    if is_quoted:
        return False
    after = text[match.end(3) : match.end(3) + 1]
    value = _text(match, 3)
    return after == b"(" or bool(re.search(r"[(\[{]|^\w+\.[a-z_]\w*$", value))


def _vendor(before: bytes) -> str:
    found = _regex(f"(?i)(?:^|[^a-z])({_ANY_VENDOR})").findall(before)
    return found[-1].decode().lower().replace("_", "-") if found else ""


def _near_vendor(text: bytes) -> Iterator[Hit]:
    """A random word soon after the name of a vendor, whatever stands between them."""
    done = 0
    for match in _regex(rf"(?i)(?:^|[^a-z])(?:{_ANY_VENDOR})").finditer(text):
        at = match.end()
        if at < done:
            continue
        near = _regex(_NEAR).match(text[at : at + 180])
        if near is None:
            continue
        value, before = _text(near, 1), text[at + near.start(1) - 1 : at + near.start(1)]
        if before not in b"/.@" and "/" not in value and is_token(value) and entropy(value) > 3.2:
            vendor = re.sub(r"[^a-z0-9]", "", _text(match, 0).lower())
            done = at + near.end(1)
            yield Hit(f"SECRET.{vendor}", at + near.start(1), done, "medium", value=value)


def _urls(text: bytes) -> Iterator[Hit]:
    for match in _regex(_URL).finditer(text):
        scheme = _text(match, 1).partition(":")[0].lower()
        word = _text(match, 2)
        if re.search(
            r"^[<\[{$%*]|^x+$|[{}]|^(?:pass|password|pwd|passwd|secret|token|pw|user|xxx+)$",
            word,
            re.I,
        ):
            continue
        name = "CONNECTION_STRING" if scheme in DATABASES else "BASIC_AUTH_URL"
        yield _hit(match, 1, name, "high" if name == "CONNECTION_STRING" else "medium")


def _plain(
    pattern: str,
    group: int,
    name: str,
    accept: Callable[[str], bool],
    confidence: Confidence = "medium",
) -> Callable[[bytes], Iterator[Hit]]:
    def find(text: bytes) -> Iterator[Hit]:
        for match in _regex(pattern).finditer(text):
            if accept(_text(match, group)):
                yield _hit(match, group, name, confidence)

    return find


def _private_keys(text: bytes) -> Iterator[Hit]:
    for match in _regex(_PEM).finditer(text):
        end = text.find(b"-----END", match.end(), match.end() + PEM_MAX)
        last = text.find(b"-----", end + 8) + 5 if end >= 0 else min(len(text), match.end() + 600)
        body = text[match.end() : end if end >= 0 else last]
        said = re.sub(rb"\\[nr]|[^A-Za-z0-9+/=]", b"", body)
        if (len(said) >= 24 and entropy(said.decode()) > 3.4) or b"key here" in body:
            yield Hit(
                "PRIVATE_KEY",
                match.start(),
                max(last, match.end()),
                "high",
                value=text[match.start() : last].decode("utf-8", "replace"),
            )


def _is_said(value: str) -> bool:
    return is_password(value.rstrip(".!?)"), is_quoted=False)


def _is_pair(value: str) -> bool:
    word = value.partition(":")[2]
    return not re.search(r"[$<>{}%*]|x{3}", value) and not (is_placeholder(word) and len(word) < 8)


def _is_header(value: str) -> bool:
    return (
        not is_placeholder(value)
        and entropy(value) > 3.0
        and (any(map(str.isdigit, value)) or len(value) > 24)
    )


def _is_any(value: str) -> bool:
    return not is_placeholder(value) and not re.search(r"[%$<>{}]", value)


def _is_option(value: str) -> bool:
    return is_password(value, is_quoted=False)


_FINDERS: tuple[tuple[tuple[bytes, ...], Callable[[bytes], Iterator[Hit]]], ...] = (
    ((b"private key", b"putty-user-key"), _private_keys),
    ((b"://",), _urls),
    ((b"pass", b"pwd"), _plain(_ODBC, 1, "CONNECTION_STRING", _is_any, "high")),
    ((b"curl",), _plain(_CURL_USER, 1, "PASSWORD", _is_pair)),
    ((b"authorization", b"x-"), _plain(_HEADER, 1, "SECRET.authorization-header", _is_header)),
    ((b'auth"', b'authtoken"'), _plain(_JSON_AUTH, 1, "SECRET.registry-auth", is_token)),
    ((b"</",), _plain(_XML, 2, "PASSWORD", lambda value: is_password(value, is_quoted=True))),
    ((b"value=",), _plain(_ADDED, 2, "PASSWORD", lambda value: is_password(value, is_quoted=True))),
    ((b"machine ",), _plain(_NETRC, 1, "PASSWORD", _is_any)),
    ((b" --", b" -p"), _plain(_OPTION, 1, "PASSWORD", _is_option)),
    (
        (b"pass", b"kennwort", b"contrase", b"senha", b"wachtwoord", b"has", b"pin"),
        _plain(_SAID, 1, "PASSWORD", _is_said),
    ),
    (
        (
            b"key",
            b"token",
            b"secret",
            b"pass",
            b"pwd",
            b"auth",
            b"cred",
            b"_id",
            b"id",
            b"salt",
            b"cookie",
        ),
        _assignments,
    ),
    ((b"",), _near_vendor),
)
