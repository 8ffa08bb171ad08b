"""What a connection line of Postgres says: who, where, which database."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# What of an owner's connection line says where the database is, and how to be sure of it. The rest
# is the owner's own: who connects, and which files on which machine prove it.
_WHERE = frozenset({"host", "port", "dbname", "database", "sslmode"})


def reader_line(url: str, role: str, password: str) -> str:
    """The connection line (libpq's form) with which `role` finds the database of `url`."""
    there = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(there.query) if name in _WHERE]
    place = there.netloc.rpartition("@")[2]
    return there._replace(
        netloc=f"{quote(role, safe='')}:{quote(password, safe='')}@{place}",
        # Without a name libpq takes that of the role, which differs for the reader.
        path=f"/{quote(database_of(url), safe='')}",
        query=urlencode([pair for pair in query if pair[0] not in ("dbname", "database")]),
    ).geturl()


def user_of(url: str) -> str:
    """Who connects, for a sentence."""
    there = urlsplit(url)
    return unquote(there.username or "") or dict(parse_qsl(there.query)).get("user", "of yours")


def hosts_of(url: str) -> str:
    """Every place that it names, for a sentence."""
    return urlsplit(url).netloc.rpartition("@")[2] or dict(parse_qsl(urlsplit(url).query))["host"]


def database_of(url: str) -> str:
    """The database that it leads to, as libpq reads it."""
    there = urlsplit(url)
    query = dict(parse_qsl(there.query))
    named = unquote(there.path.strip("/")) or query.get("dbname") or query.get("database")
    return named or user_of(url)
