"""A mistake in the environment stops the start with a sentence, and every setting is documented."""

from pathlib import Path

import msgspec
import pytest

from ingest.settings import Settings, SettingsRejected, settings_from, variable_of

EXAMPLE = Path(__file__).parents[2] / "deploy" / "env.example"
FIELDS = {field.name: field for field in msgspec.structs.fields(Settings)}


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsRejected) as rejected:
        settings_from(environment)
    return str(rejected.value)


def documented() -> dict[str, str]:
    """The assignments of the example, without their leading '#'."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    pairs = (line[1:].split("=", 1) for line in lines if line.startswith("#MEETPUNT_"))
    return dict(pairs)


def test_an_empty_environment_gives_the_defaults() -> None:
    assert settings_from({"PATH": "/bin", "HOME": "/root"}) == Settings()


def test_every_value_is_read_into_its_own_type() -> None:
    settings = settings_from(
        {
            "MEETPUNT_DATABASE_URL": "postgresql://meetpunt_ingest:secret@db.example/meetpunt",
            "MEETPUNT_CONFIG": "/etc/meetpunt",
            "MEETPUNT_PORT": "8080",
            "MEETPUNT_DRAIN_SECONDS": "2.5",
            "MEETPUNT_BASE_URL": "https://kto.molensloot.example/",
            "MEETPUNT_METRICS_ADDRESS": "off",
            "MEETPUNT_TRUSTED_PROXIES": "10.0.0.5, 192.0.2.0/24",
            "MEETPUNT_TELLS": "nobody",
        }
    )

    assert settings.config == Path("/etc/meetpunt")
    assert settings.port == 8080
    assert settings.drain_seconds == 2.5
    assert settings.base_url == "https://kto.molensloot.example"
    assert settings.metrics_address is None
    assert settings.tells is False
    assert settings.trusted_proxies == ("10.0.0.5/32", "192.0.2.0/24")


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    assert refusal(MEETPUNT_DATABSE_URL="x") == (
        "MEETPUNT_DATABSE_URL is not a setting; did you mean MEETPUNT_DATABASE_URL?"
    )
    assert refusal(MEETPUNT_zzzz="x") == (
        "MEETPUNT_zzzz is not a setting; deploy/env.example lists every one."
    )
    assert "did you mean MEETPUNT_PORT?" in refusal(MEETPUNT_Port="1")


def test_names_for_tests_and_empty_values_count_as_absent() -> None:
    assert settings_from({"MEETPUNT_TEST_POSTGRES": "15", "MEETPUNT_PORT": " "}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MEETPUNT_PORT", "http", "MEETPUNT_PORT must be a whole number from 0 to 65535."),
        ("MEETPUNT_PORT", "65536", "MEETPUNT_PORT must be a whole number from 0 to 65535."),
        ("MEETPUNT_WORKERS", "0", "MEETPUNT_WORKERS must be a whole number from 1 to 64."),
        (
            "MEETPUNT_DRAIN_SECONDS",
            "nan",
            "MEETPUNT_DRAIN_SECONDS must be a number of seconds from 0 to 600.",
        ),
        (
            "MEETPUNT_METRICS_ADDRESS",
            "9464",
            "MEETPUNT_METRICS_ADDRESS must be a host and a port, such as 127.0.0.1:9464, or off.",
        ),
        ("MEETPUNT_LOG_LEVEL", "loud", "MEETPUNT_LOG_LEVEL must be debug, info, warning or error."),
    ],
)
def test_an_unusable_value_is_one_sentence(variable: str, value: str, sentence: str) -> None:
    assert refusal(**{variable: value}) == sentence


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MEETPUNT_DATABASE_URL", "mysql://db.example/meetpunt"),
        ("MEETPUNT_DATABASE_URL", "postgresql://x@db.example:999999/meetpunt"),
        ("MEETPUNT_DATABASE_URL", "postgresql://x@db1.example:5432,db2.example:port/meetpunt"),
        ("MEETPUNT_DATABASE_URL", "postgresql://x@/meetpunt?host=db.example&port=65536"),
        ("MEETPUNT_DATABASE_URL", "postgresql://x@[::1/meetpunt"),
        ("MEETPUNT_BASE_URL", "https://kto.molensloot.example:999999"),
        ("MEETPUNT_PATRONI_URL", "http://db.example:port"),
        ("MEETPUNT_BASE_URL", "kto.molensloot.example"),
        ("MEETPUNT_BASE_URL", "https://kto.molensloot.example/v"),
        ("MEETPUNT_BASE_URL", "https://user@kto.molensloot.example"),
        ("MEETPUNT_TRUSTED_PROXIES", "*"),
        ("MEETPUNT_TRUSTED_PROXIES", "10.0.0.5/8"),
        ("MEETPUNT_HOST", "http://0.0.0.0"),
        ("MEETPUNT_TELLS", "Nobody"),
    ],
)
def test_other_unusable_values_are_refused_by_name(variable: str, value: str) -> None:
    assert refusal(**{variable: value}).startswith(f"{variable} must be ")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://x@db1.example:5432,[::1]:65535,db3.example/meetpunt",
        "postgresql://x@/meetpunt?host=/run/postgresql,db.example&port=5432,5433",
        "postgresql://x:a%40b@%2Frun%2Fpostgresql/meetpunt",
        "postgresql:///meetpunt",
    ],
)
def test_every_way_to_name_hosts_is_taken(url: str) -> None:
    assert settings_from({"MEETPUNT_DATABASE_URL": url}).database_url == url


def test_every_mistake_is_told_at_once() -> None:
    told = refusal(MEETPUNT_PORT="x", MEETPUNT_PROT="1", MEETPUNT_WORKERS="x")

    assert len(told.splitlines()) == 3


def test_a_password_is_in_no_refusal_and_no_representation() -> None:
    assert "secret" not in refusal(MEETPUNT_OWNER_URL="ftp://owner:secret@db.example")
    settings = settings_from({"MEETPUNT_OWNER_URL": "postgresql://owner:secret@db.example/m"})
    assert "secret" not in repr(settings)
    assert "secret" not in str(settings)


def test_a_mode_of_encryption_that_does_not_exist_is_told_with_those_that_do() -> None:
    """With verify_full asyncpg would go on, and we would say that sslmode is not set."""
    url = "postgresql://owner:secret@db.example/m?sslmode="
    assert refusal(MEETPUNT_FOLDER_URL=f"{url}verify_full") == (
        "MEETPUNT_FOLDER_URL: sslmode has no such value; it is one of disable, allow, prefer, "
        "require, verify-ca, verify-full."
    )
    for mode in ("disable", "verify-full"):
        assert settings_from({"MEETPUNT_FOLDER_URL": f"{url}{mode}"}).folder_url


def test_the_example_documents_every_setting_and_nothing_else() -> None:
    assert set(documented()) == {variable_of(name) for name in FIELDS}


def test_the_example_can_be_used_as_it_stands() -> None:
    settings_from(documented())


def test_the_example_shows_the_defaults_that_hold() -> None:
    shown = settings_from(documented())
    defaults = Settings()

    for name in FIELDS:
        default = getattr(defaults, name)
        if default not in (None, ()):
            assert getattr(shown, name) == default, name


@pytest.mark.parametrize(
    ("address", "touchpoint"), [("6000", ""), ("600", "600"), ("1000000", "1000000"), ("", "599")]
)
def test_one_address_may_not_use_up_a_touchpoint(address: str, touchpoint: str) -> None:
    told = refusal(
        MEETPUNT_TOKEN_LIMIT_PER_ADDRESS_PER_MINUTE=address,
        MEETPUNT_TOKEN_LIMIT_PER_TOUCHPOINT_PER_MINUTE=touchpoint,
    )
    assert "must be more than" in told
