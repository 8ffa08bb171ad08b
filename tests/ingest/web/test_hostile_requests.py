"""Requests that are odd before their body is read: lengths, types, methods, paths, headers."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from ingest.asgi.edge import MOST_BODY_BYTES
from ingest.tokens.response_tokens import PURPOSES
from tests.conftest import Served, Stand
from tests.filled_in import form_on
from tests.raw_asgi import Reply, call

pytestmark = pytest.mark.anyio

API = "/api/v1/responses"
KINDS_OF_BODY = ("json", "form")
JSON, FORM = b"application/json", b"application/x-www-form-urlencoded"


class Prepared(msgspec.Struct, frozen=True):
    """A clean request of either kind: a test makes one thing of it odd."""

    target: str
    kind: bytes
    body: bytes


def clean(served: Served, kind: str) -> Prepared:
    token = served.token()
    if kind == "form":
        return Prepared(f"/v/{token}", FORM, b"cijfer=8")
    return Prepared(API, JSON, msgspec.json.encode(served.body(token)))


async def posted(
    served: Served, made: Prepared, *headers: tuple[bytes, bytes], body: bytes | None = None
) -> Reply:
    sent = made.body if body is None else body
    return await call(served.app, "POST", made.target, headers=headers, body=sent)


async def assert_refused(served: Served, made: Prepared, reply: Reply, status: int) -> None:
    """By name, without a row; and the same permission still buys its response."""
    assert reply.status == status
    if made.kind == JSON:
        assert reply.json()["status"] == status
    else:
        assert b"<h1>" in reply.body
    assert await served.responses() == []
    again = await posted(served, made, (b"content-type", made.kind))
    assert again.status in (201, 303)
    assert len(await served.responses()) == 1


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize(
    "length", [b"", b"-1", b"abc", b"1e3", b"0x10", b" 12", b"12,12", b"9" * 5_000, b"\xb2"]
)
async def test_a_length_that_is_no_number_is_refused(
    standing: Stand, kind: str, length: bytes
) -> None:
    async with standing() as served:
        made = clean(served, kind)
        lines = ((b"content-type", made.kind), (b"content-length", length))
        await assert_refused(served, made, await posted(served, made, *lines), 400)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize("length", [b"64001", b"1000000", b"9" * 18])
async def test_a_length_that_is_too_large_is_refused_unread(
    standing: Stand, kind: str, length: bytes
) -> None:
    async with standing() as served:
        made = clean(served, kind)
        lines = ((b"content-type", made.kind), (b"content-length", length))
        reply = await posted(served, made, *lines)
        assert reply.pieces == 0
        await assert_refused(served, made, reply, 413)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize("lines", [(), ((b"content-length", b"10"),)])
async def test_a_body_without_end_is_read_no_further_than_the_limit(
    standing: Stand, kind: str, lines: tuple[tuple[bytes, bytes], ...]
) -> None:
    async def without_end() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000

    async with standing() as served:
        made = clean(served, kind)
        headers = ((b"content-type", made.kind), *lines)
        reply = await call(served.app, "POST", made.target, headers=headers, body=without_end())
        assert reply.pieces == MOST_BODY_BYTES // 1_000 + 1
        await assert_refused(served, made, reply, 413)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
async def test_a_body_in_many_pieces_is_one_body(standing: Stand, kind: str) -> None:
    async with standing() as served:
        made = clean(served, kind)

        async def piecemeal() -> AsyncIterator[bytes]:
            for place in range(len(made.body)):
                yield made.body[place : place + 1]
                yield b""

        headers = ((b"content-type", made.kind),)
        reply = await call(served.app, "POST", made.target, headers=headers, body=piecemeal())
        assert reply.status in (201, 303)
        assert len(await served.responses()) == 1


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize("part", [0, 5])
async def test_whoever_hangs_up_halfway_has_sent_nothing(
    standing: Stand, kind: str, part: int
) -> None:
    async with standing() as served:
        made = clean(served, kind)
        headers = ((b"content-type", made.kind),)
        reply = await call(
            served.app, "POST", made.target, headers=headers, body=made.body[:part], hangs_up=True
        )
        assert (reply.status, reply.body) == (0, b"")
        assert await served.responses() == []


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"identity, gzip", b"x"])
async def test_a_compressed_body_is_refused_unread(
    standing: Stand, kind: str, encoding: bytes
) -> None:
    async with standing() as served:
        made = clean(served, kind)
        lines = ((b"content-type", made.kind), (b"content-encoding", encoding))
        reply = await posted(served, made, *lines)
        assert reply.pieces == 0
        await assert_refused(served, made, reply, 415)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize(
    "lines",
    [
        (),
        ((b"content-type", b""),),
        ((b"content-type", b"text/plain"),),
        ((b"content-type", b"multipart/form-data; boundary=x"),),
        ((b"content-type", b"application/octet-stream"),),
        ((b"content-type", b"application/jsonp"),),
        ((b"content-type", b"application/json; charset=utf-16"),),
        ((b"content-type", b"application/json; charset=latin1"),),
        ((b"content-type", b"application/x-www-form-urlencoded; charset=utf-16"),),
        ((b"content-type", b"text/plain, application/json"),),
        ((b"content-type", b"\xff\xfe\x00"),),
        ((b"content-type", b"a" * 8_000),),
        # Which of the two?
        ((b"content-type", b"text/plain"), (b"content-type", JSON)),
        ((b"content-type", JSON), (b"content-type", FORM)),
    ],
)
async def test_another_media_type_is_refused(
    standing: Stand, kind: str, lines: tuple[tuple[bytes, bytes], ...]
) -> None:
    async with standing() as served:
        made = clean(served, kind)
        await assert_refused(served, made, await posted(served, made, *lines), 415)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
async def test_one_kind_of_body_is_not_taken_for_the_other(standing: Stand, kind: str) -> None:
    async with standing() as served:
        made = clean(served, kind)
        other = FORM if made.kind == JSON else JSON
        reply = await posted(served, made, (b"content-type", other))
        await assert_refused(served, made, reply, 415)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize("more", [b"", b";charset=utf-8", b'; Charset="UTF-8"', b" ; q=1"])
async def test_utf_8_may_be_said(standing: Stand, kind: str, more: bytes) -> None:
    async with standing() as served:
        made = clean(served, kind)
        reply = await posted(served, made, (b"content-type", made.kind.title() + more))
        assert reply.status in (201, 303)


@pytest.mark.parametrize("kind", KINDS_OF_BODY)
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "FOO", "post"])
async def test_another_method_is_refused_and_says_which_are_not(
    standing: Stand, kind: str, method: str
) -> None:
    async with standing() as served:
        made = clean(served, kind)
        lines = ((b"content-type", made.kind), (b"x-http-method-override", b"POST"))
        reply = await call(served.app, method, made.target, headers=lines, body=made.body)
        assert reply.status == 405
        assert "POST" in reply.header("allow").split(", ")
        assert await served.responses() == []


async def test_other_pages_refuse_other_methods_too(standing: Stand) -> None:
    async with standing() as served:
        for target in (
            "/o/molensloot/balie-hal",
            "/v/bedankt",
            "/embed/bedankt?meetpunt=molensloot/online",
            "/widget.v1.js",
            "/livez",
            "/problems/internal",
        ):
            for method in ("POST", "PUT", "TRACE", "FOO"):
                reply = await call(served.app, method, target)
                assert (reply.status, method) == (405, method)
                assert reply.header("allow") == "GET, HEAD, OPTIONS"


async def test_a_head_is_a_get_without_its_body(standing: Stand) -> None:
    async with standing() as served:
        # Where a questionnaire has a sample, two requests may by chance get two pages.
        for target in (
            f"/v/{served.token()}",
            f"/v/{served.token()}?cijfer=8",
            "/o/molensloot/huwelijk",
            "/o/molensloot/huwelijk?cijfer=8",
            "/o/molensloot/nothing",
            "/v/nothing",
            "/v/bedankt?meetpunt=molensloot/balie-hal",
            "/",
            "/static/nothing.js",
            "/livez",
            "/nothing",
            "/api/v1/openapi.json",
            "/api/v1/nothing",
        ):
            get = await call(served.app, "GET", target)
            head = await call(served.app, "HEAD", target)
            assert get.body, target
            assert head.body == b""
            assert (head.status, head.headers) == (get.status, get.headers)
            assert int(head.header("content-length")) == len(get.body)


def forgeries(served: Served) -> list[str]:
    """Addresses under `/v/` that hold no token for a page, of every sort that comes to mind."""
    token = served.token()
    other = served.token(purpose="embed")
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    pairing = next(served.token(purpose=purpose) for purpose in PURPOSES if purpose == "pairing")
    gone = served.tokens.issue(
        purpose="open",
        touchpoint=131_071,
        expires_at=served.tokens.read(token).expires_at,
        now=served.tokens.read(token).expires_at,
    )
    return [
        "nothing",
        "",
        "x" * 44,
        "x" * 48,
        "x" * 10_000,
        changed,
        other,
        pairing,
        gone,
        token[:-1],
        token + "A",
        token + "=",
        token + "%3D",
        token + "/",
        token + "//",
        token + "/.",
        token + "%20",
        token + "%00",
        token + "%0d%0aset-cookie:%20a=b",
        token + ";a=b",
        token + "%3Fa",
        f"%{ord(token[0]):02x}{token[1:]}",
        "".join(f"%{ord(character):02X}" for character in token),
        "/" + token,
        "./" + token,
        "../v/" + token,
        "..%2f" + token,
        "%2e%2e%2fv%2f" + token,
        "bedankt/",
        "bedankt/" + token,
        "BEDANKT",
        "%ff%fe",
        "é".encode().decode("latin-1") * 24,
        "' or '1'='1",
        "<script>alert(1)</script>",
        token.swapcase(),
        token.replace("-", "+").replace("_", "/") + "x",
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_whatever_is_no_token_gets_the_same_answer(standing: Stand, method: str) -> None:
    async with standing() as served:
        lines = ((b"content-type", FORM), (b"accept-language", b"en"))
        replies = {
            text: await call(served.app, method, f"/v/{text}", headers=lines, body=b"cijfer=8")
            for text in forgeries(served)
        }
        first = replies["nothing"]
        assert first.status == 404
        for text, reply in replies.items():
            assert (reply.status, reply.headers, reply.body) == (404, first.headers, first.body), (
                text
            )
        assert await served.responses() == []


@pytest.mark.parametrize(
    "target",
    [
        "//v/TOKEN",
        "/V/TOKEN",
        "/v%2fTOKEN",
        "/o//molensloot/balie-hal",
        "/o/molensloot//balie-hal",
        "/o/molensloot/..%2fbalie-hal",
        "/o/molensloot/%2e%2e/duinrade/balie-hal",
        "/o/molensloot%00/balie-hal",
        "/o/molensloot/balie-hal%0d%0aset-cookie:a=b",
        "/o/<script>/alert(1)",
        "/o/molensloot/nothing",
        "/o/MOLENSLOOT/balie-hal",
        "/EMBED/molensloot/online",
        "/embed//molensloot/online",
        "/embed/molensloot/%2e%2e/duinrade/balie-hal",
        "/embed/molensloot%00/online",
        "/embed/molensloot/online%0d%0aset-cookie:a=b",
        "/embed/<script>/alert(1)",
        "/embed/bedankt?meetpunt=<script>alert(1)</script>",
        "/embed/bedankt?meetpunt=molensloot/%00",
        "/embed/\xff/\xfe",
        "/widget.v1.js%00",
        "/widget.v1.../../published.json",
        "/static/../ingest/web/front.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static/%2e%2e%2fsurvey.css",
        "/static/survey.css",
        "/static/%ff",
        "/.git/config",
        "/.env",
        "/schema",
        "/docs",
        "/metrics",
        "/server-status",
        "/v/bedankt?meetpunt=<script>alert(1)</script>",
        "/v/bedankt?meetpunt=molensloot/%00",
        "/v/bedankt",
        "/%ff",
        "/" + "a" * 10_000,
    ],
)
async def test_whatever_leads_nowhere_is_not_found(standing: Stand, target: str) -> None:
    async with standing() as served:
        reply = await call(served.app, "GET", target.replace("TOKEN", served.token()))
        assert reply.status == 404
        assert reply.header("content-type") == "text/html; charset=utf-8"
        assert reply.header("content-security-policy").startswith("default-src 'none'")
        assert reply.header("set-cookie") == ""
        assert b"alert(1)" not in reply.body


@pytest.mark.parametrize("host", [b"[", b"evil.example", b"a b", b"\xff", b"<script>", b"", b"]:x"])
@pytest.mark.parametrize(
    "target",
    [
        "/o/molensloot/balie-hal",
        "/embed/molensloot/online",
        "/widget.v1.js",
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/openapi.json",
        "/v/TOKEN",
    ],
)
async def test_the_host_that_somebody_writes_is_not_used(
    standing: Stand, host: bytes, target: str
) -> None:
    async with standing() as served:
        lines = (
            (b"host", host),
            (b"x-forwarded-host", b"evil.example"),
            (b"x-forwarded-proto", b"javascript"),
            (b"forwarded", b"host=evil.example"),
        )
        path = target.replace("TOKEN", served.token())
        reply = await call(served.app, "GET", path, headers=lines)
        assert 200 <= reply.status < 500
        told = reply.body + b"".join(value for _, value in reply.headers)
        assert b"evil.example" not in told
        assert b"javascript:" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"accept", b"*/*," * 2_000),
        (b"accept-language", b"\xff\x00;q=nan,<script>;q=1e999," * 40),
        (b"accept-language", b"nl;q=1" + b"0" * 5_000),
        (b"accept-encoding", b"\xff" * 8_000),
        (b"origin", b"\xff\x00"),
        (b"origin", b"https://www.molensloot.example\r\nset-cookie: a=b"),
        (b"origin", b"a" * 60_000),
        (b"cookie", b"a=" + b"\xff" * 5_000),
        (b"user-agent", b"' or 1=1 --"),
        (b"authorization", b"Bearer " + b"\xff" * 5_000),
        (b"idempotency-key", b"\x00" * 300),
        (b"x-forwarded-for", b"' or 1=1 --, 127.0.0.1"),
        (b"range", b"bytes=0-0,-1"),
        (b"if-none-match", b"*"),
        (b"expect", b"200-maybe"),
        (b"upgrade", b"h2c"),
    ],
)
async def test_an_odd_header_changes_nothing(standing: Stand, name: bytes, value: bytes) -> None:
    async with standing() as served:
        for kind in KINDS_OF_BODY:
            made = clean(served, kind)
            lines = ((b"content-type", made.kind), (name, value))
            assert (await posted(served, made, *lines)).status in (201, 303)
        for target in (
            "/v/" + served.token(),
            "/o/molensloot/balie-hal",
            "/embed/molensloot/online",
            "/widget.v1.js",
            "/api/v1/openapi.json",
            "/api/v1/touchpoints/molensloot/online",
        ):
            reply = await call(served.app, "GET", target, headers=((name, value),))
            assert 200 <= reply.status < 500
            assert reply.header("set-cookie") == ""
        reply = await call(
            served.app,
            "POST",
            "/api/v1/invitations",
            headers=((b"content-type", JSON), (name, value)),
            body=b"{}",
        )
        assert 400 <= reply.status < 500
        reply.json()


async def test_an_open_link_keeps_nothing_that_somebody_made_up(standing: Stand) -> None:
    async with standing() as served:
        query = (
            "lang=nl%0d%0aset-cookie:%20a=b&product=%0aa&location=%22%3E%3Cscript%3E&cijfer=%00"
            "&form=%C3%A9&evil=1&via=qr%22"
        )
        reply = await call(served.app, "GET", f"/o/molensloot/balie-hal?{query}")
        assert reply.status == 200
        path, _, kept = form_on(reply.body).action.partition("?")
        assert (path[:3], kept) == ("/v/", "lang=nl")
        assert served.tokens.read(path.removeprefix("/v/")).purpose == "open"
