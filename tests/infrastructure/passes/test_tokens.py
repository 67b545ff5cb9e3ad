"""What a phone shows cannot be read, made or changed by anybody else, and old ones are good while their key is kept."""

import hashlib
import json
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import jwt
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from domain.decider import Rejected
from infrastructure.passes.lists import SignedFiles
from infrastructure.passes.pictures import QrCodes
from infrastructure.passes.tokens import SealedPasses
from projections.groups.passes.ports import Sealed

OLD, NEW, THEIRS = bytes(32), b"n" * 32, b"t" * 32
END = datetime(2026, 6, 8, 12, tzinfo=UTC)
BEN = Sealed(UUID(int=7), 1, END)


def test_what_was_sealed_is_read_again_and_is_always_the_same_token():
    ours = SealedPasses([NEW])
    token = ours.token(BEN)
    assert ours.read(token) == BEN
    assert SealedPasses([NEW]).token(BEN) == token
    assert len(token) == 72
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


def test_every_pass_number_and_end_has_a_token_of_its_own():
    ours = SealedPasses([NEW])
    others = Sealed(UUID(int=8), 1, END), Sealed(BEN.pass_id, 2, END), Sealed(BEN.pass_id, 1, END + timedelta(seconds=1))
    tokens = [ours.token(each) for each in (BEN, *others)]
    nonces = {urlsafe_b64decode(each)[4:16] for each in tokens}
    assert len(set(tokens)) == len(nonces) == 4


def test_nothing_of_what_is_sealed_stands_in_the_token():
    found = urlsafe_b64decode(SealedPasses([NEW]).token(BEN))
    assert BEN.pass_id.bytes not in found
    assert int(END.timestamp()).to_bytes(4, "big") not in found


@given(st.integers(0, 53), st.integers(1, 255))
def test_a_token_with_any_bit_changed_is_forged(at: int, change: int):
    ours = SealedPasses([NEW, OLD])
    found = bytearray(urlsafe_b64decode(ours.token(BEN)))
    found[at] ^= change
    refused(ours, urlsafe_b64encode(bytes(found)).decode())


@given(st.text(max_size=100))
def test_anything_else_is_forged_too(text: str):
    refused(SealedPasses([NEW]), text)


def test_another_installations_tokens_are_forged_here():
    refused(SealedPasses([NEW]), SealedPasses([THEIRS]).token(BEN))


@pytest.mark.parametrize("more", ["=", "==", "A", " ", "\n"])
def test_a_token_is_written_in_one_way_alone(more: str):
    ours = SealedPasses([NEW])
    refused(ours, ours.token(BEN) + more)


def test_after_a_change_of_keys_old_tokens_are_read_and_new_ones_made():
    before, after, at_last = SealedPasses([OLD]), SealedPasses([NEW, OLD]), SealedPasses([NEW])
    shown = before.token(BEN)
    assert after.read(shown) == BEN
    assert after.token(BEN) == at_last.token(BEN) != shown
    assert after.hashes(BEN) == [hashlib.sha256(each.encode()).hexdigest() for each in (at_last.token(BEN), shown)]
    refused(at_last, shown)


def test_lists_are_signed_so_that_any_change_shows_and_anybody_can_check():
    before, after = SignedFiles([OLD]), SignedFiles([NEW, OLD])
    for signer in (before, after):
        content = json.dumps({"passes": [str(uuid4())]}).encode()
        signed = signer.sign(content)
        compact = f"{signed.protected}.{signed.payload}.{signed.signature}"
        name = jwt.get_unverified_header(compact)["kid"]
        (key,) = [jwt.PyJWK(dict(each)) for each in after.public_keys() if each["kid"] == name]
        assert jwt.PyJWS().decode(compact, key, algorithms=["EdDSA"]) == content
        other = f"{signed.protected}.{signed.payload[:-4]}AAAA.{signed.signature}"
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.PyJWS().decode(other, key, algorithms=["EdDSA"])
    assert len({each["kid"] for each in after.public_keys()}) == 2
    assert after.public_keys()[1] == before.public_keys()[0]


def test_a_token_is_shown_as_a_code_that_a_cheap_phone_can_show_and_read():
    token = SealedPasses([NEW]).token(BEN)
    code = segno.make(token, error="m", micro=False, boost_error=False)
    assert (code.designator, code.symbol_size(border=0)) == ("5-M", (37, 37))
    png = QrCodes().picture(token, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png == saved(code)
    assert int.from_bytes(png[16:20], "big") == (37 + 8) * 8
    assert len(png) < 3_000


def test_the_vector_picture_has_the_modules_of_the_code_and_its_margin():
    token = SealedPasses([NEW]).token(BEN)
    picture = ET.fromstring(QrCodes().picture(token, "svg"))  # noqa: S314 - our own
    assert picture.attrib["viewBox"] == "0 0 45 45"
    assert drawn(picture) == [[bool(module) for module in row] for row in segno.make(token, error="m", boost_error=False).matrix]


def drawn(picture: ET.Element) -> list[list[bool]]:
    """The dark modules, from the strokes of the path: each begins relative to where the last has ended."""
    path = next(each for each in picture.iter() if each.attrib.get("stroke"))
    rows = [[False] * 37 for _ in range(37)]
    x, y = 0.0, 0.0
    for stroke in path.attrib["d"].replace("M", "m").split("m")[1:]:
        move, length = stroke.split("h")
        across, down = (float(each) for each in move.replace("-", " -").split())
        x, y = x + across, y + down
        for column in range(int(x), int(x) + int(length)):
            rows[int(y - 0.5) - 4][column - 4] = True
        x += int(length)
    return rows


def saved(code: segno.QRCode) -> bytes:
    file = BytesIO()
    code.save(file, kind="png", scale=8, light="#fff")
    return file.getvalue()


def refused(passes: SealedPasses, token: str) -> None:
    with pytest.raises(Rejected) as refusal:
        passes.read(token)
    assert refusal.value.code == "pass_forged"
