"""What the files say of publishing: how large a batch is, and which details matter most. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

import msgspec

from ingest.clock import AMSTERDAM
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.touchpoints import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampled_items import sampled_codes
from ingest.reporting.batches import ENOUGH, Group
from ingest.reporting.signals import SignalPlan, signal_plan_of
from ingest.themes.finding import Finder, Themes

LOOKED_AT = time(6)
"""The time of day, in Amsterdam, of the daily look for full batches."""

# After this time a response that was left halfway can no longer be completed.
_COMPLETION_IS_OVER = timedelta(minutes=20)

# The demo looks every second; while nothing comes in, it notes its look only this often.
_NOTED_AT_ONCE = timedelta(minutes=1)

_REGION_TOLD_ON = 8

# Over holidays nothing is sent, and a provider tells late.
_AWAY = 10
# Of a touchpoint that our files no longer have: as long as any can be.
_LONGEST_ANSWERING = 365 + 30 + 14 + _AWAY


# The item that asks whether a promise to call back was kept.
_CALLED_BACK = "teruggebeld"


class KnownItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item whose answer is a fact, such as a decision, and what is only asked after it."""

    item: str
    followers: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How the responses of each touchpoint, by its number, are published.

    `hourly` are codes of municipalities. `own` is the product or location of a touchpoint, which
    holds where a link names no other. `known` are items, by the structure of the questionnaire,
    whose answers the municipality may know. `sampled` are the items that only a sample is asked, by
    the structure of the questionnaire: they are counted, and never stand in a row. `structures` are
    those that the files have: what was answered to another waits. `answering`: see
    `days_to_answer`. `signals`: who is told of what. `themes` are those of the files, `slugs` those
    of municipalities by code. `at_once`: publish in batches of one, for the demo.
    """

    dimensions: Mapping[int, tuple[str, ...]]
    sizes: Mapping[int, int]
    answering: Mapping[int, int] = MappingProxyType({})
    hourly: frozenset[str] = frozenset()
    own: Mapping[int, Mapping[str, str]] = MappingProxyType({})
    known: Mapping[str, tuple[KnownItem, ...]] = MappingProxyType({})
    sampled: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    structures: frozenset[str] = frozenset()
    signals: SignalPlan = SignalPlan()
    themes: Themes = msgspec.field(default_factory=Themes)
    slugs: Mapping[str, str] = MappingProxyType({})
    at_once: bool = False

    def group(self, touchpoint: int, *, promised: bool = False) -> Group:
        """How large the batches of a touchpoint are; ten at the least where that was `promised`."""
        if self.at_once:
            return Group(size=1)
        size = self.sizes.get(touchpoint, ENOUGH)
        return Group(size=max(size, ENOUGH) if promised else size)

    @property
    def samples(self) -> tuple[list[str], list[str]]:
        """The structures of `sampled`, and the first item of each: its answer is always stored."""
        return list(self.sampled), [codes[0] for codes in self.sampled.values()]

    def is_small(self, touchpoint: int) -> bool:
        """Whether its batches may be smaller than ten, so that its pages warn residents."""
        return self.sizes.get(touchpoint, ENOUGH) < ENOUGH

    def looked_for(self, municipality: str, version: str) -> Mapping[str, int]:
        """Which themes were looked for by this `version`, each with the version of its file."""
        return self.themes.looked_for(self.slugs.get(municipality, ""), version)

    def added_themes(self, municipality: str, version: str) -> Mapping[str, int]:
        """Those of `looked_for` that the municipality adds itself, as they stand in its file."""
        return self.themes.added(self.slugs.get(municipality, ""), version)

    def finder(self, municipality: str) -> Finder:
        """Who finds themes for the municipality with this code."""
        return self.themes.finder(self.slugs.get(municipality, ""))

    def theme_versions(self, municipalities: Iterable[str]) -> dict[str, str]:
        """By which version themes are found now, by code, where there are any to look for."""
        versions = {code: self.finder(code).version for code in municipalities}
        return {code: version for code, version in sorted(versions.items()) if version}

    def days_to_answer(self, touchpoint: int) -> int:
        """How many days after a contact became known its link has expired for certain."""
        return self.answering.get(touchpoint, _LONGEST_ANSWERING)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What may be published at one look at one municipality.

    All days before `days_before`. Of later days only complete responses that were not invited, and
    only if `open_today`. Responses to invitations only if `invited`. Responses that were left
    halfway only of days before `halfway_before`. Those of a sample only of days before
    `sampled_before`: of months that are over. `noted`: readers see the time of this look, even
    where nothing was published.
    """

    invited: bool
    days_before: date
    open_today: bool
    halfway_before: date
    sampled_before: date
    noted: bool = True


