"""`kill -9` of everything during load, and a restart; and of a service that promises too early."""

import asyncio
import random
from pathlib import Path

from ingest.municipalities.catalogue import Catalogue
from tests.system.ledger import Ledger, Verdict, tokens_of
from tests.system.running import running, serving

PATH = "molensloot/balie-hal"

PROMISES_EARLY = serving("tests.system.promises_early:from_environment")
"""A service that acknowledges before it commits: for controls."""


async def killed_under_load(
    tmp_path: Path, catalogue: Catalogue, *command: str, kills: int = 1
) -> Verdict:
    """Load until some hundred are acknowledged, kill, restart, send the rest again, compare."""
    touchpoint = catalogue.touchpoint(*PATH.split("/"))
    data = tmp_path / "data"
    with Ledger(tmp_path / "ledger", PATH, touchpoint.number, touchpoint.questionnaire) as ledger:
        for _ in range(kills):
            with running(data, *command, workers=2) as service:
                loading = asyncio.create_task(ledger.load(service.url, tokens_of(data), clients=24))
                await ledger.more(random.randint(150, 400))
                service.kill_everything()
                ledger.stop()
                await loading
        with running(data, workers=1) as service:
            await ledger.send_again(service.url)
            return await ledger.verdict(data)


async def promised_too_early(tmp_path: Path, catalogue: Catalogue) -> Verdict:
    """The control: a service that acknowledges before it commits, killed twice."""
    return await killed_under_load(tmp_path, catalogue, *PROMISES_EARLY, kills=2)
