"""A group's page for people, at `/g/…`: what a link in a messenger shows and leads to, whole without scripts and small for any phone."""

from datetime import datetime, timedelta
from html import escape
from uuid import UUID

import msgspec
from litestar import Controller, MediaType, Response
from litestar.params import FromPath

from domain.currencies import EXPONENTS
from domain.groups.values import Status
from domain.values import Money
from interfaces.http.caller import ANONYMOUS, anyone
from interfaces.http.errors import Problem
from interfaces.http.pages.following import SCRIPT
from interfaces.http.pages.policy import headers, with_script
from interfaces.http.queries.groups.groups import stored
from interfaces.http.queries.together import Together
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.page import (
    OPEN,
    seen_by,
    view,
)
from projections.groups.shown import GroupPage
from projections.ports import Clock

HEADERS = headers(with_script(SCRIPT), "no-cache")

STYLE = """
:root{color-scheme:light dark;--back:#f3f1ec;--card:#fff;--ink:#1c2a2e;--soft:#5a6b70;--line:#dfdcd3;--sea:#0b6473;--bar:#e4e9e6}
@media(prefers-color-scheme:dark){:root{--back:#11191b;--card:#182326;--ink:#e9efee;--soft:#9db0b3;--line:#2b3a3e;--sea:#57c2d1;--bar:#2a393c}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:560px;margin:0 auto;padding:20px 16px 40px}
header{color:var(--sea);font-weight:700;letter-spacing:.08em;font-size:13px;margin-bottom:14px}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px;margin-bottom:14px}
h1{font-size:25px;line-height:1.2;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:15px;margin:0 0 10px}p{margin:0 0 8px}p:last-child{margin:0}
.soft{color:var(--soft);font-size:14px}.state{color:var(--sea);font-weight:600}
.price{font-size:30px;font-weight:700;line-height:1.2;margin:14px 0 0}.price small{font-size:15px;font-weight:400;color:var(--soft)}
.bar{height:14px;border-radius:7px;background:var(--bar);overflow:hidden;margin:16px 0 8px}
.bar i{display:block;height:100%;border-radius:7px;background:var(--sea)}
.bar i.some{min-width:6px}
table{width:100%;border-collapse:collapse}td{padding:8px 0;border-top:1px solid var(--line)}tr:first-child td{border:0}
.go{display:inline-block;margin-top:14px;padding:11px 26px;border-radius:8px;background:var(--sea);color:var(--card)}
.go{font-weight:600;text-decoration:none}
td:last-child{text-align:right;font-variant-numeric:tabular-nums}tr.now td{font-weight:700;color:var(--sea)}
ul{list-style:none;margin:0;padding:0}li+li{border-top:1px solid var(--line);margin-top:10px;padding-top:10px}
li b{display:block;overflow-wrap:anywhere}
code{font-size:13px;overflow-wrap:anywhere}
"""

WORDS = {
    Status.GATHERING: "Open to join",
    Status.MINIMUM_REACHED: "Minimum reached, still open to join",
    Status.LOCKED: "Bought together: nobody joins any more",
    Status.SUPPLIER_NOTIFIED: "The supplier has been asked",
    Status.QUOTED: "The supplier has made an offer",
    Status.ACCEPTED: "Agreed with the supplier",
    Status.REJECTED: "Not agreed with the supplier",
    Status.INVOICED: "Ordered",
    Status.SHIPPED: "On its way",
    Status.DELIVERED: "Arrived",
    Status.PICKING_UP: "Ready for pick-up",
    Status.COMPLETED: "Picked up by everybody",
    Status.FAILED: "Did not come about: everybody gets the money back",
    Status.REFUNDING: "Did not come about: everybody gets the money back",
    Status.CLOSED: "Did not come about: everybody got the money back",
}

group_page = msgspec.json.Decoder(GroupPage)


class PublicGroupPage(Controller):
    path = "/g"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/{group_id:uuid}", opt={"projection": view.name})
    async def one(
        self, group_id: FromPath[UUID], group_rows: Given[Together], clock: Given[Clock], site: Given[str], app: Given[str]
    ) -> Response[str]:
        """Of a group by invitation nobody is told here that there is one."""
        group = await found_group(group_rows, group_id)
        return Response(html(group, f"{site}/g/{group.id}", app, clock()), media_type=MediaType.HTML, headers=HEADERS)


async def found_group(group_rows: Together, group_id: UUID) -> GroupPage:
    """Refuses `group_not_found`, of one by invitation as well."""
    found = await group_rows.one(group_id)
    if found is None or not seen_by(found.columns, ANONYMOUS.actor):
        raise Problem(404, "group_not_found")
    return group_page.decode(stored.decode(found.document).page)


def html(group: GroupPage, address: str, app: str, now: datetime) -> str:
    title = f"{group.title}: buy together"
    told = summary(group, now)
    tags = {
        "og:type": "website",
        "og:site_name": "Tradewind",
        "og:title": title,
        "og:description": told,
        "og:url": address,
        "twitter:card": "summary",
        "twitter:title": title,
        "twitter:description": told,
    }
    metas = "".join(
        f'<meta {"name" if name.startswith("twitter") else "property"}="{name}" content="{escape(text)}">' for name, text in tags.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><meta name="description" content="{escape(told)}">{metas}'
        f'<link rel="canonical" href="{escape(address)}"><style>{STYLE}</style></head><body><main><header>TRADEWIND</header>'
        f"{about(group, app, now)}{steps(group)}{places(group)}{terms(group)}</main><script>{SCRIPT}</script></body></html>"
    )


