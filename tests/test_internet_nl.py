"""What internet.nl asks of a first page is what our pages say; and its rules find what lacks."""

import pytest

from ingest.asgi import headers
from tests.internet_nl import (
    faults_of_headers,
    faults_of_policy,
    faults_of_redirect,
    faults_of_security_txt,
)

HOST = "kto.yourtown.nl"
PAGES = {
    "survey": headers.whole_page(style="p{}", scripts=["1"]).identity,
    "no script": headers.whole_page(style="p{}", scripts=[]).identity,
    "kiosk": headers.ILLUSTRATED,
    "api": headers.API_PAGE,
}
GOOD = headers.as_dict(PAGES["survey"])
POLICY = GOOD["content-security-policy"]


@pytest.mark.parametrize("lines", PAGES.values(), ids=PAGES)
def test_our_pages_lack_nothing(lines: headers.type_of_header_lines) -> None:
    assert faults_of_headers(headers.as_dict(lines), HOST) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strict-transport-security", ""),
        ("strict-transport-security", "max-age=15552000"),
        ("x-frame-options", ""),
        ("x-content-type-options", ""),
        ("referrer-policy", "unsafe-url"),
        ("content-security-policy", ""),
    ],
)
def test_a_header_that_lacks_or_is_too_weak_is_found(name: str, value: str) -> None:
    assert faults_of_headers({**GOOD, name: value}, HOST)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default-src 'none'", "default-src https://cdn.example"),
        ("default-src 'none'", "default-src data: 'self'"),
        ("script-src ", "script-src 'unsafe-inline' "),
        ("script-src ", "script-src https: "),
        ("script-src ", "script-src cdn.example "),
        ("style-src ", "style-src * "),
        ("base-uri 'none';", ""),
        ("form-action 'self';", ""),
        ("frame-ancestors 'none'", "frame-ancestors https://www.yourtown.nl"),
    ],
)
def test_a_policy_that_lets_in_too_much_is_found(old: str, new: str) -> None:
    assert old in POLICY
    assert faults_of_policy(POLICY.replace(old, new), HOST)


def test_http_has_to_lead_to_https_on_the_same_host() -> None:
    assert faults_of_redirect(301, f"https://{HOST}/x", HOST) == []
    for status, location in (
        (200, ""),
        (301, f"http://{HOST}/"),
        (301, "https://www.yourtown.nl/"),
    ):
        assert faults_of_redirect(status, location, HOST)


def test_a_security_txt_is_text_or_leads_to_one() -> None:
    there = "https://www.yourtown.nl/.well-known/security.txt"
    assert faults_of_security_txt(302, there, "") == []
    assert faults_of_security_txt(200, "", "text/plain; charset=utf-8") == []
    for status, location, kind in (
        (404, "", "text/html"),
        (200, "", "text/html"),
        (302, "http://x/.well-known/security.txt", ""),
        (302, "https://www.yourtown.nl/", ""),
    ):
        assert faults_of_security_txt(status, location, kind)
