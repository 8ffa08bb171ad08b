"""What the widget weighs, that every version of it stays, and what it never does."""

import base64
import gzip
import hashlib
import json
import re
import subprocess

import brotli
import pytest

from tests.figures import tell
from tests.widget.node import WIDGET

DIST = WIDGET / "dist"
SCRIPT = (DIST / "widget.v1.js").read_bytes()
PUBLISHED: dict[str, dict[str, str]] = json.loads((DIST / "published.json").read_bytes())

MOST_BYTES = 6_500
"""Of the script with its styles, compressed with brotli at quality 11."""


def test_the_script_stays_within_its_weight() -> None:
    weight = len(brotli.compress(SCRIPT, quality=11))
    tell(
        "Widget",
        f"script and styles {len(SCRIPT):,} bytes, gzip {len(gzip.compress(SCRIPT, 9, mtime=0)):,},"
        f" brotli {weight:,} of at most {MOST_BYTES:,}",
    )
    assert weight <= MOST_BYTES


def test_the_readme_tells_what_it_weighs() -> None:
    sizes = (SCRIPT, gzip.compress(SCRIPT, 9, mtime=0), brotli.compress(SCRIPT, quality=11))
    row = "| {:,} | {:,} | **{:,}** |".format(*map(len, sizes))
    assert row in (WIDGET.parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("hash_", PUBLISHED)
def test_a_published_file_is_what_its_name_and_its_checksum_say(hash_: str) -> None:
    body = (DIST / f"widget.v1.{hash_}.js").read_bytes()
    assert hashlib.sha256(body).hexdigest()[:12] == hash_
    sri = "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()
    assert PUBLISHED[hash_] == {"sri": sri}


def test_what_is_there_is_published_and_the_stable_name_is_one_of_them() -> None:
    files = {path.name for path in DIST.iterdir()}
    pinned = {f"widget.v1.{hash_}.js" for hash_ in PUBLISHED}
    assert files == {"widget.v1.js", "published.json"} | pinned
    assert hashlib.sha256(SCRIPT).hexdigest()[:12] in PUBLISHED


def test_no_version_that_was_ever_committed_is_lost() -> None:
    """Sites pin a version by its hash; its bytes stay, for as long as there are such sites."""
    # A folder without history, such as an unpacked archive, has none to lose.
    names = subprocess.run(
        ["git", "log", "--pretty=format:", "--name-only", "HEAD", "--", "widget/dist"],
        cwd=WIDGET.parent,
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    ever = set(re.findall(r"widget\.v1\.([0-9a-f]{12})\.js", names))
    assert ever <= PUBLISHED.keys()


@pytest.mark.parametrize(
    "never",
    [
        r"innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|DOMParser|createContextualFragment",
        r"document\.write|\beval\b|\bFunction\(|\bimport\(",
        r"localStorage|sessionStorage|indexedDB|\bcaches\b|cookie",
        r"setAttribute\(\"style|style=|cssText",
        r"sendBeacon|XMLHttpRequest|WebSocket|navigator\.",
        r"https?://(?!www\.w3\.org/2000/svg)",
    ],
)
def test_the_script_never(never: str) -> None:
    assert not re.findall(never, SCRIPT.decode())
