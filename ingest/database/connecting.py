"""Connect to a database; of several hosts in a URL all are tried at once, and the first one wins.

asyncpg tries hosts one after another within one time-out. A machine that accepts connections and
never answers would use up the time of the hosts after it.
"""

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import asyncpg

from ingest.running.addresses import parts_of


async def connect(
    url: str,
    *,
    timeout: float = 10,  # noqa: ASYNC109 - asyncpg's name: a pool calls us
    **options: Any,
) -> asyncpg.Connection:
    """Connect to `url`, each of its hosts within `timeout` seconds; `options` are asyncpg's.

    Of several hosts, takes the first that is of the kind in `target_session_attrs`, by default one
    that takes writes, and closes the others. While one says nothing those that refused are asked
    again. When all fail, raises the error that tells most.
    """
    hosts = urls_of_hosts(url)
    kind = dict(parse_qsl(parts_of(url).query)).get("target_session_attrs")
    if len(hosts) == 1:
        return await asyncpg.connect(hosts[0], timeout=timeout, **options)
    if kind is None:
        # The quickest host may be a standby, on which our writes would fail.
        hosts = [_with_query(host, target_session_attrs="read-write") for host in hosts]
    elif kind == "prefer-standby":
        # For one host, asyncpg accepts any kind. Of several we try for a standby, then for any.
        standbys = [_with_query(host, target_session_attrs="standby") for host in hosts]
        try:
            return await _first(standbys, timeout, options)
        except asyncpg.TargetServerAttributeNotMatched:
            pass
        hosts = [_with_query(host, target_session_attrs="any") for host in hosts]
    return await _first(hosts, timeout, options)


def url_of_primary(url: str) -> str:
    """The same hosts, for whichever takes writes."""
    return _with_query(url, target_session_attrs="read-write")


def urls_of_hosts(url: str) -> list[str]:
    """A URL for each host that `url` names, in its order; only `url` where it names one or none."""
    parts = parts_of(url)
    query = dict(parse_qsl(parts.query))
    credentials, at, addresses = parts.netloc.rpartition("@")
    if "," in addresses:
        return [
            parts._replace(netloc=f"{credentials}{at}{address}").geturl()
            for address in addresses.split(",")
        ]
    hosts = query.get("host", "").split(",")
    if len(hosts) < 2:
        return [url]
    ports = query.get("port", "").split(",")
    if len(ports) not in (1, len(hosts)):
        raise ValueError("a database URL names one port, or one for each host")
    ports = ports if len(ports) == len(hosts) else ports * len(hosts)
    return [
        _with_query(url, host=host, **({"port": port} if port else {}))
        for host, port in zip(hosts, ports, strict=True)
    ]


def _with_query(url: str, **parameters: str) -> str:
    parts = parts_of(url)
    query = urlencode(dict(parse_qsl(parts.query)) | parameters, quote_via=quote)
    return parts._replace(query=query).geturl()


# In a failover the next to lead refuses, and a moment later does not.
_MAY_CHANGE = (OSError, asyncpg.TargetServerAttributeNotMatched, asyncpg.CannotConnectNowError)
_SECONDS_BETWEEN = 0.25


async def _first(hosts: list[str], seconds: float, options: dict[str, Any]) -> asyncpg.Connection:
    silent = set(hosts)

    async def ask(host: str) -> asyncpg.Connection:
        while True:
            try:
                return await asyncpg.connect(host, timeout=seconds, **options)
            except _MAY_CHANGE:
                silent.discard(host)
                if not silent:
                    raise
            except Exception:
                silent.discard(host)
                raise
            await asyncio.sleep(_SECONDS_BETWEEN)

    attempts = [asyncio.create_task(ask(host)) for host in hosts]
    refusals: list[Exception] = []
    connection: asyncpg.Connection | None = None
    try:
        for attempt in asyncio.as_completed(attempts):
            try:
                connection = await attempt
            except Exception as refusal:
                refusals.append(refusal)
            else:
                return connection
        raise max(refusals, key=_how_telling)
    finally:
        await _let_go(attempts, connection)


def _how_telling(refusal: Exception) -> int:
    """Rank a refusal by how much it explains: silence least, then a standby, then others."""
    order: Iterable[type[Exception]] = (
        TimeoutError,
        OSError,
        asyncpg.TargetServerAttributeNotMatched,
        Exception,
    )
    return next(rank for rank, kind in enumerate(order) if isinstance(refusal, kind))


async def _let_go(
    attempts: list["asyncio.Task[asyncpg.Connection]"], connection: asyncpg.Connection | None
) -> None:
    for attempt in attempts:
        attempt.cancel()
    for result in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(result, asyncpg.Connection) and result is not connection:
            result.terminate()
