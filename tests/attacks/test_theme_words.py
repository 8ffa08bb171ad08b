"""No file of themes makes the figures say how few texts hold a name."""

from tests.attacks.theme_words import spelled


def test_a_name_in_a_theme_is_not_read_from_its_figures_and_the_control_reads_it() -> None:
    found = spelled(worlds=8)
    assert found.failures == []
    assert found.there == 96
