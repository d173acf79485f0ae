"""Credentials in texts. Every token here is made up, and put together when the tests run."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import time
import uuid

import pytest

from caio_mcp.core.detectors.scan import find
from caio_mcp.core.detectors.secrets.gitleaks import read_gitleaks
from caio_mcp.core.detectors.secrets.runner import Rules, find_secrets, own_rules

HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits


def made(alphabet: str, length: int, seed: str = "") -> str:
    """A random value, the same in every run; with a letter and a digit where there can be."""
    dice = random.Random(f"{alphabet}{length}{seed}")
    value = "".join(dice.choice(alphabet) for _ in range(length))
    return value[:-2] + "7" + value[-1] if "7" in alphabet else value


def types(text: str, least: str = "medium") -> set[str]:
    """The types of what is found with at least a confidence."""
    order = ("low", "medium", "high")
    return {
        hit.type
        for hit in find_secrets(text.encode())
        if order.index(hit.confidence) >= order.index(least)
    }


def nothing(text: str) -> bool:
    """Whether nothing is found that would be shown."""
    return not types(text)


PREFIXED = {
    "github-pat": "ghp" + "_" + made(ALNUM, 36),
    "github-fine-grained-pat": "github" + "_pat_" + made(ALNUM, 22) + "_" + made(ALNUM, 59),
    "gitlab-pat": "glp" + "at-" + made(ALNUM, 20),
    "aws-access-token": "AK" + "IA" + made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
    "google-oauth-client-secret": "GOC" + "SPX-" + made(ALNUM, 28),
    "azure-ad-client-secret": "aB3" + "8Q~" + made(ALNUM, 34),
    "digitalocean-pat": "dop" + "_v1_" + made(HEX, 64),
    "stripe-access-token": "sk" + "_live_" + made(ALNUM, 24),
    "shopify-access-token": "shp" + "at_" + made(HEX, 32),
    "slack-bot-token": "xo" + "xb-123456789012-123456789013-" + made(ALNUM, 24),
    "slack-webhook-url": "hooks.slack" + ".com/services/T0ABCDEFG/B0ABCDEFG/" + made(ALNUM, 24),
    "telegram-bot-api-token": "81927364" + ":AA" + made(ALNUM, 33),
    "sendgrid-api-token": "SG" + "." + made(ALNUM, 22) + "." + made(ALNUM, 43),
    "mailchimp-api-key": made(HEX, 32) + "-us" + "12",
    "npm-access-token": "np" + "m_" + made(ALNUM, 36),
    "pypi-upload-token": "pyp" + "i-AgEIcHlwaS5vcmc" + made(ALNUM, 80),
    "docker-pat": "dckr" + "_pat_" + made(ALNUM, 27),
    "anthropic-api-key": "sk-" + "ant-api03-" + made(ALNUM, 93) + "AA",
    "openai-api-key": "sk-" + made(ALNUM, 20) + "T3Blbk" + "FJ" + made(ALNUM, 20, "b"),
    "huggingface-access-token": "h" + "f_" + made(ALNUM, 34),
    "vault-service-token": "hv" + "s." + made(ALNUM, 95),
    "age-secret-key": "AGE-SECRET" + "-KEY-1" + made("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    "databricks-api-token": "da" + "pi" + made(HEX, 32),
    "grafana-service-account-token": "gl" + "sa_" + made(ALNUM, 32) + "_" + made(HEX, 8),
    "hashicorp-tf-api-token": made(ALNUM, 14) + ".atlas" + "v1." + made(ALNUM, 64),
    "notion-api-token": "nt" + "n_" + made("0123456789", 11) + made(ALNUM, 35),
}


@pytest.mark.parametrize("name", PREFIXED)
def test_a_token_with_the_form_of_its_vendor_is_found_wherever_it_stands(name: str) -> None:
    token = PREFIXED[name]
    for text in (
        token,
        f'auth = "{token}"',
        f"see {token}, please",
        json.dumps({"note": f"first line\n{token}\nlast line"}),
    ):
        hits = [hit for hit in find_secrets(text.encode()) if hit.confidence == "high"]
        assert [hit.type for hit in hits] == [f"SECRET.{name}"], text
        assert hits[0].value == token


@pytest.mark.parametrize("name", ["github-pat", "gitlab-pat", "stripe-access-token"])
def test_a_placeholder_in_the_form_of_a_token_is_none(name: str) -> None:
    token = PREFIXED[name]
    prefix = re.match(r".*[_-]", token)
    assert prefix
    assert nothing(prefix.group() + "x" * (len(token) - prefix.end()))


@pytest.mark.parametrize("name", ["github-pat", "npm-access-token", "aws-access-token"])
def test_a_token_that_is_a_part_of_a_longer_word_is_none(name: str) -> None:
    assert nothing(f"abc{PREFIXED[name]}")


def test_a_key_for_maps_counts_where_it_is_named_a_key() -> None:
    key = "AI" + "za" + made(ALNUM, 35)
    assert nothing(f"<script src='https://maps.acme.test/js/{key}'>")
    assert types(key, "low") == {"SECRET.gcp-api-key"}
    assert types(f'api_key = "{key}"')


ASSIGNED = {
    "etsy-access-token": ("etsy", made(string.ascii_lowercase + "0123456789", 24)),
    "datadog-access-token": ("datadog", made(string.ascii_lowercase + "0123456789", 40)),
    "heroku-api-key": ("heroku", str(uuid.UUID(hex=made(HEX, 32)))),
    "cloudflare-api-key": ("cloudflare", made(ALNUM, 40)),
    "twilio-auth-token": ("twilio", made(HEX, 32)),
    "aws-secret-access-key": ("aws_secret", made(ALNUM, 40)),
}
FORMS = (
    '{n}Token = "{v}"',
    "{n}_token: {v}",
    "export {N}_API_KEY={v}",
    "{n}_key := `{v}`",
    '{{"{n}_token": "{v}"}}',
    "<{n}Token>\n    {v}\n</{n}Token>",
    'System.setProperty("{N}_TOKEN", "{v}")',
    '"{n}Token" => "{v}"',
    '- name: {N}_TOKEN\n  value: "{v}"',
    "{n} api key: {v}",
)


@pytest.mark.parametrize("name", ASSIGNED)
@pytest.mark.parametrize("form", FORMS)
def test_a_value_beside_the_name_of_its_vendor_is_found(name: str, form: str) -> None:
    vendor, value = ASSIGNED[name]
    text = form.format(n=vendor, N=vendor.upper(), v=value)
    assert [(h.type, h.value) for h in find_secrets(text.encode())] == [(f"SECRET.{name}", value)]


def test_a_random_value_beside_the_word_for_a_key_is_found() -> None:
    value = made(ALNUM, 36)
    for text in (f"token {value}", f"API key: {value}", f'"apiSecret": "{value}"'):
        assert "SECRET." in " ".join(types(text)), text
    base64_value = made(ALNUM, 9) + "/" + made(ALNUM, 9, "b") + "/" + made(ALNUM, 20)
    assert types(f"client_secret: {base64_value}")
    for text in ("token abc", "the token of the user is kept", f"id {value}"):
        assert nothing(text), text


def test_the_name_of_a_vendor_inside_another_word_says_nothing() -> None:
    value = ASSIGNED["etsy-access-token"][1]
    assert "SECRET.etsy-access-token" in types(f'etsyKey = "{value}"')
    assert nothing(f'fetsyst = "{value}"')


PASSWORDS = (
    "password = 'gR7!kq2Lm'",
    "DB_PASSWORD=gR7kq2Lm94",
    '"userPassword": "gR7!kq2Lm"',
    "spring.datasource.password=gR7kq2Lm94",
    "<password>gR7kq2Lm94</password>",
    '<add key="Password" value="gR7kq2Lm94" />',
    'if (passwd == "gR7!kq2Lm") {',
    "mysql -u root -pgR7kq2Lm94 shop",
    "sshpass -p gR7kq2Lm94 ssh me@host",
    "tool --password gR7kq2Lm94",
    "Passwort: Herbst!2031Laub",
    "Das Passwort lautet Herbst2031!Laub",
    "mot de passe : Automne!2031",
    "contraseña: Otono!2031x",
    "wachtwoord = 'Herfst!2031'",
    "my password is gR7!kq2Lm",
    "machine git.acme.test login bob password gR7kq2Lm94",
    "CREATE USER bob IDENTIFIED BY 'gR7kq2Lm94';",
    "- name: MYSQL_ROOT_PASSWORD\n  value: gR7kq2Lm94",
    'define("DB_PASSWORD", "gR7kq2Lm94");',
    '{"name": "DB_PASSWORD", "value": "gR7kq2Lm94"}',
    'wifi:\n  psk: "gR7kq2Lm94"',
)


@pytest.mark.parametrize("text", PASSWORDS)
def test_a_password_is_told_by_its_name(text: str) -> None:
    assert "PASSWORD" in types(text), text


NO_SECRETS = (
    "password = ''",
    "password: ${DB_PASSWORD}",
    "password = os.environ['DB_PASSWORD']",
    "password = getpass.getpass()",
    "password: {{ .Values.password }}",
    "password: <your password>",
    "password = changeme",
    "PASSWORD=********",
    "def login(self, user=None, password=None):",
    "password: str",
    "passwordField = 'password_field'",
    'placeholder="Enter your password"',
    "token_url = 'https://login.acme.test/oauth2/token'",
    "access_token: string",
    "token = self.lexer.next_token()",
    "public_key = '" + made(ALNUM, 43) + "'",
    "key: ctrl+shift+down",
    "keyboard = 'logitech-mx3200-2'",
    "monkey = 'capuchin1234567890'",
    "secretary: anna.k1972",
    "SECRET_NAME = 'PAYMENTS-V2-API-KEY'",
    "API_KEY_FILE=/run/secrets/api-key-2",
    "api_key = 'xxxxxxxxxxxxxxxxxxxx'",
    "api_key: 'your-api-key-123456'",
    "validKeyChars = '0123456789abcdefghijklmnopqrstuvwxyz'",
    "https://acme.test/path?x=1",
    "https://user@acme.test/",
    "postgres://user:${PASSWORD}@db/shop",
    "curl -u ${NAME}:${PASSWORD} https://acme.test",
    'curl -H "Authorization: Bearer $TOKEN" https://acme.test',
    "Authorization: Bearer <token>",
    "kind: Secret\nmetadata:\n  name: x\ndata:\n  password: {{ .Values.password }}\n",
    "-----BEGIN PUBLIC KEY-----\n" + made(ALNUM, 200) + "\n-----END PUBLIC KEY-----",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
)


@pytest.mark.parametrize("text", NO_SECRETS)
def test_what_only_speaks_of_a_secret_is_none(text: str) -> None:
    assert nothing(text), text


def test_locks_hashes_and_images_have_no_secrets() -> None:
    dice = random.Random(7)
    lines = []
    for n in range(400):
        digest = base64.b64encode(dice.randbytes(64)).decode()
        lines += [
            f'"node_modules/p{n}": {{"version": "1.{n}.0", "integrity": "sha512-{digest}"}},',
            f"commit {dice.randbytes(20).hex()}",
            f"sha256:{dice.randbytes(32).hex()}",
            f"id: {uuid.UUID(bytes=dice.randbytes(16))}",
        ]
    image = base64.b64encode(dice.randbytes(200_000)).decode()
    text = "\n".join(lines) + f'\n<img src="data:image/png;base64,{image}">'
    assert nothing(text)


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


BODY = "\n".join(made(ALNUM, 64, str(n)) for n in range(8))
STRUCTURES = {
    "PRIVATE_KEY": "-----BEGIN RSA PRIVATE" + f" KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----",
    "CONNECTION_STRING": "postgres://shop:gR7kq2Lm94" + "@db.acme.test:5432/shop",
    "BASIC_AUTH_URL": "https://bob:gR7kq2Lm94" + "@acme.test/repo.git",
    "SECRET.crypt-hash": "root:$6$" + made(ALNUM, 16) + "$" + made(ALNUM, 86) + ":19000:0:9:7:::",
    "SECRET.bcrypt-hash": "bob:$2b$" + "12$" + made(ALNUM, 53),
    "SECRET.authorization-header": "Authorization: Bearer " + made(ALNUM, 40),
    "SECRET.kubernetes-secret-yaml": "kind: Secret\ndata:\n  pw: " + base64_of("gR7kq2Lm94"),
    "SECRET.docker-config-auth": '{"r.test": {"auth": "' + base64_of("bob:gR7kq2Lm94") + '"}}',
}  # fmt: skip


@pytest.mark.parametrize("name", STRUCTURES)
def test_structures_that_hold_credentials_are_found(name: str) -> None:
    assert name in types(STRUCTURES[name])


@pytest.mark.parametrize(
    "text",
    [
        "Server=db.acme.test;Database=shop;User Id=sa;Password=gR7kq2Lm94;",
        "jdbc:mysql://db.acme.test/shop?user=shop&password=gR7kq2Lm94",
        "mongodb+srv://shop:gR7kq2Lm94@cluster0.acme.test/shop",
        "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=" + made(ALNUM, 86) + "==",
        "host=db.acme.test dbname=shop user=shop password=gR7kq2Lm94",
        "shop:gR7kq2Lm94@tcp(db.acme.test:3306)/shop",
    ],
)
def test_a_connection_string_is_one_finding(text: str) -> None:
    hits = [hit for hit in find_secrets(text.encode()) if hit.confidence != "low"]
    assert [hit.type for hit in hits] == ["CONNECTION_STRING"]


def jwt(header: str, payload: str) -> str:
    parts = (
        base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (header, payload)
    )
    return ".".join((*parts, made(ALNUM, 43)))


def test_a_jwt_is_sure_by_its_header() -> None:
    sure = jwt('{"alg":"HS256","typ":"JWT"}', '{"sub":"1000","name":"Bob"}')
    assert {(h.type, h.confidence) for h in find_secrets(sure.encode())} == {("JWT", "high")}
    strange = "eyJ" + made(ALNUM, 30) + ".ey" + made(ALNUM, 30) + "." + made(ALNUM, 30)
    assert {(h.type, h.confidence) for h in find_secrets(strange.encode())} == {("JWT", "medium")}


def test_at_one_place_the_most_specific_rule_speaks() -> None:
    token = PREFIXED["github-pat"]
    text = f'curl -H "Authorization: token {token}" https://api.acme.test'
    assert [hit.type for hit in find_secrets(text.encode())] == ["SECRET.github-pat"]


def test_places_are_in_bytes_and_in_order() -> None:
    text = f"größe: x, {PREFIXED['github-pat']} und {PREFIXED['gitlab-pat']}".encode()
    hits = list(find_secrets(text))
    assert [text[hit.start : hit.end].decode() for hit in hits] == [hit.value for hit in hits]
    assert [hit.type for hit in hits] == ["SECRET.github-pat", "SECRET.gitlab-pat"]


def test_a_scan_finds_credentials_and_no_repr_shows_them() -> None:
    hits = find(f"notes\n{PREFIXED['github-pat']}\n".encode())
    assert [hit.type for hit in hits] == ["SECRET.github-pat"]
    assert PREFIXED["github-pat"] not in repr(hits)


@pytest.mark.parametrize(
    "piece",
    [
        "password=", "key ", "token token ", "eyJ.", ".ey", "://a:", "curl ", "sk-", "Bearer ",
        "-----BEGIN PRIVATE KEY-----", "kind: Secret\n", '"kty"', "authorization ", "a.", "A" * 7,
        "Server=", "twilio ", "ops_eyJ", '"', "= ",
    ],
)  # fmt: skip
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size].encode()
        spent = []
        for _ in range(3):
            start = time.process_time()
            list(find_secrets(text))
            spent.append(time.process_time() - start)
        return min(spent)

    list(find_secrets(piece.encode() * 20))  # compiles
    assert seconds(80_000) < 12 * seconds(20_000) + 0.1


def test_rules_have_one_meaning_each() -> None:
    rules = own_rules().rules
    kinds = {(rule.id, rule.regex) for rule in rules}
    assert len(kinds) == len(rules)
    assert len({rule.id for rule in rules}) >= 500
    assert all(rule.keywords for rule in rules)


def test_every_regex_is_one_of_re2() -> None:
    for number, _ in enumerate(own_rules().rules):
        own_rules()._matcher(number)


# --- rules that a user brings along ------------------------------------------------------------

ACME = """
title = "acme"
[extend]
useDefault = true
disabledRules = ["npm-access-token"]
[[rules]]
id = "acme-token"
description = "Acme's token"
regex = '''\\b(acme-[a-z0-9]{12})\\b'''
secretGroup = 1
entropy = 2.5
keywords = ["acme-"]
  [[rules.allowlists]]
  regexTarget = "line"
  regexes = ['''# not a secret$''']
  [[rules.allowlists]]
  condition = "AND"
  stopwords = ["demo"]
  regexes = ['''^acme-demo''']
