"""A little of `make faults ARGS=invitations`: killed at any moment, nobody gets two messages."""

import pytest

from tests.system.invitation_drill import LANES, drilled, faults_of


# `make faults ARGS=short` does the same, and it takes long on a busy machine.
@pytest.mark.long
@pytest.mark.parametrize("lane", LANES)
def test_whoever_is_killed_sends_nobody_two_messages(lane: str) -> None:
    found = drilled(lane, rounds=2, occasions=100)
    assert found.kills
    assert faults_of(lane, found) == []
