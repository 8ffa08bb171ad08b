"""Webhooks and mails tell what the list of signals shows, and its control sooner."""

import pytest

from tests.attacks.deliveries import all_delivered


# `tests/ingest/followup/pushing` tries every day that nobody is told before a signal is shown.
@pytest.mark.long
def test_deliveries_tell_what_the_list_shows_and_their_control_tells_sooner() -> None:
    usual, control = all_delivered()
    assert usual.failures == control.failures == []
    assert usual.signals > 10
