"""Twenty municipalities of two years, and what their residents answer, drawn by lot."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import (
    Improvement,
    Municipality,
    Norm,
    Target,
    Touchpoint,
)
from ingest.questionnaires.items import Item
from ingest.questionnaires.sampled_items import NOT_ANSWERED
from ingest.responses.statements import NewResponse
from ingest.themes.finding import Themes
from ingest.themes.theme_file import ThemeFile
from tests.country import country
from tests.example import example_catalogue

MUNICIPALITIES = 20
OF_OLD = 5
"""One in so many keeps the first version of every questionnaire; the others move on half-way."""

_LARGE = 2
_BUSY = ("balie-hal", "balie-zuil", "telefonie", "online", "melding")
_ON_ONE_DAY, _MARKET_DAY = 0.5, 15

_WIJKEN = {"01": "Centrum", "02": "Noord", "03": "Zuid"}
_MODES = {"balie": ("kiosk", "kiosk", "qr", "link"), "online": ("widget", "link")}
_LANGUAGES = ("nl",) * 19 + ("en",)
_SUSPECT, _TEST, _HALFWAY, _DETAIL_KNOWN, _SKIPPED, _SAMPLE = 0.03, 0.01, 0.1, 0.9, 0.1, 0.1
_WRITES, _OF_ADDED_ALONE = 0.4, 0.6


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A response to be, and the month of the contact where Meetpunt itself sent the invitation."""

    response: NewResponse
    sent_by_us: date | None


def catalogues(today: date) -> tuple[Catalogue, Catalogue]:
    """The files of the first year, and those of the second: with the second version."""
    example = example_catalogue()
    later = [
        replace(_municipality(each), improvements=tuple(_improvements(today)))
        for each in country(example, MUNICIPALITIES).municipalities.values()
    ]
    earlier = [_of_version_one(each) for each in later]
    kept = [
        before if number % OF_OLD == 0 else after
        for number, (before, after) in enumerate(zip(earlier, later, strict=True))
    ]
    themes = _with_more(example.themes, later[_LARGE].slug)
    return (
        Catalogue(earlier, example.questionnaires, themes=themes),
        Catalogue(kept, example.questionnaires, themes=themes),
    )


def _with_more(themes: Themes, slug: str) -> Themes:
    """Beside those of everybody some that one municipality adds. Nobody looks for their words."""
    like = themes.finder("").themes[0]
    added = tuple(replace(like, code=code) for code in ("fietsen", "afval", "lawaai"))
    file = ThemeFile(version=1, status="published", themes=added, patterns={})
    return Themes(themes.shared, {slug: {1: file}})


def _municipality(like: Municipality) -> Municipality:
    digits = like.code.removeprefix("GM")
    wijken = {f"WK{digits}{number}": name for number, name in _WIJKEN.items()}
    touchpoints = tuple(
        replace(each, dimensions={"wijk": tuple(wijken)} | each.dimensions)
        if each.slug in ("balie-hal", "melding")
        else each
        for each in like.touchpoints
    )
    channels = {each.channel for each in touchpoints}
    return replace(
        like,
        wijken=wijken,
        touchpoints=touchpoints,
        targets=tuple(each for each in _targets() if each.channel in channels),
        norms=tuple(each for each in (*like.norms, *_norms()) if each.channel in channels),
    )


def _of_version_one(like: Municipality) -> Municipality:
    return replace(like, touchpoints=tuple(replace(each, version=1) for each in like.touchpoints))


def _targets() -> Iterator[Target]:
    mark: dict[str, Any] = {"indicator": "tevredenheid"}
    for department in (None, "publiekszaken"):
        yield Target(
            channel="balie", department=department, measure="mean_at_least", value=Decimal("7.5"),
            **mark,
        )  # fmt: skip
    for channel, year in (("telefonie", 2024), ("online", 2025), ("melding", 2024)):
        for measure in ("share_le_6_falls_by", "share_lt_6_falls_by"):
            yield Target(
                channel=channel, measure=measure, percentage=Decimal(20), base_year=year, **mark
            )


def _improvements(today: date) -> Iterator[Improvement]:
    """On any day of the week, by a department and by nobody; eight weeks ago, and less."""
    for weeks, days, channel, department in (
        (40, 0, "balie", "Publiekszaken"),
        (30, 3, None, "publiekszaken"),
        (20, 5, None, "vergunningen"),
        (15, 1, "telefonie", None),
        (10, 2, None, None),
        (4, 0, "balie", None),
    ):
        monday = today - timedelta(days=today.weekday() + 7 * weeks)
        text = {"nl": f"Wij deden iets, {weeks} weken geleden."}
        day = monday + timedelta(days=days)
        yield Improvement(date=day, channel=channel, department=department, text=text)


def _norms() -> Iterator[Norm]:
    wait: dict[str, Any] = {"channel": "telefonie", "measure": "wachttijd"}
    yield Norm(value=Decimal("2.5"), department="publiekszaken", **wait)
    yield Norm(value=Decimal("2.25"), product="paspoort", **wait)
    yield Norm(value=Decimal("0.8"), channel="balie", measure="binnen_norm")


