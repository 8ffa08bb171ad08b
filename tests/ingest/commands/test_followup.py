"""`meetpunt followup` lists what is shown, and notes what was done, in the trail as well."""

import asyncio
import json
from functools import partial
from uuid import uuid4

import pytest

from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run


@pytest.fixture
def run(run: type_of_run, database: Database) -> type_of_run:
    """The same, and as the role that publishes and purges too."""
    return partial(run, MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"))


def signal(database: Database, shown: str = "now()") -> str:
    async def make() -> str:
        async with database.superuser() as db:
            return str(
                await db.fetchval(
                    "insert into meetpunt.signal"
                    " (municipality, touchpoint, reason, day, half, shown_from)"
                    f" values ('GM9001', 1, 'laag', '2026-11-30', 'ochtend', {shown}) returning id"
                )
            )

    return asyncio.run(make())


def test_signals_are_listed_and_followed_up(run: type_of_run, database: Database) -> None:
    which, hidden = signal(database), signal(database, "now() + interval '1 hour'")
    heads, line = run("followup", "list", "molensloot").stdout.splitlines()
    assert line == (
        f"{which}  2026-11-30 ochtend  molensloot/balie-hal  publiekszaken  laag    nieuw"
    )
    for head, cell in {"id": which, "half day": "2026-", "reason": "laag"}.items():
        assert heads.index(head) == line.index(cell), "each column under its name"
    run("followup", "set", "molensloot", which, "gezien")
    done = ("afgehandeld", "--outcome", "kan-niet", "--why", "De wet laat dat niet toe.")
    told = run("followup", "set", "molensloot", which, *done).stdout
    assert "afgehandeld: kan-niet  De wet laat dat niet toe." in told
    assert run("followup", "set", "molensloot", which, *done).exit_code == 0
    assert (
        "further already"
        in run("followup", "set", "molensloot", which, "bezig", exit_code=1).output
    )
    for other in (hidden, str(uuid4())):
        refused = run("followup", "set", "molensloot", other, "gezien", exit_code=1)
        assert "no signal" in refused.output
    wanting = run("followup", "set", "molensloot", which, "afgehandeld", exit_code=1).output
    assert f"meetpunt followup set molensloot {which} afgehandeld --outcome verbeterd" in wanting
    found = json.loads(run("followup", "list", "molensloot", "--json").stdout)
    assert [each["state"] for each in found] == ["afgehandeld"]
    assert "no signals" in run("followup", "list", "molensloot", "--state", "nieuw").stdout
    assert (
        "no such department"
        in run("followup", "list", "molensloot", "--department", "x", exit_code=1).output
    )
    lines = json.loads(run("audit", "--json").stdout)
    # A reason is not in the trail, and a step that is refused is.
    assert [(line["action"], line["outcome"], line["object"]) for line in lines][:2] == [
        ("follow-up", "done", f"molensloot {which} gezien"),
        ("follow-up", "done", f"molensloot {which} afgehandeld kan-niet"),
    ]
    assert {line["outcome"] for line in lines} == {"done", "refused"}


def test_a_key_says_what_it_is_for(run: type_of_run) -> None:
    run("apikeys", "new", "molensloot", "--name", "zaak")
    run("apikeys", "new", "molensloot", "--name", "opvolging", "--may", "signals")
    run("apikeys", "new", "molensloot", "--name", "beide", "--may", "signals", "--may", "links")
    listed = json.loads(run("apikeys", "list", "molensloot", "--json").stdout)
    assert {each["name"]: each["may"] for each in listed} == {
        "zaak": ["links"],
        "opvolging": ["signals"],
        "beide": ["links", "signals"],
    }
