"""Open Notificaties 1.16.1 as it was found: it tries an address out, and then tells, five times.

It calls the address of a subscription twice before it looks at anything else: without its key,
which must be refused, and with it. What was published leaves in batches, in no order. What was not
answered well within ten seconds counts as not delivered, also when it was; after five tries it is
dropped.
"""

import json
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec

from tests.neighbours.openzaak import problem, told
from tests.neighbours.server import Behaviour, Reply, Request

TRIES = 5
AFTER_SECONDS = (3.7, 8.7, 23.9, 73.7)
"""When the second try was seen, and those after it; about 160 seconds until it gives up."""

SIGNS = {
    "User-Agent": "python-requests/2.33.1",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
    "Content-Type": "application/json",
}
PING: dict[str, Any] = {
    "kanaal": "test",
    "hoofdObject": "http://some.hoofdobject.nl/",
    "resource": "some_resource",
    "resourceUrl": "http://some.resource.nl/",
    "actie": "create",
    "aanmaakdatum": "2019-01-01T12:00:00Z",
    "kenmerken": {},
}

Post = Callable[[str, dict[str, str], bytes], Awaitable[int]]
"""Posts to an address, with these headers; gives the status, or 0 where nobody answered in time."""


class Message(msgspec.Struct):
    """One message on its way to one subscriber."""

    body: bytes
    tries: int = 0


class OpenNotificaties:
    """One Open Notificaties. `post` is how it reaches its subscribers."""

    def __init__(
        self, post: Post, *, channels: tuple[str, ...] = ("zaken",), seed: int = 1
    ) -> None:
        self.channels = channels
        self.subscriptions: list[dict[str, Any]] = []
        self.queue: list[Message] = []
        self.dropped: list[Message] = []
        self.delivered = 0
        self.rights = True
        self._post = post
        self._chance = random.Random(seed)  # a test plays the same day again

    def publish(self, message: dict[str, Any]) -> None:
        """A system tells something; it waits for the next batch."""
        if not all(isinstance(each, str) for each in message["kenmerken"].values()):
            # So what Open Klant tells of contacts never arrives.
            raise ValueError("400 kenmerken")
        for each in self.subscriptions:
            # With CloudEvents and channels in one subscription it asks for a source.
            if each.get("sendCloudevents") and each["kanalen"] and not message.get("source"):
                raise ValueError("400 source")
            if any(one["naam"] == message["kanaal"] for one in each["kanalen"]):
                self.queue.append(Message(as_told(message)))

    async def deliver(self, *, twice: float = 0.0) -> None:
        """One batch. So large a part of it is delivered, and counts as if it was not."""
        batch, self.queue = self.queue, []
        self._chance.shuffle(batch)
        (subscription,) = self.subscriptions
        headers = SIGNS | {"Authorization": subscription["auth"]}
        for message in batch:
            message.tries += 1
            status = await self._post(subscription["callbackUrl"], headers, message.body)
            if 200 <= status < 300 and self._chance.random() >= twice:
                self.delivered += 1
            elif message.tries >= TRIES:
                self.dropped.append(message)
            else:
                self.queue.append(message)

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request of whoever subscribes."""
        if not request.headers.get("authorization", "").startswith("Bearer ") or not self.rights:
            return problem(403, "permission_denied")
        path = request.target.partition("?")[0]
        if (request.method, path) == ("GET", "/api/v1/kanaal"):
            return _list([{"naam": each} for each in self.channels])
        if (request.method, path) == ("GET", "/api/v1/abonnement"):
            return _list([_shown(each) for each in self.subscriptions])
        if (request.method, path) == ("POST", "/api/v1/abonnement"):
            return await self._subscribe(json.loads(request.body))
        return problem(404, "not_found")

    async def _subscribe(self, asked: dict[str, Any]) -> Reply:
        if not asked.get("auth") or not asked.get("callbackUrl"):
            return problem(400, "required")
        address, body = asked["callbackUrl"], json.dumps(PING).encode()
        # Before it looks at the channels: who subscribes wrongly is called too.
        if await self._post(address, SIGNS, body) not in (401, 403):
            return problem(400, "no-auth-on-callback-url")
        status = await self._post(address, SIGNS | {"Authorization": asked["auth"]}, body)
        if not 200 <= status < 210:
            return problem(400, "invalid-callback-url")
        if {each["naam"] for each in asked["kanalen"]} - set(self.channels):
            return problem(400, "kanaal_naam")
        made = {"url": f"http://notificaties.example/api/v1/abonnement/{uuid4()}", **asked}
        self.subscriptions.append(made)
        return told(201, _shown(made))


def as_told(message: dict[str, Any]) -> bytes:
    """As it was delivered: keys in the order of jsonb, the shorter first."""
    return json.dumps(_in_order(message)).encode()


def _in_order(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    keys = sorted(value, key=lambda key: (len(key), key))
    return {key: _in_order(value[key]) for key in keys}


def _shown(subscription: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in subscription.items() if name != "auth"}


def _list(found: list[dict[str, Any]]) -> Reply:
    return Reply(200, json.dumps(found).encode())
