"""How long a municipality keeps what was answered, and how soon its reports show it."""

import reprlib

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table

RHYTHMS = ("daily", "hourly")
"""How often responses to open links are published; the first is the default."""


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How long answers are kept: free text in months, responses in years.

    Signals and what was done about them go a quarter at a time, once all of it is that many months
    old.
    """

    free_text_months: int = 12
    responses_years: int = 5
    signals_months: int = 13


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """How soon reports show what came in: `open` is for links, codes, sites and kiosks.

    "daily" is the next morning, "hourly" also within the day. Responses to an invitation always
    wait for the morning, because the sender knows who received it.
    """

    open: str = RHYTHMS[0]


def read_retention(table: Table) -> Retention:
    """`[retention]`; faults are added to the table's findings."""
    retention = Retention(
        free_text_months=table.number("free_text_months", 1, 60, Retention().free_text_months),
        responses_years=table.number("responses_years", 1, 20, Retention().responses_years),
        signals_months=table.number("signals_months", 1, 60, Retention().signals_months),
    )
    table.close()
    return retention


def read_publishing(table: Table) -> Publishing:
    """`[publishing]`; faults are added to the table's findings."""
    publishing = Publishing(open=table.text_or_none("open", _rhythm_fault) or Publishing().open)
    table.close()
    return publishing


def _rhythm_fault(rhythm: str) -> str | None:
    if rhythm in RHYTHMS:
        return None
    suggestion = did_you_mean(rhythm, RHYTHMS)
    return f"must be one of {', '.join(RHYTHMS)}, not {reprlib.repr(rhythm)}{suggestion}"
