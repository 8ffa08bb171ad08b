"""What is pasted is what the document promises, and holds nothing that could run."""

import re

import pytest

from ingest.widget.bundle import WidgetFile
from ingest.widget.snippet import iframe_snippet, kept_room, widget_snippet
from tests.strict_html import read_page

HOST = "https://kto.molensloot.example"
HOSTILE = 'Hoe "ging" het <script>alert(1)</script> & verder?'


def test_the_widget_is_a_script_and_an_element_around_a_link() -> None:
    assert widget_snippet(HOST, "molensloot/online", "nl", "Geef uw mening") == (
        f'<script src="{HOST}/widget.v1.js" async></script>\n'
        '<meetpunt-survey touchpoint="molensloot/online" lang="nl">'
        f'<a href="{HOST}/o/molensloot/online?lang=nl">Geef uw mening</a>{kept_room()}'
        "</meetpunt-survey>"
    )


def test_it_keeps_room_without_a_style() -> None:
    assert re.fullmatch(
        r'<br>(<canvas width="\d+" height="\d+"></canvas>){2}<br>', kept_room(small_group=False)
    )


def test_where_few_answer_there_is_room_for_what_they_are_told() -> None:
    def heights(room: str) -> list[int]:
        return [int(height) for height in re.findall(r'height="(\d+)"', room)]

    usual, of_few = heights(kept_room()), heights(kept_room(small_group=True))
    assert all(few > many for few, many in zip(of_few, usual, strict=True))
    assert kept_room(small_group=True) in widget_snippet(
        HOST, "molensloot/huwelijk", "nl", "Geef uw mening", small_group=True
    )


@pytest.mark.parametrize("attributes", [{"mode": "button"}, {"after": "#bevestiging"}])
def test_what_does_not_show_itself_at_once_keeps_no_room(attributes: dict[str, str]) -> None:
    pasted = widget_snippet(HOST, "molensloot/online", "nl", "Mening", attributes=attributes)
    assert "canvas" not in pasted


def test_a_pinned_script_is_named_and_checked_by_its_content() -> None:
    file = WidgetFile("widget.v1.e3b0c44298fc.js", b"", pinned=True)
    pasted = widget_snippet(HOST, "molensloot/online", "nl", "Geef uw mening", file)
    assert f'src="{HOST}/widget.v1.e3b0c44298fc.js" integrity="sha384-' in pasted
    assert " crossorigin async>" in pasted


def test_the_iframe_is_tight_and_named() -> None:
    page = read_page(
        f"<!doctype html><html><body>"
        f"{iframe_snippet(HOST, 'molensloot/online', 'en', HOSTILE)}</body></html>".encode()
    )
    (frame,) = page.find("iframe")
    assert frame.attributes["src"] == f"{HOST}/embed/molensloot/online?lang=en"
    assert frame.attributes["title"] == HOSTILE
    assert frame.attributes["referrerpolicy"] == "no-referrer"
    assert "allow-top-navigation" not in frame.attributes["sandbox"]
    assert "style" not in frame.attributes  # a site's policy may forbid it
    (script,) = page.find("script")
    assert script.attributes["src"] == f"{HOST}/embed-height.v1.js"


def test_words_stay_words() -> None:
    pasted = widget_snippet(HOST, "molensloot/online", "nl", HOSTILE)
    assert pasted.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; verder?" in pasted
