"""The kiosk as a browser gets it: a page a touchpoint, the files it needs, and its service worker.

All of it is static bytes, under one version. Any change, also in a house style, gives a new version
and so all files a new address: a kiosk takes over all files of a version or none.
"""

import hashlib
import io
import re
from functools import cached_property
from pathlib import Path

import msgspec
import segno

from ingest.asgi.compression import StaticPage, compressed
from ingest.files.resources import widget_directory
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import custom_properties
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.templating import templates_of
from ingest.texts.kiosk_texts import kiosk_texts_in
from ingest.texts.page_texts import texts_in, wording

# Folders of widget/ as a browser sees them, so that modules find each other as they do on disk.
_FOLDERS = ("kiosk", "shared")
_WORKER = "kiosk/worker.js"
_TEST = ".test.js"
_VERSION_CHARACTERS = 12
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PLACE = re.compile(r'"\{\{version\}\}"|\["\{\{files\}\}"\]')


class KioskFile(msgspec.Struct, frozen=True):
    """One file, compressed once."""

    content_type: str
    page: StaticPage


class Shell:
    """Everything that a kiosk's browser fetches, except the survey and the syncs.

    `base_url` stands in for every municipality's own.
    """

    def __init__(self, catalogue: Catalogue, base_url: str | None = None) -> None:
        self._catalogue = catalogue
        self._base_url = base_url
        self._templates = templates_of("ingest.kiosk")
        self._bodies = _bodies() | {
            f"huisstijl/{municipality.slug}.css": custom_properties(municipality.style).encode()
            for municipality in catalogue.municipalities.values()
        }
        self._worker = self._bodies.pop(_WORKER)
        self._pages: dict[int, StaticPage] = {}

    @cached_property
    def version(self) -> str:
        """The name of this version: a hash of all files and pages, so it changes with any byte."""
        sum_ = hashlib.sha256(self._worker)
        for name, body in self._bodies.items():
            sum_.update(b"%d %s %d " % (len(name), name.encode(), len(body)) + body)
        for touchpoint in self._catalogue.touchpoints.values():
            sum_.update(self._render(touchpoint, version="") + self.qr(touchpoint).encode())
        return sum_.hexdigest()[:_VERSION_CHARACTERS]

    @cached_property
    def files(self) -> dict[str, KioskFile]:
        """The files of this version by their name."""
        return {
            name: KioskFile(_TYPES[Path(name).suffix], compressed(body))
            for name, body in self._bodies.items()
        }

    @cached_property
    def worker(self) -> StaticPage:
        """The service worker, told which version it is and which modules belong to it."""
        modules = [self._place(name) for name in self._bodies if name.endswith(".js")]
        filled = {
            '"{{version}}"': msgspec.json.encode(self.version).decode(),
            '["{{files}}"]': msgspec.json.encode(modules).decode(),
        }
        text = self._worker.decode("utf-8")
        return compressed(_PLACE.sub(lambda place: filled[place.group()], text).encode())

    def page(self, touchpoint: Touchpoint) -> StaticPage:
        """The page of one kiosk; it holds no question and no token."""
        page = self._pages.get(touchpoint.number)
        if page is None:
            page = compressed(self._render(touchpoint, version=self.version))
            self._pages[touchpoint.number] = page
        return page

    def qr(self, touchpoint: Touchpoint) -> str:
        """A QR code of the open link, as SVG, for residents who answer on their own telephone."""
        image = io.BytesIO()
        # Level M: a screen does not wear, so a low level will do; it can be scanned from further.
        segno.make(self.scanned_link(touchpoint), error="m", micro=False).save(
            image, kind="svg", scale=8, border=4, light="#ffffff", xmldecl=False, svgns=True
        )
        return image.getvalue().decode()

    def scanned_link(self, touchpoint: Touchpoint) -> str:
        """The link in the QR code, to the same questions on one's own device."""
        base_url = self._base_url or self._municipality(touchpoint).base_url
        return f"{base_url}/o/{touchpoint.path}?via=qr"

    def manifest(self, touchpoint: Touchpoint) -> bytes:
        """What a tablet needs to know to install the page as an application."""
        municipality = self._municipality(touchpoint)
        language = touchpoint.languages[0]
        address = f"/kiosk/{touchpoint.path}"
        return msgspec.json.encode(
            {
                "id": address,
                "start_url": address,
                "scope": "/kiosk/",
                "name": f"{wording(touchpoint.name, language)}, {municipality.name}",
                "short_name": municipality.name,
                "lang": language,
                "dir": texts_in(language).dir,
                "display": "fullscreen",
                "background_color": municipality.style.background,
                "theme_color": municipality.style.accent,
                "icons": [
                    {"src": self._place("kiosk/icon.svg"), "type": "image/svg+xml", "sizes": "any"}
                ],
            }
        )

    def _municipality(self, touchpoint: Touchpoint) -> Municipality:
        return self._catalogue.municipality(touchpoint.municipality)

    def _place(self, name: str) -> str:
        return f"/kiosk/files/{self.version}/{name}"

    def _render(self, touchpoint: Touchpoint, *, version: str) -> bytes:
        language = touchpoint.languages[0]
        return (
            self._templates.get_template("kiosk.html")
            .render(
                touchpoint=touchpoint,
                municipality=self._municipality(touchpoint),
                texts=texts_in(language),
                kiosk=kiosk_texts_in(language),
                languages=[texts_in(code) for code in touchpoint.languages],
                version=version,
                files=f"/kiosk/files/{version}",
            )
            .encode()
        )


def _bodies() -> dict[str, bytes]:
    """The files of the kiosk by `folder/name`, without the tests that lie beside them."""
    widget = widget_directory()
    return {
        f"{folder}/{path.name}": path.read_bytes()
        for folder in _FOLDERS
        for path in sorted((widget / folder).iterdir())
        if path.suffix in _TYPES and not path.name.endswith(_TEST)
    }
