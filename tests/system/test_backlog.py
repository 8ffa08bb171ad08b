"""The short form of `make faults ARGS=items`: a kiosk with a long queue, over real sockets."""

from pathlib import Path

import pytest

from tests.figures import tell
from tests.system.backlog import PROXY, backlog
from tests.system.running import running

# CI asks the same of `make faults ARGS=short`.
pytestmark = [pytest.mark.anyio, pytest.mark.processes, pytest.mark.long]


async def test_a_long_queue_is_stored_once_and_others_get_their_turn(tmp_path: Path) -> None:
    with running(tmp_path / "data", MEETPUNT_TRUSTED_PROXIES=PROXY) as service:
        came_of_it = await backlog(service, 2_000)
    tell("a kiosk with a long queue", came_of_it)
    assert (came_of_it.lost, came_of_it.double) == (0, 0)
    assert came_of_it.others > 0
