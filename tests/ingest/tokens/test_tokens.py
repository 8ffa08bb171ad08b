"""Tokens: what is issued is read back, and nothing else in the world is ever taken for one."""

import base64
import re
import string
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.tokens.keys import Keys, SigningKey
from ingest.tokens.response_tokens import (
    MOST_TOUCHPOINT,
    PURPOSES,
    RESERVED,
    TAG_BYTES,
    KeyedBlake2s,
    Token,
    TokenExpired,
    TokenForged,
    Tokens,
    derived_key,
)
from ingest.tokens.response_tokens import digest as digest_of

NOW = datetime(2026, 5, 4, 10, 7, 3, tzinfo=UTC)
DAY = timedelta(days=1)
ALPHABET = string.ascii_letters + string.digits + "-_"


def keys(*seeds: int) -> Keys:
    """Keys whose signing secrets follow from the seeds, oldest first."""
    return Keys(
        signing=tuple(
            SigningKey(id=f"key-{seed}", secret=bytes([seed]) * 32, created=date(2026, 1, 1))
            for seed in seeds
        ),
        minting=b"m" * 32,
        content=b"c" * 32,
        accounts=b"a" * 32,
    )


TOKENS = Tokens(keys(1))

purposes = st.sampled_from(PURPOSES)
touchpoints = st.integers(0, MOST_TOUCHPOINT)
ids = st.binary(min_size=16, max_size=16)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2045, 6, 1), timezones=st.just(UTC))
lifetimes = st.timedeltas(timedelta(), timedelta(days=190))


@st.composite
def issued(draw: st.DrawFn) -> str:
    """Any token that we could have issued."""
    now = draw(moments)
    return TOKENS.issue(
        purpose=draw(purposes),
        touchpoint=draw(touchpoints),
        expires_at=now + draw(lifetimes),
        now=now,
        id=draw(ids),
    )


def issue(purpose: str = "invitation", tokens: Tokens = TOKENS) -> str:
    return tokens.issue(purpose=purpose, touchpoint=7, expires_at=NOW + DAY, now=NOW)


def is_refused(text: str, tokens: Tokens = TOKENS) -> bool:
    try:
        tokens.read(text)
    except TokenForged:
        return True
    return False


# What a token says


@given(purpose=purposes, touchpoint=touchpoints, token_id=ids, now=moments, lifetime=lifetimes)
@settings(deadline=None)
def test_a_token_says_what_it_was_issued_for(
    purpose: str, touchpoint: int, token_id: bytes, now: datetime, lifetime: timedelta
) -> None:
    expires_at = now + lifetime
    token = TOKENS.read(
        TOKENS.issue(
            purpose=purpose, touchpoint=touchpoint, expires_at=expires_at, now=now, id=token_id
        )
    )
    assert (token.id, token.purpose, token.touchpoint) == (token_id, purpose, touchpoint)
    assert timedelta() <= token.expires_at - expires_at < timedelta(minutes=10)
    assert token.expires_at.minute % 10 == token.expires_at.second == 0
    if purpose == "invitation":
        assert token.issued_at is None
    else:
        assert token.issued_at == now.replace(microsecond=0)


@given(text=issued())
@settings(deadline=None)
def test_a_token_has_its_exact_shape(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert len(text) == (44 if TOKENS.read(text).purpose == "invitation" else 48)


def test_an_invitation_leaves_eighty_characters_of_a_text_message() -> None:
    assert 160 - len("https://kto.molensloot.example/v/" + issue("invitation")) >= 80


def test_an_expiry_on_the_ten_minutes_stays_and_a_second_later_becomes_the_next() -> None:
    def expiry(at: datetime) -> datetime:
        text = TOKENS.issue(purpose="open", touchpoint=1, expires_at=at, now=NOW)
        return TOKENS.read(text).expires_at

    on_the_step = datetime(2026, 5, 4, 11, 10, tzinfo=UTC)
    assert expiry(on_the_step) == on_the_step
    assert expiry(on_the_step + timedelta(seconds=1)) == on_the_step + timedelta(minutes=10)
    assert expiry(on_the_step + timedelta(microseconds=1)) == on_the_step + timedelta(minutes=10)


def test_times_of_another_zone_are_the_same_moments() -> None:
    amsterdam = NOW + DAY
    text = TOKENS.issue(
        purpose="open",
        touchpoint=1,
        expires_at=amsterdam.astimezone(),
        now=NOW.astimezone(),
        id=b"i" * 16,
    )
    assert text == TOKENS.issue(
        purpose="open", touchpoint=1, expires_at=amsterdam, now=NOW, id=b"i" * 16
    )


def test_ids_are_what_is_unique() -> None:
    tokens = [TOKENS.read(issue()) for _ in range(2_000)]
    assert len({token.id for token in tokens}) == 2_000
    assert len({digest_of(token.id) for token in tokens}) == 2_000
    assert len({(token.purpose, token.touchpoint, token.expires_at) for token in tokens}) == 1


def test_the_same_id_gives_the_same_invitation_at_another_moment() -> None:
    first, later = (
        TOKENS.issue(
            purpose="invitation", touchpoint=7, expires_at=NOW + DAY, now=moment, id=b"i" * 16
        )
        for moment in (NOW, NOW + timedelta(hours=3))
    )
    assert first == later


def test_the_digest_is_sha256_of_the_decoded_id() -> None:
    assert digest_of(bytes(16)).hex() == (
        "374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb"
    )


# What cannot be issued


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"touchpoint": -1}, "touchpoint"),
        ({"touchpoint": MOST_TOUCHPOINT + 1}, "touchpoint"),
        ({"purpose": "kiosk"}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"id": b"short"}, "16 bytes"),
        ({"id": bytes(17)}, "16 bytes"),
        ({"expires_at": NOW - timedelta(seconds=1)}, "after it is issued"),
        ({"expires_at": datetime(2050, 1, 1, tzinfo=UTC)}, "2045"),
        ({"expires_at": datetime(2026, 6, 1)}, "time zone"),
        ({"now": datetime(2026, 5, 4)}, "time zone"),
        ({"expires_at": NOW + timedelta(days=195)}, "194 days"),
        (
            {
                "now": datetime(2025, 12, 1, tzinfo=UTC),
                "expires_at": datetime(2025, 12, 31, tzinfo=UTC),
            },
            "2026-01-01",
        ),
    ],
)
def test_what_does_not_fit_a_token_is_refused(changes: dict[str, object], told: str) -> None:
    sound: dict[str, object] = {
        "purpose": "open",
        "touchpoint": 7,
        "expires_at": NOW + DAY,
        "now": NOW,
    }
    with pytest.raises(ValueError, match=told):
        TOKENS.issue(**(sound | changes))  # type: ignore[arg-type]


