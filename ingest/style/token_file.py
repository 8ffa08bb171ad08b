"""The custom properties of a style sheet, with what they refer to filled in. Pure."""

import re
from collections.abc import Mapping

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PIECE = re.compile(r"[{};]")
_DECLARATION = re.compile(r"\s*(--[\w-]+)\s*:\s*(.*)", re.DOTALL)
_REFERENCE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*(?:\([^()]*\)[^()]*)*))?\)")

# Themes refer through some ten others; a circle is left after this many.
_DEEPEST = 30


def custom_properties_of(css: str) -> dict[str, str]:
    """Every custom property of a style sheet and its value as written, `var()` and all.

    Of one that is set more than once the first counts: what comes after it is for a part of a page,
    or for a dark one. What stands within an at-rule, such as `@media`, is passed over.
    """
    found: dict[str, str] = {}
    open_blocks: list[bool] = []  # whether each is an at-rule
    start = 0
    text = _COMMENT.sub(" ", css)
    for piece in _PIECE.finditer(text):
        before = text[start : piece.start()]
        start = piece.end()
        if piece[0] == "{":
            open_blocks.append(before.strip().startswith("@"))
            continue
        declared = _DECLARATION.fullmatch(before)
        if declared and open_blocks and not any(open_blocks):
            found.setdefault(declared[1], declared[2].strip())
        if piece[0] == "}" and open_blocks:
            open_blocks.pop()
    return found


def resolved(name: str, properties: Mapping[str, str]) -> str | None:
    """The value of a property with its references filled in; None where one leads nowhere."""
    value = properties.get(name)
    for _ in range(_DEEPEST):
        reference = _REFERENCE.search(value) if value is not None else None
        if value is None or reference is None:
            return value
        filling = properties.get(reference[1], reference[2])
        if filling is None:
            return None
        value = value[: reference.start()] + filling.strip() + value[reference.end() :]
    return None
