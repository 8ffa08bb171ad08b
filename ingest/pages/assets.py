"""The files that pages refer to: a stylesheet per house style and two scripts, named by content."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from ingest.asgi.compression import StaticPage, compressed
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import HouseStyle
from ingest.municipalities.municipality import Municipality
from ingest.pages.stylesheets import stylesheet
from ingest.questionnaires.questionnaire import Questionnaire

_DIRECTORY = Path(__file__).resolve().parent / "templates"
_CSS = "text/css; charset=utf-8"
_JAVASCRIPT = "text/javascript; charset=utf-8"


class Asset:
    """A file whose name changes with its content, so that a browser may keep it for ever."""

    def __init__(self, name: str, extension: str, content_type: str, body: str) -> None:
        self.content_type = content_type
        self.body = body.encode()
        digest = hashlib.sha256(self.body).hexdigest()[:12]
        self.path = f"/static/{name}.{digest}.{extension}"

    @cached_property
    def page(self) -> StaticPage:
        """The file in every encoding, compressed when it is first asked for."""
        return compressed(self.body)


class Assets:
    """All files of all municipalities."""

    def __init__(self, catalogue: Catalogue) -> None:
        base = (_DIRECTORY / "survey.css").read_text("utf-8")
        script = (_DIRECTORY / "survey.js").read_text("utf-8")
        self.script = Asset("vragenlijst", "js", _JAVASCRIPT, script)
        in_frames = (_DIRECTORY / "embedded.js").read_text("utf-8")
        self.frame_script = Asset("inbed", "js", _JAVASCRIPT, in_frames)
        self.plain_style = Asset("huisstijl", "css", _CSS, stylesheet(base, HouseStyle(), ()))
        self._styles = {
            municipality.slug: Asset(
                f"huisstijl-{municipality.slug}",
                "css",
                _CSS,
                stylesheet(base, municipality.style, asked_by(municipality, catalogue)),
            )
            for municipality in catalogue.municipalities.values()
        }
        files = (self.script, self.frame_script, self.plain_style, *self._styles.values())
        self._by_path = {asset.path: asset for asset in files}

    def style_of(self, municipality: Municipality | None) -> Asset:
        """The stylesheet of a municipality, or the plain one where there is none."""
        return self._styles[municipality.slug] if municipality else self.plain_style

    def at(self, path: str) -> Asset | None:
        """The file at a path such as `/static/huisstijl-molensloot.1a2b3c4d5e6f.css`."""
        return self._by_path.get(path)


def asked_by(municipality: Municipality, catalogue: Catalogue) -> Iterator[Questionnaire]:
    """Every version of every questionnaire that a municipality's touchpoints ask, each once.

    Replaced versions too: a form that was open while the version changed may come back with errors.
    """
    touchpoints = {touchpoint.questionnaire: touchpoint for touchpoint in municipality.touchpoints}
    for code, version in sorted(catalogue.questionnaires):
        if code in touchpoints:
            yield catalogue.questionnaire(touchpoints[code], version)
