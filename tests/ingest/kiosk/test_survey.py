"""What a kiosk keeps to ask without a network: every language, no token, one ETag."""

import re

import pytest
import segno

from ingest.municipalities.catalogue import Catalogue
from ingest.texts.page_texts import page_texts
from tests.calling_back import offering
from tests.conftest import Serve
from tests.example import VERSION
from tests.ingest.kiosk.tablet import PATH, Tablet

pytestmark = pytest.mark.anyio


def at(kiosk: str = "new", path: str = PATH) -> str:
    return f"/api/v1/kiosks/{kiosk}/survey?touchpoint={path}"


async def test_all_languages_come_at_once_and_no_token(serve: Serve) -> None:
    async with serve() as served:
        reply = await served.client.get(at())
        assert reply.status_code == 200
        told = reply.json()
        touchpoint = served.service.catalogue.touchpoint("molensloot", "balie-hal")
        assert [each["code"] for each in told["languages"]] == list(touchpoint.languages)
        assert {each["dir"] for each in told["languages"]} == {"ltr", "rtl"}
        assert (told["touchpoint"], told["questionnaire"], told["version"]) == (
            PATH,
            "balie",
            VERSION,
        )
        assert (told["intervalSeconds"], told["resetSeconds"]) == (5, 20)
        assert told["openLink"] == f"https://kto.molensloot.example/o/{PATH}"
        assert '"token"' not in reply.text
        for language in told["languages"]:
            assert language["items"][0]["code"] == "cijfer"
            assert language["touchpointName"]
            assert language["texts"]["kiosk"]["invite"]
        assert reply.headers["etag"] == f'"{told["etag"]}"'


async def test_it_says_whether_texts_are_asked_and_what_was_improved_last(serve: Serve) -> None:
    async with serve() as served:
        told = (await served.client.get(at())).json()
        pillar = (await served.client.get(at(path="molensloot/balie-zuil"))).json()
        assert (told["text"], pillar["text"]) == (True, False)
        dutch, english, german, *_ = told["languages"]
        assert dutch["improvement"] == {
            "date": "2026-09-14",
            "text": "Op donderdag is de balie nu open tot 20.00 uur.",
            "language": "nl",
        }
        assert english["improvement"]["language"] == "en"
        # Nobody wrote it in German.
        assert german["improvement"]["language"] == "nl"
        other = (await served.client.get(at(path="molensloot/huwelijk"))).json()
        assert {each["improvement"] for each in other["languages"]} == {None}


async def test_nobody_at_a_kiosk_is_asked_for_a_number(serve: Serve, catalogue: Catalogue) -> None:
    """It would be read by whoever stands behind. Its links offer it all the same."""
    async with serve(files=offering(catalogue, PATH)) as served:
        told = (await served.client.get(at())).json()
        assert not [name for each in told["languages"] for name in each["texts"] if "call" in name]
        assert "/bellen/" not in (await served.client.get(at())).text
        thanks = await served.client.get(f"/v/bedankt?meetpunt={PATH}")
        assert f"/bellen/{PATH}" in thanks.text


async def test_where_few_answer_the_first_question_says_so_in_every_language(serve: Serve) -> None:
    async with serve() as served:
        few = (await served.client.get(at(path="molensloot/huwelijk"))).json()
        many = (await served.client.get(at())).json()
        for language in few["languages"]:
            told = page_texts()[language["code"]].survey.small_group
            first, *others = language["items"]
            assert first["help"] == told
            assert not any(told in item.get("help", "") for item in others)
        told = page_texts()["nl"].survey.small_group
        assert not any(told in item.get("help", "") for item in many["languages"][0]["items"])


async def test_what_did_not_change_is_not_sent_again(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        etag = (await tablet.sync())["survey"]
        for kept in (f'"{etag}"', f'W/"{etag}"', f'"x", "{etag}"'):
            same = await served.client.get(at(tablet.kiosk), headers={"if-none-match": kept})
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["etag"] == f'"{etag}"'
        other = await served.client.get(at(), headers={"if-none-match": '"x"'})
        assert other.status_code == 200


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
async def test_it_comes_compressed(serve: Serve, encoding: str) -> None:
    async with serve() as served:
        reply = await served.client.get(at(), headers={"accept-encoding": encoding})
        assert reply.headers.get("content-encoding", "identity") == encoding
        assert reply.headers["vary"] == "Accept-Encoding"
        assert reply.json()["touchpoint"] == PATH


def drawing(svg: str) -> str:
    """The strokes of a code, whatever its size and colours."""
    strokes = re.search(r'stroke="[^"]+" d="([^"]+)"', svg)
    assert strokes
    return strokes[1]


async def test_the_code_on_its_screen_says_that_it_was_scanned(serve: Serve) -> None:
    link = f"https://kto.molensloot.example/o/{PATH}?via=qr"
    async with serve() as served:
        reply = await served.client.get(f"/kiosk/qr/{PATH}.svg")
        assert (reply.status_code, reply.headers["content-type"]) == (200, "image/svg+xml")
    # Nothing here reads a code, so its modules are compared with those of what it should say.
    assert drawing(reply.text) == drawing(segno.make(link, error="m", micro=False).svg_inline())
    bare = segno.make(link.partition("?")[0], error="m", micro=False)
    assert drawing(reply.text) != drawing(bare.svg_inline())


async def test_elsewhere_there_is_none(serve: Serve) -> None:
    async with serve() as served:
        assert (await served.client.get(at("x"))).status_code == 404
        assert (await served.client.get(at(path="molensloot/weg"))).status_code == 404
        assert (await served.client.get("/api/v1/kiosks/new/survey")).status_code == 404
        assert (await served.client.post(at())).status_code == 405
