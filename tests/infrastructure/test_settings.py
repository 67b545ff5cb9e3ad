from base64 import b64encode
from pathlib import Path

import pytest

from infrastructure.environ import Sender
from infrastructure.settings import DEMO_ADMIN, Secret, SettingsError, load

KEY = b64encode(bytes(32)).decode()
PRODUCTION = {
    "DATABASE_URL": "postgresql://app:hunter2@db/tradewind",
    "TRADEWIND_SECRET_KEY": "s" * 32,
    "TRADEWIND_KEY_ENCRYPTION_KEY": KEY,
}


@pytest.fixture
def here(tmp_path: Path):
    return {"TRADEWIND_DATA_DIR": str(tmp_path)}


def test_with_nothing_set_everything_is_embedded_with_the_demo_admin(here: dict[str, str]):
    settings = load(here)
    assert settings.unset_engines == {"postgres", "redis", "opensearch"}
    assert settings.embedded
    assert settings.demo
    assert (settings.admin_email, settings.admin_password.reveal()) == DEMO_ADMIN


def test_made_secrets_are_kept_for_the_next_start_and_readable_by_nobody_else(here: dict[str, str], tmp_path: Path):
    assert load(here).secret_key == load(here).secret_key
    assert load(here).wrapping_key == load(here).wrapping_key
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_two_installations_make_different_secrets(here: dict[str, str], tmp_path: Path):
    assert load(here).secret_key != load({"TRADEWIND_DATA_DIR": str(tmp_path / "other")}).secret_key


def test_a_given_secret_is_preferred_to_a_kept_one(here: dict[str, str]):
    load(here)
    assert load(here | {"TRADEWIND_SECRET_KEY": "g" * 40}).secret_key.reveal() == "g" * 40


def test_tree_heads_are_signed_with_the_keys_given_or_with_one_made_of_the_secret(here: dict[str, str]):
    other = b64encode(b"n" * 32).decode()
    assert load(PRODUCTION | here | {"TRADEWIND_SEAL_KEY": f"{other}, {KEY}"}).seal_seeds == (b"n" * 32, bytes(32))
    assert load(PRODUCTION | here).seal_seeds == (load(PRODUCTION | here).key("seals"),)


def test_passes_are_sealed_with_the_keys_given_the_first_before_the_others_or_with_one_made_of_the_secret(here: dict[str, str]):
    other = b64encode(b"n" * 32).decode()
    assert load(PRODUCTION | here | {"TRADEWIND_PASS_KEYS": f"{other}, {KEY}"}).pass_secrets == (b"n" * 32, bytes(32))
    assert load(PRODUCTION | here).pass_secrets == (load(PRODUCTION | here).key("passes"),)


def test_in_production_nothing_is_made_up():
    with pytest.raises(SettingsError) as refused:
        load({"REDIS_URL": "redis://cache"})
    assert "TRADEWIND_SECRET_KEY is not set" in str(refused.value)
    assert "TRADEWIND_KEY_ENCRYPTION_KEY is not set" in str(refused.value)


def test_in_production_there_are_no_demo_users_and_no_demo_admin(here: dict[str, str]):
    settings = load(PRODUCTION | here)
    assert not settings.demo
    assert not settings.admin_email


def test_production_leaves_no_secrets_in_the_data_directory(here: dict[str, str], tmp_path: Path):
    load(PRODUCTION | here)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRADEWIND_PORT", "99999"),
        ("TRADEWIND_PORT", "80a"),
        ("TRADEWIND_DEMO", "maybe"),
        ("TRADEWIND_LOG", "xml"),
        ("TRADEWIND_LOG_LEVEL", "loud"),
        ("TRADEWIND_POOL_SIZE", "0"),
        ("TRADEWIND_SECRET_KEY", "short"),
        ("TRADEWIND_KEY_ENCRYPTION_KEY", "not base64!"),
        ("TRADEWIND_KEY_ENCRYPTION_KEY", b64encode(bytes(16)).decode()),
        ("TRADEWIND_PASS_KEYS", f"{KEY},short"),
        ("TRADEWIND_PASS_KEYS", f"{KEY},{KEY}"),
        ("TRADEWIND_SEAL_KEY", f"{KEY},short"),
        ("TRADEWIND_CORS_ORIGINS", "https://a.example, b.example"),
        ("TRADEWIND_CORS_ORIGINS", "https://a.example/path"),
        ("TRADEWIND_SMTP_URL", "mail.example:25"),
        ("TRADEWIND_SMTP_URL", "smtp://mail.example:port"),
        ("TRADEWIND_RATES", "/nowhere/rates.csv"),
        ("TRADEWIND_PUBLIC_URL", "tradewind.example"),
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_READ_URL", "db.example"),
        ("REDIS_URL", "cache:6379"),
        ("OPENSEARCH_URL", "search:9200"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(here: dict[str, str], variable: str, value: str):
    with pytest.raises(SettingsError, match=variable):
        load(here | {variable: value})


def test_all_that_is_wrong_is_said_at_once(here: dict[str, str]):
    with pytest.raises(SettingsError) as refused:
        load(here | {"TRADEWIND_PORT": "x", "TRADEWIND_DEMO": "x", "TRADEWIND_LOG": "x"})
    assert len(str(refused.value).splitlines()) == 3


def test_a_refusal_does_not_repeat_a_secret(here: dict[str, str]):
    with pytest.raises(SettingsError) as refused:
        load(here | {"TRADEWIND_SECRET_KEY": "hunter2", "DATABASE_URL": "mysql://app:hunter2@db", "TRADEWIND_SMTP_URL": "x://u:hunter2@h"})
    assert "hunter2" not in str(refused.value)


def test_an_admin_address_without_a_password_is_refused(here: dict[str, str]):
    with pytest.raises(SettingsError, match="TRADEWIND_ADMIN_PASSWORD"):
        load(PRODUCTION | here | {"TRADEWIND_ADMIN_EMAIL": "ana@shop.example"})


def test_printed_settings_give_no_secret_away(here: dict[str, str]):
    secrets = {"TRADEWIND_SMTP_URL": "smtp://u:mailword@mail.example", "TRADEWIND_METRICS_TOKEN": "metricsword"}
    shown = repr(load(PRODUCTION | secrets | here))
    assert not [word for word in ("hunter2", "s" * 32, KEY, "mailword", "metricsword") if word in shown]


def test_a_secret_shows_itself_only_when_asked():
    assert f"{Secret('hunter2')} {Secret('hunter2')!r}" == "Secret(***) Secret(***)"
    assert Secret("hunter2").reveal() == "hunter2"


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://mail.example", 25, "none"),
        ("smtp://mail.example?starttls=1", 587, "starttls"),
        ("smtps://mail.example", 465, "tls"),
        ("smtp://mail.example:2525", 2525, "none"),
    ],
)
def test_the_mail_server_is_read_from_one_address(here: dict[str, str], url: str, port: int, security: str):
    smtp = load(here | {"TRADEWIND_SMTP_URL": url}).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.security) == ("mail.example", port, security)


