"""How a variable of the environment is read: each kind with its check, and a text that says what is wrong with it."""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, TypeVar, cast
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from domain.currencies import EXPONENTS

T = TypeVar("T")
Log = Literal["json", "console", "auto"]
LogLevel = Literal["debug", "info", "warning", "error"]


class Secret:
    """A value that shows itself only when asked to."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and secrets.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__


class Url(str):
    """An address whose password is left out of its repr, so that printed settings give nothing away."""

    __slots__ = ()

    def __repr__(self) -> str:
        password = urlsplit(self).password
        return repr(self.replace(f":{password}@", ":***@") if password else str(self))


class SmsGateway(Struct, frozen=True):
    """A gateway for text messages that speaks as Twilio does."""

    url: str
    account: str
    token: Secret


class Smtp(Struct, frozen=True):
    """`security`: `tls` from the first byte, `starttls` after the greeting, or `none`."""

    host: str
    port: int
    username: str
    password: Secret
    security: Literal["tls", "starttls", "none"]


class Stripe(Struct, frozen=True):
    """`url` is another address than Stripe's own, such as a stand-in's; empty for Stripe's."""

    key: Secret
    webhook_secret: Secret
    url: str


class Sender(Struct, frozen=True):
    """Who pays out, for networks that want to know: a name, an ISO 3166 country and a telephone number."""

    name: str
    country: str
    phone: str


class Flutterwave(Struct, frozen=True):
    """`webhook_hash` is what its dashboard calls the secret hash; `mobile_money` are names of its payment options, by currency."""

    key: Secret
    webhook_hash: Secret
    url: str
    mobile_money: Mapping[str, str] = {}
    sender: Sender | None = None


class Reader:
    """Reads one variable after another and keeps what is wrong with each, so that all of it can be said at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def read(self, name: str, parse: Callable[[str], T], default: T) -> T:
        """`parse` raises ValueError with a text that completes «NAME …»."""
        value = self.text(name)
        if not value:
            return default
        try:
            return parse(value)
        except ValueError as error:
            self.problems.append(f"{name} {error}")
            return default

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        def parse(value: str) -> int:
            if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
                raise ValueError(f"must be a whole number from {low} to {high}, and is {value!r}")
            return int(value)

        return self.read(name, parse, default)

    def flag(self, name: str, default: bool) -> bool:
        def parse(value: str) -> bool:
            if value.lower() not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
                raise ValueError(f"must be 1 or 0, and is {value!r}")
            return value.lower() in {"1", "true", "yes", "on"}

        return self.read(name, parse, default)

    def url(self, name: str, *schemes: str) -> Url:
        def parse(value: str) -> Url:
            if urlsplit(value).scheme not in schemes:
                raise ValueError(f"must be an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")
            return Url(value)

        return self.read(name, parse, Url(""))


def long_text(value: str) -> Secret:
    if len(value.encode()) < 32:
        raise ValueError("must have at least 32 characters")
    return Secret(value)


def key_of_32_bytes(value: str) -> Secret:
    try:
        size = len(base64.b64decode(value, validate=True))
    except binascii.Error:
        size = 0
    if size != 32:
        raise ValueError("must be 32 bytes in base64")
    return Secret(value)


def keys_of_32_bytes(value: str) -> tuple[Secret, ...]:
    """Keys separated by commas; each once, since the order says which is the present one."""
    found = tuple(key_of_32_bytes(each.strip()) for each in value.split(","))
    if len(set(found)) != len(found):
        raise ValueError("must not have a key twice")
    return found


def origins(value: str) -> tuple[str, ...]:
    found = tuple(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())
    for origin in found:
        parts = urlsplit(origin)
        if origin != "*" and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path):
            raise ValueError(f"must list origins such as https://shop.example, separated by commas, and has {origin!r}")
    return found


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses, or networks as in 10.0.0.0/8, separated by commas."""
    found: list[IPv4Network | IPv6Network] = []
    for each in filter(None, map(str.strip, value.split(","))):
        try:
            found.append(ip_network(each))
        except ValueError as error:
            raise ValueError(f"must list addresses or networks such as 10.0.0.7 or 10.0.0.0/8, separated by commas: {error}") from None
    return tuple(found)


