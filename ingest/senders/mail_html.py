"""A mail's HTML, made of its plain text: the same words, and links that can be pressed.

The link to the questions shows its address, so that a resident sees whose it is. That to end
messages is five lines long on a telephone, and lies behind its words.

No image, no script, no style sheet from elsewhere, and no link but those of the text: nothing in it
tells anybody that it was read. Colours are those of the reader's own program, light or dark.
"""

import re
from collections.abc import Iterator
from html import escape

import msgspec

from ingest.senders.sender import OutgoingMessage
from ingest.texts.page_texts import page_texts

_WEB = re.compile(r"https?://[^\s<>\"']+")
# What ends a sentence, and no address.
_AFTER = ".,;:!?)"

_PAGE = """<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
</head>
<body style="background-color: Canvas; color: CanvasText">
<div role="article" lang="{language}" dir="{direction}" aria-label="{subject}" \
style="max-width: 36em; margin: 0 auto; padding: 1em; font-family: Arial, sans-serif; \
font-size: 1.125em; line-height: 1.5; overflow-wrap: anywhere">
{paragraphs}
</div>
</body>
</html>
"""


class Piece(msgspec.Struct, frozen=True):
    """A piece of a message: words, or with an `address` words that can be pressed."""

    text: str
    address: str = ""


def html_of(message: OutgoingMessage) -> str:
    """The page. `message.plain` has an empty line between paragraphs."""
    texts = page_texts().get(message.language)
    paragraphs = [
        f"<p>{_line(paragraph, message)}</p>"
        for paragraph in re.split(r"\n[ \t]*\n", message.plain.strip("\n"))
        if paragraph.strip()
    ]
    return _PAGE.format(
        language=_safe(message.language),
        direction=texts.dir if texts else "auto",
        subject=_safe(message.subject),
        paragraphs="\n".join(paragraphs),
    )


def pieces(paragraph: str, *, language: str, way_out: str) -> Iterator[Piece]:
    """What a paragraph of the plain text is made of; `way_out` is the address to end messages."""
    texts = page_texts().get(language)
    words = texts.invitation.opt_out_link if texts else ""
    at = 0
    for found in _WEB.finditer(paragraph):
        address = found.group().rstrip(_AFTER)
        before = paragraph[at : found.start()]
        at = found.start() + len(address)
        link = Piece(address, address)
        if words and address == way_out and before.endswith(f"{words}: "):
            before, link = before.removesuffix(f"{words}: "), Piece(words, address)
        yield from (Piece(before), link) if before else (link,)
    if paragraph[at:]:
        yield Piece(paragraph[at:])


def _safe(text: str) -> str:
    """Text that stays text, also within an attribute."""
    return escape(text).replace("&#x27;", "&#39;")


def _line(paragraph: str, message: OutgoingMessage) -> str:
    """A paragraph with its line ends and its links."""
    made = pieces(paragraph, language=message.language, way_out=message.unsubscribe_url)
    line = "".join(
        f'<a href="{_safe(each.address)}">{_safe(each.text)}</a>'
        if each.address
        else _safe(each.text)
        for each in made
    )
    return line.strip("\n").replace("\n", "<br>\n")
