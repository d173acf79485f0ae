"""The types of finding: their category, what they mean for a use, and their names elsewhere.

`type` names are those of Presidio where it has one. `data` is the member of `data.categories`
in the vocabulary that a finding proves; a type that proves nothing has none. `google` and
`purview` are the names of the same in Google Sensitive Data Protection and Microsoft Purview.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """One type of finding."""

    category: str
    data: str
    title: str  # for one; the plural adds an s, or stands in `titles`
    titles: str = ""
    google: str = ""
    purview: str = ""

    def counted(self, count: int) -> str:
        """`1 card number`, `3 card numbers`."""
        return f"{count:,} {self.title if count == 1 else self.titles or self.title + 's'}"


_ID = "government_id"


def _official(title: str, google: str = "", purview: str = "") -> Type:
    return Type(_ID, "official_id", title, "", google, purview)


# fmt: off
TYPES: dict[str, Type] = {
    # personal
    "PERSON": Type("personal", "name", "name of a person", "names of people", "PERSON_NAME", "All Full Names"),
    "EMAIL_ADDRESS": Type("personal", "contact", "e-mail address", "e-mail addresses", "EMAIL_ADDRESS", ""),
    "PHONE_NUMBER": Type("personal", "contact", "phone number", "", "PHONE_NUMBER", ""),
    "PH_MOBILE_NUMBER": Type("personal", "contact", "Philippine mobile number", "", "PHONE_NUMBER"),
    "TR_PHONE_NUMBER": Type("personal", "contact", "Turkish phone number", "", "PHONE_NUMBER"),
    "IP_ADDRESS": Type("personal", "contact", "IP address", "IP addresses", "IP_ADDRESS", "IP Address"),
    "MAC_ADDRESS": Type("personal", "", "MAC address", "MAC addresses", "MAC_ADDRESS"),
    "URL": Type("personal", "", "web address", "web addresses", "URL"),
    "DATE_TIME": Type("personal", "", "date", "", "DATE"),
    "DATE_OF_BIRTH": Type("personal", "name", "date of birth", "dates of birth", "DATE_OF_BIRTH"),
    "USERNAME": Type("personal", "", "user name", "", "", "General Password"),
    "STREET_ADDRESS": Type("personal", "contact", "street address", "street addresses", "STREET_ADDRESS", "All Physical Addresses"),
    "UK_POSTCODE": Type("location", "", "UK postcode", "", "UK_POSTCODE"),
    "CA_POSTAL_CODE": Type("location", "", "Canadian postal code"),
    "DE_PLZ": Type("location", "", "German postal code"),
    "ZIP_CODE": Type("location", "", "ZIP code", "", "US_ZIP"),
    "GEO_COORDINATES": Type("location", "location", "pair of coordinates", "pairs of coordinates", "LOCATION_COORDINATES"),
    "IMEI": Type("personal", "", "IMEI", "", "IMEI_HARDWARE_ID"),
    "VIN": Type("personal", "", "vehicle number", "", "VEHICLE_IDENTIFICATION_NUMBER"),
    "DE_KFZ": Type("personal", "official_id", "German licence plate"),
    "UK_VEHICLE_REGISTRATION": Type("personal", "official_id", "UK licence plate"),
    "IN_VEHICLE_REGISTRATION": Type("personal", "official_id", "Indian licence plate"),
    "NG_VEHICLE_REGISTRATION": Type("personal", "official_id", "Nigerian licence plate"),
    "ZA_LICENSE_PLATE": Type("personal", "official_id", "South African licence plate"),
    "TR_LICENSE_PLATE": Type("personal", "official_id", "Turkish licence plate"),
    # money
    "CREDIT_CARD": Type("payment_card", "payment_card", "card number", "", "CREDIT_CARD_NUMBER", "Credit Card Number"),
    "CARD_TRACK": Type("payment_card", "payment_card", "card track", "", "CREDIT_CARD_TRACK_NUMBER"),
    "CVV": Type("payment_card", "payment_card", "card security code", "", "CVV_NUMBER"),
    "CARD_EXPIRY": Type("payment_card", "", "card expiry date", "", "CREDIT_CARD_EXPIRATION_DATE"),
    "IBAN_CODE": Type("financial", "financial", "IBAN", "", "IBAN_CODE", "International Banking Account Number (IBAN)"),
    "SWIFT_CODE": Type("financial", "", "SWIFT code", "", "SWIFT_CODE", "SWIFT Code"),
    "ABA_ROUTING_NUMBER": Type("financial", "", "US routing number", "", "AMERICAN_BANKERS_CUSIP_ID", "ABA Routing Number"),
    "US_BANK_NUMBER": Type("financial", "financial", "US bank account", "", "", "U.S. Bank Account Number"),
    "SORT_CODE": Type("financial", "financial", "UK sort code"),
    "CRYPTO": Type("financial", "financial", "crypto wallet"),
    "SALARY": Type("financial", "salary", "salary", "salaries"),
    # states
    "US_SSN": _official("US social security number", "US_SOCIAL_SECURITY_NUMBER", "U.S. Social Security Number (SSN)"),
    "US_ITIN": _official("US ITIN", "US_INDIVIDUAL_TAXPAYER_IDENTIFICATION_NUMBER", "U.S. Individual Taxpayer Identification Number (ITIN)"),
    "US_EIN": Type(_ID, "", "US employer number", "", "US_EMPLOYER_IDENTIFICATION_NUMBER"),
    "US_PASSPORT": _official("US passport number", "US_PASSPORT", "U.S./U.K. Passport Number"),
    "US_DRIVER_LICENSE": _official("US driver license", "US_DRIVERS_LICENSE_NUMBER", "U.S. Driver's License Number"),
    "UK_NINO": _official("UK national insurance number", "UK_NATIONAL_INSURANCE_NUMBER", "U.K. National Insurance Number (NINO)"),
    "UK_PASSPORT": _official("UK passport number", "UK_PASSPORT", "U.S./U.K. Passport Number"),
    "UK_DRIVING_LICENCE": _official("UK driving licence", "UK_DRIVERS_LICENSE_NUMBER", "U.K. Driver's License Number"),
    "UK_UTR": _official("UK taxpayer reference", "UK_TAXPAYER_REFERENCE", "U.K. Unique Taxpayer Reference Number"),
    "IE_PPS": _official("Irish PPS number", "IRELAND_PPSN", "Ireland Personal Public Service (PPS) Number"),
    "DE_TAX_ID": _official("German tax ID", "GERMANY_TAXPAYER_IDENTIFICATION_NUMBER", "Germany Tax Identification Number"),
    "DE_TAX_NUMBER": _official("German tax number"),
    "DE_VAT_ID": Type(_ID, "", "German VAT number", "", "", "Germany Value Added Tax Number"),
    "DE_ID_CARD": _official("German identity card", "GERMANY_IDENTITY_CARD_NUMBER", "Germany Identity Card Number"),
    "DE_PASSPORT": _official("German passport number", "GERMANY_PASSPORT", "Germany Passport Number"),
    "DE_SOCIAL_SECURITY": _official("German pension insurance number"),
    "DE_HEALTH_INSURANCE": _official("German health insurance number"),
    "DE_FUEHRERSCHEIN": _official("German driving licence", "GERMANY_DRIVERS_LICENSE_NUMBER", "Germany Driver's License Number"),
    "DE_HANDELSREGISTER": Type(_ID, "", "German company register number"),
    "DE_LANR": _official("German doctor's number"),
    "DE_BSNR": Type(_ID, "", "German practice number"),
    "AT_VNR": _official("Austrian insurance number", "", "Austria Social Security Number"),
    "AT_TIN": _official("Austrian tax number", "", "Austria Tax Identification Number"),
    "CH_AHV": _official("Swiss AHV number", "SWITZERLAND_SOCIAL_SECURITY_NUMBER", "Switzerland SSN AHV Number"),
    "FR_NIR": _official("French social security number", "FRANCE_NIR", "France Social Security Number (INSEE)"),
    "FR_SIREN": Type(_ID, "", "French company number"),
    "BE_NN": _official("Belgian national number", "BELGIUM_NATIONAL_ID_CARD_NUMBER", "Belgium National Number"),
    "NL_BSN": _official("Dutch BSN", "NETHERLANDS_BSN_NUMBER", "Netherlands Citizen's Service (BSN) Number"),
    "ES_NIF": _official("Spanish NIF", "SPAIN_NIF_NUMBER", "Spain DNI"),
    "ES_NIE": _official("Spanish NIE", "SPAIN_NIE_NUMBER", "Spain DNI"),
    "ES_PASSPORT": _official("Spanish passport number", "SPAIN_PASSPORT", "Spain Passport Number"),
    "PT_NIF": _official("Portuguese NIF", "", "Portugal Tax Identification Number"),
    "PT_CC": _official("Portuguese citizen card", "PORTUGAL_CDC_NUMBER", "Portugal Citizen Card Number"),
    "IT_FISCAL_CODE": _official("Italian fiscal code", "ITALY_FISCAL_CODE", "Italy Fiscal Code"),
    "IT_VAT_CODE": Type(_ID, "", "Italian VAT number", "", "", "Italy Value Added Tax Number"),
    "IT_DRIVER_LICENSE": _official("Italian driving licence", "", "Italy Driver's License Number"),
    "IT_PASSPORT": _official("Italian passport number", "", "Italy Passport Number"),
    "IT_IDENTITY_CARD": _official("Italian identity card"),
    "GR_AMKA": _official("Greek AMKA", "", "Greece Social Security Number (AMKA)"),
    "SE_PERSONNUMMER": _official("Swedish personal number", "SWEDEN_NATIONAL_ID_NUMBER", "Sweden National ID"),
    "SE_ORGANISATIONSNUMMER": Type(_ID, "", "Swedish company number"),
    "FI_PERSONAL_IDENTITY_CODE": _official("Finnish identity code", "FINLAND_NATIONAL_ID_NUMBER", "Finland National ID"),
    "NO_FNR": _official("Norwegian identity number", "NORWAY_NI_NUMBER", "Norway Identification Number"),
    "DK_CPR": _official("Danish CPR number", "DENMARK_CPR_NUMBER", "Denmark Personal Identification Number"),
    "IS_KENNITALA": _official("Icelandic identity number"),
    "PL_PESEL": _official("Polish PESEL", "POLAND_PESEL_NUMBER", "Poland National ID (PESEL)"),
    "PL_NIP": Type(_ID, "", "Polish NIP", "", "", "Poland Tax Identification Number"),
    "CZ_RC": _official("Czech birth number", "", "Czech Personal Identity Number"),
    "HR_OIB": _official("Croatian OIB", "CROATIA_PERSONAL_ID_NUMBER", "Croatia Personal Identification (OIB) Number"),
    "RO_CNP": _official("Romanian CNP", "", "Romania Personal Numeric Code (CNP)"),
    "BG_EGN": _official("Bulgarian EGN", "", "Bulgaria Uniform Civil Number"),
    "EE_IK": _official("Estonian personal code", "", "Estonia Personal Identification Code"),
    "LT_ASMENS": _official("Lithuanian personal code", "", "Lithuania Personal Code"),
    "SI_EMSO": _official("Slovenian EMSO", "", "Slovenia Unique Master Citizen Number"),
    "TR_NATIONAL_ID": _official("Turkish identity number", "TURKEY_ID_NUMBER", "Turkey National Identification Number"),
    "UA_RNTRC": _official("Ukrainian tax number"),
    "CA_SIN": _official("Canadian SIN", "CANADA_SOCIAL_INSURANCE_NUMBER", "Canada Social Insurance Number"),
    "BR_CPF": _official("Brazilian CPF", "BRAZIL_CPF_NUMBER", "Brazil CPF Number"),
    "BR_CNPJ": Type(_ID, "", "Brazilian CNPJ", "", "", "Brazil Legal Entity Number (CNPJ)"),
    "MX_CURP": _official("Mexican CURP", "MEXICO_CURP_NUMBER", "Mexico Unique Population Registry Code (CURP)"),
    "MX_RFC": _official("Mexican RFC"),
    "AR_CUIT": _official("Argentinian CUIT", "", "Argentina Unique Tax Identification Key (CUIT/CUIL)"),
    "CL_RUT": _official("Chilean RUT", "CHILE_CDI_NUMBER", "Chile Identity Card Number"),
    "CO_NIT": Type(_ID, "", "Colombian NIT"),
    "IN_AADHAAR": _official("Indian Aadhaar number", "INDIA_AADHAAR_INDIVIDUAL", "India Unique Identification (Aadhaar) Number"),
    "IN_PAN": _official("Indian PAN", "INDIA_PAN_INDIVIDUAL", "India Permanent Account Number (PAN)"),
    "IN_GSTIN": Type(_ID, "", "Indian GST number", "", "INDIA_GST_INDIVIDUAL", "India GST Number"),
    "IN_PASSPORT": _official("Indian passport number", "INDIA_PASSPORT"),
    "IN_VOTER": _official("Indian voter card", "", "India Voter Id Card"),
    "CN_RIC": _official("Chinese identity number", "CHINA_RESIDENT_ID_NUMBER", "China Resident Identity Card (PRC) Number"),
    "KR_RRN": _official("Korean registration number", "KOREA_RRN", "South Korea Resident Registration Number"),
    "KR_FRN": _official("Korean foreigner's number", "KOREA_ARN"),
    "KR_BRN": Type(_ID, "", "Korean business number"),
    "KR_PASSPORT": _official("Korean passport number", "KOREA_PASSPORT"),
    "KR_DRIVER_LICENSE": _official("Korean driving licence", "KOREA_DRIVERS_LICENSE_NUMBER"),
    "SG_NRIC_FIN": _official("Singapore NRIC", "SINGAPORE_NATIONAL_REGISTRATION_ID_NUMBER", "Singapore National Registration Identity Card (NRIC) Number"),
    "SG_UEN": Type(_ID, "", "Singapore company number"),
    "TH_TNIN": _official("Thai identity number", "THAILAND_NATIONAL_ID_NUMBER", "Thai Population Identification Code"),
    "MY_NRIC": _official("Malaysian identity number", "", "Malaysia Identification Card Number"),
    "ID_NIK": _official("Indonesian NIK", "INDONESIA_NIK_NUMBER", "Indonesia Identity Card (KTP) Number"),
    "PH_TIN": _official("Philippine TIN"),
    "IL_IDNR": _official("Israeli identity number", "ISRAEL_IDENTITY_CARD_NUMBER", "Israel National Identification Number"),
    "AU_TFN": _official("Australian TFN", "AUSTRALIA_TAX_FILE_NUMBER", "Australia Tax File Number"),
    "AU_ABN": Type(_ID, "", "Australian business number", "", "", "Australia Business Number"),
    "AU_ACN": Type(_ID, "", "Australian company number", "", "", "Australia Company Number"),
    "NZ_IRD": _official("New Zealand IRD number", "NEW_ZEALAND_IRD_NUMBER", "New Zealand Inland Revenue Number"),
    "PH_PASSPORT": _official("Philippine passport number"),
    "PH_UMID": _official("Philippine UMID number"),
    "ZA_PASSPORT": _official("South African passport number"),
    "ZA_DRIVER_LICENSE": _official("South African driving licence"),
    "ZA_TRAFFIC_REGISTER_NUMBER": _official("South African traffic register number"),
    "ZA_INCOME_TAX_NUMBER": _official("South African tax number"),
    "ZA_VAT_NUMBER": Type(_ID, "", "South African VAT number"),
    "ZA_COMPANY_REGISTRATION": Type(_ID, "", "South African company number"),
    "ZA_ID_NUMBER": _official("South African identity number", "SOUTH_AFRICA_ID_NUMBER", "South Africa Identification Number"),
    "NG_NIN": _official("Nigerian NIN"),
    "PASSPORT": _official("passport number", "PASSPORT"),
    # health
    "UK_NHS": Type("health", "health", "NHS number", "", "UK_NATIONAL_HEALTH_SERVICE_NUMBER", "U.K. National Health Service Number"),
    "US_MBI": Type("health", "health", "Medicare number", "", "US_MEDICARE_BENEFICIARY_ID_NUMBER", "Medicare Beneficiary Identifier (MBI) Card"),
    "US_NPI": Type("health", "", "US provider number", "", "US_HEALTHCARE_NPI"),
    "MEDICAL_LICENSE": Type("health", "", "DEA number", "", "US_DEA_NUMBER", "Drug Enforcement Agency (DEA) Number"),
    "AU_MEDICARE": Type("health", "health", "Australian Medicare number", "", "AUSTRALIA_MEDICARE_NUMBER", "Australia Medical Account Number"),
    "MEDICAL_RECORD_NUMBER": Type("health", "health", "medical record number", "", "MEDICAL_RECORD_NUMBER"),
    "US_PRESCRIPTION_NUMBER": Type("health", "health", "prescription number"),
    "US_CLAIM_NUMBER": Type("health", "health", "number of a health claim", "numbers of health claims"),
    "US_PRIOR_AUTHORIZATION_NUMBER": Type("health", "health", "number of a treatment's authorisation", "numbers of treatments' authorisations"),
    "US_REFERRAL_NUMBER": Type("health", "health", "number of a referral", "numbers of referrals"),
    "US_HEALTH_INSURANCE_MEMBER_ID": Type("health", "health", "health insurance number"),
    "US_PROVIDER_TAX_ID": Type("health", "", "tax number of a care provider", "tax numbers of care providers"),
    # credentials
    "PASSWORD": Type("credentials", "credentials", "password", "", "PASSWORD", "General Password"),
    "PRIVATE_KEY": Type("credentials", "credentials", "private key", "", "ENCRYPTION_KEY", "X.509 Certificate Private Key"),
    "JWT": Type("credentials", "credentials", "JSON web token", "", "JSON_WEB_TOKEN"),
    "CONNECTION_STRING": Type("credentials", "credentials", "connection string with a password", "connection strings with passwords", "", "Azure SQL Connection String"),
    "BASIC_AUTH_URL": Type("credentials", "credentials", "web address with a password", "web addresses with passwords", "BASIC_AUTH_HEADER", "Http Authorization Header"),
    # said of a person
    "DIAGNOSIS": Type("health", "health", "term of health near a person", "terms of health near a person", "MEDICAL_TERM", "All Medical Terms And Conditions"),
    "DRUG": Type("health", "health", "medicine near a person", "medicines near a person", "MEDICAL_TERM", "Brand Medication Names"),
    "ICD10_CODE": Type("health", "health", "diagnosis code", "", "ICD10_CODE", "International Classification of Diseases (ICD-10-CM)"),
    "ETHNICITY": Type("special_category", "ethnic_origin", "word of ethnic origin near a person", "words of ethnic origin near a person", "ETHNIC_GROUP"),
    "RELIGION": Type("special_category", "religion", "word of belief near a person", "words of belief near a person", "RELIGIOUS_TERM"),
    "POLITICAL": Type("special_category", "political_opinion", "word of political opinion near a person", "words of political opinion near a person", "POLITICAL_TERM"),
    "TRADE_UNION": Type("special_category", "union_membership", "word of union membership near a person", "words of union membership near a person", "TRADE_UNION"),
    "SEXUAL_ORIENTATION": Type("special_category", "sex_life", "word of sexual orientation near a person", "words of sexual orientation near a person", "SEXUAL_ORIENTATION"),
    "GENETIC": Type("special_category", "genetic", "word of genetic data near a person", "words of genetic data near a person"),
    "BIOMETRIC": Type("special_category", "biometric", "word of biometric data near a person", "words of biometric data near a person"),
    "CRIMINAL_RECORD": Type("criminal", "criminal", "word of a conviction near a person", "words of convictions near a person"),
    "CHILD": Type("children", "", "sign of a child", "signs of children"),
    "PERFORMANCE": Type("personal", "performance", "word of an appraisal near a person", "words of appraisals near a person"),
    # documents
    "CONFIDENTIAL_MARKING": Type("confidential_marking", "", "marking as confidential", "markings as confidential"),
    "INTERNAL_ONLY": Type("confidential_marking", "", "marking as internal", "markings as internal"),
    "PRIVILEGED": Type("confidential_marking", "legal_privilege", "marking of legal privilege", "markings of legal privilege"),
    "MNPI": Type("confidential_marking", "inside_information", "marking of inside information", "markings of inside information"),
    "EXPORT_CONTROL": Type("confidential_marking", "export_controlled", "marking of export control", "markings of export control"),
    "CLASSIFIED": Type("confidential_marking", "", "classification marking"),
    "TLP": Type("confidential_marking", "third_party_confidential", "traffic light marking"),
    "NDA": Type("confidential_marking", "third_party_confidential", "marking of a non-disclosure agreement", "markings of a non-disclosure agreement"),
    "SOURCE_CODE": Type("source_code", "source_code", "piece of source code", "pieces of source code", "SOURCE_CODE", "Source code"),
    "INTERNAL_HOST": Type("source_code", "", "internal host"),
}
# fmt: on

SECRET = "SECRET."  # before the id of the rule that found a token or key
_SECRET = Type(
    "credentials",
    "credentials",
    "password, key or token",
    "passwords, keys or tokens",
    "AUTH_TOKEN",
    "All Credential Types",
)


def type_of(name: str) -> Type:
    """The type of a name; every `SECRET.<rule>` is one."""
    return _SECRET if name.startswith(SECRET) else TYPES[name]
