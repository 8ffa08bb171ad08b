"""Tells the application in a worker process that it must drain or read its files again."""

import asyncio
from collections.abc import Callable

type_of_reaction = Callable[[], None]


class Lifecycle:
    """Calls the application's reactions when this worker drains, or when files changed.

    Reactions are called on the event loop once there is one, and must not block. `this_worker` is
    the only instance that a process needs; `ingest.running.worker` passes on what the parent sends.
    """

    def __init__(self) -> None:
        self.draining = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_draining: list[type_of_reaction] = []
        self._on_reread: list[type_of_reaction] = []

    def on_draining(self, reaction: type_of_reaction) -> None:
        """Call `reaction` when this worker is about to stop, and should say so in /readyz."""
        self._on_draining.append(reaction)
        if self.draining:
            reaction()

    def on_reread(self, reaction: type_of_reaction) -> None:
        """Call `reaction` when the keys file should be read again (SIGHUP)."""
        self._on_reread.append(reaction)

    def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on, call reactions on `loop`."""
        self._loop = loop

    def drain(self) -> None:
        """This worker will be stopped soon. Safe to call from another thread."""
        self.draining = True
        self._call(self._on_draining)

    def reread(self) -> None:
        """Files changed. Safe to call from another thread."""
        self._call(self._on_reread)

    def _call(self, reactions: list[type_of_reaction]) -> None:
        for reaction in reactions:
            if self._loop is None:
                reaction()
            else:
                self._loop.call_soon_threadsafe(reaction)


this_worker = Lifecycle()
