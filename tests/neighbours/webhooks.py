"""Who takes webhooks as Standard Webhooks says: strict about signatures, and odd as others are.

It answers what it did not take by one word, keeps each delivery that it took under its id, and
counts those that came again. On a bad day it says that it is no more, that it has had enough, or
that it moved.
"""

import base64
import hmac
import json
import time
from collections import deque
from hashlib import sha256
from typing import Any

from tests.neighbours.server import BadDay, Behaviour, Reply, Request

GONE = Reply(410)
MOVED = Reply(308, headers=(("Location", "http://127.0.0.1:1/elders"),))
NOT_NOW = Reply(429, headers=(("Retry-After", "90"),))
FAILING = Reply(502, b"<h1>Bad Gateway</h1>", (("Content-Type", "text/html"),))

_TOLERANCE_SECONDS = 300


class Webhooks:
    """One endpoint. `secrets` are those that it believes, in whatever order."""

    def __init__(self, *secrets: str, path: str = "/signalen?sp=%2Frun&sig=a_b-c") -> None:
        self.secrets = list(secrets)
        self.path = path
        self.taken: dict[str, dict[str, Any]] = {}
        self.ids: list[str] = []  # of all that came with a good signature, as they came
        self.again = 0
        self.bad_days: deque[BadDay] = deque()

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        bad_day = self.bad_days.popleft() if self.bad_days else None
        if bad_day and not bad_day.after:
            return bad_day.behaviour
        answer = self._answer(request)
        return bad_day.behaviour if bad_day else answer

    def _answer(self, request: Request) -> Reply:
        if (request.method, request.target) != ("POST", self.path):
            return _refused(404, "not-found")
        if request.headers.get("content-type") != "application/json":
            return _refused(415, "not-json")
        if fault := self._fault(request):
            return _refused(401, fault)
        id = request.headers["webhook-id"]
        body = json.loads(request.body)
        self.ids.append(id)
        if id in self.taken:
            self.again += 1
            assert self.taken[id] == body, "one id, and another content"
        self.taken[id] = body
        return Reply(204)

    def _fault(self, request: Request) -> str | None:
        """As the specification has it: id, time and body are signed together."""
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        if any(not request.headers.get(name) for name in names):
            return "headers-missing"
        id, told, signatures = (request.headers[name] for name in names)
        if not told.isdigit() or abs(time.time() - int(told)) > _TOLERANCE_SECONDS:
            return "too-old"
        signed = b".".join((id.encode(), told.encode(), request.body))
        for secret in self.secrets:
            key = base64.b64decode(secret.removeprefix("whsec_"))
            good = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
            for each in signatures.split(" "):
                version, _, rest = each.partition(",")
                if version == "v1" and hmac.compare_digest(rest, good):
                    return None
        return "signature-wrong"


def _refused(status: int, word: str) -> Reply:
    return Reply(status, json.dumps({"error": word}).encode())
