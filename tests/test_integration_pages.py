"""What the pages of deploy/integrations say to paste is true: addresses, tables, calls, lists."""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import click
import msgspec
import pytest

from ingest.commands.meetpunt import meetpunt
from ingest.connectors.openklant.norms import IN_TIME, LATE
from ingest.connectors.telephony.calls import read_call
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.invitations.contact_lists import read_list
from ingest.invitations.messages import RequestedInvitations
from ingest.invitations.moments import read_moment
from ingest.invitations.occasions import ContactEnded
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import read_connectors
from ingest.municipalities.municipality import Touchpoint, read_municipality
from ingest.operational.figures import check_figures
from ingest.operational.messages import OperationalFigures
from ingest.responses.submission import allowed_dimensions
from ingest.web.table import ROUTES
from tests.conftest import Serve
from tests.example import example_directory
from tests.strict_html import read_page

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "integrations"
PAGES = sorted(FOLDER.rglob("*.md"))
OWN = re.compile(r"https://kto\.([a-z]+)\.example[^\s\"'`<\\]*")
TAKEN_BY_OPEN_FORMS = "{{"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(FOLDER)))


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def blocks(page: Path, kind: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
    return [inside for told, inside in fenced if told == kind]


def addresses() -> Iterator[str]:
    for page in PAGES:
        yield from (found[0] for found in OWN.finditer(text_of(page)))


def calls(path: str) -> list[bytes]:
    """The bodies of calls that pages show, of paths that begin so, as a shell makes them."""
    bodies = []
    for page in PAGES:
        for block in blocks(page, ""):
            if f".example{path}" in block and "--json" in block:
                # A shell ends the quotes around a command of its own, and fills its words in.
                body = block.split("--json '", 1)[1].rstrip().removesuffix("'")
                bodies.append(re.sub(r"'\$\(.*?\)'", "2026-11-29T09:30:00+01:00", body).encode())
    return bodies


def touchpoint_of(catalogue: Catalogue, address: str) -> Touchpoint:
    _, _, municipality, touchpoint = urlsplit(address).path.split("/")
    return catalogue.touchpoint(municipality, touchpoint)


def test_the_list_of_neighbours_names_every_page() -> None:
    listed = set(re.findall(r"\]\(([^):]+\.md|[a-z]+/README\.md)\)", text_of(FOLDER / "README.md")))
    own = {str(page.relative_to(FOLDER)) for page in PAGES} - {"README.md"}
    assert own <= listed


@each_page
def test_what_a_page_points_at_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(page)):
        assert (page.parent / target).exists(), target


@each_page
def test_a_page_says_what_to_look_at_afterwards(page: Path) -> None:
    if page.name == "README.md" and page.parent == FOLDER:
        return
    assert re.search(
        r"Kijken of het werkt|Kijk daarna|Vul het formulier zelf een keer in", text_of(page)
    )


@each_page
def test_every_command_on_a_page_is_one_of_ours(page: Path) -> None:
    for words in re.findall(r"(?:^|`)meetpunt ([a-z -]+)", text_of(page), re.MULTILINE):
        command: click.Command = meetpunt
        for word in words.split():
            if not isinstance(command, click.Group):
                break
            found = command.get_command(click.Context(command), word)
            assert found is not None, words
            command = found


@each_page
def test_what_goes_into_the_file_of_a_municipality_is_taken(page: Path, tmp_path: Path) -> None:
    tables = "".join(blocks(page, "toml"))
    if not tables:
        return
    path = tmp_path / "molensloot.toml"
    (tmp_path / "molensloot.svg").write_bytes((example_directory() / "molensloot.svg").read_bytes())
    path.write_text((example_directory() / "molensloot.toml").read_text("utf-8") + tables)
    assert [str(each) for each in read_municipality(path).findings] == []


