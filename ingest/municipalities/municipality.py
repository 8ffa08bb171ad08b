"""A municipality and its touchpoints: one TOML file each, read and checked from top to bottom."""

import re
import reprlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.toml_files import TomlFile, read_toml
from ingest.files.toml_tables import Table, language_fault, line_fault, slug_fault
from ingest.files.web_addresses import address_fault, origin_fault
from ingest.municipalities.cases import Cases, read_cases
from ingest.municipalities.connecting import Connector, read_connectors
from ingest.municipalities.contacts import Contacts, read_contacts
from ingest.municipalities.departments import (
    Department,
    Fault,
    department_faults,
    improvement_faults,
    read_departments,
    read_wijken,
    wijk_faults,
)
from ingest.municipalities.house_style import HouseStyle, StyleRefused, house_style
from ingest.municipalities.improvements import Improvement, read_improvements
from ingest.municipalities.invitation_texts import message_faults
from ingest.municipalities.inviting import HouseRules, InvitationRules, read_house_rules
from ingest.municipalities.logo import Logo, LogoRefused, file_name_fault, load_logo
from ingest.municipalities.monthly_reports import MonthlyReports, read_monthly_reports
from ingest.municipalities.norms import Norm, norm_faults, read_norms
from ingest.municipalities.notifying import Notifying, read_notifying
from ingest.municipalities.pushing import pushing_faults
from ingest.municipalities.retention import (
    Publishing,
    Retention,
    read_publishing,
    read_retention,
)
from ingest.municipalities.schemas import world_slug_fault
from ingest.municipalities.senders import Sender, read_senders
from ingest.municipalities.signalen import Signalen, read_signalen, signalen_faults
from ingest.municipalities.signals import Signals, read_signals, signal_faults
from ingest.municipalities.targets import Target, read_targets
from ingest.municipalities.touchpoints import CHANNELS, Kiosk, Touchpoint, read_touchpoint

__all__ = [
    "CHANNELS",
    "Cases",
    "Connector",
    "Contacts",
    "Department",
    "HouseRules",
    "HouseStyle",
    "Improvement",
    "InvitationRules",
    "Kiosk",
    "Logo",
    "MonthlyReports",
    "Municipality",
    "MunicipalityFile",
    "Norm",
    "Notifying",
    "Publishing",
    "Retention",
    "Sender",
    "Signalen",
    "Signals",
    "Target",
    "Touchpoint",
    "load_municipality",
    "read_municipality",
]


