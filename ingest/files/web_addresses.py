"""Check web addresses and origins in municipalities' files: https, in a strict grammar. Pure.

They end up in links, in `Content-Security-Policy` and in CORS replies. A `;`, a space or a `*` in
an origin would change that policy, so only what fits the grammar is accepted.
"""

import re
import reprlib
from ipaddress import ip_address

_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"https": "443", "http": "80"}
_MOST_CHARACTERS = 500

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"(?P<scheme>https?)://(?P<host>\[::1\]|{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[1-9][0-9]{{0,4}}))?"
)
# What RFC 3986 allows after the host, without the apostrophe, which ends an attribute in HTML.
_REST = re.compile(r"[/?#](?:[A-Za-z0-9._~!$&()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*")


def address_fault(address: str) -> str | None:
    """Why this is no address that a page may link to; None when it is one.

    https and a host, then any path; plain http only to this machine itself.
    """
    match = _matched(address)
    if match is None:
        return f"must be an address such as https://www.molensloot.example/privacy, {_not(address)}"
    rest = address[match.end() :]
    if rest and not _REST.fullmatch(rest):
        return f"holds signs that an address cannot have, {_not(address)}"
    return _fault_of_place(match)


def origin_fault(origin: str) -> str | None:
    """Why this is no origin as a browser sends it (`https://host` or `https://host:8443`).

    Origins are compared exactly, so one that no browser ever sends is refused: with a path or a
    closing slash, with the scheme's own port, in capitals; and so are wildcards and `null`.
    """
    match = _matched(origin)
    if match is None or match.end() != len(origin):
        return (
            "must be an origin such as https://www.molensloot.example: a scheme and a host, "
            f"a port if need be, no path and no wildcard, {_not(origin)}"
        )
    if match["port"] == _DEFAULT_PORTS[match["scheme"]]:
        return f"must leave off :{match['port']}, as browsers do, {_not(origin)}"
    return _fault_of_place(match)


def is_loopback(origin: str) -> bool:
    """Whether this origin is the machine itself, where several may share one host for a trial."""
    match = _matched(origin)
    return match is not None and match["host"] in _LOOPBACK_HOSTS


def is_this_machine(host: str) -> bool:
    """Whether this host, a name or an address, is written as the machine itself."""
    name = host.strip("[]").lower().rstrip(".")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _matched(address: str) -> re.Match[str] | None:
    return _ORIGIN.match(address) if len(address) <= _MOST_CHARACTERS else None


def _fault_of_place(match: re.Match[str]) -> str | None:
    if match["port"] and int(match["port"]) > 65_535:
        return f"has a port above 65535, {_not(match.string)}"
    if match["host"] in _LOOPBACK_HOSTS:
        return None
    if match["scheme"] == "http":
        return f"must begin with https; http is for this machine alone, {_not(match.string)}"
    if not re.search(r"\.[a-z][a-z0-9-]*\Z", match["host"]):
        return f"must name a host by its full name, {_not(match.string)}"
    return None


def _not(address: str) -> str:
    return f"not {reprlib.repr(address)}"
