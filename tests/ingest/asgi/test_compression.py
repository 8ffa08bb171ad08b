"""A body compressed once, whose end differs each time, unpacks as any other body does."""

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.asgi.compression import Spliced


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
