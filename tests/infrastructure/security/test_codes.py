"""The codes that buyers show at the door."""

from uuid import uuid4

from infrastructure.security.codes import DeliveryCodes


def test_a_delivery_has_one_code_of_six_digits_and_no_other_fits():
    codes, parcel = DeliveryCodes(bytes(32)), uuid4()
    code = codes.of(parcel)
    assert (len(code), code.isdecimal()) == (6, True)
    assert codes.fits(parcel, code)
    assert codes.of(parcel) == code
    assert not codes.fits(parcel, f"{(int(code) + 1) % 1_000_000:06}")
    assert not codes.fits(parcel, "ö")


def test_codes_tell_nothing_about_those_of_other_deliveries_or_installations():
    parcels = [uuid4() for _ in range(200)]
    codes = [DeliveryCodes(bytes(32)).of(each) for each in parcels]
    assert len(set(codes)) > 195
    assert codes != [DeliveryCodes(b"\1" * 32).of(each) for each in parcels]
