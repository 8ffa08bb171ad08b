"""Which answers become a signal: a low mark, or somebody who was not helped. Pure.

A response becomes one signal at most. Two of one response would tell of two answers that they are
of the same person, and at a quiet desk of which.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal, TypedDict

from ingest.municipalities.departments import department_of
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.municipalities.signals import Signals
from ingest.questionnaires.items import Item
from ingest.questionnaires.questionnaire import Questionnaire

Reason = Literal["laag", "niet-geholpen", "thema"]
"""Why somebody is told: a low mark, a resident who was not helped, a theme that rises."""

REASONS: tuple[Reason, ...] = ("laag", "niet-geholpen", "thema")

LOW_FACE = 2
"""The highest of five faces that is a low mark where a touchpoint has no number of its own."""

_OVERALL, _SOLVED = "tevredenheid", "oplossing"
_NOT_SOLVED = "nee"


class Noticed(TypedDict):
    """What a statement that stores a response needs to know: "" is no signal to make now."""

    signal: str
    at_once: bool


NOTHING = Noticed(signal="", at_once=False)
"""No signal."""


class Watched:
    """What one questionnaire at one touchpoint has to be watched for.

    `mark` is the item of the mark, whose answer is low up to `low`; `solved` the item that says
    whether it worked out. "": that is not asked, or nobody wants to be told.
    """

    __slots__ = ("low", "mark", "solved")

    def __init__(self, mark: str, low: int, solved: str) -> None:
        self.mark = mark
        self.low = low
        self.solved = solved

    def reason(self, answers: Mapping[str, Any]) -> Reason | None:
        """Why these answers are a signal; None where they are none."""
        mark = answers.get(self.mark)
        # A mark can be `nvt` where an item allows that.
        if type(mark) is int and mark <= self.low:
            return "laag"
        if answers.get(self.solved) == _NOT_SOLVED:
            return "niet-geholpen"
        return None

    def may_notice(self, mark: int | None, *, says_no: bool) -> bool:
        """Whether `reason` may find one in answers with this `cijfer`, and with a no among them.

        It saves looking at the answers of most. None: there is no mark of that name.
        """
        if self.mark not in ("", "cijfer"):
            return True
        low = self.mark and mark is not None and mark <= self.low
        return bool(low or (self.solved and says_no))

    def without(self, items: Collection[str]) -> "Watched":
        """The same, and nothing of these items."""
        mark = "" if self.mark in items else self.mark
        return Watched(mark, self.low, "" if self.solved in items else self.solved)


class Noticing:
    """Says of answers whether they are a signal, by what the files of municipalities say."""

    def __init__(self, municipalities: Collection[Municipality]) -> None:
        self._signals: Mapping[int, tuple[Signals, int | None]] = {
            touchpoint.number: (municipality.signals, _department_low(municipality, touchpoint))
            for municipality in municipalities
            if municipality.signals is not None
            for touchpoint in municipality.touchpoints
            if touchpoint.slug not in municipality.signals.without
        }
        self._watched: dict[tuple[int, str, frozenset[str]], Watched] = {}

    def noticed(
        self, touchpoint: Touchpoint, questionnaire: Questionnaire, answers: Mapping[str, Any]
    ) -> Noticed:
        """Whether answers that somebody gave unasked are a signal that is shown at once.

        Of all others the publisher makes signals, once ten hide each other: see `watched`.
        """
        watched = self.watched(touchpoint, questionnaire)
        reason = watched.reason(answers) if watched else None
        if reason is None or not self._signals[touchpoint.number][0].at_once:
            return NOTHING
        return Noticed(signal=reason, at_once=True)

    def watched(self, touchpoint: Touchpoint, questionnaire: Questionnaire) -> Watched | None:
        """What is watched for there; None where nothing is."""
        if touchpoint.number not in self._signals:
            return None
        # Of one structure some residents are asked other items than the others.
        key = (touchpoint.number, questionnaire.structure, questionnaire.left_out)
        if key not in self._watched:
            signals, of_department = self._signals[touchpoint.number]
            low = signals.touchpoints.get(touchpoint.slug)
            self._watched[key] = _watched(signals, low, of_department, questionnaire)
        watched = self._watched[key]
        return watched if watched.mark or watched.solved else None


def _department_low(municipality: Municipality, touchpoint: Touchpoint) -> int | None:
    slug = department_of(municipality.departments, touchpoint)
    return municipality.signals.departments.get(slug) if municipality.signals else None


def _watched(
    signals: Signals, own: int | None, of_department: int | None, questionnaire: Questionnaire
) -> Watched:
    measuring: dict[str | None, Item] = {
        item.indicator: item for item in reversed(questionnaire.items) if item.indicator
    }
    overall, solved = measuring.get(_OVERALL), measuring.get(_SOLVED)
    low = 0
    if overall is not None and overall.declared.scale is not None:
        usual = signals.low if of_department is None else of_department
        if not overall.declared.school_mark:
            usual = LOW_FACE if signals.low else 0
        low = usual if own is None else own
    return Watched(
        mark=overall.code if overall and low else "",
        low=low,
        solved=solved.code if solved and signals.not_helped else "",
    )
