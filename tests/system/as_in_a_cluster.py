"""What a pod is given, as Kubernetes gives it: links to links, keys that a group may read."""

import os
import re
import shutil
import textwrap
from pathlib import Path

from tests.example import example_directory
from tests.system.image import ACCOUNT, Images
from tests.system.running import ROOT

SECRETS = "/etc/meetpunt/secrets"
PYTHON = "/opt/meetpunt/bin/python"
_GIVEN = "/etc/meetpunt/secrets-given"


def owned(folder: Path) -> Path:
    """As a volume is when a container first has it."""
    folder.mkdir()
    os.chown(folder, ACCOUNT, ACCOUNT)
    return folder


def files_mounted(folder: Path) -> Path:
    """A ConfigMap with the example's files: links to links, and a folder with the real ones."""
    real = folder / "..2026_11_30_18_00_00.1"
    shutil.copytree(example_directory(), real)
    (folder / "..data").symlink_to(real.name)
    for each in real.iterdir():
        (folder / each.name).symlink_to(f"..data/{each.name}")
    return folder


def secrets_given(images: Images, folder: Path) -> Path:
    """Keys that the group may read, and the copy that the chart makes of them, as it makes it."""
    given, copied = folder / "given", owned(folder / "copied")
    given.mkdir()
    new = images.to_run("service", "keys", "new", volumes={owned(folder / "new"): SECRETS})
    made = images.run(new)
    assert not made.returncode, made.stderr
    keys = Path(shutil.copy(folder / "new" / "keys.json", given))
    os.chown(keys, 0, ACCOUNT)
    keys.chmod(0o440)
    template = (ROOT / "deploy" / "chart" / "templates" / "_helpers.tpl").read_text("utf-8")
    (code,) = re.findall(r"  args:\n    - \|\n((?:      .*\n)+)", template)
    # Twice, for a pod's may be started again.
    for _ in range(2):
        copying = images.to_run(
            *("service", "-c", textwrap.dedent(code)),
            volumes={given: f"{_GIVEN}:ro", copied: SECRETS},
            entrypoint=PYTHON,
        )
        done = images.run(copying)
        assert not done.returncode, done.stderr
    return copied
