"""`make lint`, of what runs in browsers: types, layout and habits, by the widget's own tools."""

import sys

import pytest

from tests.widget.node import PACKAGE, script, tools


def main() -> None:
    """Run both, and end with what they say where something is found."""
    tools(*PACKAGE["devDependencies"])
    for name in ("check", "lint"):
        try:
            sys.stdout.write(script(name))
        except pytest.fail.Exception as found:
            sys.exit(str(found))


if __name__ == "__main__":
    main()
