"""Packages that take a second to read, read when a test first uses them.

Every worker reads every module of tests before its first test; few of them come to use these.
"""

from importlib import import_module
from typing import Any

DEAR = ("jsonschema", "numpy", "pandas", "scipy")
"""What no module of tests reads by `import` (`tests/test_suite.py`)."""


class _Later:
    """A module that is read when something of it is asked for.

    `importlib.util.LazyLoader` is not enough: pytest asks each thing in a module for its class,
    and that reads it. Nor do names count that begin with an underscore, for which pytest asks too.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)


def read_later(name: str) -> Any:
    """The module of this name, read when something of it is asked for."""
    return _Later(name)
