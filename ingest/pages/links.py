"""Where the pages of residents lead: other languages, help, the municipality's site. Pure."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

import msgspec

from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.texts.page_texts import Texts, page_texts

THANKED_FOR_REPORT = {"melding": "ja"}
"""In the address of the thanks of who answered about a report: the same for all of them."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Where a resident can go for help."""

    href: str
    label: str


class LanguageLink(msgspec.Struct, frozen=True, kw_only=True):
    """One language of the switch, under the name that its own speakers use."""

    code: str
    name: str
    dir: str
    href: str
    current: bool


def open_link(touchpoint: Touchpoint, language: str, *, scanned: bool) -> str:
    """Where one fills in the same questions without an invitation; `scanned`: by a QR code."""
    return f"/o/{touchpoint.path}?{'via=qr&' if scanned else ''}lang={language}"


def call_back_link(touchpoint: Touchpoint | None, language: str) -> str:
    """Where one asks to be called: the same for everybody. "" where a touchpoint has no such page.

    It holds nothing of a response, so nobody who follows it tells what they answered.
    """
    if touchpoint is None or touchpoint.callback is None:
        return ""
    return f"/bellen/{touchpoint.path}?lang={language}"


def language_links(
    offered: Sequence[str], language: str, query: Mapping[str, str]
) -> Sequence[LanguageLink]:
    """A page's links to itself in the offered languages, with `query`."""
    known = page_texts()
    parameters = {name: value for name, value in query.items() if name != "lang"}
    return tuple(
        LanguageLink(
            code=code,
            name=known[code].name,
            dir=known[code].dir,
            href="?" + urlencode({**parameters, "lang": code}, errors="replace"),
            current=code == language,
        )
        for code in offered
        if code in known
    )


def help_links(municipality: Municipality, texts: Texts) -> Sequence[Link]:
    """The municipality's own pages, below each of ours."""
    return (
        Link(href=municipality.contact_url, label=texts.survey.contact),
        Link(href=municipality.privacy_url, label=texts.survey.privacy),
        Link(href=municipality.accessibility_url, label=texts.survey.accessibility),
    )


def site_of(municipality: Municipality) -> str:
    """The front of the municipality's site: where its contact page is."""
    parts = urlsplit(municipality.contact_url)
    return f"{parts.scheme}://{parts.netloc}/"
