"""Kiosks of the largest municipalities: enrolled in the database, with keys of their own."""

import base64
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import uuid4

import asyncpg

from ingest.municipalities.catalogue import Catalogue
from tests.bench.monday.municipalities import Place
from tests.ingest.kiosk.tablet import Key

MOST = 40
"""One address may show a service so many kiosks that it did not meet before, and some more."""

_SLUG = "balie-zuil"
_A_MINUTE_MS = 60_000


class KioskAt:
    """A tablet. Its clock runs with ours; it knows no counter, as one whose reply was lost."""

    def __init__(self, path: str) -> None:
        self.path, self.key, self.id = path, Key(), str(uuid4())
        self._boot, self._began = token_hex(8), time.monotonic() - 3600

    def handed_in(self, version: int, answers: Sequence[dict[str, object]]) -> dict[str, str]:
        """The signed envelope with these responses, a minute apart, the oldest first."""
        many = len(answers)
        items = [
            self._item(version, given, ago=_A_MINUTE_MS * (many - place))
            for place, given in enumerate(answers)
        ]
        envelope = json.dumps(
            {
                "kiosk": self.id,
                "counter": 0,
                "now": self._now(0),
                "queue": many,
                "version": "1.0.0",
                "items": items,
            }
        )
        return {"envelope": envelope, "signature": self.key.sign(envelope)}

    def _item(self, version: int, answers: dict[str, object], ago: int) -> dict[str, str]:
        payload = json.dumps(
            {
                "kiosk": self.id,
                "responseId": str(uuid4()),
                "touchpoint": self.path,
                "version": version,
                "language": "nl",
                "answers": answers,
                "complete": True,
                "suspect": False,
                "time": self._now(ago),
            }
        )
        return {"payload": payload, "signature": self.key.sign(payload)}

    def _now(self, ago: int) -> dict[str, Any]:
        return {
            "boot": self._boot,
            "monotonic": (time.monotonic() - self._began) * 1000 - ago,
            "wall": datetime.now(UTC).timestamp() * 1000 - ago,
        }


async def hang(
    db: asyncpg.Connection, catalogue: Catalogue, places: Sequence[Place]
) -> list[KioskAt]:
    """A kiosk in each of the largest municipalities, enrolled a month ago; as a superuser."""
    kiosks = [KioskAt(f"{place.slug}/{_SLUG}") for place in places[-MOST:]]
    await db.executemany(
        "insert into meetpunt.kiosk"
        " (municipality, id, touchpoint, public_key, name, enrolled_at, emptied_at)"
        " values ($1, $2, $3, $4, 'bench', $5, $6)",
        [
            (
                place.code,
                kiosk.id,
                catalogue.touchpoint(place.slug, _SLUG).number,
                _point(kiosk),
                datetime.now(UTC) - timedelta(days=30),
                datetime.now(UTC) - timedelta(hours=1),
            )
            for place, kiosk in zip(places[-MOST:], kiosks, strict=True)
        ],
    )
    return kiosks


def _point(kiosk: KioskAt) -> bytes:
    public = kiosk.key.public
    return base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
