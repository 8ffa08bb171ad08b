"""`make bench`: measure, print one table with the targets beside it, and write build/bench.json."""

import asyncio
import contextlib
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from ingest.postgres.server import EmbeddedPostgres
from tests.bench import browser as waiting
from tests.bench import growth, invitations, publishing, subjects, surroundings, themes
from tests.bench.monday import playing as monday
from tests.bench.table import table
from tests.browsers import NoBrowser, find_browser
from tests.system.running import ROOT

_BUILD = ROOT / "build"
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PARTS = ("http", "invitations", "browser", "publishing", "growth", "themes")
APART = ("monday",)
"""With a year of its own, so only where it is named."""


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice((*PARTS, *APART)))
@click.option("--seconds", default=3.0, help="How long each subject is loaded, each round.")
@click.option("--rounds", default=3, type=click.IntRange(1, 20))
@click.option("--rows", default=10_000_000, type=click.IntRange(1), help="Responses of a year.")
@click.option("--build", type=click.Path(path_type=Path), default=_BUILD, help="Where to write.")
@click.option("--backlog", default=200_000, type=click.IntRange(1), help="Published in bulk.")
def main(
    parts: tuple[str, ...], seconds: float, rounds: int, rows: int, build: Path, backlog: int
) -> None:
    """Measure what Meetpunt costs, on this machine, over loopback alone.

    These PARTS, or all but `monday`, which makes a year of its own.
    """
    wanted = parts or PARTS
    _require_tools(wanted)
    folder = build / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    server = EmbeddedPostgres(folder / "data", settings=surroundings.SETTINGS, announce=_say)
    bench = surroundings.Bench(folder=folder, server=server, keys_file=folder / "keys.json")
    measured: dict[str, Callable[[], object]] = {
        "http": lambda: subjects.measure(bench, seconds, rounds, _say),
        "invitations": lambda: invitations.measure(bench, seconds, rounds, _say),
        "browser": lambda: waiting.measure(bench, rounds, _say),
        "publishing": lambda: publishing.run(bench, rows, backlog, rounds, _say),
        "growth": lambda: growth.run(bench, rows, seconds, rounds, _say),
        "themes": lambda: themes.measure(rounds),
        "monday": lambda: monday.measure(bench, rows, seconds, rounds, _say),
    }
    for told in _STOPS:
        signal.signal(told, _stop)
    with contextlib.ExitStack() as closing:
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        closing.enter_context(server)
        asyncio.run(surroundings.prepare(bench))
        found: dict[str, object] = {
            "machine": surroundings.machine(),
            "seconds": seconds,
            "rounds": rounds,
            "fsync_us": surroundings.fsync_us(bench),
        }
        for part in (*PARTS, *APART):
            if part in wanted:
                found[part] = measured[part]()
                _write(build / "bench.json", found)
    click.echo(table(found))


def _stop(number: int, _frame: object) -> None:
    """Leave by way of everything that has to be stopped and removed, once."""
    for told in _STOPS:
        signal.signal(told, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _require_tools(parts: Sequence[str]) -> None:
    if {"http", "invitations"} & {*parts} and shutil.which("wrk") is None:
        raise click.ClickException(
            "wrk makes the load and is not installed: 'apt install wrk' (Debian, Ubuntu)"
            " or 'brew install wrk' (macOS)."
        )
    if "browser" in parts:
        try:
            find_browser()
        except NoBrowser as missing:
            raise click.ClickException(f"{missing} Or name the other parts.") from missing


def _write(file: Path, found: dict[str, object]) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def _say(sentence: str) -> None:
    click.echo(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
