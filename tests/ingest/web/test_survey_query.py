"""Of what stands in an address only what is known and listed has an effect."""

import pytest

from ingest.web.survey_query import chosen_mark, kept, purpose_of_open_link
from tests.surveys import EVERY_KIND, touchpoint_of

TOUCHPOINT = touchpoint_of(
    EVERY_KIND, dimensions={"product": ("paspoort", "rijbewijs"), "soort": ("afval",)}
)


def test_a_code_that_was_scanned_is_told_from_a_link_and_kept_nowhere() -> None:
    assert purpose_of_open_link({"via": "qr"}) == "qr"
    assert kept(TOUCHPOINT, {"via": "qr", "lang": "en"}) == {}


@pytest.mark.parametrize("via", [None, "", "QR", "qr ", "invitation", "preview", "embed"])
def test_whatever_else_an_open_link_says_of_itself_it_is_a_link(via: str | None) -> None:
    assert purpose_of_open_link({} if via is None else {"via": via}) == "open"


def test_a_survey_keeps_values_that_are_listed() -> None:
    said = {"product": "paspoort", "soort": "groen", "cijfer": "10", "lang": "en", "naam": "Jansen"}
    assert kept(TOUCHPOINT, said) == {"product": "paspoort", "cijfer": "10"}
    assert kept(TOUCHPOINT, {"cijfer": "11"}) == {}


@pytest.mark.parametrize("mark", ["0", "11", "08", "8.0", "+8", " 8", "٨", "", "acht"])
def test_only_a_mark_is_a_mark(mark: str) -> None:
    assert chosen_mark({"cijfer": mark}) is None


def test_every_mark_is_a_mark() -> None:
    assert [chosen_mark({"cijfer": str(mark)}) for mark in range(1, 11)] == [
        str(mark) for mark in range(1, 11)
    ]
    assert chosen_mark({}) is None
