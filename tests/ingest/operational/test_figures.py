"""Figures are taken whole, or refused with every mistake in them, each at its place."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.files.csv_lists import ListUnreadable
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.measures import MEASURES
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure, FiguresRejected, check_figures
from ingest.operational.lists import FigureList, read_figures
from ingest.operational.messages import OperationalFigure, OperationalFigures

TODAY = date(2026, 11, 21)
PAPER = Path(__file__).resolve().parents[3] / "docs" / "operational-figures.md"


@pytest.fixture
def molensloot(catalogue: Catalogue) -> Municipality:
    return catalogue.municipality("molensloot")


def told(**changes: Any) -> OperationalFigure:
    """A figure that is right, but for the changes."""
    right: dict[str, Any] = {
        "period": "2026-10", "channel": "telefonie", "measure": "wachttijd", "value": 3.4, "n": 42,
    }  # fmt: skip
    return OperationalFigure(**(right | changes))


def refused(municipality: Municipality, *figures: OperationalFigure) -> set[tuple[str, str]]:
    with pytest.raises(FiguresRejected) as rejected:
        check_figures(municipality, figures, TODAY)
    return {(param.name, param.code) for param in rejected.value.params}


def test_a_month_and_a_day_are_taken_as_they_are_told(molensloot: Municipality) -> None:
    month, day, back = check_figures(
        molensloot,
        [
            told(product="paspoort", department="publiekszaken"),
            told(period="2026-11-21", measure="werkvoorraad", value=118.0, n=None),
            told(period="2026-09", value=None, n=None),
        ],
        TODAY,
    )
    assert month == Figure(
        grain="month",
        period=date(2026, 10, 1),
        channel="telefonie",
        department="publiekszaken",
        product="paspoort",
        measure="wachttijd",
        value=3.4,
        n=42,
    )
    assert (day.grain, day.period, day.value, day.n) == ("day", TODAY, 118, None)
    assert (back.value, back.n) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"period": "2026-13"}, "period", "not-a-period"),
        ({"period": "oktober"}, "period", "not-a-period"),
        ({"period": "2026-02-30"}, "period", "not-a-period"),
        ({"period": "20261001"}, "period", "not-a-period"),
        ({"period": "2026-11-22"}, "period", "in-the-future"),
        ({"period": "2026-12"}, "period", "in-the-future"),
        ({"period": "1999-12"}, "period", "out-of-range"),
        ({"channel": "telefoon"}, "channel", "unknown-channel"),
        ({"product": "paspoorten"}, "product", "unknown-product"),
        ({"channel": "huwelijk", "product": "paspoort"}, "product", "unknown-product"),
        ({"department": "publiekzaken"}, "department", "unknown-department"),
        ({"measure": "wachtijd"}, "measure", "unknown-measure"),
        ({"value": -0.1}, "value", "out-of-range"),
        ({"value": float("nan")}, "value", "out-of-range"),
        ({"value": 1e300}, "value", "out-of-range"),
        ({"measure": "binnen_norm", "value": 92.0}, "value", "out-of-range"),
        ({"measure": "werkvoorraad", "value": 1.5, "n": None}, "value", "wrong-type"),
        ({"measure": "werkvoorraad", "value": 5.0}, "n", "not-asked"),
        ({"n": None}, "n", "required"),
        ({"n": 0}, "n", "out-of-range"),
        ({"n": 10**12}, "n", "out-of-range"),
        ({"value": None}, "n", "not-asked"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    molensloot: Municipality, changes: dict[str, Any], field: str, code: str
) -> None:
    assert refused(molensloot, told(), told(**{"period": "2026-08"} | changes)) == {
        (f"figures[1].{field}", code)
    }


def test_all_that_is_wrong_is_told_at_once(molensloot: Municipality) -> None:
    assert refused(
        molensloot, told(period="", channel="", measure=""), told(), told(), told(n=-1, value=-1.0)
    ) == {
        ("figures[0].period", "not-a-period"),
        ("figures[0].channel", "unknown-channel"),
        ("figures[0].measure", "unknown-measure"),
        ("figures[2]", "repeated-figure"),
        ("figures[3].n", "out-of-range"),
        ("figures[3].value", "out-of-range"),
    }


def test_no_figure_and_too_many_are_refused(molensloot: Municipality) -> None:
    assert refused(molensloot) == {("figures", "out-of-range")}
    days = [
        told(period=f"{year}-{month:02}") for year in range(2000, 2043) for month in range(1, 13)
    ]
    assert ("figures", "out-of-range") in refused(molensloot, *days)


def test_a_share_needs_its_count_and_a_stock_has_none() -> None:
    assert {code for code, measure in MEASURES.items() if measure.is_stock} == {"werkvoorraad"}
    assert {code for code, each in MEASURES.items() if each.unit == "aandeel"} == {
        code for code, each in MEASURES.items() if each.highest == 1
    }


def test_what_the_paper_shows_is_taken(molensloot: Municipality, tmp_path: Path) -> None:
    paper = PAPER.read_text("utf-8")
    (body,) = re.findall(r"--json '(.*?)'\n", paper, re.DOTALL)
    asked = msgspec.json.decode(body, type=OperationalFigures)
    assert len(check_figures(molensloot, asked.figures, TODAY)) == 3
    (lines,) = re.findall(r"```\n(period,.*?)```", paper, re.DOTALL)
    listed = read(molensloot, tmp_path, lines)
    assert (len(listed.figures), listed.bad_lines) == (3, ())
    for code, measure in MEASURES.items():
        assert f"| `{code}` | {measure.dutch} |" in paper


# A list


def read(municipality: Municipality, folder: Path, text: str) -> FigureList:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return read_figures(path, municipality, TODAY)


def test_a_list_is_read_as_a_dutch_spreadsheet_writes_it(
    molensloot: Municipality, tmp_path: Path
) -> None:
    listed = read(
        molensloot,
        tmp_path,
        "\ufeffPeriod;channel;measure;value;n;product\n"
        "2026-10;telefonie;wachttijd;3,4;42;paspoort\n"
        "\n5-10-2026;telefonie;werkvoorraad;118;;\n"
        "2026-09;telefonie;wachttijd;-;;\n",
    )
    assert listed.bad_lines == ()
    assert [(each.grain, each.period, each.value, each.n) for each in listed.figures] == [
        ("month", date(2026, 10, 1), 3.4, 42),
        ("day", date(2026, 10, 5), 118, None),
        ("month", date(2026, 9, 1), None, None),
    ]


def test_a_number_that_is_read_in_two_ways_is_refused_and_not_guessed(
    molensloot: Municipality, tmp_path: Path
) -> None:
    header = "period;channel;measure;value;n\n"
    lines = [
        f"2026-10;telefonie;wachttijd;{value};{n}" for value, n in (("1.200", "42"), ("3", "1.200"))
    ]
    listed = read(molensloot, tmp_path, header + "\n".join(lines))
    assert [bad.wrong for bad in listed.bad_lines] == [
        "value is 1.200: write 1200 for thousands, or a comma for parts",
        "n is 1.200: write 1200 for thousands, or a comma for parts",
    ]
    with_commas = (header + lines[0]).replace(";", ",")
    listed = read(molensloot, tmp_path, with_commas)
    assert ([figure.value for figure in listed.figures], listed.bad_lines) == ([1.2], ())


def test_every_line_that_is_wrong_is_named(molensloot: Municipality, tmp_path: Path) -> None:
    listed = read(
        molensloot,
        tmp_path,
        "period,channel,measure,value,n\n"
        "2026-10,telefonie,wachttijd,veel,42\n"
        "2026-10,telefonie,wachttijd,,42\n"
        "okt-26,telefoon,wachttijd,3,4.2\n"
        "2026-10,telefonie,wachttijd,3,42\n"
        "2026-10,telefonie,wachttijd,4,42\n"
        "2026-10,telefonie,wachttijd,1e3,42\n"
        "2026-10,telefonie,wachttijd,3,42,paspoort\n",
    )
    assert [figure.value for figure in listed.figures] == [3]
    wrong = {bad.number: bad.wrong for bad in listed.bad_lines}
    assert wrong.keys() == {2, 3, 4, 6, 7, 8}
    assert wrong[2].startswith("value is no number")
    assert "n is no whole number" in wrong[4]
    assert "period: Write a month" in wrong[4]
    assert "did you mean 'telefonie'" in wrong[4]
    assert wrong[6] == "is the figure of line 5 once more"
    assert wrong[8] == "has 6 fields, and there are 5 columns"


def test_a_file_of_other_columns_is_refused(molensloot: Municipality, tmp_path: Path) -> None:
    with pytest.raises(ListUnreadable, match="measure, value is not"):
        read(molensloot, tmp_path, "period,channel\n2026-10,telefonie\n")
    with pytest.raises(ListUnreadable, match="'periode' is not known; did you mean 'period'"):
        read(molensloot, tmp_path, "periode,channel,measure,value\n")
