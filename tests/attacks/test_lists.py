"""A municipality that holds its own list guesses no better than one in ten."""

import pytest

from tests.attacks.lists import FEW, INVITED, OPEN, listed


@pytest.mark.parametrize(("path", "per_day"), [(INVITED, 5), (OPEN, 5), (FEW, 2)])
def test_who_answered_what_is_not_guessed_and_its_controls_are(path: str, per_day: int) -> None:
    found = listed(path, per_day, days=8)
    assert found.failures == []
    assert found.published.rows > 10
    assert found.published.smallest >= round(1 / found.most)
