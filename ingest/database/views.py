"""The views of a reader's schema. Each view has one file, which is the same for every schema.

In a file `{schema}` is the reader's schema, `{codes}` an array of the municipalities that it reads,
and `{reactie}` (or another partitioned table of schema lees) the rows of those municipalities and
no others. A line `--! part {...}` stands for a file in `parts/`, with those words filled in.
`{kinds}` and `{counted_kinds}` become rows named `kinds`, from the declared kinds of question, and
`{measures}` rows named `measures`, from the declared measures of the work. `{indicators}` are what
the shared questions measure.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from ingest.municipalities.measures import MEASURES
from ingest.municipalities.schemas import bi_schema
from ingest.questionnaires.items import INDICATOR_NAMES
from ingest.questionnaires.kinds import KINDS

VIEWS = Path(__file__).resolve().parent / "views"

MUNICIPAL = (
    *("reactie", "tekst", "cijfer", "deelname", "uitnodiging", "uitnodiging_maand", "stand"),
    *("kanaalwissel", "kiosk", "vergelijking", "doel", "basisjaar"),
    *("dim_meetpunt", "dim_vragenlijst", "dim_item"),
    *("kengetal", "norm", "opvolging"),
    *("cijfer_uitgesplitst", "dim_afdeling", "dim_wijk"),
    "verbetering",
    *("thema", "dim_thema"),
)
"""Tables of schema lees with a partition for each municipality."""

REGIONAL = ("gepubliceerd", "gepubliceerd_regio")
"""Tables of schema lees with a partition for each region."""

_PART = re.compile(r"^--! (\w+) (\{.*\})$", re.MULTILINE)
_PLACE = re.compile(r"\{(\w+)\}")


class World(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of the municipality or group with this slug may reach.

    `codes` are those of its municipalities. Their rows lie in the schemas `municipal`, and those of
    their regions in `regional`.
    """

    slug: str
    codes: tuple[str, ...]
    municipal: tuple[str, ...]
    regional: tuple[str, ...]

    @property
    def schema(self) -> str:
        """The only schema that this reader may see."""
        return bi_schema(self.slug)


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One view of one schema. `comments` are by column; the view's own is under ''."""

    name: str
    sql: str
    comments: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """Checksum of everything that it is made from, in hexadecimal."""
        return sha256(json.dumps([self.sql, dict(self.comments)]).encode()).hexdigest()


def views_of(world: World) -> list[View]:
    """Every view of a reader's schema, in the order of their names."""
    return [
        View(name=name, sql=_filled_in(sql, _words(world)), comments=_comments()[name])
        for name, sql in _files().items()
    ]


@cache
def _files() -> Mapping[str, str]:
    """The SQL of each view by name, with its parts filled in."""
    return {
        path.stem: _PART.sub(_part, path.read_text("utf-8")) for path in sorted(VIEWS.glob("*.sql"))
    }


def _part(line: re.Match[str]) -> str:
    text = (VIEWS / "parts" / f"{line[1]}.sql").read_text("utf-8")
    words: Mapping[str, str] = json.loads(line[2])
    filled_in = _PLACE.sub(lambda place: words.get(place[1], place[0]), text)
    # A part may be put together of parts itself.
    return _PART.sub(_part, filled_in)


def _filled_in(sql: str, words: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: words.get(place[1], place[0]), sql)


def _words(world: World) -> dict[str, str]:
    codes = ", ".join(f"'{code}'" for code in world.codes)
    rows = {name: _rows(name, world.municipal) for name in MUNICIPAL}
    rows |= {name: _rows(name, world.regional) for name in REGIONAL}
    return {
        "schema": world.schema,
        "codes": f"array[{codes}]::text[]",
        "kinds": _kinds(),
        "counted_kinds": _counted_kinds(),
        "measures": _measures(),
        "indicators": _indicators(),
        **rows,
    }


@cache
def _kinds() -> str:
    """The kinds of question as rows `kinds`, from their declarations.

    `places` are the values of a distribution, from low to high; null where figures have none.
    """
    rows = []
    for position, kind in enumerate(KINDS.values(), start=1):
        lowest, highest = kind.scale or ("null", "null")
        places = f"array{[str(place) for place in kind.places]}" if kind.places else "null"
        rows.append(f"'{kind.name}', '{kind.dutch}', {position}, {lowest}, {highest}, {places}")
    return _values(rows, "kind, name, position, lowest, highest, places")


@cache
def _counted_kinds() -> str:
    """The counted kinds as rows `kinds`: how many values each has, and whether it has a mean."""
    rows = [
        f"'{kind.name}', {len(kind.places)}, {kind.scale is not None}, {kind.school_mark}"
        for kind in KINDS.values()
        if kind.places
    ]
    return _values(rows, "kind, top, has_mean, school_mark")


@cache
def _measures() -> str:
    """The measures of the work as rows `measures`, from their declarations, in their order."""
    rows = [
        f"'{each.code}', '{each.dutch}', '{each.unit}', {position}, {each.lower_is_better},"
        f" {each.is_stock}"
        for position, each in enumerate(MEASURES.values(), start=1)
    ]
    columns = "measure, name, unit, position, lower_is_better, is_stock"
    return _values(rows, columns, "measures")


@cache
def _indicators() -> str:
    """What the shared questions measure as rows `indicators`, with Dutch names."""
    rows = [
        f"'{code}', '{name}', {position}"
        for position, (code, name) in enumerate(INDICATOR_NAMES.items(), start=1)
    ]
    return _values(rows, "indicator, name, position", "indicators")


def _values(rows: Sequence[str], columns: str, name: str = "kinds") -> str:
    listed = ", ".join(f"({row})" for row in rows)
    return f"(values {listed}) as {name} ({columns})"


def _rows(table: str, schemas: Sequence[str]) -> str:
    if len(schemas) == 1:
        return f"{schemas[0]}.{table}"
    return f"({' union all '.join(f'table {schema}.{table}' for schema in schemas)})"


@cache
def _comments() -> Mapping[str, Mapping[str, str]]:
    """The comments of each view, by column; columns that all views share are in each."""
    in_file = tomllib.loads((VIEWS / "comments.toml").read_text("utf-8"))
    shared = in_file.pop("alle")
    comments: dict[str, Mapping[str, str]] = {}
    for view, own in in_file.items():
        parent = own.pop("lijkt_op", None)
        comments[view] = {**shared, **(comments[parent] if parent else {}), **own}
    return comments
