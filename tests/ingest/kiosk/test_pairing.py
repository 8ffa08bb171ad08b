"""A tablet becomes a kiosk when an operator says that the code on its screen is ours."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ingest.clock import today_here
from ingest.kiosk.enrolment import AlreadyEnrolled, CodeUnknown, code_as_shown, enrol
from ingest.kiosk.pairing_messages import CODE_SIGNS
from tests.conftest import Serve
from tests.ingest.kiosk.tablet import (
    HOUR,
    Key,
    Tablet,
    base64url,
    enrol_as_owner,
    revoked,
    rows,
    verdicts,
)

pytestmark = pytest.mark.anyio


async def test_a_tablet_shows_a_code_and_is_told_when_it_is_enrolled(serve: Serve) -> None:
    async with serve() as served:
        tablet = Tablet(served)
        reply = await tablet.pair()
        assert reply.status_code == 201
        code = reply.json()["code"]
        assert len(code) == 8
        assert set(code) <= set(CODE_SIGNS)
        expires = datetime.fromisoformat(reply.json()["expiresOp"])
        assert timedelta(minutes=9) < expires - datetime.now(UTC) <= timedelta(minutes=10)
        assert (await tablet.state(code)).json() == {"state": "waiting"}

        kiosk = await enrol_as_owner(served.database, f" {code[:4].lower()}-{code[4:]}")
        told = (await tablet.state(code)).json()
        assert told == {"state": "enrolled", "kiosk": str(kiosk), "counter": 1}
        assert await rows(served.database, "kiosk_pairing") == []
        (row,) = await rows(served.database, "kiosk")
        assert (row["name"], row["touchpoint"]) == ("Hal links", 1)


async def test_after_ten_minutes_a_code_is_good_for_nothing(serve: Serve) -> None:
    async with serve() as served:
        tablet = Tablet(served)
        code = (await tablet.pair()).json()["code"]
        async with served.database.superuser() as db:
            await db.execute("update meetpunt.kiosk_pairing set expires_at = now()")
        assert (await tablet.state(code)).json() == {"state": "expired"}
        with pytest.raises(CodeUnknown):
            await enrol_as_owner(served.database, code)


async def test_who_does_not_hold_the_key_is_told_nothing(serve: Serve) -> None:
    async with serve() as served:
        tablet, other = Tablet(served), Key()
        code = (await tablet.pair()).json()["code"]
        forged = await tablet.state(code, signature=other.sign(f"pairing/{code}"))
        assert forged.status_code == 403
        assert forged.json()["type"] == "/problems/signature-refused"
        # With a key of its own somebody else's code is not known.
        theirs = await tablet.state(
            code, publicKey=other.public, signature=other.sign(f"pairing/{code}")
        )
        assert theirs.json() == {"state": "expired"}


async def test_a_copy_is_not_given_a_fresh_counter_by_asking_again(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await tablet.sync()
        told = (await tablet.state("ACDEFHJK")).json()
        assert told == {"state": "enrolled", "kiosk": tablet.kiosk}


@pytest.mark.parametrize(
    "key", ["", "x", base64url(bytes(65)), base64url(b"\x04" + bytes(64)), base64url(bytes(33))]
)
async def test_what_is_no_key_is_refused(serve: Serve, key: str) -> None:
    async with serve() as served:
        reply = await Tablet(served).pair(publicKey=key)
        assert reply.status_code == 400
        assert [param["name"] for param in reply.json()["invalidParams"]] == ["publicKey"]


async def test_a_kiosk_that_the_database_forgot_is_known_again_by_its_own_id(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        before, items = tablet.kiosk, tablet.items(3)
        await tablet.sync(items[:1])
        async with served.database.superuser() as db:
            # Put back to before it was enrolled, and before what it handed in.
            await db.execute(
                "truncate meetpunt.kiosk, meetpunt.kiosk_item, meetpunt.receipt, meetpunt.response"
                " cascade"
            )
        assert (await tablet.post(tablet.body(items))).json()["type"] == "/problems/kiosk-unknown"
        counter = tablet.counter
        code = (await tablet.pair(kiosk=before)).json()["code"]
        assert await enrol_as_owner(served.database, code) == UUID(before)
        told = (await tablet.state(code)).json()
        assert (told["state"], told["kiosk"]) == ("enrolled", before)
        # Its counter was ahead of a new one; either will do.
        tablet.counter = counter
        assert verdicts(await tablet.sync(items)) == ["stored"] * 3


async def test_what_a_forgotten_kiosk_holds_keeps_its_own_days(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        tablet.monotonic = 100 * HOUR
        item = tablet.item(ago=70 * HOUR)
        async with served.database.superuser() as db:
            await db.execute("delete from meetpunt.kiosk")
            await db.execute("update meetpunt.touchpoint_version set since = since - 30")
        code = (await tablet.pair(kiosk=tablet.kiosk)).json()["code"]
        await enrol_as_owner(served.database, code)
        tablet.restart()
        await tablet.sync([item])
        (row,) = await served.responses()
        assert (today_here() - row["day"]).days in (2, 3)
        assert not row["day_uncertain"]


async def test_a_key_that_was_revoked_before_the_tablet_heard_of_it_is_told_so(
    serve: Serve,
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await revoked(served.database, tablet)
        code = (await tablet.pair()).json()["code"]
        assert (await tablet.state(code)).json() == {"state": "revoked"}


async def test_nobody_gets_an_id_that_is_in_use(serve: Serve) -> None:
    async with serve() as served:
        tablet, other = await Tablet(served).enrolled(), Tablet(served)
        code = (await other.pair(kiosk=tablet.kiosk)).json()["code"]
        with pytest.raises(AlreadyEnrolled):
            await enrol_as_owner(served.database, code)
        assert (await other.pair(kiosk="x")).status_code == 400


async def test_a_key_is_enrolled_once(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        code = (await tablet.pair()).json()["code"]
        async with served.database.connected("meetpunt_owner") as owner:
            with pytest.raises(AlreadyEnrolled):
                await enrol(owner, code, "", now=datetime.now(UTC))


async def test_an_unknown_or_retired_touchpoint_has_no_kiosks(serve: Serve) -> None:
    async with serve() as served:
        for path in ("molensloot/weg", "molensloot", ""):
            reply = await Tablet(served).pair(touchpoint=path)
            assert reply.status_code == 404, path
        assert (await Tablet(served).pair(touchpoint=1)).status_code == 400
        assert await rows(served.database, "kiosk_pairing") == []


async def test_codes_are_not_to_be_had_without_end(serve: Serve) -> None:
    async with serve() as served:
        tablet = Tablet(served)
        told = [(await tablet.pair()).status_code for _ in range(31)]
        assert told == [201] * 30 + [429]
        assert int((await tablet.pair()).headers["retry-after"]) >= 1


async def test_who_asks_for_many_codes_keeps_nobody_else_from_pairing(serve: Serve) -> None:
    async with serve() as served:
        limits = served.service.kiosks.pairing_limits
        for address in ["203.0.113.1", "203.0.113.2"]:
            for _ in range(30):
                limits.take(1, address)
        assert (await Tablet(served).pair()).status_code == 201


def test_a_code_may_be_typed_as_it_is_read_out() -> None:
    assert code_as_shown(" acde-fhjk\n".strip()) == "ACDEFHJK"
    assert not set("ILO01U5S2ZB8G") & set(CODE_SIGNS) - {"U"}
