"""Stores batches of 200 by the statement of the version that is on the path, and tells the cost.

python -P inserting.py DATABASE_URL SECONDS: so that two versions run the same lines.
"""

import asyncio
import json
import random
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from ingest.clock import today_here
from tests.example import VERSION

try:
    from ingest.responses.statements import NewResponse, store_responses
except ModuleNotFoundError:  # a version of before the statements had this room
    from ingest.store import NewResponse, store_responses  # type: ignore

_BATCH, _MOST_A_SECOND = 200, 30_000
_TEXT = '[{"item":"toelichting","text":"' + "Fijn geholpen, dank. " * 7 + '","masked":[]}]'
_WITH_TEXT = 0.4


async def insert(url: str, seconds: float) -> dict[str, float]:
    """One batch after the other, made before the clock runs."""
    db = await asyncpg.connect(url)
    try:
        # As the service's own connection is set.
        await db.execute(
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off"
        )
        asked = await db.fetch(
            """select touchpoint.municipality, touchpoint.number, questionnaire.structure
            from meetpunt.touchpoint
            join meetpunt.questionnaire using (municipality)
            where questionnaire.questionnaire = 'balie' and questionnaire.version = $1
                and touchpoint.channel = 'balie'""",
            VERSION,
        )
        many = round(_MOST_A_SECOND * seconds) // _BATCH
        batches = [[_response(random.choice(asked)) for _ in range(_BATCH)] for _ in range(many)]
        began, used, stored = time.perf_counter(), time.process_time(), 0
        for batch in batches:
            await store_responses(db, batch)
            stored += len(batch)
            if time.perf_counter() - began > seconds:
                break
        return {
            "stored": stored,
            "seconds": time.perf_counter() - began,
            "python_cpu_us": (time.process_time() - used) * 1_000_000,
        }
    finally:
        await db.close()


def _response(asked: Any) -> NewResponse:
    values: dict[str, Any] = {
        "municipality": asked["municipality"],
        "id": uuid4(),
        "touchpoint": asked["number"],
        "questionnaire": "balie",
        "version": VERSION,
        "structure": asked["structure"],
        "language": "nl",
        "day": today_here(),
        "hour": 10,
        "mode": "link",
        "complete": True,
        "suspect": "",
        "is_test": False,
        "dimensions": "{}",
        "content_code": random.randbytes(32),
        "answers": '{"cijfer":8,"geholpen":"ja","vriendelijk":4,"wachttijd":4}',
        "texts": _TEXT if random.random() < _WITH_TEXT else "[]",
        "invitation": None,
        "token_id": random.randbytes(16),
        "token_expires_on": today_here() + timedelta(days=2),
    }
    # An older version lacks some of these, and a newer one has more, which need not be told.
    return NewResponse(
        **{name: values[name] for name in NewResponse.__struct_fields__ if name in values}
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(insert(sys.argv[1], float(sys.argv[2])))))
