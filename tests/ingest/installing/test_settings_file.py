"""A file of settings says the same to systemd and to a shell, and keeps what others wrote in it."""

import shlex

import pytest

from ingest.installing.settings_file import ValueUnwritable, line, read, with_values

VALUES = ["a b", "postgresql://r:p@h/d?sslmode=verify-full&x=$HOME", "`id`", 'say "so"', "#no", ""]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_back_as_it_was_by_us_and_by_a_shell(value: str) -> None:
    written = line("MEETPUNT_DATA", value)
    assert read(written) == {"MEETPUNT_DATA": value}
    # In single quotes systemd, like a shell, takes every sign as it stands.
    assert shlex.split(written, comments=True) == [f"MEETPUNT_DATA={value}"]


@pytest.mark.parametrize("value", ["it's", "a\nb", "a\\", "a\x00b", "\u202eb"])
def test_what_those_two_could_read_otherwise_is_refused(value: str) -> None:
    with pytest.raises(ValueUnwritable):
        line("MEETPUNT_DATA", value)


def test_what_an_administrator_added_stays_where_it_stands() -> None:
    before = (
        "# ours\nMEETPUNT_WORKERS='1'\n# mine\nMEETPUNT_LOG_LEVEL=debug\nMEETPUNT_BACKUP='/b'\n"
    )
    after = with_values(
        before, {"MEETPUNT_WORKERS": "4", "MEETPUNT_BACKUP": None, "MEETPUNT_DATA": "/d"}
    )
    assert after == (
        "# ours\nMEETPUNT_WORKERS='4'\n# mine\nMEETPUNT_LOG_LEVEL=debug\nMEETPUNT_DATA='/d'\n"
    )
