"""Checks that a value must pass: checksums by python-stdnum, phones by phonenumbers.

A name is a function of `OWN`, or a module of python-stdnum as in `us.ssn` or `iban`. Modules are
imported when a value of their type is first looked at.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache

Check = Callable[[str], bool]

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@cache
def check_of(name: str) -> Check:
    """The function behind a name of `Rule.check`."""
    if name in OWN:
        return OWN[name]
    valid: Check = importlib.import_module(f"stdnum.{name}").is_valid
    return valid


def _digits(value: str) -> str:
    return "".join(c for c in value if c.isdigit())


def _is_varied(value: str) -> bool:
    """Whether a number is no filler such as 000000000 or 111111111."""
    return len(set(_digits(value))) > 1


def _weighted(values: list[int], weights: tuple[int, ...]) -> int:
    return sum(v * weights[i % len(weights)] for i, v in enumerate(values))


def _sum_of_digits(values: list[int], weights: tuple[int, ...]) -> int:
    return sum(sum(map(int, str(v * weights[i % len(weights)]))) for i, v in enumerate(values))


# -- contact -------------------------------------------------------------------------------------

REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
    "PL",
    "AT",
    "CH",
    "BE",
    "IN",
    "AU",
    "BR",
    "PT",
    "IE",
    "SE",
    "IL",
    "MX",
    "ZA",
)


def email(value: str) -> bool:
    """An address whose last part can be a top-level domain, and that is no name of a file."""
    name, _, host = value.rpartition("@")
    end = host.rpartition(".")[2].lower()
    return len(name) <= 64 and ".." not in value and not name.endswith(".") and end not in _FILES


_FILES = {"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "html", "json", "py", "txt", "pdf", "local", "localdomain", "internal", "localhost"}  # fmt: skip


# Country codes (ITU-T E.164), and what a number of North America looks like: what these tell
# needs no library, whose data takes as long to load as all else.
_CODES = re.compile(
    r"(?:7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[12368]|2[2-6]\d|29[01789]|3[578]\d|42[0134]|50\d|59\d|6[789]\d|80[08]|85\d|88[068]|96\d|97\d|99[2-8])\d{6,12}|1[2-9]\d{2}[2-9]\d{6}"
)
_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")


def phone(value: str) -> bool:
    """A number that is possible in some country, or in the one that its code names."""
    number = re.split(r" ?(?:x|ext\.?) ?", value)[0].strip()
    size = len(_digits(number))
    if not 7 <= size <= 15 or not _is_varied(number):
        return False
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if number.startswith("+"):
        return bool(_CODES.fullmatch(_digits(number.replace("(0)", ""))))
    if _AMERICAN.fullmatch(_digits(number)):
        return True
    import phonenumbers

    return any(_is_phone(phonenumbers, number, region) for region in REGIONS)


def _is_phone(phonenumbers: object, number: str, region: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)  # type: ignore[attr-defined]
    except phonenumbers.NumberParseException:  # type: ignore[attr-defined]
        return False
    return bool(phonenumbers.is_possible_number(parsed))  # type: ignore[attr-defined]


def ip_address(value: str) -> bool:
    """An IPv4 address that somebody's device can have; 8.2.4.44 is the number of a section."""
    import ipaddress

    try:
        address = ipaddress.IPv4Interface(value).ip
    except ValueError:
        return False
    text = str(address)
    is_nobodys = address.is_loopback or address.is_multicast or text.startswith(_NOBODYS)
    return len(_digits(value)) > 5 and not is_nobodys and not text.endswith((".0", ".255"))


# For documents (RFC 5737), and for no host.
_NOBODYS = ("0.", "255.", "192.0.2.", "198.51.100.", "203.0.113.", "1.2.3.", "1.1.1.")


def any_ip_address(value: str) -> bool:
    """An IPv4 address of any kind."""
    import ipaddress

    try:
        ipaddress.IPv4Interface(value)
    except ValueError:
        return False
    return True


