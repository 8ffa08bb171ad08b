"""A file is read whole, or refused with everything that is wrong in it."""

from pathlib import Path

import msgspec
import pytest

from ingest.files.findings import FilesRejected
from ingest.files.toml_files import read_toml, struct_of


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    number: int
    names: dict[str, str] = {}


class Town(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    places: tuple[Place, ...] = ()
    capital: Place | None = None


def told(path: Path, content: str | bytes) -> list[str]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FilesRejected) as refused:
        struct_of(read_toml(path), Town)
    return [f"{finding.line}: {finding.message}" for finding in refused.value.findings]


def test_a_file_becomes_a_struct(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_text('name = "Molensloot"\r\n[[places]]\r\nnumber = 1\r\n')
    assert struct_of(read_toml(path), Town) == Town(name="Molensloot", places=(Place(number=1),))


def test_every_fault_is_told_at_its_line(tmp_path: Path) -> None:
    assert told(
        tmp_path / "town.toml",
        'nam = "Molensloot"\n[[places]]\nnumber = "1"\n[[places]]\nnames.nl = 3\n'
        "[capital]\nnumber = 1.5\n",
    ) == [
        "1: unknown key 'nam'; did you mean 'name'?",
        "None: `name` is missing",
        "3: `number`: Expected `int`, got `str`",
        "4: `number` is missing",
        "5: `nl`: Expected `str`, got `int`",
        "7: `number`: Expected `int`, got `float`",
    ]


def test_what_is_no_toml_is_told_at_its_line(tmp_path: Path) -> None:
    (message,) = told(tmp_path / "town.toml", 'name = "a"\nplaces = [')
    assert message.startswith("2: is not TOML: ")
    (message,) = told(tmp_path / "town.toml", "name = 'a'\nname = 'b'\n[[x]]\n")
    assert message.startswith("2: is not TOML: ")


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        ("name = Molensloot\n", 1, "in quotes"),
        ("name = \n", 1, "in quotes"),
        ("\n= 3\n", 2, "[touchpoints.balie-hal]"),
        ("name 'a'\n", 1, 'expected key = "text"'),
        ("Straße = 3\n", 1, 'expected key = "text"'),
        ('name = "a" b\n', 1, "nothing behind a value"),
        ('name = "zei "ja""\n', 1, "nothing behind a value"),
        ("[places\n", 1, "expected ]"),
        ("places = [1 2]\n", 1, "a comma between"),
        ("places = {a = 1 b = 2}\n", 1, "a comma between"),
        ('name = "a\nb"\n', 1, "on the line where it begins"),
        ('name = """a\n', 2, "the quotes that end"),
        ('name = "C:\\kaart"\n', 1, "for a backslash"),
        ("name = 'a'\nname = 'b'\n", 2, "a key once"),
        ("[a]\n[a]\n", 2, "a table once"),
    ],
)
def test_what_is_no_toml_says_what_was_expected(
    tmp_path: Path, content: str, line: int, expected: str
) -> None:
    (message,) = told(tmp_path / "town.toml", content)
    assert message.startswith(f"{line}: is not TOML: ")
    assert expected in message.partition("; ")[2], message


def test_what_is_written_already_is_not_guessed(tmp_path: Path) -> None:
    (message,) = told(tmp_path / "town.toml", 'name = "a"\nname2 = "b"\n')
    assert message == "2: unknown key 'name2'"


def test_what_is_no_utf_8_is_told_at_its_line(tmp_path: Path) -> None:
    (message,) = told(tmp_path / "town.toml", b'a = 1\nname = "caf\xe9"\n')
    assert message == "2: is not UTF-8 here; save it as UTF-8"


def test_a_byte_order_mark_is_taken_for_granted(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_bytes(b'\xef\xbb\xbfname = "Molensloot"\n')
    assert struct_of(read_toml(path), Town).name == "Molensloot"


def test_a_file_that_is_not_there_is_a_finding_too(tmp_path: Path) -> None:
    with pytest.raises(FilesRejected, match=r"town\.toml: cannot be read: No such file"):
        read_toml(tmp_path / "town.toml")


@pytest.mark.parametrize("content", ["a = " + "[" * 5000, "#" * 1_000_001])
def test_a_file_made_to_exhaust_us_is_refused(tmp_path: Path, content: str) -> None:
    assert len(told(tmp_path / "town.toml", content)) == 1
