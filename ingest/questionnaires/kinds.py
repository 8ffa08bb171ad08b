"""The kinds of question: what an answer is, what is offered, how it looks and is counted. Pure.

Pages, widget, kiosk, checks, figures, views, the API's document and the schema for editors are made
from these declarations. So a new kind needs one more declaration, and its texts (CONTRIBUTING.md).
A kind that was asked never changes its meaning: old answers are read with it.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

Holds = Literal["number", "code", "codes", "text"]
"""What an answer is: one number of a scale, one code, some codes, or a text."""

Control = Literal["radio", "checkbox", "textarea"]
"""The native field that asks for it."""

Layout = Literal["numbers", "words", "faces", "few", "list", "text"]
"""How the choices are laid out: numbers in a row, words or faces of a scale, a few short words
beside each other, a list, or a field to write in. It is a class in every style sheet of ours."""

Ends = Literal["none", "instead", "beside", "required"]
"""An item's own words for both ends of its scale: it has none, they come instead of the kind's own
words, they stand beside the numbers, or they do and must be given."""


MOST_CHARACTERS = 2_000
"""Of a text: Unicode code points, composed to NFC, a line end counting for one."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of question.

    `values` are offered in this order, smallest first where they are numbers; they are empty where
    an item brings options of its own, or nothing is offered. `words` says that the texts of pages
    name each value, under `[words.<kind>]`. `places` are the values that figures count, from low to
    high; empty where figures leave the kind out. On a `school_mark` a 6 is just enough, so figures
    tell the shares of low and high ones too. `about` tells editors and integrators what it is,
    `dutch` the readers of figures.
    """

    name: str
    about: str
    dutch: str
    holds: Holds
    layout: Layout
    values: tuple[int | str, ...] = ()
    words: bool = False
    ends: Ends = "none"
    places: tuple[int | str, ...] = ()
    school_mark: bool = False

    @property
    def control(self) -> Control:
        """The native field that asks for it: it follows from what an answer is."""
        if self.holds == "text":
            return "textarea"
        return "checkbox" if self.holds == "codes" else "radio"

    @property
    def has_options(self) -> bool:
        """Whether an item lists its own options."""
        return self.holds in ("code", "codes") and not self.values

    @property
    def scale(self) -> tuple[int, int] | None:
        """Lowest and highest number; None where an answer is no number."""
        if self.holds != "number":
            return None
        return int(self.values[0]), int(self.values[-1])


def _numbers(highest: int) -> tuple[int, ...]:
    """The numbers of a scale. It begins at 1, because figures use a number as its place."""
    return tuple(range(1, highest + 1))


_DECLARED = (
    Kind(
        name="mark",
        about="a mark from 1 to 10, as at school",
        dutch="Rapportcijfer van 1 tot en met 10",
        holds="number",
        layout="numbers",
        values=_numbers(10),
        ends="beside",
        places=_numbers(10),
        school_mark=True,
    ),
    Kind(
        name="agreement",
        about="from wholly disagree (1) to wholly agree (5)",
        dutch="Mate van instemming, van 1 (helemaal oneens) tot en met 5 (helemaal eens)",
        holds="number",
        layout="words",
        values=_numbers(5),
        words=True,
        ends="instead",
        places=_numbers(5),
    ),
    Kind(
        name="smileys",
        about="one of five faces, 1 is the worst",
        dutch="Smileys, van 1 (heel slecht) tot en met 5 (heel goed)",
        holds="number",
        layout="faces",
        values=_numbers(5),
        words=True,
        ends="instead",
        places=_numbers(5),
    ),
    Kind(
        name="rating",
        about="a number from 1 to 5, between two ends that the item puts into words",
        dutch="Schaal van 1 tot en met 5, met eigen woorden voor de uiteinden",
        holds="number",
        layout="numbers",
        values=_numbers(5),
        ends="required",
        places=_numbers(5),
    ),
    Kind(
        name="yes_partly_no",
        about="yes, partly or no",
        dutch="Ja, deels of nee",
        holds="code",
        layout="few",
        values=("ja", "deels", "nee"),
        words=True,
        places=("nee", "deels", "ja"),
    ),
    Kind(
        name="choice",
        about="one of the options that the item lists",
        dutch="Een keuze uit antwoorden",
        holds="code",
        layout="list",
    ),
    Kind(
        name="choices",
        about="some of the options that the item lists",
        dutch="Een of meer keuzes uit antwoorden",
        holds="codes",
        layout="list",
    ),
    Kind(
        name="text",
        about=f"the resident's own words, {MOST_CHARACTERS:,} characters at most",
        dutch="Open vraag",
        holds="text",
        layout="text",
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _DECLARED}
"""Every kind by its name, in the order in which editors are told of them."""

MOST_PLACES = 10
"""How many values a distribution has room for."""
