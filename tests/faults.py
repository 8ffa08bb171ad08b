"""`make faults`: break what can break, many times, and count what was thanked for and is gone."""

import click

from tests.browser.kiosk.drill import Drill, both


@click.group()
def faults() -> None:
    """Kill and restart real parts on this machine alone, and compare thanks with rows."""


@faults.command()
@click.argument("rounds", default=100, type=click.IntRange(1, 1000))
def kiosk(rounds: int) -> None:
    """Kill a kiosk's browser while it is offline, ROUNDS times; then one that thanks early."""
    kept, control = both(rounds)
    for name, found in (("kiosk", kept), ("control", control)):
        told = ", ".join(f"{field} {getattr(found, field)}" for field in Drill.__struct_fields__)
        click.echo(f"{name}, {rounds} rounds: {told}")
    if kept.lost or kept.double or not control.lost:
        raise click.ClickException("the kiosk lost or doubled something, or its control did not")


if __name__ == "__main__":
    faults()
