"""Passwords and keys of any kind, told by the name that a value is given."""

from __future__ import annotations

from .rule import SecretRule
from .services import SERVICES
from .shapes import GENERIC, NAME, SERVICE

# In the order of the groups: in double quotes, in single ones, in backticks, in an element of
# XML, and without quotes, which is always the last group.
_QUOTED = r"\\?\"([^\"\r\n]+?)\\?\"|\\?'([^'\r\n]+?)\\?'|`([^`\r\n]+)`"
_BARE = r"([^\s\"'`,;<>()\[\]{}|&][^\s\"'`,;<>|&]+)"
_OPERATOR = r"(?::{1,3}=|[?.+|!]=|=>|={1,3}|!==?|<-|->|:)"
_TAIL = r"[\w.\-]{0,30}(?:\[\w*\]|\(\w*\))?"
_SHORT_TAIL = r"(?-i:(?:[A-Z_.\-\d][\w.\-]{0,30})?)(?:\[\w*\])?"  # a short word is one only whole
_LITERAL = r"(?:@|[rbfu]|new String\(|String\(|b\()?"

_IN_CODE = rf"(?:\\?[\"'`])?[)\]]?[ \t]{{0,8}}(?:string|String|str|text|char\*?|const|\w{{1,12}}[ \t])?[ \t]?{_OPERATOR}\s{{0,8}}{_LITERAL}(?:{_QUOTED}|{_BARE})"
_IN_CALL = rf"\\?[\"'`]\s{{0,4}},\s{{0,4}}{_LITERAL}(?:{_QUOTED})"
_IN_XML = (
    r"(?:[\"'][^<>]{0,80})?>\s{0,40}(?:<!\[CDATA\[)?([^<>\s\"'][^<>\r\n\"']+?)(?:\]\]>)?\s{0,40}</"
)
_IN_ATTRIBUTE = r"[\"'`]\s{0,12},?\s{0,24}[\"']?[vV]alue[\"']?\s{0,4}[=:]\s{0,4}(?:\"([^\"\r\n]+)\"|'([^'\r\n]+)')"
_IN_ENV = r"[\"']?\s{0,40}\n?\s{0,40}[\"']?value[\"']?\s{0,4}[:=]\s{0,4}[\"']?([^\s\"'{}$,]+)"
_AFTER_SPACE = rf"\s{{1,4}}(?:{_QUOTED})"


def _named(words: str, tail: str) -> str:
    """A regex of the forms in which a value is given to a name that has one of the words."""
    forms = "|".join((_IN_ATTRIBUTE, _IN_CALL, _IN_ENV, _AFTER_SPACE, _IN_XML, _IN_CODE))
    return rf"(?i)(?:{words}){tail}(?:{forms})"


def _generic(
    name: str, words: str, grade: str, kind: str = "", is_word: bool = False
) -> SecretRule:
    keywords = tuple(
        word.replace("_", mark)
        for word in words.split()
        for mark in ("", "_", "-", ".", " ")[: 5 if "_" in word else 1]
    )
    return SecretRule(
        name, f"{name.replace('-', ' ')} by its name", _named("|".join(w.replace("_", r"[\s_.\-]?") for w in words.split()), _SHORT_TAIL if is_word else _TAIL),
        -1, 0.0, keywords, type=kind, confidence="medium", starts=True, is_word=is_word, grade=grade, rank=GENERIC,
    )  # fmt: skip


PASSWORDS = "password passwd passwort passphrase pass_code pwd kennwort losungswort mot_de_passe motdepasse contraseña contrasena contrasenya palabra_clave wachtwoord senha hasło haslo parola_d'ordine"
SHORT_PASSWORDS = "pass pw psw mdp clave pword userpass dbpass passw psk"
SECRETS = "secret token api_key access_key auth_key private_key encryption_key encrypt_key signing_key sign_key master_key account_key session_key shared_key service_key server_key license_key licence_key app_key admin_key secure_key crypto_key cipher_key client_key consumer_key storage_key webhook_key write_key deploy_key rest_key integration_key credential creds bearer jwt geheimnis schlüssel schluessel clé_secrète jeton clave_secreta chiave_segreta auth_code access_code apikey apitoken cookie_secret session_id"
BARE_KEYS = "key auth hmac salt webhook"

