"""Texts become readable where enough could have written them, and in no month too early."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.reporting.batches import Judged, TextGroup, first_of_month, release

FIRST = date(2026, 10, 26)
NOVEMBER = date(2026, 11, 1)
LOW = TextGroup("GM9001", 1, "a", False, True, "laag", "nl")
HIGH = TextGroup("GM9001", 1, "a", False, False, "hoog", "nl")
ASKED = TextGroup("GM9001", 1, "a", True, True, "laag", "nl")
ENOUGH = {LOW: 10, HIGH: 3, ASKED: 10}

# In which look, on which day its batch closed, and of which group. A kiosk that was away makes
# batches of days that were looked at before.
looks = st.lists(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(sorted(ENOUGH))), max_size=40),
    max_size=6,
)


def a_text(place: int, group: TextGroup, closed_on: date, *, complete: bool = True) -> Judged:
    """A response with a text."""
    return Judged(places=[place], group=group, closed_on=closed_on, counts=complete)


def with_places(judged: list[Judged]) -> list[Judged]:
    """Each a place of its own."""
    return [a_text(number, one.group, one.closed_on) for number, one in enumerate(judged)]


class Reader:
    """Looks one after another; knows what waits, and what came out in which month and when."""

    def __init__(self) -> None:
        self.counted: dict[TextGroup, Mapping[date, int]] = {}
        self.waits: dict[TextGroup, list[Judged]] = {group: [] for group in ENOUGH}
        self.seen: list[tuple[Judged, date]] = []
        self.looks = 0

    def look(self, judged: list[Judged]) -> None:
        released = release(judged, self.counted, ENOUGH)
        self.counted |= released.counted
        for group, month in released.first.items():
            self.seen += [(one, month) for one in self.waits[group]]
            self.waits[group] = []
        for one in judged:
            month_of = released.month_of.get(*one.places)
            if month_of:
                self.seen.append((one, month_of))
            else:
                self.waits[one.group].append(one)


def a_look(number: int, rows: list[tuple[int, TextGroup]]) -> list[Judged]:
    return [
        a_text(1000 * number + index, group, FIRST + timedelta(days=days))
        for index, (days, group) in enumerate(rows)
    ]


def one_day(group: TextGroup, times: int, day: date = NOVEMBER) -> list[Judged]:
    return [a_text(number, group, day) for number in range(times)]


@given(looks)
def test_no_text_appears_in_a_month_before_its_batch_closed(
    of_looks: list[list[tuple[int, TextGroup]]],
) -> None:
    reader = Reader()
    for number, rows in enumerate(of_looks):
        reader.look(a_look(number, rows))
    for one, month in reader.seen:
        assert month >= first_of_month(one.closed_on)


@given(looks)
def test_of_what_appears_together_there_is_enough(
    of_looks: list[list[tuple[int, TextGroup]]],
) -> None:
    """What a reader can tell apart: between two looks, the month and the group."""
    reader = Reader()
    for number, rows in enumerate(of_looks):
        before = len(reader.seen)
        reader.look(a_look(number, rows))
        together = Counter((month, one.group) for one, month in reader.seen[before:])
        for (_, group), times in together.items():
            assert times >= ENOUGH[group]


@given(looks)
def test_fewer_than_enough_wait_and_are_counted(
    of_looks: list[list[tuple[int, TextGroup]]],
) -> None:
    reader = Reader()
    for number, rows in enumerate(of_looks):
        reader.look(a_look(number, rows))
        for group, waits in reader.waits.items():
            assert len(waits) < ENOUGH[group]
            assert len(waits) == sum(reader.counted.get(group, {}).values())


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(sorted(ENOUGH))), max_size=120))
def test_the_same_texts_appear_in_the_same_month_in_one_look_or_in_one_a_day(
    rows: list[tuple[int, TextGroup]],
) -> None:
    judged = a_look(0, rows)
    once, daily = Reader(), Reader()
    once.look(judged)
    for days in range(41):
        daily.look([one for one in judged if one.closed_on == FIRST + timedelta(days=days)])
    by_place = {tuple(one.places): month for one, month in daily.seen}
    assert by_place == {tuple(one.places): month for one, month in once.seen}


def test_nine_wait_and_the_tenth_lets_all_appear() -> None:
    nine = release(one_day(LOW, 9), {}, ENOUGH)
    assert (nine.month_of, nine.first) == ({}, {})
    assert nine.counted == {LOW: {NOVEMBER: 9}}
    tenth = release(one_day(LOW, 1), nine.counted, ENOUGH)
    assert (tenth.month_of, tenth.first) == ({0: NOVEMBER}, {LOW: NOVEMBER})
    assert tenth.counted == {LOW: {}}


def test_who_was_invited_and_another_judgement_are_counted_apart() -> None:
    judged = with_places([*one_day(LOW, 6), *one_day(ASKED, 6)])
    assert release(judged, {}, ENOUGH).month_of == {}


def test_the_first_ones_after_a_release_wait_for_enough_of_their_own() -> None:
    day = timedelta(days=1)
    judged = [*one_day(LOW, 12), a_text(12, LOW, NOVEMBER + day)]
    released = release(judged, {}, ENOUGH)
    assert sorted(released.month_of) == list(range(12))
    assert released.counted[LOW] == {NOVEMBER: 1}


def test_what_a_kiosk_sends_late_completes_what_waits_and_does_not_take_it_back() -> None:
    waits = {LOW: {NOVEMBER: 9}}
    late = release(one_day(LOW, 1, date(2026, 10, 20)), waits, ENOUGH)
    assert (late.month_of, late.first) == ({0: NOVEMBER}, {LOW: NOVEMBER})


def test_what_waited_appears_with_the_first_of_two_releases_in_one_look() -> None:
    december = date(2026, 12, 1)
    judged = with_places([*one_day(LOW, 5), *one_day(LOW, 10, december)])
    released = release(judged, {LOW: {NOVEMBER: 5}}, ENOUGH)
    assert released.first == {LOW: NOVEMBER}
    assert [released.month_of[place] for place in (0, 14)] == [NOVEMBER, december]


def test_what_was_left_halfway_hides_no_text_and_its_own_waits_for_ten_others() -> None:
    halfway = [a_text(number, LOW, NOVEMBER, complete=False) for number in range(20)]
    assert release(halfway, {}, ENOUGH).month_of == {}
    december = date(2026, 12, 1)
    waits = release([a_text(0, LOW, december, complete=False)], {}, ENOUGH)
    assert waits.counted == {LOW: {december: 0}}
    # Ten of an older month complete it, and it appears in no month before its own.
    assert release(one_day(LOW, 10), waits.counted, ENOUGH).first == {LOW: december}


def test_another_language_or_other_questions_are_counted_apart() -> None:
    turkish = LOW._replace(language="tr")
    other = LOW._replace(structure="b")
    judged = with_places([*one_day(LOW, 9), *one_day(turkish, 9), *one_day(other, 9)])
    assert release(judged, {}, dict.fromkeys((LOW, turkish, other), 10)).month_of == {}
