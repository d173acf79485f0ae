"""Numbers of every kind: what is one, what only looks like one, and what words add to it.

All values are made up; those with a check digit were computed until the digit was right.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caio_mcp.core.detectors.rules import ALL
from caio_mcp.scanning import scan_text
from conftest import Caio

# ruff: noqa: E501, RUF001


@dataclass(frozen=True)
class Case:
    """A value of a type, one that differs in its check digit or its shape, and sentences that
    name the type: in English, and in a language of where it is from."""

    value: str
    wrong: str
    said: tuple[str, ...]  # `{}` stands for the value
    is_bare: bool = True  # found with no word near it


def _of(value: str, wrong: str, *words: str, bare: bool = True) -> Case:
    return Case(value, wrong, tuple(w if "{}" in w else f"{w}: {{}}" for w in words), bare)


CASES: dict[str, Case] = {
    # Contact
    "EMAIL_ADDRESS": _of("jo.tarn@weide-werk.de", "jo.tarn@weide-werk", "e-mail", "write to {} today"),
    "PHONE_NUMBER": _of("030 4471 8826", "030 44", "phone", "Telefon"),
    "PH_MOBILE_NUMBER": _of("0917 345 6712", "0817 345 6712", "mobile", "cellphone"),
    "TR_PHONE_NUMBER": _of("0532 417 28 46", "0832 417 28 46", "phone", "Telefon"),
    "IP_ADDRESS": _of("84.17.46.201", "84.17.46.256", "client ip", "remote addr"),
    "MAC_ADDRESS": _of("3c:5a:b4:17:e2:09", "3c:5a:b4:17:e2:0g", "device", "Gerät"),
    "URL": _of("https://intern.weide-werk.de/akte", "https//intern", "see"),
    "DATE_TIME": _of("2031-04-17", "2031-04-1723", "on"),
    "DATE_OF_BIRTH": _of("date of birth: 17.07.1984", "date of birth: 17071984", "{}"),
    "USERNAME": _of("username: jtarn84", "username: 7", "{}"),
    "STREET_ADDRESS": _of("Lindenallee 17", "Lindenallee", "he lives at {}", "wohnhaft {}"),
    "UK_POSTCODE": _of("LS9 4QT", "LS9 4CT", "postcode", "address"),
    "CA_POSTAL_CODE": _of("K4T 8W2", "D4T 8W2", "billing address", "Canada"),
    "DE_PLZ": _of("24103", "00103", "postal code", "PLZ"),
    "ZIP_CODE": _of("30417-2268", "30417-226", "zip code", "billing address"),
    "GEO_COORDINATES": _of("54.32331, 10.12276", "94.32331, 10.12276", "gps", "Standort"),
    # Devices, vehicles
    "IMEI": _of("35-209900-172441-4", "35-209900-172441-5", "imei", "device id", bare=False),
    "VIN": _of("1HGCM82643A054922", "1HGCM82653A054922", "vin", "Fahrgestellnummer"),
    "DE_KFZ": _of("KI-TW 4471", "KI-TW 0471", "license plate", "Kennzeichen"),
    "UK_VEHICLE_REGISTRATION": _of("LK54 TRW", "LK41 TRW", "number plate", "car reg"),
    "IN_VEHICLE_REGISTRATION": _of("MH 12 KT 4471", "MH 12 KT 44", "plate number", "vehicle"),
    "NG_VEHICLE_REGISTRATION": _of("KTU-417-WD", "KTU-41-WD", "plate number", "vehicle"),
    "ZA_LICENSE_PLATE": _of("KT 44 WD GP", "KT 44 WD GX", "plate number", "vehicle"),
    "TR_LICENSE_PLATE": _of("34 KTU 417", "84 KTU 417", "plate", "plaka"),
    # Money
    "CREDIT_CARD": _of("4599 1784 7643 6434", "4599 1784 7643 6435", "credit card", "Kreditkarte", "carte bancaire", "tarjeta", "carta di credito", "betaalkaart", "cartão", "numer karty"),
    "CARD_TRACK": _of(";4599178476436434=29121010000?", ";4599178476436434=29?", "track"),
    "CVV": _of("CVV: 417", "CVV: 41", "{}"),
    "CARD_EXPIRY": _of("valid thru 04/31", "valid thru 14/31", "card {}", "Kreditkarte {}"),
    "IBAN_CODE": _of("DE68 5301 0517 6584 2543 16", "DE69 5301 0517 6584 2543 16", "bank account", "Kontoverbindung"),
    "SWIFT_CODE": _of("WEIDDEFFXXX", "WEIDDEFFXX", "swift code", "BIC", bare=False),
    "ABA_ROUTING_NUMBER": _of("121004668", "121004669", "routing number", "aba"),
    "US_BANK_NUMBER": _of("44718826031", "4471882", "account number", "checking account"),
    "SORT_CODE": _of("20-41-17", "20-41-1", "sort code", bare=False),
    "CRYPTO": _of("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "wallet address", "bitcoin"),
    "SALARY": _of("salary: 64,500", "salary: 64", "{}"),
    # Numbers of states: the Americas
    "US_SSN": _of("521-44-7183", "666-44-7183", "social security number", "ssn"),
    "US_ITIN": _of("941-71-8826", "941-47-8826", "itin", "taxpayer id"),
    "US_EIN": _of("12-3416789", "17-3416789", "ein", "tax id"),
    "US_PASSPORT": _of("K44718826", "K4471882", "passport number", "passport no"),
    "US_DRIVER_LICENSE": _of("K4471882", "K44", "driver license", "drivers license"),
    "CA_SIN": _of("404 616 724", "404 616 725", "social insurance number", "numéro d'assurance sociale"),
    "BR_CPF": _of("384.016.327-73", "384.016.327-74", "national id", "CPF"),
    "BR_CNPJ": _of("48.816.327/0001-62", "48.816.327/0001-63", "company number", "CNPJ"),
    "MX_CURP": _of("ROSA840717MDFRRN05", "ROSA840717MDFRRN06", "national id", "CURP"),
    "MX_RFC": _of("ROSA840717K40", "ROSA840737K40", "tax id", "RFC"),
    "AR_CUIT": _of("27-25431642-9", "27-25431642-0", "tax id", "CUIT"),
    "CL_RUT": _of("11.471.622-7", "11.471.622-8", "national id", "RUT"),
    "CO_NIT": _of("864.516.927-2", "864.516.927-3", "tax id", "NIF"),
    # United Kingdom, Ireland
    "UK_NINO": _of("AB 12 34 56 C", "GB 12 34 56 C", "national insurance number", "NI number"),
    "UK_PASSPORT": _of("KT4471882", "KT447188", "passport", "travel document"),
    "UK_DRIVING_LICENCE": _of("TARNE707174JK9AB", "TARNE797174JK9AB", "driving licence", "licence number"),
    "UK_UTR": _of("8141227576", "9141227576", "unique taxpayer reference", "UTR", bare=False),
    "UK_NHS": _of("404 616 5278", "404 616 5279", "NHS number", "National Health Service"),
    "IE_PPS": _of("7646371C", "7646371D", "pps number", "PPSN"),
    # Germany, Austria, Switzerland
    "DE_TAX_ID": _of("48035129673", "48035129674", "tax id", "Steuer-ID", "Steueridentifikationsnummer"),
    "DE_TAX_NUMBER": _of("21/815/08150", "21/815/081", "tax number", "Steuernummer"),
    "DE_VAT_ID": _of("DE 239496735", "DE 239496736", "vat id", "USt-IdNr"),
    "DE_ID_CARD": _of("L3G8K7N20", "M3G8K7N20", "identity card", "Personalausweis"),
    "DE_PASSPORT": _of("C4K8G7N20", "C4K8G7N2", "passport", "Reisepass"),
    "DE_SOCIAL_SECURITY": _of("65 170839 J 003", "65 170839 J 004", "pension insurance", "Rentenversicherungsnummer"),
    "DE_HEALTH_INSURANCE": _of("K043671121", "K043671122", "health insurance", "Krankenversicherung"),
    "DE_FUEHRERSCHEIN": _of("KT447188269", "KT44718826", "driving licence", "Führerschein"),
    "DE_HANDELSREGISTER": _of("HRB 44718", "HRB", "company registration", "Amtsgericht"),
    "DE_LANR": _of("143674001", "143674101", "LANR", "lebenslange Arztnummer"),
    "DE_BSNR": _of("384467412", "304467412", "BSNR", "Betriebsstättennummer"),
    "AT_VNR": _of("1247 170284", "1248 170284", "social insurance", "SVNR"),
    "AT_TIN": _of("59-911/1655", "59-911/1656", "tax id", "Steuernummer"),
    "CH_AHV": _of("756.0217.0469.85", "756.0217.0469.86", "social security", "AHV-Nummer", "numéro AVS"),
    # West and south
    "FR_NIR": _of("2 84 07 75 116 034 57", "2 84 07 75 116 034 58", "social security", "numéro de sécurité sociale"),
    "FR_SIREN": _of("552 381 931", "552 381 932", "company number", "SIREN", bare=False),
    "BE_NN": _of("84.07.17-343.87", "84.07.17-343.88", "national id", "rijksregisternummer", "registre national"),
    "NL_BSN": _of("104067925", "104067926", "personal number", "burgerservicenummer", "BSN"),
    "ES_NIF": _of("54462418M", "54462418N", "national id", "DNI"),
    "ES_NIE": _of("X4262518C", "X4262518D", "identity number", "NIE"),
    "ES_PASSPORT": _of("ABW447188", "ABW44718", "passport", "pasaporte"),
    "PT_NIF": _of("294 767 223", "294 767 224", "tax number", "contribuinte", bare=False),
    "PT_CC": _of("14486762 0 ZZ7", "14486762 0 ZZ8", "identity card", "cartão de cidadão"),
    "IT_FISCAL_CODE": _of("RSSMRA84L57H501X", "RSSMRA84L57H501Y", "tax id", "codice fiscale"),
    "IT_VAT_CODE": _of("02423670609", "02423670600", "vat number", "partita IVA"),
    "IT_DRIVER_LICENSE": _of("KT4471882W", "KT447188W", "driver license", "patente di guida"),
    "IT_PASSPORT": _of("KT4471882", "KT447188", "passport", "passaporto"),
    "IT_IDENTITY_CARD": _of("CA44718TW", "CA4471TW", "identity card", "carta d'identità"),
    "GR_AMKA": _of("17078414228", "17078414229", "national id", "ΑΜΚΑ"),
    # North
    "SE_PERSONNUMMER": _of("840717-9467", "840717-9468", "personal number", "personnummer"),
    "SE_ORGANISATIONSNUMMER": _of("556517-3415", "556517-3416", "organisation number", "organisationsnummer"),
    "FI_PERSONAL_IDENTITY_CODE": _of("170784-943P", "170784-943Q", "personal identity code", "henkilötunnus"),
    "NO_FNR": _of("170784 04833", "170784 04834", "national id", "fødselsnummer"),
    "DK_CPR": _of("170784-3208", "170084-3208", "personal id", "CPR-nummer"),
    "IS_KENNITALA": _of("170784-2439", "170784-2449", "national id", "kennitala", bare=False),
    # East
    "PL_PESEL": _of("84071724111", "84071724112", "national id", "numer PESEL"),
    "PL_NIP": _of("514-143-20-17", "514-143-20-18", "tax id", "NIP", bare=False),
    "CZ_RC": _of("845717/5463", "845717/5464", "national id", "rodné číslo"),
    "HR_OIB": _of("67481704202", "67481704203", "national id", "OIB", bare=False),
    "RO_CNP": _of("2840717421311", "2840717421312", "national id", "cod numeric personal"),
    "BG_EGN": _of("8407177487", "8407177488", "national id", "ЕГН", bare=False),
    "EE_IK": _of("48407170230", "48407170231", "Estonian isikukood", "isikukood"),
    "LT_ASMENS": _of("48407170230", "48407170231", "Lithuanian asmens kodas", "asmens kodas", bare=False),
    "SI_EMSO": _of("1707984508468", "1707984508469", "national id", "EMŠO", bare=False),
    "TR_NATIONAL_ID": _of("44129516530", "44129516531", "kimlik no", "TC Kimlik"),
    "UA_RNTRC": _of("3940164270", "3940164271", "taxpayer id", "tax number", bare=False),
    # Asia, Pacific, Africa
    "IN_AADHAAR": _of("4441 6527 7182", "4441 6527 7183", "Aadhaar", "UIDAI"),
    "IN_PAN": _of("KTWPR4471D", "KTWPR447D", "permanent account number", "PAN card"),
    "IN_GSTIN": _of("27KTWPR4471D1Z5", "27KTWPR4471D1X5", "GSTIN", "GST number"),
    "IN_PASSPORT": _of("K4471882", "K447188", "passport", "travel document"),
    "IN_VOTER": _of("KTW4471882", "KTW447188", "voter id", "EPIC"),
    "CN_RIC": _of("110105198407174547", "110105198407174548", "resident identity", "身份证号"),
    "KR_RRN": _of("840717-2443715", "841317-2443715", "resident registration", "주민등록번호"),
    "KR_FRN": _of("840717-6041419", "841317-6041419", "foreigner registration", "외국인등록번호"),
    "KR_BRN": _of("134-81-76750", "034-81-76750", "business number", "brn"),
    "KR_PASSPORT": _of("M447K1882", "M447K188", "passport", "travel document"),
    "KR_DRIVER_LICENSE": _of("11-84-471882-60", "10-84-471882-60", "driver license", "licence number"),
    "SG_NRIC_FIN": _of("S8447188K", "B8447188K", "NRIC", "Singapore id"),
    "SG_UEN": _of("201441607K", "201441607L", "UEN", "company registration"),
    "TH_TNIN": _of("3-1541-06762-14-9", "3-1541-06762-14-0", "Thai ID", "เลขบัตรประชาชน"),
    "MY_NRIC": _of("840717-14-5243", "840717-17-5243", "identity number", "MyKad"),
    "ID_NIK": _of("3273015707894016", "3273015700894016", "national id", "Nomor Induk Kependudukan", bare=False),
    "PH_TIN": _of("274-916-423", "274-916-424", "tax id", "TIN"),
    "PH_PASSPORT": _of("P4471882A", "44471882A", "passport", "travel document"),
    "PH_UMID": _of("4471-8826041-7", "4471-8826041", "UMID", "common reference number"),
    "IL_IDNR": _of("364216226", "364216227", "Israeli ID", "teudat zehut", bare=False),
    "AU_TFN": _of("444 016 024", "444 016 025", "tax file number", "TFN"),
    "AU_ABN": _of("36 481 642 748", "37 481 642 748", "ABN", "business number"),
    "AU_ACN": _of("014 416 329", "014 416 320", "ACN", "company number"),
    "AU_MEDICARE": _of("2841 63275 1", "2841 63276 1", "Medicare number", "Medicare"),
    "NZ_IRD": _of("40-716-224", "40-716-225", "tax number", "taxpayer id"),
    "ZA_ID_NUMBER": _of("8407173411082", "8407173411083", "South African ID", "RSA ID"),
    "ZA_PASSPORT": _of("A44718826", "B44718826", "passport number", "travel document"),
    "ZA_DRIVER_LICENSE": _of("4471882604KT", "44718KT", "driver license", "licence number"),
    "ZA_TRAFFIC_REGISTER_NUMBER": _of("4471882604417", "447188260441", "traffic register number", "natis"),
    "ZA_INCOME_TAX_NUMBER": _of("0447188260", "5447188260", "income tax number", "SARS"),
    "ZA_VAT_NUMBER": _of("4471882604", "5471882604", "VAT number", "tax invoice"),
    "ZA_COMPANY_REGISTRATION": _of("2014/471882/07", "2114/471882/07", "company registration"),
    "NG_NIN": _of("49461642727", "49461642728", "national identification number", "NIN"),
    "PASSPORT": _of("KT447188", "KT447", "passport", "paszport", bare=False),
    # Health
    "US_MBI": _of("4KT7-WD4-MK71", "4KT7-WD4-MK7", "Medicare number", "beneficiary"),
    "US_NPI": _of("1141163273", "1141163274", "NPI", "national provider"),
    "MEDICAL_LICENSE": _of("BR3431602", "BR3431603", "DEA number", "prescriber"),
    "MEDICAL_RECORD_NUMBER": _of("MRN: 4471882", "MRN: 447", "{}"),
    "US_PRESCRIPTION_NUMBER": _of("RX-44718826", "RX-447", "pharmacy", "prescription"),
    "US_CLAIM_NUMBER": _of("CLM-44718826", "CLM-447", "medical claim", "claim number"),
    "US_PRIOR_AUTHORIZATION_NUMBER": _of("PA-44718826", "PA-447", "prior authorization", "prior auth"),
    "US_REFERRAL_NUMBER": _of("REF-44718826", "REF-447", "referral", "infusion"),
    "US_HEALTH_INSURANCE_MEMBER_ID": _of("KTW-4471882", "KTW-", "member id", "health plan"),
    "US_PROVIDER_TAX_ID": _of("12-3416789", "17-3416789", "rendering provider", "billing provider"),
}  # fmt: skip


def _answers(caio: Caio, texts: Iterable[str]) -> list[dict[str, str]]:
    """The surest confidence of each type in each text."""
    lines = "\n".join(json.dumps({"text": text}) for text in texts)
    ran = caio("scan", "--jsonl", "-", "--least", "low", stdin=lines.encode())
    order = ("low", "medium", "high")
    found = []
    for line in ran.out.splitlines():
        best: dict[str, str] = {}
        for one in json.loads(line)["findings"]:
            best[one["type"]] = max(
                best.get(one["type"], "low"), one["confidence"], key=order.index
            )
        found.append(best)
    return found


def _surely(answer: Mapping[str, str]) -> set[str]:
    return {name for name, confidence in answer.items() if confidence != "low"}


# Two types of the same shape: the first is told as the second, and kept with low confidence.
TWINS = {
    "PH_MOBILE_NUMBER": "PHONE_NUMBER",
    "TR_PHONE_NUMBER": "PHONE_NUMBER",
    "IT_PASSPORT": "UK_PASSPORT",
    "ZA_PASSPORT": "US_PASSPORT",
}
NEVER_SURE = {"URL", "DATE_TIME", "USERNAME", "DE_PLZ", "PASSPORT"}


def test_every_type_is_tried() -> None:
    assert set(CASES) == {rule.type for rule in ALL}


@pytest.mark.parametrize("around", ["{}", "so it is {} , then", "\n\t{}\n", '"{}";', "({})."])
def test_a_bare_value_is_found(caio: Caio, around: str) -> None:
    answers = _answers(caio, (around.format(case.value) for case in CASES.values()))
    is_found = {name: name in answer for name, answer in zip(CASES, answers, strict=True)}
    assert is_found == {name: case.is_bare for name, case in CASES.items()}


def test_words_of_the_type_in_english_and_its_own_language_make_a_value_sure(caio: Caio) -> None:
    said = [(name, text.format(case.value)) for name, case in CASES.items() for text in case.said]
    answers = _answers(caio, (f"Note. {text}" for _, text in said))
    for (name, text), answer in zip(said, answers, strict=True):
        assert name in answer, (text, answer)
        if name not in NEVER_SURE:
            assert TWINS.get(name, name) in _surely(answer), (text, answer)


def test_no_word_rescues_a_wrong_check_digit_or_shape(caio: Caio) -> None:
    said = [
        (name, text.format(case.wrong))
        for name, case in CASES.items()
        for text in ("{}", "so it is {} , then", *case.said)
    ]
    answers = _answers(caio, (text for _, text in said))
    for (name, text), answer in zip(said, answers, strict=True):
        assert name not in answer, (text, answer)


OTHER_TONGUES = {
    "geboren am 17.07.1984": "DATE_OF_BIRTH",
    "née le 17/07/1984": "DATE_OF_BIRTH",
    "data urodzenia: 17.07.1984": "DATE_OF_BIRTH",
    "Prüfziffer: 417": "CVV",
    "Jahresgehalt: 64.500": "SALARY",
    "sueldo 64.500": "SALARY",
    "Patientennummer 4471882": "MEDICAL_RECORD_NUMBER",
    "Gültig bis 04/31, Kreditkarte": "CARD_EXPIRY",
}


def test_what_is_told_by_the_word_before_it_is_told_in_other_languages(caio: Caio) -> None:
    answers = _answers(caio, OTHER_TONGUES)
    for (text, name), answer in zip(OTHER_TONGUES.items(), answers, strict=True):
        assert name in _surely(answer), (text, answer)


# -- check digits ------------------------------------------------------------------------------


def _luhn(digits: str) -> int:
    """The digit that these want behind them."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = 2 * digit if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def _mod_97(account: str) -> int:
    """The check digits of a German account number of 18 digits."""
    return 98 - int(f"{account}131400") % 97


