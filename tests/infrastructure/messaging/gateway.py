"""A stand-in for an SMS gateway, which answers as Twilio's documentation of its Messages resource says.

POST /2010-04-01/Accounts/{AccountSid}/Messages.json with a form of To, From and Body, by HTTP Basic authentication: 201 with the
message's `sid` and `status`; errors are JSON with `code`, `message`, `more_info` and `status`. GET of the same lists messages by To and
From, the newest first.
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN, SENDER = "AC0123456789abcdef0123456789abcdef", "a token with a / in it", "+15005550006"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

NOT_A_NUMBER = 21211
UNSUBSCRIBED = 21610
NOT_LET_IN = 20003
TOO_MANY = 20429
FAULT = 20500


class Gateway:
    """`trouble` is what it answers instead of taking a message: a status with an error's number; status 0 drops the line.

    While `deaf`, it takes messages and then answers with that trouble; while `mute`, its list too.
    """

    def __init__(self) -> None:
        self.taken: list[Mapping[str, str]] = []
        self.trouble: tuple[int, int] | None = None
        self.deaf = self.mute = False
        self.ago = timedelta(0)
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
                sent = {name: values[0] for name, values in form.items()}
                let_in = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
                if self.path != PATH:
                    self.answer(404, error(20404, 404))
                elif self.headers["Authorization"] != f"Basic {let_in}":
                    self.answer(401, error(NOT_LET_IN, 401))
                elif gateway.trouble:
                    if gateway.deaf:
                        gateway.take(sent)
                    self.refuse(*gateway.trouble)
                elif not re.fullmatch(r"\+[1-9]\d{6,14}", sent["To"]):
                    self.answer(400, error(NOT_A_NUMBER, 400))
                else:
                    gateway.take(sent)
                    self.answer(201, {"sid": f"SM{len(gateway.taken):032}", "status": "queued", **sent})

            def do_GET(self) -> None:
                if gateway.mute and gateway.trouble:
                    self.refuse(*gateway.trouble)
                    return
                asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                found = [each for each in gateway.taken if (each["To"], each["From"]) == (asked["To"], asked["From"])]
                created = format_datetime(datetime.now(UTC) - gateway.ago)
                self.answer(200, {"messages": [{"body": each["Body"], "date_created": created} for each in reversed(found)]})

            def refuse(self, status: int, code: int) -> None:
                if status == 0:
                    self.close_connection = True
                    return
                self.answer(status, error(code, status))

            def answer(self, status: int, body: Mapping[str, object]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def take(self, sent: Mapping[str, str]) -> None:
        self.taken.append(sent)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def error(code: int, status: int) -> Mapping[str, object]:
    return {"code": code, "message": "Something about it.", "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}
