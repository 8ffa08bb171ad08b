"""Who get the mail of a closed report and answer it, while the service comes and goes."""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from tests.filled_in import form_on
from tests.reports import FORM, address


class Reporters:
    """Who get the mail of a closed report, and answer until they are thanked.

    Whose form was taken, and who heard nothing of it for twenty minutes, reads that it was used.
    """

    def __init__(self, url: str) -> None:
        self.said: dict[str, str] = {}
        self.thanked: set[UUID] = set()  # by the id of what they sent
        self.used: set[UUID] = set()
        self.again = 0  # how often a form was sent once more, as nobody said what became of it
        self._url = url
        self._answering: set[asyncio.Task[None]] = set()

    def mailed(self, token: str, says: str, *, times: int) -> None:
        """One of them gets a mail, and says so; somebody else presses the button twice."""
        self.said[token] = says
        task = asyncio.create_task(self._answer(token, says, times))
        self._answering.add(task)
        task.add_done_callback(self._done)

    async def all_thanked(self) -> None:
        """Return when every one of them was. Raises what went wrong for one."""
        while self._answering:
            await asyncio.gather(*self._answering)

    def _done(self, task: asyncio.Task[None]) -> None:
        # One that failed stays, so that whoever waits for all is told.
        if not task.cancelled() and task.exception() is None:
            self._answering.discard(task)

    async def _answer(self, token: str, says: str, times: int) -> None:
        # Each from an address of their own, as a proxy tells it.
        of_mine = {"X-Forwarded-For": f"2001:db8:{len(self.said):x}::1"}
        async with httpx.AsyncClient(
            base_url=self._url, timeout=30, verify=False, headers=of_mine
        ) as http:
            page, _ = await self._until_answered(http, "GET", token)
            assert page.status_code == 200, page.status_code
            form = form_on(page.content)
            sent = UUID(form.fields["_response"][0])
            body = form.encoded(cijfer="8", _solved=says, _contact="yes")
            for turn in range(times):
                reply, tries = await self._until_answered(
                    http, "POST", token, content=body, headers=FORM
                )
                if reply.status_code == 303:
                    self.thanked.add(sent)
                else:
                    assert reply.status_code == 410, reply.status_code
                    assert turn or tries > 1, "it was refused at once"
                    self.used.add(sent)

    async def _until_answered(
        self, http: httpx.AsyncClient, method: str, token: str, **more: Any
    ) -> tuple[httpx.Response, int]:
        """What somebody answered in the end, and how often it was tried."""
        for tries in count(1):
            with suppress(httpx.TransportError):
                reply = await http.request(method, address(token), **more)
                if reply.status_code < 429:
                    return reply, tries
            self.again += method == "POST"
            await asyncio.sleep(0.1)
        raise AssertionError("somebody answers in the end")
