"""In which order tests run: what is dear to start, is started by one worker and not by each.

xdist gives every worker a share of equal length in the order of the list, and an idle one takes
from the end of another's. So each share begins with tests that need the same dear thing (a paired
tablet, a demo, a world to attack), and ends with tests that need none.
"""

import os

import pytest

_DEAR = (
    ("tests/browser/kiosk/",),
    ("tests/browser/widget/", "tests/attacks/"),
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
