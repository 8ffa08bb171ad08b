"""Why a database cannot be connected to, in a sentence that shows no password."""

import ssl
from urllib.parse import parse_qsl, unquote

import asyncpg

from ingest.running.addresses import parts_of

NOT_CONNECTED = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.TargetServerAttributeNotMatched,
    ValueError,
)
"""What `asyncpg.connect` raises."""

LOST = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
"""What a statement raises when its server went away, or is on its way out."""

AWAY = (*LOST, asyncpg.InsufficientResourcesError, asyncpg.TargetServerAttributeNotMatched)
"""What either raises while it is away: during a failover no server may take writes for a moment."""

_COMES_BACK = (OSError, *(each for each in AWAY if each is not asyncpg.InterfaceError))
# A certificate and a closed folder are no outage; a URL that is none is an InterfaceError.
_STAYS = (ssl.SSLCertVerificationError, PermissionError)


def may_come_back(failure: BaseException) -> bool:
    """Whether one of `NOT_CONNECTED` can be over by itself: nobody has to change a setting."""
    return isinstance(failure, _COMES_BACK) and not isinstance(failure, _STAYS)


def why_not(url: str, failure: BaseException) -> str:
    """What one of `NOT_CONNECTED` means for whoever wrote this URL."""
    if isinstance(failure, asyncpg.InvalidPasswordError):
        return f"the database does not know role {user_of(url)}, or not with this password."
    if isinstance(failure, asyncpg.InvalidAuthorizationSpecificationError):
        return (
            f"the database does not let role {user_of(url)} in: there is no such role, it may not "
            "log in, or pg_hba.conf does not list where this connection comes from."
        )
    if isinstance(failure, asyncpg.InvalidCatalogNameError):
        return f"the server is there, but has no database {database_of(url)}."
    if isinstance(failure, asyncpg.TargetServerAttributeNotMatched):
        return "no server that it names is of the kind that the URL asks for."
    if isinstance(failure, ConnectionRefusedError | FileNotFoundError):
        return "cannot connect to the database: no server listens there; is it running?"
    return f"cannot connect to the database ({type(failure).__name__}); is it running?"


def user_of(url: str) -> str:
    """The role in it."""
    there = parts_of(url)
    return unquote(there.username or "") or dict(parse_qsl(there.query)).get("user", "of yours")


def database_of(url: str) -> str:
    """The name of the database in it: that of the role, where there is none."""
    there = parts_of(url)
    query = dict(parse_qsl(there.query))
    named = unquote(there.path.strip("/")) or query.get("dbname") or query.get("database")
    return named or user_of(url)
