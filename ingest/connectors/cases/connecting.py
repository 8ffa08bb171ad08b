"""Connect a municipality to its case system: try each address and right, and subscribe.

What is missing is told in a sentence for whoever administers that system. Nothing is changed there
but that we are notified.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from ingest.clock import today_here
from ingest.connectors.cases.system import CaseSystem
from ingest.connectors.keys import ConnectorUnready, Key
from ingest.connectors.notifications.channels import CHANNELS
from ingest.connectors.notifications.following import NotNow
from ingest.connectors.zgw_tokens import make_token
from ingest.municipalities.municipality import Municipality
from ingest.outgoing.client import Answer, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent

_REASONS = {
    "unreachable": "nothing answers there: is the address right, and may this machine reach it?",
    "destination-refused": "its address is not one that we call: write `private_network = true` "
    "where it lies in your own network; this machine itself needs MEETPUNT_LOOPBACK=1",
    "no-answer": "it did not answer in time",
    "connection-lost": "the connection was lost",
    "certificate-refused": "its certificate is not one that this machine trusts",
    "key-unreadable": "the `key_file` of `[cases]` cannot be read here, may be read by others (its "
    "mode must be 0600), or holds a key that is too short",
    "answer-unreadable": "something answers there that is no such API: is the address right, up to "
    "and with its version?",
    "key-refused": "it refuses us: is the application there, with this client id and secret, and "
    "may it {right}?",
    "not-found": "there is no such API: is the address right, up to and with its version?",
    "system-failed": "it failed on its own side",
}
_SUBSCRIBING = {
    "no-auth-on-callback-url": "it could call {callback} without a key, or could not reach it: "
    "does that address lead to this service, with `[notifications]` in force?",
    "invalid-callback-url": "it called {callback} with the key of `[notifications]`, and that was "
    "not taken: is the service started with the same file?",
}


class Finding(msgspec.Struct, frozen=True):
    """One thing that was tried, and whether it is well."""

    well: bool
    sentence: str


class Connecting:
    """Tries and connects one municipality, which has `[cases]` and `[notifications]`.

    `base_url` is where others reach this service.
    """

    def __init__(self, municipality: Municipality, *, base_url: str) -> None:
        if municipality.cases is None or municipality.notifications is None:
            raise ValueError("nothing to connect")
        self._cases, self._municipality = municipality.cases, municipality
        self._key = Key(municipality.cases.key_file, municipality=municipality.slug)
        self._shown = Key(municipality.notifications.key_file, municipality=municipality.slug)
        self._system = CaseSystem(municipality.cases, self._key)
        self._callback = f"{base_url}/api/v1/notifications/{municipality.slug}"

    async def try_all(self, *, subscribe: bool) -> AsyncIterator[Finding]:
        """Everything in order, each as it is known."""
        async for finding in self._try_cases():
            yield finding
        for identification in dict.fromkeys((*self._cases.types, *self._cases.phases)):
            yield await self._try_type(identification)
        async for finding in self._try_notifications(subscribe=subscribe):
            yield finding

    async def close(self) -> None:
        """Let go of every connection."""
        await self._system.close()

    async def _try_cases(self) -> AsyncIterator[Finding]:
        today = today_here().isoformat()
        url = self._cases.zaken_url
        try:
            await anext(aiter(self._system.closed_between(today, today)), None)
        except NotNow as not_now:
            yield Finding(False, f"Cases at {url}: {_why(not_now.reason, 'zaken.lezen')}")
        else:
            yield Finding(True, f"Cases at {url} can be read.")

    async def _try_type(self, identification: str) -> Finding:
        """Whether there is such a type, and whether those who asked for it may be told."""
        named = f"The type of case {identification}"
        try:
            found = await self._system.types(identification)
            if not found:
                known = self._cases.catalogi_url
                return Finding(False, f"{named} is not at {known}: is its identification right?")
            newest = max(found, key=lambda each: str(each.get("beginGeldigheid", "")))
            statuses = await self._system.status_types(str(newest.get("url", "")))
        except NotNow as not_now:
            return Finding(False, f"{named}: {_why(not_now.reason, 'catalogi.lezen')}")
        ends = [each for each in statuses if each.get("isEindstatus") is True]
        if not any(each.get("informeren") is True for each in ends):
            told = "whoever asked for it is not to be informed of its last status (`informeren`)"
            return Finding(False, f"{named}: {told}, so nobody is invited.")
        names = {str(each.get("omschrijving", "")) for each in statuses}
        if strange := sorted(self._cases.phases.get(identification, {}).keys() - names):
            told = f"has no status {', '.join(strange)}; it has {', '.join(sorted(names))}"
            return Finding(False, f"{named} {told}.")
        return Finding(True, f"{named} is there, and tells of its end.")

    async def _try_notifications(self, *, subscribe: bool) -> AsyncIterator[Finding]:
        url = self._cases.notificaties_url
        if not url:
            yield Finding(
                False, "There is no `notificaties_url` in `[cases]`: nobody would notify us."
            )
            return
        client = Client(url, private=self._cases.private_network)
        try:
            async for finding in self._subscribed(client, subscribe=subscribe):
                yield finding
        except NotNow as not_now:
            right = "notificaties.consumeren"
            yield Finding(False, f"Notifications at {url}: {_why(not_now.reason, right)}")
        finally:
            await client.close()

    async def _subscribed(self, client: Client, *, subscribe: bool) -> AsyncIterator[Finding]:
        channels = [
            name for name, each in CHANNELS.items() if each.base(self._municipality) is not None
        ]
        there = {str(each.get("naam", "")) for each in _list(await self._asked(client, "/kanaal"))}
        if missing := [name for name in channels if name not in there]:
            told = f"Notifications: there is no channel {', '.join(missing)}"
            yield Finding(False, f"{told}. It is made where that system is set up, not by us.")
            return
        ours = [
            each
            for each in _list(await self._asked(client, "/abonnement"))
            if each.get("callbackUrl") == self._callback
        ]
        told = f"to {self._callback} ({', '.join(channels)})"
        if ours:
            yield _judged(ours, channels, told)
        elif not subscribe:
            yield Finding(False, f"There is no subscription {told}.")
        else:
            yield await self._subscribe(client, channels, told)

    async def _subscribe(self, client: Client, channels: list[str], told: str) -> Finding:
        try:
            secret = self._shown.secret
        except ConnectorUnready:
            why = "the `key_file` of `[notifications]` cannot be read here, or its key is too short"
            return Finding(False, f"No subscription: {why}.")
        body = {
            "callbackUrl": self._callback,
            "auth": f"Bearer {secret}",
            # Not with CloudEvents: whoever notifies without a source would be refused then.
            "kanalen": [{"naam": name, "filters": {}} for name in channels],
        }
        answer = await self._asked(client, "/abonnement", msgspec.json.encode(body))
        if answer.status == 201:
            return Finding(True, f"Subscribed {told}.")
        found = answer.json()
        codes = _codes(found) if isinstance(found, dict) else []
        for code in codes:
            if code in _SUBSCRIBING:
                why = _SUBSCRIBING[code].format(callback=self._callback)
                return Finding(False, f"No subscription: {why}")
        if answer.status in (401, 403):
            return Finding(
                False, f"No subscription: {_why('key-refused', 'notificaties.consumeren')}"
            )
        return Finding(False, f"No subscription: it answered with {answer.status}.")

    async def _asked(self, client: Client, target: str, body: bytes = b"") -> Answer:
        try:
            token = make_token(self._cases.client_id, self._key.secret, now=datetime.now(UTC))
        except ConnectorUnready:
            raise NotNow("key-unreadable") from None
        headers = {"Authorization": f"Bearer {token}"}
        if body:
            headers["Content-Type"] = "application/json"
        try:
            return await client.call("POST" if body else "GET", target, headers=headers, body=body)
        except (NotSent, PerhapsSent) as failed:
            raise NotNow(failed.reason) from None


def _why(reason: str, right: str) -> str:
    """In a sentence to its end: a question, or what is so."""
    told = _REASONS.get(reason, f"it gave no answer that we understand ({reason})")
    return ended(told.format(right=right))


def ended(sentence: str) -> str:
    """With a point behind what is no question."""
    return sentence if sentence.endswith("?") else f"{sentence}."


def _judged(ours: list[dict[str, Any]], channels: list[str], told: str) -> Finding:
    """A subscription that somebody made before, perhaps by hand."""
    heard = {
        str(each.get("naam", ""))
        for one in ours
        for each in one.get("kanalen") or ()
        if isinstance(each, dict)
    }
    if missing := [name for name in channels if name not in heard]:
        why = f"the subscription {told} has no channel {', '.join(missing)}"
        return Finding(False, f"{why[0].upper()}{why[1:]}: delete it there, and run this again.")
    if any(one.get("sendCloudevents") for one in ours):
        why = "it also asks for CloudEvents, so whoever notifies without a source is refused"
        return Finding(False, f"There is a subscription {told}, but {why}: delete it there.")
    if len(ours) > 1:
        return Finding(True, f"There are {len(ours)} subscriptions {told}; one would do.")
    return Finding(True, f"There is a subscription {told}.")


def _list(answer: Answer) -> list[dict[str, Any]]:
    found = answer.json()
    # Some versions give pages.
    listed = found.get("results") if isinstance(found, dict) else found
    if answer.status == 200 and isinstance(listed, list):
        return [each for each in listed if isinstance(each, dict)]
    reasons = {401: "key-refused", 403: "key-refused", 404: "not-found"}
    usual = "system-failed" if answer.status >= 500 else "answer-unreadable"
    raise NotNow(reasons.get(answer.status, usual))


def _codes(problem: dict[str, Any]) -> list[str]:
    params = problem.get("invalidParams")
    found = params if isinstance(params, list) else []
    return [
        str(problem.get("code", "")),
        *(str(each.get("code", "")) for each in found if isinstance(each, dict)),
    ]
