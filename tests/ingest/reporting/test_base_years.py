"""Earlier figures of another system are taken whole, or refused with what is wrong on each line."""

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.reporting.base_years import BaseYear, BaseYearsUnreadable, read_base_years

HEADER = "channel;indicator;year;n;mean;share_lt_6;share_le_6"
PHONE = "telefonie;tevredenheid;2024;412;7,21;0,09;0,17"


def read(folder: Path, *lines: str, text: str | None = None) -> list[BaseYear]:
    file = folder / "earlier.csv"
    file.write_text("\n".join(lines) if text is None else text, encoding="utf-8")
    return read_base_years(file, channels=["balie", "telefonie"], this_year=2026)


def test_a_line_is_taken_as_it_is_written_with_either_comma(tmp_path: Path) -> None:
    phone = BaseYear(
        channel="telefonie",
        indicator="tevredenheid",
        year=2024,
        n=412,
        mean=Decimal("7.21"),
        share_lt_6=Decimal("0.09"),
        share_le_6=Decimal("0.17"),
    )
    assert read(tmp_path, HEADER, PHONE, "") == [phone]
    english = [HEADER.replace(";", ","), PHONE.replace(",", ".").replace(";", ",")]
    assert read(tmp_path, *english) == [phone]


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    (desk,) = read(tmp_path, "year;n;channel;indicator;share_le_6", "2025;100;balie;gemak;1")
    assert (desk.mean, desk.share_lt_6, desk.share_le_6) == (None, None, Decimal(1))


@pytest.mark.parametrize(
    ("written", "instead", "wrong"),
    [
        ("telefonie", "telefoon", "channel must be one of"),
        ("telefonie", "chat", "there is no touchpoint on channel chat"),
        ("tevredenheid", "tevredenhijd", "indicator 'tevredenhijd' is not known; did you mean"),
        ("2024", "2026", "year must be a whole number from 2000 to 2025"),
        ("2024", "24", "year must be a whole number from 2000 to 2025"),
        ("412", "9", "n must be a whole number from 10 to 1000000000"),
        ("412", "412,5", "n must be a whole number"),
        ("412", "٤١٢", "n must be a whole number"),
        ("7,21", "72,1", "mean must be a number from 1 to 10"),
        ("7,21", "nan", "mean must be a number from 1 to 10"),
        ("0,17", "17", "share_le_6 must be a number from 0 to 1"),
        ("0,17", "17 %", "share_le_6 must be a number from 0 to 1"),
        ("0,17", "0,05", "share_lt_6 is more than share_le_6, which holds it"),
        ("7,21;0,09;0,17", ";;", "has neither mean nor share_lt_6 nor share_le_6"),
        ("0,17", "0,17;0,3", "has 8 fields, and there are 7 columns"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_name(
    tmp_path: Path, written: str, instead: str, wrong: str
) -> None:
    with pytest.raises(BaseYearsUnreadable) as refused:
        read(tmp_path, HEADER, PHONE.replace(written, instead))
    (line,) = refused.value.bad_lines
    assert line.number == 2
    assert line.wrong.startswith(wrong)


def test_every_line_that_is_wrong_is_told_in_one_go(tmp_path: Path) -> None:
    lines = [HEADER, PHONE, PHONE.replace("412", "4"), PHONE, PHONE.replace("telefonie", "web")]
    with pytest.raises(BaseYearsUnreadable) as refused:
        read(tmp_path, *lines)
    assert [line.number for line in refused.value.bad_lines] == [3, 4, 5]
    assert refused.value.bad_lines[1].wrong.startswith("the same channel, indicator and year")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "the first line must name the columns; channel, indicator, year, n is not."),
        (HEADER, "it holds no figures."),
        (HEADER.replace("mean", "maen"), "the column 'maen' is not known; did you mean 'mean'?"),
        (f"{HEADER};n", "a column stands there twice."),
        (
            f'{HEADER}\n"balie',
            (
                "line 2 is no CSV: a quote that is opened is not closed, or something stands behind"
                " a closed one."
            ),
        ),
    ],
)
def test_what_is_no_list_of_figures_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(BaseYearsUnreadable) as refused:
        read(tmp_path, text=text)
    assert str(refused.value).startswith(wrong)


def test_a_file_in_another_character_set_or_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "earlier.csv"
    for held, wrong in ((b"kanaal;\xff", "it is not in UTF-8"), (b"a" * 5_000_001, "it is larger")):
        file.write_bytes(held)
        with pytest.raises(BaseYearsUnreadable, match=wrong):
            read_base_years(file, channels=[], this_year=2026)
