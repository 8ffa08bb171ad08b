"""What somebody learns who holds the links of others: to open one tells nothing, to answer it does.

Two ways are tried on every link. Those that spend nothing (to open it, and every answer that is
refused) must be answered the same whether somebody used that link or not. An answer that is taken
tells who was before it, and takes the place of who was not.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import msgspec

from ingest.questionnaires.sampling import is_sampled
from tests.conftest import Served
from tests.example import VERSION

type_of_try = Callable[[Served, str], Coroutine[Any, Any, httpx.Response]]


class SpentLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Of so many links, `used` by who got them."""

    links: int
    used: int
    tries: int
    telling: list[str]
    """Ways that spend nothing, and which of them said something of a link."""

    left: int
    """Links that could still be answered after all of those."""

    found: int
    """Used ones that were told from others by answering each of them."""

    taken: int
    """Residents whose only answer was taken away so."""

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = [f"whether a link was used is told by: {each}" for each in self.telling]
        if self.left != self.links - self.used:
            bad.append(f"{self.left} links are left of {self.links - self.used}")
        return bad


def _form(**fields: str) -> type_of_try:
    async def send(served: Served, token: str) -> httpx.Response:
        return await served.client.post(
            f"/v/{token}",
            content=urlencode({"_language": "nl", "_version": str(VERSION)} | fields),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    return send


def _json(**changes: Any) -> type_of_try:
    async def send(served: Served, token: str) -> httpx.Response:
        return await served.post(served.body(token, "molensloot/telefonie", **changes))

    return send


def _opened(method: str, query: str = "") -> type_of_try:
    async def send(served: Served, token: str) -> httpx.Response:
        return await served.client.request(method, f"/v/{token}{query}")

    return send


SPENDING_NOTHING: dict[str, type_of_try] = {
    "to open it": _opened("GET"),
    "to ask for its head": _opened("HEAD"),
    "to open it at a mark": _opened("GET", "?cijfer=8"),
    "to ask what it takes": _opened("OPTIONS"),
    "an empty form": _form(),
    "a mark that there is not": _form(cijfer="11"),
    "questions that there are not": _form(cijfer="8", _version="99"),
    "a retry of nothing": _form(cijfer="11", _response=str(uuid4())),
    "no answers": _json(answers={}),
    "a language that there is not": _json(language="xx"),
    "an item that there is not": _json(answers={"cijfer": 8, "naam": "x"}),
    "another touchpoint": _json(touchpoint="molensloot/balie-hal"),
    "another questionnaire": _json(questionnaire="balie"),
    "another version": _json(version=99),
}
# A field that people do not see: the answer is kept apart, and counts in no figure.
_ANSWERING = _form(cijfer="8", _website="x")


async def tried(served: Served, links: Mapping[str, datetime | None]) -> SpentLinks:
    """Try each link, with the moment at which it was used if it was."""
    tokens = {link.rpartition("/")[2]: used is not None for link, used in links.items()}
    catalogue = served.service.catalogue
    touchpoint = catalogue.touchpoint("molensloot", "telefonie")
    questionnaire = catalogue.questionnaire(touchpoint, touchpoint.version)
    telling = []
    for name, attempt in SPENDING_NOTHING.items():
        # One in ten is asked something else, whoever used the link: like is compared with like.
        replies: dict[bool, set[str]] = defaultdict(set)
        for token in tokens:
            sampled = is_sampled(questionnaire, served.tokens.read(token).id)
            replies[sampled].add(_said(await attempt(served, token), token))
        if any(len(said) > 1 for said in replies.values()):
            telling.append(name)
    async with served.database.superuser() as db:
        left = await db.fetchval("select count(*) from meetpunt.invitation")
    found = taken = 0
    for token, used in tokens.items():
        said = (await _ANSWERING(served, token)).status_code
        found += used and said == 410
        taken += not used and said == 303
    return SpentLinks(
        links=len(tokens),
        used=sum(tokens.values()),
        tries=len(SPENDING_NOTHING),
        telling=telling,
        left=left,
        found=found,
        taken=taken,
    )


_OWN_TO_A_REPLY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _said(reply: httpx.Response, token: str) -> str:
    """All of it but what is new in each reply, and the token that was sent."""
    headers = sorted((n, v) for n, v in reply.headers.items() if n != "date")
    text = f"{reply.status_code} {headers} {reply.text}"
    return _OWN_TO_A_REPLY.sub("an id", text.replace(token, "the token"))
