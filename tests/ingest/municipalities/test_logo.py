"""A logo is drawn from shapes alone, seen against its background, or refused with every reason."""

import os
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import example_directory
from ingest.municipalities.logo import MOST_BYTES, LogoRefused, file_name_fault, read_logo
from ingest.municipalities.municipality import load_municipality
from tests.ingest.municipalities.test_municipality import PLAIN

WHITE = "#ffffff"
MILL = '<path d="M2 2h10L7 20z" fill="#c8381e"/>'


def drawing(inside: str = MILL, root: str = 'viewBox="0 0 24 24"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{inside}</svg>'.encode()


def refused(content: bytes, background: str = WHITE) -> str:
    with pytest.raises(LogoRefused) as caught:
        read_logo(content, background)
    return str(caught.value)


def test_a_logo_is_written_again_without_what_a_page_decides_itself() -> None:
    inside = f"<title>Molensloot</title><!-- by hand -->\n{MILL}<desc>A mill</desc>"
    root = 'viewBox="0,0, 48 24" width="480" height="240" version="1.1" role="img" aria-label="M"'
    logo = read_logo(drawing(inside, root), WHITE)
    assert logo.svg == (
        '<svg class="logo" viewBox="0 0 48 24" aria-hidden="true" focusable="false">'
        '<path d="M2 2h10L7 20z" fill="#c8381e"/></svg>'
    )
    assert logo.ratio == 2


def test_ids_of_a_logo_cannot_meet_those_of_a_page() -> None:
    gradient = '<linearGradient id="cijfer"><stop offset="0" stop-color="#222"/></linearGradient>'
    inside = f'<defs>{gradient}</defs><rect width="9" height="9" fill="url(#cijfer)"/>'
    svg = read_logo(drawing(inside), WHITE).svg
    assert 'id="logo-cijfer"' in svg
    assert 'fill="url(#logo-cijfer)"' in svg


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        "<style>*{fill:red}</style>",
        '<image href="https://evil.example/x.png"/>',
        '<use href="#a"/>',
        "<foreignObject><p>x</p></foreignObject>",
        '<a href="https://evil.example"><path d="M0 0h9"/></a>',
        '<animate attributeName="d"/>',
        "<text>Molensloot</text>",
        '<svg viewBox="0 0 1 1"/>',
        '<defs><g><script>alert(1)</script></g></defs><path d="M0 0h9"/>',
    ],
)
def test_what_could_run_fetch_or_speak_is_refused(inside: str) -> None:
    assert "that a logo may not have" in refused(drawing(MILL + inside))


@pytest.mark.parametrize(
    "attribute",
    [
        'onload="alert(1)"',
        'style="fill:red"',
        'class="cell"',
        'href="https://evil.example"',
        'filter="url(https://evil.example/f.svg#f)"',
        'fill="url(https://evil.example/f.svg#f)"',
        'fill="url(#nowhere)"',
        'fill="red"',
        'fill="currentColor"',
        'fill="#12３"',
        'stroke="#123456;}"',
        'd="M0 0&quot;/&gt;&lt;script&gt;"',
        'transform="rotate(1) url(#a)"',
        'opacity="calc(1)"',
        'id="a b"',
    ],
)
def test_an_attribute_is_on_the_list_and_holds_what_it_may(attribute: str) -> None:
    shape = (
        f"<path {attribute}/>" if attribute.startswith("d=") else f'<path d="M0 0" {attribute}/>'
    )
    assert refused(drawing(MILL + shape))
    if not attribute.startswith(("d=", "id=", "fill", "transform")):
        assert refused(drawing(root=f'viewBox="0 0 24 24" {attribute}'))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!DOCTYPE svg>" + drawing(), "doctype"),
        (b'<!DOCTYPE s [<!ENTITY a "b">]>' + drawing("&a;"), "doctype"),
        (b'<?xml-stylesheet href="x.css"?>' + drawing(), "instruction"),
        (b'<?xml version="1.0"?>' + drawing().decode().encode("utf-16"), "UTF-8"),
        (drawing("&nbsp;"), "well-formed"),
        (drawing("<g>"), "well-formed"),
        (b"\x00", "well-formed"),
        (b"<html/>", "is not SVG"),
        (drawing(root='width="20"'), "viewBox"),
        (drawing(root='viewBox="0 0 0 10"'), "as wide as"),
        (drawing(root='viewBox="0 0 700 100"'), "as wide as"),
        (drawing(root='viewBox="0 0 1e99 nan"'), "viewBox"),
        (drawing("<g>" * 13 + MILL + "</g>" * 13), "nested deeper"),
        (drawing("<g/>"), "draws nothing"),
        (drawing('<path d="M0 0h9" fill="none"/>'), "draws nothing"),
        (drawing(MILL + " " * MOST_BYTES), "at most 2000"),
    ],
)
def test_a_file_that_is_no_small_plain_drawing_is_refused(content: bytes, reason: str) -> None:
    assert reason in refused(content)


def test_an_xml_declaration_and_a_mark_of_order_are_harmless() -> None:
    assert read_logo(b'\xef\xbb\xbf<?xml version="1.0"?>' + drawing(), WHITE).ratio == 1


