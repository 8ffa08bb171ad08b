"""Folders with files of municipalities and questionnaires, written the way an operator would."""

from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.questionnaires.published_sums import digest_of, write_sums
from ingest.questionnaires.written import structure_files, translation_files

NUMBERS = {"molensloot": 1, "waterakker": 2, "duinrade": 4}


class Installation:
    """Two folders of files, as an operator would have them."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config"
        self.questionnaires = folder / "questionnaires"
        self.config.mkdir()

    def questionnaire(
        self,
        name: str = "balie/1",
        status: str = "published",
        extra: str = "",
        text: str = "Cijfer?",
    ) -> None:
        code, version = name.split("/")
        self.write(
            self.questionnaires / code / f"v{version}.toml",
            f'code = "{code}"\nversion = {version}\nstatus = "{status}"\n'
            f'title.nl = "Uw bezoek"\n{extra}\n'
            f'[[items]]\ncode = "cijfer"\nkind = "mark"\ntext.nl = "{text}"\n',
        )
        self.write(
            self.questionnaires / code / f"v{version}.en.toml",
            'language = "en"\nreviewed_by = ""\ntitle = "Your visit"\n'
            '[items.cijfer]\ntext = "Mark?"\n',
        )
        self.publish()

    def municipality(
        self,
        slug: str = "molensloot",
        *,
        number: int | None = None,
        asks: str = "balie/1",
        region: str = "waterland-noord",
        head: str = "",
        touchpoint: str = "",
        languages: str = '["nl", "en"]',
    ) -> None:
        questionnaire, version = asks.split("/")
        own = NUMBERS[slug]
        self.write(
            self.config / f"{slug}.toml",
            f'code = "GM900{own}"\nslug = "{slug}"\nname = "{slug.title()}"\nregion = "{region}"\n'
            f"languages = {languages}\n"
            f'base_url = "https://kto.{slug}.example"\n'
            f'privacy_url = "https://www.{slug}.example/privacy"\n'
            f'accessibility_url = "https://www.{slug}.example/toegankelijk"\n'
            f'contact_url = "https://www.{slug}.example/contact"\n{head}\n'
            f'[touchpoints.balie-hal]\nnumber = {number or own}\nchannel = "balie"\n'
            f'questionnaire = "{questionnaire}"\nversion = {version}\n'
            f'name.nl = "Balie"\n{touchpoint}\n',
        )

    def group(
        self,
        slug: str = "waterland",
        members: str = '["molensloot"]',
        name: str = "Samen in Waterland",
        more: str = "",
    ) -> None:
        self.write(
            self.config / "groups" / f"{slug}.toml",
            f'name = "{name}"\nmembers = {members}\n{more}\n',
        )

    def own_items(
        self,
        slug: str = "molensloot",
        name: str = "balie/1",
        status: str = "published",
        languages: tuple[str, ...] = ("en",),
    ) -> None:
        code, version = name.split("/")
        folder = self.config / "extensions" / slug / code
        self.write(
            folder / f"v{version}.toml",
            f'questionnaire = "{code}"\nversion = {version}\nstatus = "{status}"\n'
            '[[items]]\ncode = "parkeren"\nkind = "yes_partly_no"\ntext.nl = "Kon u parkeren?"\n',
        )
        for language in languages:
            self.write(
                folder / f"v{version}.{language}.toml",
                f'language = "{language}"\nreviewed_by = ""\n'
                '[items.parkeren]\ntext = "Could you park?"\n',
            )
        self.publish()

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def publish(self) -> None:
        """Record every file that is no draft as it stands now, whatever is wrong in it."""
        for folder in (self.questionnaires, *self.config.glob("extensions/*")):
            sums = {}
            for path in structure_files(folder).values():
                if 'status = "draft"' not in path.read_text("utf-8"):
                    for file in (path, *translation_files(path).values()):
                        sums[file.relative_to(folder).as_posix()] = digest_of(file)
            write_sums(folder, sums)

    def load(self) -> Catalogue:
        return load_catalogue(self.config, self.questionnaires)

    def findings(self) -> list[tuple[str, int | None, str]]:
        with pytest.raises(FilesRejected) as refused:
            self.load()
        return [(Path(each.path).name, each.line, each.message) for each in refused.value.findings]


def plain_installation(folder: Path) -> Installation:
    """One municipality that asks one questionnaire, and nothing wrong in it."""
    installation = Installation(folder)
    installation.questionnaire()
    installation.municipality()
    return installation
