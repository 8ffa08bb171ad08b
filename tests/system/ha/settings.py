"""What etcd and Patroni are told: the same as in `deploy/README.md`, and where everything lies."""

from pathlib import Path
from typing import Any

from ingest.postgres.server import SUPERUSER
from tests.system.ha.network import MEMBERS, POSTGRES_PORT, Network
from tests.system.ha.programs import POSTGRES

MODES = ("strict", "sync", "async")
# No Patroni takes less than 20: for so long a leader that fell silent keeps its lock.
TTL_SECONDS = 20
_LOOK_SECONDS, _RETRY_SECONDS = 5, 5
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
        # On by default, but for who writes a file of settings.
        "enable-grpc-gateway": True,
        "logger": "zap",
        "log-level": "error",
    }


def of_patroni(
    network: Network, member: int, home: Path, *, mode: str, one_etcd: bool
) -> dict[str, Any]:
    """Of the member whose files lie in `home`. `one_etcd`: it asks the one beside it alone."""
    address = network.address(member)
    rest = f"{address}:{REST_PORT}"
    who = {"password": PASSWORD}
    everybody = "0.0.0.0/0"
    return {
        "scope": DATABASE,
        "name": name_of(member),
        "restapi": {"listen": rest, "connect_address": rest},
        "etcd3": _asks(network, member, one_etcd=one_etcd),
        "bootstrap": {
            "dcs": _agreed(mode),
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
        },
    }


def _asks(network: Network, member: int, *, one_etcd: bool) -> dict[str, Any]:
    asked = (member,) if one_etcd else MEMBERS
    hosts = [f"{network.address(each)}:2379" for each in asked]
    return {"hosts": hosts, "use_proxies": one_etcd}


def _agreed(mode: str) -> dict[str, Any]:
    """What all members hold to; the same as in `deploy/README.md`."""
    return {
        "ttl": TTL_SECONDS,
        "loop_wait": _LOOK_SECONDS,
        "retry_timeout": _RETRY_SECONDS,
        "synchronous_mode": mode != "async",
        "synchronous_mode_strict": mode == "strict",
        "postgresql": {"use_pg_rewind": True, "parameters": _PARAMETERS},
    }
