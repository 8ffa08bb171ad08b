"""Limits on tokens that are free for the asking: generous, by name, and without a trace."""

import time

import pytest

from ingest.asgi.rate_limits import BY_ADDRESS, BY_TOUCHPOINT, TokenLimits, TooManyRequests

DAY = 86_400.0
COUNTER, WEBSITE = 11, 12
TOWN_HALL, ELSEWHERE = "192.0.2.7", "198.51.100.23"


class Clock:
    """Seconds since some moment, as the monotonic clock tells them; they pass when we say so."""

    def __init__(self) -> None:
        self.seconds = 50_000.0

    def __call__(self) -> float:
        return self.seconds


def small(clock: Clock | None = None) -> TokenLimits:
    """Three a minute for an address, five a minute for a touchpoint."""
    return TokenLimits(address_per_minute=3, touchpoint_per_minute=5, clock=clock or Clock())


def taken(
    limits: TokenLimits, times: int, address: str = TOWN_HALL, touchpoint: int = COUNTER
) -> int:
    """How many of so many are allowed at one moment."""
    allowed = 0
    for _ in range(times):
        try:
            limits.take(touchpoint, address)
        except TooManyRequests:
            continue
        allowed += 1
    return allowed


def test_a_town_hall_behind_one_address_is_not_refused() -> None:
    assert taken(TokenLimits(clock=Clock()), 600) == 600


def test_one_more_than_an_address_may_is_refused_by_the_limit_s_name() -> None:
    limits = small()
    assert taken(limits, 3) == 3
    with pytest.raises(TooManyRequests) as refusal:
        limits.take(WEBSITE, TOWN_HALL)
    assert refusal.value.limit == BY_ADDRESS
    assert refusal.value.retry_after_seconds == 20


def test_another_address_is_not_held_to_account() -> None:
    limits = small()
    taken(limits, 3)
    limits.take(COUNTER, ELSEWHERE)


def test_a_touchpoint_has_a_limit_over_all_addresses() -> None:
    limits = small()
    for number in range(5):
        limits.take(COUNTER, f"192.0.2.{number}")
    with pytest.raises(TooManyRequests) as refusal:
        limits.take(COUNTER, ELSEWHERE)
    assert refusal.value.limit == BY_TOUCHPOINT
    assert refusal.value.retry_after_seconds == 12
    limits.take(WEBSITE, ELSEWHERE)


def test_the_first_few_of_an_address_are_never_refused_because_of_others() -> None:
    clock = Clock()
    limits = TokenLimits(
        address_per_minute=30,
        touchpoint_per_minute=50,
        first_per_minute=5,
        most_keys=100,
        clock=clock,
    )
    for seconds in range(120):
        clock.seconds += 1.0
        for number in range(45):
            taken(limits, 3, f"198.51.100.{number}")
        # Whoever comes now, and one who sent five before it was full, have had none too many.
        assert taken(limits, 6, f"192.0.2.{seconds}") == 5
    clock.seconds += 12.0
    taken(limits, 100, "198.51.100.1")
    assert taken(limits, 5, "192.0.2.119") == 1
    # What they took is in nobody's way later, and no more addresses are remembered than may be.
    assert limits._firsts is not None
    assert len(limits._firsts._rested_at) <= 100
    clock.seconds += 60.0
    assert taken(limits, 30, ELSEWHERE) == 30


def crowded(clock: Clock, **changes: int) -> TokenLimits:
    """Fifty a minute for a touchpoint, which others have taken; five more of each address."""
    allowed = {"address_per_minute": 30, "touchpoint_per_minute": 50, "first_per_minute": 5}
    limits = TokenLimits(**allowed | changes, clock=clock)
    assert sum(taken(limits, 5, f"198.51.100.{number}") for number in range(10)) == 50
    return limits


def test_who_asks_beyond_the_limit_of_a_touchpoint_is_told_apart() -> None:
    limits = crowded(Clock())
    assert limits.take(COUNTER, ELSEWHERE)
    assert not limits.take(WEBSITE, ELSEWHERE)


def test_the_first_few_of_many_addresses_have_an_end_and_come_back_in_time() -> None:
    limits = crowded(clock := Clock(), firsts_per_minute=100)
    many = [f"192.0.2.{number}" for number in range(60)]
    assert sum(taken(limits, 5, each) for each in many) == 100
    with pytest.raises(TooManyRequests) as refusal:
        limits.take(COUNTER, "203.0.113.9")
    assert refusal.value.limit == BY_TOUCHPOINT
    # It is of this touchpoint alone, and another has all of its own.
    assert taken(limits, 1, "203.0.113.9", WEBSITE) == 1
    clock.seconds += 60.0
    assert sum(taken(limits, 5, each) for each in many) == 150


