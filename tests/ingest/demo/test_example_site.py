"""The example municipal site: its pages in every house style, what they allow, where they stand."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from ingest.demo.example_site import SITES, STYLES, WIDGETS, ExampleSite, texts_of
from ingest.demo.played import PAGES as PAGES_OF_A_SITE
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.files.web_addresses import origin_fault
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.municipalities.municipality import allowing
from ingest.texts.page_texts import page_texts
from ingest.widget.snippet import kept_room
from tests.ingest.demo.conftest import BASE_URL, SITE_URL
from tests.strict_html import Element, read_page

Play = Callable[..., Any]
PAGES = [(style, name) for style in STYLES for name in WIDGETS]


@pytest.fixture
def site(catalogue: Catalogue) -> ExampleSite:
    return ExampleSite(BASE_URL, catalogue)


def keys(texts: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in texts.items():
        if isinstance(value, Mapping):
            yield from keys(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def survey_in(page: Element) -> Element:
    (survey,) = page.find("meetpunt-survey")
    return survey


def test_every_language_of_the_site_has_the_same_texts() -> None:
    translated = set(keys(texts_of("ar"))) - {"reviewed_by"}
    assert translated == set(keys(texts_of("nl")))


def test_the_site_writes_in_the_direction_of_its_language() -> None:
    for language in STYLES.values():
        assert texts_of(language)["dir"] == page_texts()[language].dir


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize(("style", "name"), PAGES)
def test_a_page_is_well_formed_and_has_nothing_inline(
    site: ExampleSite, style: str, name: str, sent: bool
) -> None:
    body = site.page(style, name, sent=sent)
    page = read_page(body)
    assert page.find("html", lang=STYLES[style])
    assert page.find("body", class_=f"{style}-theme")
    assert len(page.find("h1")) == 1
    assert b" style=" not in body
    assert b"<style" not in body
    assert [script.text for script in page.find("script")] == [""]


@pytest.mark.parametrize(("style", "name"), PAGES)
def test_the_widget_stands_on_a_page_as_the_command_prints_it(
    site: ExampleSite, style: str, name: str
) -> None:
    printed = CliRunner().invoke(
        meetpunt,
        ("widget", "snippet", f"{SITES[style]}/online", "--language", STYLES[style]),
        env={"MEETPUNT_BASE_URL": BASE_URL},
    )
    page = read_page(site.page(style, name))
    pasted = page.find("code")[0].text
    attributes = "".join(f' {key}="{value}"' for key, value in WIDGETS[name].items())
    # Where a button or another form opens it, the line keeps no room.
    room = "" if WIDGETS[name].keys() & {"mode", "after"} else kept_room()
    assert f"{room}</meetpunt-survey>" in pasted
    printed_line = " ".join(printed.stdout.split())
    assert pasted.replace(attributes, "", 1) == printed_line.replace(kept_room(), room)
    assert survey_in(page).attributes.items() >= WIDGETS[name].items()


def test_what_a_page_tells_of_itself_is_on_the_touchpoint_s_list(catalogue: Catalogue) -> None:
    for slug in set(SITES.values()):
        listed = catalogue.touchpoint(slug, "online").dimensions
        for attributes in WIDGETS.values():
            for name in ("product", "location", "form"):
                if name in attributes:
                    assert attributes[name] in listed[name]


def test_the_survey_waits_for_what_only_the_sent_form_shows(site: ExampleSite) -> None:
    awaited = WIDGETS["uittreksel"]["after"].removeprefix("#")
    assert not read_page(site.page("polder", "uittreksel")).find("div", id=awaited)
    assert read_page(site.page("polder", "uittreksel", sent=True)).find("div", id=awaited)


def test_what_is_typed_has_no_name_to_be_sent_under(site: ExampleSite) -> None:
    page = read_page(site.page("polder", "uittreksel"))
    fields = [*page.find("input"), *page.find("select")]
    named = [field.attributes["name"] for field in fields if "name" in field.attributes]
    assert named == ["verstuurd"]


def test_each_style_sets_properties_of_the_design_system_by_other_names(
    site: ExampleSite,
) -> None:
    sheets = {
        name.partition(".")[0]: file.body.decode()
        for name, file in site.files.items()
        if name.endswith(".css")
    }
    assert "--utrecht-button-background-color:" in sheets["polder"]
    assert "--utrecht-form-input-border-color:" in sheets["polder"]
    assert "--nl-button-primary-background-color:" in sheets["nacht"]
    assert "--utrecht-" not in sheets["nacht"]
    assert "--utrecht-button-primary-action-background-color:" in sheets["haven"]


@pytest.mark.anyio
async def test_the_site_allows_of_the_service_only_what_the_widget_needs(play: Play) -> None:
    async with play() as served:
        elsewhere = httpx.AsyncClient(transport=served.client._transport, base_url=SITE_URL)
        for style, name in PAGES:
            reply = await elsewhere.get(f"/voorbeeldsite/{style}/{name}")
            assert reply.status_code == 200
            policy = dict(
                each.strip().split(" ", 1)
                for each in reply.headers["content-security-policy"].split(";")
            )
            assert policy["script-src"] == policy["connect-src"] == BASE_URL
            assert policy["style-src"] == "'self'"
            assert policy["default-src"] == "'none'"
            assert policy["require-trusted-types-for"] == "'script'"
            page = read_page(reply.content)
            for link in page.find("link"):
                file = await elsewhere.get(link.attributes["href"])
                assert file.status_code == 200
                assert "immutable" in file.headers["cache-control"]


@pytest.mark.anyio
async def test_the_site_stands_on_the_other_origin(play: Play) -> None:
    async with play() as served:
        elsewhere = httpx.AsyncClient(transport=served.client._transport, base_url=SITE_URL)
        entry = await served.client.get("/voorbeeldsite")
        assert entry.headers["location"] == f"{SITE_URL}/voorbeeldsite/polder"
        first = await elsewhere.get("/voorbeeldsite/haven")
        assert first.headers["location"] == f"{SITE_URL}/voorbeeldsite/haven/paspoort"
        here = await served.client.get("/voorbeeldsite/haven/contact")
        assert here.headers["location"] == f"{SITE_URL}/voorbeeldsite/haven/contact"
        start = read_page((await served.client.get("/")).content)
        for style, name in PAGES:
            assert start.find("a", href=f"{SITE_URL}/voorbeeldsite/{style}/{name}")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path", ["/voorbeeldsite/x", "/voorbeeldsite/x/contact", "/voorbeeldsite/polder/x"]
)
async def test_what_the_site_does_not_have_is_not_found(play: Play, path: str) -> None:
    async with play() as served:
        elsewhere = httpx.AsyncClient(transport=served.client._transport, base_url=SITE_URL)
        assert (await elsewhere.get(path)).status_code == 404
        assert (await elsewhere.get("/voorbeeldsite/bestanden/x.css")).status_code == 404


def test_the_demo_may_ask_on_whichever_port_it_stands(catalogue: Catalogue) -> None:
    port = "http://127.0.0.1:9"
    more = load_catalogue(
        example_directory(),
        questionnaires_directory(),
        adapted=lambda written: allowing(written, [port]),
    )
    for number, touchpoint in more.touchpoints.items():
        own = catalogue.touchpoints[number].allowed_origins
        assert touchpoint.allowed_origins == (*own, port)


@pytest.mark.anyio
@pytest.mark.parametrize("style", STYLES)
async def test_the_site_gets_questions_in_its_language_and_a_token(play: Play, style: str) -> None:
    assert origin_fault(SITE_URL) is None
    async with play() as served:
        asked = f"/api/v1/touchpoints/{SITES[style]}/online?language={STYLES[style]}"
        reply = await served.client.get(asked, headers={"origin": SITE_URL})
        assert reply.status_code == 200
        assert reply.json()["language"] == STYLES[style]
        assert reply.json()["token"]


@pytest.mark.anyio
@pytest.mark.parametrize("slug", ["molensloot", "duinrade"])
async def test_every_link_below_a_survey_leads_to_a_page_of_the_demo(play: Play, slug: str) -> None:
    async with play() as served:
        entry = await served.client.get(f"/o/{slug}/balie-hal")
        links = [link.attributes["href"] for link in read_page(entry.content).find("a")]
        below = [link for link in links if link.startswith(f"{SITE_URL}/voorbeeld/{slug}/")]
        assert len(below) == len(PAGES_OF_A_SITE)
        titles = set()
        for link in below:
            reply = await served.client.get(link)
            assert reply.status_code == 200
            page = read_page(reply.content)
            titles.add(page.find("h1")[0].text)
            (style,) = page.find("link", rel="stylesheet")
            assert (await served.client.get(style.attributes["href"])).status_code == 200
        assert titles == {"Contact", "Privacy", "Toegankelijkheid"}


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["nergens/contact", "molensloot/x", "verhuizing/9"])
async def test_a_municipal_page_that_is_not_there_is_not_found(play: Play, path: str) -> None:
    async with play() as served:
        assert (await served.client.get(f"/voorbeeld/{path}")).status_code == 404
