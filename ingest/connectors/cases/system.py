"""Asks a municipality's case system, and changes nothing there."""

import ssl
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from ingest.connectors.keys import ConnectorUnready, Key
from ingest.connectors.notifications.channels import target_below
from ingest.connectors.notifications.following import NotNow
from ingest.connectors.zgw_tokens import make_token
from ingest.municipalities.cases import Cases
from ingest.outgoing.client import Answer, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent

MOST_PAGES = 500
"""Of one list: fifty thousand cases that were closed within some days."""

_MOST_BYTES = 1_000_000
_TYPES_KNOWN_SECONDS = 3600.0
_MOST_TYPES = 2000
_REASONS = {
    401: "key-refused",
    403: "key-refused",
    404: "not-found",
    406: "not-understood",
    429: "too-many",
}


class CaseSystem:
    """The case system of one municipality. `tls` says whom to trust, where that is not usual."""

    def __init__(self, cases: Cases, key: Key, *, tls: ssl.SSLContext | None = None) -> None:
        self.cases = cases
        self._key = key
        self._clients = {
            base: Client(base, private=cases.private_network, tls=tls, most_bytes=_MOST_BYTES)
            for base in (cases.zaken_url, cases.catalogi_url)
        }
        self._types: dict[str, tuple[float, dict[str, Any]]] = {}

    async def read(self, url: str) -> dict[str, Any] | None:
        """What is at this address now; None where nothing is any more.

        Raises `NotNow`, also for an address that is not of this system: `foreign-address`.
        """
        base, target = self._placed(url)
        answer = await self._asked(base, target)
        return None if answer.status in (404, 410) else _object(answer)

    async def read_type(self, url: str) -> dict[str, Any]:
        """The same of a type, which seldom changes: what was read in the last hour. Raises `NotNow`
        where there is none either.
        """
        known = self._types.get(url)
        if known and monotonic() - known[0] < _TYPES_KNOWN_SECONDS:
            return known[1]
        found = await self.read(url)
        if found is None:
            raise NotNow("type-missing")
        if len(self._types) >= _MOST_TYPES:
            self._types.clear()
        self._types[url] = (monotonic(), found)
        return found

    async def initiators(self, case: str) -> list[dict[str, Any]]:
        """Who asked for the case at this address. Raises `NotNow`."""
        query = urlencode({"zaak": case, "omschrijvingGeneriek": "initiator"})
        listed = _object(await self._asked(self.cases.zaken_url, f"/rollen?{query}"))
        return _results(listed)

    async def types(self, identification: str) -> list[dict[str, Any]]:
        """Every published version of a type of case. Raises `NotNow`."""
        query = urlencode({"identificatie": identification, "status": "definitief"})
        return _results(_object(await self._asked(self.cases.catalogi_url, f"/zaaktypen?{query}")))

    async def status_types(self, case_type: str) -> list[dict[str, Any]]:
        """The statuses that a case of this type, by its address, can have. Raises `NotNow`."""
        query = urlencode({"zaaktype": case_type})
        found = await self._asked(self.cases.catalogi_url, f"/statustypen?{query}")
        return _results(_object(found))

    async def closed_between(self, first: str, last: str) -> AsyncIterator[list[dict[str, Any]]]:
        """Cases that were closed after the day `first` and before `last`, a page at a time.

        Days as in 2026-11-30. Raises `NotNow`.
        """
        for page in range(1, MOST_PAGES + 1):
            query = {"einddatum__gt": first, "einddatum__lt": last}
            # Its own words for "the next page" may lead through another host.
            target = "/zaken?" + urlencode(query | ({"page": str(page)} if page > 1 else {}))
            listed = _object(await self._asked(self.cases.zaken_url, target))
            yield _results(listed)
            if not listed.get("next"):
                return
        raise NotNow("too-many-pages")

    async def close(self) -> None:
        """Let go of every connection."""
        for client in self._clients.values():
            await client.close()

    def _placed(self, url: str) -> tuple[str, str]:
        for base in self._clients:
            target = target_below(base, url)
            if target is not None:
                return base, target
        raise NotNow("foreign-address")

    async def _asked(self, base: str, target: str) -> Answer:
        try:
            secret = self._key.secret
        except ConnectorUnready:
            raise NotNow("key-unreadable") from None
        token = make_token(self.cases.client_id, secret, now=datetime.now(UTC))
        headers = {"Authorization": f"Bearer {token}", "Accept-Crs": "EPSG:4326"}
        try:
            return await self._clients[base].call("GET", target, headers=headers)
        except (NotSent, PerhapsSent) as failed:
            # It only asks, so it may ask again.
            raise NotNow(failed.reason) from None


def _object(answer: Answer) -> dict[str, Any]:
    if answer.status == 200 and isinstance(found := answer.json(), dict):
        return found
    if answer.status >= 500:
        raise NotNow("system-failed")
    raise NotNow(_REASONS.get(answer.status, "answer-unreadable"))


def _results(listed: Mapping[str, Any]) -> list[dict[str, Any]]:
    results = listed.get("results")
    if not isinstance(results, list):
        raise NotNow("answer-unreadable")
    return [each for each in results if isinstance(each, dict)]
