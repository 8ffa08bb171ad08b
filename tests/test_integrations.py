"""What deploy/integrations gives to other systems: it survives their rules and leads to surveys."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Serve
from tests.strict_html import Element, read_page

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "integrations"
OPEN_FORMS = FOLDER / "openforms"
LINES = (
    "bevestiging-cijfers.html",
    "bevestiging-smileys.html",
    "bevestiging-alle-formulieren.html",
)
MARKS = {LINES[0]: list(range(1, 11)), LINES[1]: [2, 4, 6, 8, 10], LINES[2]: list(range(1, 11))}
# What Open Forms fills in: the name of the form, as it stands in an address.
FILLED_IN = "{{ form_name|slugify }}"
# Open Forms shows the page through DOMPurify's profile for HTML, which leaves far more than this.
# `target` and inline styles go, or are refused by its policy: nothing may depend on them.
LEFT_ALONE = {"p": set(), "strong": set(), "ul": set(), "li": set(), "a": {"href"}}
# The directives that a setting of Open Forms may have, as far as a widget could need them.
DIRECTIVES = {"script-src", "connect-src", "style-src", "img-src", "font-src", "frame-src"}


def line(name: str) -> Element:
    text = (OPEN_FORMS / name).read_text("utf-8").replace(FILLED_IN, "verhuizing-doorgeven")
    return read_page(f"<!doctype html>\n<html>{text}</html>".encode()).find("html")[0]


def links(name: str) -> list[str]:
    return [link.attributes["href"] for link in line(name).find("a")]


@pytest.mark.parametrize("name", LINES)
def test_the_line_holds_only_what_a_sanitiser_leaves_alone(name: str) -> None:
    text = (OPEN_FORMS / name).read_text("utf-8")
    for element in list(line(name).everything())[1:]:
        assert set(element.attributes) <= LEFT_ALONE[element.tag], element.tag
    # It is a template of Django as well, which would read these as its own.
    assert not re.search(r"\{[{%#]", text.replace(FILLED_IN, ""))
    assert all(urlsplit(href).scheme == "https" for href in links(name))


@pytest.mark.parametrize("name", LINES)
def test_every_link_says_in_words_what_it_stands_for(name: str) -> None:
    named = [link.text for link in line(name).find("a")]
    assert len(set(named)) == len(named)
    assert all(re.search(r"\w", words) for words in named)


@pytest.mark.anyio
@pytest.mark.parametrize("name", LINES)
async def test_a_link_leads_to_the_survey_with_its_mark_chosen_and_stores_nothing(
    serve: Serve, catalogue: Catalogue, name: str
) -> None:
    online = catalogue.touchpoint("molensloot", "online")
    host = catalogue.municipality("molensloot").base_url
    async with serve() as served:
        for href, mark in zip(links(name), MARKS[name], strict=True):
            assert href.startswith(f"{host}/o/molensloot/online?")
            said = parse_qs(urlsplit(href).query)
            assert said["cijfer"] == [str(mark)]
            assert said.get("product", ["paspoort"])[0] in online.dimensions["product"]
            assert said["form"][0] in online.dimensions["form"]
            survey = await served.client.get(href.removeprefix(host))
            assert survey.status_code == 200
            page = read_page(survey.content)
            (chosen,) = [field for field in page.find("input") if "checked" in field.attributes]
            assert chosen.attributes["name"] == "cijfer"
            assert chosen.attributes["value"] == str(mark)
        assert await served.responses() == []


def test_the_files_for_a_plugin_have_the_shape_that_open_forms_reads() -> None:
    allowed = json.loads((OPEN_FORMS / "csp_headers.json").read_text("utf-8"))
    assert all(set(each) == {"directive", "value"} for each in allowed)
    assert all(each["directive"] in DIRECTIVES for each in allowed)
    # It puts the address that somebody filled in where this stands.
    assert {each["value"] for each in allowed} == {"SITE_URL"}
    # As much as the widget needs and no more: it is tried under these two alone.
    assert [each["directive"] for each in allowed] == ["script-src", "connect-src"]
    assert json.loads((OPEN_FORMS / "cookies.json").read_text("utf-8")) == []


@pytest.mark.parametrize("options", [(), ("--iframe",)])
def test_web_editors_read_the_line_that_the_command_prints(options: tuple[str, ...]) -> None:
    printed = CliRunner().invoke(meetpunt, ("widget", "snippet", "molensloot/online", *options))
    block = f"```html\n{printed.stdout}```"
    assert block in (FOLDER / "webredactie.md").read_text("utf-8")
    if not options:
        assert block in (FOLDER.parents[1] / "README.md").read_text("utf-8")


def test_web_editors_read_of_every_attribute_and_event_and_of_no_other() -> None:
    source = "".join(
        (FOLDER.parents[1] / "widget" / "element" / name).read_text("utf-8")
        for name in ("presence.js", "page.js", "element.js")
    )
    shown = (FOLDER / "webredactie.md").read_text("utf-8")
    told = set(re.findall(r"^\| `([a-z]+)(?:=|`)", shown, re.MULTILINE))
    read = set(re.findall(r'(?:get|has)Attribute\("([a-z]+)"\)', source)) | {"lang"}
    listed = re.search(r"for \(const name of (\[.*?\])\)", source)
    assert listed is not None
    assert told == read | set(json.loads(listed[1]))
    assert set(re.findall(r"`meetpunt-([a-z]+)`", shown)) == set(
        re.findall(r'"([a-z]+)"', re.findall(r"@param \{(.*?)\} name\n", source)[0])
    )
