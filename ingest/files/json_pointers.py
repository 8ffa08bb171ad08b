"""JSON pointers (RFC 6901): where in a document of somebody else a value stands. Pure."""

import re
import reprlib
from typing import Any

_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)+")
_INDEX = re.compile(r"0|[1-9][0-9]{0,3}")
_MOST_CHARACTERS = 200


def pointer_fault(pointer: str) -> str | None:
    """Why a text is no pointer to a value within a document; None when it is one."""
    if len(pointer) <= _MOST_CHARACTERS and pointer.isprintable() and _POINTER.fullmatch(pointer):
        return None
    return f"must be a JSON pointer such as /caller/number, not {reprlib.repr(pointer)}"


def value_at(document: Any, pointer: str) -> Any:
    """What stands there; None where nothing does, or null."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and _INDEX.fullmatch(name) and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document
