"""Who is invited after a contact, and when: never at night, never twice another verdict."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.rules import (
    Invite,
    NotInvited,
    Reason,
    is_drawn,
    may_send,
    next_moment,
    verdict,
)
from ingest.municipalities.hours import WEEKDAYS
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.senders import Sender
from ingest.municipalities.touchpoints import Touchpoint

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
KEY = b"k" * 32
# A Wednesday, 12:00 in Amsterdam.
NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
SOMEBODY = Recipient(scheme="tel", address="+31612345678")
RULES = InvitationRules(
    sender=Sender(name="proef", kind="file"), text={"nl": "Hoe ging het? {link}"}
)


@pytest.mark.parametrize(
    ("number", "reached"),
    [("+31612345678", True), ("+32470123456", True), ("+48501234567", False)],
)
def test_numbers_of_other_countries_are_sent_nothing_unless_the_file_names_them(
    number: str, reached: bool
) -> None:
    somebody = ended(recipient=Recipient(scheme="tel", address=number))
    decided = verdict(somebody, touchpoint(), NOW, KEY)
    assert isinstance(decided, Invite) == reached
    assert reached or decided == NotInvited(reason="not-reachable")
    named = replace(RULES, sender=Sender(name="proef", kind="file", countries=("NL", "PL")))
    decided = verdict(somebody, touchpoint(named), NOW, KEY)
    assert isinstance(decided, Invite) == (number[:3] in ("+31", "+48"))


def touchpoint(rules: InvitationRules | None = RULES, *, retired: bool = False) -> Touchpoint:
    return Touchpoint(
        municipality="molensloot",
        slug="telefonie",
        number=2,
        channel="telefonie",
        questionnaire="telefonie",
        version=1,
        name={"nl": "Telefoon"},
        product="paspoort",
        retired=retired,
        invitations=rules,
    )


def ended(
    at: datetime = NOW,
    *,
    key: str = "call-1",
    recipient: Recipient | None = SOMEBODY,
    dimensions: dict[str, str] | None = None,
    outcome: str | None = None,
    case_type: str | None = None,
    send_after: datetime | None = None,
) -> ContactEnded:
    return ContactEnded(
        municipality="molensloot",
        touchpoint="telefonie",
        ended_at=at,
        source="voys",
        source_key=key,
        recipient=recipient,
        dimensions=dimensions or {},
        outcome=outcome,
        case_type=case_type,
        send_after=send_after,
    )


def rules(**changed: Any) -> InvitationRules:
    return replace(RULES, **changed)


def reason(contact: ContactEnded, place: Touchpoint | None = None) -> Reason | None:
    told = verdict(contact, place or touchpoint(), NOW, KEY)
    return told.reason if isinstance(told, NotInvited) else None


def test_who_had_a_contact_within_sending_hours_is_invited_at_once() -> None:
    assert verdict(ended(), touchpoint(), NOW, KEY) == Invite(due=NOW)


def test_the_waiting_time_counts_from_the_contact_and_not_from_when_it_is_told() -> None:
    place = touchpoint(rules(wait_minutes=90))
    told = verdict(ended(NOW - timedelta(hours=1)), place, NOW, KEY)
    assert told == Invite(due=NOW + timedelta(minutes=30))
    assert verdict(ended(NOW - timedelta(hours=9)), place, NOW, KEY) == Invite(due=NOW)


def test_a_source_may_ask_to_wait_longer() -> None:
    later = NOW + timedelta(hours=2)
    assert verdict(ended(send_after=later), touchpoint(), NOW, KEY) == Invite(due=later)
    earlier = NOW - timedelta(hours=2)
    assert verdict(ended(send_after=earlier), touchpoint(), NOW, KEY) == Invite(due=NOW)


def test_a_retired_touchpoint_invites_nobody() -> None:
    assert reason(ended(), touchpoint(retired=True)) == "touchpoint-retired"


def test_a_touchpoint_without_rules_invites_nobody() -> None:
    assert reason(ended(), touchpoint(None)) == "not-inviting"


def test_a_contact_that_ended_ten_minutes_ahead_is_a_clock_and_further_is_a_mistake() -> None:
    assert reason(ended(NOW + timedelta(minutes=10))) is None
    ahead = NOW + timedelta(minutes=10, seconds=1)
    assert reason(ended(ahead)) == "ended-in-the-future"


def test_a_contact_that_is_too_old_invites_nobody() -> None:
    place = touchpoint(rules(most_age_hours=24))
    assert reason(ended(NOW - timedelta(hours=24)), place) is None
    assert reason(ended(NOW - timedelta(hours=24, seconds=1)), place) == "too-old"


def test_only_the_products_that_are_named_are_asked_about() -> None:
    place = touchpoint(rules(products=("rijbewijs",)))
    assert reason(ended(dimensions={"product": "rijbewijs"}), place) is None
    assert reason(ended(dimensions={"product": "verhuizing"}), place) == "not-this-product"
    # What the touchpoint always stands for counts where the contact does not say otherwise.
    assert reason(ended(), place) == "not-this-product"
    assert reason(ended(), touchpoint(rules(products=("paspoort",)))) is None


def test_only_the_outcomes_that_are_named_are_asked_about() -> None:
    place = touchpoint(rules(outcomes=("answered",)))
    assert reason(ended(outcome="answered"), place) is None
    assert reason(ended(outcome="missed"), place) == "not-this-outcome"
    assert reason(ended(), place) == "not-this-outcome"


def test_only_the_case_types_that_are_named_are_asked_about() -> None:
    place = touchpoint(rules(case_types=("terras",)))
    assert reason(ended(case_type="terras"), place) is None
    assert reason(ended(case_type="bezwaar"), place) == "not-this-case-type"
    assert reason(ended(), place) == "not-this-case-type"


def test_who_left_no_number_or_address_is_not_invited() -> None:
    assert reason(ended(recipient=None)) == "no-recipient"


@pytest.mark.parametrize(
    ("kind", "words", "reached"),
    [
        ("notify", {"text"}, {"tel"}),
        ("spryng", {"text"}, {"tel"}),
        ("smtp", {"mail"}, {"mailto"}),
        ("smtp", {"text"}, set()),
        ("file", {"text", "mail"}, {"tel", "mailto"}),
        ("file", {"mail"}, {"mailto"}),
        ("none", {"text", "mail"}, set()),
        (None, {"text", "mail"}, set()),
    ],
)
def test_who_is_reached_depends_on_the_sender_and_on_what_there_is_to_say(
    kind: str | None, words: set[str], reached: set[str]
) -> None:
    said = {"nl": "{link}"}
    place = touchpoint(
        InvitationRules(
            sender=Sender(name="x", kind=kind) if kind else None,
            text=said if "text" in words else {},
            mail=said if "mail" in words else {},
        )
    )
    for recipient in (SOMEBODY, Recipient(scheme="mailto", address="jan@example.nl")):
        expected = None if recipient.scheme in reached else "not-reachable"
        assert reason(ended(recipient=recipient), place) == expected


@given(key=st.text(st.characters(exclude_categories=["Cs"])), low=st.integers(1, 100))
def test_who_is_in_at_a_percentage_is_in_at_every_higher_one(key: str, low: int) -> None:
    contact = ended(key=key)
    drawn = [is_drawn(contact, percentage, KEY) for percentage in range(1, 101)]
    assert drawn == sorted(drawn)
    assert drawn[-1]
    assert is_drawn(contact, low, KEY) == drawn[low - 1]


@pytest.mark.parametrize("percentage", [1, 10, 50, 90])
def test_about_as_many_are_drawn_as_the_percentage_says(percentage: int) -> None:
    contacts = 20_000
    drawn = sum(is_drawn(ended(key=f"call-{n}"), percentage, KEY) for n in range(contacts))
    # Five standard deviations: with this key it is always the same number.
    expected, spread = (
        contacts * percentage / 100,
        (contacts * percentage * (100 - percentage)) ** 0.5,
    )
    assert abs(drawn - expected) < 5 * spread / 100


def test_another_key_or_another_source_draws_others() -> None:
    contacts = [ended(key=f"call-{n}") for n in range(200)]
    drawn = [is_drawn(contact, 50, KEY) for contact in contacts]
    assert drawn != [is_drawn(contact, 50, b"another key") for contact in contacts]
    # Where a source ends and its key begins is no matter of joining the two.
    one = [replace(c, source="a", source_key=f"b{c.source_key}") for c in contacts]
    two = [replace(c, source="ab") for c in contacts]
    assert [is_drawn(c, 50, KEY) for c in one] != [is_drawn(c, 50, KEY) for c in two]


def test_who_is_not_drawn_is_told_so_after_every_other_reason() -> None:
    place = touchpoint(rules(percentage=1))
    contact = next(c for n in range(100) if not is_drawn(c := ended(key=f"call-{n}"), 1, KEY))
    assert reason(contact, place) == "sampled-out"
    assert reason(replace(contact, recipient=None), place) == "no-recipient"


def amsterdam(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("earliest", "sent"),
    [
        ("2026-03-04 12:34:56", "2026-03-04 12:34:56"),
        ("2026-03-04 09:00", "2026-03-04 09:00"),
        ("2026-03-04 08:59:59.999999", "2026-03-04 09:00"),
        ("2026-03-04 19:59:59.999999", "2026-03-04 19:59:59.999999"),
        ("2026-03-04 20:00", "2026-03-05 09:00"),
        # Saturday evening: Sunday is none of the days.
        ("2026-03-07 21:00", "2026-03-09 09:00"),
        # Good Friday, a working Saturday, Easter, Easter Monday.
        ("2026-04-02 20:30", "2026-04-04 09:00"),
        ("2026-04-04 20:30", "2026-04-07 09:00"),
        # King's Day, and in 2025 a day earlier, as the 27th was a Sunday.
        ("2026-04-27 10:00", "2026-04-28 09:00"),
        ("2025-04-26 10:00", "2025-04-28 09:00"),
        ("2026-12-24 20:00", "2026-12-28 09:00"),
        # The nights in which the clock changes, at an hour that is not, and one that is twice.
        ("2026-03-29 02:30", "2026-03-30 09:00"),
        ("2026-10-25 02:30", "2026-10-26 09:00"),
    ],
)
def test_what_is_due_outside_the_hours_waits_for_the_next_day_of_sending(
    earliest: str, sent: str
) -> None:
    assert next_moment(RULES, amsterdam(earliest)) == amsterdam(sent)


def test_on_the_days_when_the_clock_changed_hours_are_those_of_the_new_time() -> None:
    sundays = rules(days=("zo",), on_holidays=True)
    # Nine o'clock is 08:00 UTC before the change in spring, and 07:00 UTC on the day itself.
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert next_moment(sundays, night) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
    for doubled in (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ):
        assert next_moment(sundays, doubled) == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


def test_holidays_are_for_who_says_so() -> None:
    christmas = amsterdam("2026-12-25 12:00")
    assert next_moment(rules(on_holidays=True), christmas) == christmas
    good_friday = amsterdam("2026-04-03 12:00")
    assert next_moment(rules(holidays=()), good_friday) == good_friday
    liberation_day = amsterdam("2026-05-05 12:00")
    assert next_moment(RULES, liberation_day) == liberation_day
    observed = rules(holidays=("bevrijdingsdag",))
    assert next_moment(observed, liberation_day) == amsterdam("2026-05-06 09:00")


ANY_RULES = st.builds(
    rules,
    hours=st.tuples(st.integers(8 * 60, 20 * 60 + 58), st.integers(1, 13 * 60)).map(
        lambda drawn: _hours(drawn[0], min(drawn[0] + drawn[1], 21 * 60))
    ),
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple),
    on_holidays=st.booleans(),
    holidays=st.sampled_from([(), ("goede-vrijdag",), ("goede-vrijdag", "bevrijdingsdag")]),
)
DAYS_OF_CHANGE = st.sampled_from(
    [date(2026, 3, 29), date(2026, 10, 25), date(2030, 3, 31), date(2030, 10, 27)]
)
MOMENTS = st.datetimes(
    datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)
) | st.builds(
    lambda day, minutes: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    DAYS_OF_CHANGE,
    st.integers(-24 * 60, 48 * 60),
)


def _hours(first: int, last: int) -> str:
    return f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}"


@given(chosen=ANY_RULES, earliest=MOMENTS)
def test_nothing_is_ever_sent_outside_the_hours_by_the_clock_where_it_arrives(
    chosen: InvitationRules, earliest: datetime
) -> None:
    moment = next_moment(chosen, earliest)
    local = moment.astimezone(AMSTERDAM)
    first, last = chosen.hours.split("-")
    assert moment >= earliest
    assert moment.tzinfo is UTC
    assert first <= f"{local:%H:%M}" < last
    assert 8 <= local.hour < 21
    assert WEEKDAYS[local.weekday()] in chosen.days
    assert may_send(chosen, moment)
    assert next_moment(chosen, moment) == moment


@given(chosen=ANY_RULES, earliest=MOMENTS)
def test_no_sooner_moment_was_passed_over(chosen: InvitationRules, earliest: datetime) -> None:
    moment = next_moment(chosen, earliest)
    waited = moment - earliest
    for part in range(1, 20):
        between = earliest + waited * part / 20
        assert between >= moment or not may_send(chosen, between)
    if waited:
        assert not may_send(chosen, moment - timedelta(microseconds=1))


@given(chosen=ANY_RULES, one=MOMENTS, other=MOMENTS)
def test_what_is_due_later_is_not_sent_sooner(
    chosen: InvitationRules, one: datetime, other: datetime
) -> None:
    first, second = sorted((one, other))
    assert next_moment(chosen, first) <= next_moment(chosen, second)


@given(MOMENTS)
def test_a_moment_in_another_zone_is_the_same_moment(earliest: datetime) -> None:
    assert next_moment(RULES, earliest.astimezone(AMSTERDAM)) == next_moment(RULES, earliest)
