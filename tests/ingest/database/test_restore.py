"""What a municipality takes along when it leaves is all of its own, and nothing of another."""

import pytest

from tests.country import country
from tests.example import example_catalogue
from tests.restore import Restored, leaves, of_others

_FULL = ("feit_reactie", "feit_antwoord", "toelichting", "indicator_per_maand", "benchmark_regio")


@pytest.fixture(scope="module")
def restored() -> Restored:
    return leaves(3, 1_000)


@pytest.mark.long  # and `make faults ARGS=restore` lets one of 342 leave
def test_its_reader_finds_every_row_of_every_view_in_the_other_cluster(restored: Restored) -> None:
    assert not restored.different
    assert all(restored.rows[view] for view in _FULL)
    assert {"doelen", "kiosk_status", "stand", "dim_gemeente"} <= restored.rows.keys()


@pytest.mark.long
def test_nothing_of_another_municipality_goes_with_it(restored: Restored) -> None:
    """But for its name, and for what its own region may know of it."""
    assert not restored.texts_of_others
    assert not restored.elsewhere
    assert set(restored.codes_of_others) >= {"lees.dim_gemeente"}


def test_what_is_of_another_would_be_found() -> None:
    catalogue = country(example_catalogue(), 2)
    leaving, other = catalogue.municipalities.values()
    lines = [
        "COPY lees_dorp_002.tekst (municipality, text) FROM stdin;",
        f"{other.code}\t{other.name}: Ik werd vriendelijk geholpen",
        f"{leaving.code}\t{leaving.name}: Ik werd vriendelijk geholpen",
        "\\.",
        f"COMMENT ON TABLE a IS '{other.code}';",
    ]
    codes, texts = of_others(lines, catalogue, leaving)
    assert codes == {"lees_dorp_002.tekst": 1, "": 1}
    assert texts == 1
