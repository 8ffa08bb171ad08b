"""`make attacks`: attack by attack, what was found, and what its control found on the old shape."""

import asyncio
import time

import click

from ingest.postgres.embedded import EmbeddedPostgres
from tests.attacks.attack import SHORT, WHOLE
from tests.attacks.new_shape import new_shape
from tests.attacks.old_shape import old_shape
from tests.attacks.running import Line, run_all, table
from tests.postgres import running_postgres, versions


@click.command()
@click.option("--short", is_flag=True, help="One text, one id and one cell of each are enough.")
def attacks(short: bool) -> None:
    """Attack every version of Postgres that is here; exit 1 where a wall or a control fails."""
    failures = []
    for version in versions():
        server = running_postgres(version)
        lines = asyncio.run(_attacked(server, short=short))
        click.echo(f"{table(lines, version)}\n")
        failures += [f"Postgres {version}, {each}" for line in lines for each in line.failures]
    if failures:
        raise click.ClickException("; ".join(failures))


async def _attacked(server: EmbeddedPostgres, *, short: bool) -> list[Line]:
    depth = SHORT if short else WHOLE
    begin = time.monotonic()

    def announce(name: str) -> None:
        click.echo(f"{time.monotonic() - begin:4.0f} s  {name}", err=True)

    return await run_all(await new_shape(server), await old_shape(server), depth, announce)


if __name__ == "__main__":
    attacks()
