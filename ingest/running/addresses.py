"""Read the address to listen on, open it, and take the URL of a database apart."""

import errno
import os
import socket
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

# A client that reads nothing of an answer for this long is disconnected, to free its memory.
UNREAD_ANSWER_MILLISECONDS = 30_000

_MALFORMED = "an address is a host and a port, such as 127.0.0.1:9464 or [::1]:9464"


class PortTaken(Exception):
    """Something else listens there already; `setting` is the setting to change."""

    def __init__(self, host: str, port: int, setting: str) -> None:
        self.port = port
        self.setting = setting
        super().__init__(
            f"Port {port} on {host} is taken; stop what listens there or set {setting} to another."
        )


class AddressUnusable(Exception):
    """This machine does not allow us to listen there: a privileged port, or a foreign address."""

    def __init__(self, host: str, port: int, reason: str, setting: str) -> None:
        super().__init__(f"Cannot listen on {host}, port {port} ({reason}); see {setting}.")


def split_address(address: str) -> tuple[str, int]:
    """`host:port` or `[ipv6]:port`; port 0 means any free one. Raises ValueError."""
    host, colon, port = address.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(_MALFORMED)
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError(_MALFORMED)
    return host, int(port)


def listen(host: str, port: int, *, setting: str, backlog: int = 2048) -> socket.socket:
    """A listening socket; `::` takes IPv4 too. Raises PortTaken or AddressUnusable.

    It listens at once, because two sockets that are only bound could both get the port.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as unusable:
        raise AddressUnusable(host, port, _reason(unusable), setting) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections inherit it
            listener.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_ANSWER_MILLISECONDS
            )
        listener.bind(place)
        listener.listen(backlog)
    except OSError as refused:
        listener.close()
        if refused.errno == errno.EADDRINUSE:
            raise PortTaken(host, port, setting) from None
        raise AddressUnusable(host, port, _reason(refused), setting) from None
    return listener


def _reason(refused: OSError) -> str:
    if isinstance(refused, socket.gaierror):
        return "no such name"
    return os.strerror(refused.errno).lower() if refused.errno else "refused"


def parts_of(database_url: str) -> SplitResult:
    """As `urlsplit`, but also for a URL with several hosts.

    Postgres allows a bracket after other hosts (`a,[::1]`), which Python refuses in Debian's 3.11
    and in releases since 2024.
    """
    scheme, between, rest = database_url.partition("://")
    end = min((rest.index(mark) for mark in "/?#" if mark in rest), default=len(rest))
    return urlsplit(f"{scheme}{between}{rest[end:]}")._replace(netloc=rest[:end])


def hosts_of(database_url: str) -> list[str]:
    """The hosts in it: names, addresses, folders of sockets; none: it leaves them to libpq.

    Raises ValueError where a port is none, or an address is not whole.
    """
    parts = parts_of(database_url)
    query = parse_qs(parts.query)
    for port in ",".join(query.get("port", [])).split(","):
        if port and not (port.isascii() and port.isdigit() and int(port) < 65_536):
            raise ValueError(_MALFORMED)
    places = parts.netloc.rpartition("@")[2]
    if not places:
        return [host for host in query.get("host", [""])[-1].split(",") if host]
    hosts = []
    for place in places.split(","):
        each = urlsplit(f"//{place}")
        _ = each.port  # reading it raises
        hosts.append(unquote(each.hostname or ""))
    return [host for host in hosts if host]
