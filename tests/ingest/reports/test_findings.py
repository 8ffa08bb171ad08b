"""What a report says first: which finding is the title, and that each fits in one glance."""

import re
from datetime import date
from itertools import product
from typing import Any

import msgspec
import pytest

from ingest.municipalities.touchpoints import CHANNELS
from ingest.reports.figures import DepartmentReport, Others, Theme
from ingest.reports.findings import MOST_FINDINGS, MOST_WORDS, findings_of
from ingest.reports.page import department_page
from ingest.reports.sentences import fallback, found_of_ten
from tests.ingest.reports.made_up import aim, figure, full, improved, others, report, series

RISEN: dict[str, Any] = {"last": 8.8, "n": 120}
FALLEN: dict[str, Any] = {"last": 7.0, "n": 120}


def kinds(made: DepartmentReport) -> list[str]:
    return [finding.kind for finding in findings_of(made)]


def test_a_mark_that_fell_goes_before_all_else() -> None:
    made = report(
        series("online", **RISEN), series("balie", **FALLEN), aims=(aim("missed"), aim("reached"))
    )
    first, second, third = findings_of(made)
    assert first.title == "Aan de balie is het cijfer aantoonbaar gedaald"
    assert second.title == "Online is het cijfer aantoonbaar gestegen"
    assert third.title == "Doel aan de balie over twaalf maanden zeker niet gehaald"


@pytest.mark.parametrize("verdict", ["missed", "reached"])
def test_a_target_of_other_months_is_no_finding_of_this_one(verdict: str) -> None:
    """Targets are judged up to now: an earlier month made again would have today's as its title."""
    later = msgspec.structs.replace(aim(verdict), since=date(2026, 2, 1), until=date(2027, 1, 31))
    assert kinds(report(series(), aims=(aim(verdict),))) == [verdict, "same"]
    assert kinds(report(series(), aims=(later,))) == ["same"]


def test_of_two_that_fell_the_larger_fall_is_the_title() -> None:
    made = report(series("balie", last=7.4, n=120), series("telefonie", last=6.4, n=120))
    assert findings_of(made)[0].title == "Aan de telefoon is het cijfer aantoonbaar gedaald"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"aims": (aim("missed"),)}, "missed"),
        ({"aims": (aim("reached"),)}, "reached"),
        ({"improved": (improved("hoger"),)}, "improved"),
        ({"aims": (aim("unsure"), aim("overlap"), aim("no-base"), aim("too-few"))}, "same"),
        ({"improved": (improved("te vroeg"), improved("geen aantoonbaar verschil"))}, "same"),
        ({}, "same"),
    ],
)
def test_when_no_mark_moved_the_title_is_what_else_is_sure(
    more: dict[str, object], kind: str
) -> None:
    found = kinds(report(series(), **more))
    assert found[0] == kind
    # It is told in any case, or a target that was reached long ago looks like news.
    assert found[-1] == "same"


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        (others(difference=-0.4, p=0.01), ["below", "same"]),
        (others(difference=0.4, p=0.01), ["above", "same"]),
        (others(difference=0.4, p=0.06), ["same"]),
    ],
)
def test_the_others_count_where_chance_seldom_gives_so_much(
    beside: Others, found: list[str]
) -> None:
    assert kinds(report(series(others=beside))) == found


def test_a_difference_that_one_of_many_channels_has_by_chance_is_none() -> None:
    channels = ("telefonie", "online", "melding", "vergunning", "chat", "terugbelverzoek")
    alone = report(series("balie", last=7.5, n=60))
    among = report(series("balie", last=7.5, n=60), *(series(each) for each in channels))
    assert kinds(alone) == ["fell"]
    assert kinds(among) == ["same"]


def test_no_demonstrable_difference_is_a_result_with_what_would_have_been_found() -> None:
    (finding,) = findings_of(report(series("balie"), series("online")))
    assert finding.title == "Geen aantoonbaar verschil met de twaalf maanden ervoor"
    assert "In alle twee kanalen met genoeg antwoorden" in finding.text
    assert re.search(r"pas een verschil van 0,\d \(\S.*\) tot 0,\d \(\S.*\) op", finding.text)


def test_the_first_month_of_all_is_not_called_unchanged() -> None:
    assert kinds(report(series(n_before=4))) == ["first"]


def test_too_few_answers_say_so_and_the_page_gives_the_figure_of_a_longer_time() -> None:
    small = series(n=4)
    (finding,) = findings_of(report(small))
    assert finding.title == "Te weinig antwoorden in oktober: kijk naar het jaar"
    assert "4 antwoorden" in finding.text
    period, figure = fallback(small, date(2026, 12, 31))
    assert period == "2026 tot nu toe"
    assert fallback(small, date(2027, 1, 1))[0] == "heel 2026"
    assert figure.endswith("400 antwoorden")


