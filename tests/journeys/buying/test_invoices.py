"""H6: what Cara pays is billed by its seller, mailed to her with the paper, and credited where money goes back."""

from typing import Any

from tests.infrastructure.invoices.reading import pages
from tests.journeys.buying.test_orders import bought
from tests.journeys.listings.test_listings import ANA
from tests.journeys.market import CARA, Basket, Market
from tests.journeys.town import Person, answered

SEAT = {"name": "Anas Hof", "lines": ["Hofweg 2"], "locality": "Küsnacht", "postalCode": "8700", "country": "CH"}
DETAILS = {
    "name": "Anas Hof GmbH",
    "address": SEAT,
    "vatNumber": "CHE-116.281.710 MWST",
    "registration": "CH-020.3.030.111-7",
    "terms": "Empty bottles are taken back.",
    "timezone": "Europe/Zurich",
}


def paper(by: Person, id: str) -> str:
    """All pages of its PDF, as text."""
    response = by.ask("GET", f"/v1/invoices/{id}/pdf")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    return "\n".join(pages(response.content))


def mailed(market: Market, to: str, subject: str) -> list[tuple[str, bytes]]:
    """What came with the mails of this subject."""
    market.settle()
    mails = market.container.mailbox.newest(50, to=to)
    return [(file.name, file.content) for mail in mails if mail.subject.startswith(subject) for file in mail.files]


def invoices(by: Person, **asked: str) -> list[Any]:
    return by.get("/v1/invoices?" + "&".join(f"{name}={value}" for name, value in asked.items()))["items"]


def test_what_is_paid_is_billed_and_the_paper_comes_by_mail(market: Market):
    market.ana.put("/v1/me/billing-details", DETAILS)
    assert market.ana.get("/v1/me/billing-details")["vatNumber"] == "CHE116281710MWST"
    order = bought(market, Basket(market.cara))
    (invoice,) = invoices(market.cara, order=order)
    assert (invoice["kind"], invoice["number"][-6:], invoice["total"]) == ("invoice", "-00001", {"amount": 1410, "currency": "CHF"})
    assert [(each["line"], each["taxRate"], each["total"]["amount"]) for each in invoice["items"]] == [(1, 260, 1020), (0, 810, 390)]
    assert [(each["rate"], each["net"]["amount"], each["tax"]["amount"]) for each in invoice["taxes"]] == [(810, 361, 29), (260, 994, 26)]
    assert market.cara.get(f"/v1/invoices/{invoice['id']}") == invoice
    text = paper(market.cara, invoice["id"])
    seller, buyer = ("Anas Hof GmbH", "VAT no. CHE116281710MWST", "Empty bottles are taken back."), ("Cara", "8712 Stäfa")
    for said in (invoice["number"], *seller, *buyer, "Total CHF\n14.10", "VAT 2.6 % on 9.94"):
        assert said in text
    ((name, file),) = mailed(market, CARA, "Invoice INV-")
    assert name == f"{invoice['number']}.pdf"
    assert file == market.ana.ask("GET", f"/v1/invoices/{invoice['id']}/pdf").content


