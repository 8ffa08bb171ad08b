"""The examples for proxies ask what the service answers, and each of the two questions."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from ingest.installing.files import settings_of
from ingest.installing.wanted import Proxy
from ingest.web import operators
from ingest.web.table import ROUTES
from tests.ingest.installing.test_wanted import WANTED
from tests.internet_nl import faults_of_policy

EXAMPLES = Path(__file__).parents[1] / "deploy"


@pytest.mark.parametrize("example", ["haproxy/haproxy.cfg", "chart/templates/serve.yaml"])
def test_what_an_example_asks_is_answered(example: str) -> None:
    text = (EXAMPLES / example).read_text("utf-8")
    asked = set(re.findall(r"(?:uri|path:) (/\S+)", text))
    answered = {route.path for route in operators.ROUTES}
    assert "/readyz/pages" in asked
    assert asked <= answered


def test_caddy_looks_away_from_what_stops_before_it_is_gone() -> None:
    asks = float(re.findall(r"health_interval (\d+)ms", on_one_machine("Caddyfile"))[0]) / 1000
    settings = settings_of(WANTED, {}).values
    assert WANTED.proxy is Proxy.CADDY
    assert 3 * asks < float(settings["MEETPUNT_DRAIN_SECONDS"] or 0)


def test_what_caddy_may_send_a_second_time_is_not_stored_twice() -> None:
    sent = re.findall(r"method POST\n\s*path (.*)", on_one_machine("Caddyfile"))[0].split()
    routes = [route.path for route in ROUTES if route.method == "POST"]
    again = {path for path in routes if any(fnmatch(path, each) for each in sent)}
    # Each has an id of its own, which is stored once.
    assert again == {
        "/api/v1/kiosks/{kiosk}/sync",
        "/api/v1/responses",
        "/api/v1/responses/{responseId}/completion",
        "/embed/{municipality}/{touchpoint}",
        "/melding/{municipality}/{touchpoint}/{token}",
        "/v/{token}",
    }


def test_a_copy_is_left_alone_before_it_stops() -> None:
    text = (EXAMPLES / "haproxy" / "haproxy.cfg").read_text("utf-8")
    # One question that fails is enough, and five seconds are what a copy drains by default.
    assert text.count("check inter 1s fall 1 ") == text.count("default-server") == 2


def test_caddys_own_settings_are_on_a_socket_of_its_own() -> None:
    told = _without_comments(on_one_machine("Caddyfile"))
    # Else on localhost:2019, where every program reaches them. Debian's unit makes no
    # folder in /run; this one is Caddy's home.
    assert re.findall(r"^\tadmin (.*)$", told, re.MULTILINE) == ["unix//var/lib/caddy/admin.sock"]


ON_ONE_MACHINE = ("Caddyfile", "nginx.conf", "haproxy.cfg")


def on_one_machine(name: str) -> str:
    return (EXAMPLES / "proxy" / name).read_text("utf-8")


# What they do for real, with Debian's packages: `make faults ARGS=machine`.
def test_no_proxy_logs_a_path_nor_a_fault_that_holds_one() -> None:
    told = {name: _without_comments(on_one_machine(name)) for name in ON_ONE_MACHINE}
    assert re.search(r"^\s*log\b", told["Caddyfile"], re.MULTILINE) is None
    # Else Caddy logs what goes wrong, with its path.
    assert "handle_errors" in told["Caddyfile"]
    nginx = told["nginx.conf"]
    servers = nginx.count("server {")
    assert servers == nginx.count("access_log off;") == nginx.count("error_log /dev/null emerg;")
    haproxy = told["haproxy.cfg"]
    sections = re.findall(r"^(?:frontend|backend) ", haproxy, re.MULTILINE)
    assert len(sections) == haproxy.count("    no log\n") == len(re.findall(r"\blog\b", haproxy))


def test_nginx_leads_nobody_on_to_a_name_that_is_not_ours() -> None:
    """The first server of a port answers what no other names, and $host is what a visitor wrote."""
    servers = on_one_machine("nginx.conf").split("\nserver {")[1:]
    leads_on = [each for each in servers if "listen 80;" in each]
    assert "return 444;" in leads_on[0]
    assert "$host" not in leads_on[0]
    assert all("server_name kto.yourtown.example;" in each for each in leads_on[1:])


def test_who_cannot_be_answered_reads_the_same_behind_each_proxy() -> None:
    pages = {
        re.findall(r"<!doctype html>.*?minute\.</p>", on_one_machine(name).replace('\\"', '"'))[0]
        for name in ON_ONE_MACHINE
    }
    assert len(pages) == 1


@pytest.mark.parametrize("name", ON_ONE_MACHINE)
def test_what_a_proxy_answers_itself_is_as_closed_as_what_we_answer(name: str) -> None:
    text = on_one_machine(name)
    policy = next(each for each in re.findall(r'"(default-src [^"]*)"', text))
    assert faults_of_policy(policy, "kto.yourtown.example") == []
    for header in ("Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy"):
        assert header in text
    # A survey in an iframe names who may hold it; this header would forbid it to all.
    set_for_all = [line for line in text.splitlines() if "X-Frame-Options" in line]
    assert all("unless" in line or name != "haproxy.cfg" for line in set_for_all)


@pytest.mark.parametrize("name", ON_ONE_MACHINE)
def test_what_a_visitor_says_of_where_they_come_from_is_not_passed_on(name: str) -> None:
    # Caddy writes the header itself, and keeps none of a client that it does not trust.
    assert name == "Caddyfile" or re.search(
        r"set[-_]header X-Forwarded-For (?:\$remote_addr;|%\[src\])", on_one_machine(name)
    )
    assert "trusted_proxies" not in on_one_machine(name)


def _without_comments(text: str) -> str:
    return "".join(f"{line}\n" for line in text.splitlines() if not line.strip().startswith("#"))
