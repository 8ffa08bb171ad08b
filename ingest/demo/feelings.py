"""How a made-up resident felt about a contact, and the answers that follow. Pure; gets a seed."""

import random

from ingest.questionnaires.items import NOT_APPLICABLE, Item
from ingest.questionnaires.questionnaire import Questionnaire

# The mark that most people give, by channel.
_USUAL_MARK = {
    "balie": 8.1,
    "telefonie": 7.7,
    "online": 7.5,
    "melding": 7.1,
    "vergunning": 7.5,
    "huwelijk": 8.8,
    "terugbelverzoek": 7.2,
    "chat": 7.3,
    "sociaal-domein": 7.4,
}
_WENT_WRONG = 0.13  # share of contacts
# What was decided colours every answer, whatever the municipality did: weight, effect on the mark.
_OUTCOMES = {
    "toegekend": (66, 0.5),
    "deels": (12, -0.9),
    "geweigerd": (16, -3.2),
    "onbekend": (6, -0.6),
}
_CONTENT = 5.5  # from here on the mark that is given is a 6 or higher
# From the first of these marks on a resident says "partly", and from the second on "yes".
_SAYS_MORE = (4.8, 6.3)


class Feelings:
    """How residents feel about one touchpoint: a level of its own, which drifts over the months.

    `content`: whether the last resident was content.
    """

    def __init__(self, chance: random.Random, channel: str) -> None:
        self.content = True
        self._chance = chance
        self._level = _USUAL_MARK.get(channel, 7.5) + chance.gauss(0, 0.35)
        self._drift = chance.uniform(-0.4, 0.6)
        # What this place is good and bad at, by item.
        self._leanings: dict[str, float] = {}

    def answers(self, questionnaire: Questionnaire, age: float) -> dict[str, object]:
        """Answers to all but the open questions, along one path; `age` is 1 for the oldest."""
        chance = self._chance
        outcomes = self._outcomes(questionnaire)
        mark = self._level - self._drift * age
        if chance.random() < _WENT_WRONG:
            mark += chance.gauss(-3.6, 1.3)
        else:
            mark += chance.gauss(0.4, 0.9)
        mark += sum(_OUTCOMES[outcome][1] for outcome in outcomes.values())
        self.content = mark >= _CONTENT
        answers: dict[str, object] = {}
        for item in questionnaire.items:
            if item.ask_if and answers.get(item.ask_if.item) not in item.ask_if.values:
                continue
            if item.declared.holds == "text" or (not item.required and chance.random() < 0.06):
                continue
            if item.not_applicable and chance.random() < 0.06:
                answers[item.code] = NOT_APPLICABLE
            elif item.code in outcomes:
                answers[item.code] = outcomes[item.code]
            else:
                answers[item.code] = self._answer(item, mark)
        return answers

    def _outcomes(self, questionnaire: Questionnaire) -> dict[str, str]:
        """The decision, for the items that ask for it; it comes before the mark, and changes it."""
        weights = [weight for weight, _ in _OUTCOMES.values()]
        return {
            item.code: self._chance.choices(list(_OUTCOMES), weights)[0]
            for item in questionnaire.items
            if item.declared.holds == "code" and set(item.codes) == _OUTCOMES.keys()
        }

    def _answer(self, item: Item, mark: float) -> object:
        chance = self._chance
        if item.code not in self._leanings:
            self._leanings[item.code] = chance.gauss(0, 0.3)
        lean = self._leanings[item.code]
        kind = item.declared
        if kind.scale:
            return _within(kind.scale, self._felt(item, mark, lean))
        match kind.holds:
            case "code" if kind.places:
                helped = mark + lean + chance.gauss(0, 0.9)
                return kind.places[sum(helped > least for least in _SAYS_MORE)]
            case "code":
                return chance.choice(item.codes)
            case "codes":
                return sorted(chance.sample(item.codes, 1 + (chance.random() < 0.3)))
            case _:
                raise ValueError("an open question has no answer of this kind")

    def _felt(self, item: Item, mark: float, lean: float) -> float:
        """On the scale of marks, or on one of 1 to 5."""
        if item.declared.school_mark:
            return mark if item.required else mark + self._chance.gauss(lean, 0.8)
        return 4.0 + (mark - 7.5) * 0.5 + lean + self._chance.gauss(0, 0.6)


def _within(scale: tuple[int, int], value: float) -> int:
    lowest, highest = scale
    return min(highest, max(lowest, round(value)))