def test_each_seller_of_a_checkout_bills_his_own_part(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    cart.put(market.bread, 1)
    cart.buy(1860, slot=market.slot)
    market.settle()
    assert sorted(each["total"]["amount"] for each in invoices(market.cara)) == [569, 1291]
    assert [each["total"]["amount"] for each in invoices(market.ana, side="given")] == [1291]
    assert [each["total"]["amount"] for each in invoices(market.bea)] == [569]
    assert {each["number"][-6:] for each in invoices(market.cara)} == {"-00001"}
    assert len(mailed(market, CARA, "Invoice INV-")) == 2


def test_what_goes_back_is_credited_for_the_pieces_that_it_is_for(market: Market):
    cart = Basket(market.cara)
    order = bought(market, cart)
    body = {"parts": [{"line": 1, "quantity": 2}], "reason": "damaged"}
    cart.by = market.ana
    cart.step(order, "cancel-lines", body)
    market.settle()
    (note,) = invoices(market.cara, order=order, kind="credit_note")
    (invoice,) = invoices(market.cara, order=order, kind="invoice")
    assert (note["invoiceId"], note["invoiceNumber"]) == (invoice["id"], invoice["number"])
    assert (note["number"][:3], note["total"]["amount"], note["reason"]) == ("CN-", 340, "damaged")
    assert [(each["line"], each["quantity"]) for each in note["items"]] == [(1, 2)]
    assert "Total credit CHF\n3.40" in paper(market.cara, note["id"])
    cart.step(order, "cancel", {"reason": "out_of_stock"})
    market.settle()
    notes = invoices(market.cara, order=order, kind="credit_note")
    assert sum(each["total"]["amount"] for each in notes) == 1410
    assert sum(each["tax"]["amount"] for each in notes) == invoice["tax"]["amount"]
    assert sorted(each["number"][-6:] for each in notes) == ["-00001", "-00002"]
    assert len(mailed(market, CARA, "Credit note CN-")) == 2


def test_a_guest_gets_the_paper_by_mail(market: Market):
    cart = Basket(market.guest())
    cart.put(market.milk, 6)
    cart.buy(1410, slot=market.slot, contact="gus@example.org")
    ((name, file),) = mailed(market, "gus@example.org", "Invoice INV-")
    assert name.startswith("INV-")
    assert "Total CHF\n14.10" in pages(file)[0]
    (mail,) = [each for each in market.container.mailbox.newest(50, to="gus@example.org") if each.subject.startswith("Invoice")]
    (link,) = [each.removeprefix("https://tradewind.example") for each in mail.links if "/v1/invoices/" in each]
    assert market.guest().ask("GET", link).content == file
    invoice = market.guest().get(link.replace("/pdf", ""))
    assert invoice["number"] == name.removesuffix(".pdf")
    other = Basket(market.guest())
    other.put(market.milk, 1)
    assert answered(other.ask("GET", f"/v1/invoices/{invoice['id']}/pdf"), 404) == ("invoice_not_found", None)
    assert market.guest().get("/v1/invoices", 401) == ("unauthenticated", None)


def test_a_paper_is_for_its_seller_its_buyer_admins_and_auditors(market: Market):
    bought(market, Basket(market.cara))
    (invoice,), stan = invoices(market.cara), market.staff()
    for path in (f"/v1/invoices/{invoice['id']}", f"/v1/invoices/{invoice['id']}/pdf"):
        assert market.bea.get(path, 404) == ("invoice_not_found", None)
        assert stan.get(path, 404) == ("invoice_not_found", None)
        assert market.guest().get(path, 404) == ("invoice_not_found", None)
        for reader in (market.cara, market.ana, market.admin()):
            assert reader.ask("GET", path).status_code == 200
    assert invoices(market.bea) == []
    assert [each["id"] for each in invoices(market.admin())] == [invoice["id"]]


def test_what_cannot_stand_on_a_paper_is_refused_by_its_field(market: Market):
    wrong = {**DETAILS, "vatNumber": "CHE-116.281.711"}
    assert market.ana.ask("PUT", "/v1/me/billing-details", wrong).json()["pointer"] == "/vatNumber"
    assert market.ana.put("/v1/me/billing-details", {**DETAILS, "timezone": "Mars/Olympus"}, 422) == ("timezone_unknown", "/timezone")
    assert market.ana.get("/v1/me/billing-details")["name"] == ""
    assert market.cara.get("/v1/invoices?kind=bill", 400) == ("invalid_parameter", None)


def test_a_business_in_another_country_of_the_union_owes_the_tax_itself(market: Market):
    berlin = {**SEAT, "country": "DE", "postalCode": "10115", "locality": "Berlin"}
    market.ana.put("/v1/me/billing-details", {**DETAILS, "address": berlin, "vatNumber": "DE136695976"})
    cart, lyon = Basket(market.cara), {**SEAT, "name": "Cara SARL", "country": "FR", "postalCode": "69001", "locality": "Lyon"}
    cart.put(market.milk, 6)
    assert cart.preview(country="FR", postalCode="69001", vatNumber="FR40303265046", status=422) == ("vat_number_invalid", "/vatNumber")
    assert cart.preview(country="FR", postalCode="69001")["total"]["amount"] == 1020
    shown = cart.preview(country="FR", postalCode="69001", vatNumber="FR40 303 265 045")
    assert (shown["total"]["amount"], shown["tax"]["amount"], shown["orders"][0]["reverseCharge"]) == (966, 0, True)
    cart.buy(966, address=lyon, vatNumber="FR40303265045")
    market.settle()
    (invoice,) = invoices(market.cara)
    assert (invoice["reverseCharge"], invoice["tax"]["amount"], invoice["total"]["amount"]) == (True, 0, 966)
    text = paper(market.cara, invoice["id"])
    for said in ("VAT no. DE136695976", "Cara SARL", "VAT no. FR40303265045", "Reverse charge", "Total CHF\n9.66"):
        assert said in text


def test_what_was_never_paid_is_never_billed(market: Market):
    cart = Basket(market.cara)
    cart.put(market.milk, 6)
    cart.buy(1410, slot=market.slot, payment={"provider": "sandbox", "method": "4000000000000002"})
    market.settle()
    assert invoices(market.cara) == []


def test_ana_s_mail_has_no_papers_of_others(market: Market):
    bought(market, Basket(market.cara))
    assert mailed(market, ANA, "Invoice INV-") == []


def test_a_seller_sees_what_is_held_for_him_and_what_is_due(market: Market):
    assert market.ana.get("/v1/sellers/me/balance") == {"items": []}
    cart = Basket(market.cara)
    order = bought(market, cart)
    (held,) = market.ana.get("/v1/sellers/me/balance")["items"]
    assert (held["held"]["currency"], held["held"]["amount"] > 0, held["due"]["amount"], held["paid"]["amount"]) == ("CHF", True, 0, 0)
    cart.by = market.ana
    for step in ("pack", "dispatch", "deliver"):
        cart.step(order, step)
    market.settle()
    (due,) = market.ana.get("/v1/sellers/me/balance")["items"]
    assert (due["held"]["amount"], due["due"]) == (0, held["held"])
    assert market.cara.get("/v1/sellers/me/balance") == {"items": []}
