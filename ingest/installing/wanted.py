"""What an administrator wants of an installation: every answer, and what is wrong with it. Pure."""

import re
from collections.abc import Callable, Collection
from enum import StrEnum
from pathlib import Path

import msgspec

from ingest.files.toml_tables import slug_fault
from ingest.files.web_addresses import address_fault, origin_fault
from ingest.municipalities.names import says_gemeente
from ingest.municipalities.schemas import LONGEST_SLUG

SETTINGS_FOLDER = Path("/etc/meetpunt")
STATE_FOLDER = Path("/var/lib/meetpunt")
BACKUPS = Path("/var/backups/meetpunt")
PROGRAM = Path("/opt/meetpunt/bin/meetpunt")
ACCOUNT = "meetpunt"
"""What the units that we ship say; another answer takes its place in them."""

LOCAL = "postgresql://postgres@/postgres?host=/var/run/postgresql"
"""Debian's own Postgres on this machine, which knows its superuser by the account."""

_CODE = re.compile(r"GM\d{4}")
_MOST_WORKERS = 64
# What a shell, systemd and the three proxies read alike, between quotes and without.
_PATH = re.compile(r"/[A-Za-z0-9._/-]+")


class Proxy(StrEnum):
    """What speaks TLS before Meetpunt. `NONE`: somebody else sees to it."""

    CADDY = "caddy"
    NGINX = "nginx"
    HAPROXY = "haproxy"
    NONE = "none"


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """The municipality that the first file is about; `site` is an origin."""

    code: str
    slug: str
    name: str
    region: str
    site: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer. `host` is where residents reach it; no `postgres`: Meetpunt's own.

    `postgres` is a URL of a superuser without its password, which is never kept. No `certificate`:
    Caddy fetches one. No `town`: the files of municipalities are there.
    """

    host: str
    proxy: Proxy = Proxy.CADDY
    certificate: Path | None = None
    certificate_key: Path | None = None
    security: str = ""  # where the security.txt of the municipality is
    postgres: str | None = None
    backup: Path | None = BACKUPS
    encrypted: bool = True
    workers: int = 1
    town: Town | None = None


def backs_up_as(wanted: Wanted) -> str | None:
    """The account that keeps backups in `backup`; None: nobody here does."""
    if wanted.backup is None:
        return None
    return {None: ACCOUNT, LOCAL: "postgres"}.get(wanted.postgres)


def as_answers(wanted: Wanted) -> str:
    """The answers as they are kept for the next time; nothing in them is secret."""
    told = msgspec.json.encode(wanted, enc_hook=str)
    return f"{msgspec.json.format(told, indent=2).decode()}\n"


def from_answers(text: bytes) -> Wanted:
    """The answers of `as_answers`. Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(text, type=Wanted, dec_hook=lambda kind, told: kind(told))


def faults(wanted: Wanted, *, derived: Collection[str] = ()) -> list[str]:
    """A sentence for each answer that cannot be, each of which names its option.

    `derived`: options of which the answer was made of others. What is wrong with those follows from
    what somebody gave, and is told only where all of that is right.
    """
    told: dict[str, object] = {
        "host": wanted.host,
        "security-txt": wanted.security,
        "backup": wanted.backup,
        "certificate": wanted.certificate,
        "certificate-key": wanted.certificate_key,
        "workers": wanted.workers,
        **(msgspec.to_builtins(wanted.town) if wanted.town else {}),
    }
    wrong = {
        option: f"--{option} {fault}."
        for option, value in told.items()
        if value is not None and (fault := CHECKS[option](str(value)))
    }
    given = [fault for option, fault in wrong.items() if option not in derived]
    found = given or list(wrong.values())
    if fault := _certificate_fault(wanted):
        found.append(f"--certificate {fault}.")
    return found


def _host_fault(host: str) -> str | None:
    if origin_fault(f"https://{host}") is None and ":" not in host:
        return None
    return "must be a full name in small letters, such as kto.yourtown.nl, without https and port"


def _path_fault(path: str) -> str | None:
    if _PATH.fullmatch(path) and ".." not in Path(path).parts:
        return None
    return "must be a whole path of letters, digits, dots, hyphens and underscores"


def _backup_fault(path: str) -> str | None:
    if Path(path).is_relative_to(STATE_FOLDER):
        return f"must not lie in {STATE_FOLDER}: what destroys the one destroys the other"
    return _path_fault(path)


def _code_fault(code: str) -> str | None:
    return None if _CODE.fullmatch(code) else "must be GM and the four digits of CBS"


def _name_fault(name: str) -> str | None:
    plain = name.isprintable() and not set(name) & set('\\"')
    if not (plain and name.strip()):
        return "must be one line, without quotes"
    return 'must be without "Gemeente", which is told before it' if says_gemeente(name) else None


def proxy_of(told: str) -> Proxy:
    """The one of this name, in capitals too. Raises `ValueError`."""
    return Proxy(told.lower())


def _proxy_fault(told: str) -> str | None:
    return None if told.lower() in list(Proxy) else f"must be one of {', '.join(Proxy)}"


def _workers_fault(told: str) -> str | None:
    if told.isascii() and told.isdigit() and 1 <= int(told) <= _MOST_WORKERS:
        return None
    return f"must be a number of 1 to {_MOST_WORKERS}"


CHECKS: dict[str, Callable[[str], str | None]] = {
    "host": _host_fault,
    "security-txt": address_fault,
    "backup": _backup_fault,
    "certificate": _path_fault,
    "certificate-key": _path_fault,
    "proxy": _proxy_fault,
    "workers": _workers_fault,
    "code": _code_fault,
    "slug": lambda slug: slug_fault(slug, LONGEST_SLUG),
    "region": slug_fault,
    "site": origin_fault,
    "name": _name_fault,
}
"""Option -> why an answer cannot be, as the rest of a sentence; None when it can."""


def _certificate_fault(wanted: Wanted) -> str | None:
    if wanted.proxy is Proxy.NONE:
        return None
    if wanted.proxy is Proxy.HAPROXY:
        if wanted.certificate is None:
            return "is needed: one file with the certificate, its chain and its key"
        return None
    if wanted.proxy is Proxy.NGINX and wanted.certificate is None:
        return "is needed: the file with the certificate and its chain"
    if (wanted.certificate is None) != (wanted.certificate_key is None):
        return "and --certificate-key go together"
    return None


def slug_of_name(name: str) -> str:
    """A slug for a municipality's name: "Aa en Hunze" is `aa-en-hunze`."""
    plain = name.lower().translate(_ACCENTS)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


_ACCENTS = str.maketrans("áàäâéèëêíìïîóòöôúùüûç", "aaaaeeeeiiiioooouuuuc")
