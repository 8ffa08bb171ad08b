"""The files of an installation have the names that were given, and none of an example."""

import re
from pathlib import Path

import msgspec
import pytest

from ingest.files.resources import questionnaires_directory, systemd_directory
from ingest.installing.files import (
    AS_OWNER,
    COMMAND,
    ExampleChanged,
    _changed,
    bears_our_mark,
    files_of,
    gone_of,
    is_ours,
    proxy_text,
    settings_of,
    started_of,
)
from ingest.installing.wanted import LOCAL, Proxy
from ingest.settings import settings_from
from tests.ingest.installing.test_wanted import WANTED

replace = msgspec.structs.replace
PROGRAM = Path("/srv/meetpunt/bin/meetpunt")
CERTIFICATE = {"certificate": Path("/tls/both.pem"), "certificate_key": Path("/tls/key.pem")}


@pytest.mark.parametrize("proxy", [Proxy.CADDY, Proxy.NGINX, Proxy.HAPROXY])
def test_a_proxy_answers_under_the_name_that_was_given(proxy: Proxy) -> None:
    text = proxy_text(replace(WANTED, proxy=proxy, **CERTIFICATE))
    assert "yourtown.example" not in text
    assert "/etc/meetpunt/tls" not in text.replace("# One file", "")
    assert "https://www.yourtown.nl/.well-known/security.txt" in text
    assert "kto.yourtown.nl" in text


@pytest.mark.parametrize(
    ("proxy", "line"),
    [
        (Proxy.CADDY, "kto.yourtown.nl, kto.othertown.nl {"),
        (Proxy.NGINX, "    server_name kto.yourtown.nl kto.othertown.nl;"),
        (Proxy.HAPROXY, "    acl ours req.hdr(host),field(1,:) -i kto.yourtown.nl"),
        (Proxy.HAPROXY, "    acl ours req.hdr(host),field(1,:) -i kto.othertown.nl"),
    ],
)
def test_a_proxy_answers_for_every_municipality(proxy: Proxy, line: str) -> None:
    wanted = replace(WANTED, proxy=proxy, **CERTIFICATE)
    hosts = ["kto.othertown.nl", "kto.yourtown.nl"]
    assert line in proxy_text(wanted, hosts).splitlines()


def test_without_a_certificate_caddy_fetches_one() -> None:
    text = proxy_text(WANTED)
    assert "tls" not in [line.split()[0] for line in text.splitlines() if line.split()]


def test_units_start_the_program_where_it_lies_and_may_write_where_backups_go() -> None:
    wanted = replace(WANTED, backup=Path("/b"))
    made = {file.path.name: file.text for file in files_of(wanted, PROGRAM) if file.path != COMMAND}
    (command,) = [file.text for file in files_of(wanted, PROGRAM) if file.path == COMMAND]
    assert f"ExecStart={PROGRAM} serve\n" in made["meetpunt.service"]
    assert f"ExecStart={PROGRAM} backup\n" in made["meetpunt-backup.service"]
    assert "ReadWritePaths=-/b\n" in made["meetpunt.service"]
    assert f"exec {PROGRAM.with_name('python')} -I -m ingest.begun_as_root " in command
    assert f"  {' | '.join(AS_OWNER)})" in command.splitlines()
    assert "@" not in command.replace('"$@"', "")
    assert not [name for name, text in made.items() if "/opt/meetpunt" in text]


def test_with_a_postgres_here_the_dump_may_write_and_the_service_may_not() -> None:
    made = {file.path.name: file for file in files_of(replace(WANTED, postgres=LOCAL), PROGRAM)}
    writes = [name for name, file in made.items() if "ReadWritePaths" in file.text]
    assert writes == ["meetpunt-dump.service"]
    assert made["meetpunt-dump"].mode == 0o755
    assert "meetpunt-backup.service" not in made


def test_what_an_earlier_answer_started_is_named_to_be_taken_away() -> None:
    assert gone_of(WANTED) == ["meetpunt-dump.service", "meetpunt-dump.timer"]
    assert len(gone_of(replace(WANTED, backup=None))) == 4
    started = started_of(replace(WANTED, proxy=Proxy.NONE))
    assert started == ["meetpunt.service", "meetpunt-doctor.timer", "meetpunt-backup.timer"]


def test_settings_are_settings_of_ours() -> None:
    urls = {"MEETPUNT_DATABASE_URL": "postgresql://meetpunt_ingest:x@127.0.0.1/meetpunt"}
    for file in (settings_of(WANTED, {}), settings_of(replace(WANTED, postgres=LOCAL), urls)):
        settings_from({name: value for name, value in file.values.items() if value})
        assert (file.mode, file.group) == (0o640, "meetpunt")


def test_a_file_that_somebody_changed_is_told_from_ours() -> None:
    (unit, *_) = files_of(WANTED, PROGRAM)
    assert is_ours(unit.text)
    changed = unit.text.replace("RestartSec=5", "RestartSec=1")
    assert bears_our_mark(changed)
    assert not is_ours(changed)
    assert not is_ours(f"{unit.text}Nice=1\n")
    assert not bears_our_mark((systemd_directory() / "meetpunt.service").read_text())


def test_an_example_that_lost_what_is_replaced_in_it_is_refused() -> None:
    with pytest.raises(ExampleChanged):
        _changed("a b", {"c": "d"})


def test_every_unit_stands_behind_the_same_walls() -> None:
    """But for the files that it may write, which `setup` fills in."""
    walls = set()
    for path in systemd_directory().glob("*.service"):
        text = path.read_text("utf-8")
        walls.add(text[text.index("# What it may see") : text.index("SystemCallErrorNumber")])
    assert len(walls) == 1
    (wall,) = walls
    for line in (
        *("ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "UMask=0077"),
        *("MemoryDenyWriteExecute=yes", "SystemCallFilter=~@privileged @resources"),
    ):
        assert f"\n{line}\n" in wall


def test_the_first_file_of_a_municipality_asks_what_comes_with_us() -> None:
    (town,) = [file.text for file in files_of(WANTED, PROGRAM) if file.path.suffix == ".toml"]
    asked = re.findall(r'^questionnaire = "(.*)"\nversion = (\d+)$', town, re.MULTILINE)
    assert len(asked) == 3
    for code, version in asked:
        assert (questionnaires_directory() / code / f"v{version}.toml").is_file()
