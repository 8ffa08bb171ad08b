"""Read a submitted form: its fields, and what they hold besides answers. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec

_MOST_FIELDS = 200
_VERSION = re.compile(r"[0-9]{1,5}")


class SubmittedForm(msgspec.Struct, frozen=True, kw_only=True):
    """The fields as they came, and the values of those that begin with `_`.

    A malformed one of these is ignored: None, or "" for the language. `in_other_language` is the
    one that the page is asked for instead of being sent; None when it is sent.
    """

    fields: Mapping[str, list[str]]
    language: str
    version: int | None
    response_id: UUID | None
    trapped: bool
    in_other_language: str | None


def read_form(body: bytes) -> SubmittedForm:
    """Read the body of a POST. Raises ValueError: not in UTF-8, or of too many fields."""
    fields: dict[str, list[str]] = {}
    pairs = parse_qsl(
        body.decode("utf-8"),
        keep_blank_values=True,
        max_num_fields=_MOST_FIELDS,
        errors="strict",
    )
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    hidden = {name: values[0] for name, values in fields.items() if name.startswith("_")}
    version = hidden.get("_version", "")
    return SubmittedForm(
        fields=fields,
        language=hidden.get("_language", ""),
        version=int(version) if _VERSION.fullmatch(version) else None,
        response_id=_random_uuid(hidden.get("_response", "")),
        trapped=bool(hidden.get("_website")),
        in_other_language=hidden.get("_to"),
    )


def _random_uuid(text: str) -> UUID | None:
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    return uuid if uuid.version == 4 else None