def _mod_11_10(digits: str) -> int:
    """The check digit of ISO 7064 mod 11,10."""
    product = 10
    for digit in map(int, digits):
        product = 2 * ((product + digit) % 10 or 10) % 11
    return (11 - product) % 10


_DIGITS = st.text("0123456789", min_size=14, max_size=14).filter(lambda d: len(set(d)) > 3)
_WORDS = st.sampled_from(["{}", "credit card {}", "IBAN: {}", "Kreditkarte {} bitte", "pay {}"])
_FIELDS = st.sampled_from(["", "card_number", "iban", "note"])


def _found(text: str, field: str = "") -> dict[str, str]:
    return {f.type: f.confidence for f in scan_text(text, "low", field).findings}


@settings(max_examples=60)
@given(_DIGITS, st.integers(1, 9), _WORDS, _FIELDS, st.booleans())
def test_only_the_right_digit_makes_a_card(
    digits: str, off: int, words: str, field: str, is_grouped: bool
) -> None:
    right = _luhn(f"4{digits}")
    for last, is_card in ((right, True), ((right + off) % 10, False)):
        number = f"4{digits}{last}"
        if is_grouped:
            number = " ".join(number[at : at + 4] for at in range(0, 16, 4))
        assert ("CREDIT_CARD" in _found(words.format(number), field)) == is_card, number