def test_every_address_of_ours_is_one_that_is_answered(catalogue: Catalogue) -> None:
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/]+", each.path)) for each in ROUTES]
    found = [each for each in addresses() if urlsplit(each).path not in ("", "/")]
    assert len(found) > 10
    for address in found:
        parts = urlsplit(address)
        # Scripts have a route of their own, whose name is of no pattern here.
        if not parts.path.endswith(".js"):
            assert any(pattern.fullmatch(parts.path) for pattern in patterns), address
        municipality = catalogue.municipality(OWN.fullmatch(address)[1])  # type: ignore[index]
        assert address.startswith(municipality.base_url)


def test_an_open_link_adds_what_its_touchpoint_lists_and_nothing_finer(
    catalogue: Catalogue,
) -> None:
    for address in addresses():
        if "/o/" not in address or TAKEN_BY_OPEN_FORMS in address:
            continue
        said = dict(parse_qsl(urlsplit(address).query))
        said.pop("cijfer", None), said.pop("lang", None)
        assert dict(allowed_dimensions(touchpoint_of(catalogue, address), said)) == said, address


@pytest.mark.anyio
async def test_the_link_for_another_system_opens_the_questions_with_the_mark_chosen(
    serve: Serve, catalogue: Catalogue
) -> None:
    shown = FOLDER / "ander-systeem.md"
    links = [found[0] for found in OWN.finditer(text_of(shown)) if "/o/" in found[0]]
    assert len(links) == 2
    async with serve() as served:
        for link in links:
            municipality = catalogue.municipality("waterakker")
            opened = await served.client.get(link.removeprefix(municipality.base_url))
            assert opened.status_code == 200
            fields = read_page(opened.content).find("input")
            chosen = [each.attributes["value"] for each in fields if "checked" in each.attributes]
            assert chosen == (["8"] if "cijfer" in link else [])


def test_calls_for_invitations_are_as_the_service_takes_them(catalogue: Catalogue) -> None:
    bodies = calls("/api/v1/invitations")
    assert len(bodies) == 2
    for body in bodies:
        asked = msgspec.json.decode(body, type=RequestedInvitations)
        touchpoint = catalogue.touchpoint(*asked.touchpoint.split("/"))
        for each in json.loads(body)["invitations"]:
            told = each["dimensions"]
            assert dict(allowed_dimensions(touchpoint, told)) == told


def test_calls_with_figures_are_as_the_service_takes_them(catalogue: Catalogue) -> None:
    (body,) = calls("/api/v1/operational-figures")
    told = msgspec.json.decode(body, type=OperationalFigures)
    figures = check_figures(catalogue.municipality("molensloot"), told.figures, date(2026, 12, 1))
    assert len(figures) == 2


def test_the_call_that_is_tried_is_taken_by_the_connector_of_the_page(tmp_path: Path) -> None:
    (body,) = calls("/api/v1/contacts")
    (table,) = blocks(FOLDER / "telefooncentrale.md", "toml")
    path = tmp_path / "molensloot.toml"
    path.write_text((example_directory() / "molensloot.toml").read_text("utf-8") + table)
    file = read_toml(path)
    connector = read_connectors(Table(file, [], file.data))["centrale"]
    now = read_moment("2026-11-29T10:00:00Z")
    assert now is not None
    read = read_call(connector, json.loads(body), municipality="molensloot", now=now)
    assert isinstance(read, ContactEnded)
    assert read.recipient is not None


def test_the_list_is_read_as_it_is_shown(catalogue: Catalogue, tmp_path: Path) -> None:
    (shown,) = blocks(FOLDER / "ander-systeem.md", "csv")
    path = tmp_path / "lijst.csv"
    path.write_text(shown, "utf-8-sig")
    read = read_list(path, catalogue.touchpoint("molensloot", "melding"), b"k" * 32)
    assert read.bad_lines == ()
    assert [each.dimensions for each in read.contacts] == [{"soort": "afval"}, {"soort": "groen"}]


def test_the_words_for_a_call_back_are_those_that_are_kept() -> None:
    assert f'dimensions.teruggebeld = ["{IN_TIME}", "{LATE}"]' in text_of(FOLDER / "openklant.md")
