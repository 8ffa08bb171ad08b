"""What a reader may open, as the database itself tells it: every relation and column."""

import re
from collections import Counter
from collections.abc import Sequence

import asyncpg
import msgspec

_PERIOD = re.compile(r"(_per)?_(week|maand|kwartaal|jaar|twaalf_maanden)$")

# The names that a column with a municipality's code has had.
_CODES = ("gemeente_code", "municipality")


class Relation(msgspec.Struct, frozen=True):
    """A table or view that may be selected from, with the columns that may."""

    name: str
    columns: dict[str, str]

    @property
    def texts(self) -> list[str]:
        """The columns with text."""
        return [name for name, type_ in self.columns.items() if type_ == "text"]

    @property
    def code(self) -> str | None:
        """The column with the code of a municipality."""
        return next((column for column in _CODES if column in self.columns), None)


async def readable(db: asyncpg.Connection) -> list[Relation]:
    """Every relation outside the catalogue of which this session may select some column."""
    rows = await db.fetch(
        """
        select format('%I.%I', n.nspname, c.relname) as name, quote_ident(a.attname) as column,
            format_type(a.atttypid, null) as type
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        join pg_attribute as a on a.attrelid = c.oid
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            and c.relkind in ('r', 'p', 'v', 'm', 'f')
            and a.attnum > 0 and not a.attisdropped
            and has_schema_privilege(n.oid, 'usage')
            and has_column_privilege(c.oid, a.attnum, 'select')
        order by 1, a.attnum
        """
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["name"], {})[row["column"]] = row["type"]
    return [Relation(name, columns) for name, columns in found.items()]


def of_each_kind(relations: Sequence[Relation], ways: int) -> list[Relation]:
    """Of relations that are made of the same parts, and differ in their period alone, `ways`."""
    met = Counter[str]()
    chosen = []
    for relation in relations:
        kind = _PERIOD.sub("", relation.name)
        met[kind] += 1
        if met[kind] <= ways:
            chosen.append(relation)
    return chosen


def quoted(value: str) -> str:
    """A literal."""
    return "'" + value.replace("'", "''") + "'"


def of_others(relation: Relation, own: str) -> tuple[str, ...]:
    """Conditions to ask under: others by their code, where there is one, and everything."""
    return (*((f"{relation.code} <> {quoted(own)}",) if relation.code else ()), "true")
