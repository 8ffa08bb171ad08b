"""The pages: what stands there, each figure with its answers, and nothing from outside."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import ingest.reports
from ingest.reports.figures import Cell, CouncilReport, Figure, Neighbour, RegionalChannel
from ingest.reports.mail import mail_of
from ingest.reports.page import council_page, department_page
from ingest.reports.words import capital, number, percent, short_month, signed
from tests.ingest.reports.made_up import figure, full, improved, others, report, series
from tests.strict_html import read_page

TEMPLATES = Path(ingest.reports.__file__).parent / "templates"
# A mark with how certain it is, and what comes after it.
MARK = re.compile(r"(?<![\d(])(\d{1,2},\d) \((\d{1,2},\d) tot (\d{1,2},\d)\)(.{0,25})")

COUNCIL = CouncilReport(
    municipality="Molensloot",
    region="waterland-noord",
    quarter=date(2026, 7, 1),
    told_on=date(2026, 10, 8),
    channels=(
        RegionalChannel(
            channel="balie",
            name="Balie",
            asked="balie/1",
            lowest=1,
            highest=10,
            rows=(
                Neighbour(name="Duinrade", own=False, n=None, mean=None),
                Neighbour(name="Molensloot", own=True, n=120, mean=8.0, low=7.8, high=8.2),
                Neighbour(name="Waterakker", own=False, n=24, mean=7.6),
            ),
            others=others(difference=0.4, p=0.01, month=date(2026, 7, 1)),
        ),
    ),
)


class Seen(HTMLParser):
    """What is read on the page, pictures and styles left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag in ("style", "svg", "title"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.words.append(data)


def seen(page: str) -> str:
    return " ".join(" ".join(Seen(page).words).split())


@pytest.mark.parametrize("page", [department_page(full()), council_page(COUNCIL)])
def test_a_page_is_one_file_with_nothing_from_outside(page: str) -> None:
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link|<img| src=| style=", page)
    assert page.count("<h1") == 1
    read_page(page.encode())  # raises where a browser would have to repair it


@pytest.mark.parametrize("page", [department_page(full()), council_page(COUNCIL)])
def test_every_picture_is_told_in_words_and_has_a_table_behind_it(page: str) -> None:
    pictures = re.findall(r'<svg class="picture".*?</svg>', page, re.DOTALL)
    assert pictures
    for picture in pictures:
        assert 'role="img"' in picture
        assert re.search(r"<title id=.*?</title>\s*<desc id=.*?antwoorden.*?</desc>", picture,
                         re.DOTALL)  # fmt: skip
    assert page.count("<details>") == len(pictures)
    assert page.count("<caption>") == len(pictures)


def test_every_mark_stands_with_how_certain_it_is_and_of_how_many_answers() -> None:
    told = seen(department_page(full()))
    # A mark is a number with a decimal that no interval, norm or difference holds.
    marks = MARK.findall(told)
    assert len(marks) > 20
    for mark, low, high, after in marks:
        assert float(low.replace(",", ".")) <= float(mark.replace(",", "."))
        assert float(mark.replace(",", ".")) <= float(high.replace(",", "."))
        if (mark, low) != ("8,1", "7,8"):  # the example that says how to read it
            assert re.match(r",\s*[\d.]+ antwoord", after), (mark, after)


SHOWN = sorted((Path(__file__).resolve().parents[3] / "docs" / "rapport").glob("*.html"))


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_the_reports_that_are_shown_have_answers_beside_every_mark(path: Path) -> None:
    page = path.read_text("utf-8")
    told = seen(page)
    for mark, low, _, after in MARK.findall(told):
        if (mark, low) != ("8,1", "7,8"):
            # In the council's table they have a column of their own.
            assert re.match(r",?\s*[\d.]+(?:\s|$)", after), (mark, after)
    # Made by the pages of now: 'python -m tests.example_report' makes them anew.
    assert (TEMPLATES / "report.css").read_text("utf-8") in page


def test_the_parts_of_the_page_are_there_or_left_out() -> None:
    told = seen(department_page(full()))
    for part in ("Het cijfer, per kanaal", "Wat mensen verder vonden", "Doelen",
                 "Wat is verbeterd", "Het werk zelf", "Zo leest u dit"):  # fmt: skip
        assert part in told
    # Nobody has counted these: a heading over nothing would look like none.
    assert "Waar mensen over schrijven" not in told
    assert "Wat met signalen is gedaan" not in told


def test_a_channel_with_too_few_answers_gives_the_figure_of_a_longer_time() -> None:
    told = seen(department_page(full()))
    assert "Te weinig antwoorden deze maand" in told
    assert "Online in oktober 2026: te weinig antwoorden (6). 2026 tot nu toe: 8,0" in told


def test_what_people_write_about_says_of_which_months() -> None:
    of_month = department_page(report(series(), themes=()))
    assert "Waar mensen over schrijven, in oktober 2026" in of_month
    of_quarter = report(series(), themes=(), themes_of_quarter=True)
    assert "schrijven, van oktober 2026 tot nu toe" in department_page(of_quarter)
    later = replace(of_quarter, today=date(2027, 1, 1))
    assert "schrijven, van oktober tot en met december 2026" in department_page(later)


def test_months_below_a_picture_are_short_as_the_dutch_have_them() -> None:
    ticks = re.findall(r'text-anchor="middle">([^<]* ’\d\d)<', department_page(report(series())))
    assert ticks == ["okt ’26", "jun ’26", "feb ’26", "okt ’25"]
    assert short_month(date(2026, 3, 1)) == "mrt ’26"


def test_the_legend_of_the_council_explains_only_what_is_there() -> None:
    told = seen(council_page(COUNCIL))
    assert "Zonder balk: in een maand waren er minder dan dertig antwoorden," in told
    assert "Verborgen (of ?)" in told
    (channel,) = COUNCIL.channels
    whole = replace(COUNCIL, channels=(replace(channel, rows=channel.rows[1:2]),))
    told = seen(council_page(whole))
    assert "Zonder balk" not in told
    assert "Verborgen" not in told


def test_a_department_that_nobody_answered_about_says_what_to_look_at() -> None:
    told = seen(department_page(report()))
    assert "is er geen antwoord verschenen dat bij Publiekszaken telt" in told


def test_nothing_that_a_file_says_becomes_markup() -> None:
    nasty = msgspec.structs.replace(improved(), text="<script>alert(1)</script> & meer")
    page = department_page(report(series(), improved=(nasty,), department="A & <b>B</b>"))
    assert "<script>" not in page
    assert "<b>" not in page


def test_the_council_sees_the_region_in_the_order_of_the_alphabet() -> None:
    page = council_page(COUNCIL)
    rows = re.findall(r'<text class="name[^"]*"[^>]*>(\w+)<', page)
    assert rows == ["Duinrade", "Molensloot", "Waterakker"]
    assert "Dit is geen ranglijst" in page
    assert "Aan de balie is het cijfer hoger dan elders" in seen(page)


def test_a_hidden_figure_is_called_hidden_and_drawn_nowhere() -> None:
    page = council_page(COUNCIL)
    assert page.count("verborgen</td>") == 2
    assert len(re.findall(r"<circle[^>]*r=\"[45]\"", page)) == 3  # two, and one of the legend


def test_the_mail_says_the_same_as_the_page() -> None:
    mail = mail_of(full())
    page = seen(department_page(full()))
    assert mail.subject == (
        "Publiekszaken, oktober 2026: Aan de balie is het cijfer aantoonbaar gedaald"
    )
    assert "7,3 (7,0 tot 7,5), 120 antwoorden" in mail.plain
    for figure_told in set(re.findall(r"\d,\d \(\d,\d tot \d,\d\), [\d.]+ antw", mail.plain)):
        assert figure_told in page, figure_told


def test_a_mail_holds_no_address_to_press() -> None:
    tricky = msgspec.structs.replace(improved(), text="Kijk op https://molensloot.example nu")
    assert "http" not in mail_of(report(series(), improved=(tricky,))).plain


def test_numbers_are_written_as_the_dutch_do() -> None:
    assert number(8.04) == "8,0"
    assert number(12_345, 0) == "12.345"
    assert signed(-0.26) == "−0,3"
    assert signed(0.01) == "0,0"
    assert percent(0.166) == "17 %"
    assert capital("aan de balie") == "Aan de balie"
    assert figure(8.0, 9).mean is None


def test_who_answers_by_faces_stands_in_a_row_of_their_own() -> None:
    by_faces = Cell(
        channel="balie",
        indicator="Vriendelijkheid",
        kind="smileys",
        is_share=False,
        figure=Figure(n=10, mean=4.0, low=3.5, high=4.4),
    )
    whole = full()
    page = department_page(replace(whole, cells=(*whole.cells, by_faces)))
    (desk,) = re.findall(r"<tr><th scope=\"row\">Balie</th>.*?</tr>", page)
    (faces,) = re.findall(r"<tr><th scope=\"row\">Balie, met gezichten</th>.*?</tr>", page)
    assert ("4,3" in desk, "118 antwoorden" in desk) == (True, True)
    assert ("4,0" in faces, "10 antwoorden" in faces) == (True, True)
