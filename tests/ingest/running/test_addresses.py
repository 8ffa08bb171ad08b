"""A process says where it listens, or in one sentence why it cannot."""

import socket
from urllib.parse import urlsplit

import pytest

from ingest.running.addresses import AddressUnusable, PortTaken, listen, parts_of, split_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:80", ("::1", 80)),
        ("[::]:65535", ("::", 65535)),
    ],
)
def test_an_address_has_a_host_and_a_port(text: str, parts: tuple[str, int]) -> None:
    assert split_address(text) == parts


@pytest.mark.parametrize(
    "text", ["", "9464", ":9464", "host:", "host:65536", "::1:80", "h:-1", "h:٣"]
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="a host and a port"):
        split_address(text)


def test_a_taken_port_is_one_sentence_that_names_the_setting() -> None:
    with (
        listen("127.0.0.1", 0, setting="MEETPUNT_PORT") as first,
        pytest.raises(PortTaken) as taken,
    ):
        listen("127.0.0.1", first.getsockname()[1], setting="MEETPUNT_PORT")

    assert str(taken.value) == (
        f"Port {taken.value.port} on 127.0.0.1 is taken; "
        "stop what listens there or set MEETPUNT_PORT to another."
    )


def test_an_address_of_another_machine_is_refused_by_name() -> None:
    with pytest.raises(AddressUnusable, match=r"^Cannot listen on 192\.0\.2\.1, port 0 \(.+\)"):
        listen("192.0.2.1", 0, setting="MEETPUNT_HOST")


def test_every_address_means_both_families() -> None:
    with listen("::", 0, setting="MEETPUNT_HOST") as listener:
        port = listener.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_a_database_url_may_name_hosts_before_a_bracket() -> None:
    parts = parts_of("postgresql://u:p@a:1,[::1]:2/d?sslmode=require")
    assert (parts.netloc, parts.path, parts.query) == ("u:p@a:1,[::1]:2", "/d", "sslmode=require")
    for url in (
        "postgresql:///d",
        "postgresql://",
        "postgresql://h?x=1",
        "no url",
        "a://[::1]:2/d",
    ):
        assert parts_of(url) == urlsplit(url)
