"""What a screen reader is told of the mark, of the smileys, and of what is still wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.widget.accessible import names, told
from tests.browser.widget.place import Place, Visit

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MARKS = [str(number) for number in range(1, 11)]
FACES = ["Heel slecht", "Slecht", "Gaat wel", "Goed", "Heel goed"]
NOT_APPLICABLE = "Niet van toepassing of weet ik niet"


@contextmanager
def shown(place: Place, mode: str = "inline") -> Iterator[Visit]:
    with place.pasted(mode=mode) as visit:
        visit.show()
        yield visit


# Behind a button the questions are the same ones.
@pytest.mark.parametrize("mode", ["inline", pytest.param("button", marks=pytest.mark.long)])
def test_the_mark_is_a_group_of_ten_radios(place: Place, mode: str) -> None:
    with shown(place, mode) as visit:
        (group,) = told(visit.page, "radiogroup")
        assert group["name"] == "Welk cijfer geeft u onze website?"
        assert group["description"] == "1 is heel slecht 10 is uitstekend"
        assert group["required"] is True
        assert group["invalid"] == "false"
        assert names(visit.page, "radio") == MARKS
        visit.choose(8)
        chosen = [each["name"] for each in told(visit.page, "radio") if each["checked"] == "true"]
        assert chosen == ["8"]


def test_a_smiley_is_called_by_its_words_alone(place: Place) -> None:
    with shown(place) as visit:
        visit.send_first()
        groups = {group["name"]: group for group in told(visit.page, "radiogroup")}
        faces = groups["Hoe voelde u zich daarna? (niet verplicht)"]
        assert not faces.get("required")
        radios = names(visit.page, "radio")
        start = radios.index(FACES[0])
        assert radios[start : start + 6] == [*FACES, NOT_APPLICABLE]
        # The drawing repeats the words, so it is no picture of its own.
        assert names(visit.page, "image") == []
        assert names(visit.page, "graphics-document") == []


def test_the_error_summary_gets_the_focus_and_leads_to_the_question(place: Place) -> None:
    with shown(place) as visit:
        visit.send()
        (alert,) = told(visit.page, "alert")
        assert alert["focused"] is True
        assert "Nog niet verstuurd" in names(visit.page, "heading")
        wrong = "Kies een cijfer van 1 tot en met 10."
        assert wrong in names(visit.page, "link")
        (group,) = told(visit.page, "radiogroup")
        assert group["invalid"] == "true"
        assert group["description"].startswith(wrong)
        visit.survey.get_by_role("link", name=wrong).click()
        expect(visit.survey.get_by_role("radio", name="1", exact=True)).to_be_focused()


def test_it_is_told_that_it_is_being_sent_and_that_it_was(place: Place) -> None:
    with shown(place) as visit:
        visit.send_first()
        assert [each["live"] for each in told(visit.page, "status")] == ["polite"]
        expect(visit.seen()).to_contain_text("Wij hebben uw antwoord ontvangen.")
        # "Sending" and "failed" lie under it, for their size alone.
        said = " ".join(names(visit.page, "StaticText"))
        assert "Bezig met versturen" not in said
        assert "niet gelukt" not in said
        visit.send_rest()
        assert "Bedankt" in names(visit.page, "heading")
        assert names(visit.page, "radiogroup") == []


def test_the_dialog_is_called_after_its_title(place: Place) -> None:
    with place.pasted(mode="button") as visit:
        expect(visit.survey.locator(".opener")).to_be_visible()
        (opener,) = told(visit.page, "button")
        assert opener["name"] == "Geef uw mening"
        assert opener["hasPopup"] == "dialog"
        visit.show()
        (dialog,) = told(visit.page, "dialog")
        assert dialog["name"] == "Hoe ging het op onze website?"
        assert dialog["modal"] is True
        assert "Sluiten" in names(visit.page, "button")
