"""No text is tied to fewer than ten rows by how often a theme is told of a product."""

import pytest

from tests.ingest.reporting.theme_guesses import tied


@pytest.mark.dear
def test_no_text_is_tied_to_fewer_than_ten_rows_and_the_control_finds_people() -> None:
    assert tied().failures == []
