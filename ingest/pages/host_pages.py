"""Pages of a host rather than of a link: what this is, and that there is nothing at an address."""

from collections import Counter
from urllib.parse import urlsplit

from ingest.asgi.headers import PageLines
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.pages.inlined import Inlined
from ingest.pages.links import help_links, language_links
from ingest.pages.rendering import render
from ingest.texts.page_texts import page_texts, texts_in


class HostPages:
    """Builds them once for each host; `host` is what a Host header says."""

    def __init__(self, catalogue: Catalogue, inlined: Inlined) -> None:
        self._inlined = inlined
        # Only a trial on one machine has several municipalities at one host.
        municipalities = catalogue.municipalities.values()
        hosts = Counter(_host_of(each) for each in municipalities)
        self._whose = {host: each for each in municipalities if hosts[host := _host_of(each)] == 1}
        self._not_found = {
            host: self._build_not_found(each) for host, each in {**self._whose, "": None}.items()
        }
        self._home: dict[tuple[str, str], bytes] = {}

    def not_found(self, host: str) -> tuple[bytes, PageLines]:
        """The page for every address that is none, and its header lines.

        At one host it is always the same, in every language at once: it must not reveal whether a
        touchpoint or a link exists. Whose host it is everybody knows, so it may say whom to ask.
        """
        host, municipality = self._at(host)
        return self._not_found[host], self._lines(municipality)

    def home(self, language: str, host: str) -> tuple[bytes, PageLines]:
        """What this is, for who comes without a link, and its header lines. Every language has it.

        Raises LanguageUnknown.
        """
        host, municipality = self._at(host)
        page = self._home.get((language, host))
        if page is None:
            page = self._home[language, host] = self._build_home(language, municipality)
        return page, self._lines(municipality)

    def _at(self, host: str) -> tuple[str, Municipality | None]:
        """Whose host this is; anybody can write another in a header, and gets nobody's."""
        municipality = self._whose.get(host)
        return (host, municipality) if municipality else ("", None)

    def _lines(self, municipality: Municipality | None) -> PageLines:
        return self._inlined.lines(municipality.slug if municipality else None)

    def _build_not_found(self, municipality: Municipality | None) -> bytes:
        every_language = tuple(page_texts().values())
        return render(
            "not_found.html",
            texts=every_language[0],
            every_language=every_language,
            municipality=municipality,
            languages=(),
            style=self._inlined.style_of(municipality),
        )

    def _build_home(self, language: str, municipality: Municipality | None) -> bytes:
        texts = texts_in(language)
        return render(
            "message.html",
            texts=texts,
            municipality=municipality,
            languages=language_links(tuple(page_texts()), language, {}),
            style=self._inlined.style_of(municipality),
            message=texts.messages["home"],
            frame=None,
            open_link="",
            thanked=False,
            call_back="",
            improvement=None,
            links=help_links(municipality, texts) if municipality else (),
            site="",
        )


def _host_of(municipality: Municipality) -> str:
    return urlsplit(municipality.base_url).netloc
