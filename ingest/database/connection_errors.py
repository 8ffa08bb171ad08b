"""Why a database cannot be connected to, in a sentence that shows no password."""

import os
import socket
import ssl
from urllib.parse import parse_qsl, unquote

import asyncpg

from ingest.running.addresses import hosts_of, parts_of

NOT_CONNECTED = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.TargetServerAttributeNotMatched,
    ValueError,
)
"""What `asyncpg.connect` raises."""

LOST = (
    asyncpg.InterfaceError,
    # Of a server that takes its leave between two steps of a statement.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""What a statement raises when its server went away, or is on its way out."""

AWAY = (*LOST, asyncpg.InsufficientResourcesError, asyncpg.TargetServerAttributeNotMatched)
"""What both raise while the server is away; in a failover, for a moment, none takes writes."""

_COMES_BACK = (OSError, *(each for each in AWAY if each is not asyncpg.InterfaceError))
# A wrong certificate or a closed folder does not pass by itself. Nor does an InterfaceError, which
# a malformed URL raises.
_STAYS = (ssl.SSLCertVerificationError, PermissionError)


def may_come_back(url: str, failure: BaseException) -> bool:
    """Whether one of `NOT_CONNECTED` can be over by itself: nobody has to change a setting."""
    if _is_no_certificate(failure):
        return False
    if isinstance(failure, FileNotFoundError) and _missing_file(url):
        return False
    return isinstance(failure, _COMES_BACK) and not isinstance(failure, _STAYS)


def why_not(url: str, failure: BaseException) -> str:
    """What one of `NOT_CONNECTED` means for whoever wrote this URL."""
    for kind, sentence in _SENTENCES:
        if isinstance(failure, kind):
            return sentence.format(user=user_of(url), database=database_of(url))
    if isinstance(failure, socket.gaierror):
        return _no_address(url, failure)
    if isinstance(failure, FileNotFoundError) and (missing := _missing_file(url)):
        return f"cannot connect to the database: its URL names {missing}, which is not there."
    if isinstance(failure, asyncpg.InterfaceError) and str(failure).startswith(_NO_ROOT):
        return (
            "cannot connect to the database: sslmode asks for a root certificate, and there is "
            "none; name its file with sslrootcert."
        )
    if _is_no_certificate(failure):
        return (
            "cannot connect to the database: a file that its URL names (sslrootcert, sslcrl, "
            "sslcert, sslkey) holds no certificate or key."
        )
    if isinstance(failure, ValueError):
        return (
            f"cannot connect to the database: its URL cannot be used ({type(failure).__name__}); "
            "deploy/env.example shows how one is written."
        )
    if isinstance(failure, ConnectionRefusedError | FileNotFoundError):
        return "cannot connect to the database: no server listens there; is it running?"
    return f"cannot connect to the database ({type(failure).__name__}); is it running?"


_SENTENCES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (
        asyncpg.InvalidPasswordError,
        "the database does not know role {user}, or not with this password.",
    ),
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        (
            "the database does not let role {user} in: there is no such role, it may not log in, "
            "or pg_hba.conf does not list where this connection comes from."
        ),
    ),
    (
        ssl.SSLCertVerificationError,
        "the server shows a certificate that sslrootcert does not vouch for, or of another name.",
    ),
    (asyncpg.InvalidCatalogNameError, "the server is there, but has no database {database}."),
    (
        asyncpg.TargetServerAttributeNotMatched,
        "no server that it names is of the kind that the URL asks for.",
    ),
    (
        (asyncpg.UndefinedObjectError, asyncpg.CantChangeRuntimeParamError),
        (
            "the server is there, and the URL names a parameter behind its ? that Postgres does "
            "not know, or that cannot be set there."
        ),
    ),
    (
        asyncpg.TooManyConnectionsError,
        (
            "the server is there, and takes no more connections: as many are open as the server "
            "(max_connections), role {user} or database {database} may have."
        ),
    ),
    (
        asyncpg.CannotConnectNowError,
        "the server is there, and takes no connections now: it starts, stops or recovers.",
    ),
)

# How asyncpg begins to say so; its other words may quote the URL.
_NO_ROOT = "root certificate file"
_FILES = {
    "sslrootcert": "PGSSLROOTCERT",
    "sslcrl": "PGSSLCRL",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def _is_no_certificate(failure: BaseException) -> bool:
    """Whether a file for TLS could not be read as one; a handshake that fails has a reason."""
    return type(failure) is ssl.SSLError and (
        failure.library in ("X509", "PEM") or (failure.library == "SSL" and failure.reason is None)
    )


def _missing_file(url: str) -> str | None:
    """The first file for TLS that the URL or the environment names, and that is not there."""
    query = dict(parse_qsl(parts_of(url).query))
    named = [query.get(name) or os.environ.get(variable) for name, variable in _FILES.items()]
    return next((path for path in named if path and not os.path.exists(path)), None)


def _no_address(url: str, failure: socket.gaierror) -> str:
    hosts = ", ".join(hosts_of(url)) or "its host"
    if failure.errno == socket.EAI_AGAIN:
        return f"cannot connect to the database: nobody who knows names answers for {hosts} now."
    return f"cannot connect to the database: there is no address for the name {hosts}."


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
