"""Who is told of a low mark learns nothing of the answer: no mark, no word, no id, no moment."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.log_lines import lines_of
from tests.neighbours.server import neighbour
from tests.neighbours.webhooks import Webhooks
from tests.telling import (
    FOLLOW_UP,
    a_secret,
    by_mail,
    by_webhook,
    mails,
    tell,
    telling_whom,
    written,
)

pytestmark = pytest.mark.anyio

CANARY = "kanariegeel"


async def test_what_somebody_wrote_is_told_to_nobody(
    serve: Callable[..., Any],
    database: Database,
    catalogue: Catalogue,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        webhook = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret)).webhook
        push = type(by_mail())(follow_up_url=FOLLOW_UP, webhook=webhook, mail=by_mail().mail)
        files = telling_whom(catalogue, push)
        async with serve(files=files) as served:
            body = served.body(served.token(), answers={"cijfer": 3, "toelichting": CANARY})
            assert (await served.post(body)).status_code == 201
        async with database.superuser() as db:
            (signal,) = await db.fetch("select id::text from meetpunt.signal")
        await tell(database, files, tmp_path)
    (mail,) = mails(tmp_path)
    (request,) = server.requests
    (row,) = theirs.taken.values()
    assert row["data"]["count"] == 1
    told = request.body.decode() + str(request.headers) + mail.plain + mail.html + mail.subject
    everything = told + str(lines_of(caplog)) + str(UUID(mail.reference))
    for secret_of_theirs in (CANARY, body["responseId"], signal["id"], body["token"], secret):
        assert secret_of_theirs not in everything
    assert "cijfer 3" not in told
    assert '"3"' not in told
