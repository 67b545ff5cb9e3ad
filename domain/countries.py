"""The countries of the world, and what their postal codes look like where that is regular."""

import re
from collections.abc import Mapping

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH "
    "CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN "
    "GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI "
    "LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM "
    "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD "
    "TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)

COUNTRIES = frozenset(_CODES.split())
"""ISO 3166-1 alpha-2."""

POSTAL_CODES: Mapping[str, re.Pattern[str]] = {
    country: re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern, countries in {
        r"\d{4}": "AT AU BE BG CH CY DK GE HU LI LU NO NZ ZA",
        r"\d{5}": "DE EE ES FI FR HR IT LT MA MX MY RS TH TR UA",
        r"\d{6}": "CN IN RO RU SG",
        r"\d{5}(-\d{4})?": "US",
        r"\d{3} ?\d{2}": "CZ GR SE SK",
        r"\d{2}-\d{3}": "PL",
        r"\d{4}-\d{3}": "PT",
        r"\d{4} ?[A-Z]{2}": "NL",
        r"[A-Z]\d[A-Z] ?\d[A-Z]\d": "CA",
        r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}": "GB",
        r"[A-Z]\d[\dW] ?[A-Z\d]{4}": "IE",
        r"\d{3}-\d{4}": "JP",
        r"\d{5}-?\d{3}": "BR",
    }.items()
    for country in countries.split()
}
"""Of a country that is not here, any postal code or none is taken."""
