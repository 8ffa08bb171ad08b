"""Every file of an installation, made of what was wanted. Pure but for reading our own examples.

The units and the proxies' files that we ship are whole and work as they are; what is wanted takes
the place of the names in them.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import msgspec

from ingest.files.resources import proxy_directory, systemd_directory
from ingest.installing.handed_over import GOES_ON_AS, HANDED_OVER
from ingest.installing.town_file import town_file
from ingest.installing.wanted import (
    ACCOUNT,
    BACKUPS,
    PROGRAM,
    SETTINGS_FOLDER,
    STATE_FOLDER,
    Proxy,
    Wanted,
    backs_up_as,
)

SETTINGS = SETTINGS_FOLDER / "settings.env"
OWNER_SETTINGS = SETTINGS_FOLDER / "owner.env"
ANSWERS = SETTINGS_FOLDER / "setup.json"
UNFINISHED = SETTINGS_FOLDER / "unfinished.json"
MUNICIPALITIES = SETTINGS_FOLDER / "municipalities"
BACKUP_KEY = SETTINGS_FOLDER / "backup.key"
DATA = STATE_FOLDER / "data"
COMMAND = Path("/usr/local/bin/meetpunt")
UNITS = Path("/etc/systemd/system")
DUMP = Path("/usr/local/lib/meetpunt/meetpunt-dump")
_ROTATION = Path("/etc/logrotate.d/meetpunt")

PROXY_FILES = {
    Proxy.CADDY: Path("/etc/caddy/Caddyfile"),
    Proxy.NGINX: Path("/etc/nginx/sites-available/meetpunt"),
    Proxy.HAPROXY: Path("/etc/haproxy/haproxy.cfg"),
}
_EXAMPLES = {
    Proxy.CADDY: "Caddyfile",
    Proxy.NGINX: "nginx.conf",
    Proxy.HAPROXY: "haproxy.cfg",
}
_HAPROXY_NAME = "    acl ours req.hdr(host),field(1,:) -i "
# Caddy looks away first, within a second; the others notice when nobody listens.
_DRAINS = {Proxy.CADDY: "2", Proxy.NGINX: "0", Proxy.HAPROXY: "0", Proxy.NONE: None}
_BACKUP_UNITS = ["meetpunt-backup.service", "meetpunt-backup.timer"]
_DUMP_UNITS = ["meetpunt-dump.service", "meetpunt-dump.timer"]
_MARK = "# Written by meetpunt setup, "

AS_OWNER = ("apikeys", "audit", "db", "doctor", "invitations", "kiosk", "migrate")
"""Commands that can do something as the owner of the database; no other is told its password."""

_DIGITS = 16

_COMMAND = """\
#!/bin/sh
# `meetpunt` with the settings of this machine, as the account of the service. Where the database is
# a Postgres of your own, root hands those of its owner to the commands that need them: as an opened
# file, for what stands in the environment other processes of that account can read. What root types
# begins as root and lays root's rights down by itself: what is started as the account can be looked
# into by its other processes, and has root's terminal.
set -eu
if [ "${1:-}" = setup ] || [ ! -e /etc/meetpunt/settings.env ]; then exec @PROGRAM@ "$@"; fi
if [ ! -r /etc/meetpunt/settings.env ]; then
  echo "The settings are not for everybody: sudo meetpunt $*" >&2
  exit 1
fi
set -a
. /etc/meetpunt/settings.env
set +a
if [ "$(id -u)" != 0 ]; then exec @PROGRAM@ "$@"; fi
export @GOES_ON_AS@=@ACCOUNT@
case "${1:-}" in
  @AS_OWNER@)
    if [ -r /etc/meetpunt/owner.env ]; then
      exec 3< /etc/meetpunt/owner.env
      export @HANDED_OVER@=3
    fi ;;
esac
exec @PYTHON@ -I -m ingest.begun_as_root "$@"
"""


class Kind(StrEnum):
    """What becomes of a file that is there: ours again, left alone, or other lines in it."""

    OURS = "ours"
    ONCE = "once"
    SETTINGS = "settings"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be: `owner` and `group` are names of accounts; `values` is for settings alone."""

    path: Path
    text: str
    kind: Kind = Kind.OURS
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    values: Mapping[str, str | None] = {}


class ExampleChanged(Exception):
    """A file that we ship lacks what is to be replaced in it: this package is not whole."""


def files_of(wanted: Wanted, program: Path, hosts: Sequence[str] = ()) -> list[File]:
    """Every file but the settings and what is secret. `program` is `meetpunt` where it lies.

    `hosts` are those of all municipalities; none: the one that is wanted.
    """
    made = [
        *(_unit(name, wanted, program) for name in _units_of(wanted)),
        _marked(COMMAND, _command(program), 0o755),
    ]
    if wanted.postgres is None:
        made.append(_marked(_ROTATION, (systemd_directory() / "meetpunt.logrotate").read_text()))
    if backs_up_as(wanted) == "postgres":
        made.append(_marked(DUMP, (systemd_directory() / "meetpunt-dump").read_text(), 0o755))
    if wanted.proxy in PROXY_FILES:
        made.append(_marked(PROXY_FILES[wanted.proxy], proxy_text(wanted, hosts)))
    if town := wanted.town:
        made.append(
            File(
                path=MUNICIPALITIES / f"{town.slug}.toml",
                text=town_file(town, wanted.host),
                kind=Kind.ONCE,
            )
        )
    return made


