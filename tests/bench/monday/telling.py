"""What a Monday found, as text for people."""

from collections.abc import Iterator
from typing import Any

_COLUMNS = ("p50_ms", "p95_ms", "p99_ms", "max_ms")


def told(found: dict[str, Any] | None) -> Iterator[str]:
    """The lines of the table; none where it was not measured."""
    if found is None:
        return
    yield ""
    yield (
        f"A Monday of {found['municipalities']} municipalities, {found['rows']:,} responses in the"
        f" tables; {found['workers']} worker"
    )
    yield (
        f"tables and views of their readers: made in {found['made_seconds']:.0f} s,"
        f" {found['made_mb']:,.0f} MB before any response"
    )
    first = found["first"]
    yield f"after a start {first['pages']:,} pages are built in {first['seconds']:.1f} s"
    for step in found["steps"]:
        yield from _step(step)
    yield f"what gave: {found['gives']}"
    yield from _needed(found)


def _step(step: dict[str, Any]) -> Iterator[str]:
    played, cores, seconds = step["played"], step["cores"], step["played"]["seconds"]
    yield ""
    head = f"the busiest hour times {step['times']:g}, {seconds:.0f} s"
    yield f"{head:34}" + "".join(f"{name:>10}" for name in ("a second", *_COLUMNS)) + "  statuses"
    for kind, waits in played["kinds"].items():
        cells = [waits["sent"] / seconds, *(waits[column] for column in _COLUMNS)]
        statuses = ", ".join(f"{status}: {many}" for status, many in waits["statuses"].items())
        yield f"  {kind}".ljust(34) + "".join(f"{c:>10,.1f}" for c in cells) + f"  {statuses}"
    for slug, looks in step["read"]["looks"].items():
        cells = [looks["questions"] / seconds, *(looks[column] for column in _COLUMNS)]
        name = f"  dashboard of {slug}"
        yield name.ljust(34) + "".join(f"{c:>10,.1f}" for c in cells) + f"  {looks['slowest']}"
    published = step["published"]
    yield (
        f"  stored {step['stored']:,}, messages sent until now {step['sent']:,}; published"
        f" {published['responses']:,} in {published['looks']} looks, the longest"
        f" {published['longest_seconds']:.1f} s; {step['wal_bytes'] / 1e6:,.0f} MB of WAL,"
        f" {published['wal_bytes'] / 1e6:,.0f} of them to publish"
    )
    dashboards = step["read"]["postgres_cpu_us"] / 1e6 / cores["seconds"]
    publishing = published["postgres_cpu_us"] / 1e6 / published["seconds"]
    yield (
        f"  cores: service {cores['service']:.2f}, Postgres {cores['postgres']:.2f} (dashboards"
        f" {dashboards:.2f}, publishing {publishing:.2f}), load"
        f" {cores['load']:.2f}, the whole machine {cores['machine']:.2f}; the load was late by"
        f" {played['late_ms']:.1f} ms at most, but for one in a hundred"
    )


def _needed(found: dict[str, Any]) -> Iterator[str]:
    taken = found["taken"]
    yield ""
    yield (
        f"a response with its pages, widgets and messages: {taken['cpu_a_response'] * 1e6:,.0f} us"
        f" of CPU; publishing {taken['publishing_a_response'] * 1e6:,.0f} us;"
        f" {taken['disk_a_response']:,.0f} bytes on disk without its figures"
    )
    rows: list[tuple[str, Any]] = [
        ("responses a second, mean", lambda each: each["mean"]),
        ("in the busiest minute", lambda each: each["minute"]["responses"]),
        ("widgets in the busiest minute", lambda each: each["minute"]["widgets"]),
        ("messages in the busiest minute", lambda each: each["minute"]["messages"]),
        ("cores in the busiest minute", lambda each: each["cores"]),
        ("disk, TB a year", lambda each: each["disk_tb_a_year"]),
        ("publishing, hours a day", lambda each: each["publishing_hours_a_day"]),
    ]
    heads = (f"{each['responses_a_year'] / 1e6:,.0f} M" for each in found["needed"])
    yield f"{'responses a year':34}" + "".join(f"{head:>14}" for head in heads)
    for name, of in rows:
        yield f"  {name}".ljust(34) + "".join(f"{of(each):>14,.2f}" for each in found["needed"])
