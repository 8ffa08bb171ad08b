"""Who follows up sees signals once they are shown, and says what was done about each."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from ingest.clock import today_here
from ingest.invitations.minting import api_key_digest
from ingest.tokens.keys import Keys
from tests.conftest import Database, Served, Stand
from tests.log_lines import lines_of

pytestmark = pytest.mark.anyio

PATH = "/api/v1/signals"
KEY, LINKS, OTHER = "mp_opvolging", "mp_zaaksysteem", "mp_waterakker"


@pytest.fixture
async def served(standing: Stand, database: Database, keys: Keys) -> AsyncIterator[Served]:
    async with database.superuser() as db:
        await db.executemany(
            "insert into meetpunt.api_key (municipality, digest, name, created_on, may)"
            " values ($1, $2, $3, $4, $5)",
            [
                (code, api_key_digest(keys.accounts, key), key, date(2026, 1, 1), may)
                for code, key, may in (
                    ("GM9001", KEY, ["signals"]),
                    ("GM9001", LINKS, ["links"]),
                    ("GM9002", OTHER, ["links", "signals"]),
                )
            ],
        )
    async with standing() as served:
        yield served


async def signal(served: Served, day: int = 30, half: str = "ochtend", **changes: Any) -> str:
    """A signal of November at the desk, shown since then; its id."""
    columns = {
        "municipality": "GM9001", "touchpoint": 1, "reason": "laag", "day": date(2026, 11, day),
        "half": half, "shown_from": datetime(2026, 11, day, 11, 30, tzinfo=UTC),
    } | changes  # fmt: skip
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    async with served.database.superuser() as db:
        return str(
            await db.fetchval(
                f"insert into meetpunt.signal ({', '.join(columns)}) values ({places})"
                " returning id",
                *columns.values(),
            )
        )


async def listed(served: Served, key: str = KEY, **query: Any) -> httpx.Response:
    return await served.client.get(
        PATH,
        params={"municipality": "molensloot"} | query,
        headers={"authorization": f"Bearer {key}"},
    )


async def follow(served: Served, which: str, key: str = KEY, **told: Any) -> httpx.Response:
    return await served.client.post(
        f"{PATH}/{which}/follow-up", json=told, headers={"authorization": f"Bearer {key}"}
    )


async def test_signals_are_listed_newest_first_a_page_at_a_time(served: Served) -> None:
    hidden = await signal(served, shown_from=datetime(2100, 1, 1, tzinfo=UTC))
    ids = {
        (day, half): {await signal(served, day, half) for _ in range(2)}
        for day in (27, 30)
        for half in ("ochtend", "middag")
    }
    melding = await signal(served, 1, touchpoint=4, reason="niet-geholpen")
    await signal(served, municipality="GM9002", touchpoint=11)
    seen, after = [], None
    while True:
        reply = await listed(served, limit=3, **({"after": after} if after else {}))
        assert reply.status_code == 200, reply.text
        seen += reply.json()["signals"]
        after = reply.json()["next"]
        if after is None:
            break
    assert [(each["day"], each["halfDay"]) for each in seen] == [
        *[("2026-11-30", "middag")] * 2, *[("2026-11-30", "ochtend")] * 2,
        *[("2026-11-27", "middag")] * 2, *[("2026-11-27", "ochtend")] * 2,
        ("2026-11-01", "ochtend"),
    ]  # fmt: skip
    assert {each["id"] for each in seen} == set.union(*ids.values(), {melding})
    assert hidden not in reply.text
    assert seen[-1] == {
        "id": melding, "touchpoint": "molensloot/melding", "department": "openbare-ruimte",
        "reason": "niet-geholpen", "theme": None, "day": "2026-11-01", "halfDay": "ochtend",
        "state": "nieuw", "outcome": None, "why": None,
    }  # fmt: skip
    of = await listed(served, department="openbare-ruimte")
    assert [each["id"] for each in of.json()["signals"]] == [melding]
    since = await listed(served, since="2026-11-30", state="nieuw")
    assert len(since.json()["signals"]) == 4
    assert (await listed(served, state="gezien")).json() == {"signals": [], "next": None}


async def test_a_signal_goes_on_and_never_back_and_the_same_again_is_fine(served: Served) -> None:
    which = await signal(served)
    assert (await follow(served, which, state="gezien")).json()["state"] == "gezien"
    assert (await follow(served, which, state="gezien")).status_code == 200
    async with served.database.superuser() as db:
        first = await db.fetchrow("select seen_on, seen_after from meetpunt.signal")
        assert first["seen_on"] == today_here()
    done = {"state": "afgehandeld", "outcome": "kan-niet", "why": "De wet laat dat niet toe."}
    reply = await follow(served, which, **done)
    assert {name: reply.json()[name] for name in done} == done
    assert (await follow(served, which, **done)).status_code == 200
    for told in ({"state": "bezig"}, {"state": "afgehandeld", "outcome": "klacht"}):
        refused = await follow(served, which, **told)
        assert (refused.status_code, refused.json()["type"]) == (
            409,
            "/problems/follow-up-conflict",
        )
    async with served.database.superuser() as db:
        assert await db.fetchrow("select seen_on, seen_after from meetpunt.signal") == first


async def test_when_somebody_followed_up_stands_in_no_log(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    which = await signal(served)
    assert (await follow(served, which, state="gezien")).status_code == 200
    # A line has a moment to the millisecond, and what is kept is a day and half hours.
    ours = [line for line in lines_of(caplog) if line.get("municipality") == "molensloot"]
    assert ours == []


async def test_what_is_wrong_is_told_and_what_is_not_shown_is_not_there(served: Served) -> None:
    which = await signal(served)
    for told in ({"state": "afgehandeld"}, {"state": "weg"}, {"state": "bezig", "why": "x"}):
        refused = await follow(served, which, **told)
        assert (refused.status_code, refused.json()["type"]) == (
            400,
            "/problems/follow-up-rejected",
        )
    hidden = await signal(served, shown_from=datetime(2100, 1, 1, tzinfo=UTC))
    for unknown in (str(uuid4()), hidden, "x"):
        refused = await follow(served, unknown, state="gezien")
        assert (refused.status_code, refused.json()["type"]) == (404, "/problems/signal-unknown")
    for name, value in (
        ("state", "weg"), ("department", "burgerzaken"), ("since", "gisteren"), ("limit", "0"),
        ("after", "x"), ("since", "2026-13-01"), ("limit", "201"), ("municipality", ""),
    ):  # fmt: skip
        refused = await listed(served, **{name: value})
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/search-rejected")
        assert refused.json()["invalidParams"][0]["name"] == name
    async with served.database.superuser() as db:
        states = await db.fetch("select distinct state from meetpunt.signal")
    assert [row["state"] for row in states] == ["nieuw"]


async def test_a_key_is_for_what_it_was_made_for_and_for_its_own_municipality(
    served: Served,
) -> None:
    which = await signal(served)
    for reply in (await listed(served, ""), await listed(served, "mp_unknown")):
        assert (reply.status_code, reply.json()["type"]) == (401, "/problems/api-key-unknown")
    for reply in (await listed(served, LINKS), await follow(served, which, LINKS, state="gezien")):
        assert (reply.status_code, reply.json()["type"]) == (403, "/problems/api-key-not-meant")
    other = await listed(served, OTHER)
    assert other.status_code == 404
    assert "query" in other.json()["detail"], "there is no municipality in this path"
    assert (await follow(served, which, OTHER, state="gezien")).status_code == 404
    # And who follows up makes no links.
    headers = {"authorization": f"Bearer {KEY}", "idempotency-key": "1"}
    asked = {"touchpoint": "molensloot/online", "invitations": [{}]}
    refused = await served.client.post("/api/v1/invitations", json=asked, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/api-key-not-meant")
