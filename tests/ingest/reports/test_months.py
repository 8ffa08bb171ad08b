"""When a report is written, and for how long it is provisional."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.monthly_reports import MonthlyReports
from ingest.reports.months import first_of_quarter, first_working_day, is_provisional, months_back
from ingest.reports.writing import due_month, recipients


def test_months_are_counted_over_the_years() -> None:
    assert months_back(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert months_back(date(2026, 11, 1), -2) == date(2027, 1, 1)
    assert months_back(date(2026, 11, 1), 12) == date(2025, 11, 1)
    assert first_of_quarter(date(2026, 12, 31)) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("month", "first"),
    [
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 11, 1), date(2026, 11, 2)),  # a Sunday
        (date(2027, 1, 1), date(2027, 1, 4)),  # New Year, and a weekend
        (date(2026, 5, 1), date(2026, 5, 1)),  # no holiday in the Netherlands
    ],
)
def test_the_first_working_day_is_no_weekend_and_no_holiday(month: date, first: date) -> None:
    assert first_working_day(month, ()) == first


def test_a_month_is_provisional_until_the_region_is_told_of_it() -> None:
    assert is_provisional(date(2026, 10, 1), date(2026, 11, 7))
    assert not is_provisional(date(2026, 10, 1), date(2026, 11, 8))


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2026-11-01 12:00", None),  # a Sunday
        ("2026-11-02 06:59", None),  # 07:59 in Amsterdam
        ("2026-11-02 07:00", date(2026, 10, 1)),
        ("2026-11-28 22:00", date(2026, 10, 1)),  # the service was away for weeks
        ("2026-11-30 23:30", None),  # December in Amsterdam, half past midnight of a Tuesday
    ],
)
def test_it_is_written_from_eight_o_clock_of_the_first_working_day_on(
    now: str, month: date | None, catalogue: Catalogue
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert due_month(moment, catalogue.municipality("molensloot")) == month


def test_it_goes_to_departments_with_a_mail_address_where_reports_are_on(
    catalogue: Catalogue,
) -> None:
    municipality = catalogue.municipality("molensloot")

    def with_reports(reports: MonthlyReports | None) -> dict[str, str]:
        return recipients(msgspec.structs.replace(municipality, reports=reports))

    assert with_reports(MonthlyReports(sender="proef")) == {
        "publiekszaken": "publiekszaken@molensloot.example"
    }
    assert with_reports(MonthlyReports(sender="proef", on=False)) == {}
    assert with_reports(None) == {}
