"""The library of Standard Webhooks itself believes what we send, and nothing that was changed."""

import json
import subprocess
import venv
from pathlib import Path
from typing import Any

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.neighbours.server import Request, neighbour
from tests.neighbours.webhooks import Webhooks
from tests.telling import a_secret, by_webhook, signals, tell, telling_whom, written

# Fetches a package into an environment of its own; our own receiver, which is as strict,
# checks every delivery of the other tests.
pytestmark = [pytest.mark.long, pytest.mark.anyio]

OURS = Path(__file__).resolve().parent / "standard_webhooks"


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("witness")
    venv.create(folder, with_pip=True)
    command = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
    subprocess.run((*command, "--requirement", str(OURS / "requirements.txt")), check=True)
    return folder


def verdicts(witness: Path, tried: list[tuple[str, Request]]) -> list[str]:
    lines = "\n".join(
        json.dumps({"secret": secret, "headers": each.headers, "body": each.body.decode()})
        for secret, each in tried
    )
    command = (str(witness / "bin" / "python"), str(OURS / "check.py"))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def changed(request: Request, **headers: str) -> Request:
    return Request(request.method, request.target, {**request.headers, **headers}, request.body)


async def test_the_library_believes_what_we_send(
    database: Database, catalogue: Catalogue, tmp_path: Path, witness: Path
) -> None:
    old, new, other = a_secret(), a_secret(), a_secret()
    theirs = Webhooks(new)
    async with neighbour(theirs) as server:
        more: dict[str, Any] = {"former_key_file": written(tmp_path / "old", old)}
        push = by_webhook(server.url + theirs.path, written(tmp_path / "new", new), **more)
        await signals(database, [1, 2, 2])
        await tell(database, telling_whom(catalogue, push), tmp_path)
    (sent,) = server.requests
    late = str(int(sent.headers["webhook-timestamp"]) - 600)
    elsewhere = Request(sent.method, sent.target, sent.headers, sent.body + b" ")
    assert verdicts(
        witness,
        [
            (new, sent),
            (old, sent),
            (other, sent),
            (new, changed(sent, **{"webhook-id": "x"})),
            (new, changed(sent, **{"webhook-timestamp": late})),
            (new, elsewhere),
        ],
    ) == ["signals.shown", "signals.shown", *["refused"] * 4]
