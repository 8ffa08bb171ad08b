"""Marks of each year, and the waiting time beside them, read with pandas.

    pip install pandas pyarrow adbc-driver-postgresql
    MEETPUNT_READER_URL=postgresql://lezer:...@localhost/meetpunt python marks_and_work.py

The line of a reader is that of `meetpunt db grant`; views need no schema before their name.
"""

import os

import adbc_driver_postgresql.dbapi
import pandas

MARKS = """
    select kanaal, extract(year from jaar)::integer as jaar, n, gemiddelde, aandeel_le_6
    from indicator_per_jaar
    where indicator = 'tevredenheid' and soort = 'mark'
"""
WORK = """
    select maand, kanaal, waarde, norm, norm_gehaald, cijfer_n, cijfer_gemiddelde
    from kengetal_per_maand
    where kengetal = 'wachttijd' and afdeling is null and product is null
"""


def read(url: str, query: str) -> pandas.DataFrame:
    """The rows of a query."""
    with adbc_driver_postgresql.dbapi.connect(url) as connection:
        return pandas.read_sql(query, connection)


def years(marks: pandas.DataFrame) -> pandas.DataFrame:
    """Each channel and year, as the view has it: who adds up months leaves out those under ten."""
    return marks.set_index(["kanaal", "jaar"]).sort_index()


def beside(work: pandas.DataFrame) -> pandas.Series:
    """How waiting time and mark move together on each channel: no cause, and nothing under 24."""
    both = work.dropna(subset=["waarde", "cijfer_gemiddelde"])
    return pandas.Series(
        {
            channel: rows["waarde"].rank().corr(rows["cijfer_gemiddelde"].rank())
            for channel, rows in both.groupby("kanaal")
            if len(rows) >= 24
        },
        dtype=float,
    )


if __name__ == "__main__":
    url = os.environ["MEETPUNT_READER_URL"]
    print(years(read(url, MARKS)).round(2))
    work = read(url, WORK)
    print(work.groupby("kanaal").tail(3).to_string(index=False))
    print(beside(work))
