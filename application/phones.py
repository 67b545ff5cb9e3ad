"""Telephone numbers as people write them, turned into the one form that is kept."""

import phonenumbers

from domain.decider import Rejected


def e164(number: str) -> str:
    """The number in E.164, such as +493090182000; empty stays empty. Refuses as `phone_invalid` what no country has."""
    if not number.strip():
        return ""
    try:
        found = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        found = None
    if found is None or not phonenumbers.is_valid_number(found):
        raise Rejected("phone_invalid", "Write the number with its country, such as +49 30 901820.", pointer="/phone")
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
