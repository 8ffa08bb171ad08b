"""A thousand cases, four hundred calls, three hundred reports: each is asked or told once.

What is delivered twice, too late, in any order or never; cases and reports that are opened again;
every neighbour away for an hour, we for two, and a new process every ten minutes that is killed.
"""

from pathlib import Path

import pytest

from tests.figures import tell
from tests.system.played_day import played
from tests.system.played_neighbours import Ledger, Size

# Starts the whole service a hundred and fifty times; each thing that goes wrong in it is tested
# every time, in tests/ingest/connectors.
pytestmark = [pytest.mark.anyio, pytest.mark.processes, pytest.mark.long]

A_DAY = Size(cases=1000, calls=400, reports=300, steps=144)
EIGHT_HOURS = Size(cases=330, calls=130, reports=100, steps=48)
ALL_THERE = Ledger(missing=0, double=0, wrong=0)


async def test_a_day_asks_and_tells_each_once_and_nobody_else(tmp_path: Path) -> None:
    async with played(tmp_path, A_DAY, polls=True) as day:
        for step in range(A_DAY.steps):
            await day.step(step)
        await day.settle()
        found = await day.found()
    tell("a day of cases, calls and reports, killed every ten minutes", found)
    ledgers = (found.cases, found.calls, found.reports, found.responses)
    assert ledgers == (ALL_THERE,) * 4
    assert (found.kept, found.promised) == (day.theirs.kept, day.theirs.promised)
    assert found.kills == A_DAY.steps - 12
    assert found.dropped > 0
    assert 0 < found.kept < found.promised


async def test_without_reading_what_was_closed_and_who_called_some_are_missed(
    tmp_path: Path,
) -> None:
    """The control: what was told while we were away was told five times, and then dropped."""
    async with played(tmp_path, EIGHT_HOURS, polls=False) as day:
        for step in range(EIGHT_HOURS.steps):
            await day.step(step)
        await day.settle()
        found = await day.found()
    tell("the same in eight hours without reading lists (control)", found)
    assert found.cases.missing > 0
    assert found.calls.missing > 0
