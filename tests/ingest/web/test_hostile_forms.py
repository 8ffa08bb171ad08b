"""Whatever is sent as a form to `/v/<token>`: a page that says no, no row, and life goes on."""

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote_plus, urlencode

import hypothesis.strategies as st
import pytest
from anyio import from_thread, to_thread
from hypothesis import given, settings

from tests.conftest import Served, Stand
from tests.example import VERSION
from tests.raw_asgi import Reply, call
from tests.strict_html import read_page

pytestmark = pytest.mark.anyio

FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)
SCRIPT = "<script>alert(1)</script>"
QUOTES = "\"'><img src=x onerror=alert(1)>"

REJECTED: dict[str, bytes] = {
    "nothing": b"",
    "no mark": b"toelichting=x",
    "JSON": b'{"cijfer": 8}',
    "a mark of 0": b"cijfer=0",
    "a mark of 11": b"cijfer=11",
    "a mark of 400 digits": b"cijfer=" + b"9" * 400,
    "a mark of 5,000 digits": b"cijfer=" + b"9" * 5_000,
    "a mark with a point": b"cijfer=8.0",
    "a mark of other digits": "cijfer=٨".encode(),
    "a spaced mark": b"cijfer=+8",
    "a mark with a sign": b"cijfer=%2B8",
    "1e1": b"cijfer=1e1",
    "NaN": b"cijfer=NaN",
    "true": b"cijfer=true",
    "a mark with U+0000": b"cijfer=8%00",
    "two marks": b"cijfer=8&cijfer=9",
    "the same mark twice": b"cijfer=8&cijfer=8",
    "a list in PHP": b"cijfer[]=8",
    "a mark with markup": b"cijfer=" + quote_plus(SCRIPT).encode(),
    "an option in SQL": b"cijfer=8&geholpen=" + quote_plus("ja' or '1'='1").encode(),
    "an option that leaves its quotes": b"cijfer=8&geholpen=" + quote_plus(QUOTES).encode(),
    "an item of others": b"cijfer=8&wens=1",
    "an item with markup": b"cijfer=8&" + quote_plus(SCRIPT).encode() + b"=1",
    "an item without a name": b"cijfer=8&=1",
    "an item with U+0000": b"cijfer=8&%00=1",
    "a field of the table": b"cijfer=8&is_test=on&municipality=GM9002",
    "a prototype": b"cijfer=8&__proto__[complete]=1&constructor=1",
    "U+0000 in a text": b"cijfer=8&toelichting=a%00b",
    "a text that is too long": b"cijfer=8&toelichting=" + b"x" * 2_001,
    "a text of 60,000 characters": b"cijfer=8&toelichting=" + b"x" * 60_000,
    "a text that closes its field": (
        b"toelichting=" + quote_plus(f"</textarea>{SCRIPT}{{{{7*7}}}}").encode()
    ),
    "200 fields": b"&".join(b"x%d=1" % number for number in range(200)),
    "a version that is not asked": b"cijfer=8&_version=99",
}
NOT_UNDERSTOOD: dict[str, bytes] = {
    "invalid UTF-8": b"cijfer=8&toelichting=\xff",
    "invalid UTF-8, escaped": b"cijfer=8&toelichting=%FF%FE",
    "invalid UTF-8 in a name": b"cijfer=8&%FF=1",
    "overlong UTF-8": b"cijfer=8&toelichting=%C0%80",
    "half a surrogate pair": b"cijfer=8&toelichting=%ED%A0%80",
    "UTF-16": "cijfer=8".encode("utf-16"),
    "201 fields": b"&".join(b"x%d=1" % number for number in range(201)),
    "10,000 fields": b"&" * 10_000 + b"cijfer=8",
}
# Fields that are no answers: what they say wrongly is not heeded, and costs nobody their answers.
NOT_HEEDED: dict[str, bytes] = {
    "a version of 5,000 digits": b"cijfer=8&_version=" + b"9" * 5_000,
    "a negative version": b"cijfer=8&_version=-1",
    "a version of other digits": "cijfer=8&_version=١".encode(),
    "a language that is none": b"cijfer=8&_language=" + quote_plus(SCRIPT).encode(),
    "a language that splits a header": b"cijfer=8&_language=nl%0d%0aset-cookie:%20a=b",
    "an id that is none": b"cijfer=8&_response=" + quote_plus(SCRIPT).encode(),
    "an id that is not random": b"cijfer=8&_response=00000000-0000-0000-0000-000000000000",
    "a field of later": b"cijfer=8&_later=1",
}


def survey_of(served: Served) -> str:
    return f"/v/{served.token()}"


async def sent(served: Served, body: bytes, target: str = "") -> Reply:
    return await call(served.app, "POST", target or survey_of(served), headers=FORM, body=body)


def assert_page(reply: Reply, status: int) -> None:
    assert reply.status == status
    assert reply.header("content-type") == "text/html; charset=utf-8"
    assert reply.header("referrer-policy") == "no-referrer"
    assert reply.header("set-cookie") == ""
    page = read_page(reply.body)
    assert page.find("h1")
    # Nothing that was sent became part of the page: its policy names the scripts that are ours.
    policy = reply.header("content-security-policy")
    for script in page.find("script"):
        assert "src" not in script.attributes
        ours = b64encode(sha256("".join(map(str, script.children)).encode()).digest()).decode()
        assert f"'sha256-{ours}'" in policy
    assert not page.find("img")
    assert not [name for each in page.everything() for name in each.attributes if name[:2] == "on"]