def smtp(value: str) -> Smtp:
    """`smtp://user:password@host:port?starttls=1`, or `smtps://` for TLS from the first byte."""
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must look like smtp://user:password@host:587?starttls=1 or smtps://user:password@host")
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
    security: Literal["tls", "starttls", "none"] = "tls" if parts.scheme == "smtps" else "starttls" if starttls else "none"
    port = parts.port or {"tls": 465, "starttls": 587, "none": 25}[security]
    return Smtp(parts.hostname, port, unquote(parts.username or ""), Secret(unquote(parts.password or "")), security)


def sms(value: str) -> SmsGateway:
    """`https://account:token@host`, as Twilio's API is let into."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.username or not parts.password:
        raise ValueError("must look like https://account:token@api.twilio.com")
    host = parts.netloc.rpartition("@")[2]
    return SmsGateway(f"{parts.scheme}://{host}{parts.path.rstrip('/')}", unquote(parts.username), Secret(unquote(parts.password)))


def existing_file(value: str) -> Path:
    path = Path(value).absolute()
    if not path.is_file():
        raise ValueError(f"must name a file, and {path} is none")
    return path


def log(value: str) -> Log:
    if value not in {"json", "console", "auto"}:
        raise ValueError(f"must be json, console or auto, and is {value!r}")
    return cast("Log", value)


def log_level(value: str) -> LogLevel:
    if value.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError(f"must be debug, info, warning or error, and is {value!r}")
    return cast("LogLevel", value.lower())


def stripe(reader: Reader) -> Stripe | None:
    key, secret = reader.text("TRADEWIND_STRIPE_KEY"), reader.text("TRADEWIND_STRIPE_WEBHOOK_SECRET")
    if not key:
        return None
    if not secret:
        reader.problems.append(
            "TRADEWIND_STRIPE_WEBHOOK_SECRET is not set, and is needed with TRADEWIND_STRIPE_KEY: no message could be believed"
        )
    return Stripe(Secret(key), Secret(secret), reader.url("TRADEWIND_STRIPE_URL", "http", "https").rstrip("/"))


def flutterwave(reader: Reader) -> Flutterwave | None:
    key, secret = reader.text("TRADEWIND_FLUTTERWAVE_KEY"), reader.text("TRADEWIND_FLUTTERWAVE_WEBHOOK_HASH")
    if not key:
        return None
    if not secret:
        reader.problems.append(
            "TRADEWIND_FLUTTERWAVE_WEBHOOK_HASH is not set, and is needed with TRADEWIND_FLUTTERWAVE_KEY: no message could be believed"
        )
    url = reader.url("TRADEWIND_FLUTTERWAVE_URL", "http", "https").rstrip("/") or "https://api.flutterwave.com/v3"
    options = reader.read("TRADEWIND_FLUTTERWAVE_MOBILE_MONEY", payment_options, {})
    return Flutterwave(Secret(key), Secret(secret), url, options, reader.read("TRADEWIND_FLUTTERWAVE_SENDER", sender, None))


def payment_options(value: str) -> Mapping[str, str]:
    found = [each.partition("=") for each in value.split(";")]
    if not all(currency.strip() in EXPONENTS and said for currency, said, _ in found):
        raise ValueError("must be currencies and its names of payment options, as in XAF=mobilemoneyfranco;USD=card, mobilemoneyfranco")
    return {currency.strip(): ", ".join(filter(None, (each.strip() for each in names.split(",")))) for currency, _, names in found}


def sender(value: str) -> Sender:
    parts = [each.strip() for each in value.split(";")]
    if len(parts) != len(Sender.__struct_fields__) or not all(parts):
        raise ValueError("must be a name, a country and a telephone number, as in Tradewind;ZW;+263771234567")
    return Sender(*parts)
