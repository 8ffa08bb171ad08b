"""The scripts that municipal sites load: what may be kept how long, and by whom."""

import gzip
from pathlib import Path
from typing import Any

import brotli
import httpx
import pytest

from ingest.widget.bundle import hash_of
from tests.conftest import Serve
from tests.raw_asgi import call
from tests.widget_files import NEW, OLD, write_widget

pytestmark = pytest.mark.anyio

PINNED = [f"/widget.v1.{hash_of(body)}.js" for body in (OLD, NEW)]
SHORT = ["/widget.v1.js", "/embed-height.v1.js"]


async def got(serve: Serve, folder: Path, path: str, method: str = "GET", **headers: str) -> Any:
    async with serve(widget_files=write_widget(folder)) as served:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        reply: httpx.Response = await served.client.request(method, path, headers=named)
        return reply


@pytest.mark.parametrize("path", [*PINNED, *SHORT])
async def test_any_site_may_load_it(serve: Serve, tmp_path: Path, path: str) -> None:
    reply = await got(serve, tmp_path, path, origin="https://elsewhere.example")
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("path", PINNED)
async def test_a_pinned_script_is_kept_for_ever(serve: Serve, tmp_path: Path, path: str) -> None:
    reply = await got(serve, tmp_path, path)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert f"/widget.v1.{hash_of(reply.content)}.js" == path


@pytest.mark.parametrize("path", SHORT)
async def test_the_other_is_asked_for_again_within_the_hour(
    serve: Serve, tmp_path: Path, path: str
) -> None:
    reply = await got(serve, tmp_path, path)
    assert reply.headers["cache-control"] == "public, max-age=3600"
    etag = reply.headers["etag"]
    for kept in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = await got(serve, tmp_path, path, if_none_match=kept)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == "public, max-age=3600"
        assert again.headers["vary"] == "Accept-Encoding"
        assert again.headers["access-control-allow-origin"] == "*"
    for kept in ('"other"', "", "W/", hash_of(reply.content)):
        assert (await got(serve, tmp_path, path, if_none_match=kept)).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", "", bytes),
    ],
)
async def test_it_comes_compressed(
    serve: Serve, tmp_path: Path, accepted: str, encoding: str, unpack: Any
) -> None:
    async with serve(widget_files=write_widget(tmp_path)) as served:
        headers = ((b"accept-encoding", accepted.encode()),)
        reply = await call(served.app, "GET", "/widget.v1.js", headers=headers)
        head = await call(served.app, "HEAD", "/widget.v1.js", headers=headers)
    assert reply.header("content-encoding") == encoding
    assert int(reply.header("content-length")) == len(reply.body)
    assert unpack(reply.body) == NEW
    assert (head.status, head.body, head.headers) == (200, b"", reply.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/widget.v1.000000000000.js",
        "/widget.v2.js",
        "/widget.js",
        "/widget.v1.js.map",
        "/published.json",
        "/widget.v1.%2e%2e%2fpublished.json",
        "/embed-height.v2.js",
    ],
)
async def test_another_name_is_not_there(serve: Serve, tmp_path: Path, path: str) -> None:
    reply = await got(serve, tmp_path, path)
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/html")


async def test_it_is_only_there_to_be_read(serve: Serve, tmp_path: Path) -> None:
    reply = await got(serve, tmp_path, "/widget.v1.js", "POST")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS"
