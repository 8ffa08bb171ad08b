"""Why there is no connection, by name; and whether waiting helps."""

import socket
from pathlib import Path

import pytest

from ingest.database.connecting import connect
from ingest.database.connection_errors import NOT_CONNECTED, may_come_back, why_not
from tests.conftest import Database

pytestmark = pytest.mark.anyio

_NOWHERE = "postgresql://meetpunt_ingest:very-secret@127.0.0.1:1/meetpunt"


async def refused(url: str) -> tuple[str, bool]:
    """What connecting to it says, and whether it is worth waiting."""
    with pytest.raises(NOT_CONNECTED) as failure:
        await connect(url, timeout=5)
    assert "very-secret" not in why_not(url, failure.value)
    return why_not(url, failure.value), may_come_back(url, failure.value)


async def test_a_limit_of_connections_is_named_for_what_it_is_and_passes(
    own_database: Database,
) -> None:
    async with own_database.superuser() as db:
        await db.execute(f"alter database {own_database.name} connection limit 0")
    told, waits = await refused(own_database.ingest)
    assert told == (
        "the server is there, and takes no more connections: as many are open as the server "
        f"(max_connections), role meetpunt_ingest or database {own_database.name} may have."
    )
    assert waits


async def test_a_parameter_that_nobody_knows_is_told_and_not_waited_for(database: Database) -> None:
    told, waits = await refused(f"{database.ingest}&foo=bar")
    assert "the URL names a parameter behind its ? that Postgres does not know" in told
    assert not waits


async def test_nobody_who_listens_is_waited_for() -> None:
    told, waits = await refused(_NOWHERE)
    assert "no server listens there" in told
    assert waits


async def test_a_socket_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    told, waits = await refused(f"postgresql://meetpunt_ingest@/meetpunt?host={tmp_path}")
    assert "no server listens there" in told
    assert waits


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sslmode=verify-full&sslrootcert=/nowhere/ca.pem", "its URL names /nowhere/ca.pem, which"),
        ("sslmode=require&sslcert=/nowhere/us.pem", "its URL names /nowhere/us.pem, which"),
        ("sslmode=verify-full&sslrootcert={junk}", "holds no certificate or key"),
        ("sslmode=require&sslcert={junk}&sslkey={junk}", "holds no certificate or key"),
        ("sslmode=always", "its URL cannot be used"),
        ("target_session_attrs=best", "its URL cannot be used"),
    ],
)
async def test_what_waiting_does_not_mend_is_not_waited_for(
    tmp_path: Path, query: str, told: str
) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate")
    sentence, waits = await refused(f"{_NOWHERE}?{query.format(junk=junk)}")
    assert told in sentence
    assert not waits


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (socket.EAI_NONAME, "there is no address for the name db1.example, db2.example."),
        (socket.EAI_AGAIN, "nobody who knows names answers for db1.example, db2.example now."),
    ],
)
async def test_a_name_without_an_address_is_told_by_name_and_waited_for(
    number: int, told: str
) -> None:
    """As the system raises it; a test asks no name server."""
    failure = socket.gaierror(number, "as the system calls it")
    url = "postgresql://meetpunt_ingest@db1.example:5432,db2.example/meetpunt"
    assert why_not(url, failure) == f"cannot connect to the database: {told}"
    assert may_come_back(url, failure)
