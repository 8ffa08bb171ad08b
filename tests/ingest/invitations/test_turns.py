"""No sender keeps others from their turn, and one that takes no calls is left alone for a while."""

from collections import Counter

import pytest

from ingest.invitations.turns import TROUBLE, Turns, Way
from ingest.senders.sender import (
    REASONS,
    Accepted,
    Outcome,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)

A, B, C, D = (("GM9001", name) for name in ("a", "b", "c", "d"))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> Turns:
    return Turns(at_once=8, each=4, clock=clock)


def begin(turns: Turns, dealt: dict[Way, int]) -> None:
    turns.took(dealt, dealt)
    for way, many in dealt.items():
        for _ in range(many):
            turns.begin(way)


def test_one_sender_has_its_share_and_no_more(turns: Turns) -> None:
    begin(turns, turns.deal({A: 4}))
    assert turns.deal({A: 4}) == {}
    assert not turns.worth_a_look()
    turns.end(A)
    assert not turns.worth_a_look(), "many are picked at once"
    turns.end(A)
    assert turns.worth_a_look()
    assert turns.deal({A: 4}) == {A: 2}


def test_who_has_least_on_its_way_goes_first_and_all_get_as_much(turns: Turns) -> None:
    begin(turns, turns.deal({A: 4}))
    assert turns.deal({A: 4, B: 4, C: 4}) == {B: 2, C: 2}


def test_with_everything_taken_each_other_sender_has_room_for_one(turns: Turns) -> None:
    begin(turns, turns.deal({A: 4, B: 4}))
    dealt = turns.deal({A: 4, B: 4, C: 4, D: 4})
    assert dealt == {C: 1, D: 1}
    begin(turns, dealt)
    assert turns.deal({A: 4, B: 4, C: 4, D: 4}) == {}
    turns.end(C)
    assert turns.worth_a_look()
    assert turns.deal({A: 4, C: 4}) == {C: 1}


def test_of_a_handful_everybody_has_a_part_in_turn(turns: Turns) -> None:
    due = {A: 4, B: 4, C: 4, D: 4}
    dealt: Counter[Way] = Counter()
    for _ in range(8):
        few = turns.deal(due, 3)
        assert sum(few.values()) == 3
        dealt.update(few)
        assert turns.worth_a_look(), "more is due"
    assert set(dealt.values()) == {6}
    # Nothing more than a handful, whoever has nothing on its way.
    assert turns.deal(due, 0) == {}


def test_where_all_was_dealt_or_others_had_the_rest_nothing_more_is_looked_for(
    turns: Turns,
) -> None:
    turns.deal({A: 3})
    assert not turns.worth_a_look()
    dealt = turns.deal({A: 4})
    assert turns.worth_a_look()
    turns.took(dealt, {A: 3})
    assert not turns.worth_a_look()


@pytest.mark.parametrize(
    "outcome",
    [RefusedForNow("unreachable"), Unknown("no-answer"), Unknown("provider-failed")],
)
def test_a_sender_that_takes_no_calls_is_left_alone_ever_longer_and_tried_with_one(
    turns: Turns, clock: Clock, outcome: Outcome
) -> None:
    # Of those that were on their way together, the tenth makes a pause and the rest add nothing.
    assert [turns.hear(A, outcome) for _ in range(12)] == [*[None] * 9, 60.0, None, None]
    for pause in (60.0, 300.0, 900.0, 900.0):
        clock.now += pause - 1
        assert turns.deal({A: 4, B: 4}) == {B: 4}
        clock.now += 1
        dealt = turns.deal({A: 4})
        assert dealt == {A: 1}
        begin(turns, dealt)
        assert turns.deal({A: 4}) == {}
        turns.hear(A, outcome)
        turns.end(A)
    turns.hear(A, Accepted())
    assert turns.deal({A: 4}) == {A: 4}


def test_what_was_tried_and_not_called_leaves_the_trial_open(turns: Turns, clock: Clock) -> None:
    """It was too late for that message, or its row could not be used."""
    for _ in range(10):
        turns.hear(A, Unknown("no-answer"))
    clock.now += 60
    assert turns.deal({A: 4}) == {A: 1}
    assert turns.worth_a_look()
    assert turns.deal({A: 4}) == {A: 1}


@pytest.mark.parametrize(
    "outcome",
    [Accepted(), RefusedForGood("text-refused"), RefusedForNow("provider-busy"), None],
)
def test_a_sender_that_answers_is_in_no_trouble(turns: Turns, outcome: Outcome | None) -> None:
    for _ in range(10):
        turns.hear(A, Unknown("no-answer"))
        turns.hear(A, RefusedForNow("unreachable"))
        turns.hear(A, outcome)
    assert turns.deal({A: 4}) == {A: 4}


def test_trouble_is_told_by_reasons_that_there_are() -> None:
    assert REASONS.keys() >= TROUBLE