def ipv6_full(value: str) -> bool:
    """An IPv6 address with enough in it that it is no slice, time or separator."""
    groups = [group for group in re.split(r"[:/%]", value) if len(group) >= 3]
    return len(groups) >= 2 and ipv6_address(value) and "2001:db8" not in value.lower()


def ipv6_address(value: str) -> bool:
    """An IPv6 address; times, paths of names and MAC addresses look like one."""
    import ipaddress

    try:
        ipaddress.IPv6Interface(value)
    except ValueError:
        return False
    return True


def mac_address(value: str) -> bool:
    """An address of one device."""
    digits = re.sub(r"[^0-9a-f]", "", value.lower())
    return len(digits) == 12 and len(set(digits)) > 1


def street(value: str) -> bool:
    """An address with a house number, and no sentence such as `During 1971`."""
    first = value.split(" ")[0].lower()
    return any(map(str.isdigit, value)) and first not in _NO_STREETS


_NO_STREETS = {
    "during",
    "string",
    "spring",
    "bring",
    "monitoring",
    "ring",
    "weg",
    "platz",
    "square",
}


def de_plz(value: str) -> bool:
    """A German postal code that can be one."""
    return 1067 <= int(value) <= 99998


def imei(value: str) -> bool:
    """An IMEI with its check digit."""
    return luhn(_digits(value)) and _is_varied(value)


_VIN = {c: v for v, letters in enumerate(("", "AJ", "BKS", "CLT", "DMU", "ENV", "FW", "GPX", "HY", "RZ")) for c in letters}  # fmt: skip


def vin(value: str) -> bool:
    """A vehicle identification number with the check digit of ISO 3779 (North America)."""
    values = [int(c) if c.isdigit() else _VIN.get(c, 0) for c in value]
    rest = _weighted(values, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (
        value[8] == ("X" if rest == 10 else str(rest))
        and not value.isdigit()
        and any(map(str.isdigit, value))
    )


# -- money ---------------------------------------------------------------------------------------

_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|095|[689]\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35\d{14,17}|(?:1800|2131)\d{11}"
    r"|62\d{14,17}|(?:0604|5018|502\d|503\d|5[6-8]\d\d|6\d{3})\d{8,15}"
)


def luhn(digits: str) -> bool:
    """The checksum of cards, devices and many numbers of states (ISO/IEC 7812); python-stdnum
    has it as well, and takes longer to load than a page takes to be looked through."""
    doubled = [
        int(c) if n % 2 == 0 else sum(divmod(2 * int(c), 10)) for n, c in enumerate(digits[::-1])
    ]
    return digits.isascii() and sum(doubled) % 10 == 0


def card(value: str) -> bool:
    """A card number: digits of an issuer, a length that it uses, and the Luhn digit."""
    digits = _digits(value)
    return bool(_CARD.fullmatch(digits)) and len(set(digits)) > 2 and luhn(digits)


def iban(value: str) -> bool:
    """The check digits and the length of the country; letters are all large or all small."""
    letters = "".join(filter(str.isalpha, value))
    return (letters.isupper() or letters.islower()) and _stdnum_iban(value)


def _stdnum_iban(value: str) -> bool:
    from stdnum import iban as module

    return bool(module.is_valid(value, check_country=False))


def crypto(value: str) -> bool:
    """A Bitcoin address with its checksum."""
    return check_of("bitcoin")(value)


# -- states ----------------------------------------------------------------------------------------


def has_digits(value: str) -> bool:
    """Something with at least three digits."""
    return sum(map(str.isdigit, value)) >= 3


def us_ssn(value: str) -> bool:
    """A social security number of an area and group that there can be."""
    digits = _digits(value)
    return check_of("us.ssn")(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}")


def uk_nino(value: str) -> bool:
    """Letters that a national insurance number can begin with."""
    return value[:2].upper() not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def de_tax_id(value: str) -> bool:
    """The check digit of ISO 7064 mod 11,10, and not all digits the same."""
    digits = _digits(value)
    return check_of("iso7064.mod_11_10")(digits) and len(set(digits[:10])) > 2


