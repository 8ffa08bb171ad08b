"""The recount itself: a small run of it, and what it would find."""

import pytest

from tests.read_later import read_later
from tests.recount.comparing import compared
from tests.recount.running import recounted, table

pd = read_later("pandas")

KEYS = ["maand"]
RIGHT = {"maand": ["2026-01-01", "2026-02-01"], "n": [12, 30], "gemiddelde": [7.5, None]}


def differs(**changed: object) -> object:
    shown, expected = (pd.DataFrame(each, dtype=object) for each in (RIGHT | changed, RIGHT))
    found = compared("a view", shown, expected, KEYS)
    return None if found.well else (found.rows, found.wrong, found.left_out)


@pytest.mark.parametrize(
    "changed",
    [
        {"n": [12, 31]},
        {"gemiddelde": [7.5 + 1e-6, None]},
        {"gemiddelde": [7.5, 7.0]},
        {"gemiddelde": [None, None]},
        {"maand": ["2026-01-01", "2026-03-01"]},
        {"mediaan": [7.0, 7.0]},
    ],
    ids=["a count", "a mean", "one too many", "one missing", "a row", "a column nobody recounts"],
)
def test_a_view_that_differs_is_found(changed: dict[str, object]) -> None:
    assert differs() is None
    assert differs(**changed) is not None


# Half a minute for what `make faults ARGS=recount` does better with a hundred thousand.
@pytest.mark.long
@pytest.mark.anyio
async def test_every_figure_of_every_view_is_what_its_rows_say() -> None:
    found = await recounted(2_000)
    assert found.well, "\n".join(table(found))
    # One of each view, and one of what is told of themes.
    assert found.falsified == len(found.views) + 1 > 20
