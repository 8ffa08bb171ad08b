"""What the suite promises to whoever runs it."""

import os
import signal
import subprocess
import sys

import pytest

from tests.system.running import ROOT

pytestmark = pytest.mark.processes

_CTRL_C = "tests/ingest/test_main.py::test_ctrl_c_while_modules_are_read_leaves_no_trace[check-130]"


def pytest_run(*arguments: str, ignored: signal.Signals | None = None) -> tuple[int, str]:
    """The exit code and the output of a suite of its own, started where a signal is ignored."""

    def ignore() -> None:
        if ignored is not None:
            signal.signal(ignored, signal.SIG_IGN)

    # What a worker of this suite was told is not for that one.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        (sys.executable, "-m", "pytest", *arguments),
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=ignore,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", [0, 1])
def test_ctrl_c_is_tested_where_it_is_ignored(workers: int) -> None:
    """`make test &` in a script: there every process inherits that Ctrl-C does nothing."""
    code, told = pytest_run("-n", str(workers), _CTRL_C, ignored=signal.SIGINT)
    assert code == 0, told
