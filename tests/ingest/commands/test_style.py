"""What `meetpunt style` prints: a table for the file, and apart from it what was mended."""

import tomllib
from pathlib import Path

from click.testing import CliRunner, Result

from ingest.commands.meetpunt import meetpunt
from ingest.municipalities.house_style import COLOUR_NAMES, house_style


def style(file: Path, content: str | bytes, exit_code: int = 0) -> Result:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    result = CliRunner().invoke(meetpunt, ("style", str(file)))
    assert result.exit_code == exit_code, result.output
    return result


def test_the_table_is_one_that_a_file_may_have(tmp_path: Path) -> None:
    told = style(tmp_path / "theme.css", ":root { --utrecht-link-color: #f0f; --x: red }")
    table = tomllib.loads(told.stdout)["style"]
    assert house_style(table).link == table["link"]
    assert table.keys() == {"font", *COLOUR_NAMES}
    assert "link: #ff00ff on background #ffffff" in told.stderr
    assert "which is ours" in told.stderr


def test_what_is_no_theme_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "theme.css"
    assert "No token of a colour" in style(file, "p { color: red }", exit_code=1).stderr
    assert "no text in UTF-8" in style(file, b"\xff\xfe", exit_code=1).stderr
    assert "larger than" in style(file, b" " * 2_000_001, exit_code=1).stderr
