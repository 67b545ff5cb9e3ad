"""Tokens as QR codes, to be shown on a phone or printed."""

from io import BytesIO

import segno

from projections.groups.passes.ports import Picture

PIXELS = 8
"""A module is so many pixels wide: a token's code has some 360 of them, which the cheapest screens show whole."""


class QrCodes:
    def picture(self, token: str, form: Picture) -> bytes:
        """With the error correction M, which makes good for a scratched screen; the margin is the norm's four modules."""
        code = segno.make(token, error="m", micro=False, boost_error=False)
        file = BytesIO()
        if form == "svg":
            code.save(file, kind="svg", light="#fff", omitsize=True, svgclass=None, lineclass=None, title="Pick-up pass")
        else:
            code.save(file, kind="png", scale=PIXELS, light="#fff")
        return file.getvalue()
