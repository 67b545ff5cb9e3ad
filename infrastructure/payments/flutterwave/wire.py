"""How Flutterwave's API of version 3 is reached, and how it writes amounts: in major units."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import httpx
import msgspec

from application.ports import Unavailable
from domain.currencies import EXPONENTS
from infrastructure.environ import Flutterwave as FlutterwaveSettings

NAME = "flutterwave"
TIMEOUT = 20
MOST_PAGES = 1_000


class Wire:
    def __init__(self, settings: FlutterwaveSettings) -> None:
        self._http = httpx.Client(
            base_url=settings.url,
            timeout=TIMEOUT,
            headers={"Authorization": f"Bearer {settings.key.reveal()}", "Accept": "application/json"},
        )

    def close(self) -> None:
        self._http.close()

    def ask(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and answer; what it refuses for a wrong key may be asked again once that is put right."""
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise Unavailable(NAME) from error
        if answer.status_code in {401, 403, 429} or answer.status_code >= 500:
            raise Unavailable(NAME)
        try:
            return answer.status_code, msgspec.json.decode(answer.content, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise Unavailable(NAME) from error

    def pages(self, path: str, asked: Mapping[str, str]) -> Iterable[Any]:
        """All of a list. That it found nothing may come as an error; any other is no answer, least of all that there is nothing."""
        for page in range(1, MOST_PAGES):
            status, answer = self.ask("GET", path, params={**asked, "page": str(page)})
            if status >= 400 and not refusal(answer).startswith("no_"):
                raise Unavailable(NAME)
            found = answer.get("data") or []
            yield from found
            total = (answer.get("meta") or {}).get("page_info", {}).get("total_pages", 1)
            if not found or page >= total:
                return


def slug(said: str) -> str:
    """Its words of refusal, as a code."""
    parts = "".join(each if each.isalnum() else "_" for each in said.lower())
    return "_".join(filter(None, parts.split("_")))[:60] or "refused"


def refusal(answer: Mapping[str, Any]) -> str:
    return slug(str(answer.get("message") or "refused"))


def major(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-EXPONENTS[currency])


def minor(amount: Decimal, currency: str) -> int:
    """Fractions of the smallest unit, which it has in fees, are rounded up: they are ours to bear."""
    exact = amount.scaleb(EXPONENTS.get(currency, 2))
    return int(exact.to_integral_value(rounding="ROUND_CEILING"))
