"""Make up responses that could have been: seeded, and checked and screened like any other. Pure.

The same seed, day and files give the same rows. The figures behave like real ones: every
municipality and channel has its own level, which drifts; one bad experience lowers all answers of a
response; and a resident whose permit is refused gives a lower mark.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec

from ingest.demo.feelings import Feelings
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire, family_of
from ingest.questionnaires.sampling import path_of
from ingest.responses.answers import CheckedAnswers, TextAnswer, check_answers
from ingest.responses.screening import screen
from ingest.responses.statements import NewResponse
from ingest.texts.page_texts import page_texts
from ingest.themes.finding import Finder

SEED = 2044
"""One by which Molensloot, whose figures are drawn, is the largest, and one target is reached."""

MONTHS = 14

_DAYS = 30 * MONTHS
# Responses of each channel, on average over the municipalities. The rarest has ten in most months:
# under that a month has no figure, and a newcomer sees crosses where a line should be. More would
# make the first start slower, so the busy channels have fewer than in real life.
_HOW_MANY = {
    "balie": 460,
    "telefonie": 400,
    "online": 500,
    "melding": 270,
    "vergunning": 240,
    "huwelijk": 170,
    "terugbelverzoek": 210,
    "chat": 200,
    "sociaal-domein": 170,
}
# Channels whose residents are invited: their responses have no hour. And the share of responses
# that are left halfway, which only a widget allows.
_INVITED = frozenset(
    {"telefonie", "melding", "vergunning", "huwelijk", "terugbelverzoek", "sociaal-domein"}
)
_LEFT_HALFWAY = {"online": 0.1}
# How it was asked elsewhere, and how often: most at the counter use the kiosk, some rather scan the
# code beside it, or open the link at home.
_HOW_ASKED = {
    "balie": {"kiosk": 14, "qr": 4, "link": 2},
    "online": {"widget": 17, "link": 3},
}
_OFFICE_HOURS = dict.fromkeys(("ma", "di", "wo", "do", "vr"), "09:00-17:00")
_ANY_HOUR = dict.fromkeys(("ma", "di", "wo", "do", "vr", "za", "zo"), "07:00-23:00")
_HOURS = {"online": _ANY_HOUR, "melding": _ANY_HOUR}
_WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
# January to December: passports before the summer, little while everybody is away.
_MONTH_WEIGHTS = (9, 8, 10, 11, 13, 12, 8, 6, 10, 10, 9, 6)


class _Comments(msgspec.Struct, frozen=True):
    content: tuple[str, ...]
    discontent: tuple[str, ...]


def made_up_responses(
    catalogue: Catalogue, municipality: Municipality, *, today: date, seed: int = SEED
) -> Iterator[NewResponse]:
    """A thousand responses or so of one municipality, over the 14 months before `today`.

    A kiosk with questions of its own is there to be touched, and begins with nothing.
    """
    chance = random.Random(f"{seed}/{municipality.code}")  # noqa: S311  # repeatable is the point
    size = chance.uniform(0.7, 1.3)
    finder = catalogue.themes.finder(municipality.slug)
    for touchpoint in municipality.touchpoints:
        if family_of(touchpoint.questionnaire):
            continue
        feelings = Feelings(chance, touchpoint.channel)
        how_many = round(size * _HOW_MANY.get(touchpoint.channel, 60))
        # Nobody of a sample: one in ten of so few is less than the ten that a figure needs.
        questionnaire = path_of(catalogue.questionnaire(touchpoint), sampled=False)
        for moment in _moments(chance, touchpoint, how_many, today):
            age = (today - moment[0]) / timedelta(days=_DAYS)
            filled_in = _fill_in(questionnaire, touchpoint, feelings, chance, age)
            yield _response(
                municipality, touchpoint, questionnaire, filled_in, chance, moment, finder
            )


class _FilledIn(msgspec.Struct, frozen=True):
    """A questionnaire as somebody filled it in, checked as the service checks it."""

    language: str
    complete: bool
    checked: CheckedAnswers


def _fill_in(
    questionnaire: Questionnaire,
    touchpoint: Touchpoint,
    feelings: Feelings,
    chance: random.Random,
    age: float,
) -> _FilledIn:
    language = "nl"
    if chance.random() >= 0.95:
        # However many there are, as much chance is used, and all else stays as it was.
        language = touchpoint.languages[int(chance.random() * len(touchpoint.languages))]
    complete = chance.random() >= _LEFT_HALFWAY.get(touchpoint.channel, 0)
    answers = feelings.answers(questionnaire, age)
    answers |= _comment(chance, questionnaire, touchpoint.channel, language, feelings.content)
    if not complete:
        answers = dict(list(answers.items())[: chance.randint(1, 2)])
    return _FilledIn(language, complete, check_answers(questionnaire, answers, complete=complete))


def _response(
    municipality: Municipality,
    touchpoint: Touchpoint,
    questionnaire: Questionnaire,
    filled_in: _FilledIn,
    chance: random.Random,
    moment: tuple[date, int],
    finder: Finder,
) -> NewResponse:
    day, hour = moment
    invited = touchpoint.channel in _INVITED
    too_quick = not invited and chance.random() < 0.01
    mode = _mode(chance, touchpoint.channel, complete=filled_in.complete)
    return NewResponse(
        municipality=municipality.code,
        id=UUID(int=chance.getrandbits(128), version=4),
        touchpoint=touchpoint.number,
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        structure=questionnaire.structure,
        language=filled_in.language,
        day=day,
        hour=None if invited else hour,
        mode=mode,
        complete=filled_in.complete,
        suspect="too-quick" if too_quick else "",
        is_test=False,
        dimensions=_json(_dimensions(chance, touchpoint)),
        # Nobody sends these a second time, so nothing needs to be compared.
        content_code=chance.randbytes(32),
        answers=_json(filled_in.checked.answers),
        texts=_json(
            [_screened(text, finder, filled_in.language) for text in filled_in.checked.texts]
        ),
        invitation=None,
        token_id=chance.randbytes(16),
        token_expires_on=day + timedelta(days=2),
    )


def _mode(chance: random.Random, channel: str, *, complete: bool) -> str:
    if channel in _INVITED:
        return "bericht"
    if not complete:
        # A page sends everything or nothing; a widget sends the mark first.
        return "widget"
    modes = _HOW_ASKED.get(channel, {"link": 1})
    return chance.choices(list(modes), list(modes.values()))[0]


def _screened(text: TextAnswer, finder: Finder, language: str) -> dict[str, object]:
    screened = screen(text.text)
    found = finder.find(screened.text, language)
    return {
        "item": text.item,
        "text": screened.text,
        "masked": screened.masked,
        "themes": found.codes,
        "theme_version": found.version,
    }


def _moments(
    chance: random.Random, touchpoint: Touchpoint, how_many: int, today: date
) -> list[tuple[date, int]]:
    """Days before today on which it was open, and an hour of each, oldest first."""
    hours = touchpoint.opening_hours or _HOURS.get(touchpoint.channel, _OFFICE_HOURS)
    days = [
        day
        for past in range(_DAYS, 0, -1)
        if _WEEKDAYS[(day := today - timedelta(days=past)).weekday()] in hours
    ]
    weights = [_MONTH_WEIGHTS[day.month - 1] for day in days]
    moments = []
    for day in sorted(chance.choices(days, weights, k=how_many)):
        opens, _, closes = hours[_WEEKDAYS[day.weekday()]].partition("-")
        # Closing time itself is no hour in which anybody is helped, unless it is half past.
        last = int(closes[:2]) - (closes[3:] == "00")
        moments.append((day, round(chance.triangular(int(opens[:2]), last))))
    return moments


def _dimensions(chance: random.Random, touchpoint: Touchpoint) -> dict[str, str]:
    """Of every dimension a value, the first ones more often; now and then none is known."""
    chosen = {
        name: chance.choices(values, range(len(values) + 1, 1, -1))[0]
        for name, values in touchpoint.dimensions.items()
        if chance.random() < 0.9
    }
    # A form is about one product: "verhuizing-doorgeven" about "verhuizing".
    if "product" in chosen and not chosen.get("form", "").startswith(chosen["product"]):
        chosen.pop("form", None)
    return chosen


def _comment(
    chance: random.Random,
    questionnaire: Questionnaire,
    channel: str,
    language: str,
    content: bool,
) -> Mapping[str, str]:
    """What is written at the open question, if anything: who is discontent writes more often."""
    item = next((item.code for item in questionnaire.items if item.kind == "text"), None)
    if item is None or chance.random() > (0.14 if content else 0.45):
        return {}
    kind = channel if language == "nl" else language
    if language == "nl" and chance.random() < 0.06:
        kind = "private"
    comments = _comments().get(kind)
    if comments is None:
        return {}
    sentences: Sequence[str] = comments.content if content else comments.discontent
    return {item: chance.choice(sentences)}


@cache
def dutch_comments() -> frozenset[str]:
    """Every Dutch sentence that may be written, as it is stored: personal data is taken out."""
    return frozenset(
        screen(sentence).text
        for kind, comments in _comments().items()
        if kind not in page_texts()
        for sentence in (*comments.content, *comments.discontent)
    )


@cache
def _comments() -> Mapping[str, _Comments]:
    text = (Path(__file__).resolve().parent / "comments.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, _Comments])


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
