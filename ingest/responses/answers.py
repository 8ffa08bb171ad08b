"""Check submitted answers against the questionnaire, along the path that the answers give. Pure.

The path consists of the items that are asked, given the answers to earlier ones.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import msgspec

from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answer_values import Check, Read, Value, ValueRefused, checker, reader

_MOST_UNKNOWN_NAMES = 20  # in one reply: a body of 64 kB could hold thousands
_encode_canonical = msgspec.json.Encoder(order="sorted").encode


class TextAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote, with line ends as LF and composed to NFC; nothing else changed."""

    item: str
    text: str


class CheckedAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that fit. `answers` has a number, a code or the codes of `choices` an item.

    `canonical` is JSON of {item: value}, texts included, sorted: equal for equal content.
    """

    answers: dict[str, Value]
    texts: tuple[TextAnswer, ...]
    canonical: bytes


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why the answer to item `name` was refused: a `code` for programs, a sentence for people."""

    name: str
    code: str
    reason: str


class AnswersRejected(Exception):
    """The answers do not fit the questionnaire; `reasons` has every reason of the whole body."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(f"{reason.name}: {reason.code}" for reason in self.reasons))


def check_answers(
    questionnaire: Questionnaire, answers: Mapping[str, object], *, complete: bool = True
) -> CheckedAnswers:
    """The answers as they are stored. Raises AnswersRejected with every reason at once.

    An item that is not on the path may not be answered, and none that is asked of others
    (`ingest.questionnaires.sampling`). Required items on the path must be answered, unless
    `complete` is False: then more answers may follow.
    """
    steps = _steps(questionnaire)
    path = _Path()
    reasons: list[Reason] = []
    for code, step in steps.items():
        reached = path.reaches(step)
        if code not in answers:
            value = None
        elif reached is False:
            reasons.append(Reason(name=code, code="not-asked", reason=_NOT_ASKED))
            continue
        else:
            try:
                value = step.check(answers[code])
            except ValueRefused as refused:
                reasons.append(Reason(name=code, code=refused.code, reason=refused.reason))
                path.unsure.add(code)
                continue
        if value is not None:
            path.values[code] = value
        elif step.required and complete and reached:
            reasons.append(Reason(name=code, code="required", reason="An answer is needed."))
    if not answers.keys() <= steps.keys():
        reasons += _not_there(answers, steps, questionnaire.left_out)
    if reasons:
        raise AnswersRejected(reasons)
    return _checked(steps, path.values)


def answers_from_form(
    questionnaire: Questionnaire, fields: Mapping[str, Sequence[str]]
) -> dict[str, object]:
    """The answers in a submitted form, for check_answers to judge.

    Browsers submit hidden radios too, so answers that are not on the path are dropped, and so are
    empty ones, and those to what is asked of others. Fields that begin with `_` are not answers;
    other unknown fields are kept.
    """
    steps = _steps(questionnaire)
    path = _Path()
    answers: dict[str, object] = {}
    for code, step in steps.items():
        if path.reaches(step) is False:
            continue
        value = step.read(fields.get(code, ()))
        if value is None:
            continue
        answers[code] = value
        try:
            path.values[code] = step.check(value)
        except ValueRefused:
            path.unsure.add(code)
    for name, strings in fields.items():
        is_answer = not name.startswith("_") and name not in questionnaire.left_out
        if is_answer and name not in steps:
            answers[name] = list(strings)
    return answers


class _Step(msgspec.Struct, frozen=True):
    """What is needed to check one item, computed once for each questionnaire."""

    code: str
    check: Check
    read: Read
    is_text: bool
    required: bool
    depends_on: str | None
    asked_for: frozenset[int | str]


@lru_cache(maxsize=512)
def _steps(questionnaire: Questionnaire) -> dict[str, _Step]:
    return {
        item.code: _Step(
            item.code,
            checker(item),
            reader(item),
            item.declared.holds == "text",
            item.required,
            item.ask_if.item if item.ask_if else None,
            frozenset(item.ask_if.values if item.ask_if else ()),
        )
        for item in questionnaire.items
    }


class _Path:
    """The answers so far, which decide the items that come next."""

    __slots__ = ("unsure", "values")

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.unsure: set[str] = set()

    def reaches(self, step: _Step) -> bool | None:
        """Whether this item is on the path; None where that depends on a refused answer."""
        if step.depends_on is None:
            return True
        if step.depends_on in self.unsure:
            self.unsure.add(step.code)
            return None
        value = self.values.get(step.depends_on)
        if isinstance(value, tuple):
            return not step.asked_for.isdisjoint(value)
        return value in step.asked_for


_NOT_ASKED = "An earlier answer leaves this item out."
_ASKED_OF_OTHERS = "This item is asked of other tokens than this one."


def _checked(steps: Mapping[str, _Step], values: Mapping[str, Value]) -> CheckedAnswers:
    canonical = _encode_canonical(values)
    answers = dict(values)
    texts = tuple(
        TextAnswer(item=name, text=str(answers.pop(name))) for name in values if steps[name].is_text
    )
    return CheckedAnswers(answers=answers, texts=texts, canonical=canonical)


def _not_there(
    answers: Mapping[str, object], steps: Mapping[str, _Step], left_out: Collection[str]
) -> list[Reason]:
    names = [name for name in answers if name not in steps][:_MOST_UNKNOWN_NAMES]
    return [
        Reason(name=name, code="not-asked", reason=_ASKED_OF_OTHERS)
        if name in left_out
        else Reason(
            name=_shown(name), code="unknown-item", reason="This questionnaire lacks this item."
        )
        for name in names
    ]


def _shown(name: str) -> str:
    """A name that somebody else chose, safe to send back: short, and without half characters."""
    return name[:40].encode("ascii", "backslashreplace").decode("ascii")
