"""What the views promise to report makers: read from their comments, shown as a page, and frozen.

The contract is a frozen copy of every view with its columns, types and comments. A column that
changes its name, type or meaning breaks reports that others built, so it needs a new version. The
comment of the schema holds the version.
"""

import re
from pathlib import Path

import asyncpg
import msgspec

_FOREWORD = Path(__file__).resolve().parent / "dictionary_foreword.md"
_VERSION = re.compile(r"\bversie ([0-9]+(?:\.[0-9]+)?)")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its type as Postgres calls it, and what it means."""

    type: str
    comment: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A view: what a row of it is, and its columns in order."""

    comment: str
    columns: dict[str, Column]


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """All views of a schema, by name, and the version that its comment tells."""

    version: str
    views: dict[str, View]


async def read_contract(db: asyncpg.Connection, schema: str | None = None) -> Contract:
    """The contract of a reader's schema; without `schema` of any one, since all are the same.

    Raises `LookupError` where there is none, or its comment tells no version.
    """
    if schema is None:
        schema = await db.fetchval(_ANY_SCHEMA) or ""
    comment = await db.fetchval(
        "/* schema_comment */ select obj_description(to_regnamespace($1), 'pg_namespace')",
        schema,
    )
    version = _VERSION.search(comment or "")
    if version is None:
        raise LookupError(f"the comment of schema {schema} tells no version")
    rows = await db.fetch(
        """/* view_columns */
        select views.relname as view, coalesce(obj_description(views.oid, 'pg_class'), '') as about,
            columns.attname as name, format_type(columns.atttypid, columns.atttypmod) as type,
            coalesce(col_description(views.oid, columns.attnum), '') as comment
        from pg_class as views
        join pg_attribute as columns on columns.attrelid = views.oid
        where views.relnamespace = to_regnamespace($1) and views.relkind = 'v'
            and columns.attnum > 0 and not columns.attisdropped
        order by views.relname, columns.attnum
        """,
        schema,
    )
    views: dict[str, View] = {}
    for row in rows:
        view = views.setdefault(row["view"], View(comment=row["about"], columns={}))
        view.columns[row["name"]] = Column(type=row["type"], comment=row["comment"])
    return Contract(version=version[1], views=views)


def contract_text(contract: Contract) -> str:
    """The contract as it is frozen: JSON, a column a line, so that a change shows as one line."""
    lines = [f'{{\n"version": {_json(contract.version)},\n"views": {{']
    for name, view in contract.views.items():
        lines.append(f'{_json(name)}: {{"comment": {_json(view.comment)}, "columns": {{')
        lines += [
            f"  {_json(column)}: {_json(about)}{',' if column != list(view.columns)[-1] else ''}"
            for column, about in view.columns.items()
        ]
        lines.append("}}" + ("," if name != list(contract.views)[-1] else ""))
    return "\n".join([*lines, "}\n}"]) + "\n"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def broken_promises(frozen: Contract, now: Contract) -> list[str]:
    """A sentence for every view or column that changed its name, type or meaning.

    Nothing is broken when `now` has another version, which announces changes. New views and columns
    break nothing either.
    """
    if now.version != frozen.version:
        return []
    broken = []
    for name, view in frozen.views.items():
        if name not in now.views:
            broken.append(f"{name} is gone")
            continue
        present = now.views[name]
        if present.comment != view.comment:
            broken.append(f"{name} changed its meaning; it was: {view.comment}")
        for column, was in view.columns.items():
            broken += _broken(f"{name}.{column}", was, present.columns.get(column))
    return broken


def _broken(name: str, was: Column, now: Column | None) -> list[str]:
    if now is None:
        return [f"{name} is gone, or has another name"]
    broken = []
    if now.type != was.type:
        broken.append(f"{name} changed its type from {was.type} to {now.type}")
    if now.comment != was.comment:
        broken.append(f"{name} changed its meaning; it was: {was.comment}")
    return broken


def dictionary_page(contract: Contract) -> str:
    """The page for report makers, Markdown: what to know first, then every view and column."""
    page = [_FOREWORD.read_text("utf-8").replace("{version}", contract.version).rstrip()]
    page.append("## De views")
    names = list(contract.views)
    page.append("\n".join(f"- [`{name}`](#{name})" for name in names))
    for name in names:
        view = contract.views[name]
        rows = ["| kolom | type | wat het is |", "|---|---|---|"]
        rows += [
            f"| `{column}` | {about.type} | {_cell(about.comment)} |"
            for column, about in view.columns.items()
        ]
        page += [f"### {name}", view.comment, "\n".join(rows)]
    return "\n\n".join(page) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


_ANY_SCHEMA = """/* any_schema */
    select schema_name from meetpunt.applied_view order by schema_name limit 1
"""