def test_the_mail_password_may_hold_any_character(here: dict[str, str]):
    smtp = load(here | {"TRADEWIND_SMTP_URL": "smtp://ana%40shop.example:p%2Fw%3A@mail.example"}).smtp
    assert smtp is not None
    assert (smtp.username, smtp.password.reveal()) == ("ana@shop.example", "p/w:")


def test_each_purpose_has_a_key_of_its_own_and_keeps_it(here: dict[str, str]):
    settings = load(PRODUCTION | here)
    keys = {purpose: settings.key(purpose) for purpose in ("access-tokens", "reservations", "links", "seals")}
    assert len(set(keys.values())) == 4
    assert all(len(key) == 32 for key in keys.values())
    assert keys["links"].hex() == "f2e887622cbbd508532da6e372e8c88a5c2e9510dedc077302f500aa5beb3829"


def test_proxies_are_trusted_by_address_or_network(here: dict[str, str]):
    trusted = load(here | {"TRADEWIND_TRUSTED_PROXIES": "10.0.0.7, 10.1.0.0/16,fd00::/8"}).trusted_proxies
    assert [str(each) for each in trusted] == ["10.0.0.7/32", "10.1.0.0/16", "fd00::/8"]
    assert load(here).trusted_proxies == ()
    for wrong in ("proxy", "10.0.0.1/8", "10.0.0.0/8; 10.1.0.0/16", "*"):
        with pytest.raises(SettingsError, match="TRADEWIND_TRUSTED_PROXIES must list addresses or networks"):
            load(here | {"TRADEWIND_TRUSTED_PROXIES": wrong})


def test_a_provider_of_payments_needs_what_its_messages_are_believed_by(here: dict[str, str]):
    assert load(here).sandbox_payments
    for key, secret in (("STRIPE_KEY", "STRIPE_WEBHOOK_SECRET"), ("FLUTTERWAVE_KEY", "FLUTTERWAVE_WEBHOOK_HASH")):
        with pytest.raises(SettingsError, match=f"TRADEWIND_{secret} is not set"):
            load({**here, f"TRADEWIND_{key}": "k"})
        settings = load({**here, f"TRADEWIND_{key}": "k", f"TRADEWIND_{secret}": "s"})
        assert not settings.sandbox_payments
        assert "Secret(***)" in repr(settings.stripe or settings.flutterwave)
    assert load({**here, "TRADEWIND_SANDBOX_PAYMENTS": "1"}).sandbox_payments


def test_what_flutterwave_offers_by_currency_and_who_pays_out_by_it_are_an_operators_to_say(here: dict[str, str]):
    keys = {**here, "TRADEWIND_FLUTTERWAVE_KEY": "k", "TRADEWIND_FLUTTERWAVE_WEBHOOK_HASH": "h"}
    said = {"TRADEWIND_FLUTTERWAVE_MOBILE_MONEY": "USD=card,wallet; ZWG=", "TRADEWIND_FLUTTERWAVE_SENDER": "Tradewind;ZW;+263771234567"}
    found = load({**keys, **said}).flutterwave
    assert found is not None
    assert (found.mobile_money, found.sender) == ({"USD": "card, wallet", "ZWG": ""}, Sender("Tradewind", "ZW", "+263771234567"))
    for name, wrong in (("MOBILE_MONEY", "ZZZ=x"), ("MOBILE_MONEY", "USD"), ("SENDER", "Tradewind"), ("SENDER", "Tradewind;;+263")):
        with pytest.raises(SettingsError, match=f"TRADEWIND_FLUTTERWAVE_{name}"):
            load({**keys, f"TRADEWIND_FLUTTERWAVE_{name}": wrong})
