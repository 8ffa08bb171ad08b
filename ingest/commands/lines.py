"""The connection line of a reader, made from the owner's."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from ingest.database.connection_errors import database_of

# What of an owner's connection line says where the database is, and how to be sure of it. The rest
# is the owner's own: who connects, and which files on which machine prove it.
_WHERE = frozenset({"host", "port", "dbname", "database", "sslmode"})


def reader_line(url: str, role: str, password: str) -> str:
    """The connection line (libpq's form) with which `role` finds the database of `url`."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name in _WHERE]
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(
        netloc=f"{quote(role, safe='')}:{quote(password, safe='')}@{place}",
        # Without a name libpq takes that of the role, which differs for the reader.
        path=f"/{quote(database_of(url), safe='')}",
        query=urlencode([pair for pair in query if pair[0] not in ("dbname", "database")]),
    ).geturl()
