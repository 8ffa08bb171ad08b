"""The header lines that do not depend on a request: one tuple for each sort of answer, for ASGI.

Pages are static bytes, so that a nonce is not possible: scripts and style sheets come from our own
files only, and no page holds one inline. A URL of a survey holds its token: `no-referrer` keeps it
from other sites, `no-store` from caches, `noindex` from search engines.
"""

from collections.abc import Iterable

from ingest.asgi.messages import API_VERSION

type_of_header_lines = tuple[tuple[bytes, bytes], ...]

_NOWHERE = (
    b"accelerometer=(), autoplay=(), browsing-topics=(), camera=(),"
    b" display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(),"
    b" magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(),"
    b" xr-spatial-tracking=()"
)
_PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src %s; font-src 'self';"
    b" connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self';"
    b" base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors %s;"
    b" require-trusted-types-for 'script'"
)
_DATA_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

# Two years: browsers forget it later than anybody stays away.
_EVERYWHERE: type_of_header_lines = (
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
)
_UNSEEN: type_of_header_lines = (
    *_EVERYWHERE,
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
_PAGE: type_of_header_lines = (
    *_UNSEEN,
    (b"cache-control", b"private, no-store"),
    (b"permissions-policy", _NOWHERE),
)

_UNFRAMED: type_of_header_lines = (
    *_PAGE,
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
# No image, or browsers would ask for a favicon: a request more than a survey needs.
SURVEY: type_of_header_lines = (
    *_UNFRAMED,
    (b"content-security-policy", _PAGE_POLICY % (b"'none'", b"'none'")),
)
# Our own pages around a survey, which have pictures.
ILLUSTRATED: type_of_header_lines = (
    *_UNFRAMED,
    (b"content-security-policy", _PAGE_POLICY % (b"'self'", b"'none'")),
)
# For who builds on the API: the same for everybody, and at some addresses JSON for programs.
API_PAGE: type_of_header_lines = (*SURVEY, (b"vary", b"Accept, Accept-Encoding"))
SURVEY_IDENTITY: type_of_header_lines = (
    *SURVEY,
    (b"content-type", b"text/html; charset=utf-8"),
)
SURVEY_GZIP: type_of_header_lines = (*SURVEY_IDENTITY, (b"content-encoding", b"gzip"))
SURVEY_BROTLI: type_of_header_lines = (*SURVEY_IDENTITY, (b"content-encoding", b"br"))

REDIRECT: type_of_header_lines = (
    *_UNSEEN,
    (b"cache-control", b"private, no-store"),
    (b"content-security-policy", _DATA_POLICY),
)

# A file whose name holds its content's hash: those bytes for ever.
ASSET: type_of_header_lines = (
    *_EVERYWHERE,
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"Accept-Encoding"),
)

# Scripts for other sites, which may load them from anywhere: they hold nothing of anybody.
_FOR_SITES: type_of_header_lines = (
    *_EVERYWHERE,
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"vary", b"Accept-Encoding"),
)
# Mended under the same name, and asked for again within the hour.
SITE_SCRIPT: type_of_header_lines = (*_FOR_SITES, (b"cache-control", b"public, max-age=3600"))
SITE_SCRIPT_PINNED: type_of_header_lines = (
    *_FOR_SITES,
    (b"cache-control", b"public, max-age=31536000, immutable"),
)

# For programs: nothing here is a page, so nothing may be shown or framed as one.
DATA: type_of_header_lines = (
    *_UNSEEN,
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _DATA_POLICY),
    (b"x-frame-options", b"DENY"),
)

# Which origins may read an answer is for CORS to say, a touchpoint at a time.
API: type_of_header_lines = (
    *DATA,
    (b"api-version", API_VERSION.encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
API_JSON: type_of_header_lines = (*API, (b"content-type", b"application/json"))
# Nothing keeps these, so nothing has to know that they vary by Accept-Encoding.
API_JSON_GZIP: type_of_header_lines = (*API_JSON, (b"content-encoding", b"gzip"))
API_JSON_BROTLI: type_of_header_lines = (*API_JSON, (b"content-encoding", b"br"))
API_PROBLEM: type_of_header_lines = (*API, (b"content-type", b"application/problem+json"))
# What a script asks before it posts a response. No credentials: a response carries its token.
PREFLIGHT: type_of_header_lines = (
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"600"),
)


def embedded_page(origins: Iterable[str]) -> type_of_header_lines:
    """Those of a survey that stands in an iframe on `origins` (`https://www.molensloot.example`).

    Only our own pages and those exact origins may hold it. Raises ValueError for anything that is
    not an origin, since it would end up inside the policy.
    """
    listed = sorted(set(origins))
    for origin in listed:
        if not origin.isascii() or any(sign in origin for sign in " ;,*'\"\r\n\t"):
            raise ValueError(f"not an origin: {origin!r}")
    ancestors = " ".join(["'self'", *listed]).encode()
    return (
        *_PAGE,
        (b"content-security-policy", _PAGE_POLICY % (b"'none'", ancestors)),
        (b"cross-origin-resource-policy", b"cross-origin"),
    )


def as_dict(lines: type_of_header_lines) -> dict[str, str]:
    """The same lines for Litestar's `Response(headers=...)`."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in lines}