@settings(max_examples=60)
@given(_DIGITS, st.integers(1, 96), _WORDS, _FIELDS)
def test_only_the_right_digits_make_an_account(
    digits: str, off: int, words: str, field: str
) -> None:
    account = f"{digits}4471"
    right = _mod_97(account)
    wrong = (right + off - 2) % 97 + 2
    assert "IBAN_CODE" in _found(words.format(f"DE{right:02d}{account}"), field)
    assert "IBAN_CODE" not in _found(words.format(f"DE{wrong:02d}{account}"), field)


# One sign at the end that is a check of all others, and of nothing else.
LAST_IS_A_CHECK = [
    "CH_AHV", "CN_RIC", "ES_NIF", "FI_PERSONAL_IDENTITY_CODE", "MX_CURP", "PL_PESEL", "RO_CNP",
    "BG_EGN", "EE_IK", "SI_EMSO", "TR_NATIONAL_ID", "ZA_ID_NUMBER", "BR_CPF", "BR_CNPJ", "GR_AMKA",
    "DE_TAX_ID", "SE_PERSONNUMMER", "IT_FISCAL_CODE", "IN_AADHAAR", "NO_FNR", "IMEI", "US_NPI",
    "DE_SOCIAL_SECURITY", "DE_HEALTH_INSURANCE", "UK_NHS", "NL_BSN", "HR_OIB", "FR_NIR",
]  # fmt: skip


