"""What the files say, as the rows that mirror them in the database."""

from collections.abc import Iterator
from typing import Any

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.hours import WEEKDAYS
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.regions import comparable_cores
from ingest.municipalities.schemas import bi_schema
from ingest.municipalities.targets import Target, counted_for
from ingest.questionnaires.questionnaire import Questionnaire

Row = tuple[Any, ...]


def municipality_rows(catalogue: Catalogue) -> list[Row]:
    """Code, slug, name, region, and whether it is fictional."""
    return [
        (each.code, each.slug, each.name, each.region, each.fictional)
        for each in catalogue.municipalities.values()
    ]


def touchpoint_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, number, slug, channel, location, product, retired, name, batch."""
    return [
        (
            catalogue.municipalities[each.municipality].code,
            each.number,
            each.slug,
            each.channel,
            each.location,
            each.product,
            each.retired,
            each.name["nl"],
            each.batch,
        )
        for each in catalogue.touchpoints.values()
    ]


def opening_hours_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, touchpoint's number, weekday from 1, and when it opens and closes."""
    return [
        (
            catalogue.municipalities[each.municipality].code,
            each.number,
            WEEKDAYS.index(day) + 1,
            *hours.split("-"),
        )
        for each in catalogue.touchpoints.values()
        for day, hours in each.opening_hours.items()
    ]


def questionnaire_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, structure, code, version, title."""
    return [
        (code, asked.structure, asked.code, asked.version, asked.title["nl"])
        for code, asked in _used(catalogue)
    ]


def item_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, structure, item, position from 1, kind, indicator, core, text."""
    return [
        (
            code,
            asked.structure,
            item.code,
            position,
            item.kind,
            item.indicator,
            item.core,
            item.text["nl"],
        )
        for code, asked in _used(catalogue)
        for position, item in enumerate(asked.items, start=1)
    ]


def core_rows(catalogue: Catalogue) -> list[Row]:
    """What regions compare: structure, core item, and with which versions it is one figure."""
    cores = comparable_cores(catalogue.questionnaires)
    return sorted(
        {
            (asked.structure, item.code, cores[asked.code, asked.version])
            for _, asked in _used(catalogue)
            for item in asked.items
            if item.core and item.indicator
        }
    )


def target_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality, channel, department or "", indicator, measure, kind, amount, base year."""
    return [
        (
            municipality.code,
            target.channel,
            target.department or "",
            target.indicator,
            target.measure,
            _kind_asked(catalogue, municipality, target),
            target.amount,
            target.base_year,
        )
        for municipality in catalogue.municipalities.values()
        for target in municipality.targets
    ]


def norm_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, channel, measure, department, product, value; '' is all of them."""
    return [
        (municipality.code, *norm.key, float(norm.value))
        for municipality in catalogue.municipalities.values()
        for norm in municipality.norms
    ]


def department_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, slug, position from 1, name, slugs of touchpoints, products."""
    return [
        (
            municipality.code,
            department.slug,
            position,
            department.name,
            department.touchpoints,
            department.products,
        )
        for municipality in catalogue.municipalities.values()
        for position, department in enumerate(municipality.departments, start=1)
    ]


def wijk_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, CBS code of the neighbourhood, name."""
    return [
        (municipality.code, code, name)
        for municipality in catalogue.municipalities.values()
        for code, name in municipality.wijken.items()
    ]


def improvement_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, position from 1, day, department or "", channel or "", Dutch text."""
    return [
        (
            municipality.code,
            position,
            improvement.date,
            _slug_of_department(municipality, improvement.department),
            improvement.channel or "",
            improvement.text["nl"],
        )
        for municipality in catalogue.municipalities.values()
        for position, improvement in enumerate(municipality.improvements, start=1)
    ]


def _slug_of_department(municipality: Municipality, named: str | None) -> str:
    """A file may write a department by its slug or its name; one of no list stays as it is."""
    slugs = {department.name: department.slug for department in municipality.departments}
    return slugs.get(named or "", named or "")


def group_rows(catalogue: Catalogue) -> list[Row]:
    """The schema of each group."""
    return [(bi_schema(slug),) for slug in catalogue.groups]


def _used(catalogue: Catalogue) -> Iterator[tuple[str, Questionnaire]]:
    """Every version of a questionnaire that is used, by the municipality's code.

    Links to an older version may be out.
    """
    for municipality in catalogue.municipalities.values():
        used = {touchpoint.questionnaire: touchpoint for touchpoint in municipality.touchpoints}
        for code, version in catalogue.questionnaires:
            if code in used:
                yield municipality.code, catalogue.questionnaire(used[code], version)


def _kind_asked(catalogue: Catalogue, municipality: Municipality, target: Target) -> str:
    """How the target's indicator is answered; loading refused a target for what is not asked."""
    return next(
        item.kind
        for touchpoint in counted_for(target.channel, municipality.touchpoints)
        for item in catalogue.questionnaire(touchpoint).items
        if item.indicator == target.indicator
    )
