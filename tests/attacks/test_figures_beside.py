"""Two looks at what is told of themes, follow-up, improvements and reports differ by ten."""

import pytest

from tests.attacks.figures_beside import all_beside


# Two months of mornings. That each is told once, its own tests see every day.
@pytest.mark.long
def test_no_figure_moves_by_fewer_than_ten_and_as_stored_each_does() -> None:
    found = list(all_beside(short=True))
    assert [each.figures for each in found] == ["themes", "follow-up", "improvements", "reports"]
    for line in found:
        assert line.failures == []
        assert line.chance <= 0.1