def test_the_networks_of_one_site_have_no_more_firsts_than_an_address_may_ask() -> None:
    limits = crowded(Clock())
    networks = [f"2001:db8:1:{number:x}::1" for number in range(100)]
    assert sum(taken(limits, 5, each) for each in networks) == 30
    # The next site is another one, and while there is room nobody asks for the site.
    assert taken(limits, 5, "2001:db8:2::1") == 5
    assert sum(taken(limits, 5, each, WEBSITE) for each in networks) == 50


def test_what_a_touchpoint_refuses_is_not_counted_against_the_address() -> None:
    limits = small()
    for number in range(5):
        limits.take(COUNTER, f"192.0.2.{number}")
    assert taken(limits, 10, ELSEWHERE) == 0
    assert taken(limits, 3, ELSEWHERE, WEBSITE) == 3


def test_after_the_time_that_was_told_one_is_allowed_and_no_more() -> None:
    limits = small(clock := Clock())
    taken(limits, 3)
    with pytest.raises(TooManyRequests) as refusal:
        limits.take(COUNTER, TOWN_HALL)
    clock.seconds += refusal.value.retry_after_seconds
    assert taken(limits, 2) == 1


def test_asking_on_while_refused_makes_nobody_wait_longer() -> None:
    limits = small(clock := Clock())
    assert taken(limits, 1_000) == 3
    clock.seconds += 20
    limits.take(COUNTER, TOWN_HALL)


def test_after_a_quiet_minute_everything_is_allowed_again_and_nothing_is_saved_up() -> None:
    limits = small(clock := Clock())
    taken(limits, 3)
    clock.seconds += 3600
    assert taken(limits, 10) == 3


def test_the_wait_is_whole_seconds_and_at_least_one() -> None:
    limits = TokenLimits(address_per_minute=600, clock=Clock())
    for _ in range(600):
        limits.take(COUNTER, TOWN_HALL)
    with pytest.raises(TooManyRequests) as refusal:
        limits.take(COUNTER, TOWN_HALL)
    assert refusal.value.retry_after_seconds == 1


def test_the_wall_clock_is_not_asked() -> None:
    """Set back two hours, it answered every open link with 429 until it had caught up."""
    assert TokenLimits()._clock is time.monotonic


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002:0:0:0:9"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("nonsense", "other nonsense"),
    ],
)
def test_these_are_one_visitor(first: str, second: str) -> None:
    limits = small()
    assert taken(limits, 3, first) == 3
    assert taken(limits, 1, second, WEBSITE) == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("192.0.2.7", "192.0.2.8"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8"),
    ],
)
def test_these_are_two_visitors(first: str, second: str) -> None:
    limits = small()
    assert taken(limits, 3, first) == 3
    assert taken(limits, 1, second, WEBSITE) == 1


def test_a_connection_without_an_address_meets_the_touchpoint_s_limit_alone() -> None:
    assert taken(small(), 10, "") == 5


def test_at_most_so_many_addresses_are_remembered_and_the_longest_silent_goes_first() -> None:
    limits = TokenLimits(
        address_per_minute=1, touchpoint_per_minute=10_000, most_keys=10, clock=Clock()
    )
    for number in range(10):
        limits.take(COUNTER, f"192.0.2.{number}")
    assert taken(limits, 1, "192.0.2.0") == 0
    limits.take(COUNTER, ELSEWHERE)
    # The eleventh took the place of the first; all others are still known.
    assert [taken(limits, 1, f"192.0.2.{number}") for number in range(9, 0, -1)] == [0] * 9
    assert taken(limits, 1, "192.0.2.0") == 1


def test_the_next_day_counts_anew_under_another_salt() -> None:
    limits = small(clock := Clock())
    assert taken(limits, 4) == 3
    before = limits._salt
    clock.seconds += DAY
    limits.take(COUNTER, TOWN_HALL)
    assert limits._salt not in (before, b"")
    assert len(limits._addresses._rested_at) == 1


def test_two_processes_salt_differently() -> None:
    one, other = small(), small()
    for limits in (one, other):
        limits.take(COUNTER, TOWN_HALL)
    assert set(one._addresses._rested_at).isdisjoint(other._addresses._rested_at)


def test_of_an_address_only_a_code_is_kept() -> None:
    limits = small()
    taken(limits, 4)
    (code,) = limits._addresses._rested_at
    assert len(code) == 16
    kept = repr((vars(limits), vars(limits._addresses), vars(limits._touchpoints)))
    assert TOWN_HALL not in kept
    assert repr(bytes((192, 0, 2, 7)))[2:-1] not in kept
