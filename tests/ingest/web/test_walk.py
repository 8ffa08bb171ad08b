"""The walk on the page of the API, as whoever pastes it goes: in a shell, with curl."""

import asyncio
import html
import re
import shutil
from datetime import date

import pytest

from ingest.asgi.deadlines import Deadlines
from ingest.invitations.minting import api_key_digest
from ingest.tokens.keys import Keys
from ingest.web.walk import WALK
from tests.conftest import Serve
from tests.listening import listening

API_KEY = "mp_of-the-walk"


async def run(script: str) -> str:
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, wrong = await shell.communicate()
    assert shell.returncode == 0, wrong.decode()
    return told.decode()


def told_by(step: str, output: str) -> str:
    """What one step printed: the script says before each which one it is."""
    return output.partition(f"== {step}\n")[2].partition("\n== ")[0].strip()


# Needs curl, which the other tests do not: the calls themselves are in test_openapi_examples.py.
@pytest.mark.long
@pytest.mark.anyio
async def test_the_walk_ends_in_one_stored_response(serve: Serve, keys: Keys) -> None:
    assert shutil.which("curl"), "install curl 7.82 or newer"
    async with serve() as served, listening(served.app, Deadlines()) as (port, _):
        async with served.database.superuser() as db:
            await db.execute(
                "insert into meetpunt.api_key (municipality, digest, name, created_on)"
                " values ('GM9001', $1, 'walk', $2)",
                api_key_digest(keys.accounts, API_KEY),
                date(2026, 1, 1),
            )
        given, *steps = WALK
        assert re.findall(r"^([A-Z]+)=", given.commands, re.MULTILINE) == [
            *("BASE", "KEY", "TOUCHPOINT", "SITE")
        ]
        # The link is to the municipality's own host, which no test has: only its path is followed.
        here = f"{given.commands}\nBASE=http://127.0.0.1:{port}\nKEY={API_KEY}\n"
        commands = [f"echo '== {step.title}'\n{step.commands}" for step in steps]
        commands.insert(1, 'LINK="$BASE/v/${LINK##*/}"')
        output = await run(here + "\n".join(commands))
        rows = await served.responses()
    titles = [step.title for step in steps]
    told = {title: told_by(title, output) for title in titles}
    assert re.fullmatch(r"https://kto\.molensloot\.example/v/\S{44}", told["Ask for a link"])
    assert told["Send it, and you are done"] == "200"
    assert '"questionnaire":"online","version":2' in told["See what is asked"]
    assert told["Send a response"].endswith('"received":true,"complete":true}\n201')
    assert told["Send it again"].endswith('"received":true,"complete":true}\n200')
    assert told["See a refusal"].startswith('{"type":"/problems/token-spent"')
    assert told["See a refusal"].endswith("\n410")
    assert told["Have a message sent"] == WALK[-1].reply
    assert len(rows) == 1


@pytest.mark.anyio
async def test_the_page_shows_the_walk_that_is_tested(serve: Serve) -> None:
    async with serve() as served:
        page = (await served.client.get("/api")).text
    shown = [
        html.unescape(code) for code in re.findall(r"<pre><code>(.*?)</code>", page, re.DOTALL)
    ]
    assert shown[: len(WALK)] == [step.commands for step in WALK]
