"""Made-up responses: the same for the same seed, plausible, and nothing special to the service."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from statistics import correlation, mean
from typing import Any

import pytest

from ingest.demo.generator import made_up_responses
from ingest.municipalities.catalogue import Catalogue
from ingest.responses.screening import MASK, find_personal_data
from ingest.responses.statements import NewResponse

TODAY = date(2026, 11, 21)
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


def made_up(catalogue: Catalogue, slug: str = "molensloot", **more: Any) -> list[NewResponse]:
    municipality = catalogue.municipality(slug)
    return list(made_up_responses(catalogue, municipality, today=TODAY, **more))


@pytest.fixture(scope="module")
def everything(catalogue: Catalogue) -> list[NewResponse]:
    """All responses of all municipalities."""
    return [response for slug in catalogue.municipalities for response in made_up(catalogue, slug)]


def values(response: NewResponse) -> dict[str, Any]:
    """Item to number or code."""
    found: dict[str, Any] = json.loads(response.answers)
    return found


def texts(responses: Sequence[NewResponse]) -> Iterator[dict[str, Any]]:
    for response in responses:
        yield from json.loads(response.texts)


@pytest.mark.dear
def test_the_same_seed_gives_the_same_rows(catalogue: Catalogue) -> None:
    assert made_up(catalogue) == made_up(catalogue)
    assert made_up(catalogue) != made_up(catalogue, seed=7)


@pytest.mark.dear
def test_each_municipality_has_some_hundred(catalogue: Catalogue) -> None:
    for slug in catalogue.municipalities:
        assert 500 <= len(made_up(catalogue, slug)) <= 3_000


def test_every_channel_of_the_one_that_is_drawn_has_ten_in_most_months(
    catalogue: Catalogue,
) -> None:
    by_month = Counter(
        (catalogue.touchpoints[response.touchpoint].channel, response.day.replace(day=1))
        for response in made_up(catalogue)
    )
    for channel in {each.channel for each in catalogue.municipality("molensloot").touchpoints}:
        enough = [count for (of, _), count in by_month.items() if of == channel and count >= 10]
        assert len(enough) >= 10, channel


def test_no_id_and_no_permission_occurs_twice(everything: list[NewResponse]) -> None:
    assert len({response.id for response in everything}) == len(everything)
    assert len({response.token_id for response in everything}) == len(everything)


def test_each_counts_and_spends_no_invitation(everything: list[NewResponse]) -> None:
    """Or who tries it out would find nothing where the manual says that it is."""
    assert not any(response.is_test or response.invitation for response in everything)


def test_they_lie_in_the_fourteen_months_before_today(everything: list[NewResponse]) -> None:
    days = [response.day for response in everything]
    assert TODAY - timedelta(days=425) < min(days) < TODAY - timedelta(days=390)
    assert max(days) < TODAY


def test_a_desk_answers_only_when_it_is_open(
    catalogue: Catalogue, everything: list[NewResponse]
) -> None:
    seen = 0
    for response in everything:
        touchpoint = catalogue.touchpoints[response.touchpoint]
        if not touchpoint.opening_hours:
            continue
        opens, closes = touchpoint.opening_hours[WEEKDAYS[response.day.weekday()]].split("-")
        assert response.hour is not None
        assert int(opens[:2]) <= response.hour <= int(closes[:2])
        seen += 1
    assert seen


def test_who_is_invited_leaves_no_hour(catalogue: Catalogue, everything: list[NewResponse]) -> None:
    invited = {
        "telefonie",
        "melding",
        "vergunning",
        "huwelijk",
        "terugbelverzoek",
        "sociaal-domein",
    }
    for response in everything:
        channel = catalogue.touchpoints[response.touchpoint].channel
        assert (response.mode == "bericht") == (channel in invited)
        assert (response.hour is None) == (response.mode == "bericht")


def test_each_channel_is_asked_in_the_ways_that_it_has(
    catalogue: Catalogue, everything: list[NewResponse]
) -> None:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for response in everything:
        seen[catalogue.touchpoints[response.touchpoint].channel][response.mode] += 1
    assert [mode for mode, _ in seen["balie"].most_common()] == ["kiosk", "qr", "link"]
    assert [mode for mode, _ in seen["online"].most_common()] == ["widget", "link"]
    # Not one of them so rare that the demo would hide it.
    assert all(times > 50 for mode in ("balie", "online") for times in seen[mode].values())


def test_only_a_widget_is_left_halfway(everything: list[NewResponse]) -> None:
    """A page sends all answers at once."""
    assert {response.mode for response in everything if not response.complete} == {"widget"}


def test_some_are_left_halfway_with_the_mark_alone(everything: list[NewResponse]) -> None:
    halfway = [response for response in everything if not response.complete]
    assert 5 <= len(halfway) <= len(everything) / 10
    assert all("cijfer" in values(response) for response in halfway)


def test_marks_lean_to_seven_eight_and_nine_and_reach_both_ends(
    everything: list[NewResponse],
) -> None:
    marks = [values(response)["cijfer"] for response in everything]
    assert sum(7 <= mark <= 9 for mark in marks) > len(marks) / 2
    assert {1, 2, 3, 10} <= set(marks)


def test_one_experience_colours_all_answers(everything: list[NewResponse]) -> None:
    # Who spoke to nobody has no opinion of it.
    both = [
        (v["cijfer"], v["vriendelijk"])
        for v in map(values, everything)
        if v.get("vriendelijk", "nvt") != "nvt"
    ]
    assert 0.5 < correlation(*zip(*both, strict=True)) < 0.95


def test_who_is_refused_a_permit_gives_a_lower_mark(everything: list[NewResponse]) -> None:
    by_outcome: dict[str, list[int]] = {}
    for answers in map(values, everything):
        by_outcome.setdefault(answers.get("uitkomst", ""), []).append(answers["cijfer"])
    assert mean(by_outcome["toegekend"]) - mean(by_outcome["geweigerd"]) > 2


def test_personal_data_was_taken_out_and_its_kind_was_kept(everything: list[NewResponse]) -> None:
    written = list(texts(everything))
    masked = [text for text in written if text["masked"]]
    assert {kind for text in masked for kind in text["masked"]} >= {"bsn", "telefoon"}
    assert all((MASK in text["text"]) == bool(text["masked"]) for text in written)
    assert not any(find_personal_data(text["text"]) for text in written)


def test_a_form_is_about_its_product(everything: list[NewResponse]) -> None:
    for dimensions in (json.loads(response.dimensions) for response in everything):
        if {"form", "product"} <= dimensions.keys():
            assert dimensions["form"].startswith(dimensions["product"])
