"""Numbers are kept in one form, however they were written."""

import pytest

from application.phones import e164
from domain.decider import Rejected


@pytest.mark.parametrize("written", ["+49 30 901820", "+49 (0)30 901-820", "  +4930901820 "])
def test_a_number_with_its_country_is_kept_in_e164(written: str):
    assert e164(written) == "+4930901820"


def test_no_number_stays_none():
    assert e164("  ") == ""


@pytest.mark.parametrize("written", ["030 901820", "+49", "+999 123456789", "call me", "+49 1"])
def test_what_no_country_has_is_refused(written: str):
    with pytest.raises(Rejected, match="phone_invalid"):
        e164(written)
