"""Read a TOML file that people edit into a struct, and tell all that is wrong in it at once."""

import re
import tomllib
import types
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.near_misses import unknown_key
from ingest.files.toml_lines import TomlPath, line_of
from ingest.files.whole_files import read_regular

_MOST_BYTES = 1_000_000
T = TypeVar("T")


class TomlFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: its text, to find lines in, and its data."""

    path: str
    text: str
    data: dict[str, Any]

    def finding(self, where: TomlPath, message: str) -> Finding:
        """A finding at the line of the key `where`."""
        return Finding(path=self.path, line=line_of(self.text, where), message=message)

    def place(self, *where: str) -> str:
        """Where a key stands, for a finding in another file: "molensloot.toml:31"."""
        line = line_of(self.text, where)
        name = Path(self.path).name
        return name if line is None else f"{name}:{line}"


def read_toml(path: Path) -> TomlFile:
    """Read one file. Raises FilesRejected when it is no UTF-8, no TOML, or cannot be read."""
    try:
        content = read_regular(path, _MOST_BYTES)
    except OSError as error:
        raise _rejected(path, f"cannot be read: {error.strerror}") from error
    if len(content) > _MOST_BYTES:
        raise _rejected(path, f"is larger than {_MOST_BYTES} bytes")
    try:
        # As Python reads text files: a file saved on Windows means the same.
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _rejected(path, "is not UTF-8 here; save it as UTF-8", line) from error
    try:
        data = _parsed(text)
    except tomllib.TOMLDecodeError as error:
        sentence, line_or_none = _sentence_of(str(error), text)
        raise _rejected(path, sentence, line_or_none) from error
    except RecursionError as error:
        raise _rejected(path, "is nested too deeply") from error
    except ValueError as error:
        # Python reads no number of thousands of digits.
        raise _rejected(path, "has a number that is too long") from error
    return TomlFile(path=str(path), text=text, data=data)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> dict[str, Any]:
    """What a file says, which nobody changes: one is read for its meaning, its wording, its sum."""
    return tomllib.loads(text)


def struct_of(file: TomlFile, struct: type[T]) -> T:
    """The file's data as `struct`. Raises FilesRejected with every fault, each at its line."""
    try:
        return msgspec.convert(file.data, struct)
    except msgspec.ValidationError as error:
        faults = list(_faults(file.data, struct, ())) or [((), str(error))]
        findings = [file.finding(where, message) for where, message in faults]
        raise FilesRejected(findings) from error


def _rejected(path: Path, message: str, line: int | None = None) -> FilesRejected:
    return FilesRejected([Finding(path=str(path), line=line, message=message)])


def _sentence_of(message: str, text: str) -> tuple[str, int | None]:
    """tomllib's message without its place, and that place as a line."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if not place:
        return f"is not TOML: {message}", None
    line = int(place[1]) if place[1] else text.count("\n") + 1
    sentence = message[: place.start()]
    return f"is not TOML: {sentence}{_expected(sentence)}", line


def _expected(sentence: str) -> str:
    """What should stand there, for somebody who does not know TOML."""
    hints = (hint for begin, hint in _EXPECTED.items() if sentence.startswith(begin))
    return next((f"; {hint}" for hint in hints), "")


_EXPECTED = {
    "Invalid value": 'expected a text in quotes, such as key = "text", a number, true or false',
    "Invalid statement": 'expected key = "text", or a table such as [touchpoints.balie-hal]',
    "Expected '=' after a key": 'expected key = "text"; a key has letters, digits, - and _',
    "Expected newline or end of document": (
        'expected nothing behind a value; a text has its quotes around it, and a " within it is \\"'
    ),
    "Expected ']'": "expected ] behind the name of a table, or after the last of a list",
    "Unclosed array": "expected a comma between two values, and ] after the last",
    "Unclosed inline table": "expected a comma between two keys, and } after the last",
    "Illegal character": "expected the quote that ends a text on the line where it begins",
    "Unterminated string": "expected the quotes that end the text",
    "Unescaped '\\'": "expected \\\\ for a backslash, or the text in single quotes",
    "Cannot overwrite a value": "expected a key once; it stands further up already",
    "Cannot declare": "expected a table once; it stands further up already",
    "Duplicate inline table key": "expected a key once",
}


def _faults(value: Any, kind: Any, where: TomlPath) -> Iterator[tuple[TomlPath, str]]:
    """Walk value and type together: msgspec itself stops at the first thing it dislikes."""
    if isinstance(kind, types.UnionType):
        members = [part for part in get_args(kind) if part is not types.NoneType]
        kind = members[0] if len(members) == 1 else kind
    if get_origin(kind) is Annotated:
        faults = list(_faults(value, get_args(kind)[0], where))
        yield from faults or _faults_of_leaf(value, kind, where)
        return
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _faults_of_struct(value, kind, where)
    elif isinstance(value, list) and origin in (tuple, list) and value:
        for index, element in enumerate(value):
            yield from _faults(element, parts[0], (*where, index))
    elif isinstance(value, dict) and origin is dict:
        for key, element in value.items():
            yield from _faults_of_leaf(key, parts[0], (*where, key))
            yield from _faults(element, parts[1], (*where, key))
    else:
        yield from _faults_of_leaf(value, kind, where)


def _faults_of_struct(
    value: dict[str, Any], kind: type[msgspec.Struct], where: TomlPath
) -> Iterator[tuple[TomlPath, str]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in (key for key in value if key not in fields):
        # A key that the file has already cannot be the one that was meant.
        yield (*where, key), unknown_key(key, fields.keys() - value.keys())
    for name, field in fields.items():
        if name in value:
            yield from _faults(value[name], field.type, (*where, name))
        elif field.required:
            yield where, f"`{name}` is missing"


def _faults_of_leaf(value: Any, kind: Any, where: TomlPath) -> Iterator[tuple[TomlPath, str]]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        name = next((str(part) for part in reversed(where) if isinstance(part, str)), "file")
        yield where, f"`{name}`: {str(error).split(' - at ')[0]}"
