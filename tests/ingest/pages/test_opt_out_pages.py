"""The pages where one asks for no more messages, as they are built."""

from msgspec.structs import replace

from ingest.pages.opt_out_pages import languages_of
from ingest.texts.page_texts import page_texts
from tests.surveys import Example


def test_a_municipality_with_few_languages_has_this_page_in_all_and_its_own_first() -> None:
    municipality = replace(Example().municipality, languages=("tr", "nl"))
    offered = languages_of(municipality)
    assert offered[:3] == ("tr", "nl", "en")
    assert sorted(offered) == sorted(page_texts())


def test_a_language_that_we_do_not_have_is_not_offered() -> None:
    municipality = replace(Example().municipality, languages=("fy", "nl"))
    assert languages_of(municipality)[0] == "nl"
