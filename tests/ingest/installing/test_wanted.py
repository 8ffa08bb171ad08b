"""Every answer that cannot be is named by its option, before anything is written."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.installing.wanted import (
    LOCAL,
    Proxy,
    Town,
    Wanted,
    as_answers,
    backs_up_as,
    faults,
    from_answers,
    slug_of_name,
)

TOWN = Town(
    code="GM0405",
    slug="yourtown",
    name="Yourtown",
    region="waterland",
    site="https://www.yourtown.nl",
)
WANTED = Wanted(
    host="kto.yourtown.nl",
    security="https://www.yourtown.nl/.well-known/security.txt",
    town=TOWN,
)


def test_what_is_right_is_not_refused() -> None:
    assert faults(WANTED) == []


@pytest.mark.parametrize(
    ("option", "change"),
    [
        ("host", {"host": "https://kto.yourtown.nl"}),
        ("host", {"host": "kto.yourtown.nl:8443"}),
        ("host", {"host": "kto"}),
        ("host", {"host": "kto.yourtown.nl { respond }"}),
        ("security-txt", {"security": "http://www.yourtown.nl/security.txt"}),
        ("security-txt", {"security": 'https://www.yourtown.nl/"; root /;'}),
        ("backup", {"backup": Path("backups")}),
        ("backup", {"backup": Path("/mnt/it's")}),
        ("backup", {"backup": Path("/mnt/../etc")}),
        ("backup", {"backup": Path("/var/lib/meetpunt/backups")}),
        ("certificate", {"certificate": Path("/etc/ssl/a.pem")}),
        ("certificate", {"proxy": Proxy.NGINX}),
        ("certificate", {"proxy": Proxy.HAPROXY}),
        ("workers", {"workers": 0}),
    ],
)
def test_an_answer_that_cannot_be_is_named(option: str, change: dict[str, Any]) -> None:
    (fault,) = faults(msgspec.structs.replace(WANTED, **change))
    assert fault.startswith(f"--{option} ")


@pytest.mark.parametrize(
    ("option", "change"),
    [
        ("code", {"code": "0405"}),
        ("slug", {"slug": "Yourtown"}),
        ("region", {"region": "Water land"}),
        ("site", {"site": "https://www.yourtown.nl/"}),
        ("name", {"name": 'Your"town'}),
        ("name", {"name": "Your\ntown"}),
    ],
)
def test_so_is_one_about_the_municipality(option: str, change: dict[str, str]) -> None:
    town = msgspec.structs.replace(TOWN, **change)
    (fault,) = faults(msgspec.structs.replace(WANTED, town=town))
    assert fault.startswith(f"--{option} ")


def test_answers_are_kept_for_the_next_time() -> None:
    whole = msgspec.structs.replace(WANTED, certificate=Path("/a"), certificate_key=Path("/b"))
    assert from_answers(as_answers(whole).encode()) == whole


def test_who_keeps_backups_follows_from_where_the_database_is() -> None:
    far = "postgresql://postgres@db.example/postgres"
    told = [
        backs_up_as(msgspec.structs.replace(WANTED, postgres=place)) for place in (None, LOCAL, far)
    ]
    assert told == ["meetpunt", "postgres", None]
    assert backs_up_as(msgspec.structs.replace(WANTED, backup=None)) is None


def test_a_slug_is_made_of_a_name() -> None:
    assert [
        slug_of_name(name) for name in ("Aa en Hunze", "'s-Hertogenbosch", "Súdwest-Fryslân")
    ] == [
        "aa-en-hunze",
        "s-hertogenbosch",
        "sudwest-fryslan",
    ]
