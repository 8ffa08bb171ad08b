"""Read the environment into one frozen struct; every mistake gets a sentence."""

import difflib
import ipaddress
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from ingest.asgi.rate_limits import ADDRESS_PER_MINUTE, TOUCHPOINT_PER_MINUTE
from ingest.audit import AUDIT_DAYS, FEWEST_DAYS
from ingest.running.addresses import hosts_of, parts_of, split_address

PREFIX = "MEETPUNT_"
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_RESERVED_FOR_TESTS = "MEETPUNT_TEST_"
_SECRET = frozenset(
    {"auditor_url", "database_url", "folder_url", "owner_url", "reader_url", "work_url"}
)


class _Wrong(ValueError):
    """What is wrong in a setting, where that can be said closer than what it must be."""


class SettingsRejected(Exception):
    """Settings are unknown or unusable; `sentences` has all of them, without their values."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(sentences))


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may set: `MEETPUNT_` and the name in capitals. See deploy/env.example."""

    database_url: str | None = None  # role meetpunt_ingest; None: our own Postgres in `data`
    folder_url: str | None = None  # role meetpunt_folder
    work_url: str | None = None  # role meetpunt_work
    owner_url: str | None = None  # role meetpunt_owner
    reader_url: str | None = None  # a reader, for `meetpunt export`
    auditor_url: str | None = None  # who reads the audit trail, for `meetpunt audit`
    patroni_url: str | None = None  # of its REST API, for `meetpunt doctor`
    audit_days: int = AUDIT_DAYS  # for how long the audit trail is kept
    config: Path | None = None  # None: the fictional municipalities of the demo
    questionnaires: Path | None = None  # None: those that come with Meetpunt
    keys_file: Path | None = None  # None: in `data`
    data: Path = Path(".meetpunt")
    postgres_port: int | None = None  # of our own Postgres, on 127.0.0.1; None: socket only
    backup: Path | None = None  # where backups of our own Postgres are kept; None: none are made
    backup_days: int = 14  # every moment of so many days can be restored
    backup_key_file: Path | None = None  # encrypts them; None: they lie there as they are
    host: str = "127.0.0.1"
    port: int = 8000  # 0: any free one
    workers: int = 1
    drain_seconds: float = 5.0  # between "not ready" and closing, when told to stop
    base_url: str | None = None  # in links; None: each municipality's own
    metrics_address: str | None = "127.0.0.1:9464"  # None (`off`): not served
    loopback: bool = False  # whether files of municipalities may have this machine itself called
    queue_rows: int = 2000  # responses that may wait in one worker
    trusted_proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-For counts
    token_limit_per_address_per_minute: int = ADDRESS_PER_MINUTE
    token_limit_per_touchpoint_per_minute: int = TOUCHPOINT_PER_MINUTE
    tells: bool = True  # False (`nobody`): nobody outside is told anything
    log_level: str = "info"

    def __repr__(self) -> str:
        shown = {
            name: "..." if name in _SECRET and value else value
            for name, value in msgspec.structs.asdict(self).items()
        }
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read every `MEETPUNT_` variable; an empty one counts as not set. Raises SettingsRejected."""
    sentences: list[str] = []
    values: dict[str, Any] = {}
    for variable in sorted(environment):
        if not variable.startswith(PREFIX) or variable.startswith(_RESERVED_FOR_TESTS):
            continue
        field = variable.removeprefix(PREFIX).lower()
        if field not in _READERS or variable != variable_of(field):
            sentences.append(_unknown(variable))
        elif text := environment[variable].strip():
            expected, parse = _READERS[field]
            try:
                values[field] = parse(text)
            except _Wrong as wrong:
                sentences.append(f"{variable}: {wrong}.")
            except ValueError:
                sentences.append(f"{variable} must be {expected}.")
    if sentences:
        raise SettingsRejected(sentences)
    settings = Settings(**values)
    by_address = settings.token_limit_per_address_per_minute
    if settings.token_limit_per_touchpoint_per_minute <= by_address:
        sentence = (
            "MEETPUNT_TOKEN_LIMIT_PER_TOUCHPOINT_PER_MINUTE must be more than "
            f"MEETPUNT_TOKEN_LIMIT_PER_ADDRESS_PER_MINUTE ({by_address}): "
            "one visitor could use up what everybody may."
        )
        raise SettingsRejected([sentence])
    return settings


def variable_of(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    return PREFIX + field.upper()


def _unknown(variable: str) -> str:
    near = difflib.get_close_matches(variable.removeprefix(PREFIX).lower(), _READERS, n=1)
    hint = (
        f"did you mean {variable_of(near[0])}?" if near else "deploy/env.example lists every one."
    )
    return f"{variable} is not a setting; {hint}"


type_of_reader = tuple[str, Callable[[str], Any]]


def _whole(lowest: int, highest: int) -> type_of_reader:
    return f"a whole number from {lowest} to {highest}", lambda text: _between(
        int(text), lowest, highest
    )


def _between(number: Any, lowest: float, highest: float) -> Any:
    if not lowest <= number <= highest:  # also refuses NaN
        raise ValueError
    return number


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError
    return text == "1"


def _postgres_url(text: str) -> str:
    if parts_of(text).scheme not in ("postgresql", "postgres"):
        raise ValueError
    hosts_of(text)
    mode = dict(parse_qsl(parts_of(text).query)).get("sslmode", SSL_MODES[0])
    if mode not in SSL_MODES:
        # asyncpg takes verify_full as well, and whoever looks for verify-full does not find it.
        raise _Wrong(f"sslmode has no such value; it is one of {', '.join(SSL_MODES)}")
    return text


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError
    if parts.path.strip("/") or parts.query or parts.fragment or parts.port == 0:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def _metrics_address(text: str) -> str | None:
    if text == "off":
        return None
    split_address(text)
    return text


def _networks(text: str) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(part.strip())) for part in text.split(","))


def _host(text: str) -> str:
    if any(sign in text for sign in "/@[] "):
        raise ValueError
    return text


def _tells(text: str) -> bool:
    if text not in ("everybody", "nobody"):
        raise ValueError
    return text == "everybody"


def _log_level(text: str) -> str:
    if text not in ("debug", "info", "warning", "error"):
        raise ValueError
    return text


_POSTGRES: type_of_reader = (
    "a URL that begins with postgresql://, with a port up to 65535 where it names one",
    _postgres_url,
)
_PATH: type_of_reader = ("a path", Path)

_READERS: dict[str, type_of_reader] = {
    "database_url": _POSTGRES,
    "folder_url": _POSTGRES,
    "work_url": _POSTGRES,
    "owner_url": _POSTGRES,
    "reader_url": _POSTGRES,
    "auditor_url": _POSTGRES,
    "patroni_url": ("a URL such as http://db.example:8008, without a path", _base_url),
    "audit_days": _whole(FEWEST_DAYS, 3660),
    "config": _PATH,
    "questionnaires": _PATH,
    "keys_file": _PATH,
    "data": _PATH,
    "postgres_port": _whole(1, 65_535),
    "backup": _PATH,
    "backup_days": _whole(1, 3650),
    "backup_key_file": _PATH,
    "host": ("a host name or an address, such as 127.0.0.1, 0.0.0.0 or ::", _host),
    "port": _whole(0, 65_535),
    "workers": _whole(1, 64),
    "drain_seconds": (
        "a number of seconds from 0 to 600",
        lambda text: _between(float(text), 0, 600),
    ),
    "base_url": ("a URL such as https://kto.molensloot.example, without a path", _base_url),
    "metrics_address": ("a host and a port, such as 127.0.0.1:9464, or off", _metrics_address),
    "loopback": ("1 or 0", _switch),
    "queue_rows": _whole(1, 100_000),
    "trusted_proxies": (
        "addresses or networks with commas between them, such as 10.0.0.5, 192.0.2.0/24",
        _networks,
    ),
    "token_limit_per_address_per_minute": _whole(1, 1_000_000),
    "token_limit_per_touchpoint_per_minute": _whole(1, 1_000_000),
    "tells": ("everybody or nobody", _tells),
    "log_level": ("debug, info, warning or error", _log_level),
}