def drawn(
    catalogue: Catalogue, first: date, last: date, many: int, chance: random.Random
) -> Iterator[Drawn]:
    """About `many` responses from the first to the last day, of municipalities of every size."""
    days = (last - first).days + 1
    municipalities = list(catalogue.municipalities.values())
    sizes = [1 + number % 4 for number in range(len(municipalities))]
    # One is so large that ten share a neighbourhood, or a part of the day.
    sizes[_LARGE] = sum(sizes) // 2
    for municipality in chance.choices(municipalities, sizes, k=many):
        touchpoints = municipality.touchpoints
        # The desk, the telephone and the site hear more than who marries.
        weights = [4 if each.slug in _BUSY else 1 for each in touchpoints]
        (touchpoint,) = chance.choices(touchpoints, weights)
        day = first + timedelta(days=chance.randrange(days))
        if municipality is municipalities[_LARGE] and chance.random() < _ON_ONE_DAY:
            day = max(first, day.replace(day=_MARKET_DAY))
            day = min(day, last)
        yield _drawn(catalogue, municipality, touchpoint, day, chance)


def _drawn(
    catalogue: Catalogue,
    municipality: Municipality,
    touchpoint: Touchpoint,
    day: date,
    chance: random.Random,
) -> Drawn:
    asked = catalogue.questionnaire(touchpoint)
    mode = chance.choice(_MODES.get(touchpoint.channel, ("bericht",)))
    complete = mode != "widget" or chance.random() >= _HALFWAY
    known = {
        name: chance.choices(values, range(len(values) + 1, 1, -1))[0]
        for name, values in touchpoint.dimensions.items()
        if chance.random() < _DETAIL_KNOWN
    }
    suspect = mode != "bericht" and chance.random() < _SUSPECT
    # How good it is differs by place, and changes: so that some differences are found.
    better = touchpoint.number % 7 / 10 + (day.toordinal() // 91) % 5 / 10
    sent_by_us = mode == "bericht" and touchpoint.invitations is not None
    return Drawn(
        sent_by_us=day.replace(day=1) if sent_by_us else None,
        response=NewResponse(
            municipality=municipality.code,
            id=UUID(int=chance.getrandbits(128), version=4),
            touchpoint=touchpoint.number,
            questionnaire=asked.code,
            version=asked.version,
            structure=asked.structure,
            language=chance.choice(_LANGUAGES),
            day=day,
            hour=None if mode == "bericht" else chance.randint(9, 19),
            mode=mode,
            complete=complete,
            suspect="too-quick" if suspect else "",
            is_test=mode != "bericht" and chance.random() < _TEST,
            dimensions=json.dumps(known),
            content_code=chance.randbytes(32),
            answers=json.dumps(_answers(asked.items, better, chance, complete=complete)),
            texts=json.dumps(list(_texts(catalogue, touchpoint, asked.items, day, chance))),
            invitation=chance.randbytes(32) if mode == "bericht" else None,
            token_id=None if mode == "bericht" else chance.randbytes(16),
            token_expires_on=None if mode == "bericht" else day + timedelta(days=2),
        ),
    )


def _texts(
    catalogue: Catalogue,
    touchpoint: Touchpoint,
    items: Sequence[Item],
    day: date,
    chance: random.Random,
) -> Iterator[dict[str, object]]:
    """One text at the most, no two alike, with the themes that somebody found in it."""
    asked = [item.code for item in items if item.kind == "text"]
    if not asked or chance.random() >= _WRITES:
        return
    finder = catalogue.themes.finder(touchpoint.municipality)
    # One theme is of every second text, another of hardly any; and all come and go.
    often = day.toordinal() // 61 % 3 / 8
    codes = [
        theme.code
        for place, theme in enumerate(finder.themes, start=1)
        if chance.random() < often + 0.5 / place
    ]
    added = catalogue.themes.added(touchpoint.municipality, finder.version)
    if added and chance.random() < _OF_ADDED_ALONE:
        codes = [code for code in added if chance.random() < _OF_ADDED_ALONE / 2]
    yield {
        "item": asked[0],
        "text": f"Tekst {chance.getrandbits(64):016x}",
        "masked": [],
        "themes": codes,
        "theme_version": finder.version,
    }


def _answers(
    items: Sequence[Item], better: float, chance: random.Random, *, complete: bool
) -> dict[str, object]:
    answers: dict[str, object] = {}
    sampled = [item for item in items if item.asked_of]
    in_sample = bool(sampled) and chance.random() < _SAMPLE
    left_out = {item.instead_of for item in sampled} if in_sample else set()
    for item in items:
        if item.ask_if or item.kind == "text" or item.code in left_out:
            continue
        if item.asked_of:
            if in_sample:
                answers |= _channel_choice(items, item, chance)
        elif item.required or chance.random() >= _SKIPPED:
            answers[item.code] = _answer(item, better, chance)
    return answers if complete or in_sample else dict(list(answers.items())[:1])


def _channel_choice(items: Sequence[Item], item: Item, chance: random.Random) -> dict[str, object]:
    """Half tried nothing else; some of the others say why that did not do."""
    before = chance.choice((*("nee",) * 5, *item.codes, NOT_ANSWERED))
    why = next(each for each in items if each.ask_if and each.ask_if.item == item.code)
    if before in ("nee", NOT_ANSWERED) or chance.random() < _SKIPPED:
        return {item.code: before}
    return {item.code: before, why.code: chance.choice(why.codes)}


def _answer(item: Item, better: float, chance: random.Random) -> object:
    if item.not_applicable and chance.random() < _SKIPPED:
        return "nvt"
    places = item.declared.places
    if not places:
        code = chance.choice(item.codes)
        return [code] if item.kind == "choices" else code
    # Marks pile up at the high end.
    height = min(1.0, max(0.0, chance.betavariate(3 + better, 1.2)))
    return places[min(len(places) - 1, int(height * len(places)))]
