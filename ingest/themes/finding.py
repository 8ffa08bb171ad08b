"""Find themes of what residents write, by the shared files and what municipalities add. Pure."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import msgspec

from ingest.files.findings import Finding
from ingest.themes.languages import language_of
from ingest.themes.matching import Matcher
from ingest.themes.theme_file import Theme, ThemeFile, read_themes
from ingest.themes.words import words_of

NO_THEMES = ""
"""The version of who has no file of themes: nothing was looked for."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The codes of the themes of one text, and the version of the files by which they were found.

    `version` is that of the shared file, and behind a `+` that of the municipality's own: "2+1".
    `language` is the one whose words were looked for; "": none, as it is of none that we know.
    """

    codes: tuple[str, ...]
    version: str
    language: str = ""


class Finder:
    """Finds themes for one municipality, by the last published version of each file."""

    def __init__(self, shared: ThemeFile | None, own: ThemeFile | None = None) -> None:
        files = [file for file in (shared, own) if file]
        self.themes: tuple[Theme, ...] = tuple(t for file in files for t in file.themes)
        self.version = NO_THEMES
        if files:
            self.version = f"{shared.version if shared else 0}{f'+{own.version}' if own else ''}"
        languages = dict.fromkeys(language for file in files for language in file.patterns)
        self._patterns = {
            language: {
                code: patterns
                for file in files
                for code, patterns in file.patterns.get(language, {}).items()
            }
            for language in languages
        }
        # Made with the first text of a language: some ms, and most who read the files find nothing.
        self._matchers: dict[str, Matcher] = {}

    def find(self, text: str, language: str) -> Found:
        """The themes of a text, which was written on a form in `language`; "": nobody knows."""
        words = words_of(text) if self._patterns else ()
        found_in = language_of(words, language, self._patterns) if words else ""
        if found_in not in self._patterns:
            return Found(codes=(), version=self.version)
        if found_in not in self._matchers:
            self._matchers[found_in] = Matcher(self._patterns[found_in])
        codes = self._matchers[found_in].themes_of_words(words)
        return Found(codes=codes, version=self.version, language=found_in)


class Themes:
    """The themes of an installation: shared files by version, own ones by municipality's slug.

    Drafts are left out; `drafts` tells whose they are ("": everybody's) and their versions.
    """

    def __init__(
        self,
        shared: Mapping[int, ThemeFile] = MappingProxyType({}),
        own: Mapping[str, Mapping[int, ThemeFile]] = MappingProxyType({}),
    ) -> None:
        self.drafts = tuple(
            (slug, version)
            for slug, files in {"": shared, **own}.items()
            for version, file in files.items()
            if file.status == "draft"
        )
        self.shared = _published(shared)
        self.own = {slug: _published(files) for slug, files in own.items()}
        last = self.shared[max(self.shared)] if self.shared else None
        self._everybody = Finder(last)
        self._finders = {
            slug: Finder(last, files[max(files)]) for slug, files in self.own.items() if files
        }

    @cached_property
    def checksum(self) -> str:
        """Of all themes with their words: who has the same looks for the same."""
        files = [[*self.shared.values()], [(s, *f.values()) for s, f in sorted(self.own.items())]]
        return hashlib.sha256(msgspec.json.encode(files)).hexdigest()

    def finder(self, slug: str) -> Finder:
        """Who finds themes for this municipality."""
        return self._finders.get(slug, self._everybody)

    def looked_for(self, slug: str, version: str) -> dict[str, int]:
        """The codes that were looked for by a `version` of `Found`, each with that of its file."""
        shared = self.shared.get(int(version.partition("+")[0] or 0))
        return _codes(shared) | self.added(slug, version)

    def added(self, slug: str, version: str) -> dict[str, int]:
        """Those of `looked_for` that stand in the municipality's own file, in its order."""
        return _codes(self.own.get(slug, {}).get(int(version.partition("+")[2] or 0)))


def read_every_theme(config: Path, questionnaires: Path) -> tuple[Themes, list[Finding]]:
    """The themes of everybody and those that municipalities add, and all that is wrong in them."""
    shared, findings = read_themes(questionnaires)
    own = {}
    for folder in sorted(path for path in config.glob("extensions/*") if path.is_dir()):
        own[folder.name], rejected = read_themes(folder, shared)
        findings += rejected
    return Themes(shared, own), findings


def _codes(file: ThemeFile | None) -> dict[str, int]:
    return dict.fromkeys(file.codes, file.version) if file else {}


def _published(files: Mapping[int, ThemeFile]) -> dict[int, ThemeFile]:
    return {version: file for version, file in files.items() if file.status != "draft"}
