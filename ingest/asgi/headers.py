"""The header lines that do not depend on a request: one tuple for each sort of answer, for ASGI.

Pages of residents are static bytes in one request, so that a nonce is not possible: style and
script stand in the page, and the policy allows exactly these by the hash of their content. Our
other pages take scripts and style sheets from our own files. A URL of a survey holds its token:
`no-referrer` keeps it from other sites, `no-store` from caches, `noindex` from search engines.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

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
    b" base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none';"
    b" require-trusted-types-for 'script'"
)
# No image, or browsers would ask for a favicon: a request more than a survey needs.
_WHOLE_PAGE_POLICY = (
    b"default-src 'none'; script-src %s; style-src %s; form-action 'self'; base-uri 'none';"
    b" frame-ancestors %s; require-trusted-types-for 'script'"
)
_DATA_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

# Two years: longer than any visitor stays away.
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
# Pages and files of ours that are made of several files, without pictures.
PAGE: type_of_header_lines = (
    *_UNFRAMED,
    (b"content-security-policy", _PAGE_POLICY % b"'none'"),
)
# Those that have pictures, such as the kiosk and the demo.
ILLUSTRATED: type_of_header_lines = (
    *_UNFRAMED,
    (b"content-security-policy", _PAGE_POLICY % b"'self'"),
)
# Pages of the API's documentation. At some of their addresses a program gets JSON instead.
API_PAGE: type_of_header_lines = (*PAGE, (b"vary", b"Accept, Accept-Encoding"))

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

# Scripts that any other site may load: they hold no personal data.
_FOR_SITES: type_of_header_lines = (
    *_EVERYWHERE,
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"vary", b"Accept-Encoding"),
)
# The content may change under the same name, so browsers ask again after an hour.
SITE_SCRIPT: type_of_header_lines = (*_FOR_SITES, (b"cache-control", b"public, max-age=3600"))
SITE_SCRIPT_PINNED: type_of_header_lines = (
    *_FOR_SITES,
    (b"cache-control", b"public, max-age=31536000, immutable"),
)

# Replies for programs: they are no pages, so a browser may not show or frame them as one.
DATA: type_of_header_lines = (
    *_UNSEEN,
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _DATA_POLICY),
    (b"x-frame-options", b"DENY"),
)

# Which origins may read a reply depends on the touchpoint; its CORS lines are added elsewhere.
API: type_of_header_lines = (
    *DATA,
    (b"api-version", API_VERSION.encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
API_JSON: type_of_header_lines = (*API, (b"content-type", b"application/json"))
# No cache stores these replies, so they need no `Vary: Accept-Encoding`.
API_JSON_GZIP: type_of_header_lines = (*API_JSON, (b"content-encoding", b"gzip"))
API_JSON_BROTLI: type_of_header_lines = (*API_JSON, (b"content-encoding", b"br"))
API_PROBLEM: type_of_header_lines = (*API, (b"content-type", b"application/problem+json"))
# What a script asks before it posts a response. No credentials: a response carries its token.
PREFLIGHT: type_of_header_lines = (
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"600"),
)


class PageLines(NamedTuple):
    """The lines of a page that is whole in itself: without a body, and in each encoding."""

    empty: type_of_header_lines
    identity: type_of_header_lines
    gzip: type_of_header_lines
    brotli: type_of_header_lines


def whole_page(*, style: str, scripts: Iterable[str]) -> PageLines:
    """The lines of pages that hold this `style` and some of these `scripts`, and stand alone."""
    policy = _WHOLE_PAGE_POLICY % (*_sources(style, scripts), b"'none'")
    return _page_lines((*_UNFRAMED, (b"content-security-policy", policy)))


def embedded_page(*, style: str, scripts: Iterable[str], origins: Iterable[str]) -> PageLines:
    """The lines of a survey in an iframe on `origins` (such as `https://www.molensloot.example`).

    Only our own pages and those exact origins may hold it. Raises ValueError for anything that is
    not an origin, since it would end up inside the policy.
    """
    listed = sorted(set(origins))
    for origin in listed:
        if not origin.isascii() or any(sign in origin for sign in " ;,*'\"\r\n\t"):
            raise ValueError(f"not an origin: {origin!r}")
    ancestors = " ".join(["'self'", *listed]).encode()
    policy = _WHOLE_PAGE_POLICY % (*_sources(style, scripts), ancestors)
    lines = (
        *_PAGE,
        (b"content-security-policy", policy),
        (b"cross-origin-resource-policy", b"cross-origin"),
    )
    return _page_lines(lines)


def _page_lines(lines: type_of_header_lines) -> PageLines:
    identity = (*lines, (b"content-type", b"text/html; charset=utf-8"))
    return PageLines(
        empty=lines,
        identity=identity,
        gzip=(*identity, (b"content-encoding", b"gzip")),
        brotli=(*identity, (b"content-encoding", b"br")),
    )


def _sources(style: str, scripts: Iterable[str]) -> tuple[bytes, bytes]:
    """What may run and what may style, as CSP wants it: by the hash of what stands in the page."""
    return b" ".join(_hashed(script) for script in scripts) or b"'none'", _hashed(style)


def _hashed(content: str) -> bytes:
    return b"'sha256-%s'" % base64.b64encode(hashlib.sha256(content.encode()).digest())


_VARY_BY_ORIGIN: type_of_header_lines = ((b"vary", b"Origin"),)


def cors_lines(origins: Iterable[str]) -> dict[bytes, type_of_header_lines]:
    """The lines for scripts on each of these origins."""
    return {
        origin.encode(): (
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-expose-headers", b"API-Version, Retry-After"),
            *_VARY_BY_ORIGIN,
        )
        for origin in origins
    }


def for_origin(lines: Mapping[bytes, type_of_header_lines], origin: bytes) -> type_of_header_lines:
    """Those of `cors_lines` for a script on this origin; only `Vary` where it is not among them."""
    return lines.get(origin, _VARY_BY_ORIGIN)


def as_dict(lines: type_of_header_lines) -> dict[str, str]:
    """The same lines for Litestar's `Response(headers=...)`."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in lines}
