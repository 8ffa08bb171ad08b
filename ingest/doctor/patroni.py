"""Patroni, where its REST API is known: which version runs there, and what it says of its server.

`GET /patroni` answers with the state of that one member, and needs no password.
"""

import asyncio
import json
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from ingest.doctor.findings import Finding, look, ok, unseen, wrong
from ingest.doctor.sight import Sight

_SECONDS = 3.0
_MOST_BYTES = 100_000
# Patroni before 4 says master.
_LEADS = {"primary", "master"}


async def examine(sight: Sight) -> list[Finding]:
    """What it says of itself."""
    url = sight.settings.patroni_url
    if url is None:
        return [unseen("Whether Patroni looks after the database: set MEETPUNT_PATRONI_URL.")]
    try:
        answer = await asyncio.to_thread(_ask, f"{url}/patroni")
        version = str(answer["patroni"]["version"])[:20]
        state, role = str(answer["state"])[:40], str(answer["role"])[:40]
    except (OSError, URLError, ValueError, LookupError, TypeError) as away:
        return [wrong(f"Patroni does not answer ({type(away).__name__}); see MEETPUNT_PATRONI_URL")]
    sentence = f"Patroni {version} says of its server: {role}, {state}."
    if state != "running":
        return [wrong(sentence)]
    return [ok(sentence) if role in _LEADS else look(sentence)]


def _ask(url: str) -> Any:
    """Only http and https: the setting lets no other pass."""
    with urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310
        return json.loads(answer.read(_MOST_BYTES))
