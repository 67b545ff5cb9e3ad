"""What schemathesis is told of this API: how an admin signs in, and which values only the API itself can make up."""

import os
from typing import Any

import httpx
import schemathesis

from tests.journeys.town import ADMIN


@schemathesis.auth()
class Admin:
    def get(self, _case: Any, _context: Any) -> str:
        credentials = {"email": ADMIN[0], "password": ADMIN[1]}
        answer = httpx.post(f"{os.environ['TRADEWIND_CONTRACT_URL']}/v1/sessions", json=credentials, trust_env=False)
        return answer.json()["accessToken"]

    def set(self, case: Any, data: str, _context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """A cursor or a position that was never handed out is of the right form, and still no good."""
    if case.query:
        case.query.pop("cursor", None)
    if case.headers:
        case.headers.pop("Min-Position", None)
    if isinstance(case.body, dict) and case.body.get("waitSeconds") in range(2, 31):
        case.body["waitSeconds"] = 1  # a pull may wait longer than anybody here
