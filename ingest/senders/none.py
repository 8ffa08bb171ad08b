"""Sends nothing: links are made, and somebody else brings them to residents."""

from ingest.senders.sender import Outcome, OutgoingMessage, RefusedForGood


class NoSender:
    """Reaches nobody."""

    kinds: frozenset[str] = frozenset()
    receipts = False

    @property
    def account(self) -> str:
        """Nobody."""
        return "none"

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Refuse."""
        return RefusedForGood("kind-not-sent")

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome:
        """It never arrived anywhere."""
        return RefusedForGood("kind-not-sent")

    async def close(self) -> None:
        """Nothing is open."""
