"""A little of `make faults ARGS=signals`: killed at any moment, nobody stays untold of a signal."""

import pytest

from tests.system.signals_drill import LANES, drilled, faults_of


# `make faults ARGS=short` does the same, and it takes long on a busy machine.
@pytest.mark.long
@pytest.mark.parametrize("lane", LANES)
def test_whoever_is_killed_leaves_no_signal_untold(lane: str) -> None:
    found = drilled(lane, rounds=2, signals=20)
    assert found.kills
    assert faults_of(lane, found, steps=()) == []