def summary(group: GroupPage, now: datetime) -> str:
    """What a messenger shows under the title."""
    if group.status not in OPEN:
        return WORDS[group.status]
    return f"{money(group.price)} each · {pieces(group)} · {left(group.deadline - now)}"


def about(group: GroupPage, app: str, now: datetime) -> str:
    progress = group.progress
    share = min(100, progress.percent)
    waiting = f" · {progress.waiting} waiting" if progress.waiting else ""
    button = f'<a class="go" href="{escape(joined_at(group, app))}">Join</a>'
    joining = f"{about_to_join(group, now)}{button}" if group.status in OPEN else ""
    return (
        f'<section><h1>{escape(group.title)}</h1><p class="state">{WORDS[group.status]}</p>'
        f'<p class="price">{money(group.price)} <small>each, all included</small></p>'
        f'<div class="bar" role="img" aria-label="{share} percent of the minimum is paid">'
        f'<i class="{"some" if share else ""}" style="width:{share}%"></i></div>'
        f"<p>{pieces(group)} · {people(progress.participants)}{waiting}</p>"
        f"{joining}</section>"
    )


def about_to_join(group: GroupPage, now: datetime) -> str:
    room = f"Room for {max(0, group.maximum - group.progress.reserved)} more; {limits(group)} each."
    return f'<p class="soft">{room}</p><p class="soft">{left(group.deadline - now)}: {moment(group.deadline)}</p>'


def joined_at(group: GroupPage, app: str) -> str:
    """The frontend's page of the group; without a frontend, a page of ours where one joins by telephone."""
    return f"{app}/groups/{group.id}" if app else f"/g/{group.id}/join"


def steps(group: GroupPage) -> str:
    """What a piece costs by how many are paid for; nothing where that makes no difference."""
    found = [(tier.quantity, tier.price) for tier in group.tiers if group.minimum < tier.quantity <= group.maximum]
    if not found or group.status not in OPEN:
        return ""
    base = group.list_price.currency
    reached = [tier.price for tier in group.tiers if tier.quantity <= group.minimum]
    found = [(group.minimum, reached[-1] if reached else group.list_price.amount), *found]
    rows = "".join(
        f"<tr{' class=now' if price == group.price.amount else ''}><td>from {quantity} pieces</td><td>{money(Money(price, base))}</td></tr>"
        for quantity, price in found
    )
    more = group.next_price
    missing = f'<p class="soft">{more.missing} more, and it costs {money(more.price)} for everybody.</p>' if more else ""
    return f"<section><h2>The more, the cheaper</h2>{missing}<table>{rows}</table></section>"


def places(group: GroupPage) -> str:
    rows = "".join(
        f"<li><b>{escape(each.name)}</b>{escape(', '.join(part for part in (each.address, each.place.locality) if part))}"
        f'<p class="soft">{window(each.opens_at, each.closes_at)}</p></li>'
        for each in group.pickups
    )
    return f"<section><h2>Where you pick it up</h2><ul>{rows}</ul></section>"


def terms(group: GroupPage) -> str:
    if group.status not in OPEN:
        return ""
    asked = group.conditions
    rate = f"{asked.fee_rate / 100:g}&nbsp;%"
    return (
        "<section><h2>Good to know</h2>"
        f"<p>Join, then pay within {asked.pay_within // 60} minutes. "
        f"The price holds {money(asked.fee)} for Tradewind ({rate}), nothing is added.</p>"
        f"<p>If fewer than {group.minimum} pieces are paid by the deadline, or the supplier does not deliver, everybody gets everything "
        "back, the fee too. If the price falls until then, everybody gets the difference.</p>"
        f'<p class="soft">Join in the app with the number of the group: <code>{group.id}</code></p></section>'
    )


def pieces(group: GroupPage) -> str:
    paid, minimum = group.progress.paid, group.minimum
    return f"{paid} of {minimum} pieces paid" if paid < minimum else f"{paid} pieces paid, {minimum} needed"


def limits(group: GroupPage) -> str:
    return f"{group.least} piece{'s' if group.least > 1 else ''}" if group.least == group.most else f"{group.least} to {group.most} pieces"


def people(count: int) -> str:
    return "1 trader" if count == 1 else f"{count} traders"


def money(amount: Money) -> str:
    places = EXPONENTS.get(amount.currency, 2)
    return f"{amount.currency} {amount.amount / 10**places:,.{places}f}"


def moment(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b, %H:%M} UTC"


def window(opens_at: datetime, closes_at: datetime) -> str:
    same = opens_at.date() == closes_at.date()
    return (
        f"{opens_at:%a} {opens_at.day} {opens_at:%b, %H:%M} to {closes_at:%H:%M} UTC"
        if same
        else f"{moment(opens_at)} to {moment(closes_at)}"
    )


def left(time: timedelta) -> str:
    """The two largest units, as people say it."""
    if time <= timedelta(0):
        return "Closes now"
    hours, minutes = time.seconds // 3600, time.seconds // 60 % 60
    units = [(time.days, "day"), (hours, "hour"), (minutes, "minute")]
    said = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in units if count]
    return f"Closes in {' '.join(said[:2]) or 'less than a minute'}"
