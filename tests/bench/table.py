"""The figures of one run as a table for people, with what was aimed at beside them."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tests.bench.growth import VIEWS
from tests.bench.monday.telling import told as monday

_COLUMNS = ("rps", "p50_ms", "p99_ms", "server_cpu_us", "postgres_cpu_us", "errors")
_DECIMALS = 1
_USABLE_MS = {"page": 1300, "widget": 2000}
"""The most a resident may wait; `bare` has no target, it says what cannot be less."""


def table(found: Mapping[str, object]) -> str:
    """All of it, as text. A target that is missed says so; it is no failure."""
    plain: dict[str, Any] = msgspec.to_builtins(dict(found))
    return "\n".join(
        [
            *_head(plain),
            *_http(plain.get("http")),
            *_invitations(plain.get("invitations")),
            *_browser(plain.get("browser")),
            *_publishing(plain.get("publishing")),
            *_growth(plain.get("growth")),
            *_themes(plain.get("themes")),
            *monday(plain.get("monday")),
        ]
    )


def _themes(found: dict[str, Any] | None) -> Iterator[str]:
    if found is None:
        return
    yield ""
    each = ", ".join(f"{language} {us:.0f}" for language, us in found["comment_us"].items())
    yield f"themes of a comment, median us of {found['comments']}: {each}"
    yield f"themes of 2,000 characters: {found['longest_us']:.0f} us"
    yield _at_most("themes of a Dutch comment, us", found["comment_us"]["nl"], 100, None)


def _head(plain: dict[str, Any]) -> Iterator[str]:
    machine = plain["machine"]
    yield ""
    yield (
        f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gb']} GB, load"
        f" {machine['load_average']} before; pg_test_fsync: fdatasync {plain['fsync_us']:.0f} us"
    )
    yield (
        f"Medians of {plain['rounds']} rounds of {plain['seconds']:g} s in turn; 64 connections;"
        " server, Postgres and load share the cores"
    )


def _http(http: dict[str, Any] | None) -> Iterator[str]:
    if http is None:
        return
    yield ""
    yield f"{'':18}" + "".join(f"{name:>16}" for name in _COLUMNS)
    for name, figures in http["subjects"].items():
        cells = ("-" if figures[c] is None else f"{figures[c]:,}" for c in _COLUMNS)
        yield f"{name:18}" + "".join(f"{cell:>16}" for cell in cells)
    yield f"isso: {http['isso_durability']}"
    yield f"publishing, later: {http['publish_cpu_us']} us of Postgres a response"
    yield ""
    found = http["subjects"]

    def ratio(over: str, under: str, figure: str) -> float:
        return float(found[over][figure] / found[under][figure])

    yield _at_least("submit / submit_ungrouped, rps", ratio("submit", "submit_ungrouped", "rps"), 2)
    yield _at_least("submit / isso, rps", ratio("submit", "isso", "rps"), 10)
    yield _at_most(
        "submit / bare_submit, CPU", ratio("submit", "bare_submit", "server_cpu_us"), 3, 2
    )
    yield _at_most("page / bare_page, CPU", ratio("page", "bare_page", "server_cpu_us"), 2, 1.4)


def _invitations(invitations: dict[str, Any] | None) -> Iterator[str]:
    if invitations is None:
        return
    sending, alone = invitations["sending"], invitations["storing"]
    meanwhile = invitations["storing_meanwhile"]
    yield ""
    yield (
        f"sending, from the API into files, one process: {sending['per_second']:,.0f} a second;"
        f" each {sending['server_cpu_us']:,.0f} us of the service,"
        f" {sending['postgres_cpu_us']:,.0f} of Postgres"
    )
    yield (
        f"storing responses: {alone['rps']:,} a second alone, {meanwhile['rps']:,} while"
        f" {invitations['sent_meanwhile']:,.0f} messages a second are sent"
    )
    yield _at_least("messages a second", sending["per_second"], 500)
    yield _at_least("responses meanwhile / alone", meanwhile["rps"] / alone["rps"], 0.8)


def _browser(browser: dict[str, Any] | None) -> Iterator[str]:
    if browser is None:
        return
    yield ""
    yield "In Chromium, cold: Lighthouse's slow 4G (1.6 Mbit/s, 150 ms a round trip), 4x CPU"
    columns = ("usable_ms", "layout_shift", "bytes", "requests")
    yield f"{'':18}" + "".join(f"{name:>16}" for name in columns)
    for name, figures in browser.items():
        yield f"{name:18}" + "".join(f"{figures[column]:>16,}" for column in columns)
    for name, target in _USABLE_MS.items():
        figures = browser[name]
        yield _at_most(f"{name}, first answerable, ms", figures["usable_ms"], target, None)
        yield _at_most(f"{name}, layout shift", figures["layout_shift"], 0, None)
    yield _at_most("page, requests", browser["page"]["requests"], 1, None)


def _publishing(publishing: dict[str, Any] | None) -> Iterator[str]:
    if publishing is None:
        return
    yield ""
    columns = ("responses", "seconds", "postgres_cpu_us", "python_cpu_us", "around_cpu_us")
    title = f"publishing for {publishing['municipalities']}"
    yield f"{title:24}" + "".join(f"{name:>16}" for name in columns)
    for name in ("day", "backlog"):
        cells = (publishing[name][column] for column in columns)
        yield f"  {name}".ljust(24) + "".join(f"{cell:>16,.{_DECIMALS}f}" for cell in cells)
    day = publishing["day"]
    yield _at_most(
        "publish, CPU us a response", day["postgres_cpu_us"] + day["python_cpu_us"], 65, None
    )
    yield _at_most("publish a day, seconds", day["seconds"], 300, None)
    worlds = publishing["worlds"]
    yield (
        f"readers' schemas of {worlds['municipalities']}: made in {worlds['first_seconds']:.1f} s,"
        f" {worlds['first_mb']:.0f} MB; looked at again {worlds['again_seconds']:.1f} s; one view"
        f" changed in all {worlds['changed_seconds']:.1f} s"
    )


def _growth(growth: dict[str, Any] | None) -> Iterator[str]:
    if growth is None:
        return
    yield ""
    columns = ("rows_per_second", "postgres_cpu_us", "wal_bytes")
    yield f"{'insert, batches of 200':32}" + "".join(f"{name:>18}" for name in columns)
    for name, rows in (("empty", 0), ("full", growth["rows"])):
        cells = "".join(f"{growth[name][column]:>18,}" for column in columns)
        yield f"  at {rows:,} responses".ljust(32) + cells
    grown = growth["full"]["rows_per_second"] / growth["empty"]["rows_per_second"]
    yield _at_least("insert rate, full / empty", grown, 0.7)
    for name, ms in growth["views_ms"].items():
        yield _at_most(f"{name}, a year, ms", ms, VIEWS[name][1], None)
    sizes = growth["bytes_per_response"]
    yield f"bytes a response on disk: {sum(sizes.values()):,.0f}: " + ", ".join(
        f"{name} {size:,}" for name, size in sizes.items()
    )


def _at_least(what: str, value: float, target: float) -> str:
    return _line(what, value, f"at least {target:g}", value >= target)


def _at_most(what: str, value: float, target: float, aim: float | None) -> str:
    aimed = "" if aim is None else f", aim {aim:g}"
    return _line(what, value, f"at most {target:g}{aimed}", value <= target)


def _line(what: str, value: float, target: str, met: bool) -> str:
    return f"{what:36}{value:>10.2f}   {target}{'' if met else '   missed'}"
