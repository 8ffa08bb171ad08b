"""What the address of a survey says besides its token: language, mark, coarse details of a page.

Anybody can write anything there, so a name counts when it is known, and a value when it is listed.
"""

from collections.abc import Mapping

import msgspec

from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.kinds import KINDS
from ingest.responses.submission import allowed_dimensions

# CONTRACT.md, "Pages": what an open link hands on, besides the touchpoint's own dimensions.
_HANDED_ON = ("product", "location", "form", "cijfer", "lang")
_MOST_CHARACTERS = 100

_MARKS = frozenset(str(mark) for mark in KINDS["mark"].values)


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One request for a survey: a token of ours as it was written, and what it leads to.

    `purpose` is that of the token. `said` is the whole query, `query` the part of it that has an
    effect.
    """

    text: str
    purpose: str
    touchpoint: Touchpoint
    language: str
    said: Mapping[str, str]
    query: Mapping[str, str]


def handed_on(touchpoint: Touchpoint, said: Mapping[str, str]) -> dict[str, str]:
    """Of an open link's query what goes on to the survey, by name; what is not short is dropped."""
    names = dict.fromkeys((*_HANDED_ON, *touchpoint.dimensions))
    return {
        name: said[name] for name in names if said.get(name) and len(said[name]) <= _MOST_CHARACTERS
    }


def purpose_of_open_link(said: Mapping[str, str]) -> str:
    """For which purpose an open link asks: a printed code says that it was scanned.

    Codes that were printed before say nothing, and pass for a link.
    """
    return "qr" if said.get("via") == "qr" else "open"


def chosen_mark(said: Mapping[str, str]) -> str | None:
    """The mark that was chosen already, in the message that held the link; None when there is none.

    It is only shown as chosen: the resident sends it, or another.
    """
    mark = said.get("cijfer")
    return mark if mark in _MARKS else None


def kept(touchpoint: Touchpoint, said: Mapping[str, str]) -> dict[str, str]:
    """What the survey's own links keep of the query, beside `lang`: only what has an effect."""
    query = allowed_dimensions(touchpoint, said)
    mark = chosen_mark(said)
    return query if mark is None else {**query, "cijfer": mark}
