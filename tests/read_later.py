"""Packages that take a second to read, read when a test first uses them.

Every worker reads every module of tests before its first test; few of them come to use these.
"""

import sys
from importlib import import_module
from typing import Any

DEAR = ("jsonschema", "numpy", "pandas", "pyarrow", "scipy")
"""What no module of tests reads by `import` (`tests/test_suite.py`)."""


_UNUSED = "rfc3987_syntax"
"""What jsonschema checks an IRI with, where it is there: a grammar of which each import makes a
parser, for longer than a second. No schema of ours has an IRI.
"""


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
        # Python's own way to say that a module is not to be had.
        sys.modules.setdefault(_UNUSED, None)  # type: ignore[arg-type]
        return getattr(import_module(self._name), attribute)


def read_later(name: str) -> Any:
    """The module of this name, read when something of it is asked for."""
    return _Later(name)
