"""A municipality that holds its own list guesses no better than one in ten."""

import pytest

from tests.attacks.lists import FEW, INVITED, OPEN, listed


# An open form differs from an invited one by how a resident came; `make attacks` tries them all, at
# several speeds.
@pytest.mark.parametrize(
    ("path", "per_day"),
    [
        pytest.param(INVITED, 5, marks=pytest.mark.long),
        pytest.param(OPEN, 5, marks=pytest.mark.long),
        (FEW, 2),
    ],
)
def test_who_answered_what_is_not_guessed_and_its_controls_are(path: str, per_day: int) -> None:
    found = listed(path, per_day, days=8)
    assert found.failures == []
    assert found.published.rows > 10
    assert found.published.smallest >= round(1 / found.most)
