"""A bench that is stopped leaves no server, no folder and nothing that listens behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.system.running import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.long]
_PATIENT_SECONDS = 60


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_of_a_bench_that_is_stopped(tmp_path: Path, told: signal.Signals) -> None:
    bench = subprocess.Popen(
        (sys.executable, "-m", "tests.bench", "publishing", "--build", tmp_path),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    note = tmp_path / "bench" / "data" / "postgres" / "postmaster.pid"
    until = time.monotonic() + _PATIENT_SECONDS
    while "ready" not in (note.read_text() if note.exists() else ""):
        assert bench.poll() is None
        assert time.monotonic() < until
    server = int(note.read_text().split()[0])
    bench.send_signal(told)
    bench.communicate(timeout=_PATIENT_SECONDS)
    assert bench.returncode == 128 + told
    assert list(tmp_path.iterdir()) == []
    assert not Path(f"/proc/{server}").exists()
