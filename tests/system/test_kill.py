"""`kill -9` of everything during load: what was acknowledged is there once, after a restart."""

import asyncio
from pathlib import Path

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.figures import tell
from tests.system.killing import PATH, killed_under_load, promised_too_early
from tests.system.ledger import Ledger, tokens_of
from tests.system.running import running

pytestmark = [pytest.mark.anyio, pytest.mark.processes]


# `make faults ARGS=short` does it in every run of CI.
@pytest.mark.long
async def test_nothing_that_was_acknowledged_is_lost_or_doubled(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    verdict = await killed_under_load(tmp_path, catalogue)
    tell("kill -9 of everything under load", verdict)
    assert verdict.acknowledged > 150
    assert (verdict.lost, verdict.double) == (0, 0)


# The same once more, killed while it goes on after a kill.
@pytest.mark.long
async def test_nor_is_anything_after_a_second_kill(tmp_path: Path, catalogue: Catalogue) -> None:
    verdict = await killed_under_load(tmp_path, catalogue, kills=2)
    assert verdict.acknowledged > 300
    assert (verdict.lost, verdict.double) == (0, 0)


# Says something of the ledger, and starts the whole service three times for it.
@pytest.mark.long
async def test_the_ledger_notices_a_service_that_acknowledges_before_it_commits(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    verdict = await promised_too_early(tmp_path, catalogue)
    tell("the same, acknowledged before the commit (control)", verdict)
    assert verdict.lost > 0


# Twenty seconds under load; that it starts again, `test_server` of postgres/ tests in two.
@pytest.mark.long
async def test_postgres_that_dies_alone_is_started_again_by_the_service(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    touchpoint = catalogue.touchpoint(*PATH.split("/"))
    data = tmp_path / "data"
    with (
        Ledger(tmp_path / "ledger", PATH, touchpoint.number, touchpoint.questionnaire) as ledger,
        running(data) as service,
    ):
        loading = asyncio.create_task(ledger.load(service.url, tokens_of(data), clients=8))
        await ledger.more(50)
        service.kill_postgres()
        await ledger.more(50)
        ledger.stop()
        await loading
        await ledger.send_again(service.url)
        verdict = await ledger.verdict(data)
    assert (verdict.lost, verdict.double) == (0, 0)
