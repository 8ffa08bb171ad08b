"""The start page shows what made-up residents wrote, and never what a visitor did."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from ingest.demo.arrivals import Watch
from ingest.demo.generator import dutch_comments
from ingest.demo.reader_roles import START_PAGE, grant_readers, reader_of
from ingest.demo.written import Written, chosen
from ingest.municipalities.catalogue import Catalogue
from ingest.responses.screening import MASK
from tests.conftest import Serve
from tests.ingest.demo.conftest import reader_url
from tests.publishing import published

pytestmark = pytest.mark.anyio

ONE = Written(
    channel="balie",
    name="Balie",
    month=date(2026, 11, 1),
    judgement="8 t/m 10",
    text="Vlot.",
    masked=(),
)
GAP = replace(ONE, text=f"Bel {MASK}.", masked=("telefoon",))


async def test_of_two_texts_that_were_stored_it_shows_the_one_of_our_own_files(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    own, visitors = "Vriendelijk geholpen en snel klaar.", "Dit schreef ik zelf."
    assert own in dutch_comments()
    async with serve() as served:
        async with served.database.connected("meetpunt_owner") as owner:
            roles = await grant_readers(owner, catalogue, passwords)
        for text in (own, visitors):
            answers = {"cijfer": 8, "toelichting": text}
            body = served.body(served.token(), "molensloot/balie-hal", answers=answers)
            assert (await served.post(body)).status_code == 201
        await published(served.database, catalogue)
        urls = [
            reader_url(served.database, role, roles[role])
            for role in (START_PAGE, reader_of("molensloot"))
        ]
        shown = await Watch(urls[0], texts_url=urls[1]).written()
        assert [(each.channel, each.text) for each in shown] == [("balie", own)]
        # And the role of the rest of the page reads none at all.
        assert await Watch(urls[0], texts_url=urls[0]).written() == ()


async def test_without_a_reader_of_texts_there_are_none() -> None:
    assert await Watch("postgresql://nobody@127.0.0.1:1/none").written() == ()


def test_what_may_be_shown_was_screened_like_any_other() -> None:
    assert any(MASK in text for text in dutch_comments())
    assert not any("06-12345678" in text for text in dutch_comments())


def test_the_newest_of_each_channel_is_chosen_and_one_with_a_gap() -> None:
    older = replace(ONE, text="Eerder.", month=ONE.month - timedelta(days=31))
    phone = replace(ONE, channel="telefonie")
    assert chosen([ONE, GAP, phone, older]) == (GAP, ONE, phone)
    assert chosen([]) == ()
    assert len(chosen([replace(ONE, channel=f"{place}") for place in range(9)])) == 6
