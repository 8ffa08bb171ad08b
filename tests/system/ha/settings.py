"""What etcd and Patroni are told: what `deploy/patroni` says, and where everything lies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ingest.postgres.server import SUPERUSER
from tests.system.ha.network import MEMBERS, POSTGRES_PORT, Network
from tests.system.ha.programs import POSTGRES
from tests.system.running import ROOT

SHIPPED = ROOT / "deploy" / "patroni"
"""What whoever sets a cluster up is given."""

ALL: dict[str, Any] = yaml.safe_load((SHIPPED / "cluster.yml").read_text("utf-8"))
# So long a leader that fell silent keeps its lock.
TTL_SECONDS: int = ALL["bootstrap"]["dcs"]["ttl"]
CALLED = Path(ALL["postgresql"]["callbacks"]["on_role_change"]).name
PASSWORD = "drill"
REST_PORT = 8008
DATABASE = "meetpunt"
# `kill -9` is not a power cut: what was written stays written.
_PARAMETERS: dict[str, Any] = {
    "fsync": "off",
    "max_connections": 150,
    "wal_log_hints": "on",
    "wal_keep_size": "512MB",
    "shared_buffers": "64MB",
}


def name_of(member: int) -> str:
    """What it is called among the others."""
    return f"member{member}"


def of_etcd(network: Network, member: int, home: Path) -> dict[str, Any]:
    """Of the member whose files lie in `home`."""

    def peer(of: int) -> str:
        return f"http://{network.address(of)}:2380"

    here = f"http://{network.address(member)}:2379"
    return {
        "name": name_of(member),
        "data-dir": str(home / "etcd"),
        "listen-peer-urls": peer(member),
        "initial-advertise-peer-urls": peer(member),
        "listen-client-urls": here,
        "advertise-client-urls": here,
        "initial-cluster": ",".join(f"{name_of(each)}={peer(each)}" for each in MEMBERS),
        "unsafe-no-fsync": True,
        # As `deploy/patroni/cluster.yml` asks.
        "pre-vote": True,
        # On by default, but for who writes a file of settings.
        "enable-grpc-gateway": True,
        "logger": "zap",
        "log-level": "error",
    }


def of_patroni(
    network: Network, member: int, home: Path, *, mode: str, one_etcd: bool = False
) -> dict[str, Any]:
    """Of the member whose files lie in `home`. `one_etcd`: it asks the one beside it alone."""
    address = network.address(member)
    rest = f"{address}:{REST_PORT}"
    who = {"password": PASSWORD}
    everybody = "0.0.0.0/0"
    own = {
        "scope": DATABASE,
        "name": name_of(member),
        "restapi": {"listen": rest, "connect_address": rest},
        "etcd3": _asks(network, member, one_etcd=one_etcd),
        "bootstrap": {
            "dcs": {**_DIFFERS[mode], "postgresql": {"parameters": _PARAMETERS}},
            "initdb": [{"encoding": "UTF8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": f"{address}:{POSTGRES_PORT}",
            "connect_address": f"{address}:{POSTGRES_PORT}",
            "data_dir": str(home / "postgres"),
            "bin_dir": str(POSTGRES),
            "pgpass": str(home / "pgpass"),
            "authentication": {
                "superuser": {"username": SUPERUSER, **who},
                "replication": {"username": "replicator", **who},
            },
            "parameters": {"unix_socket_directories": str(home)},
            "pg_hba": [
                f"host replication replicator {everybody} scram-sha-256",
                f"host all all {everybody} scram-sha-256",
                "local all all scram-sha-256",
            ],
            "remove_data_directory_on_rewind_failure": True,
            "remove_data_directory_on_diverged_timelines": True,
            "callbacks": dict.fromkeys(ALL["postgresql"]["callbacks"], str(home / CALLED)),
        },
    }
    return _both(ALL, own)


def _asks(network: Network, member: int, *, one_etcd: bool) -> dict[str, Any]:
    asked = (member,) if one_etcd else MEMBERS
    hosts = [f"{network.address(each)}:2379" for each in asked]
    return {"hosts": hosts, "use_proxies": one_etcd}


NAMED, ASYNCHRONOUS = "named", "async"
# What each has otherwise than what is shipped. Who knows of no quorum names one standby to wait
# for.
_DIFFERS: dict[str, dict[str, Any]] = {
    "strict": {},
    "sync": {"synchronous_mode_strict": False},
    NAMED: {"synchronous_mode": True, "synchronous_mode_strict": False},
    ASYNCHRONOUS: {"synchronous_mode": False, "synchronous_mode_strict": False},
}
MODES = tuple(_DIFFERS)


def _both(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """As Patroni reads two files of one folder: a key of the second counts, and nothing is lost."""
    held = dict(shipped)
    for key, value in own.items():
        within = held.get(key)
        if isinstance(within, Mapping) and isinstance(value, Mapping):
            held[key] = _both(within, value)
        else:
            held[key] = value
    return held
