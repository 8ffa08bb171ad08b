"""The demo's words, and where its pages lead."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ingest.demo.arrivals import Arrivals, no_response
from ingest.demo.pages import LANGUAGES, DemoPages, another_origin, texts_in
from ingest.municipalities.catalogue import Catalogue
from ingest.senders.file import WrittenMessage
from ingest.texts.page_texts import page_texts
from tests.strict_html import read_page

BASE_URL = "http://localhost:8000"
NOTHING = Arrivals(arrived=0, total=0, responses=())
LINK = f"{BASE_URL}/v/abc"


def written(kind: str, to: str, **said: str) -> WrittenMessage:
    return WrittenMessage(
        reference=str(uuid4()),
        at=datetime.now(UTC),
        kind=kind,
        to=to,
        sent_from="Molensloot",
        language="nl",
        link=LINK,
        **said,
    )


TEXT = written("tel", "+31612345678", text=f"Hoe ging dat? {LINK}")
WAY_OUT = f"{BASE_URL}/afmelden/{'x' * 92}"
MAIL = written(
    "mailto",
    "melder@voorbeeld.example",
    subject="Uw melding is klaar",
    plain=f"U deed een <melding>.\n\nWat vond u ervan?\n{LINK}\n\nGemeente Molensloot\n\n"
    + page_texts()["nl"].invitation.way_out(WAY_OUT),
    unsubscribe_url=WAY_OUT,
)


def keys(texts: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in texts.items():
        if isinstance(value, Mapping):
            yield from keys(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def test_every_language_has_the_same_texts() -> None:
    assert {frozenset(keys(texts_in(language))) for language in LANGUAGES} == {
        frozenset(keys(texts_in("nl")))
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_well_formed_and_has_nothing_inline(
    catalogue: Catalogue, language: str
) -> None:
    pages = DemoPages(catalogue, BASE_URL, shown="molensloot", list_file=Path("list.csv"))
    start = pages.start(
        language, arrivals=NOTHING, etag='"1"', messages={"telefonie": TEXT, "melding": MAIL}
    )
    for body in (start, *(pages.site(language, step) for step in (1, 2, 3))):
        assert read_page(body).find("main")
        assert b" style=" not in body
        assert b"<style" not in body
        assert b"<script>" not in body


def test_a_mail_is_shown_as_it_was_written_with_its_addresses_to_press(
    catalogue: Catalogue,
) -> None:
    pages = DemoPages(catalogue, BASE_URL, shown="molensloot", list_file=Path("list.csv"))
    page = read_page(pages.start("nl", arrivals=NOTHING, etag='"1"', messages={"melding": MAIL}))
    (mail,) = page.find("div", class_="mail")
    said = [p.text for p in mail.find("p")]
    assert said[0] == "U deed een <melding>."
    assert said[1].split() == ["Wat", "vond", "u", "ervan?", LINK, "(nieuw", "tabblad)"]
    assert [a.attributes["href"] for a in mail.find("a")] == [LINK, WAY_OUT]
    assert said[-1] == "Wilt u deze berichten niet meer krijgen? Meld u af (nieuw tabblad)"


def test_what_was_there_at_the_start_is_not_called_an_example(catalogue: Catalogue) -> None:
    # After a restart somebody's own answers are among it.
    there = Arrivals(arrived=0, total=574, responses=(no_response(),))
    pages = DemoPages(catalogue, BASE_URL, shown="molensloot", list_file=Path("list.csv"))
    page = read_page(pages.start("nl", arrivals=there, etag='"1"', messages={}))
    (live,) = page.find("section", id="live")
    assert "Hieronder de laatste van de 574 reacties." in live.text
    assert live.find("summary")[0].text.endswith("eerder")
    assert "voorbeeld" not in live.text


@pytest.mark.parametrize(
    ("language", "at_once", "halfway"),
    [
        ("nl", "Alleen deze demo toont elke reactie meteen", "pas de volgende dag"),
        ("en", "Only this demo shows every response at once", "until the next day"),
    ],
)
def test_the_page_says_that_a_real_installation_shows_groups_of_ten_once_a_day(
    catalogue: Catalogue, language: str, at_once: str, halfway: str
) -> None:
    pages = DemoPages(catalogue, BASE_URL, shown="molensloot", list_file=Path("list.csv"))
    page = read_page(pages.start(language, arrivals=NOTHING, etag='"1"', messages={}))
    (live,) = page.find("section", id="live")
    assert at_once in live.text
    assert halfway in live.text


def test_the_example_site_calls_the_municipality_as_its_survey_does(catalogue: Catalogue) -> None:
    pages = DemoPages(catalogue, BASE_URL, shown="molensloot", list_file=Path("list.csv"))
    for language in LANGUAGES:
        asker = page_texts()[language].asker.format(municipality="Molensloot")
        page = read_page(pages.site(language, 1))
        assert page.find("header")[0].find("p")[0].text.strip() == asker
        assert page.find("title")[0].text.endswith(asker)


def test_the_example_site_is_another_origin_of_the_same_machine() -> None:
    assert another_origin("http://localhost:8000") == "http://127.0.0.1:8000"
    assert another_origin("https://demo.example") == "https://demo.example"


def test_what_is_typed_in_the_example_form_has_no_name_to_be_sent_under(
    catalogue: Catalogue,
) -> None:
    pages = DemoPages(catalogue, BASE_URL, shown="molensloot", list_file=Path("list.csv"))
    for step in (1, 2):
        page = read_page(pages.site("nl", step))
        fields = [*page.find("input"), *page.find("select")]
        assert [field.attributes["name"] for field in fields if "name" in field.attributes] == [
            "lang"
        ]
