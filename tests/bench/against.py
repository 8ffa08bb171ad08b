"""Rounds of this version and of another commit in turn: python -m tests.bench.against REV.

Submit, completion, insert, page and widget: so many a second, and CPU of the worker and Postgres
together. A difference counts where the medians lie further apart than half of either side's rounds
do.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import click
import msgspec

from ingest.tokens.keys import load_keys, new_keys
from tests.bench import surroundings
from tests.bench.side import Cost, Side, serving
from tests.system.running import ROOT

_BUILD = ROOT / "build"
MEASURES: dict[str, Callable[[Side, float], Cost]] = {
    "submit": Side.submit,
    "completion": Side.completion,
    "insert": Side.insert,
    "page": Side.page,
    "widget": Side.widget,
}
_FIGURES = {"cpu_us": "CPU, us each", "rate": "a second"}


@click.command()
@click.argument("rev")
@click.option("--rounds", default=7, type=click.IntRange(2, 50))
@click.option("--seconds", default=2.0, type=click.FloatRange(1, 60))
@click.option("--only", "chosen", multiple=True, type=click.Choice(list(MEASURES)))
def main(rev: str, rounds: int, seconds: float, chosen: Sequence[str]) -> None:
    """Measure this version against that of commit REV, on this machine, in turn."""
    if shutil.which("wrk") is None:
        raise click.ClickException("wrk makes the load and is not installed: 'apt install wrk'.")
    measures = chosen or tuple(MEASURES)
    found: dict[str, dict[str, list[Cost]]] = {
        measure: {"before": [], "now": []} for measure in measures
    }
    machine = surroundings.machine()
    with _sides(rev) as sides:
        for number in range(rounds):
            # Who begins takes turns too: what warms the machine helps both.
            turn = list(sides.items())[:: 1 if number % 2 else -1]
            for measure in measures:
                for name, side in turn:
                    cost = MEASURES[measure](side, seconds)
                    found[measure][name].append(cost)
                    click.echo(
                        f"  round {number + 1} of {rounds}: {measure} {name}:"
                        f" {cost.cpu_us:.1f} us, {cost.rate:,.0f} a second",
                        err=True,
                    )
    _BUILD.mkdir(exist_ok=True)
    told = {"machine": machine, "rev": rev, "seconds": seconds, "rounds": found}
    report = msgspec.json.format(msgspec.json.encode(told), indent=2)
    (_BUILD / "against.json").write_bytes(report + b"\n")
    click.echo(_table(rev, rounds, seconds, machine, found))


@contextlib.contextmanager
def _sides(rev: str) -> Iterator[dict[str, Side]]:
    folder = _BUILD / "against"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with contextlib.ExitStack() as closing:
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        keys_file = folder / "keys.json"
        new_keys(keys_file, now=datetime.now(UTC) - timedelta(days=1))
        keys = load_keys(keys_file)
        trees = {"before": closing.enter_context(_worktree(rev)), "now": ROOT}
        yield {
            name: closing.enter_context(serving(tree, folder / name, keys_file, keys))
            for name, tree in trees.items()
        }


@contextlib.contextmanager
def _worktree(rev: str) -> Iterator[Path]:
    """The files of that commit, in a folder that goes again. The packages are ours."""
    with tempfile.TemporaryDirectory(prefix="meetpunt-against-") as folder:
        tree = Path(folder) / "tree"
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", tree, rev], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", tree], check=True)


def _table(
    rev: str,
    rounds: int,
    seconds: float,
    machine: dict[str, object],
    found: dict[str, dict[str, list[Cost]]],
) -> str:
    lines = [
        "",
        f"{machine['cores']} cores ({machine['cpu']}), load {machine['load_average']} before",
        f"Medians of {rounds} rounds of {seconds:g} s in turn, and half of the rounds around them",
        f"{'':12}{'':22}{rev:>26}{'now':>26}{'difference':>12}",
    ]
    for measure, sides in found.items():
        for figure, title in _FIGURES.items():
            before, now = ([getattr(c, figure) for c in sides[name]] for name in ("before", "now"))
            lines.append(
                f"{measure:12}{title:22}{_middle(before):>26}{_middle(now):>26}"
                f"{median(now) / median(before) - 1:>+12.1%}   {_verdict(before, now)}"
            )
    return "\n".join(lines)


def _middle(values: Sequence[float]) -> str:
    low, high = _half(values)
    return f"{median(values):,.1f} ({low:,.1f}-{high:,.1f})"


def _half(values: Sequence[float]) -> tuple[float, float]:
    """Between these lies the middle half of the rounds."""
    first, _, third = quantiles(values, n=4, method="inclusive")
    return first, third


def _verdict(before: Sequence[float], now: Sequence[float]) -> str:
    spread = max(high - low for low, high in (_half(before), _half(now)))
    within = abs(median(now) - median(before)) <= spread
    return "within the spread" if within else "beyond the spread"


if __name__ == "__main__":
    sys.exit(main())
