"""A municipality's file is taken whole, or every fault of it is told with its line."""

from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.municipalities.municipality import (
    Municipality,
    Publishing,
    Retention,
    load_municipality,
    read_municipality,
)

PLAIN = """\
code = "GM9001"
slug = "molensloot"
name = "Molensloot"
region = "waterland-noord"
languages = ["nl", "en"]
base_url = "https://kto.molensloot.example"
privacy_url = "https://www.molensloot.example/privacy"
accessibility_url = "https://www.molensloot.example/toegankelijkheid"
contact_url = "https://www.molensloot.example/contact"
allowed_origins = ["https://www.molensloot.example"]
fictional = true

[style]
font = "Open Sans"
accent = "#8c1d40"

[retention]
free_text_months = 6

[publishing]
open = "hourly"

[touchpoints.balie-hal]
number = 7
channel = "balie"
questionnaire = "balie"
version = 1
name.nl = "Balie in de hal"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "molensloot.toml"


def load(path: Path, text: str) -> Municipality:
    path.write_text(text, encoding="utf-8")
    return load_municipality(path)


def findings(path: Path, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(FilesRejected) as refused:
        load(path, text)
    assert {finding.path for finding in refused.value.findings} == {str(path)}
    return [(finding.line, finding.message) for finding in refused.value.findings]


def test_a_good_file_says_all_about_a_municipality(path: Path) -> None:
    municipality = load(path, PLAIN)
    assert municipality.code == "GM9001"
    assert municipality.slug == "molensloot"
    assert municipality.region == "waterland-noord"
    assert municipality.languages == ("nl", "en")
    assert municipality.base_url == "https://kto.molensloot.example"
    assert municipality.style.accent == "#8c1d40"
    assert municipality.retention == Retention(free_text_months=6, responses_years=5)
    assert municipality.publishing == Publishing(open="hourly")
    assert municipality.fictional
    (touchpoint,) = municipality.touchpoints
    assert touchpoint.path == "molensloot/balie-hal"
    assert touchpoint.languages == ("nl", "en")
    assert touchpoint.allowed_origins == ("https://www.molensloot.example",)


def test_all_faults_of_a_file_are_told_in_one_go(path: Path) -> None:
    text = (
        PLAIN.replace("GM9001", "9001")
        .replace('"#8c1d40"', '"#ffd400"')
        .replace("number = 7", "number = 0")
        .replace("fictional = true", 'fictional = "yes"\ncolour = "red"')
        .replace("https://www.molensloot.example/contact", "javascript:alert(1)")
        .replace("free_text_months = 6", "free_text_months = 61")
    )
    assert sorted(line or 0 for line, _ in findings(path, text)) == [1, 9, 11, 12, 16, 16, 19, 25]


@pytest.mark.parametrize("code", ["GM901", "GM90011", "gm9001", "GM900１", "GM9001\\n", "0405"])
def test_the_code_is_a_cbs_code(path: Path, code: str) -> None:
    (finding,) = findings(path, PLAIN.replace("GM9001", code))
    assert finding[0] == 1
    assert finding[1].startswith("`code` must be a CBS code such as GM0405, not ")


def test_the_slug_is_the_name_of_the_file(path: Path) -> None:
    assert findings(path, PLAIN.replace('slug = "molensloot"', 'slug = "waterakker"')) == [
        (2, "`slug` 'waterakker' must be the name of the file, 'molensloot'")
    ]


@pytest.mark.parametrize(("length", "faults"), [(39, 0), (40, 1)])
def test_a_slug_leaves_room_for_the_names_of_roles(
    tmp_path: Path, length: int, faults: int
) -> None:
    slug = "m" * length
    path = tmp_path / f"{slug}.toml"
    path.write_text(PLAIN.replace('slug = "molensloot"', f'slug = "{slug}"'), "utf-8")
    told = [finding.message for finding in read_municipality(path).findings]
    assert len([message for message in told if "at most 39 characters" in message]) == faults


@pytest.mark.parametrize("key", ["privacy_url", "accessibility_url", "contact_url", "base_url"])
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "\\\\\\\\evil.example",
        "https:evil.example",
        "http://www.molensloot.example",
        "https://wie:geheim@www.molensloot.example",
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused(
    path: Path, key: str, address: str
) -> None:
    lines = PLAIN.splitlines()
    index = next(number for number, line in enumerate(lines) if line.startswith(key))
    lines[index] = f'{key} = "{address}"'
    (finding,) = findings(path, "\n".join(lines))
    assert finding[0] == index + 1
    assert finding[1].startswith(f"`{key}` ")


@pytest.mark.parametrize("base_url", ["https://kto.molensloot.example/", "https://a.example/kto"])
def test_the_base_address_has_no_path(path: Path, base_url: str) -> None:
    (finding,) = findings(path, PLAIN.replace("https://kto.molensloot.example", base_url))
    assert "no path" in finding[1]


def test_this_machine_itself_needs_no_https(path: Path) -> None:
    text = PLAIN.replace("https://kto.molensloot.example", "http://localhost:8000")
    assert load(path, text).base_url == "http://localhost:8000"


@pytest.mark.parametrize(
    "origin",
    ["*", "null", "https://a.example;", "https://a.example b", "https://a.example\\r", "a.example"],
)
def test_an_allowed_origin_that_could_write_a_policy_is_refused(path: Path, origin: str) -> None:
    (finding,) = findings(
        path, PLAIN.replace('["https://www.molensloot.example"]', f'["{origin}"]')
    )
    assert finding[0] == 10
    assert finding[1].startswith("`allowed_origins` must be an origin")


def test_a_style_that_cannot_be_read_is_refused_at_the_line_of_the_colour(path: Path) -> None:
    told = findings(path, PLAIN.replace('"#8c1d40"', '"#e0559a"'))
    assert told == [(15, "on_accent on accent has a contrast of 3.53:1; text needs at least 4.5:1")]


def test_a_misspelt_key_is_named_and_the_nearest_suggested(path: Path) -> None:
    text = PLAIN.replace("privacy_url", "privacy_uri").replace("[retention]", "[retentoin]")
    told = findings(path, text)
    assert (7, "unknown key 'privacy_uri'; did you mean 'privacy_url'?") in told
    assert (17, "unknown key 'retentoin'; did you mean 'retention'?") in told
    assert (None, "`privacy_url` is missing") in told
    assert len(told) == 3


def test_what_came_in_is_published_once_a_day_unless_the_file_says_otherwise(path: Path) -> None:
    table = '[publishing]\nopen = "hourly"\n'
    assert load(path, PLAIN.replace(table, "")).publishing.open == "daily"
    assert load(path, PLAIN.replace('"hourly"', '"daily"')).publishing.open == "daily"


def test_another_rhythm_is_refused_and_the_nearest_suggested(path: Path) -> None:
    ((line, message),) = findings(path, PLAIN.replace('"hourly"', '"hourley"'))
    assert line == 21
    assert message == ("`open` must be one of daily, hourly, not 'hourley'; did you mean 'hourly'?")


def test_only_what_came_in_by_open_ways_has_a_rhythm_of_its_own(path: Path) -> None:
    told = findings(path, PLAIN.replace('open = "hourly"', 'invited = "hourly"'))
    assert told == [(21, "unknown key 'invited'")]


def test_a_municipality_without_touchpoints_is_refused(path: Path) -> None:
    text = PLAIN[: PLAIN.index("[touchpoints")]
    assert findings(path, text) == [
        (None, "has no touchpoint; write at least one `[touchpoints.<name>]`")
    ]


def test_a_file_that_is_no_toml_is_told_with_its_line(path: Path) -> None:
    ((line, message),) = findings(path, PLAIN.replace('"GM9001"', "GM9001"))
    assert line == 1
    assert message.startswith("is not TOML")


def test_what_is_right_in_a_file_is_read_even_where_something_is_wrong(path: Path) -> None:
    path.write_text(PLAIN.replace('"#8c1d40"', '"red"'), encoding="utf-8")
    read = read_municipality(path)
    assert len(read.findings) == 1
    assert read.municipality.touchpoints[0].number == 7


@pytest.mark.parametrize(
    "odd", ["1", '""', "true", "1.5", "[]", "{}", "[1]", '[["x"]]', "{ a = 1 }", "2026-01-01"]
)
def test_no_value_in_any_place_does_more_than_become_a_finding(path: Path, odd: str) -> None:
    lines = PLAIN.splitlines()
    for index, line in enumerate(lines):
        key = line.partition(" = ")[0]
        changed = f"{key} = {odd}" if " = " in line else line
        if line.startswith("["):
            # The table itself, with nothing after it that belongs to it.
            changed = f"{line.strip('[]')} = {odd}"
        path.write_text("\n".join([*lines[:index], changed, *lines[index + 1 :]]), "utf-8")
        try:
            read = read_municipality(path)
        except FilesRejected:
            continue  # no TOML any more
        assert all(finding.message for finding in read.findings)