@pytest.mark.parametrize("name", LAST_IS_A_CHECK)
def test_of_all_signs_at_the_end_one_is_right(caio: Caio, name: str) -> None:
    case = CASES[name]
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if case.value[-1].isalpha() else "0123456789"
    if name == "FI_PERSONAL_IDENTITY_CODE":
        signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    values = [case.value[:-1] + sign for sign in signs]
    answers = _answers(caio, (case.said[-1].format(value) for value in values))
    passed = [value for value, found in zip(values, answers, strict=True) if name in found]
    assert passed == [case.value]


# -- parts of something else -------------------------------------------------------------------

_NUMERIC = {
    name: "".join(filter(str.isdigit, case.value))
    for name, case in CASES.items()
    if not any(map(str.isalpha, case.value))
    and name not in {*NEVER_SURE, "STREET_ADDRESS", "GEO_COORDINATES", "IP_ADDRESS", "CARD_TRACK"}
}
WITHIN = {
    "of hexadecimals": "word deadbeef{}cafe0123",
    "of a word": "word x{}y",
    "of a name": "word build_{}_final",
    "of a longer number": "word 71{}66048813020954417709",
    "of a fraction": "word 0.{}",
    "of a path": "see /var/lib/{}/data",
    "of a version": "version 3.{}.1",
}


