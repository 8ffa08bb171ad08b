"""How well a connection to a database is protected on its way, by its URL."""

import os
from urllib.parse import parse_qsl

from ingest.running.addresses import hosts_of, parts_of

_HERE = {"localhost", "127.0.0.1", "::1"}
_ENCRYPTED = {"require", "verify-ca", "verify-full"}
_SURE = {"verify-ca", "verify-full"}


def may_be_read(url: str) -> bool:
    """Whether it may go to another machine unencrypted: without sslmode=require or better."""
    return _leaves_this_machine(url) and _mode(url) not in _ENCRYPTED


def is_unsure(url: str) -> bool:
    """Whether it goes to another machine, and to whichever answers there."""
    return _leaves_this_machine(url) and _mode(url) not in _SURE


def _leaves_this_machine(url: str) -> bool:
    hosts = hosts_of(url) or os.environ.get("PGHOST", "").split(",")
    return any(host and host not in _HERE and not host.startswith("/") for host in hosts)


def _mode(url: str) -> str:
    query = dict(parse_qsl(parts_of(url).query))
    return query.get("sslmode") or os.environ.get("PGSSLMODE", "")
