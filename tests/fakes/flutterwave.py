"""A stand-in for Flutterwave's API of version 3, over HTTP, as its documentation describes it, with its error answers."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Flutterwave:
    """Its books. `fail`: how the next request is answered, once; `lose`: the next one is done, and its answer lost.

    `per_page` is how many things a page holds.
    """

    def __init__(self) -> None:
        self.links: dict[str, dict[str, Any]] = {}
        self.transactions: dict[int, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.transfers: list[dict[str, Any]] = []
        self.lose = False
        self.fail = 0
        self.per_page = 1

    def pay(self, reference: str, status: str = "successful", **more: Any) -> dict[str, Any]:
        """What the payer does on its page."""
        asked = self.links[reference]
        id = 1000 + len(self.transactions)
        self.transactions[id] = {
            "id": id,
            "tx_ref": reference,
            "flw_ref": f"FLW-{id}",
            "amount": float(asked["amount"]),
            "currency": asked["currency"],
            "charged_amount": float(asked["amount"]),
            "app_fee": 1.4,
            "processor_response": "Approved" if status == "successful" else "Insufficient Funds",
            "status": status,
            "payment_type": "card",
            **more,
        }
        return self.transactions[id]

    def answer(self, method: str, path: list[str], given: dict[str, Any]) -> tuple[int, Any]:
        match method, path:
            case "POST", ["payments"]:
                if float(given["amount"]) <= 0:
                    return 400, error("amount must be greater than 0")
                self.links[given["tx_ref"]] = given
                return 200, success("Hosted Link", {"link": f"https://checkout.example/{given['tx_ref']}"})
            case "GET", ["transactions", "verify_by_reference"]:
                found = [each for each in self.transactions.values() if each["tx_ref"] == given["tx_ref"]]
                return (200, success("Transaction fetched successfully", found[-1])) if found else nothing()
            case "GET", ["transactions", id, "verify"]:
                one = self.transactions.get(int(id))
                return (200, success("Transaction fetched successfully", one)) if one else nothing()
            case "POST", ["transactions", id, "refund"]:
                return self.refund(self.transactions[int(id)], given)
            case "GET", ["transactions"]:
                return self.page(list(self.transactions.values()), given)
            case "GET", ["refunds"]:
                return self.page(self.refunds, given)
            case "POST", ["transfers"]:
                return self.transfer(given)
            case "GET", ["transfers"]:
                wanted = given.get("reference")
                return self.page([each for each in self.transfers if wanted in {None, each["reference"]}], given)
            case "GET", ["transfers", id]:
                sent = next((each for each in self.transfers if each["id"] == int(id)), None)
                return (200, success("Transfer fetched", sent)) if sent else (404, error("Transfer not found"))
            case _:
                return 404, error("Not found")

    def refund(self, paid: dict[str, Any], given: dict[str, Any]) -> tuple[int, Any]:
        gone = sum(each["amount_refunded"] for each in self.refunds if each["tx_id"] == paid["id"])
        if gone + float(given["amount"]) > paid["amount"]:
            return 400, error("Refund amount exceeds transaction amount")
        made = {
            "id": 50 + len(self.refunds),
            "tx_id": paid["id"],
            "amount_refunded": float(given["amount"]),
            "status": "completed-mpgs",
            "comments": given["comments"],
        }
        self.refunds.append(made)
        return 200, success("Transaction refund initiated", made)

    def transfer(self, given: dict[str, Any]) -> tuple[int, Any]:
        if float(given["amount"]) <= 0:
            return 400, error("amount should be greater than 0")
        if any(each["reference"] == given["reference"] for each in self.transfers):
            return 400, error("Transfer with reference already exists")
        if missing := lacking(given):
            return 400, error(f"{missing} is required")
        made = {
            "id": 190 + len(self.transfers),
            "account_number": given.get("account_number", "FOREIGN-ACCOUNT"),
            "bank_code": given.get("account_bank", "FOREIGN-BANK"),
            "full_name": given["beneficiary_name"],
            "currency": given["currency"],
            "debit_currency": given["debit_currency"],
            "amount": given["amount"],
            "fee": 26.875,
            "status": "NEW",
            "reference": given["reference"],
            "meta": given.get("meta"),
            "narration": given["narration"],
            "complete_message": "",
            "requires_approval": 0,
            "is_approved": 1,
        }
        self.transfers.append(made)
        return 200, success("Transfer Queued Successfully", made)

    def arrive(self, status: str = "SUCCESSFUL", said: str = "Transaction was successful") -> dict[str, Any]:
        """What becomes of the newest transfer."""
        self.transfers[-1] |= {"status": status, "complete_message": said}
        return self.transfers[-1]

    def page(self, things: list[Any], given: dict[str, Any]) -> tuple[int, Any]:
        number = int(given["page"])
        some = things[(number - 1) * self.per_page : number * self.per_page]
        info = {"total": len(things), "current_page": number, "total_pages": -(-len(things) // self.per_page)}
        return 200, {**success("Fetched", some), "meta": {"page_info": info}}


LOCAL = ("account_bank", "account_number")
HOLDER = ("first_name", "last_name", "email", "mobile_number", "recipient_address")
FOREIGN = ("account_number", "routing_number", "swift_code", "bank_name", "beneficiary_name", "beneficiary_country")
STREET = ("postal_code", "street_number", "street_name", "city")


def lacking(given: dict[str, Any]) -> str:
    """What its pages on accounts by country show, and this request has not: in `meta` for South Africa, else in the first of its list."""
    meta = given.get("meta")
    if given["currency"] in {"EUR", "GBP"} or isinstance(meta, list):
        wanted, said = (*FOREIGN, *(("beneficiary_address", "email") if given["currency"] == "USD" else STREET)), meta[0] if meta else {}
    else:
        wanted, said = (*LOCAL, *(HOLDER if given["currency"] == "ZAR" else ())), {**(meta or {}), **given}
    return next((name for name in wanted if not said.get(name)), "")


def success(message: str, data: Any) -> dict[str, Any]:
    return {"status": "success", "message": message, "data": data}


def error(message: str) -> dict[str, Any]:
    return {"status": "error", "message": message, "data": None}


def nothing() -> tuple[int, Any]:
    return 400, error("No transaction was found for this id")


class Answering(BaseHTTPRequestHandler):
    books: Flutterwave

    def do_GET(self) -> None:
        self.respond("GET", dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        self.respond("POST", json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0)))))

    def respond(self, method: str, given: dict[str, Any]) -> None:
        if self.headers["Authorization"] != "Bearer FLWSECK_TEST":
            self.send(401, error("Invalid authorization key"))
            return
        if self.books.fail:
            status, self.books.fail = self.books.fail, 0
            self.send(status, error("Not now"))
            return
        path = urlsplit(self.path).path.removeprefix("/v3/").split("/")
        answer = self.books.answer(method, path, given)
        if self.books.lose:
            self.books.lose = False
            self.close_connection = True
            return
        self.send(*answer)

    def send(self, status: int, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests are quiet."""


@contextmanager
def standing_in() -> Generator[tuple[Flutterwave, str]]:
    """The books, and the address of the API."""
    books = Flutterwave()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Answering,), {"books": books}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield books, f"http://127.0.0.1:{server.server_port}/v3"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