@pytest.mark.parametrize("where", WITHIN)
def test_part_of_something_longer_is_no_value(caio: Caio, where: str) -> None:
    texts = [WITHIN[where].format(value) for value in _NUMERIC.values()]
    texts += [
        text.replace("word", case.said[0].format("").strip(": "))
        for text, case in zip(texts, (CASES[name] for name in _NUMERIC), strict=True)
    ]
    answers = _answers(caio, texts)
    for name, text, answer in zip([*_NUMERIC, *_NUMERIC], texts, answers, strict=True):
        assert name not in _surely(answer), (text, answer)


def _uuids() -> list[str]:
    chance = random.Random(7)
    return [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(300)]


NOTHING: dict[str, list[str]] = {
    "times": [f"at {n}" for n in range(1_700_000_000, 1_700_040_000, 97)],
    "times in thousandths": [f"ts={n}" for n in range(1_700_000_000_000, 1_700_000_900_000, 3_001)],
    "identifiers": [f"id {one}" for one in _uuids()],
    "hashes": [f"commit {one.replace('-', '')}" for one in _uuids()],
    "orders": [f"order no {n}" for n in range(4_500_000_000, 4_500_030_000, 101)],
    "orders as long as cards": [
        f"order number {n}" for n in range(4_599_178_476_430_000, 4_599_178_476_430_300)
    ],
    "invoices": [f"Rechnungsnummer 2031-{n:06d}" for n in range(0, 90_000, 311)],
    "versions": [f"version {n}.{n * 7 % 31}.{n * 3 % 17}" for n in range(1, 200)],
    "versions of four": [f"release 10.{n}.{n * 7 % 31}.{n * 3 % 17}" for n in range(1, 200)],
    "books": [f"ISBN 978-3-16-14{n:04d}-0" for n in range(0, 9_000, 37)],
    "prices": [f"{n},{n % 100:02d} EUR" for n in range(1, 90_000, 331)],
    "amounts": [f"total: {n:,}.00" for n in range(1_000, 9_000_000, 33_331)],
    "days": [f"{1 + n % 28:02d}.{1 + n % 12:02d}.20{n % 100:02d}" for n in range(200)],
    "days and hours": [f"2031-04-{1 + n % 28:02d}T{n % 24:02d}:{n % 60:02d}:07Z" for n in range(200)],
    "numbers": [f"{n} rows, {n * n} cells" for n in range(1, 90_000, 331)],
    "measures": [f"{n / 7:.12f} m" for n in range(1, 300)],
    "sizes": [f"{n}x{n * 9 // 16} at {n * 1000} bytes" for n in range(640, 4_000, 17)],
}  # fmt: skip


