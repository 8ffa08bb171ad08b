"""In which order tests are read and run: what is dear, is done by one worker and not by each.

xdist gives every worker a share of equal length in the order of the list, and an idle one takes
from the end of another's. So each share begins with tests that need the same dear thing (a paired
tablet, a demo, a world to attack), and ends with tests that need none.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]

_DEAR = (
    ("tests/browser/kiosk/",),
    ("tests/browser/widget/", "tests/attacks/", "tests/test_architecture.py"),
    ("tests/browser/",),
)
"""The beginnings of test ids; a test is of the first that fits."""


def by_share(items: list[pytest.Item]) -> list[pytest.Item]:
    """The same tests in the order in which the workers of this run should get them."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    first: list[list[pytest.Item]] = [[] for _ in range(workers)]
    rest: list[pytest.Item] = []
    for item in items:
        group = next((n for n, ids in enumerate(_DEAR) if item.nodeid.startswith(ids)), None)
        (rest if group is None else first[group % workers]).append(item)
    ordered: list[pytest.Item] = []
    for number, dear in enumerate(first):
        share = (len(items) - len(ordered)) // (workers - number)
        others = max(0, share - len(dear))
        ordered += [*dear, *rest[:others]]
        rest = rest[others:]
    return [*ordered, *rest]


def begin_elsewhere(config: pytest.Config) -> None:
    """Read the modules of tests, each worker from another place in their list on.

    What pytest makes of a module takes longer than reading it, and is kept in a file: so each
    finds there what the others made, instead of all making the same at the same moment.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    modules = _modules(config.args, config.getoption("ignore") or [])
    start = len(modules) * int(worker) // workers
    for name in [*modules[start:], *modules[:start]] if workers > 1 else []:
        # Whoever collects meets what is wrong with it again, and tells.
        with suppress(Exception):
            import_module(name)


def _modules(places: Iterable[str], without: Iterable[str]) -> list[str]:
    """The names of the modules of tests in these directories."""
    left_out = tuple(f"{_ROOT / each}{os.sep}" for each in without)
    paths = {
        path
        for place in places
        for path in (_ROOT / place).rglob("test_*.py")
        if not str(path).startswith(left_out)
    }
    return [".".join(path.relative_to(_ROOT).with_suffix("").parts) for path in sorted(paths)]