def test_the_last_expiry_that_fits_is_the_last_that_is_taken() -> None:
    last = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=10) * (2**20 - 1)
    text = TOKENS.issue(purpose="invitation", touchpoint=1, expires_at=last, now=NOW)
    assert TOKENS.read(text).expires_at == last
    with pytest.raises(ValueError, match="expires between"):
        TOKENS.issue(
            purpose="invitation", touchpoint=1, expires_at=last + timedelta(seconds=1), now=NOW
        )


# What is never taken


@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_other_single_character_is_accepted_anywhere(purpose: str) -> None:
    text = issue(purpose)
    for place, original in enumerate(text):
        for other in string.printable + "é–Ａ１\u200b\ud800":
            if other != original:
                assert is_refused(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_single_bit_can_be_flipped(purpose: str) -> None:
    raw = base64.urlsafe_b64decode(issue(purpose))
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        assert is_refused(base64.urlsafe_b64encode(flipped).decode())


@given(text=issued(), data=st.data())
@settings(deadline=None)
def test_no_insertion_deletion_or_cut_is_accepted(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from(ALPHABET + "+/=% \n\t\r\x00."))
    assert is_refused(text[:place] + character + text[place:])
    assert is_refused(text + character)
    assert is_refused(text[:place] + text[place + 1 :])
    assert is_refused(text[:place])
    assert is_refused(text[place + 1 :])


@given(text=issued(), data=st.data())
@settings(deadline=None)
def test_no_exchange_of_characters_or_of_a_piece_is_accepted(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = data.draw(st.text(ALPHABET, min_size=1, max_size=len(text) - start))
    changed = text[:start] + piece + text[start + len(piece) :]
    assert changed == text or is_refused(changed)
    shuffled = "".join(data.draw(st.permutations(text)))
    assert shuffled == text or is_refused(shuffled)


@given(text=issued())
@settings(deadline=None)
def test_no_other_spelling_of_the_same_bytes_is_accepted(text: str) -> None:
    raw = base64.urlsafe_b64decode(text)
    spellings = {
        base64.b64encode(raw).decode(),
        base64.b32encode(raw).decode(),
        base64.b85encode(raw).decode(),
        raw.hex(),
        raw.decode("latin-1"),
        text.lower(),
        text.upper(),
        text.swapcase(),
        text[::-1],
        text.replace("-", "%2D").replace("_", "%5F"),
        "".join(chr(ord(character) + 0xFEE0) for character in text),
    }
    appended = ("=", "==", "====", " ", "\n", "\r\n", "\t", "\x00", "\u200b", "/", "?", "#", ".")
    spellings |= {text + tail for tail in appended} | {head + text for head in appended}
    spellings |= {f'"{text}"', f"b'{text}'", text * 2, text[:-1] + "=", text[:-2] + "=="}
    for spelling in spellings - {text}:
        assert is_refused(spelling)


@given(st.text(max_size=60) | st.text(ALPHABET, min_size=44, max_size=48))
@settings(deadline=None)
def test_nothing_that_we_did_not_issue_is_accepted(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize("length", [44, 48])
@pytest.mark.parametrize("character", ["A", "_", "=", "\x00", "\ud800", "\U0001f600"])
def test_the_right_length_alone_is_not_enough(length: int, character: str) -> None:
    assert is_refused(character * length)


def test_a_tag_of_zeros_or_none_is_refused() -> None:
    raw = base64.urlsafe_b64decode(issue())
    assert is_refused(base64.urlsafe_b64encode(raw[:-12] + bytes(12)).decode())
    assert is_refused(base64.urlsafe_b64encode(raw[:-12]).decode())


# Purposes and keys


@pytest.mark.parametrize("purpose", PURPOSES)
def test_one_purpose_never_stands_in_for_another(purpose: str) -> None:
    text = issue(purpose)
    assert TOKENS.verify(text, now=NOW, purposes=(purpose,)).purpose == purpose
    others = set(PURPOSES) - {purpose}
    with pytest.raises(TokenForged):
        TOKENS.verify(text, now=NOW, purposes=others)
    with pytest.raises(TokenForged):
        TOKENS.verify(text, now=NOW, purposes=())


def test_a_purpose_keeps_its_number_for_ever() -> None:
    """Or tokens that are on their way would change into others."""
    numbers = {purpose: base64.urlsafe_b64decode(issue(purpose))[16] >> 5 for purpose in PURPOSES}
    assert numbers == {
        "invitation": 0, "open": 1, "embed": 2, "pairing": 3, "preview": 4, "qr": 5,
        "callback": 6,
    }  # fmt: skip


def test_the_last_number_is_kept_for_tokens_of_another_layout() -> None:
    """Three bits hold eight; a ninth purpose needs the layout that the eighth number stands for."""
    assert len(PURPOSES) == RESERVED == 2**3 - 1


@pytest.mark.parametrize("purpose", PURPOSES)
def test_nothing_with_the_reserved_number_is_a_token_yet(purpose: str) -> None:
    """Also when it carries a tag of ours: who does not know the layout guesses nothing."""
    body = bytearray(base64.urlsafe_b64decode(issue(purpose))[:-TAG_BYTES])
    body[16] = body[16] & 0b00011111 | RESERVED << 5
    for of in PURPOSES:
        key = derived_key(keys(1).signing[0].secret, of)
        tag = KeyedBlake2s().get_signature(key, bytes(body))
        assert is_refused(base64.urlsafe_b64encode(bytes(body) + tag).decode())


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_purpose_cannot_be_rewritten(purpose: str) -> None:
    raw = bytearray(base64.urlsafe_b64decode(issue(purpose)))
    for number in set(range(8)) - {PURPOSES.index(purpose)}:
        raw[16] = raw[16] & 0b00011111 | number << 5
        assert is_refused(base64.urlsafe_b64encode(raw).decode())


def test_a_token_of_another_purpose_that_expired_is_forged_not_expired() -> None:
    with pytest.raises(TokenForged):
        TOKENS.verify(issue("embed"), now=NOW + 9 * DAY, purposes=("open",))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_after_a_rotation_the_newest_key_signs_and_every_key_verifies(purpose: str) -> None:
    before, after = Tokens(keys(1)), Tokens(keys(1, 2))
    old, new = issue(purpose, before), issue(purpose, after)
    assert after.read(old).purpose == after.read(new).purpose == purpose
    assert is_refused(new, before)
    assert is_refused(old, Tokens(keys(2)))
    assert not is_refused(new, Tokens(keys(2)))


@given(st.lists(st.integers(1, 200), min_size=1, max_size=5, unique=True), purposes)
@settings(max_examples=30, deadline=None)
def test_every_key_of_a_list_verifies_what_it_signed(seeds: Sequence[int], purpose: str) -> None:
    all_of_them = Tokens(keys(*seeds))
    for seed in seeds:
        assert not is_refused(issue(purpose, Tokens(keys(seed))), all_of_them)
    assert is_refused(issue(purpose, Tokens(keys(201))), all_of_them)


# Time


def expiry_of(text: str) -> datetime:
    return TOKENS.read(text).expires_at


@pytest.mark.parametrize("purpose", PURPOSES)
def test_five_minutes_after_its_expiry_a_token_is_taken_and_a_second_later_it_is_not(
    purpose: str,
) -> None:
    text = issue(purpose)
    edge = expiry_of(text) + timedelta(minutes=5)
    assert TOKENS.verify(text, now=edge, purposes=(purpose,))
    with pytest.raises(TokenExpired) as refusal:
        TOKENS.verify(text, now=edge + timedelta(microseconds=1), purposes=(purpose,))
    assert refusal.value.token == TOKENS.read(text)


@pytest.mark.parametrize("purpose", [purpose for purpose in PURPOSES if purpose != "invitation"])
def test_a_token_of_a_clock_five_minutes_ahead_is_taken_and_of_one_more_ahead_it_is_not(
    purpose: str,
) -> None:
    text = issue(purpose)
    edge = NOW - timedelta(minutes=5)
    assert TOKENS.verify(text, now=edge, purposes=(purpose,))
    with pytest.raises(TokenForged):
        TOKENS.verify(text, now=edge - timedelta(seconds=1), purposes=(purpose,))


def test_reading_asks_no_clock() -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    text = TOKENS.issue(
        purpose="open", touchpoint=3, expires_at=long_ago, now=long_ago, id=bytes(16)
    )
    assert TOKENS.read(text) == Token(
        id=bytes(16), purpose="open", touchpoint=3, expires_at=long_ago, issued_at=long_ago
    )
