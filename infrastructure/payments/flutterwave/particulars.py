"""What Flutterwave asks of an account that is paid to: mostly bank and number, in some places more of its holder and his bank.

By country, as developer.flutterwave.com has it under «Bank Account Transfer»: «International (USD, EUR, & GBP)» and «South Africa».
"""

import re
from collections.abc import Mapping
from typing import Any

from application.payments.transfers import Payee, Transfer
from domain.trade import Bank
from domain.values import Address

HOUSE = re.compile(r"(?P<before>\d+\w*)\s+(?P<street>.+)|(?P<name>.+?)\s+(?P<after>\d+\w*)")


class Missing(Exception):
    """Something is not known that it wants to know: its name for it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def paid_to(transfer: Transfer) -> dict[str, Any]:
    """The parts of a request that say where the money goes; raises `Missing`."""
    bank, payee = transfer.bank, transfer.payee
    numbered: dict[str, Any] = {"account_bank": bank.bank, "account_number": bank.number}
    match bank.currency, bank.country:
        case "ZAR", _:
            return {**numbered, "meta": required(south_african(payee))}
        case "USD", "US":
            kind = {"account_type": bank.kind} if bank.kind else {}
            return {"meta": [{**required(american(bank, payee)), **kind}]}
        case (("EUR" | "GBP"), _):
            return {"meta": [required(european(bank, payee))]}
        case _:
            branch = {"destination_branch_code": bank.branch} if bank.branch else {}
            return numbered | branch


def required(meta: Mapping[str, str]) -> dict[str, str]:
    if missing := next((name for name, value in meta.items() if not value), ""):
        raise Missing(missing)
    return dict(meta)


def south_african(payee: Payee) -> Mapping[str, str]:
    first, _, last = payee.contact.name.partition(" ") if payee.contact else ("", "", "")
    return {
        "first_name": first,
        "last_name": last or first,
        "email": payee.contact.email if payee.contact else "",
        "mobile_number": payee.contact.phone if payee.contact else "",
        "recipient_address": in_one_line(payee.address),
    }


def american(bank: Bank, payee: Payee) -> Mapping[str, str]:
    return {
        "account_number": bank.number,
        "routing_number": bank.branch,
        "swift_code": bank.bank,
        "bank_name": bank.bank_name,
        "beneficiary_name": bank.holder,
        "beneficiary_address": in_one_line(payee.address),
        "beneficiary_country": bank.country,
        "email": payee.contact.email if payee.contact else "",
    }


def european(bank: Bank, payee: Payee) -> Mapping[str, str]:
    """An IBAN begins with its country; where there is no sort code, its example names the bank by its BIC again."""
    where = payee.address
    number, street = house(where.lines[0]) if where and where.lines else ("", "")
    return {
        "account_number": bank.number,
        "routing_number": bank.branch or bank.bank,
        "swift_code": bank.bank,
        "bank_name": bank.bank_name,
        "beneficiary_name": bank.holder,
        "beneficiary_country": bank.country or (bank.number[:2] if bank.number[:2].isalpha() else ""),
        "postal_code": where.postal_code if where else "",
        "street_number": number,
        "street_name": street,
        "city": where.locality if where else "",
    }


def house(line: str) -> tuple[str, str]:
    """The number of the house and its street, whichever comes first."""
    found = HOUSE.fullmatch(line.strip())
    return ("", "") if found is None else (found["before"] or found["after"], found["street"] or found["name"])


def in_one_line(address: Address | None) -> str:
    return ", ".join(filter(None, [*address.lines, address.locality, address.postal_code, address.region])) if address else ""
