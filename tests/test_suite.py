"""What the suite promises to whoever runs it."""

import os
import platform
import re
import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import pytest_terminal_summary
from tests.read_later import DEAR
from tests.system.running import ROOT

pytestmark = pytest.mark.processes

AT = (sys.executable, "-m", "tests.clock")
_CTRL_C = "tests/ingest/test_main.py::test_ctrl_c_while_modules_are_read_leaves_no_trace[check-130]"


def pytest_run(*arguments: str, ignored: signal.Signals | None = None) -> tuple[int, str]:
    """The exit code and the output of a suite of its own, started where a signal is ignored."""

    def ignore() -> None:
        if ignored is not None:
            signal.signal(ignored, signal.SIG_IGN)

    # What a worker of this suite was told is not for that one, nor the folder that this one shares:
    # a suite begins by emptying its own.
    not_for_it = ("PYTEST_", "TESTS_MADE_ONCE")
    env = {name: value for name, value in os.environ.items() if not name.startswith(not_for_it)}
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


# Says something of the tests, and starts one within another.
@pytest.mark.long
def test_what_tests_start_hears_ctrl_c_where_it_is_ignored() -> None:
    """`make test &` in a script: there every process inherits that Ctrl-C does nothing."""
    asking = "import signal, tests.conftest; print(signal.getsignal(signal.SIGINT).__name__)"
    done = subprocess.run(
        (sys.executable, "-c", asking),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert done.stdout.strip() == "default_int_handler"


# Starts a whole suite for one test of it.
@pytest.mark.long
@pytest.mark.parametrize("workers", [0, 1])
def test_ctrl_c_is_tested_where_it_is_ignored(workers: int) -> None:
    code, told = pytest_run("-n", str(workers), _CTRL_C, ignored=signal.SIGINT)
    assert code == 0, told


_TWO_CLOCKS = """
import asyncio, datetime
from tests.postgres import running_postgres
from tests.embedding import ask
print(datetime.datetime.now(datetime.UTC).date())
print(ask(running_postgres().url("postgres", "postgres"), "select now()::date"))
"""


def test_a_suite_runs_at_the_moment_that_was_asked_for_and_its_postgres_too() -> None:
    done = subprocess.run(
        (*AT, "2028-02-29 13:30", sys.executable, "-c", _TWO_CLOCKS),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        assert done.stdout.split() == ["2028-02-29", "2028-02-29"], done.stderr
    else:
        assert "another clock is to be had on Linux" in done.stderr


@pytest.mark.parametrize("moment", ["tomorrow", "2028-02-30 12:00", "2028-02-29T12:00+01:00"])
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    done = subprocess.run(
        (*AT, moment, "true"), cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("CLOCK: ")


class Lines:
    """A terminal: what was written to it."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write_line(self, line: str) -> None:
        self.written.append(line)

    def section(self, title: str, **_: str) -> None:
        pass


@pytest.mark.parametrize(
    ("code", "says"), [(pytest.ExitCode.NO_TESTS_COLLECTED, True), (pytest.ExitCode.OK, False)]
)
def test_where_nothing_ran_it_says_that_long_ones_were_left_out(
    code: pytest.ExitCode, *, says: bool
) -> None:
    lines: Any = Lines()
    pytest_terminal_summary(lines, code)
    assert any("-m long" in line for line in lines.written) is says


def test_what_takes_a_second_to_read_is_read_later() -> None:
    """Every worker reads every module of tests, and few tests use these."""
    reads = re.compile(rf"^(?:import|from) (?:{'|'.join(DEAR)})\b", re.MULTILINE)
    paths = (ROOT / "tests").rglob("*.py")
    assert [path.name for path in paths if reads.search(path.read_text("utf-8"))] == []
