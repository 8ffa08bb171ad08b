"""Which tests are pure: no Postgres, no browser, no process of their own. `make quick` runs those.

Nobody has to say it: it follows from the fixtures that a test asks for, and from what its module
imports.
"""

import os
import subprocess
from functools import cache
from types import ModuleType

import pytest

# Whoever asks for one of these has a database, or something that has.
_FIXTURES = {"database", "own_database", "region_database", "standing"}
_MARKS = ("browser", "processes", "long", "dear")
# What starts servers and processes; a name from there is there to be called.
_STARTING = (
    *("tests.postgres", "tests.embedding", "tests.installation", "tests.listening"),
    *(
        "tests.restore",
        "tests.restoring",
        "tests.schema",
        "tests.attacks",
        "tests.bench",
        "tests.browser",
        "tests.system",
    ),
    *("tests.widget.node", "ingest.postgres.server"),
)
_FUNCTIONS = ("emptied", "prepared")


def is_pure(test: pytest.Item) -> bool:
    """Whether it needs nothing but Python and files, and computes for less than a second."""
    if _FIXTURES & set(getattr(test, "fixturenames", ())):
        return False
    if any(test.get_closest_marker(mark) for mark in _MARKS):
        return False
    module = getattr(test, "module", None)
    return module is not None and not _starts_something(module)


def is_never_run(test: object, module: ModuleType, chosen: str) -> bool:
    """Whether no example of a test function can be among those that were `chosen` (pytest's `-m`).

    To make its examples, only to leave them out, costs each worker a second.
    """
    marks = {mark.name for mark in getattr(test, "pytestmark", ())}
    if "TESTS_PURE" in os.environ and _starts_something(module):
        return True
    return chosen == "not long" and "long" in marks


@cache
def _starts_something(module: ModuleType) -> bool:
    if f"{module.__name__}.".startswith(tuple(f"{place}." for place in _STARTING)):
        return True
    return any(
        value is subprocess
        or name in _FUNCTIONS
        or (f"{getattr(value, '__module__', '')}.").startswith(
            tuple(f"{place}." for place in _STARTING)
        )
        for name, value in vars(module).items()
    )
