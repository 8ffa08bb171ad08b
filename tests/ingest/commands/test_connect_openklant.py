"""`meetpunt connect openklant` says in a sentence what is missing, and changes nothing there."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anyio import to_thread
from click.testing import CliRunner

from ingest.commands.meetpunt import meetpunt
from tests.example import example_directory
from tests.ingest.senders.messages import key_file
from tests.neighbours.open_klant import ROOT, TOKEN, FakeOpenKlant
from tests.neighbours.server import BadDay, Reply, Server, neighbour

pytestmark = pytest.mark.anyio

NOW = datetime.now(UTC)


@asynccontextmanager
async def open_klant() -> AsyncIterator[tuple[FakeOpenKlant, Server]]:
    theirs = FakeOpenKlant()
    async with neighbour(theirs) as server:
        theirs.host = server.url
        yield theirs, server


async def told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: Server,
    *,
    token: str = TOKEN,
    more: str = "private_network = true\n",
    root: str = ROOT,
) -> tuple[int, str]:
    """What the command says of an Open Klant in Molensloot's file."""
    files = folder / "files"
    shutil.copytree(example_directory(), files, dirs_exist_ok=True)
    file = files / "molensloot.toml"
    written = (example_directory() / "molensloot.toml").read_text("utf-8")
    key = key_file(folder, token)
    table = f'\n[contacts]\nurl = "{server.url}{root}"\nkey_file = "{key}"\n{more}'
    file.write_text(f'{written}{table}queues = {{ "Paspoort" = "telefonie/paspoort" }}\n')
    monkeypatch.setenv("MEETPUNT_CONFIG", str(files))
    runner = CliRunner()
    ran = await to_thread.run_sync(
        lambda: runner.invoke(meetpunt, ("connect", "openklant", "molensloot"))
    )
    return ran.exit_code, ran.output


async def test_all_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_klant() as (theirs, server):
        code, said = await told(tmp_path, monkeypatch, server)
        assert code == 0
        assert "Nobody was reached by telephone yet" in said
        theirs.call(at=NOW)
        theirs.call("0201234567", at=NOW)
        theirs.call(at=NOW, subject="Een boom", actors=())
        code, said = await told(tmp_path, monkeypatch, server)
        assert code == 0
        assert "Of the last 3 calls 1 can be asked about." in said
        assert "Of the last 3 calls 1 lead nowhere" in said
        assert "0612345678" not in said
        assert all(request.method == "GET" for request in server.requests)


async def test_what_is_missing_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_klant() as (theirs, server):
        code, said = await told(tmp_path, monkeypatch, server, token="a-token-of-somebody-else")
        assert (code, "does not take the token" in said) == (1, True)
        code, said = await told(tmp_path, monkeypatch, server, root="/api/v1")
        assert (code, "no such API" in said) == (1, True)
        code, said = await told(tmp_path, monkeypatch, server, more="")
        assert (code, "private_network = true" in said) == (1, True)
        theirs.bad_days.append(BadDay(Reply(400, json.dumps({"code": "invalid"}).encode())))
        code, said = await told(tmp_path, monkeypatch, server)
        assert (code, "older than version 2" in said) == (1, True)
        theirs.call(at=NOW, kanaal="telefonie")
        code, said = await told(tmp_path, monkeypatch, server)
        assert (code, "none has the channel 'telefoon'" in said) == (1, True)
        theirs.call("0201234567", at=NOW)
        code, said = await told(tmp_path, monkeypatch, server)
        assert (code, "none has a mobile number" in said) == (1, True)
    code, said = await told(tmp_path, monkeypatch, server)
    assert (code, "nothing answers there" in said) == (1, True)


def test_a_municipality_without_one_is_told_where_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEETPUNT_CONFIG", str(example_directory()))
    ran = CliRunner().invoke(meetpunt, ("connect", "openklant", "molensloot"))
    assert ran.exit_code == 1
    assert "deploy/integrations/openklant.md" in ran.output
