"""What every sender has in common, and that none of it holds what a provider or a resident said."""

import re
from pathlib import Path

import msgspec
import pytest

from ingest.senders import notify, receipts, smtp, spryng
from ingest.senders.sender import (
    REASONS,
    Accepted,
    RefusedForGood,
    RefusedForNow,
    Unknown,
    reason,
)
from tests.ingest.senders.messages import LINK, NUMBER, message

PACKAGE = Path(__file__).resolve().parents[3] / "ingest"


@pytest.mark.parametrize("outcome", [RefusedForGood, RefusedForNow, Unknown])
def test_a_reason_is_a_code_of_the_list_and_never_a_providers_words(
    outcome: type[msgspec.Struct],
) -> None:
    assert outcome("no-answer")
    with pytest.raises(ValueError, match="not in the list") as refused:
        outcome(f"{NUMBER} is not a mobile number")
    assert NUMBER not in str(refused.value)


def test_every_code_of_the_list_is_used_and_looks_like_one() -> None:
    said = "".join(
        path.read_text("utf-8")
        for folder in ("senders", "outgoing")
        for path in (PACKAGE / folder).glob("*.py")
        if path.name != "sender.py"
    )
    assert [code for code in REASONS if f'"{code}"' not in said] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in REASONS)
    assert all(reason(code) == code for code in REASONS)


def test_the_page_for_operators_has_every_reason_in_the_same_words() -> None:
    page = (PACKAGE.parent / "docs" / "sending.md").read_text("utf-8")
    told = dict(
        re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page.partition("## Why one")[2], re.MULTILINE)
    )
    assert told == REASONS


def test_a_message_that_is_shown_shows_nobody() -> None:
    shown = repr(message())
    for secret in (NUMBER, LINK, "telefoongesprek"):
        assert secret not in shown
        assert secret not in str(message())


def test_each_sender_has_everything_that_one_needs() -> None:
    for sender in (notify.Notify, spryng.Spryng, smtp.Smtp):
        for name in ("send", "look_up", "close", "kinds", "receipts"):
            assert hasattr(sender, name), (sender, name)
    assert Accepted() == Accepted(None, receipts=False)
    assert set(receipts.NOTIFY_ENDED.values()) <= REASONS.keys()
    assert set(receipts._SPRYNG_REASONS.values()) <= REASONS.keys()