def test_one_of_its_colours_stands_out_from_the_background() -> None:
    faint = '<g fill="#eee"><path d="M0 0h9"/></g>'
    assert "a contrast of 1.16:1" in refused(drawing(faint))
    assert read_logo(drawing(faint), "#1b1d26")
    assert read_logo(drawing(faint + MILL), WHITE)
    # What says no colour is black, as SVG has it.
    assert "hard to see" in refused(drawing('<path d="M0 0h9"/>'), "#101010")


BLACK = '<path d="M0 0h9v9z"/>'
FADING = '<linearGradient id="g"><stop stop-color="#000" stop-opacity="{}"/></linearGradient>'


@pytest.mark.parametrize(
    "inside",
    [
        f'<g opacity="0">{BLACK}</g>',
        f'<g opacity="20%"><g opacity=".2">{BLACK}</g></g>',
        f'<g fill-opacity="0">{BLACK}</g>',
        '<path d="M0 0h9" fill="#fff" stroke="#000" stroke-width="0"/>',
        '<path d="M0 0h9" fill="#fff" stroke="#000" stroke-opacity="0.1"/>',
        FADING.format("0") + '<path d="M0 0h9v9z" fill="url(#g)"/>',
        f'<metadata>{BLACK}</metadata><path d="M0 0h9v9z" fill="#fff"/>',
        f'<defs>{BLACK}</defs><path d="M0 0h9v9z" fill="#fff"/>',
        FADING.replace("stop", "title") + '<path d="M0 0h9v9z" fill="url(#g)"/>',
    ],
)
def test_what_is_not_seen_lends_a_logo_no_colour(inside: str) -> None:
    assert any(said in refused(drawing(inside)) for said in ("hard to see", "draws nothing"))


def test_a_colour_is_looked_at_as_it_is_mixed_with_the_background() -> None:
    half = f'<g opacity=".5">{BLACK}</g>'
    assert read_logo(drawing(half), WHITE)
    assert "hard to see" in refused(drawing(half), "#202020")
    assert read_logo(drawing(FADING.format("80%") + '<path d="M0 0" fill="url(#g)"/>'), WHITE)


@pytest.mark.parametrize(
    "inside",
    [
        '<linearGradient id="g"><title stop-color="zz"/></linearGradient>' + MILL,
        '<metadata><path fill="garbage" opacity="x"/></metadata>' + MILL,
        "<metadata>" + "<g>" * 250 + "</g>" * 250 + "</metadata>" + MILL,
    ],
)
def test_what_is_left_out_is_not_looked_at(inside: str) -> None:
    assert "garbage" not in read_logo(drawing(inside), WHITE).svg


@pytest.mark.parametrize(
    "inside",
    [
        '<path id="p" d="M0 0h9" fill="url(#p)"/>',
        '<metadata><linearGradient id="p"/></metadata><path d="M0 0h9" fill="url(#p)"/>',
    ],
)
def test_only_a_gradient_that_is_shown_paints(inside: str) -> None:
    assert "has no gradient 'p'" in refused(drawing(MILL + inside))


@pytest.mark.parametrize(
    "attribute",
    ['transform="translate(300 300) scale(40)"', 'opacity="0"', 'd="M0 0"', 'cx="1"', 'r="99"'],
)
def test_nothing_moves_or_hides_the_whole_logo(attribute: str) -> None:
    name = attribute.partition("=")[0]
    assert f"has {name} on its first element" in refused(
        drawing(root=f'viewBox="0 0 24 24" {attribute}')
    )
    paints = 'viewBox="0 0 24 24" fill="#123" stroke="none" fill-rule="evenodd"'
    assert 'fill-rule="evenodd"' in read_logo(drawing(root=paints), WHITE).svg


@pytest.mark.parametrize(
    "name", ["../molensloot.svg", "/etc/passwd", "molensloot.png", ".svg", "a/b.svg", "A.svg", ""]
)
def test_a_logo_lies_beside_the_file_that_names_it(name: str) -> None:
    assert file_name_fault(name)
    assert file_name_fault("molensloot.svg") is None


def test_a_fault_of_a_logo_is_found_where_the_municipality_names_it(tmp_path: Path) -> None:
    path = tmp_path / "molensloot.toml"
    path.write_text(PLAIN.replace("fictional = true", 'logo = "molensloot.svg"'), "utf-8")
    with pytest.raises(FilesRejected) as missing:
        load_municipality(path)
    (finding,) = missing.value.findings
    assert finding.line == 11
    assert finding.message == "molensloot.svg cannot be read: No such file or directory"

    os.mkfifo(tmp_path / "molensloot.svg")
    with pytest.raises(FilesRejected, match="cannot be read: it is no regular file"):
        load_municipality(path)
    (tmp_path / "molensloot.svg").unlink()

    (tmp_path / "molensloot.svg").write_bytes(drawing(MILL + "<text/><use/>"))
    with pytest.raises(FilesRejected) as faulty:
        load_municipality(path)
    assert [each.message.split(" that")[0] for each in faulty.value.findings] == [
        "molensloot.svg has an element <text>",
        "molensloot.svg has an element <use>",
    ]

    (tmp_path / "molensloot.svg").write_bytes(drawing())
    assert load_municipality(path).logo == read_logo(drawing(), WHITE)


@pytest.mark.parametrize("slug", ["molensloot", "waterakker", "duinrade", "rietbroek"])
def test_every_example_has_a_logo(slug: str) -> None:
    assert load_municipality(example_directory() / f"{slug}.toml").logo