def plan_of(catalogue: Catalogue, *, at_once: bool = False) -> Plan:
    """What the files of all municipalities say."""
    touchpoints = catalogue.touchpoints.values()
    known = _known(catalogue)
    return Plan(
        signals=signal_plan_of(catalogue, {each: _facts(items) for each, items in known.items()}),
        themes=catalogue.themes,
        slugs={each.code: each.slug for each in catalogue.municipalities.values()},
        structures=frozenset(asked.structure for _, asked in _asked(catalogue)),
        known=known,
        sampled=_sampled(catalogue),
        dimensions={each.number: tuple(each.dimensions) for each in touchpoints},
        sizes={each.number: each.batch for each in touchpoints},
        hourly=frozenset(
            each.code
            for each in catalogue.municipalities.values()
            if each.publishing.open == "hourly"
        ),
        own={each.number: _own(each) for each in touchpoints},
        answering={each.number: _days_to_answer(each) for each in touchpoints},
        at_once=at_once,
    )


def _days_to_answer(touchpoint: Touchpoint) -> int:
    """The life of a link, after the longest time until its message is sent for the last time."""
    rules = touchpoint.invitations or InvitationRules()
    waits = timedelta(minutes=rules.wait_minutes, hours=rules.most_age_hours)
    return touchpoint.link_lifetime_days + waits.days + 1 + _AWAY


def _own(touchpoint: Touchpoint) -> dict[str, str]:
    stands_for = {"product": touchpoint.product, "location": touchpoint.location}
    return {name: own for name, own in stands_for.items() if own and name in touchpoint.dimensions}


def _asked(catalogue: Catalogue) -> Iterator[tuple[Touchpoint, Questionnaire]]:
    """Every version of the questionnaire of every touchpoint."""
    for touchpoint in catalogue.touchpoints.values():
        for code, version in catalogue.questionnaires:
            if code == touchpoint.questionnaire:
                yield touchpoint, catalogue.questionnaire(touchpoint, version)


def _known(catalogue: Catalogue) -> dict[str, tuple[KnownItem, ...]]:
    """Items whose answers may be known: all with options, and those that a touchpoint lists.

    Where Open Klant tells us who was called back, whoever reads it knows that of each. Not what a
    sample is asked: that is in no row, so it finds none.
    """
    by_structure: dict[str, dict[str, KnownItem]] = {}
    for touchpoint, questionnaire in _asked(catalogue):
        by_structure.setdefault(questionnaire.structure, {}).update(
            _known_items(
                questionnaire, {*touchpoint.known, *_told_elsewhere(catalogue, touchpoint)}
            )
        )
    return {structure: tuple(items.values()) for structure, items in by_structure.items() if items}


def _facts(known: Iterable[KnownItem]) -> frozenset[str]:
    return frozenset(item for each in known for item in (each.item, *each.followers))


def _sampled(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {
        questionnaire.structure: sampled_codes(questionnaire.items)
        for _, questionnaire in _asked(catalogue)
        if questionnaire.asked_of is not None
    }


def _told_elsewhere(catalogue: Catalogue, touchpoint: Touchpoint) -> tuple[str, ...]:
    contacts = catalogue.municipalities[touchpoint.municipality].contacts
    promises = contacts.callbacks if contacts else None
    return (_CALLED_BACK,) if promises and promises.queue.touchpoint == touchpoint.slug else ()


def _known_items(questionnaire: Questionnaire, known: Set[str]) -> Iterator[tuple[str, KnownItem]]:
    sampled = sampled_codes(questionnaire.items)
    for item in questionnaire.items:
        if item.code in sampled:
            continue
        if item.declared.has_options or item.code in known:
            followers = [
                other.code
                for other in questionnaire.items
                if other.ask_if and other.ask_if.item == item.code
            ]
            yield item.code, KnownItem(item=item.code, followers=tuple(followers))


def look_due(
    plan: Plan, municipality: str, looked_at: datetime | None, now: datetime
) -> Look | None:
    """What may be published now; None when no look is due. `looked_at`: the last look."""
    local = now.astimezone(AMSTERDAM)
    halfway_before = (local - _COMPLETION_IS_OVER).date()
    tomorrow = local.date() + timedelta(days=1)
    if plan.at_once:
        return Look(
            invited=True,
            days_before=tomorrow,
            open_today=True,
            halfway_before=halfway_before,
            sampled_before=tomorrow,
            noted=looked_at is None or now - looked_at >= _NOTED_AT_ONCE,
        )
    daily = datetime.combine(local.date(), LOOKED_AT, AMSTERDAM)
    if local < daily:
        daily = datetime.combine(local.date() - timedelta(days=1), LOOKED_AT, AMSTERDAM)
    hourly = municipality in plan.hourly
    is_daily_look = looked_at is None or looked_at < daily
    this_hour = local.replace(minute=0, second=0, microsecond=0)
    if not is_daily_look and not (hourly and looked_at is not None and looked_at < this_hour):
        return None
    return Look(
        invited=is_daily_look,
        days_before=local.date(),
        open_today=hourly,
        halfway_before=halfway_before,
        sampled_before=local.date().replace(day=1),
    )


def last_month_told(today: date, *, at_once: bool = False) -> date:
    """The first day of the last month that the region may know on this day, in Amsterdam."""
    first = today.replace(day=1)
    over = (first - timedelta(days=1)).replace(day=1)
    if at_once or today.day >= _REGION_TOLD_ON:
        return over
    return (over - timedelta(days=1)).replace(day=1)
