"""A municipality with its own list learns of nobody whether they answered, or want no messages."""

import pytest

from tests.attacks.cohorts import Looked, looked


# Two months of a municipality take twenty seconds, three times over; `make attacks` has it too.
@pytest.mark.long
@pytest.mark.parametrize(("per_day", "days"), [(5, 61), (2, 183), (5, 183)])
def test_looking_every_morning_names_nobody_and_its_control_does(per_day: int, days: int) -> None:
    found = Looked(
        per_day=per_day,
        days=days,
        published=looked("published", per_day=per_day, days=days),
        exact=looked("exact", per_day=per_day, days=days),
        counted=looked("days", per_day=per_day, days=days),
    )
    assert found.failures == []
    assert found.published.rows > 5
