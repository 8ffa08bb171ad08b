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
"""What both raise while the server is away; in a failover, for a moment, none takes writes."""

_COMES_BACK = (OSError, *(each for each in AWAY if each is not asyncpg.InterfaceError))
# A wrong certificate or a closed folder does not pass by itself. Nor does an InterfaceError, which
# a malformed URL raises.
_STAYS = (ssl.SSLCertVerificationError, PermissionError)


def may_come_back(failure: BaseException) -> bool:
    """Whether this error of `NOT_CONNECTED` can pass without anybody changing a setting."""
    return isinstance(failure, _COMES_BACK) and not isinstance(failure, _STAYS)


def why_not(url: str, failure: BaseException) -> str:
    """A sentence for the operator who set this URL, about one error of `NOT_CONNECTED`."""
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
    """The role in the URL."""
    parts = parts_of(url)
    return unquote(parts.username or "") or dict(parse_qsl(parts.query)).get("user", "of yours")


def database_of(url: str) -> str:
    """The name of the database in the URL; without one, the name of the role."""
    parts = parts_of(url)
    query = dict(parse_qsl(parts.query))
    name = unquote(parts.path.strip("/")) or query.get("dbname") or query.get("database")
    return name or user_of(url)
