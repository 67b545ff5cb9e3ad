"""What an operator sets: read once from the environment, checked as a whole, and refused with the names of what is wrong."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct
from msgspec.structs import replace

from infrastructure import environ as kinds
from infrastructure.environ import Flutterwave, Log, LogLevel, Reader, Secret, SmsGateway, Smtp, Stripe, Url

Engine = Literal["postgres", "redis", "opensearch"]
Purpose = Literal[
    "access-tokens",
    "refresh-tokens",
    "api-keys",
    "reservations",
    "links",
    "seals",
    "delivery-codes",
    "pay-tokens",
    "phone-codes",
    "phone-numbers",
    "guests",
    "sandbox",
    "payment-messages",
    "passes",
]

ENGINE_URLS: dict[Engine, str] = {"postgres": "DATABASE_URL", "redis": "REDIS_URL", "opensearch": "OPENSEARCH_URL"}
SECRETS = {
    "TRADEWIND_SECRET_KEY": "make one with: openssl rand -hex 32",
    "TRADEWIND_KEY_ENCRYPTION_KEY": "make one with: openssl rand -base64 32, and keep it: without it no personal data can be read",
}
DEMO_ADMIN = ("admin@tradewind.example", "Tradewind-Admin-1")


class SettingsError(Exception):
    """Says every variable that is wrong or missing, one a line."""


class Settings(Struct, frozen=True):
    """Everything that may differ between two installations. An empty engine URL means: started by `up`."""

    database_url: Url
    database_read_url: Url
    redis_url: Url
    opensearch_url: Url
    embedded: bool
    host: str
    port: int
    data_dir: Path
    admin_email: str
    admin_password: Secret
    demo: bool
    secret_key: Secret
    key_encryption_keys: tuple[Secret, ...]
    public_url: str
    app_url: str
    cors_origins: tuple[str, ...]
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    smtp: Smtp | None
    mail_from: str
    sms: SmsGateway | None
    sms_from: str
    log: Log
    log_level: LogLevel
    max_body_bytes: int
    pool_size: int
    searches_at_once: int
    access_token_seconds: int
    refresh_token_days: int
    maven_url: str
    rates: Path | None
    rate_limits: bool
    metrics_token: Secret
    stripe: Stripe | None
    flutterwave: Flutterwave | None
    sandbox_payments: bool
    pass_keys: tuple[Secret, ...]
    erasure_grace_days: int
    retention_years: int
    seal_keys: tuple[Secret, ...]
    webhooks_anywhere: bool

    @property
    def unset_engines(self) -> frozenset[Engine]:
        """The engines no URL is set for, which `up` starts itself."""
        urls: dict[Engine, Url] = {"postgres": self.database_url, "redis": self.redis_url, "opensearch": self.opensearch_url}
        return frozenset(engine for engine, url in urls.items() if not url)

    def key(self, purpose: Purpose) -> bytes:
        """32 bytes for one purpose, derived from the secret key by HKDF-SHA256 (RFC 5869)."""
        derivation = HKDF(SHA256(), length=32, salt=None, info=f"tradewind/{purpose}".encode())
        return derivation.derive(self.secret_key.reveal().encode())

    @property
    def pass_secrets(self) -> tuple[bytes, ...]:
        """The keys of 32 bytes that passes are sealed with, the one for new tokens first."""
        return tuple(base64.b64decode(each.reveal()) for each in self.pass_keys) or (self.key("passes"),)

    @property
    def seal_seeds(self) -> tuple[bytes, ...]:
        """The seeds of 32 bytes of the keys that tree heads are signed with, the present one first."""
        return tuple(base64.b64decode(each.reveal()) for each in self.seal_keys) or (self.key("seals"),)

    @property
    def wrapping_key(self) -> bytes:
        """The 32 bytes that wrap new keys of persons and papers."""
        return self.wrapping_keys[0]

    @property
    def wrapping_keys(self) -> tuple[bytes, ...]:
        """All that wrap such keys, the one for new ones first."""
        return tuple(base64.b64decode(each.reveal()) for each in self.key_encryption_keys)


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings, or raise SettingsError that names every wrong variable.

    With no engine URL set everything is embedded: secrets that are not given are made once and kept in the data directory,
    and the first admin has the demo's login. With any URL set nothing is made up.
    """
    reader = Reader(environ)
    embedded = reader.flag("TRADEWIND_EMBEDDED", not any(reader.text(name) for name in ENGINE_URLS.values()))
    data_dir = Path(reader.text("TRADEWIND_DATA_DIR", ".tradewind")).absolute()
    demo_email, demo_password = DEMO_ADMIN if embedded else ("", "")
    port = reader.integer("TRADEWIND_PORT", 8000, 1, 65535)
    stripe = kinds.stripe(reader)
    flutterwave = kinds.flutterwave(reader)
    settings = Settings(
        database_url=reader.url("DATABASE_URL", "postgresql", "postgres"),
        database_read_url=reader.url("DATABASE_READ_URL", "postgresql", "postgres"),
        redis_url=reader.url("REDIS_URL", "redis", "rediss", "unix"),
        opensearch_url=reader.url("OPENSEARCH_URL", "http", "https"),
        embedded=embedded,
        host=reader.text("TRADEWIND_HOST", "127.0.0.1"),
        port=port,
        data_dir=data_dir,
        admin_email=reader.text("TRADEWIND_ADMIN_EMAIL", demo_email),
        admin_password=Secret(reader.text("TRADEWIND_ADMIN_PASSWORD", demo_password)),
        demo=reader.flag("TRADEWIND_DEMO", embedded),
        secret_key=reader.read("TRADEWIND_SECRET_KEY", kinds.long_text, Secret("")),
        key_encryption_keys=reader.read("TRADEWIND_KEY_ENCRYPTION_KEY", kinds.keys_of_32_bytes, ()),
        erasure_grace_days=reader.integer("TRADEWIND_ERASURE_GRACE_DAYS", 30, 0, 365),
        retention_years=reader.integer("TRADEWIND_RETENTION_YEARS", 10, 1, 100),
        public_url=(reader.url("TRADEWIND_PUBLIC_URL", "http", "https") or f"http://localhost:{port}").rstrip("/"),
        app_url=reader.url("TRADEWIND_APP_URL", "http", "https").rstrip("/"),
        cors_origins=reader.read("TRADEWIND_CORS_ORIGINS", kinds.origins, ()),
        trusted_proxies=reader.read("TRADEWIND_TRUSTED_PROXIES", kinds.networks, ()),
        smtp=reader.read("TRADEWIND_SMTP_URL", kinds.smtp, None),
        mail_from=reader.text("TRADEWIND_MAIL_FROM", "Tradewind <no-reply@tradewind.example>"),
        sms=reader.read("TRADEWIND_SMS_URL", kinds.sms, None),
        sms_from=reader.text("TRADEWIND_SMS_FROM"),
        log=reader.read("TRADEWIND_LOG", kinds.log, "auto"),
        log_level=reader.read("TRADEWIND_LOG_LEVEL", kinds.log_level, "info"),
        max_body_bytes=reader.integer("TRADEWIND_MAX_BODY_BYTES", 1_000_000, 1_000, 1_000_000_000),
        pool_size=reader.integer("TRADEWIND_POOL_SIZE", 8, 1, 1_000),
        searches_at_once=reader.integer("TRADEWIND_SEARCHES_AT_ONCE", 6, 1, 1_000),
        access_token_seconds=reader.integer("TRADEWIND_ACCESS_TOKEN_SECONDS", 900, 30, 86_400),
        refresh_token_days=reader.integer("TRADEWIND_REFRESH_TOKEN_DAYS", 30, 1, 3_650),
        maven_url=reader.url("TRADEWIND_MAVEN_URL", "http", "https"),
        rates=reader.read("TRADEWIND_RATES", kinds.existing_file, None),
        rate_limits=reader.flag("TRADEWIND_RATE_LIMITS", True),
        metrics_token=Secret(reader.text("TRADEWIND_METRICS_TOKEN")),
        stripe=stripe,
        flutterwave=flutterwave,
        sandbox_payments=reader.flag("TRADEWIND_SANDBOX_PAYMENTS", not (stripe or flutterwave)),
        pass_keys=reader.read("TRADEWIND_PASS_KEYS", kinds.keys_of_32_bytes, ()),
        seal_keys=reader.read("TRADEWIND_SEAL_KEY", kinds.keys_of_32_bytes, ()),
        webhooks_anywhere=reader.flag("TRADEWIND_WEBHOOKS_ANYWHERE", False),
    )
    if not embedded:
        needed = {name: how for name, how in SECRETS.items() if not reader.text(name)}
        reader.problems += [f"{name} is not set, and is needed when an engine URL is set; {how}" for name, how in needed.items()]
    if bool(settings.admin_email) != bool(settings.admin_password):
        reader.problems.append("TRADEWIND_ADMIN_EMAIL and TRADEWIND_ADMIN_PASSWORD go together: set both or neither")
    if settings.sms and not settings.sms_from:
        reader.problems.append("TRADEWIND_SMS_FROM is not set, and is needed with TRADEWIND_SMS_URL: the number that texts come from")
    if reader.problems:
        raise SettingsError("\n".join(reader.problems))
    return settings if settings.secret_key and settings.key_encryption_keys else _with_kept_secrets(settings)


def _with_kept_secrets(settings: Settings) -> Settings:
    """What was not given comes from the data directory, where the first process to need it leaves it for all others."""
    path = settings.data_dir / "secrets.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "TRADEWIND_SECRET_KEY": secrets.token_hex(32),
            "TRADEWIND_KEY_ENCRYPTION_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first, and its secrets are everyone's
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return replace(
        settings,
        secret_key=settings.secret_key or Secret(kept["TRADEWIND_SECRET_KEY"]),
        key_encryption_keys=settings.key_encryption_keys or (Secret(kept["TRADEWIND_KEY_ENCRYPTION_KEY"]),),
    )
