"""Where `meetpunt` and `python -m ingest` begin, and where Ctrl-C ends them without a fuss."""

import os
import signal
import sys
from typing import NoReturn

# Everything else is imported below: Ctrl-C may come while Python still reads our modules.

# These run until somebody stops them, so for them Ctrl-C is a normal end.
_RUN_UNTIL_STOPPED = ("serve", "demo")
_STOPPED_BY_CTRL_C = 128 + signal.SIGINT
_FIRST_OF_A_CONTAINER = 1


def main() -> NoReturn:
    """Run the command that was typed, and end the process with its exit code."""
    if os.getpid() == _FIRST_OF_A_CONTAINER:
        # The kernel keeps from the first process what it has no handler for. Until `serve` has its
        # own, a container would go on starting after it was told to stop, and be killed later.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from ingest.commands.meetpunt import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # on our way out already
        code = 0 if sys.argv[1:2] and sys.argv[1] in _RUN_UNTIL_STOPPED else _STOPPED_BY_CTRL_C
    sys.exit(code)


if __name__ == "__main__":
    main()
