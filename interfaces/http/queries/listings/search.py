"""Searching the published listings: by words, place, price in any currency, and what the categories declare."""

import re
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Annotated, Any, Literal, TypeVar

from litestar import Controller, Request
from litestar.params import QueryParameter

from domain.decider import Rejected
from domain.listings.attributes import CATEGORIES
from domain.listings.schema import Attribute
from domain.listings.units import FACTORS, parsed
from domain.values import Value
from interfaces.http.caller import anyone
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.listings.listings import Category, Kind
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings.answer import Found, completed, results
from projections.listings.criteria import RANGES, VALUES, Bounds, Circle, Criteria, Sort
from projections.listings.index import index
from projections.listings.prices import Exchange, Prices
from projections.listings.request import completion, search_request
from projections.rates import UnknownRate
from projections.search import SearchEngine

F = TypeVar("F", bound=Callable[..., Any])

Words = Annotated[str, QueryParameter(max_length=200, description="Words to be found; typos are forgiven in longer ones.")]
Currency = Annotated[str, QueryParameter(pattern="^[A-Z]{3}$", description="ISO 4217: of the bounds, and prices are shown in it too.")]
PriceMin = Annotated[int | None, QueryParameter(name="priceMin", ge=0, le=10**13, description="In minor units of `currency`.")]
PriceMax = Annotated[int | None, QueryParameter(name="priceMax", ge=0, le=10**13, description="In minor units of `currency`.")]
NEAR = {
    "pattern": r"^-?(90(\.0{1,15})?|[0-8]?[0-9](\.[0-9]{1,15})?),-?(180(\.0{1,15})?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,15})?)$",
    "examples": ["47.24,8.72"],
}
Near = Annotated[str | None, QueryParameter(max_length=60, description="`latitude,longitude` in WGS 84 degrees.", schema_extra=NEAR)]
Radius = Annotated[float | None, QueryParameter(name="radiusKm", gt=0, le=20_000, description="Around `near`.")]
Countries = Annotated[list[str] | None, QueryParameter(max_items=50, description="ISO 3166-1 alpha-2.")]
Order = Annotated[Sort | None, QueryParameter(description="`relevance` where there are words, else `newest`.")]
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=1000, description="`next` of the page before, of the same search.")]

POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)


class Suggestions(Value, frozen=True):
    items: list[str]


def filters() -> Mapping[str, Any]:
    """The parameters that the categories' attributes make: `maker`, `type`, `yearMin`, `lengthMax` and so on."""
    made: dict[str, Any] = {}
    for name, attribute in VALUES.items():
        each: Any = str if not attribute.choices else Literal.__getitem__(choices_of(name))  # type: ignore[attr-defined]
        about = QueryParameter(max_items=50, description=f"{attribute.title}; given several times, any of them.")
        made[name] = Annotated[list[each] | None, about]
    for name, attribute in RANGES.items():
        unit = f", in {attribute.unit} or with a unit ({', '.join(FACTORS[attribute.unit])})" if attribute.unit else ""
        for end, word in (("Min", "at least"), ("Max", "at most")):
            about = QueryParameter(max_length=40, description=f"{attribute.title}, {word}{unit}.")
            made[f"{name}{end}"] = Annotated[str | None, about]
    return made


def choices_of(name: str) -> tuple[str, ...]:
    """The choices of all categories that declare the attribute."""
    declared = [each.attributes[name].choices for each in CATEGORIES.values() if name in each.attributes]
    return tuple(dict.fromkeys(slug for choices in declared for slug in choices))


def taking(parameters: Mapping[str, Any]) -> Callable[[F], F]:
    """Spells `**filters` out, so that every parameter is validated, documented and known by name."""

    def spelled_out(handler: F) -> F:
        own = signature(handler)
        kept = [each for each in own.parameters.values() if each.kind is not Parameter.VAR_KEYWORD]
        added = [Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=each) for name, each in parameters.items()]
        handler.__signature__ = own.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
        handler.__annotations__ = {each.name: each.annotation for each in (*kept, *added)} | {"return": own.return_annotation}
        return handler

    return spelled_out


class SearchQueries(Controller):
    path = "/v1/search"
    tags = ("search",)

    @get(
        "/",
        guards=[anyone],
        opt={"projection": index.name},
        responses=problems("bad_cursor", "invalid_search", "search_unavailable"),
    )
    @taking(filters())
    async def search(
        self,
        engine: Given[SearchEngine],
        exchange: Given[Exchange],
        request: Request[Any, Any, Any],
        q: Words = "",
        kind: Kind = None,
        category: Category = None,
        currency: Currency = "EUR",
        price_min: PriceMin = None,
        price_max: PriceMax = None,
        near: Near = None,
        radius: Radius = None,
        country: Countries = None,
        sort: Order = None,
        limit: Limit = 20,
        cursor: Cursor = None,
        **filters: Any,
    ) -> Found:
        """Published listings that fulfil every condition; prices also in `currency`, at the day's rates.

        The first page has counts of what else could be chosen: each facet counts by all conditions but its own.
        """
        if "min-position" in request.headers:
            await engine.refresh(index)  # indexed by now, since the route has waited; and then found, too
        prices = prices_in(exchange, currency, await engine.values(index, "price.currency"))
        criteria = Criteria(
            currency,
            q.strip(),
            kind,
            category,
            Bounds(price_min, price_max),
            circle(near, radius),
            tuple(sorted(country or ())),
            {name: tuple(sorted(filters[name])) for name in VALUES if filters[name]},
            {name: found for name, attribute in RANGES.items() if (found := bounds(attribute, filters)) != (None, None)},
            sort or (Sort.RELEVANCE if q.strip() else Sort.NEWEST),
            limit,
        )
        if criteria.sort is Sort.DISTANCE and criteria.near is None:
            raise Problem(422, "invalid_search", "A distance needs a point: send `near` too.", parameter="sort")
        return results(await engine.search(index, search_request(criteria, prices, cursor)), criteria, prices)

    @get("/suggestions", guards=[anyone], responses=problems("search_unavailable"))
    async def suggestions(
        self,
        engine: Given[SearchEngine],
        q: Annotated[str, QueryParameter(min_length=1, max_length=100, description="What has been typed so far.")],
    ) -> Suggestions:
        """Titles and makers of published listings that begin so, at most ten."""
        return Suggestions(completed(await engine.search(index, completion(q))))


def prices_in(exchange: Exchange, currency: str, among: frozenset[str]) -> Prices:
    """Only currencies that listings are priced in are compared, not the whole world's: that halves the work of a search."""
    try:
        return exchange.prices(currency, among)
    except UnknownRate as unknown:
        raise Problem(422, "invalid_search", f"There is {unknown}.", parameter="currency") from unknown


def circle(near: str | None, radius: float | None) -> Circle | None:
    if near is None:
        if radius is not None:
            raise Problem(422, "invalid_search", "A radius needs a point: send `near` too.", parameter="radiusKm")
        return None
    found = POINT.fullmatch(near)
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise Problem(400, "invalid_parameter", "Send latitude,longitude in degrees.", parameter="near")
    return Circle(float(found[1]), float(found[2]), radius)


def bounds(attribute: Attribute, filters: Mapping[str, str | None]) -> Bounds:
    return Bounds(bound(attribute, "Min", filters), bound(attribute, "Max", filters))


def bound(attribute: Attribute, end: str, filters: Mapping[str, str | None]) -> float | None:
    name = f"{attribute.name}{end}"
    text = filters[name]
    try:
        return None if text is None else parsed(text, attribute)
    except Rejected as refused:
        raise Problem(422, "invalid_search", refused.detail, parameter=name) from refused
