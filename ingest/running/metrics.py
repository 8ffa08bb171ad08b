"""All metrics, declared and documented; the parent process serves them for all workers.

Names and labels are a promise to operators. A label is a slug or a word of a fixed list, never an
id, a token or anything a resident sent.

Workers count in files of one folder (`PROMETHEUS_MULTIPROC_DIR`, set by the parent before they
start), and the parent adds them up. Without that folder, only this process is counted.
"""

import os
from pathlib import Path

import prometheus_client.values
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

WORKER_VARIABLE = "METRICS_WORKER"

if "PROMETHEUS_MULTIPROC_DIR" in os.environ and WORKER_VARIABLE in os.environ:
    # prometheus_client names files by process id, so that every worker that dies would leave files
    # behind. Named by the worker's number, its replacement goes on with the same files.
    _worker = os.environ[WORKER_VARIABLE]
    _values = prometheus_client.values
    _values.ValueClass = _values.MultiProcessValue(lambda: _worker)  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()

outcomes = Counter(
    "ingest_outcomes",
    "Responses that were offered, by how it ended: 'stored', 'already-received', or the kebab name"
    " of the refusal. Municipality and channel are 'unknown' where no valid token told them.",
    ["municipality", "channel", "outcome"],
    registry=REGISTRY,
)
commit_seconds = Histogram(
    "ingest_commit_seconds",
    "From taking a batch off the queue to its commit.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
batch_rows = Histogram(
    "ingest_batch_rows",
    "Responses in one transaction.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
    registry=REGISTRY,
)
queue_rows = Gauge(
    "ingest_queue_rows",
    "Responses that wait for the next transaction, over all workers.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
shed = Counter(
    "ingest_shed",
    "Responses refused with 503 because the queue was full or the database away.",
    registry=REGISTRY,
)
token_verify = Counter(
    "token_verify",
    "Tokens that were checked, by result: ok, forged, expired.",
    ["result"],
    registry=REGISTRY,
)
tokens_issued = Counter(
    "tokens_issued",
    "Tokens that were issued, by purpose: invitation, open, qr, embed, pairing, preview.",
    ["purpose"],
    registry=REGISTRY,
)
pii_redactions = Counter(
    "pii_redactions",
    "Pieces of personal data masked in free text before it was stored, by kind.",
    ["kind"],
    registry=REGISTRY,
)
database_reconnects = Counter(
    "database_reconnects",
    "Connections to Postgres that were opened anew after one was lost.",
    registry=REGISTRY,
)
syncrep_cancelled = Counter(
    "db_syncrep_cancelled",
    "Commits that did not wait for their standby; their responses were answered with 503.",
    registry=REGISTRY,
)

unpublished_rows = Gauge(
    "unpublished_rows",
    "Stored responses that no dashboard shows yet, as the worker that publishes last saw it; not a"
    " number where another copy of the service publishes, or nobody, which task_late tells.",
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
published_rows = Counter(
    "published_rows",
    "Responses that were made readable.",
    registry=REGISTRY,
)

task_last_ran_timestamp_seconds = Gauge(
    "task_last_ran_timestamp_seconds",
    "When a task beside the requests (publish, purge, ...) last ran, whoever did it; 0: never.",
    ["task"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
task_late = Gauge(
    "task_late",
    "1 when a task has not run for three of its periods and a lease, else 0.",
    ["task"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
neighbour_away = Gauge(
    "neighbour_away",
    "1 while a system of others that we ask or tell does not do as asked, 0 while it does: 'cases'"
    " a case system, 'contacts' an Open Klant, 'reports' a Signalen.",
    ["municipality", "kind"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)

occasions = Counter(
    "occasions",
    "Contacts that a neighbour told of, by what tells it (api, csv, voys, ...; or 'other') and"
    " what became of them: 'waiting', 'again', 'sampled-out', or why nobody is invited.",
    ["source", "verdict"],
    registry=REGISTRY,
)
connector_messages = Counter(
    "connector_messages",
    "Messages of a connector: 'taken' or 'no-number' (see occasions), 'unreadable', or why not.",
    ["municipality", "connector", "verdict"],
    registry=REGISTRY,
)
report_links = Counter(
    "report_links",
    "Links of reports in Signalen, by what it said of them: 'open', 'unknown', 'too-late',"
    " 'filled-out', 'cannot-tell-' and why; and 'no-token' for an address without one.",
    ["municipality", "verdict"],
    registry=REGISTRY,
)
writebacks = Counter(
    "writebacks",
    "Tries to tell a report what its reporter says: 'done', 'done-elsewhere', 'again'; every other"
    " verdict is one that is lost: 'too-late', 'unknown', 'refused', 'unreadable', 'away'.",
    ["municipality", "verdict"],
    registry=REGISTRY,
)
signal_deliveries = Counter(
    "signal_deliveries",
    "Tries to tell of signals, by way ('webhook', 'mail'): 'done', 'again'; every other verdict is"
    " one that is lost: 'away' for a day, 'refused', 'nobody' stands in the file any more.",
    ["municipality", "way", "verdict"],
    registry=REGISTRY,
)
callbacks = Counter(
    "callbacks",
    "Forms of who wants to be called: 'taken', or 'again' for one that was sent before.",
    ["municipality", "verdict"],
    registry=REGISTRY,
)
invitation_verdicts = Counter(
    "invitation_verdicts",
    "Answers of providers about a message, by the kind of sender and what they said: 'accepted',"
    " 'refused-for-good', 'refused-for-now', 'unknown', and 'cannot-be-asked'.",
    ["sender", "verdict"],
    registry=REGISTRY,
)
invitation_receipts = Counter(
    "invitation_receipts",
    "What providers told later of a message that they took, by the kind of sender: 'delivered',"
    " 'failed', 'expired'.",
    ["sender", "state"],
    registry=REGISTRY,
)
signals_followed_up = Counter(
    "signals_followed_up",
    "Signals that went on, by the state that they came to: gezien, bezig, afgehandeld.",
    ["municipality", "state"],
    registry=REGISTRY,
)
outbox_rows = Gauge(
    "outbox_rows",
    "Messages by state: 'waiting', also for their hour; 'due', of these; 'sending'.",
    ["state"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
outbox_due_seconds = Gauge(
    "outbox_due_seconds",
    "For how long the message that is due longest waits for somebody to send it; 0: none is.",
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)

kiosk_last_seen_seconds = Gauge(
    "kiosk_last_seen_seconds",
    "Seconds since a kiosk was heard of, to the minute; of a touchpoint's kiosks the one that is"
    " silent longest. Revoked ones are left out.",
    ["municipality", "touchpoint"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
kiosk_queue = Gauge(
    "kiosk_queue",
    "Responses that wait on a touchpoint's kiosks, as these said when they were last heard of.",
    ["municipality", "touchpoint"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
kiosk_clock_offset_seconds = Gauge(
    "kiosk_clock_offset_seconds",
    "How far the clock of a kiosk is ahead of ours; of a touchpoint's kiosks the one that is"
    " furthest off.",
    ["municipality", "touchpoint"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
kiosk_silent = Gauge(
    "kiosk_silent",
    "Kiosks of a touchpoint that are silent too long within its opening hours.",
    ["municipality", "touchpoint"],
    multiprocess_mode="livemostrecent",
    registry=REGISTRY,
)
kiosk_set_aside = Counter(
    "kiosk_set_aside",
    "Items of kiosks that can never be stored and were kept apart, by why.",
    ["municipality", "touchpoint", "reason"],
    registry=REGISTRY,
)
kiosk_quarantined = Counter(
    "kiosk_quarantined",
    "Items of kiosks that were put in quarantine: 'old-counter' (a copied or restored profile),"
    " 'revoked'.",
    ["municipality", "touchpoint", "reason"],
    registry=REGISTRY,
)

security_events = Counter(
    "security_events",
    "What somebody tried who should not, by kind: every one stands in ingest/running/security.py.",
    ["kind"],
    registry=REGISTRY,
)

_outcome_children: dict[tuple[str, str, str], Counter] = {}


def count_outcome(municipality: str, channel: str, outcome: str) -> None:
    """Count one response that was offered. Cheaper than `outcomes.labels(...)`, which locks."""
    key = (municipality, channel, outcome)
    child = _outcome_children.get(key)
    if child is None:
        child = _outcome_children[key] = outcomes.labels(*key)
    child.inc()


def forget_worker(folder: Path, number: int) -> None:
    """Drop a dead worker's gauges, such as its queue; its counters stay."""
    mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]


def exposition(folder: Path | None = None) -> bytes:
    """All metrics in Prometheus' text format: of every worker, or of this process alone."""
    if folder is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    return generate_latest(registry)