@pytest.mark.parametrize("kind", NOTHING)
def test_what_is_no_value_is_not_told(caio: Caio, kind: str) -> None:
    texts = NOTHING[kind]
    told = [
        (text, _surely(answer))
        for text, answer in zip(texts, _answers(caio, texts), strict=True)
        if _surely(answer)
    ]
    assert not told


# -- columns -----------------------------------------------------------------------------------


def _of_columns(caio: Caio, path: Path, columns: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """The types of each column."""
    rows = [",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]
    path.write_text("\n".join(rows))
    ran = caio("scan", "--json", str(path))
    found: dict[str, set[str]] = {name: set() for name in columns}
    for one in json.loads(ran.out)["files"][0]["findings"]:
        found[list(columns)[one["column"] - 1]].add(one["type"])
    return found


def test_columns_without_a_telling_name_are_told_by_their_check_digits(
    caio: Caio, tmp_path: Path
) -> None:
    chance = random.Random(11)

    def bodies(size: int, first: str) -> list[str]:
        drawn = "".join(chance.choices("0123456789", k=40 * size))
        return [first + drawn[at : at + size] for at in range(0, 40 * size, size)]

    cards, taxes, numbers = bodies(14, "4"), bodies(9, "4"), bodies(10, "4")
    columns = {
        "a": [f"{body}{_luhn(body)}" for body in cards],
        "b": [f"{body}{_mod_11_10(body)}" for body in taxes],
        "c": [f"{body}{chance.randrange(10)}" for body in cards],
        "d": [f"{body}{chance.randrange(10)}" for body in numbers],
        "e": [f"{b[:4]} {b[4:8]} {b[8:12]} {b[12:]}{chance.randrange(10)}" for b in cards],
        "order": [str(4_599_178_476_430_000 + 7 * n) for n in range(40)],
        "at": [str(1_700_000_000 + 611 * n) for n in range(40)],
    }
    assert sum(f"{body}{_luhn(body)}" in columns["c"] for body in cards) > 1  # by chance
    found = _of_columns(caio, tmp_path / "t.csv", columns)
    assert found["a"] == {"CREDIT_CARD"}
    assert "DE_TAX_ID" in found["b"]
    assert found["c"] == found["d"] == found["e"] == found["order"] == found["at"] == set()


def test_a_name_of_a_column_makes_right_values_sure_and_wrong_ones_nothing(
    caio: Caio, tmp_path: Path
) -> None:
    tried = {"kreditkarte": "CREDIT_CARD", "pesel": "PL_PESEL", "cpf": "BR_CPF", "BSN": "NL_BSN"}
    for kind, is_told in (("value", True), ("wrong", False)):
        columns = {column: [str(getattr(CASES[name], kind)), ""] for column, name in tried.items()}
        columns["n"] = ["1", "2"]
        found = _of_columns(caio, tmp_path / f"{kind}.csv", columns)
        for column, name in tried.items():
            assert (name in found[column]) == is_told, (kind, column, found)
