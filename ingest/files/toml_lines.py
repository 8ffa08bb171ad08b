"""Finds the line on which a key of a TOML text stands, so that a finding can point at it.

A small scanner of keys and brackets. It expects a text that `tomllib` accepts, and checks nothing.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

TomlPath = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
      | (?P<mark>[\[\]{},=.])
      | (?P<bare>[^\s\[\]{},=.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line (from 1) where `path` is written: `("items", 0, "text", "nl")`.

    Where the path itself is not written (a key that is missing), the line of the nearest part
    that is; None when not even its first key is there.
    """
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        line = lines.get(tuple(path[:length]))
        if line is not None:
            return line
    return None


@lru_cache(maxsize=64)
def _lines(text: str) -> dict[TomlPath, int]:
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Tokens that matter, with their line; ends with an empty token."""
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match.group(), line
        line += match.group().count("\n")
    yield "", line


class _Scanner:
    """Walks the tokens once and remembers the first line of every path."""

    def __init__(self, text: str) -> None:
        self.lines: dict[TomlPath, int] = {}
        self._tokens = list(_tokens(text))
        self._at = 0
        self._count: dict[TomlPath, int] = {}

    def document(self) -> None:
        table: TomlPath = ()
        while self._next:
            if self._next == "\n":
                self._at += 1
            elif self._next == "[":
                table = self._header()
            else:
                self._pair(table)

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    @property
    def _line(self) -> int:
        return self._tokens[self._at][1]

    def _header(self) -> TomlPath:
        """`[a.b]` or `[[a.b]]`: the path that the lines after it belong to."""
        line = self._line
        while self._next == "[":
            self._at += 1
        keys = self._key()
        is_array = [token for token, _ in self._tokens[self._at : self._at + 2]] == ["]", "]"]
        while self._next == "]":
            self._at += 1
        path: TomlPath = ()
        for key in keys[:-1]:
            path = self._remember((*path, key), line)
            if path in self._count:
                path = (*path, self._count[path])
        path = self._remember((*path, keys[-1]), line)
        if is_array:
            self._count[path] = self._count.get(path, -1) + 1
            path = self._remember((*path, self._count[path]), line)
        return path

    def _pair(self, table: TomlPath) -> None:
        line = self._line
        path = table
        for key in self._key():
            path = self._remember((*path, key), line)
        if self._next == "=":
            self._at += 1
            self._value(path)
        else:  # not TOML; go on, and never stand still
            self._at += 1 if self._next else 0

    def _key(self) -> list[str]:
        keys = []
        while self._next and self._next not in "=]\n":
            if self._next != ".":
                keys.append(self._next.strip("\"'"))
            self._at += 1
        return keys or [""]

    def _value(self, path: TomlPath) -> None:
        opening = self._next
        if opening not in ("[", "{"):
            while self._next and self._next not in ",]}\n":
                self._at += 1
            return
        self._at += 1
        index = 0
        while self._next and self._next != ("]" if opening == "[" else "}"):
            if self._next in ("\n", ",") or (self._next == "}" and opening == "["):
                self._at += 1  # a "}" in an array is not TOML; go on, and never stand still
            elif opening == "[":
                self._value(self._remember((*path, index), self._line))
                index += 1
            else:
                self._pair(path)
        self._at += 1 if self._next else 0

    def _remember(self, path: TomlPath, line: int) -> TomlPath:
        self.lines.setdefault(path, line)
        return path
