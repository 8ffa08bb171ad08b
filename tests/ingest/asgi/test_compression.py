"""A body compressed once, of which a part differs each time, unpacks as any other body does."""

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.asgi.compression import MOST_GAP_BYTES, Gapped, Spliced


@given(start=st.binary(max_size=5000), end=st.binary(min_size=1, max_size=400))
def test_every_encoding_unpacks_to_the_same(start: bytes, end: bytes) -> None:
    spliced = Spliced(start)
    assert spliced.identity(end) == start + end
    assert gzip.decompress(spliced.gzip(end)) == start + end
    assert brotli.decompress(spliced.brotli(end)) == start + end


@pytest.mark.parametrize("length", [1, 255, 256, 65_535])
def test_an_end_may_be_long(length: int) -> None:
    start, end = b"de en het " * 20_000, bytes(range(256)) * 256
    spliced = Spliced(start)
    assert gzip.decompress(spliced.gzip(end[:length])) == start + end[:length]
    assert brotli.decompress(spliced.brotli(end[:length])) == start + end[:length]


def test_the_end_is_not_compressed_whatever_it_repeats() -> None:
    spliced = Spliced(b'{"a": "secret-secret-secret"}' * 50)
    for pack in (spliced.gzip, spliced.brotli):
        assert (
            len({len(pack(end)) for end in (b"secret-secret", b"Q7-kd_x0L1m2z", b"\0" * 13)}) == 1
        )


WORDS = ("de", "en", "<p>", "</p>", 'class="', "?l", "ang=", "\N{SNOWMAN}", "شباك", "Київ", "\n")
TEXT = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=400).map(
    lambda pieces: "".join(pieces).encode(errors="replace")
)


def check_gapped(gapped: Gapped, before: bytes, filling: bytes, after: bytes) -> None:
    whole = before + filling + after
    assert gapped.identity(filling) == whole
    assert gzip.decompress(gapped.gzip(filling)) == whole
    assert brotli.decompress(gapped.brotli(filling)) == whole


@given(
    before=TEXT,
    after=TEXT,
    quickly=st.booleans(),
    fillings=st.integers(2, MOST_GAP_BYTES).flatmap(
        lambda length: st.lists(st.binary(min_size=length, max_size=length), min_size=1, max_size=9)
    ),
)
def test_whatever_fills_a_gap_all_of_it_unpacks(
    before: bytes, after: bytes, quickly: bool, fillings: list[bytes]
) -> None:
    gapped = Gapped(before, len(fillings[0]), after, quickly=quickly)
    for filling in fillings:
        check_gapped(gapped, before, filling, after)


def test_both_sides_of_a_gap_are_compressed_and_the_second_knows_the_first() -> None:
    before, after = b"van alles wat door elkaar lag. " * 3, b"van alles wat door elkaar lag! " * 9
    gapped = Gapped(before, 48, after)
    for whole, compress in (
        (gapped.gzip(b"x" * 48), gzip.compress),
        (gapped.brotli(b"x" * 48), brotli.compress),
    ):
        assert len(whole) < len(compress(before)) + 48 + len(compress(after))


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_body_that_holds_the_stand_in_itself_unpacks_too(side: str) -> None:
    """Then what comes after the gap would refer to what is not there, and is sent as it is."""
    stand_in = bytes((*range(0xC0, 0xC0 + 47), 0xFF))
    before, after = (b"de en het " * 9 + stand_in * (name == side) for name in ("before", "after"))
    gapped = Gapped(before, 48, after)
    for filling in (b"Q7-kd_x0L1m2" * 4, b"\0" * 48, stand_in):
        check_gapped(gapped, before, filling, after)


def test_what_fills_a_gap_is_not_compressed_whatever_it_repeats() -> None:
    gapped = Gapped(b"secret-secret" * 20, 13, b"secret-secret" * 20)
    for pack in (gapped.gzip, gapped.brotli):
        assert (
            len({len(pack(each)) for each in (b"secret-secret", b"Q7-kd_x0L1m2z", b"\0" * 13)}) == 1
        )


@pytest.mark.parametrize("length", [0, 1, MOST_GAP_BYTES + 1])
def test_a_gap_has_a_length_that_a_stand_in_can_have(length: int) -> None:
    with pytest.raises(ValueError, match="a gap of"):
        Gapped(b"before", length, b"after")


def test_a_gap_takes_only_what_fits() -> None:
    gapped = Gapped(b"before", 48, b"after")
    for pack in (gapped.identity, gapped.gzip, gapped.brotli):
        with pytest.raises(ValueError, match="this gap is 48 bytes, not 47"):
            pack(b"x" * 47)
