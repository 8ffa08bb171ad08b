"""A touchpoint: one place where one questionnaire is asked; read from its municipality's file."""

import re
import reprlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, language_fault, line_fault, slug_fault
from ingest.files.web_addresses import origin_fault
from ingest.municipalities.hours import WEEKDAYS, hours_fault
from ingest.municipalities.inviting import HouseRules, InvitationRules, read_invitation_rules
from ingest.municipalities.senders import Sender, country_fault
from ingest.questionnaires.items import Text

CHANNEL_NAMES = MappingProxyType(
    {
        "balie": "Balie",
        "telefonie": "Telefonie",
        "online": "Online aanvragen",
        "melding": "Meldingen openbare ruimte",
        "chat": "Chat",
        "terugbelverzoek": "Terugbelverzoek",
        "vergunning": "Vergunningen",
        "huwelijk": "Huwelijk",
        "sociaal-domein": "Sociaal domein",
    }
)
"""Every channel with its Dutch name, in the order in which reports show them."""

CHANNELS = tuple(CHANNEL_NAMES)

HIGHEST_NUMBER = 131_071
"""A token has 17 bits for the touchpoint's number."""

_USUAL = HouseRules()

SMALLEST_BATCH, BATCH, LARGEST_BATCH = 3, 10, 50
"""How many responses are published together: the smallest setting, the default, the largest.

Among ten nobody is recognised. A touchpoint with a smaller batch tells residents so.
"""

_MOST_DIMENSIONS = 4
_OWN_PLACE = ("product", "location")
# Parameters of the same query that have another meaning there.
_TAKEN_NAMES = ("cijfer", "lang", "via")


class Kiosk(msgspec.Struct, frozen=True, kw_only=True):
    """How a kiosk asks.

    `interval_seconds` is the least time between two responses that are thanked for, `reset_seconds`
    how long the first question may stand untouched before the kiosk counts down and starts anew.
    `text`: open questions are asked too, by a keyboard on the screen.
    """

    interval_seconds: int = 5
    reset_seconds: int = 20
    text: bool = False


HOME = "NL"
"""Whose numbers can always be called, where residents may ask for it."""


class CallingBack(msgspec.Struct, frozen=True, kw_only=True):
    """That residents may ask to be called, and within how many working days somebody does.

    `countries` (two letters) are those whose numbers are called, that of the Netherlands among
    them: anybody can fill in a number, and elsewhere a call can cost some euros a minute.
    """

    working_days: int
    countries: tuple[str, ...] = (HOME,)


class Touchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One place where one questionnaire is asked.

    `product` and `location` hold for each response unless a link names others. `dimensions` is the
    allow-list of what a link may add: name -> values. They keep the order of the file, the most
    important first: where too few residents share the details, the last one is dropped first.
    Languages and allowed origins are the municipality's where the touchpoint names none. Hours are
    local: "09:00-17:00". `batch` is how many responses are published together at least. `known` are
    items whose answer the municipality may know anyway, such as whether it called back. `intro` is
    what the questions are about, above them on the page ("Uw aanvraag is afgehandeld."), in place
    of the questionnaire's own. Without `invitations` no contact that ended invites anybody, and
    without `callback` nobody who is thanked can ask to be called.
    """

    municipality: str
    slug: str
    number: int
    channel: str
    questionnaire: str
    version: int
    name: Text
    intro: Text = {}
    location: str | None = None
    product: str | None = None
    dimensions: dict[str, tuple[str, ...]] = {}
    languages: tuple[str, ...] = ("nl",)
    allowed_origins: tuple[str, ...] = ()
    opening_hours: dict[str, str] = {}
    link_lifetime_days: int = 14
    batch: int = BATCH
    known: tuple[str, ...] = ()
    retired: bool = False
    kiosk: Kiosk = Kiosk()
    invitations: InvitationRules | None = None
    callback: CallingBack | None = None

    @property
    def path(self) -> str:
        """How others name it: "molensloot/balie-hal"."""
        return f"{self.municipality}/{self.slug}"

    @property
    def small_group(self) -> bool:
        """Whether a batch is so small that somebody may be recognised; pages tell residents so."""
        return self.batch < BATCH


def read_touchpoint(
    table: Table,
    *,
    municipality: str,
    slug: str,
    languages: tuple[str, ...],
    origins: tuple[str, ...],
    senders: Mapping[str, Sender] = MappingProxyType({}),
    house: HouseRules = _USUAL,
) -> Touchpoint:
    """Read one `[touchpoints.<slug>]`; what is handed over is the municipality's own."""
    if fault := slug_fault(slug):
        table.fault(f"the name of a touchpoint {fault}")
    dimensions = _read_dimensions(table.table("dimensions"))
    touchpoint = Touchpoint(
        municipality=municipality,
        slug=slug,
        number=table.number("number", 1, HIGHEST_NUMBER),
        channel=table.text("channel", channel_fault),
        questionnaire=table.text("questionnaire", slug_fault),
        version=table.number("version", 1, 32_767),
        name=table.wording("name"),
        intro=table.wording("intro") if table.holds("intro") else {},
        location=table.text_or_none("location", slug_fault),
        product=table.text_or_none("product", slug_fault),
        dimensions=dimensions,
        languages=table.texts("languages", language_fault, languages),
        allowed_origins=table.texts("allowed_origins", origin_fault, origins),
        opening_hours=_read_opening_hours(table.table("opening_hours")),
        link_lifetime_days=table.number("link_lifetime_days", 1, 365, 14),
        batch=table.number("batch", SMALLEST_BATCH, LARGEST_BATCH, BATCH),
        known=table.texts("known", _item_fault, ()),
        retired=table.truth("retired"),
        **_read_offered(table),
    )
    for key, own in (("location", touchpoint.location), ("product", touchpoint.product)):
        if own and own not in dimensions.get(key, (own,)):
            table.fault(f"`{key}` {own!r} is not among `dimensions.{key}`", key)
    if table.holds("invitations"):
        rules = read_invitation_rules(
            table.table("invitations"),
            senders=senders,
            house=house,
            language=next(iter(languages), ""),
            languages=touchpoint.languages,
            products=dimensions.get("product", (touchpoint.product,) if touchpoint.product else ()),
        )
        touchpoint = msgspec.structs.replace(touchpoint, invitations=rules)
    table.close()
    return touchpoint


