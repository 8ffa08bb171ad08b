"""DOMPurify cleans our lines for Open Forms with the profile that Open Forms uses: nothing goes."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_integrations import LINES, OPEN_FORMS
from tests.witnesses.fetched import fetched

# Needs npm, and fetches fifty packages; what a line may hold is tested every time, in
# tests/test_integrations.py.
pytestmark = pytest.mark.long

OURS = Path(__file__).resolve().parent / "openforms"


def cleaned(html: str) -> str:
    node = shutil.which("node")
    assert node is not None, "install Node 20 or newer"
    command = (node, str(fetched(OURS) / "clean.js"))
    done = subprocess.run(command, input=html, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("name", LINES)
def test_our_lines_come_through_unchanged(name: str) -> None:
    html = (OPEN_FORMS / name).read_text("utf-8").replace("{{ form_name|slugify }}", "verhuizing")
    assert cleaned(html) == html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<a href="https://a.example" target="_blank">a</a>', '<a href="https://a.example">a</a>'),
        ("<p>a</p><script>1</script>", "<p>a</p>"),
        ('<iframe src="https://a.example"></iframe>', ""),
        ("<meetpunt-survey>a</meetpunt-survey>", "a"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
    ],
)
def test_it_would_take_away_what_does_not_belong_there(html: str, left: str) -> None:
    assert cleaned(html) == left
