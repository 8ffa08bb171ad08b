"""What `meetpunt setup` asks in a terminal: nothing that is known, and again what cannot be."""

import pytest
from click.testing import CliRunner

from ingest.commands.setup_answers import Asking
from ingest.installing.wanted import Proxy, proxy_of


def test_an_answer_that_cannot_be_is_asked_again_with_the_reason() -> None:
    asking = Asking({}, {}, may_ask=True)
    with CliRunner().isolation(input="0405\nGM0405\n") as (shown, *_):
        assert asking.of("code", "Its code", must=True) == "GM0405"
        assert b"It must be GM and the four digits of CBS." in shown.getvalue()


def test_what_nobody_typed_is_asked_again_with_the_reason() -> None:
    asking = Asking({}, {}, may_ask=True)
    with CliRunner().isolation(input="\nGM0405\n") as (shown, *_):
        assert asking.of("code", "Its code", must=True) == "GM0405"
        told = b"It cannot be left out, and must be GM and the four digits of CBS."
        assert told in shown.getvalue()


def test_a_name_is_asked_again_that_would_be_told_as_gemeente_gemeente() -> None:
    asking = Asking({}, {}, may_ask=True)
    with CliRunner().isolation(input="Gemeente Yourtown\nYourtown\n") as (shown, *_):
        assert asking.of("name", "Its name", must=True) == "Yourtown"
        assert b'It must be without "Gemeente", which is told before it.' in shown.getvalue()


@pytest.mark.parametrize(
    ("option", "typed", "taken"),
    [
        ("proxy", ["kto.yourtown.nl", " ", "Caddy"], "Caddy"),
        ("workers", ["veel", "100", "0", "²", "64"], "64"),
    ],
)
def test_what_is_no_proxy_or_number_of_workers_is_asked_again(
    option: str, typed: list[str], taken: str
) -> None:
    asking = Asking({}, {}, may_ask=True)
    with CliRunner().isolation(input="\n".join([*typed, ""])):
        assert asking.of(option, "Which", suggested="none") == taken


def test_a_proxy_is_known_in_capitals_too() -> None:
    assert proxy_of("Caddy") is Proxy.CADDY


def test_nothing_is_asked_that_an_option_or_the_last_time_tells() -> None:
    asking = Asking({"code": "GM0405"}, {"code": "GM0001", "host": "kto.yourtown.nl"}, may_ask=True)
    with CliRunner().isolation(input="") as (shown, *_):
        assert asking.of("code", "Its code") == "GM0405"
        assert asking.of("host", "Under which name") == "kto.yourtown.nl"
        assert shown.getvalue() == b""


def test_where_nobody_can_be_asked_what_we_may_not_choose_is_missing() -> None:
    asking = Asking({}, {}, may_ask=False)
    asking.of("host", "Under which name", suggested="kto.yourtown.nl", must=True)
    assert asking.of("workers", "How many", suggested="1") == "1"
    assert asking.missing == ["--host"]
