"""Pages that say a few words and may offer a button: for pages of more than that, see `policy`."""

from collections.abc import Mapping
from html import escape

from litestar import MediaType, Response

from interfaces.http.pages.policy import headers

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'"

STYLE = """
body{margin:0;background:#eef2f4;color:#1d2b33;font:15px/1.5 system-ui,sans-serif}
main{max-width:820px;margin:0 auto;padding:28px 16px}
h1{font-size:22px;margin:0 0 4px}p{margin:0 0 16px;color:#51646e}a{color:#0b6473}
form{display:flex;gap:8px;margin:0 0 16px}input{flex:1;font:inherit;padding:8px 12px;border:1px solid #c8d3d9;border-radius:7px}
button{font:inherit;padding:8px 18px;border:0;border-radius:7px;background:#0b6473;color:#fff}
ol{list-style:none;margin:0;padding:0;background:#fff;border:1px solid #dbe3e7;border-radius:10px;overflow:hidden}
li+li{border-top:1px solid #e7edf0}li a{display:block;padding:12px 18px;color:inherit;text-decoration:none;overflow-wrap:anywhere}
li a:hover{background:#f4f7f8}b{display:block;font-weight:600}small{color:#51646e}
nav{margin-top:16px}dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;margin:0 0 16px}
dt{color:#51646e}dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:640px;background:#fff;border:1px solid #dbe3e7;border-radius:10px}
summary{cursor:pointer;margin:14px 0 8px;color:#0b6473}
pre{background:#fff;border:1px solid #dbe3e7;border-radius:10px;padding:14px 18px;font-size:13px;
white-space:pre-wrap;overflow-wrap:anywhere}
"""


def html(title: str, body: str, more: Mapping[str, str] | None = None) -> Response[str]:
    """`more` are headers beside a page's own."""
    whole = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    return Response(whole, media_type=MediaType.HTML, headers={**headers(CSP), **(more or {})})
