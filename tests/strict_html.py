"""Read HTML as a stern reader would: what a browser would silently repair is refused here."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import msgspec

VOID = frozenset({"br", "wbr", "input", "link", "meta", "circle", "ellipse", "path"})
_CLOSES_ITSELF = VOID | {"rect"}
"""A rectangle may stand with a closing tag too, as the drawings of the demo have it."""
_AS_THEY_ARE = re.compile(r"<(style|script)\b[^>]*>.*?</\1>", re.DOTALL)
_IDS_NAMED_IN = ("for", "aria-describedby", "aria-labelledby")
_QUOTED_TAG = re.compile(r"""<[a-z0-9-]+(?:\s+[a-z][a-z-]*(?:="[^"<]*")?)*\s*/?>""", re.IGNORECASE)


class Element(msgspec.Struct):
    """One element: its tag, attributes (`""` where there is no value), text and children."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = []

    def everything(self) -> Iterator["Element"]:
        """This element and all within it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.everything()

    def find(self, tag: str, **attributes: str) -> "list[Element]":
        """All elements within with this tag and these attributes."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.everything()
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]

    @property
    def text(self) -> str:
        """All text within, white space as a reader sees it."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, Element):
                yield from ("\n",) if child.tag == "br" else child._texts()
            else:
                yield child


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        assert _QUOTED_TAG.fullmatch(written), f"not quoted as it should be: {written}"
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute is there twice: {written}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _CLOSES_ITSELF, f"<{tag}/> stays open in a browser"
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(page: bytes) -> Element:
    """The page as a tree. Raises AssertionError where it is not well-formed or names no id."""
    text = page.decode()
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == [reader.root], f"never closed: {[each.tag for each in reader.open[1:]]}"
    words = _AS_THEY_ARE.sub("", text)
    assert not re.search(r"&(?![a-z]+;|#[0-9]+;)", words), "an & that stands for itself"
    elements = list(reader.root.everything())
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), f"an id is there twice: {ids}"
    named = {
        name
        for element in elements
        for attribute in _IDS_NAMED_IN
        for name in element.attributes.get(attribute, "").split()
    }
    targets = {
        element.attributes["href"][1:]
        for element in elements
        if element.attributes.get("href", "").startswith("#")
    }
    assert named | targets <= set(ids), f"no element has the id {named | targets - set(ids)}"
    return reader.root
