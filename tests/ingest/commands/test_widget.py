"""What `meetpunt widget snippet` prints for whom."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.commands.meetpunt import meetpunt
from ingest.widget.snippet import kept_room
from tests.example import example_directory

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def run(*arguments: str, exit_code: int = 0, **more: str) -> Result:
        settings = {"MEETPUNT_CONFIG": str(example_directory())} | more
        result = CliRunner().invoke(meetpunt, ("widget", "snippet", *arguments), env=settings)
        assert result.exit_code == exit_code, result.output
        return result

    return run


def test_the_line_is_under_the_name_that_residents_know(run: Run) -> None:
    told = run("molensloot/online")
    assert told.stdout == (
        '<script src="https://kto.molensloot.example/widget.v1.js" async></script>\n'
        '<meetpunt-survey touchpoint="molensloot/online" lang="nl">'
        '<a href="https://kto.molensloot.example/o/molensloot/online?lang=nl">'
        f"Hoe ging het op onze website?</a>{kept_room()}</meetpunt-survey>\n"
    )
    assert "https://www.molensloot.example" in told.stderr


def test_it_speaks_another_language_under_another_name(run: Run) -> None:
    named = {"MEETPUNT_BASE_URL": "https://kto.elsewhere.example"}
    told = run("molensloot/online", "--language", "en", **named).stdout
    assert 'lang="en"' in told
    assert "https://kto.elsewhere.example/o/molensloot/online?lang=en" in told
    assert "molensloot.example" not in told


def test_a_frame_is_a_frame(run: Run) -> None:
    told = run("molensloot/online", "--iframe").stdout
    assert told.startswith('<iframe src="https://kto.molensloot.example/embed/molensloot/online?')


def test_what_cannot_be_is_refused(run: Run) -> None:
    run("molensloot/nothing", exit_code=1)
    assert "asks in nl" in run("molensloot/online", "--language", "xx", exit_code=1).stderr
    run("molensloot/online", "--pin", "--iframe", exit_code=2)


@pytest.mark.parametrize(
    ("pattern", "instead", "exit_code", "told"),
    [
        (r"^(\[touchpoints\.online\]\n)", r"\1retired = true\n", 1, "is retired"),
        (r"^allowed_origins = \[[^]]*\]\n", "", 0, "Works nowhere yet"),
    ],
)
def test_it_says_where_it_does_not_work(
    run: Run, tmp_path: Path, pattern: str, instead: str, exit_code: int, told: str
) -> None:
    text = (example_directory() / "waterakker.toml").read_text("utf-8")
    changed, count = re.subn(pattern, instead, text, flags=re.MULTILINE)
    assert count == 1
    (tmp_path / "waterakker.toml").write_text(changed, "utf-8")
    shutil.copy(example_directory() / "waterakker.svg", tmp_path)
    result = run("waterakker/online", exit_code=exit_code, MEETPUNT_CONFIG=str(tmp_path))
    assert told in result.stderr
