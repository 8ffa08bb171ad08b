"""With what we work out of a password Postgres lets in who knows it, and nobody else."""

import asyncpg
import pytest

from ingest.running.verifiers import scram_verifier
from tests.conftest import Database

pytestmark = pytest.mark.anyio


# As it is; with signs that SASLprep writes otherwise; and two that it refuses: then it stays.
@pytest.mark.parametrize(
    "password",
    ["wacht'woord", "wacht\u00a0wo\u006f\u0301rd\u00ad\u2168", "wacht\u0007woord", "a\u0627b"],
)
async def test_who_knows_the_password_is_let_in(database: Database, password: str) -> None:
    async def enter(shown: str) -> None:
        db = await asyncpg.connect(database.url("meetpunt_owner"), user="proef", password=shown)
        await db.close()

    kept = scram_verifier(password, iterations=1)
    async with database.superuser() as db:
        await db.execute(f"create role proef login password '{kept}'")
        try:
            await enter(password)
            with pytest.raises(asyncpg.InvalidPasswordError):
                await enter(f"{password}x")
        finally:
            await db.execute("drop role proef")


def test_of_the_same_password_it_is_another_each_time_and_holds_nothing_of_it() -> None:
    one, other = scram_verifier("wachtwoord"), scram_verifier("wachtwoord")
    assert one != other
    assert one.startswith("SCRAM-SHA-256$4096:")
    assert "wachtwoord" not in one
