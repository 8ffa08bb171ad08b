"""Make a screenshot small: a palette of few colours, and all that zlib can do. Pure."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Letters have soft edges: with fewer colours they look rough, with more nobody sees a difference.
_MOST_COLOURS = 40
_CHANNELS = {2: 3, 6: 4}


def small_png(png: bytes) -> bytes:
    """The same picture with a palette. Takes 8-bit RGB or RGBA, not interlaced, as Chromium writes.

    The colours that are there most stay as they are; each other one becomes its nearest.
    """
    width, height, colours = _pixels(png)
    pixels = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    counted = Counter(pixels).most_common()
    palette = [colour for colour, _ in counted[:_MOST_COLOURS]]
    index_of = {
        colour: min(range(len(palette)), key=lambda index: _distance(palette[index], colour))
        for colour, _ in counted
    }
    indexes = bytes(map(index_of.__getitem__, pixels))
    rows = b"".join(b"\0" + indexes[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", b"".join(palette))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the colours, three bytes a pixel."""
    chunks = dict[bytes, bytes]()
    for name, body in _chunks(png):
        chunks[name] = chunks.get(name, b"") + body
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if depth != 8 or kind not in _CHANNELS or interlaced:
        raise ValueError("only 8-bit RGB or RGBA that is not interlaced")
    size = _CHANNELS[kind]
    raw = zlib.decompress(chunks[b"IDAT"])
    stride = width * size
    before = bytearray(stride)
    colours = bytearray()
    for y in range(height):
        at = y * (stride + 1)
        before = _unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + stride]), before, size)
        colours += before if size == 3 else _without_alpha(before)
    return width, height, bytes(colours)


def _without_alpha(row: bytearray) -> bytearray:
    opaque = bytearray(len(row) // 4 * 3)
    for channel in range(3):
        opaque[channel::3] = row[channel::4]
    return opaque


def _unfiltered(kind: int, row: bytearray, above: bytearray, size: int) -> bytearray:
    # PNG, third edition, 9.2: each byte was written as its difference with a guess.
    guess = (_nothing, _left, _above, _average, _paeth)[kind]
    for at in range(len(row)) if kind else ():
        left, corner = (row[at - size], above[at - size]) if at >= size else (0, 0)
        row[at] = (row[at] + guess(left, above[at], corner)) & 0xFF
    return row


def _nothing(left: int, above: int, corner: int) -> int:
    return 0


def _left(left: int, above: int, corner: int) -> int:
    return left


def _above(left: int, above: int, corner: int) -> int:
    return above


def _average(left: int, above: int, corner: int) -> int:
    return (left + above) // 2


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda each: abs(estimate - each))


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
