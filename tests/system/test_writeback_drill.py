"""A little of `make faults ARGS=writeback`: killed at any moment, no answer is lost or doubled."""

import pytest

from tests.system.writeback_drill import LANES, drilled, faults_of


# `make faults ARGS=short` does the same, and it takes long on a busy machine.
@pytest.mark.long
@pytest.mark.parametrize("lane", LANES)
def test_whoever_is_killed_loses_no_form_and_tells_each_report_once(lane: str) -> None:
    found = drilled(lane, rounds=2, forms=30)
    assert found.kills
    assert faults_of(lane, found, steps=()) == []
