"""Which connections may be read on their way, or go to whoever answers."""

import pytest

from ingest.database.encryption import is_unsure, may_be_read

_WHO = "postgresql://meetpunt_ingest:secret"


@pytest.mark.parametrize(
    "url",
    [
        f"{_WHO}@/meetpunt",
        f"{_WHO}@127.0.0.1:5432/meetpunt",
        f"{_WHO}@[::1]/meetpunt",
        f"{_WHO}@localhost/meetpunt?sslmode=disable",
        f"{_WHO}@%2Frun%2Fpostgresql/meetpunt",
        f"{_WHO}@/meetpunt?host=/run/postgresql",
    ],
)
def test_what_stays_on_this_machine_needs_nothing(url: str) -> None:
    assert not may_be_read(url)
    assert not is_unsure(url)


@pytest.mark.parametrize(
    "url",
    [
        f"{_WHO}@db.example/meetpunt",
        f"{_WHO}@db.example/meetpunt?sslmode=prefer",
        f"{_WHO}@127.0.0.1,db.example/meetpunt",
        f"{_WHO}@/meetpunt?host=db.example",
    ],
)
def test_without_sslmode_what_goes_to_another_machine_may_be_read(url: str) -> None:
    assert may_be_read(url)
    assert is_unsure(url)


def test_an_encrypted_one_may_still_go_to_whoever_answers() -> None:
    for mode, unsure in (("require", True), ("verify-ca", False), ("verify-full", False)):
        url = f"{_WHO}@db.example/meetpunt?sslmode={mode}"
        assert not may_be_read(url)
        assert is_unsure(url) == unsure


def test_what_the_environment_says_counts_where_the_url_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    assert may_be_read(f"{_WHO}@/meetpunt")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert not is_unsure(f"{_WHO}@/meetpunt")
    assert may_be_read(f"{_WHO}@/meetpunt?sslmode=disable")
