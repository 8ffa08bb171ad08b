"""How many rounds a drill has: as many as asked for, and of a control until its fault shows."""

from collections.abc import Callable, Iterator

_CONTROL_AT_MOST = 12


def turns(lane: str, rounds: int, fault: Callable[[], int]) -> Iterator[int]:
    """Numbers of rounds, from 0.

    Kills come by chance, and may spare a control in a few rounds: it goes on, twelve at most,
    until `fault()` counts something.
    """
    yield from range(rounds)
    if lane == "control":
        for turn in range(rounds, _CONTROL_AT_MOST):
            if fault():
                return
            yield turn
