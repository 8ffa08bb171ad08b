"""A task that fails is tried ever more seldom, and told of once a reason and once an hour."""

from ingest.tasks.failing import PAUSES_SECONDS, Failing, Told


def test_the_pauses_grow_to_a_quarter_of_an_hour() -> None:
    failing = Failing()
    assert [failing.failed() for _ in range(6)] == [10, 60, 300, 900, 900, 900]


def test_a_task_that_was_done_begins_at_the_first_pause_again() -> None:
    failing = Failing()
    assert not failing.over()
    failing.failed()
    failing.failed()
    assert failing.over()
    assert failing.failed() == PAUSES_SECONDS[0]


def test_each_reason_is_told_once_and_again_after_an_hour() -> None:
    seconds = 0.0
    told = Told(clock=lambda: seconds)
    assert [told.is_news("ClockDoubted"), told.is_news("ClockDoubted")] == [True, False]
    assert told.is_news("DiskFullError")
    seconds = 3599.0
    assert not told.is_news("ClockDoubted")
    seconds = 3600.0
    assert [told.is_news("ClockDoubted"), told.is_news("ClockDoubted")] == [True, False]


def test_what_comes_back_after_it_was_over_is_told_at_once() -> None:
    failing = Failing()
    assert failing.told.is_news("ClockDoubted")
    failing.failed()
    failing.over()
    assert failing.told.is_news("ClockDoubted")


def test_a_day_of_failures_is_a_hundred_tries_and_a_line_an_hour() -> None:
    """It was a try every ten seconds, and two lines each: 26,000 a day."""
    seconds, lines = 0.0, 0
    failing = Failing(told=Told(clock=lambda: seconds))
    while seconds < 86_400:
        lines += failing.told.is_news("ClockDoubted")
        seconds += failing.failed()
    assert lines == 24
    assert failing.times < 101
