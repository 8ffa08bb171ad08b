"""What operators may count on: names, labels, and one sum over all workers."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ingest.running import metrics
from ingest.running.addresses import PortTaken, listen
from ingest.running.metrics import count_outcome, exposition, forget_worker
from ingest.running.metrics_server import MetricsServer

# A change here is a change for operators: a note in the changelog.
PROMISED = {
    "neighbour_away": ("municipality", "kind"),
    "connector_messages_total": ("municipality", "connector", "verdict"),
    "report_links_total": ("municipality", "verdict"),
    "writebacks_total": ("municipality", "verdict"),
    "signals_followed_up_total": ("municipality", "state"),
    "callbacks_total": ("municipality", "verdict"),
    "signal_deliveries_total": ("municipality", "way", "verdict"),
    "invitation_receipts_total": ("sender", "state"),
    "invitation_verdicts_total": ("sender", "verdict"),
    "occasions_total": ("source", "verdict"),
    "outbox_due_seconds": (),
    "outbox_rows": ("state",),
    "ingest_outcomes_total": ("municipality", "channel", "outcome"),
    "ingest_commit_seconds": (),
    "ingest_batch_rows": (),
    "ingest_queue_rows": (),
    "ingest_shed_total": (),
    "token_verify_total": ("result",),
    "tokens_issued_total": ("purpose",),
    "pii_redactions_total": ("kind",),
    "database_reconnects_total": (),
    "db_syncrep_cancelled_total": (),
    "unpublished_rows": (),
    "published_rows_total": (),
    "task_last_ran_timestamp_seconds": ("task",),
    "task_late": ("task",),
    "kiosk_last_seen_seconds": ("municipality", "touchpoint"),
    "kiosk_queue": ("municipality", "touchpoint"),
    "kiosk_clock_offset_seconds": ("municipality", "touchpoint"),
    "kiosk_silent": ("municipality", "touchpoint"),
    "kiosk_set_aside_total": ("municipality", "touchpoint", "reason"),
    "kiosk_quarantined_total": ("municipality", "touchpoint", "reason"),
    "security_events_total": ("kind",),
}


def values(text: bytes) -> dict[tuple[str, str], float]:
    """Every sample: (name, labels as JSON) to its value."""
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def count_in_a_process(folder: Path, worker: int, code: str) -> None:
    """Run `code` as worker `worker` would, counting in `folder`."""
    subprocess.run(
        [sys.executable, "-c", f"from ingest.running import metrics\n{code}"],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder), "METRICS_WORKER": str(worker)},
        check=True,
        timeout=30,
    )


def test_the_names_and_labels_are_the_promised_ones() -> None:
    declared = {
        family.name + ("_total" if family.type == "counter" else ""): family
        for family in metrics.REGISTRY.collect()
    }

    assert set(declared) == set(PROMISED)
    assert all(len(family.documentation) > 20 for family in declared.values())
    for name in (
        "outcomes",
        "token_verify",
        "tokens_issued",
        "pii_redactions",
        "kiosk_quarantined",
    ):
        metric = getattr(metrics, name)
        assert metric._labelnames == PROMISED[metric._name + "_total"]


def test_an_outcome_is_counted_where_it_fell() -> None:
    key = (
        "ingest_outcomes_total",
        '{"channel": "balie", "municipality": "molensloot", "outcome": "stored"}',
    )
    before = values(exposition()).get(key, 0)
    count_outcome("molensloot", "balie", "stored")
    count_outcome("molensloot", "balie", "stored")

    assert values(exposition())[key] == before + 2


def test_the_parent_adds_up_what_its_workers_counted(tmp_path: Path) -> None:
    count_in_a_process(tmp_path, 0, "metrics.shed.inc(2); metrics.batch_rows.observe(30)")
    count_in_a_process(tmp_path, 1, "metrics.shed.inc(3); metrics.queue_rows.set(7)")

    found = values(exposition(tmp_path))
    assert found["ingest_shed_total", "{}"] == 5
    assert found["ingest_batch_rows_count", "{}"] == 1
    assert found["ingest_queue_rows", "{}"] == 7


def test_a_worker_that_died_keeps_its_counts_and_loses_its_queue(tmp_path: Path) -> None:
    dying = "metrics.shed.inc(2); metrics.queue_rows.set(9); import os; os._exit(0)"
    count_in_a_process(tmp_path, 0, dying)
    forget_worker(tmp_path, 0)
    count_in_a_process(tmp_path, 0, "metrics.shed.inc(1)")

    found = values(exposition(tmp_path))
    assert found["ingest_shed_total", "{}"] == 3
    assert found["ingest_queue_rows", "{}"] == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "counter_0.db",
        "gauge_livemostrecent_0.db",
        "gauge_livesum_0.db",
        "histogram_0.db",
    ]


def test_metrics_are_served_on_their_own_address(tmp_path: Path) -> None:
    count_in_a_process(tmp_path, 0, "metrics.shed.inc(4)")
    with MetricsServer("127.0.0.1:0", tmp_path) as server:
        base = f"http://127.0.0.1:{server.port}"
        with urllib.request.urlopen(f"{base}/metrics", timeout=5) as reply:
            assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert reply.headers["Server"] is None
            assert b"ingest_shed_total 4.0" in reply.read()
        with pytest.raises(urllib.error.HTTPError, match="404") as missing:
            urllib.request.urlopen(f"{base}/", timeout=5)
        missing.value.close()


def test_a_taken_metrics_port_is_named() -> None:
    with listen("127.0.0.1", 0, setting="X") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match="MEETPUNT_METRICS_ADDRESS"):
            MetricsServer(f"127.0.0.1:{port}")
