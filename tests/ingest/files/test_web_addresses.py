"""Only exact https addresses and origins pass; nothing that could write a header or a script."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.web_addresses import address_fault, is_loopback, origin_fault

HOSTILE = [
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "https://",
    "https:///pad",
    "http://www.molensloot.example",
    "ftp://www.molensloot.example",
    "https://wie:geheim@www.molensloot.example",
    "https://www.molensloot.example@evil.example",
    "https://www.molensloot.example\\@evil.example",
    "https://127.0.0.1.evil.example@localhost",
    "http://localhost.evil.example",
    "https://www.molensloot.example:0",
    "https://www.molensloot.example:65536",
    "https://www.molensloot.example:",
    "https://.example",
    "https://www..example",
    "https://-www.example",
    "https://www.molensloot.example.",
    "https://gemeente",
    "https://10.0.0.1",
    "https://Www.molensloot.example",
    "https://www.mølensloot.example",
    "https://www.molensloot.example\n",
    " https://www.molensloot.example",
    "https://www.molensloot.example https://evil.example",
    "https://www.molensloot.example\r\nSet-Cookie: a=b",
    "https://" + "a." * 50_000 + "example",
]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.molensloot.example",
        "https://www.molensloot.example/",
        "https://www.molensloot.example/privacy?taal=nl&x=1#kop",
        "https://www.molensloot.example:8443/a%20b",
        "https://xn--mlensloot-k8a.example/contact",
        "http://localhost:8000/privacy",
        "http://127.0.0.1:8000",
        "http://[::1]:8000/",
    ],
)
def test_an_https_address_or_one_of_this_machine_passes(address: str) -> None:
    assert address_fault(address) is None


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_or_broken_address_is_refused_as_an_address_and_as_an_origin(
    address: str,
) -> None:
    started = time.monotonic()
    assert address_fault(address)
    assert origin_fault(address)
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(
    "address",
    [
        "https://www.molensloot.example/a b",
        'https://www.molensloot.example/"onclick="',
        "https://www.molensloot.example/'",
        "https://www.molensloot.example/<script>",
        "https://www.molensloot.example/\\evil.example",
        "https://www.molensloot.example/%2",
        "https://www.molensloot.example/é",
        "https://www.molensloot.example/a\x00",
    ],
)
def test_a_path_with_signs_that_an_address_cannot_have_is_refused(address: str) -> None:
    assert address_fault(address)


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.molensloot.example",
        "https://www.molensloot.example:8443",
        "http://localhost:8000",
        "http://127.0.0.1:8000",
    ],
)
def test_an_exact_origin_passes(origin: str) -> None:
    assert origin_fault(origin) is None


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*",
        "https://*.molensloot.example",
        "https://www.molensloot.example/",
        "https://www.molensloot.example/formulier",
        "https://www.molensloot.example?a",
        "https://www.molensloot.example;script-src *",
        "https://www.molensloot.example; default-src *",
        "https://www.molensloot.example,https://evil.example",
        "https://www.molensloot.example\r",
    ],
)
def test_an_origin_that_is_not_exact_is_refused(origin: str) -> None:
    assert origin_fault(origin)


def test_an_origin_with_the_port_that_browsers_leave_off_is_refused_with_that_reason() -> None:
    assert "leave off :443" in str(origin_fault("https://www.molensloot.example:443"))
    assert "leave off :80" in str(origin_fault("http://localhost:80"))


@given(st.from_regex(r"\Ahttps://[ -~\r\n\t*;é]{1,40}\Z") | st.text())
def test_no_origin_that_passes_can_end_a_directive_or_a_header(origin: str) -> None:
    if origin_fault(origin) is None:
        assert re.fullmatch(r"https?://[][a-z0-9.:-]+", origin)


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("http://localhost:8000")
    assert is_loopback("https://[::1]")
    assert not is_loopback("https://www.molensloot.example")
    assert not is_loopback("localhost")
