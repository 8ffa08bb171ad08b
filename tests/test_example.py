"""The municipalities of the demo: right, told apart, clearly fictional, and readable."""

import re
from functools import cache
from pathlib import Path

import pytest

from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.municipalities.house_style import COLOUR_NAMES, dark_colours
from ingest.municipalities.municipality import (
    CHANNELS,
    HouseRules,
    InvitationRules,
    Kiosk,
    Municipality,
    Publishing,
    Retention,
    Sender,
    Touchpoint,
)
from ingest.municipalities.senders import SENDER_KINDS
from ingest.texts.page_texts import page_texts

ROOT = Path(__file__).parents[1]
CAST = ("molensloot", "waterakker", "rietbroek", "duinrade")


@cache
def example() -> Catalogue:
    return load_catalogue(example_directory(), questionnaires_directory())


def test_the_cast_is_complete_and_every_one_of_them_is_labelled_fictional() -> None:
    assert set(example().municipalities) == set(CAST)
    for municipality in example().municipalities.values():
        assert municipality.fictional
        # No municipality has a code this high, and nobody can own a name under .example.
        assert municipality.code.startswith("GM900")
        assert municipality.base_url == f"https://kto.{municipality.slug}.example"


def test_the_folder_of_municipalities_has_one_name_wherever_it_is_told() -> None:
    told = set()
    for folder in ("deploy", "docs", "ingest/commands", "questionnaires", "widget"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".md", ".py", ".example") and "node_modules" not in file.parts:
                text = file.read_text("utf-8")
                told |= set(re.findall(r"(?:--config |MEETPUNT_CONFIG=)(/[\w/]+)", text))
    assert told == {"/etc/meetpunt/municipalities"}


def test_three_are_of_one_region_and_duinrade_is_of_another() -> None:
    regions = {slug: example().municipality(slug).region for slug in CAST}
    assert set(regions.values()) == {"waterland-noord", "duinstreek"}
    assert [slug for slug in CAST if regions[slug] == "duinstreek"] == ["duinrade"]


@pytest.mark.parametrize("slug", CAST)
@pytest.mark.parametrize("channel", ["balie", "telefonie", "online", "melding"])
def test_every_one_of_them_asks_on_the_four_shared_channels(slug: str, channel: str) -> None:
    name = "balie-hal" if channel == "balie" else channel
    assert example().touchpoint(slug, name).channel == channel


@pytest.mark.parametrize("name", ["vergunning", "huwelijk", "terugbelverzoek"])
def test_molensloot_asks_what_municipalities_add(name: str) -> None:
    assert example().touchpoint("molensloot", name).questionnaire == name


@pytest.mark.parametrize("name", ["chat", "sociaal-domein"])
def test_waterakker_asks_about_a_chat_and_about_a_contact_with_its_neighbourhood_team(
    name: str,
) -> None:
    assert example().touchpoint("waterakker", name).questionnaire == name


def test_who_may_be_in_trouble_leaves_nothing_but_an_answer() -> None:
    team = example().touchpoint("waterakker", "sociaal-domein")
    assert (team.dimensions, team.product, team.location) == ({}, None, None)


def test_each_asks_the_newest_version() -> None:
    """What a newcomer copies first."""
    newest = dict(sorted(example().questionnaires))
    for touchpoint in example().touchpoints.values():
        assert touchpoint.version == newest[touchpoint.questionnaire], touchpoint.path


def test_the_one_that_is_shown_offers_two_languages_and_another_all_of_them() -> None:
    """What nobody has reviewed should not be what a newcomer copies first."""
    assert example().municipality("molensloot").languages == ("nl", "en")
    assert set(example().municipality("waterakker").languages) == set(page_texts())


def test_no_two_of_them_look_alike_by_day_or_by_night() -> None:
    styles = [municipality.style for municipality in example().municipalities.values()]
    assert len({style.accent for style in styles}) == len(CAST)
    assert len({style.font for style in styles}) == len(CAST)
    assert len({dark_colours(style).accent for style in styles}) == len(CAST)


def test_the_demo_on_this_machine_may_show_every_survey() -> None:
    for touchpoint in example().touchpoints.values():
        assert {"http://127.0.0.1:8000", "http://localhost:8000"} <= set(touchpoint.allowed_origins)


def test_the_example_explains_every_key_that_a_municipality_can_write() -> None:
    explained = (example_directory() / "README.md").read_text("utf-8")
    keys = {*Municipality.__struct_fields__, *Touchpoint.__struct_fields__}
    keys |= {*COLOUR_NAMES, *Kiosk.__struct_fields__, *Retention.__struct_fields__, *CHANNELS}
    keys |= {*Publishing.__struct_fields__, *HouseRules.__struct_fields__}
    keys |= {*InvitationRules.__struct_fields__, *Sender.__struct_fields__, *SENDER_KINDS}
    # `from` in a file.
    keys -= {"sent_from"}
    # A touchpoint's own two are told by where it stands.
    missing = sorted(key for key in keys - {"municipality"} if key not in explained)
    assert not missing