def de_vat(value: str) -> bool:
    """A German VAT number with its check digit."""
    return check_of("de.vat")(value)


def _icao(value: str) -> bool:
    """The check digit of machine-readable travel documents (ICAO 9303)."""
    text = value.upper()
    values = [_BASE36.index(c) for c in text[:-1]]
    return text[-1].isdigit() and _weighted(values, (7, 3, 1)) % 10 == int(text[-1])


def de_id_card(value: str) -> bool:
    """An identity card's number: since 2010 letters and digits, before that T and eight digits."""
    text = value.upper()
    return (text[0] == "T" and text[1:].isdigit()) or (
        _icao(text)
        if text[-1].isdigit() and not text[1:].isdigit() and text[0] not in "L"
        else any(c.isdigit() for c in text[1:])
    )


def de_passport(value: str) -> bool:
    """A passport's number, with its check digit where it is written with one."""
    text = value.upper()
    return any(c.isdigit() for c in text[1:]) and (not text[1:].isdigit() or _icao(text))


def de_social_security(value: str) -> bool:
    """The check digit of the pension insurance number."""
    text = value.replace(" ", "")
    letter = f"{ord(text[8]) - 64:02d}"
    digits = [int(c) for c in text[:8] + letter + text[9:11]]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    return _sum_of_digits(digits, weights) % 10 == int(text[11])


def de_health_insurance(value: str) -> bool:
    """The check digit of the health insurance number: its letter counts as two digits."""
    text = value.upper()
    digits = [int(c) for c in f"{ord(text[0]) - 64:02d}{text[1:9]}"]
    return _sum_of_digits(digits, (1, 2)) % 10 == int(text[9])


def de_lanr(value: str) -> bool:
    """A doctor's number: six digits, a check digit, two for the field."""
    digits = [int(c) for c in value[:6]]
    return _is_varied(value[:7]) is not None and (10 - _weighted(digits, (4, 9))) % 10 == int(
        value[6]
    )


def de_bsnr(value: str) -> bool:
    """A practice's number: it begins with the number of a region."""
    return value[:2] in _KV and _is_varied(value)


_KV = {f"{n:02d}" for n in (1, 2, 3, 6, 7, 8, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 31, 35, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 83, 85, 86, 87, 88, 93, 94, 95, 96, 98, 99, 5, 51, 52, 4, 9, 10, 11, 12, 13, 14, 15, 16)}  # fmt: skip


def it_fiscal_code(value: str) -> bool:
    """The check letter of an Italian fiscal code."""
    return check_of("it.codicefiscale")(value) or _fiscal_letter(value.upper()) == value[-1].upper()


_ODD = dict(zip(_BASE36, (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True))  # fmt: skip
_EVEN = {c: (i if i < 10 else i - 10) for i, c in enumerate(_BASE36)}


def _fiscal_letter(value: str) -> str:
    total = sum(_ODD[c] if i % 2 == 0 else _EVEN[c] for i, c in enumerate(value[:15]))
    return chr(65 + total % 26)


def fi_hetu(value: str) -> bool:
    """The check letter of a Finnish identity code, with the signs of 2023 for the century."""
    text = value.upper()
    day, month = int(text[:2]), int(text[2:4])
    letter = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31]
    return 1 <= day <= 31 and 1 <= month <= 12 and letter == text[10]


def se_personnummer(value: str) -> bool:
    """A Swedish personal number, that of coordination too."""
    digits = _digits(value)[-10:]
    month, day = int(digits[2:4]), int(digits[4:6])
    return 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91) and luhn(digits)


def se_orgnr(value: str) -> bool:
    """A Swedish company's number: its third digit is at least 2."""
    digits = _digits(value)
    return digits[2] in "23456789" and luhn(digits)


