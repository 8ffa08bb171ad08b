"""`make bench`: measure, print one table with the targets beside it, and write build/bench.json."""

import asyncio
import contextlib
import shutil
import sys
from pathlib import Path

import click
import msgspec

from ingest.postgres.embedded import EmbeddedPostgres
from tests.bench import browser as waiting
from tests.bench import growth, subjects, surroundings
from tests.bench.table import table
from tests.browsers import NoBrowser, find_browser
from tests.system.running import ROOT

_BUILD = ROOT / "build"


@click.command()
@click.option("--seconds", default=3.0, help="How long each subject is loaded, each round.")
@click.option("--rounds", default=3, type=click.IntRange(1, 20))
@click.option("--rows", default=10_000_000, help="Responses to generate; 0: leave growth out.")
@click.option(
    "--browser/--no-browser", default=True, help="What a resident waits for, in Chromium."
)
@click.option("--growth-only", is_flag=True, help="Leave out what is measured over HTTP.")
def main(seconds: float, rounds: int, rows: int, browser: bool, growth_only: bool) -> None:
    """Measure what Meetpunt costs, on this machine, over loopback alone."""
    if shutil.which("wrk") is None:
        raise click.ClickException(
            "wrk makes the load and is not installed: 'apt install wrk' (Debian, Ubuntu)"
            " or 'brew install wrk' (macOS)."
        )
    if browser:
        try:
            find_browser()
        except NoBrowser as missing:
            raise click.ClickException(f"{missing} Or leave it out: --no-browser.") from missing
    folder = _BUILD / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    server = EmbeddedPostgres(folder / "data", settings=surroundings.SETTINGS, announce=_say)
    bench = surroundings.Bench(folder=folder, server=server, keys_file=folder / "keys.json")
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
        if not growth_only:
            found["http"] = subjects.measure(bench, seconds, rounds, _say)
            _write(_BUILD / "bench.json", found)
        if browser:
            found["browser"] = waiting.measure(bench, rounds, _say)
            _write(_BUILD / "bench.json", found)
        if rows:
            found["growth"] = growth.run(bench, rows, seconds, rounds, _say)
    _write(_BUILD / "bench.json", found)
    click.echo(table(found))


def _write(file: Path, found: dict[str, object]) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def _say(sentence: str) -> None:
    click.echo(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
