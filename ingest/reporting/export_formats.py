"""What an exported file looks like: CSV as a Dutch spreadsheet opens it, and Parquet.

CSV: UTF-8 with a byte order mark, semicolons, lines that end in CR LF (RFC 4180). Texts are always
quoted; numbers, days and true/false never. A missing value is an empty cell. Decimals have a comma,
because a Dutch spreadsheet takes 7.5 for the seventh of May. Arrays and further details are JSON.
Days are ISO 8601.
"""

import os
import secrets
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

type_of_cell = Callable[[Any], str]


class ParquetMissing(Exception):
    """The package that writes Parquet is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs another package: install meetpunt[parquet].")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a view: its Dutch name, and Postgres' name of its type ("int4", "_text")."""

    name: str
    type: str


class ExportFile(ABC):
    """A file to which rows are added while its `with` block lasts."""

    @abstractmethod
    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, with a value a column as the database gave it."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left; nothing can be added any more."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class CsvFile(ExportFile):
    """Writes rows as CSV."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._cells = [_BARE.get(column.type, _cell_of(column.type)) for column in columns]
        self._file.write(";".join(text_cell(column.name) for column in columns) + "\r\n")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, with a value a column as the database gave it."""
        self._file.writelines(
            ";".join(
                "" if value is None else cell(value)
                for cell, value in zip(self._cells, row, strict=True)
            )
            + "\r\n"
            for row in rows
        )

    def close(self) -> None:
        """Write what is left; nothing can be added any more."""
        self._file.close()


class ParquetFile(ExportFile):
    """Writes rows as Parquet, a row group for every call of `write`. Raises ParquetMissing."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        try:
            # An optional package, which the service itself does not need.
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise ParquetMissing from None
        self._batch = pyarrow.RecordBatch.from_arrays
        self._array = pyarrow.array
        self._schema = pyarrow.schema(
            [(column.name, _arrow_type(pyarrow, column.type)) for column in columns]
        )
        self._values = [_values_of(column.type) for column in columns]
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, with a value a column as the database gave it."""
        arrays = [
            self._array(
                [None if row[at] is None else values(row[at]) for row in rows], type=field.type
            )
            for at, (field, values) in enumerate(zip(self._schema, self._values, strict=True))
        ]
        self._writer.write_batch(self._batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left; nothing can be added any more."""
        self._writer.close()


FORMATS: dict[str, Callable[[Path, Sequence[Column]], ExportFile]] = {
    "csv": CsvFile,
    "parquet": ParquetFile,
}


@contextmanager
def whole_or_nothing(target: Path) -> Iterator[Path]:
    """A path beside `target`; it becomes `target` when the block succeeds, and else is removed.

    Only the user who exports may read it, since it may hold what residents wrote.
    """
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def text_cell(text: str) -> str:
    """A text in quotes, so that a spreadsheet never takes it for a formula.

    A text that would begin a formula, or that begins with an apostrophe, gets an apostrophe in
    front. Programs that read the file drop the first apostrophe of a cell.
    """
    # NFKC: a full-width equals sign begins a formula too. Blanks before it may be left out.
    shown = unicodedata.normalize("NFKC", text.lstrip()[:20]).lstrip()
    if text[:1] in _BEGINS_OTHERWISE or shown[:1] in _BEGINS_A_FORMULA:
        text = "'" + text
    return '"' + text.replace('"', '""') + '"'


_BEGINS_A_FORMULA = tuple("=+-@")
_BEGINS_OTHERWISE = ("'", "\t", "\r", "\n")

# Nothing that a resident wrote has one of these types. By Postgres' names.
_BARE: dict[str, type_of_cell] = {
    **dict.fromkeys(("int2", "int4", "int8", "date"), str),
    "bool": lambda value: "true" if value else "false",
    "numeric": lambda value: f"{value:f}".replace(".", ","),
    "float8": lambda value: repr(value).replace(".", ","),
}

_ARROW = {
    "bool": "bool_",
    "date": "date32",
    "float8": "float64",
    "int2": "int16",
    "int4": "int32",
    "int8": "int64",
    "numeric": "float64",
}


def _cell_of(pg_type: str) -> type_of_cell:
    if pg_type.startswith("_"):
        return lambda value: text_cell(msgspec.json.encode(value).decode())
    return lambda value: text_cell(str(value))


def _arrow_type(pyarrow: Any, pg_type: str) -> Any:
    """Of a view's column: what is not a number, a day or true/false is a text, as in CSV."""
    if pg_type.startswith("_"):
        return pyarrow.list_(_arrow_type(pyarrow, pg_type[1:]))
    return getattr(pyarrow, _ARROW.get(pg_type, "string"))()


def _values_of(pg_type: str) -> Callable[[Any], Any]:
    """What Arrow takes for a value of this type."""
    if pg_type.startswith("_"):
        value_of_element = _values_of(pg_type[1:])
        return lambda values: [
            None if value is None else value_of_element(value) for value in values
        ]
    if pg_type == "numeric":
        return float
    return _as_it_is if pg_type in _ARROW else str


def _as_it_is(value: Any) -> Any:
    return value
