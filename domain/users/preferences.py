"""How a user wants to be served: language, currency, units, and which notices by which channel."""

from collections.abc import Mapping
from typing import Literal

from domain.values import Value

Language = Literal["da", "de", "en", "es", "fr", "it", "nb", "nd", "nl", "pt", "sn", "sv", "sw", "zu"]
"""Languages that may be asked for, as BCP 47 tags."""

Currency = Literal["CHF", "DKK", "EUR", "GBP", "KES", "NGN", "NOK", "SEK", "USD", "ZAR", "ZWG"]
"""Currencies that amounts may be shown in, by ISO 4217."""

Units = Literal["metric", "imperial"]
Notice = Literal["listings", "inquiries", "orders", "deliveries", "payments", "stock", "groups", "group_digest"]
Channel = Literal["email", "sms"]


class Preferences(Value, frozen=True):
    """Plain text where the lists above may shrink one day, since history must stay readable.

    `notices` names the channels per kind of notice; a kind that is missing comes by mail. What concerns the account itself (a
    changed password, a suspension) is always sent.
    """

    language: str = "en"
    currency: str = "EUR"
    units: str = "metric"
    marketing: bool = False
    notices: Mapping[str, tuple[str, ...]] = {}

    def wants(self, notice: Notice, channel: Channel) -> bool:
        return channel in self.notices.get(notice, ("email",))
