"""A file of themes: read, and checked with the examples that stand in it. Pure.

`questionnaires/themes/v<N>.toml` holds those of everybody, `extensions/<slug>/themes/v<N>.toml`
what a municipality adds. A published version never changes: a text keeps the version by which its
themes were found.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.toml_files import TomlFile, read_toml, struct_of
from ingest.questionnaires.published_sums import digest_of, read_sums, was_retired
from ingest.questionnaires.written import THEMES
from ingest.themes.containing import contained_in
from ingest.themes.matching import Matcher
from ingest.themes.patterns import Pattern, PatternRefused, read_pattern

LANGUAGES = ("nl", "en", "de", "pl", "tr", "uk", "ar")
"""In which the shared themes are found; a municipality's own need Dutch, and may have these."""

MOST_THEMES = 30
"""Of one file: what many narrow themes say together of a text is the text itself."""

MOST_PATTERNS = 2500
"""Of one file in one language: all are looked for in a text, while a resident waits."""

MOST_WORDS = 40_000
"""Of these patterns together, with the words of each group wherever one names it."""

_Code = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]
_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_ByLanguage = dict[str, tuple[_Line, ...]]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured on labelled Dutch texts that nobody had seen who wrote the words.

    `precision`: how many of the texts that were given the theme have it. `recall`: how many of
    those that have it were given it. Of `texts` texts, of which `with_theme` have it.
    """

    precision: _Share
    recall: _Share
    texts: Annotated[int, msgspec.Meta(ge=1)]
    with_theme: Annotated[int, msgspec.Meta(ge=1)]


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One theme. `words` are patterns by language; `hits` and `misses` are examples by language."""

    code: _Code
    name: _Line
    about: _Line
    words: _ByLanguage
    hits: _ByLanguage
    misses: _ByLanguage
    measured: Measured | None = None


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Annotated[int, msgspec.Meta(ge=1, le=32_767)]
    status: Literal["draft", "published"]
    groups: dict[str, dict[str, tuple[_Line, ...]]] = {}
    themes: Annotated[tuple[Theme, ...], msgspec.Meta(min_length=1)]


class ThemeFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read. `patterns`: by language, then by the code of the theme."""

    version: int
    status: str
    themes: tuple[Theme, ...]
    patterns: Mapping[str, Mapping[str, tuple[Pattern, ...]]]

    def words_of(self, code: str) -> dict[str, tuple[Pattern, ...]]:
        """The patterns of one theme, by language."""
        return {each: themes[code] for each, themes in self.patterns.items() if code in themes}

    @property
    def codes(self) -> tuple[str, ...]:
        """Of its themes, in the order of the file."""
        return tuple(theme.code for theme in self.themes)


def theme_files(directory: Path) -> dict[int, Path]:
    """The files `themes/v<N>.toml` in a directory, by version."""
    files = {}
    for path in (directory / THEMES).glob("v*.toml"):
        if match := re.fullmatch(r"v([1-9][0-9]{0,4})\.toml", path.name):
            files[int(match[1])] = path
    return dict(sorted(files.items()))


def read_themes(
    directory: Path, shared: Mapping[int, ThemeFile] | None = None
) -> tuple[dict[int, ThemeFile], list[Finding]]:
    """The files of a directory that can be read, by version, and all that is wrong in any.

    With `shared` these are what a municipality adds, and may not name what is shared already.
    """
    read: dict[int, ThemeFile] = {}
    findings: list[Finding] = []
    for version, path in theme_files(directory).items():
        try:
            read[version] = load_themes(path, shared)
        except FilesRejected as refused:
            findings += refused.findings
            continue
        findings += _sum_findings(directory, path, read[version])
    findings += _stray_files(directory)
    findings += _gone_findings(directory, read)
    return read, findings


def load_themes(path: Path, shared: Mapping[int, ThemeFile] | None = None) -> ThemeFile:
    """Read one file and try its examples. Raises FilesRejected with every finding."""
    file = read_toml(path)
    taken = None if shared is None else frozenset(c for each in shared.values() for c in each.codes)
    loaded = _loaded(path, file.text, taken)
    if shared and (findings := list(_held_findings(file, loaded, shared[max(shared)]))):
        raise FilesRejected(findings)
    return loaded


# Trying all examples takes a third of a second, and the same file is read by many.
@lru_cache(maxsize=64)
def _loaded(path: Path, _text: str, taken: frozenset[str] | None) -> ThemeFile:
    """The file with this text. `taken` are codes of everybody; None where this file is theirs."""
    file = read_toml(path)
    written = struct_of(file, _Written)
    findings: list[Finding] = []
    if path.stem != f"v{written.version}":
        message = f"version {written.version} lies in a file named {path.name}"
        findings.append(file.finding(("version",), message))
    findings += _code_findings(file, written, taken or frozenset())
    patterns: dict[str, dict[str, tuple[Pattern, ...]]] = {}
    words: Counter[str] = Counter()
    for index, theme in enumerate(written.themes):
        needed = LANGUAGES if taken is None else ("nl",)
        for language in dict.fromkeys((*needed, *theme.words)):
            if missing := _missing(theme, language):
                findings.append(file.finding(("themes", index), missing))
                continue
            groups = written.groups.get(language, {})
            of_theme = []
            for number, text in enumerate(theme.words[language]):
                if words[language] > MOST_WORDS:
                    break
                try:
                    of_theme.append(read_pattern(text, groups))
                    words[language] += sum(len(place.words) for place in of_theme[-1].places)
                except PatternRefused as refused:
                    where = ("themes", index, "words", language, number)
                    findings.append(file.finding(where, f"{text!r} {refused}"))
            patterns.setdefault(language, {})[theme.code] = tuple(of_theme)
    for language in (each for each, many in words.items() if many > MOST_WORDS):
        message = f"more than {MOST_WORDS} words in {language!r}, with those of groups"
        findings.append(file.finding(("themes",), message))
    loaded = ThemeFile(
        version=written.version, status=written.status, themes=written.themes, patterns=patterns
    )
    if not findings:
        findings += [*_example_findings(file, loaded), *_held_findings(file, loaded)]
    if findings:
        raise FilesRejected(findings)
    return loaded


def _missing(theme: Theme, language: str) -> str | None:
    """What a theme lacks in a language, in a sentence."""
    if language not in LANGUAGES:
        return f"{theme.code}: there are no themes in {language!r}"
    for name in ("words", "hits", "misses"):
        if not getattr(theme, name).get(language):
            return f"{theme.code}: `{name}.{language}` is missing"
    return None


def _code_findings(file: TomlFile, written: _Written, taken: frozenset[str]) -> Iterator[Finding]:
    if len(written.themes) > MOST_THEMES:
        message = f"{len(written.themes)} themes; {MOST_THEMES} may be: more would spell texts out"
        yield file.finding(("themes",), message)
    for language in LANGUAGES:
        many = sum(len(theme.words.get(language, ())) for theme in written.themes)
        if many > MOST_PATTERNS:
            message = f"{many} patterns in {language!r}; {MOST_PATTERNS} may be"
            yield file.finding(("themes",), message)
    seen: set[str] = set()
    for index, theme in enumerate(written.themes):
        if theme.code in taken:
            message = f"{theme.code!r} is a theme of everybody; a municipality adds others"
            yield file.finding(("themes", index, "code"), message)
        elif theme.code in seen:
            yield file.finding(("themes", index, "code"), f"{theme.code!r} is there twice")
        seen.add(theme.code)


def _example_findings(file: TomlFile, loaded: ThemeFile) -> Iterator[Finding]:
    """A finding for each example of which the words say something else."""
    for language, patterns in loaded.patterns.items():
        matcher = Matcher(patterns)
        for index, theme in enumerate(loaded.themes):
            for kind, texts in (("hits", theme.hits), ("misses", theme.misses)):
                for number, text in enumerate(texts.get(language, ())):
                    if (theme.code in matcher.themes(text)) != (kind == "hits"):
                        verb = "does not hit" if kind == "hits" else "hits"
                        where = ("themes", index, kind, language, number)
                        yield file.finding(where, f"{text!r} {verb} {theme.code}")


def _held_findings(
    file: TomlFile, loaded: ThemeFile, shared: ThemeFile | None = None
) -> Iterator[Finding]:
    """A finding for each theme that says of all its texts that they have one before it, or the
    other way round: one of the same file, or of everybody's.
    """
    for index, theme in enumerate(loaded.themes):
        words = loaded.words_of(theme.code)
        before = shared or loaded
        for other in before.codes if shared else before.codes[:index]:
            others = before.words_of(other)
            inner, outer = theme.code, other
            language = contained_in(words, others)
            if language is None:
                inner, outer = other, theme.code
                language = contained_in(others, words)
            if language is not None:
                message = (
                    f"all words of {inner} are words of {outer}: how often each is told would say "
                    "how often the others are; give each of the two words of its own"
                )
                yield file.finding(("themes", index, "words", language), message)


def _sum_findings(directory: Path, path: Path, loaded: ThemeFile) -> Iterator[Finding]:
    try:
        recorded = read_sums(directory).get(path.relative_to(directory).as_posix())
    except FilesRejected:
        return  # who reads the questionnaires beside it tells of that
    if loaded.status == "draft" and recorded:
        yield Finding(path=str(path), message="belongs to a draft, yet it was published")
    elif loaded.status != "draft" and not recorded:
        message = "is not in published.sha256; run `meetpunt themes publish`"
        yield Finding(path=str(path), message=message)
    elif recorded and recorded != digest_of(path) and not was_retired(path, recorded):
        message = "differs from what was published; put it back, and write a new version instead"
        yield Finding(path=str(path), message=message)


def _gone_findings(directory: Path, read: Mapping[int, ThemeFile]) -> Iterator[Finding]:
    """A theme that a later version no longer has: themes are added, and never taken away."""
    published = [each for each in read.values() if each.status != "draft"]
    for before, after in pairwise(published):
        for code in before.codes:
            if code not in after.codes:
                path = directory / THEMES / f"v{after.version}.toml"
                message = f"{code!r} of v{before.version} is gone; its figures would end"
                yield Finding(path=str(path), message=message)


def _stray_files(directory: Path) -> Iterator[Finding]:
    known = set(theme_files(directory).values())
    for path in sorted((directory / THEMES).glob("**/*.toml")):
        if path not in known:
            yield Finding(path=str(path), message="is no v<number>.toml")