def started_of(wanted: Wanted) -> list[str]:
    """The units that are switched on and started, in this order."""
    units = ["meetpunt.service", *(each for each in _units_of(wanted) if each.endswith(".timer"))]
    return [*units, *([] if wanted.proxy is Proxy.NONE else [f"{wanted.proxy}.service"])]


def settings_of(wanted: Wanted, urls: Mapping[str, str]) -> File:
    """The settings; `urls` are those of a Postgres of one's own, by setting."""
    own = wanted.postgres is None
    kept = own and wanted.backup is not None
    values: dict[str, str | None] = {
        "MEETPUNT_CONFIG": str(MUNICIPALITIES),
        "MEETPUNT_DATA": str(DATA),
        "MEETPUNT_WORKERS": str(wanted.workers),
        "MEETPUNT_TRUSTED_PROXIES": None if wanted.proxy is Proxy.NONE else "127.0.0.1",
        "MEETPUNT_DRAIN_SECONDS": _DRAINS[wanted.proxy],
        "MEETPUNT_BACKUP": str(wanted.backup) if kept else None,
        "MEETPUNT_BACKUP_KEY_FILE": str(BACKUP_KEY) if kept and wanted.encrypted else None,
        "MEETPUNT_DATABASE_URL": None,
        "MEETPUNT_FOLDER_URL": None,
        "MEETPUNT_WORK_URL": None,
        **urls,
    }
    text = (
        "# Settings of Meetpunt on this machine: deploy/env.example tells every one.\n"
        "# `meetpunt setup` keeps what you add. After a change: systemctl restart meetpunt\n"
    )
    return File(
        path=SETTINGS, text=text, kind=Kind.SETTINGS, mode=0o640, group=ACCOUNT, values=values
    )


def gone_of(wanted: Wanted) -> list[str]:
    """Units that an earlier answer brought, and this one does not."""
    return [each for each in (*_BACKUP_UNITS, *_DUMP_UNITS) if each not in _units_of(wanted)]


def proxy_text(wanted: Wanted, hosts: Sequence[str] = ()) -> str:
    """The file of the proxy that is wanted, for all `hosts`. Raises ExampleChanged."""
    text = (proxy_directory() / _EXAMPLES[wanted.proxy]).read_text("utf-8")
    security = "https://www.yourtown.example/.well-known/security.txt"
    between = ", " if wanted.proxy is Proxy.CADDY else " "
    names = between.join(dict.fromkeys((wanted.host, *hosts)))
    changes = {"kto.yourtown.example": names, security: wanted.security}
    if wanted.proxy is Proxy.HAPROXY:
        # A line a name: HAProxy reads no more than 64 words in one.
        names = names.replace(" ", f"\n{_HAPROXY_NAME}")
        changes = {
            f"{_HAPROXY_NAME}kto.yourtown.example": f"{_HAPROXY_NAME}{names}",
            security: wanted.security,
            "/etc/meetpunt/tls/both.pem": str(wanted.certificate),
        }
    elif wanted.certificate is None:
        lines = [each for each in text.splitlines() if not each.strip().startswith("tls ")]
        text = "".join(f"{each}\n" for each in lines if "Without this line Caddy" not in each)
    else:
        changes["/etc/meetpunt/tls/certificate.pem"] = str(wanted.certificate)
        changes["/etc/meetpunt/tls/key.pem"] = str(wanted.certificate_key)
    return _changed(text, changes)


def is_ours(text: str) -> bool:
    """Whether `meetpunt setup` wrote this text, and nobody changed it since."""
    body, mark, told = text.rpartition(_MARK)
    return bool(mark) and told.strip() == _sum(body)


def bears_our_mark(text: str) -> bool:
    """Whether `meetpunt setup` wrote it once, whoever changed it since."""
    return _MARK in text


def _command(program: Path) -> str:
    text = _COMMAND.replace("@PROGRAM@", str(program)).replace("@HANDED_OVER@", HANDED_OVER)
    text = text.replace("@GOES_ON_AS@", GOES_ON_AS).replace(
        "@PYTHON@", str(program.with_name("python"))
    )
    return text.replace("@AS_OWNER@", " | ".join(AS_OWNER))


def _units_of(wanted: Wanted) -> list[str]:
    units = ["meetpunt.service", "meetpunt-doctor.service", "meetpunt-doctor.timer"]
    kept = {None: [], ACCOUNT: _BACKUP_UNITS, "postgres": _DUMP_UNITS}
    return [*units, *kept[backs_up_as(wanted)]]


def _unit(name: str, wanted: Wanted, program: Path) -> File:
    text = (systemd_directory() / name).read_text("utf-8")
    if name.endswith(".service"):
        line = f"ReadWritePaths=-{BACKUPS}\n"
        # A dump is another account's.
        if backs_up_as(wanted) is None or (name not in _DUMP_UNITS and wanted.postgres):
            text = _changed(text, {line: ""})
        else:
            text = text.replace(str(BACKUPS), str(wanted.backup))
        if name not in _DUMP_UNITS:
            text = _changed(text, {str(PROGRAM): str(program)})
    return _marked(UNITS / name, text)


def _changed(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        if old not in text:
            raise ExampleChanged(f"a file that comes with Meetpunt does not say {old!r}.")
        text = text.replace(old, new)
    return text


def _marked(path: Path, text: str, mode: int = 0o644) -> File:
    text = text.replace("@ACCOUNT@", ACCOUNT)
    return File(path=path, text=f"{text}{_MARK}{_sum(text)}\n", mode=mode)


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGITS]
