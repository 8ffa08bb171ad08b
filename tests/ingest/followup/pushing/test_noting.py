"""A webhook that takes nothing leaves one line in the log when that begins, and one at its end."""

import logging
from datetime import UTC, datetime
from uuid import UUID

import pytest

from ingest.followup.pushing.noting import Noting
from ingest.followup.pushing.statements import MAIL, WEBHOOK, Result, Taken, Way
from tests.log_lines import lines_of

SLUGS = {"GM9001": "molensloot", "GM9004": "duinrade"}


def told(
    outcome: str | None,
    reason: str | None = None,
    *,
    before: str | None = None,
    way: Way = WEBHOOK,
    code: str = "GM9001",
) -> tuple[Taken, Result]:
    """What came of a delivery that waited because of `before`."""
    id = UUID(int=1)
    row = Taken(
        municipality=code,
        id=id,
        way=way,
        department=None,
        counts=[],
        made=datetime.now(UTC),
        attempts=1,
        over=False,
        reason=before,
    )
    return row, Result(municipality=code, id=id, outcome=outcome, reason=reason)


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str | None]]:
    lines = lines_of(caplog)
    caplog.clear()
    return [(line["event"], line["municipality"], line.get("reason")) for line in lines]


def test_one_line_when_it_is_away_and_one_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    noting = Noting(SLUGS)
    noting.note([told("done")])
    noting.note([told("done", way=MAIL), told(None, "failing", way=MAIL)])
    noting.note([])
    assert said(caplog) == []
    for _ in range(3):
        noting.note([told(None, "failing"), told(None, "no-answer")])
        noting.note([told("away", "failing")])
    assert said(caplog) == [("webhook_away", "molensloot", "failing")]
    noting.note([told(None, "failing", code="GM9004")])
    assert said(caplog) == [("webhook_away", "duinrade", "failing")]
    # One that it took tells more than one that it did not.
    noting.note([told(None, "failing"), told("done")])
    noting.note([told("done")])
    assert said(caplog) == [("webhook_back", "molensloot", None)]
    # The file names nobody any more, or the municipality is in no file.
    noting.note([told("nobody")])
    noting.note([told(None, "not-in-the-files", code="GM9009")])
    assert said(caplog) == []


def test_another_process_goes_on_with_what_was_found_before(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    still = Noting(SLUGS)
    still.note([told(None, "failing", before="failing")])
    assert said(caplog) == []
    still.note([told("done", before="failing")])
    Noting(SLUGS).note([told("done", before="failing")])
    assert said(caplog) == [("webhook_back", "molensloot", None)] * 2