def ca_sin(value: str) -> bool:
    """A Canadian social insurance number, with the same signs between its parts."""
    digits = _digits(value)
    return _is_varied(digits) and luhn(digits) and ("-" in value) + (" " in value) < 2


def in_aadhaar(value: str) -> bool:
    """Verhoeff's check digit, and no palindrome."""
    digits = _digits(value)
    return digits != digits[::-1] and check_of("verhoeff")(digits)


def in_pan_loose(value: str) -> bool:
    """Ten letters and digits of which at least four are digits."""
    return sum(map(str.isdigit, value)) >= 4


def _kr(value: str, first: str) -> bool:
    digits = _digits(value)
    month, day = int(digits[2:4]), int(digits[4:6])
    # Numbers given since October 2020 have no check digit, so none is looked at.
    return 1 <= month <= 12 and 1 <= day <= 31 and digits[6] in first


def kr_rrn(value: str) -> bool:
    """A South Korean's registration number."""
    return _kr(value, "1234")


def kr_frn(value: str) -> bool:
    """A foreigner's registration number in South Korea."""
    return _kr(value, "5678")


def th_tnin(value: str) -> bool:
    """A Thai identity number: check digit, and a province that there is."""
    digits = _digits(value)
    return check_of("th.pin")(digits) and digits[1:3] not in _NO_PROVINCE


_NO_PROVINCE = {"28", "29", "59", "68", "69", "78", "79", "87", "88", "89", "97", "98", "99", "00", "01", "02", "03", "04", "05", "06", "07", "08", "09"}  # fmt: skip


def za_id(value: str) -> bool:
    """A South African identity number: a day of birth, citizenship and the Luhn digit."""
    month, day = int(value[2:4]), int(value[4:6])
    return 1 <= month <= 12 and 1 <= day <= 31 and value[10] in "012" and luhn(value)


def ph_tin(value: str) -> bool:
    """The ninth digit of a Philippine taxpayer's number is a checksum of the first eight."""
    digits = [int(c) for c in _digits(value)]
    return (
        sum(d * (9 - i) for i, d in enumerate(digits[:8])) % 11 == digits[8]
        or sum(d * (i + 1) for i, d in enumerate(digits[:8])) % 11 == digits[8]
    )


def ng_nin(value: str) -> bool:
    """Verhoeff's check digit."""
    return check_of("verhoeff")(value)


# -- health, vehicles ------------------------------------------------------------------------------


def us_npi(value: str) -> bool:
    """A US provider's number: the Luhn digit after the prefix 80840."""
    return luhn(f"80840{value}")


def dea(value: str) -> bool:
    """A DEA number's check digit."""
    digits = [int(c) for c in value[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6] and _is_varied(value)


def au_medicare(value: str) -> bool:
    """The ninth digit of an Australian Medicare number is a checksum."""
    digits = [int(c) for c in _digits(value)]
    return _weighted(digits[:8], (1, 3, 7, 9)) % 10 == digits[8]


def uk_plate(value: str) -> bool:
    """A plate whose age identifier there has been."""
    found = re.fullmatch(r"[A-Z]{2}(\d{2}) ?[A-Z]{3}", value)
    return found is None or 2 <= int(found[1]) <= 29 or 51 <= int(found[1]) <= 79


OWN: dict[str, Check] = {
    check.__name__: check
    for check in (
        email, phone, ip_address, any_ip_address, ipv6_address, ipv6_full, mac_address, street, de_plz, imei, vin, card, crypto, has_digits, us_ssn, uk_nino,
        de_tax_id, de_vat, de_id_card, de_passport, de_social_security, de_health_insurance, de_lanr,
        de_bsnr, it_fiscal_code, fi_hetu, iban, se_personnummer, se_orgnr, ca_sin, in_aadhaar, in_pan_loose, kr_rrn, kr_frn,
        th_tnin, za_id, ph_tin, ng_nin, us_npi, dea, au_medicare, uk_plate,
    )
}  # fmt: skip
