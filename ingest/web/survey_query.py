"""The query in the address of a survey: language, mark, and details of the page that linked to it.

Anybody can write anything there, so only known names with a listed value are used.
"""

from collections.abc import Mapping

import msgspec

from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.kinds import KINDS
from ingest.responses.submission import allowed_dimensions

_MARKS = frozenset(str(mark) for mark in KINDS["mark"].values)


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One request for a survey: a token of ours, and what it leads to.

    `text` is the token as it was written, and `purpose` its purpose. `parameters` are the whole
    query, `query` those of them that have an effect.
    """

    text: str
    purpose: str
    touchpoint: Touchpoint
    language: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]


def purpose_of_open_link(parameters: Mapping[str, str]) -> str:
    """The purpose of the token for an open link: `qr` where a QR code says `via=qr`.

    Codes that were printed before this was added do not say so, and count as a link.
    """
    return "qr" if parameters.get("via") == "qr" else "open"


def chosen_mark(parameters: Mapping[str, str]) -> str | None:
    """The mark that the resident chose in the message with the link, if any.

    The page only shows it as chosen; the resident still has to send it, and may change it.
    """
    mark = parameters.get("cijfer")
    return mark if mark in _MARKS else None


def kept(touchpoint: Touchpoint, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters that a survey's form and links keep, beside `lang`: those with an effect."""
    query = allowed_dimensions(touchpoint, parameters)
    mark = chosen_mark(parameters)
    return query if mark is None else {**query, "cijfer": mark}