class Municipality(msgspec.Struct, frozen=True, kw_only=True):
    """One municipality: `code` is the CBS code ("GM9001"), `slug` its name in web addresses.

    The database names schemas and roles after the slug, so it never changes. A resident who asked
    for none of `languages` sees the first.
    """

    code: str
    slug: str
    name: str
    region: str
    languages: tuple[str, ...]
    base_url: str
    privacy_url: str
    accessibility_url: str
    contact_url: str
    allowed_origins: tuple[str, ...] = ()
    style: HouseStyle = HouseStyle()
    logo: Logo | None = None
    retention: Retention = Retention()
    publishing: Publishing = Publishing()
    invitations: HouseRules = HouseRules()
    senders: dict[str, Sender] = {}
    connectors: dict[str, Connector] = {}
    notifications: Notifying | None = None
    cases: Cases | None = None
    contacts: Contacts | None = None
    signalen: Signalen | None = None
    signals: Signals | None = None
    reports: MonthlyReports | None = None
    fictional: bool = False
    touchpoints: tuple[Touchpoint, ...] = ()
    targets: tuple[Target, ...] = ()
    norms: tuple[Norm, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    departments: tuple[Department, ...] = ()
    wijken: dict[str, str] = {}

    def asks_reporters_at(self, touchpoint: Touchpoint) -> bool:
        """Whether links of reports lead to this touchpoint of its."""
        return self.signalen is not None and touchpoint.slug in self.signalen.touchpoints


class MunicipalityFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file and what it says. Where there are findings, refused values are `""` and `0`."""

    file: TomlFile
    municipality: Municipality
    findings: tuple[Finding, ...]


def allowing(municipality: Municipality, origins: Sequence[str]) -> Municipality:
    """The municipality with `origins` allowed as well, for all its touchpoints."""

    def joined(own: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*own, *origins)))

    replace = msgspec.structs.replace
    return replace(
        municipality,
        allowed_origins=joined(municipality.allowed_origins),
        touchpoints=tuple(
            replace(touchpoint, allowed_origins=joined(touchpoint.allowed_origins))
            for touchpoint in municipality.touchpoints
        ),
    )


def load_municipality(path: Path) -> Municipality:
    """The municipality that the file describes. Raises FilesRejected with every finding.

    Checks that need other files (numbers used twice, questionnaires) are done by the catalogue.
    """
    file = read_municipality(path)
    if file.findings:
        raise FilesRejected(file.findings)
    return file.municipality


def read_municipality(path: Path) -> MunicipalityFile:
    """Read a file, and find all faults in it.

    Raises FilesRejected only where the file cannot be read, or is not TOML.
    """
    file = read_toml(path)
    findings: list[Finding] = []
    table = Table(file, findings, file.data)
    slug = table.text("slug", world_slug_fault)
    if slug and slug != path.stem:
        table.fault(f"`slug` {slug!r} must be the name of the file, {path.stem!r}", "slug")
    code = table.text("code", _code_fault)
    languages = table.texts("languages", language_fault)
    origins = table.texts("allowed_origins", origin_fault, ())
    senders = read_senders(table)
    house = read_house_rules(table.table("invitations"))
    style = _read_style(table.table("style"))
    municipality = Municipality(
        code=code,
        slug=slug,
        name=table.text("name", line_fault),
        region=table.text("region", slug_fault),
        languages=languages,
        base_url=table.text("base_url", origin_fault),
        privacy_url=table.text("privacy_url", address_fault),
        accessibility_url=table.text("accessibility_url", address_fault),
        contact_url=table.text("contact_url", address_fault),
        allowed_origins=origins,
        style=style,
        logo=_read_logo(table, path, style),
        retention=read_retention(table.table("retention")),
        publishing=read_publishing(table.table("publishing")),
        invitations=house,
        senders=senders,
        **_other_systems(table),
        reports=read_monthly_reports(table, senders),
        fictional=table.truth("fictional"),
        touchpoints=_read_touchpoints(
            table, slug=slug, languages=languages, origins=origins, senders=senders, house=house
        ),
        targets=read_targets(table),
        norms=read_norms(table),
        signals=read_signals(table),
        improvements=read_improvements(table),
        departments=read_departments(table),
        wijken=read_wijken(table, code),
    )
    if not municipality.touchpoints:
        table.fault("has no touchpoint; write at least one `[touchpoints.<name>]`", "touchpoints")
    _check_within(table, municipality)
    table.close()
    return MunicipalityFile(file=file, municipality=municipality, findings=tuple(findings))


def _other_systems(table: Table) -> dict[str, Any]:
    """What tells that a contact ended, and where that is looked up or told."""
    return {
        "connectors": read_connectors(table),
        "notifications": read_notifying(table),
        "cases": read_cases(table),
        "contacts": read_contacts(table),
        "signalen": read_signalen(table),
    }


def _read_touchpoints(
    table: Table,
    *,
    slug: str,
    languages: tuple[str, ...],
    origins: tuple[str, ...],
    senders: dict[str, Sender],
    house: HouseRules,
) -> tuple[Touchpoint, ...]:
    return tuple(
        read_touchpoint(
            touchpoint_table,
            municipality=slug,
            slug=name,
            languages=languages,
            origins=origins,
            senders=senders,
            house=house,
        )
        for name, touchpoint_table in table.tables("touchpoints")
    )


def _check_within(table: Table, municipality: Municipality) -> None:
    """Find what does not fit together in one file."""
    name, base_url = municipality.name, municipality.base_url
    touchpoints, departments = municipality.touchpoints, municipality.departments
    for touchpoint in touchpoints:
        for where, message in message_faults(touchpoint, name=name, base_url=base_url):
            table.fault(message, "touchpoints", touchpoint.slug, "invitations", *where)
    for place, message in (
        *department_faults(departments, touchpoints),
        *norm_faults(municipality.norms, touchpoints, departments),
        *improvement_faults(municipality.improvements, departments),
        *signalen_faults(municipality.signalen, touchpoints),
        *signal_faults(municipality.signals, touchpoints, departments),
        *_push_faults(municipality),
        *wijk_faults(municipality.wijken, touchpoints, municipality.code),
    ):
        table.fault(message, *place)


def _push_faults(municipality: Municipality) -> list[Fault]:
    if municipality.signals is None:
        return []
    push = municipality.signals.push
    return pushing_faults(push, municipality.senders, municipality.departments)


def _read_style(table: Table) -> HouseStyle:
    try:
        return house_style(table.values)
    except StyleRefused as refused:
        for fault in refused.faults:
            table.fault(fault.message, *fault.key)
        return HouseStyle()


def _read_logo(table: Table, path: Path, style: HouseStyle) -> Logo | None:
    name = table.text_or_none("logo", file_name_fault)
    if not name:
        return None
    try:
        return load_logo(path.parent / name, style.background)
    except LogoRefused as refused:
        for fault in refused.faults:
            table.fault(fault, "logo")
        return None


def _code_fault(code: str) -> str | None:
    # Statistics Netherlands (CBS) numbers municipalities with four digits; [0-9], not every \d.
    if re.fullmatch(r"GM[0-9]{4}", code):
        return None
    return f"must be a CBS code such as GM0405, not {reprlib.repr(code)}"
