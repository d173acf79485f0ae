"""Contact details, and what tells a person or a device."""

from __future__ import annotations

from ..rule import Rule, letters, number

_MONTH = r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mai|may|apr(?:il)?|june?|juni|july?|juli|aug(?:ust)?|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
_DATE = rf"(?:\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th|\.)?[ \-]{_MONTH}\.?[ \-,]{{1,2}}\d{{2,4}}|{_MONTH}[ \-]\d{{1,2}}(?:st|nd|rd|th)?,?[ \-]\d{{4}})"

RULES = (
    Rule(
        "EMAIL_ADDRESS",
        r"(?i)(?:^|[^a-z0-9._%+\-])([a-z0-9_][a-z0-9._%+'\-]*@(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{2,24})(?:[^a-z0-9]|$)",
        "email",
        alone="high",
        against=("example",),
        harmless=("credits",),
    ),
    # Phones: with a country code, or grouped as a number of some country, or bare with a word.
    Rule(
        "PHONE_NUMBER",
        r"(?:^|[^\w.+'\"(])((?:\+[1-9]\d{0,2}[ .\-/]?|00[1-9]\d{0,2}[ .\-/])\(?\d{1,4}\)?(?:[ .\-/]?\d{1,4}){1,5}(?: ?(?:x|ext\.?) ?\d{1,6})?)(?:[^\w]|$)",
        "phone",
        0.5,
        words=("phone", "reach"),
        alone="medium",
        with_word="high",
    ),
    Rule(
        "PHONE_NUMBER",
        r"(?:^|[^\w.\-/])((?:1[ .\-])?\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}(?: ?(?:x|ext\.?) ?\d{1,6})?|\(\d{3}\)\d{3}-?\d{4}(?: ?(?:x|ext\.?) ?\d{1,6})?)(?:[^\w\-]|-?$)",
        "phone",
        0.5,
        words=("phone", "reach"),
        against=("other_number",),
        alone="medium",
        with_word="high",
    ),
    Rule(
        "PHONE_NUMBER",
        r"(?:^|[^\w.\-/])(\(?0\d{1,5}\)?(?:[ .\-/]{1,3}\d{2,8}){1,5}(?: ?(?:x|ext\.?) ?\d{1,6})?)(?:[^\w\-]|-?$)",
        "phone",
        0.5,
        words=("phone", "reach"),
        against=("other_number",),
    ),
    Rule(
        "PHONE_NUMBER",
        number(r"\(?\d{2,5}\)?(?:[ .\-/]\d{2,6}){1,5}(?: ?(?:x|ext\.?) ?\d{1,6})?"),
        "phone",
        0.5,
        words=("phone", "reach"),
        against=("other_number",),
    ),
    Rule(
        "PHONE_NUMBER",
        number(r"\d{7,13}(?:x\d{1,6})?"),
        "phone",
        0.5,
        words=("phone",),
        against=("other_number",),
    ),
    Rule(
        "PH_MOBILE_NUMBER",
        number(r"(?:\+63|0063|63|0)[ \-]?\(?9\d{2}\)?[ \-]?\d{3}[ \-]?\d{4}").replace(
            r"[^\w.\-/:+]", r"[^\w.\-/:]"
        ),
        words=("phone",),
    ),
    Rule(
        "TR_PHONE_NUMBER",
        number(
            r"(?:(?:\+|00)?90[ \-]?|0[ \-]?)?\(?[2-5]\d{2}\)?[ \-.]?\d{3}[ \-.]?\d{2}[ \-.]?\d{2}"
        ).replace(r"[^\w.\-/:+]", r"[^\w.\-/:]"),
        words=("phone",),
    ),
    Rule(
        "IP_ADDRESS",
        r"(?:^|[^\w.\-])((?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?)(?:[^\w.\-/]|[.\-/](?:\W|$)|$|/)",
        "ip_address",
        against=("software_version", "example"),
        alone="medium",
    ),
    Rule(
        "IP_ADDRESS",
        r"(?:^|[^\w.\-])((?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?)(?:[^\w.\-/]|[.\-/](?:\W|$)|$|/)",
        "any_ip_address",
        against=("software_version", "example"),
        alone="low",
        with_word="low",
    ),
    Rule(
        "IP_ADDRESS",
        r"(?i)(?:^|[^\w:.])((?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w{1,10})?(?:/\d{1,3})?)(?:[^\w:.]|\.(?:\W|$)|:\s|$)",
        "ipv6_full",
        alone="medium",
    ),
    Rule(
        "IP_ADDRESS",
        r"(?i)(?:^|[^\w:.])((?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w{1,10})?(?:/\d{1,3})?)(?:[^\w:.]|\.(?:\W|$)|:\s|$)",
        "ipv6_address",
        words=("ip",),
        alone="low",
        with_word="low",
    ),
    Rule(
        "MAC_ADDRESS",
        r"(?i)(?:^|[^\w:\-])((?:[0-9a-f]{2}:){5}[0-9a-f]{2}|(?:[0-9a-f]{2}-){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?:[^\w:\-]|$)",
        "mac_address",
        alone="medium",
    ),
    Rule(
        "URL",
        r"(?i)(?:^|[^\w@.])(https?://[^\s\"'<>]{3,}|www\.[\w\-]+\.[^\s\"'<>]{2,}|(?:[a-z0-9\-]+\.)+(?:com|org|net|io|de|uk|fr|eu|gov|edu|info|dev|app|co|site|ai|me|us|it|es|nl|pl|ch|at|be)(?:/[^\s\"'<>]*)?)(?:[^\w]|$)",
    ),
    Rule(
        "DATE_TIME",
        rf"(?i)(?:^|[^\w/.\-])({_DATE}(?:[t ]\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:z|[+\-]\d{{2}}:?\d{{2}})?)?|\d{{1,2}}[/.\-]\d{{4}}|\d{{1,2}}/\d{{1,2}}|\d{{1,2}}[-/]{_MONTH}(?:[-/]\d{{2,4}})?|{_MONTH}[-/ ]\d{{2,4}})(?:[^\w/\-]|$)",
    ),
    Rule(
        "DATE_OF_BIRTH",
        rf"(?i)(?:\b(?:date of birth|birth ?date|birth_date|dob|d\.o\.b\.|born(?: on)?|geboren(?: am)?|geburtsdatum|geb\.|date de naissance|né(?:e)? le|fecha de nacimiento|nacid[oa] el|data di nascita|nat[oa] il|geboortedatum|geboren op|data de nascimento|nascid[oa] em|data urodzenia|ur\.)\W{{1,5}})({_DATE})(?:[^\w]|$)",
        alone="medium",
    ),
    Rule(
        "USERNAME",
        r"(?i)\b(?:user ?name|user_name|userid|user id|login|benutzername|nom d'utilisateur|nombre de usuario)\b ?[:=] ?[\"']?([a-z][a-z0-9._\-]{2,31})(?:[^\w(.\-]|$)",
    ),
    Rule("IMEI", number(r"\d{2}-?\d{6}-?\d{6}-?\d"), "imei", 0.1, words=("imei",), alone=""),
    Rule("VIN", letters(r"[A-HJ-NPR-Z0-9]{17}"), "vin", 0.09, words=("vin",), alone="low"),
    Rule(
        "UK_POSTCODE",
        letters(
            r"(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]) ?[0-9][ABD-HJLNP-UW-Z]{2}|GIR ?0AA"
        ),
        words=("address",),
    ),
    Rule(
        "DE_PLZ", number(r"(?:0[1-9]|[1-9]\d)\d{3}"), "de_plz", words=("address",), with_word="low"
    ),
    Rule(
        "CA_POSTAL_CODE",
        letters(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d"),
        words=("address", "canada"),
    ),
    Rule("ZIP_CODE", number(r"\d{5}-\d{4}"), words=("address",)),
    Rule(
        "GEO_COORDINATES",
        r"(?:^|[^\w.])([-+]?(?:[0-8]?\d|90)\.\d{4,12}, ?[-+]?(?:1[0-7]\d|0?\d{1,2}|180)\.\d{4,12})(?:[^\w.]|$)",
        words=("location",),
        alone="medium",
    ),
    Rule(
        "STREET_ADDRESS",
        r"(?:^|[^\w])(\d{1,5}[A-Za-z]? (?:[NSEW]\.? )?(?:[A-Z][\w'’.\-]* ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|Way|Place|Pl|Parkway|Pkwy|Circle|Cir|Highway|Hwy|Trail|Close|Crescent|Gardens|Mews|Row|Hill)\b\.?(?:,? (?:Apt|Suite|Ste|Unit|Apartment|#)\.? ?\w{1,6})?)",
        alone="medium",
    ),
    Rule(
        "STREET_ADDRESS",
        r"(?:^|[^\w])((?:[A-ZÄÖÜ][\wäöüß\-]*(?:straße|strasse|str\.|weg|gasse|platz|allee|ring|damm|ufer|straat|laan|plein|gracht|gatan|vägen|gate|vej|katu)|(?:[A-ZÄÖÜ][\wäöüß]+[ \-])+(?:Straße|Strasse|Str\.|Weg|Allee|Platz|Gasse|Ring)) \d{1,4} ?[a-zA-Z]?)(?:[^\w]|$)",
        "street",
        alone="medium",
    ),
    Rule(
        "STREET_ADDRESS",
        r"(?i)(?:^|[^\w])((?:\d{1,4}(?: (?:bis|ter))?,? (?:rue|avenue|boulevard|chemin|impasse|allée|quai|place)|(?:calle|avenida|avda\.|plaza|paseo|via|viale|piazza|corso|rua|praça|travessa|ul\.|ulica|al\.|aleja)) (?-i:(?:d[eiua]l?(?:la|le|gli|s)? |des |du |la |l['’])*[A-ZÀ-ÖØ-ÞŁŚŻ][\w'’.\-]+)(?: [\w'’.\-]+){0,3}?(?:,? (?:n[°ºr.]? ?)?\d{1,4}[a-z]?)?)(?:[^\w]|$)",
        "street",
        words=("address",),
    ),
)
