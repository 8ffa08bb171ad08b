"""Every answer carries the headers that keep a resident's visit private and the page whole."""

import pytest

from ingest.asgi import headers
from ingest.asgi.messages import API_VERSION

EVERY = {
    name: value
    for name, value in vars(headers).items()
    if isinstance(value, tuple) and not name.startswith("_") and name != "PREFLIGHT"
}
STYLE, SCRIPTS = "p{margin:0}", ("alert(1)", "é")
ALONE = headers.whole_page(style=STYLE, scripts=SCRIPTS)
FRAMED = headers.embedded_page(
    style=STYLE, scripts=SCRIPTS, origins=["https://www.molensloot.example"]
)
PAGES = {f"alone-{name}": lines for name, lines in ALONE._asdict().items()}
PAGES |= {f"embedded-{name}": lines for name, lines in FRAMED._asdict().items()}
EVERY |= PAGES
WITH_TOKEN = {**PAGES, "REDIRECT": headers.REDIRECT}


def directives(lines: headers.type_of_header_lines) -> dict[str, str]:
    """The content security policy, a directive a key."""
    policy = headers.as_dict(lines)["content-security-policy"]
    return {part.split()[0]: " ".join(part.split()[1:]) for part in policy.split("; ")}


@pytest.mark.parametrize("name", EVERY)
def test_a_line_is_a_line_and_comes_once(name: str) -> None:
    lines = EVERY[name]
    names = [line[0] for line in lines]

    assert len(names) == len(set(names))
    for header, value in lines:
        assert header == header.lower()
        assert b"\r" not in value
        assert b"\n" not in value
        assert b"  " not in value


@pytest.mark.parametrize("name", EVERY)
def test_every_answer_asks_for_https_and_is_what_it_says(name: str) -> None:
    told = headers.as_dict(EVERY[name])

    # internet.nl wants a year at least.
    assert int(told["strict-transport-security"].split("=")[1].split(";")[0]) >= 31_536_000
    assert told["x-content-type-options"] == "nosniff"
    assert "server" not in told


@pytest.mark.parametrize("name", WITH_TOKEN)
def test_the_token_in_the_address_goes_nowhere_else(name: str) -> None:
    told = headers.as_dict(WITH_TOKEN[name])

    assert told["referrer-policy"] == "no-referrer"
    assert told["cache-control"] == "private, no-store"
    assert told["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_only_what_it_was_made_with(name: str) -> None:
    policy = directives(PAGES[name])

    assert policy["default-src"] == "'none'"
    # From `printf ... | openssl dgst -sha256 -binary | base64`.
    assert policy["style-src"] == "'sha256-QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='"
    assert policy["script-src"] == (
        "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
        " 'sha256-SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw/biumnEw='"
    )
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert not any("unsafe" in sources or "http:" in sources for sources in policy.values())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_no_camera_and_no_place(name: str) -> None:
    told = headers.as_dict(PAGES[name])["permissions-policy"]

    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(told.split(", "))


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("alone")])
def test_a_survey_stands_in_no_frame(name: str) -> None:
    assert directives(PAGES[name])["frame-ancestors"] == "'none'"
    assert headers.as_dict(PAGES[name])["x-frame-options"] == "DENY"


def test_an_embedded_survey_stands_in_the_listed_frames_only() -> None:
    origins = ["https://www.waterakker.example", "https://www.molensloot.example"]
    lines = headers.embedded_page(style=STYLE, scripts=(), origins=origins).identity

    assert directives(lines)["frame-ancestors"] == (
        "'self' https://www.molensloot.example https://www.waterakker.example"
    )
    assert "x-frame-options" not in headers.as_dict(lines)


@pytest.mark.parametrize("origin", ["*", "https://a.example; script-src *", "a b", "é", "a\r\nb"])
def test_what_is_not_an_origin_does_not_enter_the_policy(origin: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        headers.embedded_page(style=STYLE, scripts=SCRIPTS, origins=[origin])


def test_an_asset_is_kept_for_a_year_and_not_asked_for_again() -> None:
    told = headers.as_dict(headers.ASSET)

    assert told["cache-control"] == "public, max-age=31536000, immutable"
    assert told["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("name", ["DATA", "API", "API_JSON", "API_PROBLEM"])
def test_an_answer_for_programs_is_no_page_and_is_not_kept(name: str) -> None:
    told = headers.as_dict(EVERY[name])

    assert told["x-frame-options"] == "DENY"
    assert directives(EVERY[name])["default-src"] == "'none'"
    assert told["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["API", "API_JSON", "API_PROBLEM"])
def test_an_api_answer_tells_its_version_and_can_be_read_elsewhere(name: str) -> None:
    told = headers.as_dict(EVERY[name])

    assert told["api-version"] == API_VERSION
    assert told["cross-origin-resource-policy"] == "cross-origin"


def test_a_preflight_allows_no_credentials() -> None:
    assert "access-control-allow-credentials" not in headers.as_dict(headers.PREFLIGHT)


def test_a_page_without_a_script_runs_none() -> None:
    policy = directives(headers.whole_page(style=STYLE, scripts=()).identity)

    assert policy["script-src"] == "'none'"


def test_each_encoding_says_what_it_is() -> None:
    told = [headers.as_dict(lines).get("content-encoding") for lines in ALONE]

    assert told == [None, None, "gzip", "br"]