GENERICS: tuple[SecretRule, ...] = (
    _generic("password", PASSWORDS, "password", "PASSWORD"),
    _generic("short-password", SHORT_PASSWORDS, "password", "PASSWORD", is_word=True),
    _generic("generic-api-key", SECRETS, "key"),
    _generic("generic-key", BARE_KEYS, "bare_key", is_word=True),
    SecretRule(
        "spaced-key", "random value behind the word for a key",
        r"(?i)(?:token|secret|api[ _-]?key|access[ _-]?key|auth[ _-]?key|password|credential|bearer)s?[\"']?[ \t]{1,3}(?:is[ \t])?[\"'`]?([\w+/=-]{20,})(?:[^\w+/=-]|$)",
        1, 3.2, ("token", "secret", "api key", "api_key", "api-key", "apikey", "access key", "access_key", "auth key", "password", "credential", "bearer"),
        confidence="medium", starts=True, grade="spaced", rank=GENERIC,
    ),
    SecretRule(
        "password-option", "password given on a command line",
        r"(?i)--?(?:[\w-]{0,20}(?:password|passwd|passphrase|secret|token|api-?key|access-?key|pass|key))(?:\s{1,3}|=)[\"']?([^\s\"'$<{|-][^\s\"'|]{4,})",
        1, 0.0, ("--password", "--passwd", "--pass", "--passphrase", "--secret", "--token", "--api-key", "--apikey", "--access-key", "-password", "-passwd", "--auth-token", "--client-secret", "--secret-key", "--db-password", "--user-password", "--admin-password", "--key"),
        type="PASSWORD", confidence="medium", starts=True, is_word=False, grade="key", rank=GENERIC,
    ),
    SecretRule(
        "password-compared", "password that a name is compared with",
        r"(?i)\"([^\"\s]{6,100})\"\s{0,3}[!=]={1,2}\s{0,3}\$?[\w.]{0,30}(?:password|passwd|secret|api_?key|private_key|token)",
        1, 0.0, ("password", "passwd", "secret", "api_key", "apikey", "private_key"),
        type="PASSWORD", confidence="medium", grade="password", rank=GENERIC, window=(160, 40),
    ),
    SecretRule(
        "password-in-prose", "password told in a sentence",
        r"(?i)(?:password|passwort|kennwort|mot de passe|contraseña|wachtwoord|senha|hasło|passphrase)\s+(?:is|was|ist|lautet|war|est|es|é|to|von|für \w+ ist|for [\w@. ]{1,40}? is)\s*(?:now\s|set to\s|set as\s)?:?\s*(?:\"([^\"\s]{4,80})\"|'([^'\s]{4,80})'|([^\s\"'<>(){}\[\],]{6,80}))",
        -1, 0.0, ("password", "passwort", "kennwort", "mot de passe", "contraseña", "wachtwoord", "senha", "hasło", "passphrase"),
        type="PASSWORD", confidence="medium", starts=True, grade="password", rank=GENERIC,
    ),
    SecretRule(
        "service-key", "random value beside the name of a service",
        rf"(?i)\w{{3}}{NAME}(?:\\?[\"'`])?[)\]]?(?:\s{{0,8}}(?::{{1,3}}=|[?.+|!]=|=>|={{1,3}}|<-|->|:|,|>|\()|[ \t])\s{{0,24}}(?:[\"']?value[\"']?\s{{0,4}}[:=]\s{{0,4}})?(?:\\?[\"'`]|[@rbfu][\"'])?(?:(?:bearer|basic|token) )?([0-9a-z][\w.+/~-]{{14,}}={{0,2}})(?:[^\w+/=~-]|$)",
        1, 3.0, tuple(SERVICES), confidence="medium", starts=True, is_word=True, grade="service", rank=SERVICE,
    ),
)  # fmt: skip
