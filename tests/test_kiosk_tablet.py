"""What makes a kiosk of a tablet: the script, the unit and the rules of Chromium fit each other."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TABLET = Path(__file__).resolve().parent.parent / "deploy" / "kiosk"
SCRIPT = (TABLET / "install.sh").read_text("utf-8")
UNIT = (TABLET / "meetpunt-kiosk.service").read_text("utf-8")
RULES = (TABLET / "policy.json").read_text("utf-8")
HOST = "kto.example.nl"


def install(folder: Path, *arguments: str) -> str:
    """What it says to somebody who is not root; it finds no program to change anything with."""
    for tool in ("dirname", "grep"):
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    (folder / "id").write_text("#!/bin/sh\necho 1000\n")
    (folder / "id").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(TABLET / "install.sh"), *arguments],
        env={"PATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "https://kto.example.nl/kiosk/molensloot/balie-hal",
        "https://KTO.example.nl:8443/kiosk/molensloot/balie2",
    ],
)
def test_an_address_of_a_kiosk_is_taken(tmp_path: Path, address: str) -> None:
    assert install(tmp_path, address) == "Run this as root.\n"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "--help",
        "http://kto.example.nl/kiosk/molensloot/balie-hal",
        "https:///kiosk/molensloot/balie-hal",
        "https://kto.example.nl:x/kiosk/molensloot/balie-hal",
        "https://kto.example.nl/elsewhere/kiosk/molensloot/balie-hal",
        "https://kto.example.nl/kiosk/molensloot",
        "https://kto.example.nl/kiosk/molensloot/balie-hal/",
        "https://kto.example.nl/kiosk/molensloot/balie-hal?lang=en",
        "https://user:word@kto.example.nl/kiosk/molensloot/balie-hal",
        "https://kto.example.nl/kiosk/molensloot/$(reboot)",
        "https://kto.example.nl/kiosk/molensloot/balie-hal\nLD_PRELOAD=x",
        "x\nhttps://kto.example.nl/kiosk/molensloot/balie-hal",
    ],
)
def test_any_other_address_is_refused(tmp_path: Path, address: str) -> None:
    said = install(tmp_path, address)
    assert said.endswith(f": {address}\n")


@pytest.mark.parametrize("arguments", [(), ("one", "two")])
def test_it_asks_for_one_address(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert install(tmp_path, *arguments).startswith("Give the address of the kiosk")


def test_chromium_opens_one_host_and_promises_to_keep_what_it_stores() -> None:
    rules = json.loads(RULES.replace("@HOST@", HOST))
    # Without the dot Chromium would open every host below this one too.
    assert rules["URLAllowlist"] == [f"https://.{HOST}"]
    assert rules["URLBlocklist"] == ["*", "chrome://*"]
    # Why navigator.storage.persist() is granted there.
    assert rules["NotificationsAllowedForUrls"] == [f"https://{HOST}"]
    assert rules["ClearBrowsingDataOnExitList"] == []
    assert "@" not in json.dumps(rules)
    assert "DefaultCookiesSetting" not in rules, "it can forget what a tablet keeps"


def test_the_unit_starts_what_the_script_installs() -> None:
    packages = re.findall(r"apt-get install [^\n]*\\\n +([^\n]*)", SCRIPT)[0].split()
    started = re.findall(r"^ExecStart=(\S+) -d -- (\S+)", UNIT, re.MULTILINE)
    assert started == [("/usr/bin/cage", "/usr/bin/chromium")]
    assert {"cage", "chromium"} <= set(packages)
    assert "EnvironmentFile=/etc/meetpunt-kiosk/address\n" in UNIT
    assert "> /etc/meetpunt-kiosk/address\n" in SCRIPT


def test_every_unit_is_installed_and_the_nightly_one_starts_the_kiosk() -> None:
    for unit in sorted(TABLET.glob("meetpunt-*")):
        assert f'"$here/{unit.name}"' in SCRIPT
    assert "enable --quiet --now meetpunt-kiosk-nightly.timer" in SCRIPT
    nightly = (TABLET / "meetpunt-kiosk-nightly.service").read_text("utf-8")
    assert "restart meetpunt-kiosk.service\n" in nightly


def test_the_profile_stays_and_no_lock_or_failure_keeps_the_kiosk_from_starting() -> None:
    home = re.findall(r"^data=(\S+)", SCRIPT, re.MULTILINE)[0]
    assert home.startswith("/var/lib/")
    assert f"--user-data-dir={home}/profile " in UNIT
    assert not re.search(r"^(StateDirectory|TemporaryFileSystem|PrivateTmp)", UNIT, re.MULTILINE)
    removed = re.findall(r'^ExecStartPre=(-?)/usr/bin/rm -r?f "?([^"\n]+)', UNIT, re.MULTILINE)
    assert removed == [
        ("-", f"{home}/profile/SingletonLock"),
        ("-", f"{home}/.config/chromium/Crash Reports"),
    ]
    assert UNIT.count("ExecStartPre=") == len(removed)
    assert "\nRestart=always\n" in UNIT
    assert "\nStartLimitIntervalSec=0\n" in UNIT
