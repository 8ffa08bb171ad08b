"""What internet.nl asks of the first page of a site, as far as one can ask without DNS.

Written from what its own checks do: the headers of what https://host/ answers, the way
there from http, and the security.txt. Standard library alone, so that it runs in a bare Debian too.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_A_YEAR = 31_536_000
_NEVER_IN_A_POLICY = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:")
_OWN = {"'self'", "'none'"}


def faults_of_headers(headers: Mapping[str, str], host: str) -> list[str]:
    """What it would mark down in these headers; the names are in small letters."""
    found = []
    hsts = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    if hsts is None or int(hsts[1]) < _A_YEAR:
        found.append("HSTS is not there, or for less than a year")
    if headers.get("x-frame-options", "").upper() not in ("DENY", "SAMEORIGIN"):
        found.append("X-Frame-Options")
    if headers.get("x-content-type-options", "").lower() != "nosniff":
        found.append("X-Content-Type-Options")
    if headers.get("referrer-policy", "") not in ("no-referrer", "same-origin"):
        found.append("Referrer-Policy")
    return [*found, *faults_of_policy(headers.get("content-security-policy", ""), host)]


def faults_of_policy(policy: str, host: str) -> list[str]:
    """What it would mark down in a Content-Security-Policy."""
    told = {}
    for each in policy.split(";"):
        name, *sources = each.split() or [""]
        told[name] = sources
    found = [
        f"{name} has {source}"
        for name, sources in told.items()
        for source in sources
        if source in _NEVER_IN_A_POLICY or "127.0.0.1" in source
    ]
    for name in ("default-src", "base-uri"):
        if not _is_own(told.get(name, []), host):
            found.append(f"{name} is not this site's own")
    if not set(told.get("frame-ancestors", [])) & _OWN:
        found.append("frame-ancestors has neither 'self' nor 'none'")
    if not told.get("form-action"):
        found.append("form-action is not there")
    for name in ("script-src", "object-src", "default-src"):
        if "data:" in told.get(name, []):
            found.append(f"{name} has data:")
    for name, sources in told.items():
        if name.endswith(("-src", "-uri", "-ancestors", "form-action")):
            found += [
                f"{name} has a host without https: {source}"
                for source in sources
                if not source.startswith("'") and "://" not in source and not source.endswith(":")
            ]
    return found


def _is_own(sources: list[str], host: str) -> bool:
    if not set(sources) & _OWN:
        return False
    hosts = [urlsplit(source).hostname or "" for source in sources if "://" in source]
    return all(each.endswith(host) for each in hosts)


def faults_of_redirect(status: int, location: str, host: str) -> list[str]:
    """Of what http://host/ answers: first of all to https on the same host."""
    there = urlsplit(location)
    if status not in (301, 302, 307, 308) or (there.scheme, there.hostname) != ("https", host):
        return [f"http leads elsewhere than to https: {status} {location}"]
    return []


def faults_of_security_txt(status: int, location: str, content_type: str) -> list[str]:
    """Of /.well-known/security.txt: plain text, or a way to one that is served over https."""
    if status in (301, 302, 307, 308) and urlsplit(location).scheme == "https":
        return [] if location.endswith("/.well-known/security.txt") else ["it leads elsewhere"]
    if status == 200 and content_type.partition(";")[0].strip().lower() == "text/plain":
        return []
    return [f"no security.txt: {status} {content_type}"]