[[rules]]
id = "acme-in-env"
path = '''\\.env$'''
regex = '''ACME=(\\w{6,})'''
[[rules]]
id = "acme-file"
path = '''\\.p12$'''
[allowlist]
stopwords = ["000000"]
"""


def test_a_users_rules_find_and_let_pass() -> None:
    brought = read_gitleaks(ACME)
    assert not brought.faults
    rules = Rules(brought.rules)

    def found(text: str, path: str = "") -> list[tuple[str, str]]:
        return [(hit.type, hit.value) for hit in find_secrets(text.encode(), rules, path)]

    assert found("x acme-q7w8e9r1t2y3") == [("SECRET.acme-token", "acme-q7w8e9r1t2y3")]
    assert found("x acme-q7w8e9r1t2y3 # not a secret") == []
    assert found("x acme-demo1e9r1t2y") == []
    assert found("x acme-9demo1e9r1t2")
    assert found("x acme-aaaaaaaaaaaa") == []  # of too little entropy
    assert found("x acme-000000r1t2y3") == []  # by the allowlist of the file
    assert found("ACME=abcdef") == []
    assert found("ACME=abcdef", "deploy/.env") == [("SECRET.acme-in-env", "abcdef")]


def test_a_users_rules_come_beside_the_others() -> None:
    rules = Rules(read_gitleaks(ACME).together_with(own_rules().rules))
    text = f"acme-q7w8e9r1t2y3 {PREFIXED['github-pat']} {PREFIXED['npm-access-token']}"
    assert [hit.type for hit in find_secrets(text.encode(), rules)] == [
        "SECRET.acme-token",
        "SECRET.github-pat",
    ]
    alone = read_gitleaks(ACME.replace("useDefault = true", "useDefault = false"))
    assert alone.together_with(own_rules().rules) == alone.rules


RULE = "[[rules]]\nid = 'a'\nregex = 'b'\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rules]\n", "gitleaks.toml: is not TOML"),
        ("[[rules]]\nregex = 'a'", "rule 1: has no id"),
        ("[[rules]]\nid = 'a'", "rule 1 (a): has no regex"),
        ("[[rules]]\nid = 'a'\nregex = '(?=a)b'", "rule 1 (a), regex: is no regex of RE2"),
        (RULE + "secretGroup = 2", "rule 1 (a): secretGroup is 2; the regex has 0"),
        (RULE + "entropy = 'x'", "rule 1 (a): entropy is 'x'"),
        (RULE + "keywords = 'b'", "rule 1 (a): keywords is not a list"),
        (RULE + "[[rules.allowlists]]\nregexes = ['(']", "(a), allowlist 1, regex 1: is no regex"),
        (RULE + "[[rules.allowlists]]\nregexTarget = 'file'", "regexTarget is 'file'"),
        (RULE + "[[rules.required]]\nid = 'c'", "rule 1 (a): a rule that needs another one"),
        ("[extend]\npath = 'other.toml'", "extend: names another file"),
        (RULE + "[[rules]]\nid = 'c'\nregex = '['", "rule 2 (c), regex: is no regex of RE2"),
    ],
)  # fmt: skip
def test_a_fault_in_a_users_rules_is_named_with_its_place(text: str, said: str) -> None:
    assert any(said in str(fault) for fault in read_gitleaks(text).faults)
