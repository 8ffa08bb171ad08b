"""`make faults ARGS=ha`: what can happen to three machines, and two that have to lose."""

import asyncio
import contextlib
import tempfile
from pathlib import Path

import click

from tests import fault_rows as rows
from tests.system.ha.drill import (
    CONTROLS,
    FAULTS,
    LANES,
    control,
    drilled,
    faults_of,
    report,
)
from tests.system.ha.programs import Programs, missing
from tests.system.outcome import NotHere, tell


@click.command()
@click.option("--rounds", default=10, type=click.IntRange(1, 100), help="Of each fault.")
@click.option("--lane", "lanes", multiple=True, type=click.Choice(LANES), help="Of these alone.")
@click.option("--fault", "chosen", multiple=True, type=click.Choice(tuple(FAULTS)))
@click.option(
    "--control/--no-control", "controls", default=True, help="Also the two that must lose."
)
@click.option("--tools", type=click.Path(path_type=Path), help="Keep what is fetched here.")
def ha(
    rounds: int,
    lanes: tuple[str, ...],
    chosen: tuple[str, ...],
    *,
    controls: bool,
    tools: Path | None,
) -> None:
    """Break a cluster of etcd, Patroni and Postgres under everybody's load, in ROUNDS.

    Strict: nothing is stored while no standby is there. Sync: then the leader goes on alone. The
    controls: one that waits for no standby, and Debian's Patroni. Wants root, namespaces, HAProxy,
    Postgres 15 and a network; a round takes some fifty seconds.
    """
    if lacks := missing():
        raise NotHere(lacks)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # whoever runs Postgres comes through it
        programs = Programs(tools or folder / "tools")
        try:
            programs.fetch()
        except RuntimeError as refused:
            raise NotHere(f"not to be fetched here: {refused}") from None
        wanted = (lanes or LANES, chosen or tuple(FAULTS), tuple(CONTROLS) if controls else ())
        wrong = asyncio.run(_all(programs, folder, rounds, *wanted))
    if wrong:
        raise click.ClickException("; ".join(wrong))


async def _all(
    programs: Programs,
    folder: Path,
    rounds: int,
    lanes: tuple[str, ...],
    faults: tuple[str, ...],
    controls: tuple[str, ...],
) -> list[str]:
    kept, lost = [], []
    for lane in lanes:
        async with contextlib.aclosing(drilled(programs, folder, lane, faults, rounds)) as came:
            async for found in came:
                click.echo(report(found))
                kept.append(found)
    for name in controls:
        found = await control(programs, folder, name)
        click.echo(report(found))
        lost.append(found)
    for number, found in enumerate(kept):
        # The control says the same of each fault, and stands in the table once.
        tell(rows.of_ha(found, lost[0] if lost and not number else None))
    return [fault for found in kept + lost for fault in faults_of(found)]
