"""The kiosk's modules that know no page, by the test runner of the Node that playwright brings."""

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

MODULES = Path(__file__).with_name("modules")


def test_the_modules_do_what_they_say() -> None:
    node, _ = compute_driver_executable()
    files = sorted(map(str, MODULES.glob("*.test.mjs")))
    assert files
    ran = subprocess.run(
        (node, "--no-warnings", "--test", *files), check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
