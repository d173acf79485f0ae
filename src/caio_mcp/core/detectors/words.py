"""Words that speak for a type of value, or against it, by language.

A group is a list of words for each language: en, de, fr, es, it, nl, pt, pl. They are matched
whole, without case, with accents or without; a space stands for space, `_`, `-` or nothing, so
that `social security` also is `socialSecurity`, `social_security` and `social-security`.
"""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "card": {
        "en": "card, credit card, debit card, card number, card no, pan, visa, mastercard, amex, american express, maestro, discover, jcb, cc, ccn",
        "de": "karte, kreditkarte, kartennummer, kreditkartennummer, kartennr",
        "fr": "carte, carte bancaire, carte de crédit, numéro de carte, cb",
        "es": "tarjeta, tarjeta de crédito, número de tarjeta",
        "it": "carta, carta di credito, numero carta, numero di carta",
        "nl": "kaart, creditcard, kaartnummer, betaalkaart",
        "pt": "cartão, cartão de crédito, número do cartão",
        "pl": "karta, karta kredytowa, numer karty, karty",
    },
    "phone": {
        "en": "phone, telephone, tel, mobile, cell, cellphone, call, fax, phone number, contact number, whatsapp, sms, text me",
        "de": "telefon, telefonnummer, tel, handy, handynummer, mobil, mobilnummer, rufnummer, durchwahl, fax",
        "fr": "téléphone, tél, portable, mobile, numéro de téléphone, fax",
        "es": "teléfono, tel, móvil, celular, número de teléfono, fax",
        "it": "telefono, tel, cellulare, cell, numero di telefono, fax",
        "nl": "telefoon, telefoonnummer, tel, mobiel, gsm, fax",
        "pt": "telefone, tel, telemóvel, celular, número de telefone, fax",
        "pl": "telefon, tel, komórka, numer telefonu, faks, kom",
    },
    "bank_account": {
        "en": "iban, bank account, account number, account no, bank details, sepa, beneficiary",
        "de": "iban, bankverbindung, kontonummer, konto, kontoverbindung",
        "fr": "iban, compte bancaire, numéro de compte, rib",
        "es": "iban, cuenta bancaria, número de cuenta, cuenta",
        "it": "iban, conto corrente, conto bancario, numero di conto",
        "nl": "iban, rekeningnummer, bankrekening, rekening",
        "pt": "iban, conta bancária, número da conta, conta",
        "pl": "iban, konto bankowe, numer konta, rachunek, numer rachunku",
    },
    # Speaks against numbers that belong to people.
    "other_number": {
        "en": "order, order number, invoice, invoice number, page, isbn, commit, version, build, timestamp, ts, epoch, sku, part number, serial, tracking, ticket, batch, checksum, hash",
        "de": "bestellung, bestellnummer, rechnung, rechnungsnummer, seite, artikelnummer, auftragsnummer, version, zeitstempel",
        "fr": "commande, facture, numéro de commande, page, version, horodatage",
        "es": "pedido, factura, número de pedido, página, versión",
        "it": "ordine, fattura, numero ordine, pagina, versione",
        "nl": "bestelling, bestelnummer, factuur, pagina, versie",
        "pt": "pedido, encomenda, fatura, página, versão",
        "pl": "zamówienie, faktura, numer zamówienia, strona, wersja",
    },
    "example": {
        "en": "example, test, dummy, sample, placeholder, fake, mock, fixture",
        "de": "beispiel, muster, platzhalter",
        "fr": "exemple, fictif",
        "es": "ejemplo, ficticio",
        "it": "esempio, fittizio",
        "nl": "voorbeeld",
        "pt": "exemplo, fictício",
        "pl": "przykład",
    },
}