async def assert_clean_goes_on(served: Served, target: str) -> None:
    before = len(await served.responses())
    assert (await sent(served, b"cijfer=8", target)).status == 303
    assert len(await served.responses()) == before + 1


@pytest.mark.parametrize("body", REJECTED.values(), ids=list(REJECTED))
async def test_an_odd_form_comes_back_and_nothing_is_stored(standing: Stand, body: bytes) -> None:
    async with standing() as served:
        target = survey_of(served)
        assert_page(await sent(served, body, target), 400)
        assert await served.responses() == []
        await assert_clean_goes_on(served, target)


@pytest.mark.parametrize("body", NOT_UNDERSTOOD.values(), ids=list(NOT_UNDERSTOOD))
async def test_what_cannot_be_read_is_said_to_be_so(standing: Stand, body: bytes) -> None:
    async with standing() as served:
        target = survey_of(served)
        reply = await sent(served, body, target)
        assert_page(reply, 400)
        assert "niet aangekomen" in read_page(reply.body).find("h1")[0].text
        assert await served.responses() == []
        await assert_clean_goes_on(served, target)


@pytest.mark.parametrize("body", NOT_HEEDED.values(), ids=list(NOT_HEEDED))
async def test_what_is_no_answer_is_not_heeded(standing: Stand, body: bytes) -> None:
    async with standing() as served:
        reply = await sent(served, body)
        assert reply.status == 303
        assert reply.header("location") == "/v/bedankt?meetpunt=molensloot/balie-hal&lang=nl"
        (row,) = await served.responses()
        assert (row["version"], row["language"]) == (VERSION, "nl")


@pytest.mark.parametrize(("size", "status"), [(63_999, 400), (64_000, 400), (64_001, 413)])
async def test_a_form_up_to_the_limit_is_read(standing: Stand, size: int, status: int) -> None:
    async with standing() as served:
        reply = await sent(served, b"cijfer=8&toelichting=".ljust(size, b"x"))
        assert_page(reply, status)
        assert await served.responses() == []


@pytest.mark.parametrize(
    "query",
    [
        f"lang={quote_plus(SCRIPT)}",
        f"lang={SCRIPT}",
        f"product={quote_plus(QUOTES)}",
        f"cijfer={quote_plus(SCRIPT)}",
        "cijfer=99",
        "cijfer=8&cijfer=9",
        f"{quote_plus(SCRIPT)}=1",
        "lang=nl%0d%0aset-cookie:%20a=b",
        "lang=%00",
        "lang=%ff%fe",
        "lang=\xff",
        "%",
        "&&&=&=",
        "a" * 20_000,
        "a&" * 10_000,
        "product=paspoort&" + "x=1&" * 5_000,
        "product=paspoort'; drop table meetpunt.response; --",
        "location=hal&product[]=paspoort&__proto__=1",
    ],
)
async def test_an_odd_query_changes_nothing(standing: Stand, query: str) -> None:
    async with standing() as served:
        target = f"{survey_of(served)}?{query}"
        shown = await call(served.app, "GET", target)
        assert_page(shown, 200)
        for piece in (b"alert(1)", b"onerror", b"set-cookie", b"drop table"):
            assert piece not in shown.body.lower()
        wrong = await sent(served, b"cijfer=11", target)
        assert_page(wrong, 400)
        assert b"alert(1)" not in wrong.body
        reply = await sent(served, b"cijfer=8", target)
        assert reply.status == 303
        assert reply.header("location") == "/v/bedankt?meetpunt=molensloot/balie-hal&lang=nl"
        (row,) = await served.responses()
        listed = {"product": "paspoort", "location": "hal"}
        assert json.loads(row["dimensions"]).items() <= listed.items()


_names = st.sampled_from(
    ("cijfer", "geholpen", "toelichting", "_version", "_language", "_response", "_website")
) | st.text(max_size=12)
_strings = st.text(max_size=30) | st.integers().map(str) | st.just(SCRIPT + QUOTES)
_forms = st.lists(st.tuples(_names, _strings), max_size=8)


async def test_no_form_at_all_makes_it_stumble(standing: Stand) -> None:
    async with standing() as served:

        @settings(max_examples=200, deadline=None, database=None)
        @given(fields=_forms, query=_forms, odd=st.binary(max_size=6))
        def throw_any(
            fields: Iterable[tuple[str, str]], query: Iterable[tuple[str, str]], odd: bytes
        ) -> None:
            target = f"{survey_of(served)}?{urlencode(list(query))}"
            body = urlencode(list(fields)).encode() + odd
            reply: Reply = from_thread.run(sent, served, body, target)
            if reply.status != 303:
                assert_page(reply, 400)

        await to_thread.run_sync(throw_any)
        await assert_clean_goes_on(served, survey_of(served))
