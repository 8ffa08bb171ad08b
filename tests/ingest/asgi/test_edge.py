"""What a client says that it takes, and who it is: read from headers that anybody may write."""

import pytest

from ingest.asgi.edge import accepts_json, client_address


@pytest.mark.parametrize(
    "accept",
    [
        b"",
        b"*/*",
        b"application/json",
        b"Application/JSON; charset=utf-8",
        b"application/*",
        b"application/problem+json",
        b"text/html, application/xhtml+xml, */*;q=0.8",
        b"text/html;q=0.9 , application/json ; q=0.001",
        b"*/*;q=0, application/json",
        b"application/json;q=1, */*;q=0",
        b",,application/json,",
    ],
)
def test_json_is_taken(accept: bytes) -> None:
    assert accepts_json(accept)


@pytest.mark.parametrize(
    "accept",
    [
        b"text/html",
        b"application/xml, text/*",
        b"application/json;q=0",
        b"application/json; q=0.000, */*",
        b"application/jsonp",
        b"application",
        b"\xff",
        b";;,q=1",
    ],
)
def test_json_is_not_taken(accept: bytes) -> None:
    assert not accepts_json(accept)


@pytest.mark.parametrize(
    ("scope", "address"),
    [
        ({"client": ("192.0.2.1", 50_000)}, "192.0.2.1"),
        ({"client": None}, ""),
        ({}, ""),
    ],
)
def test_who_is_behind_a_socket_of_ours_has_no_address(
    scope: dict[str, object], address: str
) -> None:
    assert client_address(scope) == address