def test_where_no_longer_time_has_ten_either_the_title_does_not_lead_there() -> None:
    (finding,) = findings_of(report(series(n=4, n_before=0)))
    assert finding.title == "Nog te weinig antwoorden in oktober voor een cijfer"
    assert "Ook over een langere tijd" in finding.text


def test_where_nothing_was_published_it_is_said_from_when_there_is_something() -> None:
    (nothing,) = findings_of(report(aims=(aim("missed"),)))
    assert nothing.title == "Er zijn geen cijfers over oktober 2026"
    assert "Vanaf tien antwoorden staat hier een cijfer" in nothing.text
    (later,) = findings_of(report(since=date(2026, 12, 1)))
    assert "zijn van december 2026" in later.text
    (long_ago,) = findings_of(report(since=date(2025, 3, 1)))
    assert "De eerste antwoorden zijn van maart 2025" in long_ago.text
    page = department_page(report(looked_at=None, provisional=False))
    assert "Stand." not in page
    assert "elke ochtend om zes uur" in page
    assert "Kijk in het bestand" in page
    assert "Kijk in het bestand" not in department_page(report(waiting=7))


def test_where_the_quarter_has_ten_it_goes_before_the_year() -> None:
    made = msgspec.structs.replace(series(n=4), quarter=figure(8.0, 12))
    assert fallback(made, date(2026, 12, 31))[0] == "oktober 2026 tot nu toe"
    assert fallback(made, date(2027, 1, 1))[0] == "oktober tot en met december 2026"


def test_where_the_year_has_too_few_as_well_that_is_said() -> None:
    period, told = fallback(series(n=4, n_before=0), date(2026, 11, 2))
    assert period == ""
    assert told.startswith("ook over 2026 minder dan tien antwoorden")


def test_at_most_three_findings_stand_at_the_top() -> None:
    made = report(*(series(each, **FALLEN) for each in CHANNELS), aims=(aim("missed"),))
    assert len(findings_of(made)) == MOST_FINDINGS


def test_how_much_of_a_theme_is_found_and_how_much_of_what_is_found_is_right_is_said() -> None:
    theme = Theme(name="Website", channel="online", n=40, count=20, share=0.5, low=0.4, high=0.6,
                  precision=0.88, recall=0.72)  # fmt: skip
    other = msgspec.structs.replace(theme, precision=0.93, recall=0.83)
    assert found_of_ten([theme, other]) == (
        "Van tien teksten over zo'n thema vinden wij er zeven tot acht; daarom staat er "
        "“ten minste”. Van tien die wij vinden, gaan er negen ook echt over."
    )
    assert found_of_ten([msgspec.structs.replace(theme, precision=None)]) == ""


def test_of_a_theme_that_nobody_measured_nothing_is_claimed_and_it_is_named() -> None:
    theme = Theme(name="Website", channel="online", n=40, count=20, share=0.5, low=0.4, high=0.6,
                  precision=0.88, recall=0.72)  # fmt: skip

    def unmeasured(name: str, **of: float | None) -> Theme:
        return msgspec.structs.replace(theme, **{"name": name, "recall": None, **of})

    afval, parkeren = unmeasured("Afval", precision=0.2), unmeasured("Parkeren", precision=None)
    told = found_of_ten([theme])
    assert found_of_ten([afval, theme]) == f"{told} Voor Afval is dat niet gemeten."
    assert found_of_ten(
        [afval, theme, parkeren, msgspec.structs.replace(afval, channel="balie")]
    ) == (f"{told} Voor Afval en Parkeren is dat niet gemeten.")


def test_every_title_has_ten_words_at_most() -> None:
    theme = Theme(name="Bereikbaarheid", channel="balie", n=40, count=20, share=0.5, low=0.4,
                  high=0.6, change="vaker")  # fmt: skip
    made = [report(), full(), report(series(), themes=(theme,))]
    changes: tuple[dict[str, Any], ...] = (FALLEN, RISEN, {"n": 4}, {})
    for channel, change in product(CHANNELS, changes):
        made.append(report(series(channel, **change)))
        for difference in (0.4, -0.4):
            beside = others(difference=difference, p=0.001)
            made.append(report(series(channel, others=beside)))
        made += [report(series(channel), aims=(aim(v, channel=channel),))
                 for v in ("missed", "reached")]  # fmt: skip
        made += [report(series(channel), improved=(improved(e, channel=channel),))
                 for e in ("hoger", "lager")]  # fmt: skip
    found = [finding for each in made for finding in findings_of(each)]
    assert len({finding.kind for finding in found}) > 9, "not every rule was tried"
    for finding in found:
        assert len(finding.title.split()) <= MOST_WORDS, finding.title
        assert finding.title[0].isupper()


def test_every_mark_that_a_finding_names_has_its_interval_and_its_answers() -> None:
    for finding in findings_of(full()):
        if finding.kind in ("fell", "rose"):
            assert finding.text.count("antwoorden") == 2
            assert finding.text.count(" tot ") == 2
