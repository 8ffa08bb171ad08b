"""What is tried inside a root file system on which `meetpunt setup` was run; one line of JSON.

    python3 machine_walk.py HOST PROXY CERTIFICATE BACKUP-UNIT

Root, namespaces of its own for mounts, processes and the network, and unit_walls.py and
internet_nl.py beside it. Standard library alone: this is the Python of a bare Debian.
"""

import html
import http.client
import json
import os
import re
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import internet_nl  # type: ignore[import-not-found]

HERE = Path(__file__).resolve().parent
UNITS = Path("/etc/systemd/system")
LOGS = Path("/var/log")
SECONDS = 60
ANSWERS = 20
PROXIES = {
    "caddy": ("caddy", "caddy run --environ --config /etc/caddy/Caddyfile"),
    # These two begin as root and leave it themselves, as by Debian's units.
    "nginx": (None, "nginx -g daemon\\ off;"),
    "haproxy": (None, "haproxy -Ws -f /etc/haproxy/haproxy.cfg"),
}


class Reply(NamedTuple):
    """What came back; the names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    text: str


class Resident:
    """A browser of one page at a time, who trusts one certificate."""

    def __init__(self, host: str, certificate: str) -> None:
        self._host = host
        self._trusts = ssl.create_default_context(cafile=certificate)

    def ask(self, method: str, path: str, body: str = "", *, port: int = 443) -> Reply:
        """One request on a connection of its own."""
        place: http.client.HTTPConnection = (
            _Named(self._host, context=self._trusts, timeout=SECONDS)
            if port == 443
            else http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        )
        told = {"Host": self._host, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            place.request(method, path, body or None, told if body else {"Host": self._host})
            reply = place.getresponse()
            headers = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, headers, reply.read().decode("utf-8", "replace"))
        finally:
            place.close()

    def form(self, path: str) -> tuple[str, str]:
        """Where a survey's form goes, with its token, and what it holds with the mark 8."""
        page = self.ask("GET", path).text
        action = html.unescape(re.findall(r'action="(/v/[^"]*)"', page)[0])
        version = re.findall(r'name="_version" value="([^"]*)"', page)[0]
        return action, f"cijfer=8&_version={version}"


class _Named(http.client.HTTPSConnection):
    """To this machine, under the name of the host."""

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", 443), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


def start_unit(name: str, log: Path) -> "subprocess.Popen[bytes]":
    """What the unit says, behind its walls."""
    command = ("unshare", "-m", sys.executable, str(HERE / "unit_walls.py"), str(UNITS / name))
    return subprocess.Popen(command, stdout=log.open("ab"), stderr=subprocess.STDOUT)


def run_unit(name: str) -> "subprocess.CompletedProcess[str]":
    """The same of a unit that ends by itself."""
    command = ("unshare", "-m", sys.executable, str(HERE / "unit_walls.py"), str(UNITS / name))
    return subprocess.run(command, capture_output=True, text=True, check=False)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """As systemd does; with KillMode=mixed only the first process is told."""
    process.send_signal(signal.SIGTERM)
    process.wait(SECONDS)


def start_proxy(name: str, log: Path) -> "subprocess.Popen[bytes]":
    """As Debian's unit starts it."""
    account, line = PROXIES[name]
    words = line.replace("\\ ", "\0").split()
    command = [each.replace("\0", " ") for each in words]
    if account:
        command = [
            *("setpriv", "--reuid", account, "--regid", account, "--clear-groups"),
            *("--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service", "--", *command),
        ]
    home = {**os.environ, "HOME": f"/var/lib/{name}"}
    return subprocess.Popen(command, stdout=log.open("ab"), stderr=subprocess.STDOUT, env=home)


def until(what: str, happens: Any) -> float:
    """The seconds until it happens. Raises where it does not."""
    begun = time.monotonic()
    while time.monotonic() < begun + SECONDS:
        try:
            if happens():
                return time.monotonic() - begun
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen in {SECONDS} s")


def places_with(text: str) -> list[str]:
    """Files in which it stands, among everything that this machine may have logged."""
    roots = [LOGS, HERE / "logs", Path("/var/lib/caddy"), Path("/var/lib/nginx"), Path("/run")]
    files = [path for root in roots if root.is_dir() for path in root.rglob("*") if path.is_file()]
    return [str(path) for path in files if text.encode() in path.read_bytes()]


def answered(resident: Resident, path: str) -> int:
    """How many of ANSWERS were thanked for."""
    thanked = 0
    for _ in range(ANSWERS):
        action, form = resident.form(path)
        thanked += resident.ask("POST", action, form).status == 303
    return thanked


