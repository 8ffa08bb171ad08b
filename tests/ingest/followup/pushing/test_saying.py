"""What is told of signals: how many, where and in which half day, and nothing of an answer."""

import json
from datetime import UTC, date, datetime

import msgspec
import pytest

from ingest.followup.pushing.saying import (
    body_of,
    counted,
    lines,
    mail_of_signals,
    when,
)
from ingest.followup.pushing.statements import Count
from ingest.municipalities.municipality import Municipality
from tests.example import example_catalogue

TODAY = date(2026, 11, 30)
MADE = datetime(2026, 11, 30, 11, 30, 0, 123456, tzinfo=UTC)
URL = "https://www.molensloot.example/opvolging"


@pytest.fixture(scope="module")
def molensloot() -> Municipality:
    return example_catalogue().municipality("molensloot")


def low(touchpoint: int = 1, day: date = TODAY, half: str = "ochtend", n: int = 1) -> Count:
    return Count(touchpoint=touchpoint, day=day, half=half, reason="laag", n=n)


def test_signals_that_say_the_same_are_counted_and_their_order_tells_nothing() -> None:
    not_helped = msgspec.structs.replace(low(2), reason="niet-geholpen")
    mixed = [low(half="middag"), not_helped, low(), low(), low(half="middag"), low()]
    assert (
        counted(mixed)
        == counted(reversed(mixed))
        == [
            low(n=3),
            not_helped,
            low(half="middag", n=2),
        ]
    )


@pytest.mark.parametrize(
    ("day", "half", "said"),
    [
        (TODAY, "ochtend", "vanmorgen"),
        (TODAY, "middag", "vanmiddag"),
        (date(2026, 11, 29), "ochtend", "gistermorgen"),
        (date(2026, 11, 29), "middag", "gistermiddag"),
        (date(2026, 11, 26), "middag", "donderdagmiddag 26 november"),
    ],
)
def test_a_half_day_is_said_as_one_says_it(day: date, half: str, said: str) -> None:
    assert when(low(day=day, half=half), TODAY) == said


def test_a_line_says_how_many_where_and_when(molensloot: Municipality) -> None:
    theme = Count(touchpoint=4, day=TODAY, half="middag", reason="thema", theme="wachttijd")
    helped = Count(touchpoint=2, day=TODAY, half="middag", reason="niet-geholpen", n=2)
    assert lines(molensloot, [low(n=3), low(8), helped, theme, low(999)], today=TODAY) == [
        "3 lage cijfers bij Balie in de hal, vanmorgen of eerder",
        "1 laag cijfer bij Zuil bij de uitgang, vanmorgen of eerder",
        "2 keer niet geholpen bij Telefoon, vanmiddag of eerder",
        "vaker opmerkingen over wachttijd bij Melding over de buurt, vanmiddag of eerder",
        "1 laag cijfer bij meetpunt 999, vanmorgen of eerder",
    ]


def test_a_webhook_is_told_counts_and_where_to_go_on_and_no_more(molensloot: Municipality) -> None:
    counts = [low(n=3), low(2, half="middag")]
    body = body_of(molensloot, counts, made=MADE, today=TODAY, follow_up_url=URL)
    assert json.loads(body) == {
        "type": "signals.shown",
        "timestamp": "2026-11-30T11:30:00Z",
        "data": {
            "municipality": "molensloot",
            "count": 4,
            "signals": [
                {
                    "touchpoint": "balie-hal",
                    "touchpointName": "Balie in de hal",
                    "department": "publiekszaken",
                    "departmentName": "Publiekszaken",
                    "reason": "laag",
                    "theme": None,
                    "day": "2026-11-30",
                    "halfDay": "ochtend",
                    "count": 3,
                },
                {
                    "touchpoint": "telefonie",
                    "touchpointName": "Telefoon",
                    "department": "overig",
                    "departmentName": "Overig",
                    "reason": "laag",
                    "theme": None,
                    "day": "2026-11-30",
                    "halfDay": "middag",
                    "count": 1,
                },
            ],
            "summary": "3 lage cijfers bij Balie in de hal, vanmorgen of eerder\n"
            "1 laag cijfer bij Telefoon, vanmiddag of eerder",
            "followUpUrl": URL,
        },
    }


def test_a_mail_says_it_in_plain_dutch_with_one_link(molensloot: Municipality) -> None:
    department = molensloot.departments[0]
    mail = mail_of_signals(molensloot, department, [low(n=3)], today=TODAY, follow_up_url=URL)
    assert mail.subject == "3 signalen van inwoners voor Publiekszaken"
    assert "Er zijn 3 signalen van inwoners voor Publiekszaken:\n" in mail.plain
    assert "- 3 lage cijfers bij Balie in de hal, vanmorgen of eerder\n" in mail.plain
    assert mail.plain.count("https://") == 1
    assert f"\n{URL}\n" in mail.plain
    assert max(map(len, mail.plain.splitlines())) < 100


def test_one_signal_is_one_and_what_is_of_no_department_says_so(molensloot: Municipality) -> None:
    mail = mail_of_signals(molensloot, None, [low(2)], today=TODAY, follow_up_url=URL)
    assert mail.subject == "1 signaal van inwoners"
    assert "Er is 1 signaal van inwoners, van geen afdeling met een eigen mailadres:" in mail.plain
