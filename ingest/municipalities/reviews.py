"""Which languages a municipality offers that nobody who speaks them has reviewed.

Who read a translation stands in its own file, in `reviewed_by`, and nowhere else. One that nobody
read is no fault: it is offered, and whoever checks the files is warned.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from ingest.files.findings import Finding
from ingest.files.toml_files import TomlFile, read_toml
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.questionnaires.written import structure_files, translation_files
from ingest.texts.kiosk_texts import kiosk_texts
from ingest.texts.language_files import ORIGINAL
from ingest.texts.page_texts import page_texts
from ingest.texts.widget_texts import widget_texts


def unreviewed(catalogue: Catalogue, config: Path, questionnaires: Path) -> Iterator[Finding]:
    """A warning for each language and municipality, at the line that offers the language.

    `config` and `questionnaires` are the folders that the catalogue was loaded from. The texts
    around the questions count, and every questionnaire that is asked in that language, with the
    municipality's own questions. Dutch is the original.
    """
    for slug, municipality in catalogue.municipalities.items():
        file = read_toml(config / f"{slug}.toml")
        folders = (questionnaires, config / "extensions" / slug)
        for language, where in _offered(municipality, file).items():
            read = [*_around(language), *_asked(municipality, language, folders)]
            if not all(read):
                yield file.finding(where, _warning(language, read.count(False), len(read)))


def _warning(language: str, unread: int, every: int) -> str:
    count = "none" if unread == every else f"only {every - unread}"
    return (
        f"{page_texts()[language].name} ({language}) is offered, and {count} of its {every} files "
        "has been reviewed by a speaker"
    )


def _offered(municipality: Municipality, file: TomlFile) -> dict[str, tuple[str | int, ...]]:
    """Every language but Dutch, and where it is first offered."""
    offered: dict[str, tuple[str | int, ...]] = {}
    for touchpoint in municipality.touchpoints:
        own = "languages" in file.data["touchpoints"][touchpoint.slug]
        place = ("touchpoints", touchpoint.slug) if own else ()
        for index, language in enumerate(touchpoint.languages):
            if language != ORIGINAL:
                offered.setdefault(language, (*place, "languages", index))
    return offered


def _around(language: str) -> list[bool]:
    """Whether each file with the texts around the questions was reviewed."""
    every = (page_texts(), widget_texts(), kiosk_texts())
    return [bool(texts[language].reviewed_by) for texts in every if language in texts]


def _asked(municipality: Municipality, language: str, folders: tuple[Path, Path]) -> list[bool]:
    """The same of every questionnaire that is asked in this language, shared and own."""
    asked = {
        (touchpoint.questionnaire, touchpoint.version)
        for touchpoint in municipality.touchpoints
        if language in touchpoint.languages
    }
    return [
        _reviewed(translations[language])
        for folder in folders
        for key, path in structure_files(folder).items()
        if key in asked and language in (translations := translation_files(path))
    ]


def _reviewed(path: Path) -> bool:
    return bool(tomllib.loads(path.read_text("utf-8"))["reviewed_by"])
