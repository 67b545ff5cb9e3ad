"""The pages that links in mails lead to, for installations whose frontend has none: a press of a button redeems the link.

Opening the page redeems nothing, since mail scanners open links too.
"""

from typing import Annotated

from litestar import Controller, MediaType, Response
from litestar.params import QueryParameter

from interfaces.http.caller import anyone
from interfaces.http.pages.policy import headers, with_script
from interfaces.http.routes import get

STYLE = """
body{margin:0;background:#eef2f4;color:#1d2b33;font:16px/1.55 system-ui,sans-serif}
main{max-width:440px;margin:8vh auto;padding:28px 36px 32px;background:#fff;border:1px solid #dbe3e7;border-radius:10px}
strong{color:#0b6473;letter-spacing:.06em;font-size:15px}h1{font-size:24px;line-height:1.25;margin:18px 0 14px}
label{display:block;font-size:14px;color:#51646e}
input{box-sizing:border-box;width:100%;font:inherit;padding:10px 12px;margin:4px 0 16px;border:1px solid #c8d3d9;border-radius:7px}
button{font:inherit;font-weight:600;padding:12px 26px;border:0;border-radius:7px;background:#0b6473;color:#fff;cursor:pointer}
button:disabled{opacity:.5}output{display:block;margin-top:16px}
"""

SCRIPT = """
const form = document.querySelector("form"), answer = document.querySelector("output"), button = document.querySelector("button");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  const body = { token: new URLSearchParams(location.search).get("token") ?? "", ...Object.fromEntries(new FormData(form)) };
  try {
    const response = await fetch(form.dataset.redeem, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (response.ok) { form.hidden = true; answer.textContent = form.dataset.done; return; }
    const problem = await response.json();
    answer.textContent = problem.detail || problem.title;
  } catch { answer.textContent = "The server cannot be reached. Try again in a moment."; }
  button.disabled = false;
});
"""

HEADERS = headers(with_script(SCRIPT))

FIELDS = (
    '<label>New password<input name="password" type="password" autocomplete="new-password" minlength="8" maxlength="256" required></label>'
)

Token = Annotated[str, QueryParameter()]


class AccountPages(Controller):
    path = "/account"
    guards = [anyone]  # noqa: RUF012 - Litestar's declaration
    include_in_schema = False

    @get("/verify-email", sync_to_thread=False)
    def verify_email(self, token: Token = "") -> Response[str]:
        """Redeems the link of a new account."""
        return page(token, "Confirm your e-mail address", "/v1/email-verifications/redeem", "Confirm", "Your address is confirmed.")

    @get("/confirm-email", sync_to_thread=False)
    def confirm_email(self, token: Token = "") -> Response[str]:
        """Redeems the link to a new address."""
        return page(token, "Confirm your new address", "/v1/email-verifications/redeem", "Confirm", "Your new address is in use.")

    @get("/reset-password", sync_to_thread=False)
    def reset_password(self, token: Token = "") -> Response[str]:
        """Redeems the link to a new password."""
        done = "Your password was changed. Sign in with it."
        return page(token, "Choose a new password", "/v1/password-resets/redeem", "Change password", done, FIELDS)


def page(_token: str, title: str, redeem: str, button: str, done: str, fields: str = "") -> Response[str]:
    """The token stays in the address, where the script reads it: it is never written into the page."""
    form = f'<form data-redeem="{redeem}" data-done="{done}">{fields}<button>{button}</button></form><output></output>'
    whole = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body><main><strong>TRADEWIND</strong><h1>{title}</h1>{form}</main><script>{SCRIPT}</script></body></html>"
    )
    return Response(whole, media_type=MediaType.HTML, headers=HEADERS)
