"""Who has a part in a payment: one share for each order of the checkout, together exactly the amount."""

from collections.abc import Sequence

from domain.trade import Share


def parts(total: int, weights: Sequence[int]) -> list[int]:
    """`total` split by weights into whole units that add up to it exactly: the largest remainders get what is left over.

    Of equal remainders the earlier is served first; with no weight at all everything goes to the first.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole == 0:
        return [total, *(0 for _ in weights[1:])]
    found = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda each: (-(total * weights[each] % whole), each))
    for each in by_remainder[: total - sum(found)]:
        found[each] += 1
    return found


def scaled(shares: Sequence[Share], total: int) -> tuple[Share, ...]:
    """The same orders with a part of `total` each, in proportion."""
    amounts = parts(total, [share.amount for share in shares])
    return tuple(Share(share.order_id, share.seller_id, amount) for share, amount in zip(shares, amounts, strict=True))
