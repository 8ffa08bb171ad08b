"""The departments of a municipality, and its neighbourhoods ("wijken"): what figures are told by.

They are written as `[departments.<slug>]` and `[wijken]` in its file. A response belongs to the
first department that fits its touchpoint or product, else to `overig`: the database works that out
when figures are read, so that a department of today has figures of years ago.
"""

import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, line_fault, slug_fault
from ingest.municipalities.improvements import Improvement
from ingest.municipalities.touchpoints import Touchpoint

REST = "overig"
"""Where responses are counted that belong to no department."""

WIJK = "wijk"
"""The dimension of a touchpoint that holds codes of neighbourhoods."""

Fault = tuple[tuple[str | int, ...], str]
"""Where in the file, and what is wrong there."""


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the municipality that answers for `touchpoints` (slugs), `products`, or both.

    A response is of the department if its touchpoint or its product is among them. `mail` is where
    the department itself is reached; residents do not see it.
    """

    slug: str
    name: str
    touchpoints: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    mail: str | None = None


def read_departments(table: Table) -> tuple[Department, ...]:
    """Every `[departments.<slug>]` of a municipality's file, in its order."""
    departments = tuple(
        _read_department(entry, slug) for slug, entry in table.tables("departments")
    )
    names: dict[str, str] = {}
    for department in departments:
        if department.name and department.name in names:
            other = names[department.name]
            message = f"`name` {department.name!r} is that of `departments.{other}` already"
            table.fault(message, "departments", department.slug, "name")
        names.setdefault(department.name, department.slug)
    return departments


def department_of(departments: Sequence[Department], touchpoint: Touchpoint) -> str:
    """The slug of the department that answers for a touchpoint as a whole, or `REST`.

    The first that names it, or the product that the touchpoint stands for.
    """
    for department in departments:
        if touchpoint.slug in department.touchpoints or touchpoint.product in department.products:
            return department.slug
    return REST


def read_wijken(table: Table, code: str) -> dict[str, str]:
    """The names of neighbourhoods by CBS code, from `[wijken]`; `code` is the municipality's."""
    wijken = table.table("wijken")
    for wijk in wijken.values:
        if fault := _wijk_fault(wijk, code):
            wijken.fault(f"`{wijk}` {fault}", wijk)
    return {wijk: wijken.text(wijk, line_fault) for wijk in wijken.values}


def department_faults(
    departments: Sequence[Department], touchpoints: Sequence[Touchpoint]
) -> Iterator[Fault]:
    """Departments that name what is not there, or what an earlier one has already."""
    slugs = {touchpoint.slug for touchpoint in touchpoints}
    products = set[str]()
    for touchpoint in touchpoints:
        products.update(touchpoint.dimensions.get("product", ()))
        products.update([touchpoint.product] if touchpoint.product else ())
    for key, known in (("touchpoints", slugs), ("products", products)):
        first: dict[str, str] = {}
        for department in departments:
            for index, name in enumerate(getattr(department, key)):
                where = ("departments", department.slug, key, index)
                if name and name not in known:
                    yield where, f"there is no {key[:-1]} {name!r}{did_you_mean(name, known)}"
                elif name in first:
                    yield where, f"{name!r} is of `departments.{first[name]}` already"
                first.setdefault(name, department.slug)


def improvement_faults(
    improvements: Iterable[Improvement], departments: Sequence[Department]
) -> Iterator[Fault]:
    """Improvements by a department that is not there; where there are none, any may be named."""
    known = {name for each in departments for name in (each.slug, each.name)}
    for index, improvement in enumerate(improvements):
        by = improvement.department
        if departments and by and by not in known:
            message = f"there is no department {by!r}{did_you_mean(by, known)}"
            yield ("improvements", index, "department"), message


def wijk_faults(
    wijken: Mapping[str, str], touchpoints: Iterable[Touchpoint], code: str
) -> Iterator[Fault]:
    """Values of the dimension `wijk` that are no code, or have no name in `[wijken]`."""
    for touchpoint in touchpoints:
        for index, wijk in enumerate(touchpoint.dimensions.get(WIJK, ())):
            where = ("touchpoints", touchpoint.slug, "dimensions", WIJK, index)
            if not wijk:
                continue
            if fault := _wijk_fault(wijk, code):
                yield where, f"a wijk {fault}"
            elif wijk not in wijken:
                named = did_you_mean(wijk, wijken)
                yield where, f"{wijk} has no name in `[wijken]`{named}"


def _read_department(table: Table, slug: str) -> Department:
    if fault := slug_fault(slug):
        table.fault(f"the name of a department {fault}")
    elif slug == REST:
        table.fault(f"`{REST}` is for what belongs to no department; choose another name")
    department = Department(
        slug=slug,
        name=table.text("name", line_fault),
        touchpoints=table.texts("touchpoints", slug_fault, ()),
        products=table.texts("products", slug_fault, ()),
        mail=table.text_or_none("mail", mail_fault),
    )
    if not table.values.keys() & {"touchpoints", "products"}:
        table.fault("needs `touchpoints` or `products`: what it answers for")
    table.close()
    return department


def mail_fault(address: str) -> str | None:
    """Why this is no mail address; None when it is one."""
    if re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", address) and len(address) <= 200:
        return None
    return f"must be one mail address, not {reprlib.repr(address)}"


def _wijk_fault(wijk: str, code: str) -> str | None:
    """Statistics Netherlands (CBS) numbers them: WK, four digits of the municipality, and two."""
    begin = f"WK{code[2:]}" if code else "WK"
    if re.fullmatch(r"WK[0-9]{6}", wijk) and wijk.startswith(begin):
        return None
    return f"must be a CBS code of your own, such as {begin}01, not {reprlib.repr(wijk)}"
