"""What a page of ours may do in a browser: nothing but what its address's headers name."""

import base64
import hashlib

NOTHING = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Looks of its own, and nothing else."""


def with_script(script: str) -> str:
    """A page that runs this script and no other, which may ask us and nobody else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{NOTHING}; script-src 'sha256-{digest}'; connect-src 'self'"


def headers(policy: str, keep: str = "no-store") -> dict[str, str]:
    """The headers of a page with that policy; `keep` is what caches may do with it."""
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": keep,
    }
