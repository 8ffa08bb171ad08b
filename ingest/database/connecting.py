"""One way to connect, also where a URL names several hosts: all at once, and the first that serves.

asyncpg tries hosts one after another within one time-out, so that a machine which takes connections
and says nothing uses up the time of those behind it.
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

    Of several hosts the first that is of the kind that `target_session_attrs` asks for is taken,
    and the others are let go; where it asks for none, one that takes writes. Raises what asyncpg
    raises, of a host that said most about why.
    """
    hosts = urls_of_hosts(url)
    kind = dict(parse_qsl(parts_of(url).query)).get("target_session_attrs")
    if len(hosts) == 1:
        return await asyncpg.connect(hosts[0], timeout=timeout, **options)
    if kind is None:
        # The quickest to answer may be a standby, on which all that we do fails.
        hosts = [_with(host, target_session_attrs="read-write") for host in hosts]
    elif kind == "prefer-standby":
        # Of one host by itself anybody is preferred; of several a standby is, and else anybody.
        standbys = [_with(host, target_session_attrs="standby") for host in hosts]
        try:
            return await _first(standbys, timeout, options)
        except asyncpg.TargetServerAttributeNotMatched:
            pass
        hosts = [_with(host, target_session_attrs="any") for host in hosts]
    return await _first(hosts, timeout, options)


def urls_of_hosts(url: str) -> list[str]:
    """The same URL for each host that it names, in its order; itself where it names one at most."""
    parts = parts_of(url)
    query = dict(parse_qsl(parts.query))
    who, at, places = parts.netloc.rpartition("@")
    if "," in places:
        return [parts._replace(netloc=f"{who}{at}{place}").geturl() for place in places.split(",")]
    hosts = query.get("host", "").split(",")
    if len(hosts) < 2:
        return [url]
    ports = query.get("port", "").split(",")
    if len(ports) not in (1, len(hosts)):
        raise ValueError("a database URL names one port, or one for each host")
    ports = ports if len(ports) == len(hosts) else ports * len(hosts)
    return [
        _with(url, host=host, **({"port": port} if port else {}))
        for host, port in zip(hosts, ports, strict=True)
    ]


def _with(url: str, **more: str) -> str:
    parts = parts_of(url)
    query = urlencode(dict(parse_qsl(parts.query)) | more, quote_via=quote)
    return parts._replace(query=query).geturl()


async def _first(hosts: list[str], seconds: float, options: dict[str, Any]) -> asyncpg.Connection:
    trying = [
        asyncio.create_task(asyncpg.connect(host, timeout=seconds, **options)) for host in hosts
    ]
    refusals: list[Exception] = []
    taken: asyncpg.Connection | None = None
    try:
        for next_done in asyncio.as_completed(trying):
            try:
                taken = await next_done
            except Exception as refused:
                refusals.append(refused)
            else:
                return taken
        raise max(refusals, key=_says)
    finally:
        await _let_go(trying, taken)


def _says(refused: Exception) -> int:
    """How much a refusal says: a wrong password more than a standby, that more than silence."""
    order: Iterable[type[Exception]] = (
        TimeoutError,
        OSError,
        asyncpg.TargetServerAttributeNotMatched,
        Exception,
    )
    return next(place for place, kind in enumerate(order) if isinstance(refused, kind))


async def _let_go(
    trying: list["asyncio.Task[asyncpg.Connection]"], taken: asyncpg.Connection | None
) -> None:
    for task in trying:
        task.cancel()
    for made in await asyncio.gather(*trying, return_exceptions=True):
        if isinstance(made, asyncpg.Connection) and made is not taken:
            made.terminate()
