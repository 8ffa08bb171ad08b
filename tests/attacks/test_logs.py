"""Who holds the log of the sender, and so every link, ties no answer to a resident by it."""

import pytest
from msgspec.structs import replace

from ingest.reporting.batches import ENOUGH
from ingest.tokens.keys import Keys
from tests.attacks.sent import found_with_log
from tests.attacks.spent_links import SPENDING_NOTHING
from tests.conftest import Database, Serve
from tests.publishing import published, reads, seen, tomorrow


# `make attacks` does the same, at greater length.
@pytest.mark.long
def test_the_senders_log_ties_no_answer_and_a_link_tells_that_it_was_used_to_who_answers_it(
    keys: Keys,
) -> None:
    found = found_with_log(keys, per_day=20, days=8)
    assert found.failures == []
    assert found.published.rows >= 20
    assert found.published.texts > 0
    assert found.smallest >= 10
    # Nothing that spends nothing tells: not even all ways together spend a link.
    assert found.spent.tries == len(SPENDING_NOTHING)
    assert found.spent.left == found.spent.links - found.spent.used
    # To answer tells, and takes the place of who had not: docs/sending.md says so.
    assert found.spent.found == found.spent.used == found.answered
    assert found.spent.taken == found.sent - found.answered
    # And who is on the list and not in the log was refused.
    assert found.wanted_none == found.not_sent > 0

    # Each of these is noticed where it is not so.
    told = replace(found.spent, telling=["to open it"])
    assert "is told by: to open it" in " ".join(replace(found, spent=told).failures)
    assert "its control finds nobody" in " ".join(replace(found, raw=found.lots).failures)
    assert "an answer is tied" in " ".join(replace(found, published=found.raw).failures)


@pytest.mark.anyio
async def test_who_answers_the_links_around_one_resident_reads_that_resident(
    database: Database, serve: Serve
) -> None:
    """What no batch hides, so docs/sending.md asks to forbid it."""
    async with serve() as served:
        links = [await served.invitation() for _ in range(ENOUGH)]
        resident, *others = links
        answered = {resident: 3} | dict.fromkeys(others, 9)
        for link, mark in answered.items():
            body = served.body(link, "molensloot/telefonie", answers={"cijfer": mark})
            assert (await served.post(body)).status_code == 201
        await published(database, served.service.catalogue, at_once=False, now=tomorrow())
    await reads(database, "molensloot", "lezer_rondom")
    marks = await seen(database, "lezer_rondom", "select waarde from feit_antwoord")
    assert sorted(int(row["waarde"]) for row in marks) == [3] + [9] * (ENOUGH - 1)
