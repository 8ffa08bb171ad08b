"""A poster with a QR code, A5, as an SVG in millimetres. Pure."""

from collections.abc import Iterator, Sequence
from html import escape

import msgspec
import segno

from ingest.municipalities.municipality import Municipality

WIDTH, HEIGHT = 148, 210
"""Of A5, upright, in millimetres, as all lengths here."""

_MARGIN = 12
_INSIDE = WIDTH - 2 * _MARGIN
# The code takes what room is left: a phone reads the least from a metre.
_LEAST_CODE, _LARGEST_CODE = 60.0, 88.0
# Capitals are 0.72 of a size: 7.9 mm can be read at arm's length and from a metre and a half.
_LARGEST, _SECOND, _BODY, _SMALL, _LEAST = 11.0, 6.0, 4.6, 4.0, 3.4
# The mean width of a letter of a wide sans-serif, bold, as part of its size.
_LETTER = 0.62

# A long question is smaller, so that code and address stay on the paper.
_SCALES = (1, 0.85, 0.7, 0.6)
_BAND_ENDS = 98

# What stands around the code. A poster speaks Dutch and English, whatever a touchpoint asks in.
WORDS = {
    "nl": (
        "Scan de code met de camera van uw telefoon",
        "Een paar korte vragen, zonder uw naam",
        "Of ga naar",
    ),
    "en": (
        "Scan the code with the camera of your phone",
        "A few short questions, without your name",
        "Or go to",
    ),
}
_ASKER = {"nl": "Gemeente {}", "en": "Municipality of {}"}


class Poster(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a poster: `questions` has one or two languages, the first is the large one."""

    municipality: Municipality
    questions: tuple[tuple[str, str], ...]
    """Language (`nl` or `en`) and question."""
    link: str
    """What the code leads to."""
    address: str
    """What people type who have no camera, without `https://`."""


def poster_svg(poster: Poster) -> str:
    """The poster. It needs no font of its own: without the municipality's there is a sans-serif."""
    style = poster.municipality.style
    band, bottom = _band(poster)
    # Of the last line, its letters below the line included.
    foot_height = sum(height for height, _, _, _ in _foot(poster)) + 2
    code = HEIGHT - _MARGIN - foot_height - bottom - 6
    code = min(max(code, _LEAST_CODE), _LARGEST_CODE)
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{style.background}"/>',
        *_head(poster),
        *band,
        *_code(poster, bottom + 4, code),
        *_footer(poster, bottom + 4 + code),
    ]
    languages = ", ".join(question for _, question in poster.questions)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="{escape(style.font)}, sans-serif">'
        f"\n<title>{escape(languages)} {escape(poster.link)}</title>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _head(poster: Poster) -> Iterator[str]:
    municipality = poster.municipality
    left = float(_MARGIN)
    if (logo := municipality.logo) is not None:
        height = 16.0
        width = min(height * logo.ratio, 50)
        yield f'<svg x="{left}" y="10" width="{width:.2f}" height="{height}">{logo.svg}</svg>'
        left += width + 5
    name = _ASKER[poster.questions[0][0]].format(municipality.name)
    size = _fitting(name, WIDTH - _MARGIN - left, 7.5)
    yield _text(name, left, 20.5, size, municipality.style.text, bold=True)


def _band(poster: Poster) -> tuple[list[str], float]:
    """The question in each language on the accent, as large as it fits, and where the band ends."""
    for scale in _SCALES:
        band, bottom = _band_at(poster, scale)
        if bottom <= _BAND_ENDS:
            break
    return band, bottom


def _band_at(poster: Poster, scale: float) -> tuple[list[str], float]:
    style = poster.municipality.style
    top = y = 34.0
    lines = []
    for place, (language, question) in enumerate(poster.questions):
        size = scale * (_SECOND if place else _LARGEST)
        y += 3.5 if place else 4
        for line in _wrapped(question, size, _INSIDE):
            y += size * 1.15
            lines.append(
                _text(line, _MARGIN, y, size, style.on_accent, bold=not place, language=language)
            )
    bottom = y + 7
    rect = f'<rect y="{top}" width="{WIDTH}" height="{bottom - top:.2f}" fill="{style.accent}"/>'
    return [rect, *lines], bottom


def _code(poster: Poster, top: float, size: float) -> Iterator[str]:
    """Black on white with four empty modules around it. Level Q: a poster gets worn and stained."""
    code = segno.make(poster.link, error="q", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=4)]
    module = size / len(rows)
    # On white its first black stands below the words above it; else its white does.
    is_white = poster.municipality.style.background.lower() in ("#ffffff", "#fff")
    left = _MARGIN - (4 * module if is_white else 0)
    yield (
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{size:.2f}" height="{size:.2f}" '
        'fill="#ffffff"/>'
    )
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    yield (
        f'<path transform="translate({left:.2f} {top:.2f}) scale({module:.5f})" '
        f'fill="#000000" shape-rendering="crispEdges" d="{path}"/>'
    )


def _footer(poster: Poster, top: float) -> Iterator[str]:
    colour = poster.municipality.style.text
    y = top
    for place, (height, line, size, language) in enumerate(_foot(poster)):
        y += height
        # What to do in the first language, and the address, which has none.
        bold = not place or not language
        yield _text(line, _MARGIN, y, size, colour, bold=bold, language=language)


def _foot(poster: Poster) -> Iterator[tuple[float, str, float, str]]:
    """Each line below the code: how far under the one before, the words, their size, language."""
    languages = [language for language, _ in poster.questions]
    for language in languages:
        scan, promise, _ = WORDS[language]
        yield _BODY * 1.5, scan, _fitting(scan, _INSIDE, _BODY), language
        yield _SMALL * 1.35, promise, _fitting(promise, _INSIDE, _SMALL), language
    go = " / ".join(WORDS[language][2] for language in languages)
    for place, line in enumerate(_in_lines(f"{go}:", poster.address)):
        size = _fitting(line, _INSIDE, 5.5 if place else _BODY)
        yield _BODY * (1.4 if place else 1.9), line, size, "" if place else languages[0]


def _in_lines(go: str, address: str) -> Sequence[str]:
    """Where to go, and an address: one that is too long for a line goes on after its host."""
    if len(address) * _LETTER * _LEAST <= _INSIDE:
        return (go, address)
    host, slash, rest = address.partition("/")
    return (go, host + slash, rest)


def _fitting(line: str, width: float, most: float) -> float:
    """The largest size at which a line fits, at most `most`."""
    return min(most, width / (max(len(line), 1) * _LETTER))


def _wrapped(text: str, size: float, width: float) -> list[str]:
    """The words in lines that fit; a word that is longer than a line stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(f"{lines[-1]} {word}") * size * _LETTER <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _text(
    line: str, x: float, y: float, size: float, fill: str, *, bold: bool, language: str = ""
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    spoken = f' lang="{language}"' if language else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}"{weight}{spoken} fill="{fill}">'
        f"{escape(line)}</text>"
    )
