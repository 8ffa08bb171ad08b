"""Puts the parts of sending together for one process."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ingest.clock import now_in_utc
from ingest.invitations.calling import Providers
from ingest.invitations.composing import Composing
from ingest.invitations.sending import USUAL_PACE, Pace, Work, never
from ingest.municipalities.catalogue import Catalogue
from ingest.senders.senders import Senders
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens

MESSAGES = "messages"
"""In the data folder: what senders of kind `file` write that name no folder."""


def work_of(
    work_url: str,
    *,
    catalogue: Catalogue,
    keys: Keys,
    tokens: Tokens,
    providers: Providers,
    base_url: str | None = None,
    pace: Pace = USUAL_PACE,
    clock: Callable[[], datetime] = now_in_utc,
    busy: Callable[[], bool] = never,
) -> Work:
    """What sends for these municipalities, as meetpunt_work. `tokens` may get other keys later.

    `clock` tells the time by which is decided whether something may be sent at this hour, `busy`
    whether residents need this process more.
    """
    derived = derived_keys(keys)
    composing = Composing(tokens=tokens, keys=derived, base_url=base_url)
    return Work(
        work_url,
        catalogue=catalogue,
        keys=derived,
        composing=composing,
        providers=providers,
        pace=pace,
        clock=clock,
        busy=busy,
    )


def senders_of(catalogue: Catalogue, data: Path) -> Senders:
    """Every sender of these municipalities; messages that become files lie in the data folder."""
    declared = {each.slug: each.senders.values() for each in catalogue.municipalities.values()}
    return Senders(declared, folder=data / MESSAGES)