def _item_fault(code: str) -> str | None:
    if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", code):
        return None
    return f"must be the code of an item, not {reprlib.repr(code)}"


def _read_dimensions(table: Table) -> dict[str, tuple[str, ...]]:
    others = [name for name in table.values if name not in _OWN_PLACE]
    if len(others) > _MOST_DIMENSIONS:
        # With more dimensions it is easier to recognise a resident.
        table.fault(
            f"at most {_MOST_DIMENSIONS} dimensions besides product and location, not {len(others)}"
        )
    for name in table.values:
        if name in _TAKEN_NAMES:
            table.fault(f"a dimension cannot be called `{name}`; links use that already", name)
        elif not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            expected = "lower-case letters, digits and underscores, at most 40 characters"
            table.fault(f"a dimension's name must be {expected}, not {reprlib.repr(name)}", name)
    # Neighbourhoods have codes of Statistics Netherlands; `departments.wijk_faults` checks them.
    return {
        name: table.texts(name, line_fault if name == "wijk" else slug_fault)
        for name in table.values
    }


def _read_opening_hours(table: Table) -> dict[str, str]:
    hours = {day: table.text(day, hours_fault) for day in WEEKDAYS if table.holds(day)}
    table.close()
    return hours


def _read_offered(table: Table) -> dict[str, Any]:
    """How a kiosk asks, and whether who is thanked may ask to be called."""
    called = table.holds("callback")
    return {
        "kiosk": _read_kiosk(table.table("kiosk")),
        "callback": _read_callback(table.table("callback")) if called else None,
    }


def _read_kiosk(table: Table) -> Kiosk:
    kiosk = Kiosk(
        interval_seconds=table.number("interval_seconds", 1, 300, Kiosk().interval_seconds),
        reset_seconds=table.number("reset_seconds", 10, 300, Kiosk().reset_seconds),
        text=table.truth("text"),
    )
    table.close()
    return kiosk


def _read_callback(table: Table) -> CallingBack:
    # A number is kept for fourteen days; five working days fit in them, also around Christmas. Of
    # "2 working days" every language has one form for two and more.
    callback = CallingBack(
        working_days=table.number("working_days", 2, 5),
        countries=tuple(dict.fromkeys((HOME, *table.texts("countries", country_fault, ())))),
    )
    table.close()
    return callback


def channel_fault(channel: str) -> str | None:
    """Refuse an unknown channel."""
    if channel in CHANNELS:
        return None
    suggestion = did_you_mean(channel, CHANNELS)
    return f"must be one of {', '.join(CHANNELS)}, not {reprlib.repr(channel)}{suggestion}"
