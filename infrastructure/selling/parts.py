"""Everything that offers and sells, put together: listings; carts, checkouts and orders."""

from collections.abc import Mapping
from typing import Any

from application.commands.buying.addresses import ChangeAddress
from application.commands.buying.carts import MergeCarts, PutInCart, Reorder, TakeUpCart
from application.commands.buying.quotes import Quotes
from application.commands.checkouts import CheckOut
from application.commands.inquiries import AskSeller
from application.commands.listings import DraftProduct, KeepFavourite, SetVariants
from application.commands.tiers import PutFirst, PutOnOffer, ShowImages, TakeFromOffer
from application.handler import Handler
from infrastructure.security.signed_ids import SignedIds
from infrastructure.settings import Settings


class Listing:
    """`commands` are what routes are given, by name."""

    def __init__(self, handle: Handler) -> None:
        self.commands: Mapping[str, Any] = {
            "ask_seller": AskSeller(handle),
            "keep_favourite": KeepFavourite(handle),
            "draft_product": DraftProduct(handle),
            "set_variants": SetVariants(handle),
            "put_on_offer": PutOnOffer(handle),
            "put_first": PutFirst(handle),
            "show_images": ShowImages(handle),
            "take_from_offer": TakeFromOffer(handle),
        }


class Selling:
    """`guests` makes and reads the tokens of guests; `commands` are what routes are given, by name."""

    def __init__(self, settings: Settings, handle: Handler) -> None:
        quotes, merge_carts = Quotes(handle), MergeCarts(handle)
        self.guests = SignedIds(settings.key("guests"))
        self.check_out = CheckOut(handle, quotes)
        self.commands: Mapping[str, Any] = {
            "put_in_cart": PutInCart(handle),
            "merge_carts": merge_carts,
            "take_up_cart": TakeUpCart(merge_carts, self.guests.read),
            "reorder": Reorder(handle),
            "quotes": quotes,
            "check_out": self.check_out,
            "change_address": ChangeAddress(handle),
            "handle": handle,
        }