def main() -> None:
    """Try it all, and tell."""
    host, proxy, certificate, backup = sys.argv[1:]
    logs = HERE / "logs"
    logs.mkdir(exist_ok=True)
    found: dict[str, Any] = {"proxy": proxy}
    resident = Resident(host, certificate)

    def ready() -> bool:
        return resident.ask("GET", "/readyz", port=8000).status == 200

    service = start_unit("meetpunt.service", logs / "service")
    found["seconds_until_ready"] = round(until("ready", ready), 1)
    before = start_proxy(proxy, logs / proxy)
    until("the proxy", lambda: resident.ask("GET", "/").status == 200)
    slug = next(Path("/etc/meetpunt/municipalities").glob("*.toml")).stem
    survey = f"/o/{slug}/balie"
    first, plain = resident.ask("GET", "/"), resident.ask("GET", "/", port=80)
    told = resident.ask("GET", "/.well-known/security.txt")
    found["internet_nl"] = [
        *internet_nl.faults_of_headers(first.headers, host),
        *internet_nl.faults_of_redirect(plain.status, plain.headers.get("location", ""), host),
        *internet_nl.faults_of_security_txt(
            told.status, told.headers.get("location", ""), told.headers.get("content-type", "")
        ),
        *internet_nl.faults_of_policy(told.headers.get("content-security-policy", ""), host),
    ]
    found["server_named"] = first.headers.get("server", "")
    found["old_tls_refused"] = all(refuses_tls(each) for each in ("-tls1", "-tls1_1"))
    found["thanked"] = answered(resident, survey)

    # A restart in the middle of somebody's answer: what they typed waits, or is refused politely.
    action, form = resident.form(survey)
    stop(service)
    late: list[Reply] = []
    sends = threading.Thread(target=lambda: late.append(resident.ask("POST", action, form)))
    sends.start()
    service = start_unit("meetpunt.service", logs / "service")
    sends.join()
    until("ready again", ready)
    found["sent_during_a_restart"] = late[0].status
    found["thanked"] += late[0].status == 303
    found["page_of_ours"] = "Even niet bereikbaar" in late[0].text

    # Permissions in paths, while it answers and while it does not: nowhere in a log.
    canary = secrets.token_hex(16)
    paths = [f"/v/{canary}", f"/melding/{slug}/{canary}", f"/afmelden/{slug}?t={canary}"]
    for path in paths:
        resident.ask("GET", path)
    run = run_unit(backup)
    found["backup"] = "" if run.returncode == 0 else run.stdout + run.stderr
    run = run_unit("meetpunt-doctor.service")
    found["doctor"] = run.stdout.rstrip().splitlines()[-1:]
    found["walls"] = walls_that_fell()
    stop(service)
    away = resident.ask("GET", paths[0])
    found["away"] = (away.status, away.headers.get("retry-after", ""))
    found["internet_nl"] += internet_nl.faults_of_headers(away.headers, host)
    stop(before)
    found["tokens_in_logs"] = places_with(canary)
    found["control_finds"] = control(proxy, resident, logs, canary)
    sys.stdout.write(f"{json.dumps(found)}\n")


def walls_that_fell() -> list[str]:
    """What works behind the walls of the service and should not, or the other way round."""
    unit = UNITS / "probe.service"
    text = (UNITS / "meetpunt.service").read_text()
    command = f"ExecStart=/usr/bin/python3 {HERE}/walls_probe.py"
    unit.write_text(re.sub(r"^ExecStart=.*$", command, text, flags=re.MULTILINE))
    probe = run_unit(unit.name)
    unit.unlink()
    if probe.returncode:
        return [probe.stderr]
    behind = json.loads(probe.stdout)
    plain = ("unshare", "-m", sys.executable, str(HERE / "walls_probe.py"))
    as_root = json.loads(subprocess.run(plain, capture_output=True, text=True, check=True).stdout)
    return [
        *behind["forbidden"],
        *(f"not allowed: {name}" for name in as_root["allowed"] if name not in behind["allowed"]),
        *(f"not a wall: {name}" for name in as_root["all"] if name not in as_root["forbidden"]),
    ]


def control(proxy: str, resident: Resident, logs: Path, canary: str) -> bool:
    """Whether the same search finds a token once the proxy logs as it does by default."""
    files = {
        "caddy": (Path("/etc/caddy/Caddyfile"), "\theader -Server\n", "\theader -Server\n\tlog\n"),
        "nginx": (Path("/etc/nginx/sites-available/meetpunt"), "    access_log off;\n", ""),
        "haproxy": (
            Path("/etc/haproxy/haproxy.cfg"),
            "defaults\n",
            "    log stderr format raw local0\ndefaults\n    log global\n    option httplog\n",
        ),
    }
    path, old, new = files[proxy]
    ours = path.read_text()
    try:
        path.write_text(ours.replace(old, new).replace("    no log\n", ""))
        process = start_proxy(proxy, logs / f"control-{proxy}")
        until("the control", lambda: resident.ask("GET", f"/v/{canary}").status >= 500)
        stop(process)
        return bool(places_with(canary))
    finally:
        path.write_text(ours)


def refuses_tls(version: str) -> bool:
    """Whether a connection of that version is refused."""
    tried = subprocess.run(
        ("openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect", "127.0.0.1:443"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return tried.returncode != 0


if __name__ == "__main__":
    main()
