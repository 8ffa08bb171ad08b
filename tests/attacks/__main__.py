"""`make attacks`: attack by attack, what was found, and what its control found on the old shape."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ingest.postgres.server import EmbeddedPostgres
from ingest.tokens.keys import Keys, load_keys, new_keys
from tests.attacks import (
    beside,
    callers,
    cohorts,
    deliveries,
    figures_beside,
    lists,
    logs,
    moments,
    signals,
    theme_words,
)
from tests.attacks.attack import SHORT, WHOLE
from tests.attacks.new_shape import new_shape, take_from_everybody
from tests.attacks.old_shape import old_shape
from tests.attacks.running import Line, run_all, table
from tests.conftest import prepared
from tests.ingest.reporting import theme_guesses
from tests.ingest.reporting.region_attack import solve_worlds
from tests.postgres import running_postgres, versions


@click.command()
@click.option("--short", is_flag=True, help="One text, one id and one cell of each are enough.")
def attacks(short: bool) -> None:
    """Attack every version of Postgres that is here; exit 1 where a wall or a control fails."""
    failures = []
    watched: list[moments.Line] = []
    for version in versions():
        server = running_postgres(version)
        lines = asyncio.run(_attacked(server, short=short))
        click.echo(f"{table(lines, version)}\n")
        watched.append(asyncio.run(_watched(server, version, short=short)))
        failures += [f"Postgres {version}, {each}" for line in lines for each in line.failures]
    failures += _simulated(watched, moments.table)
    if not short:  # in less time luck would say more than the reader
        failures += _simulated([asyncio.run(_beside(versions()[-1]))], beside.table)
    failures += _simulated(lists.all_listed(), lists.table)
    failures += _simulated(logs.all_logged(_new_keys(), short=short), logs.table)
    failures += _simulated(signals.all_signalled(short=short), signals.table)
    failures += _simulated(cohorts.all_looked(short=short), cohorts.table)
    failures += _simulated(figures_beside.all_beside(short=short), figures_beside.table)
    failures += _simulated(deliveries.all_delivered(), deliveries.table)
    failures += _simulated([theme_guesses.tied()], theme_guesses.table)
    failures += _simulated([theme_words.spelled()], theme_words.table)
    failures += _simulated(callers.all_called(), callers.table)
    failures += _solved(worlds=8 if short else 100)
    if failures:
        raise click.ClickException("; ".join(failures))


def _simulated(lines: Iterable[Any], table: Callable[[list[Any]], str]) -> list[str]:
    """Somebody who holds a list or a log, line by line; returns what should not be."""
    found = list(lines)
    click.echo(f"{table(found)}\n")
    return [each for line in found for each in line.failures]


def _new_keys() -> Keys:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        new_keys(path, now=datetime.now(UTC))
        return load_keys(path)


def _solved(worlds: int) -> list[str]:
    """The region: everything that anybody ever saw of it, solved as one system."""
    found = asyncio.run(solve_worlds(prepared("region"), worlds, seed=1))
    click.echo(
        f"The region, {worlds} worlds: {found.hidden} hidden cells, {found.found} found,"
        f" {found.small_sums} sums under ten. Its controls: test_region_secrecy.py."
    )
    return [f"the region: {each}" for each in found.what]


async def _attacked(server: EmbeddedPostgres, *, short: bool) -> list[Line]:
    depth = SHORT if short else WHOLE
    begin = time.monotonic()

    def announce(name: str) -> None:
        click.echo(f"{time.monotonic() - begin:4.0f} s  {name}", err=True)

    return await run_all(lambda: new_shape(server), await old_shape(server), depth, announce)


async def _watched(server: EmbeddedPostgres, version: int, *, short: bool) -> moments.Line:
    target = await new_shape(server)
    await take_from_everybody(target)
    return await moments.all_watched(target, version, answers=30 if short else 120)


async def _beside(version: int) -> beside.Line:
    target = await new_shape(running_postgres(version))
    await take_from_everybody(target)
    return await beside.all_beside(target, version, seconds=240.0)


if __name__ == "__main__":
    attacks()
