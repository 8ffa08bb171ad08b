"""Whatever is sent as JSON to `POST /responses`: a named refusal, no row, and life goes on."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid1

import anyio
import hypothesis.strategies as st
import pytest
from anyio import from_thread, to_thread
from hypothesis import given, settings

from ingest.web.problems import KINDS
from tests.conftest import Served, Stand
from tests.raw_asgi import Reply, call

pytestmark = pytest.mark.anyio

PATH = "/api/v1/responses"
JSON = ((b"content-type", b"application/json"),)
Change = Callable[[dict[str, Any]], bytes]


def encoded(body: Any) -> bytes:
    return json.dumps(body).encode()


def with_(**changes: Any) -> Change:
    return lambda body: encoded(body | changes)


def answer(value: Any, item: str = "cijfer") -> Change:
    return with_(answers={"cijfer": 8} | {item: value})


def written(value: bytes, *, key: bytes = b"cijfer") -> Change:
    """An answer as these very bytes, which need not be JSON."""

    def change(body: dict[str, Any]) -> bytes:
        return encoded(body | {"answers": "HERE"}).replace(b'"HERE"', b'{"%s": %s}' % (key, value))

    return change


def top(field: str, value: bytes) -> Change:
    """A field as these very bytes."""
    return lambda body: encoded(body | {field: "HERE"}).replace(b'"HERE"', value)


def also(more: bytes) -> Change:
    """One more field, as these very bytes."""
    return lambda body: encoded(body)[:-1] + b", " + more + b"}"


def as_(change: Callable[[bytes], bytes]) -> Change:
    return lambda body: change(encoded(body))


UNREADABLE: dict[str, Change] = {
    "nothing": lambda _: b"",
    "no JSON": lambda _: b"cijfer=8",
    "null": lambda _: b"null",
    "a list": as_(lambda body: b"[" + body + b"]"),
    "two bodies": as_(lambda body: body + body),
    "a comment": as_(lambda body: body + b"// 8"),
    "cut off": as_(lambda body: body[:-1]),
    "nested 50,000 deep": written(b"[" * 50_000),
    "nested 25,000 deep and closed": written(b"[" * 25_000 + b"]" * 25_000),
    "objects 10,000 deep": written(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "all of it nested": lambda _: b"[" * 60_000,
    "invalid UTF-8": written(b'"\xff\xfe"'),
    "invalid UTF-8 in a key": written(b"8", key=b"\xff"),
    "overlong UTF-8": written(b'"\xc0\x80"'),
    "surrogates as UTF-8": written(b'"\xed\xa0\x80"'),
    "a byte order mark": as_(lambda body: b"\xef\xbb\xbf" + body),
    "UTF-16": as_(lambda body: body.decode().encode("utf-16")),
    "UTF-16 without a mark": as_(lambda body: body.decode().encode("utf-16-le")),
    "UTF-32": as_(lambda body: body.decode().encode("utf-32")),
    "half a surrogate pair": written(b'"\\ud800"'),
    "the other half": written(b'"\\udc00"'),
    "halves the wrong way round": written(b'"\\udc00\\ud800"'),
    "half a pair in a key": written(b"8", key=b"\\ud800"),
    "half a pair in a field's name": also(b'"\\ud800": 1'),
    "a raw U+0000": written(b'"\0"'),
    "a raw newline": written(b'"\n"'),
    "NaN": written(b"NaN"),
    "Infinity": written(b"Infinity"),
    "-Infinity": written(b"-Infinity"),
    "1e400": written(b"1e400"),
    "1e200000": written(b"1e200000"),
    "an integer of 5,000 digits": written(b"9" * 5_000),
    "a leading zero": written(b"08"),
    "hexadecimal": written(b"0x8"),
    "an answer twice": written(b'8, "cijfer": 3'),
    "an answer twice, once escaped": written(b'8, "\\u0063ijfer": 3'),
    "an answer twice within": written(b'{"a": 1, "a": 2}'),
    "the token twice": also(b'"token": "another"'),
    "the token twice, spaced": also(b'"token" \t\n: "another"'),
    "answers twice": also(b'"answers": {}'),
    "an unknown field": with_(colour="red"),
    "a field of the table": with_(is_test=True),
    "another field of the table": with_(municipality="GM9002"),
    "a moment of one's own": with_(createdOp="2020-01-01T00:00:00Z"),
    "a prototype": with_(__proto__={"complete": True}),
    "an empty name": with_(**{"": 1}),
    "a name of 60,000 characters": with_(**{"x" * 60_000: 1}),
    "complete as a number": with_(complete=1),
    "complete as a string": with_(complete="true"),
    "a version of 400 digits": top("version", b"9" * 400),
    "a version of 5,000 digits": top("version", b"9" * 5_000),
    "a version below 1": with_(version=0),
    "a negative version": with_(version=-1),
    "true as version": with_(version=True),
    "a version with a point": top("version", b"1.0"),
    "a version as a string": with_(version="1"),
    "answers as a list": with_(answers=[8]),
    "answers as a string": with_(answers="8"),
    "no answers": with_(answers=None),
    "a token that is no string": with_(token=1),
    "a long token": with_(token="x" * 101),
    "no id": with_(responseId=""),
    "an id that is none": with_(responseId="8"),
    "an id that is not random": with_(responseId=str(uuid1())),
    "the id of nobody": with_(responseId=str(UUID(int=0))),
    "an id in time's order": with_(responseId="018f4a3c-7b1e-7cc0-8000-0242ac130003"),
    "a language that is none": with_(language=["nl"]),
    "a long language": with_(language="nl" * 100),
}
REJECTED: dict[str, Change] = {
    "an integer of 400 digits": written(b"9" * 400),
    "a negative integer of 400 digits": written(b"-" + b"9" * 400),
    "0": answer(0),
    "11": answer(11),
    "-1": answer(-1),
    "true": answer(True),
    "false": answer(False),
    "8.0": written(b"8.0"),
    "8e0": written(b"8e0"),
    "minus nothing": written(b"-0"),
    "a numeral": answer("8"),
    "null as an answer": answer(None),
    "a list as an answer": answer([8]),
    "an object as an answer": answer({"$gt": 0}),
    "nested 500 deep": written(b"[" * 500 + b"]" * 500),
    "U+0000 in a text": answer("a\0b", "toelichting"),
    "U+0000 in a key": answer(8, "cij\0fer"),
    "an item of others": answer(8, "__proto__"),
    "an item with markup": answer(8, "<script>alert(1)</script>"),
    "an item in SQL": answer(8, "cijfer'; drop table meetpunt.response; --"),
    "an option in SQL": answer("ja' or '1'='1", "geholpen"),
    "a text that is too long": answer("x" * 2_001, "toelichting"),
    "a text of 60,000 characters": answer("x" * 60_000, "toelichting"),
    "a text that is a list": answer(["a"], "toelichting"),
    "5,000 items": with_(answers={f"x{number}": 1 for number in range(5_000)}),
    "a language that is not asked": with_(language="xx"),
    "a language with U+0000": with_(language="nl\0"),
    "a language in SQL": with_(language="nl'--"),
    "nothing answered": with_(answers={}),
}
FORGED: dict[str, Change] = {
    "no token": with_(token=""),
    "a token with U+0000": with_(token="\0" * 48),
    "a token of other letters": with_(token="é" * 48),
    "a token in SQL": with_(token="' or token_id is not null; -- ".ljust(48, "x")),
    "a padded token": lambda body: encoded(body | {"token": body["token"] + "="}),
    "a token and a newline": lambda body: encoded(body | {"token": body["token"] + "\n"}),
    "another touchpoint": with_(touchpoint="molensloot/online"),
    "another municipality": with_(touchpoint="waterakker/balie-hal"),
    "a touchpoint with U+0000": with_(touchpoint="molensloot/balie-hal\0"),
    "a touchpoint upwards": with_(touchpoint="molensloot/../waterakker/balie-hal"),
}
UNKNOWN_VERSION: dict[str, Change] = {
    "a version that is not asked": with_(version=32_767),
    "another questionnaire": with_(questionnaire="telefonie"),
    "a questionnaire with U+0000": with_(questionnaire="balie\0"),
    "a questionnaire in SQL": with_(questionnaire="balie' --"),
    "a questionnaire upwards": with_(questionnaire="../../balie"),
}
TOO_LARGE: dict[str, Change] = {
    "64,001 bytes": as_(lambda body: body.ljust(64_001)),
    "300,000 keys": with_(answers={f"x{number}": 1 for number in range(300_000)}),
    "a string of 1 MB": answer("x" * 1_000_000, "toelichting"),
}
CASES = [
    pytest.param(change, problem, id=name)
    for problem, changes in (
        ("body-unreadable", UNREADABLE),
        ("answers-rejected", REJECTED),
        ("token-forged", FORGED),
        ("version-unknown", UNKNOWN_VERSION),
        ("body-too-large", TOO_LARGE),
    )
    for name, change in changes.items()
]


async def sent(served: Served, body: bytes) -> Reply:
    return await call(served.app, "POST", PATH, headers=JSON, body=body)


def assert_named(reply: Reply, problem: str) -> None:
    told = reply.json()
    assert told["type"] == f"/problems/{problem}", told
    assert reply.status == told["status"] == KINDS[problem][0]
    assert reply.header("content-type") == "application/problem+json"
    assert len(told.get("invalidParams", ())) <= 40
    assert len(reply.body) < 8_000


async def assert_clean_goes_on(served: Served) -> None:
    """The next request of somebody else is taken as ever."""
    before = len(await served.responses())
    assert (await served.post(served.body(served.token()))).status_code == 201
    assert len(await served.responses()) == before + 1


@pytest.mark.parametrize(("change", "problem"), CASES)
async def test_it_is_refused_by_name_and_nothing_is_stored(
    standing: Stand, change: Change, problem: str
) -> None:
    async with standing() as served:
        body = served.body(served.token())
        assert_named(await sent(served, change(body)), problem)
        assert await served.responses() == []
        # Nor is the token spent.
        assert (await sent(served, encoded(body))).status == 201
        await assert_clean_goes_on(served)


@pytest.mark.parametrize("size", [63_999, 64_000])
async def test_a_body_up_to_the_limit_is_taken(standing: Stand, size: int) -> None:
    async with standing() as served:
        assert (await sent(served, encoded(served.body(served.token())).ljust(size))).status == 201


@pytest.mark.parametrize(
    "text",
    [
        "'; drop table meetpunt.response; --",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }} ${7*7} <%= 7 %>",
        "=cmd|' /C calc'!A0",
        '12:30 "key": "value", {"a": 1}',
        "\u202e\u0007\ufeff\U0010ffff 😀",
        "x" * 2_000,
    ],
)
async def test_an_odd_text_is_only_a_text(standing: Stand, text: str) -> None:
    async with standing() as served:
        body = served.body(served.token(), answers={"cijfer": 8, "toelichting": text})
        assert (await sent(served, encoded(body))).status == 201
        assert (await served.answers(body["responseId"]))["toelichting"] == text


async def test_spelling_json_differently_is_no_offence(standing: Stand) -> None:
    spellings: tuple[Change, ...] = (
        lambda body: json.dumps(body, indent=4).encode(),
        lambda body: json.dumps(body, separators=(" ,\t", "\n:\r")).encode(),
        lambda body: encoded(body).replace(b'"cijfer"', b'"\\u0063ijfer"'),
    )
    async with standing() as served:
        for spell in spellings:
            body = served.body(served.token())
            assert (await sent(served, spell(body))).status == 201
            assert await served.answers(body["responseId"]) == {"cijfer": "8"}


_text = st.text(st.characters(exclude_categories=()), max_size=20)
_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**400)
    | st.floats()
    | _text
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=8,
)
_fields = st.sampled_from(
    ("touchpoint", "responseId", "questionnaire", "version", "language", "token", "complete", "x")
)


async def test_no_json_at_all_makes_it_stumble(standing: Stand) -> None:
    async with standing() as served:

        async def throw(changes: dict[str, Any], answers: dict[str, Any], cut: int) -> None:
            body = served.body(served.token()) | {"answers": {"cijfer": 8} | answers} | changes
            reply = await sent(served, json.dumps(body).encode()[: cut or None])
            assert 200 <= reply.status < 500
            assert reply.status == 201 or reply.json()["type"].startswith("/problems/")

        items = st.sampled_from(("cijfer", "geholpen", "toelichting", "vriendelijkheid")) | _text

        @settings(max_examples=200, deadline=None, database=None)
        @given(
            changes=st.dictionaries(_fields, _values, max_size=2),
            answers=st.dictionaries(items, _values, max_size=3),
            cut=st.just(0) | st.integers(-40, -1),
        )
        def throw_any(changes: dict[str, Any], answers: dict[str, Any], cut: int) -> None:
            from_thread.run(throw, changes, answers, cut)

        await to_thread.run_sync(throw_any)
        await assert_clean_goes_on(served)


async def test_no_bytes_at_all_make_it_stumble(standing: Stand) -> None:
    async with standing() as served:
        # Twelve bytes of luck make no mark of it, as one made a 9 of 99.
        clean = encoded(served.body(served.token(), answers={"cijfer": "negen" * 8}))

        @settings(max_examples=200, deadline=None, database=None)
        @given(at=st.integers(0, len(clean)), odd=st.binary(min_size=1, max_size=12))
        def throw_any(at: int, odd: bytes) -> None:
            reply: Reply = from_thread.run(sent, served, clean[:at] + odd + clean[at + len(odd) :])
            assert 400 <= reply.status < 500
            reply.json()

        with anyio.fail_after(60):
            await to_thread.run_sync(throw_any)
        assert await served.responses() == []
        await assert_clean_goes_on(served)
