"""The questionnaires that come with Meetpunt keep the rules, each rule one test."""

import functools
import json
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from ingest.files import resources
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.regions import comparable_cores
from ingest.questionnaires.items import INDICATORS, Item
from ingest.questionnaires.publication import check_own_items, check_published
from ingest.questionnaires.questionnaire import (
    Questionnaire,
    extend,
    family_of,
    load_extension,
    load_questionnaires,
)
from ingest.questionnaires.sampled_items import sampled_codes
from ingest.questionnaires.sampling import path_of
from ingest.questionnaires.schema import schema_text
from ingest.questionnaires.wording import sentence_faults
from ingest.questionnaires.written import structure_files
from ingest.reporting.samples import BEFORE, NO, REASON, REST
from ingest.texts.page_texts import page_texts
from tests.example import example_directory
from tests.read_later import read_later

jsonschema = read_later("jsonschema")

DIRECTORY = questionnaires_directory()
EXTENSIONS = sorted((example_directory() / "extensions").glob("*"))
SHIPPED = load_questionnaires(DIRECTORY)
SHARED = ("balie", "telefonie", "online", "melding")
ADDED = ("vergunning", "huwelijk", "terugbelverzoek", "chat", "sociaal-domein")
# Asked on a terminal that stands there: faces and tiles, in four touches.
ON_A_KIOSK = ("balie-kiosk",)
LATEST = {code: questionnaire for (code, _), questionnaire in SHIPPED.items()}
EVERY = [pytest.param(each, id=f"{each.code}-{each.version}") for each in SHIPPED.values()]
# Themes are no questionnaires, and read more strictly than a schema says (test_theme_file.py).
FILES = sorted(
    path
    for path in chain(DIRECTORY.glob("*/*.toml"), *(each.glob("*/*.toml") for each in EXTENSIONS))
    if path.parent.name != "themes"
)

every_questionnaire = pytest.mark.parametrize("questionnaire", EVERY)
every_one_with_a_mark = pytest.mark.parametrize(
    "questionnaire",
    [each for each in SHIPPED.values() if not family_of(each.code)],
    ids=lambda each: f"{each.code}-{each.version}",
)
every_file = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}"
)


def item_of(questionnaire: Questionnaire, code: str) -> Item:
    item = questionnaire.item(code)
    assert item is not None, f"{questionnaire.code} has no {code}"
    return item


def test_the_check_finds_nothing() -> None:
    _, findings = check_published(DIRECTORY)
    assert findings == []
    for path in EXTENSIONS:
        assert check_own_items(path, SHIPPED) == []


def test_ten_questionnaires_come_with_it() -> None:
    assert LATEST.keys() == {*SHARED, *ADDED, *ON_A_KIOSK}


@pytest.mark.parametrize("code", ON_A_KIOSK)
def test_a_kiosk_asks_at_most_four_things_that_are_touched(code: str) -> None:
    items = LATEST[code].items
    assert len(items) <= 4
    assert (items[0].kind, items[0].indicator, items[0].required) == (
        "smileys",
        "tevredenheid",
        True,
    )
    assert {item.kind for item in items} <= {"smileys", "yes_partly_no"}


@every_questionnaire
def test_path_matches_code_and_version(questionnaire: Questionnaire) -> None:
    path = DIRECTORY / questionnaire.code / f"v{questionnaire.version}.toml"
    written = tomllib.loads(path.read_text("utf-8"))
    assert (written["code"], written["version"]) == (questionnaire.code, questionnaire.version)


@pytest.mark.parametrize("folder", [DIRECTORY, *EXTENSIONS], ids=lambda path: path.name)
def test_published_files_are_what_they_were(folder: Path) -> None:
    listed = (folder / "published.sha256").read_text().splitlines()
    assert {line.split("  ")[1] for line in listed} == {
        path.relative_to(folder).as_posix() for path in folder.glob("*/*.toml")
    }
    subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", "published.sha256"], cwd=folder, check=True
    )


@every_questionnaire
def test_every_text_is_there_in_every_language_that_pages_speak(
    questionnaire: Questionnaire,
) -> None:
    assert questionnaire.languages[0] == "nl"
    assert set(questionnaire.languages) == set(page_texts())
    texts = [questionnaire.title, questionnaire.intro]
    texts += [text for item in questionnaire.items for _, text in item.texts()]
    assert {tuple(text) for text in texts} == {questionnaire.languages}


@every_questionnaire
def test_a_questionnaire_has_two_to_five_items_and_room_for_words(
    questionnaire: Questionnaire,
) -> None:
    codes = [item.code for item in questionnaire.items]
    opened = [item.code for item in questionnaire.items if item.kind == "text"]
    assert opened in ([], ["toelichting"])
    assert len(set(codes)) == len(codes)
    # What one in ten is asked comes in place of one, and after a "yes" one more.
    most, few = (path_of(questionnaire, sampled=sampled).items for sampled in (False, True))
    assert 2 <= len(most) - len(opened) <= 5
    assert len(few) <= len(most) + 1


@pytest.mark.parametrize(
    ("code", "instead_of"),
    [("telefonie", "wachttijd"), ("online", "snelheid"), ("balie", "duidelijk")],
)
def test_one_in_ten_is_asked_which_way_was_tried_first_in_place_of_what_is_new(
    code: str, instead_of: str
) -> None:
    questionnaire = SHIPPED[code, 2]
    before = item_of(questionnaire, "eerder")
    assert (before.asked_of, before.instead_of) == (10, instead_of)
    # So no series of figures that began with version 1 gets thinner.
    assert SHIPPED[code, 1].item(instead_of) is None
    # The view knows these codes.
    assert {BEFORE, REASON} == set(sampled_codes(questionnaire.items))
    assert before.codes[0] == NO
    assert not {code, REST} & set(before.codes)
    why = item_of(questionnaire, "eerder_reden").ask_if
    assert why is not None
    assert (why.item, why.values) == (BEFORE, before.codes[1:])


@every_one_with_a_mark
def test_the_mark_is_the_only_item_that_must_be_answered(questionnaire: Questionnaire) -> None:
    mark = item_of(questionnaire, "cijfer")
    assert questionnaire.items[0] == mark
    assert (mark.kind, mark.indicator) == ("mark", "tevredenheid")
    assert mark.low
    assert mark.high
    assert not mark.not_applicable
    assert [item.code for item in questionnaire.items if item.required] == ["cijfer"]


@every_one_with_a_mark
def test_everybody_is_asked_to_explain_and_nobody_has_to(questionnaire: Questionnaire) -> None:
    last = questionnaire.items[-1]
    assert (last.code, last.kind, last.required, last.ask_if) == (
        "toelichting",
        "text",
        False,
        None,
    )
    assert last.indicator is None


@pytest.mark.parametrize("code", [*SHARED, "chat", "sociaal-domein"])
def test_each_busy_channel_has_the_same_core(code: str) -> None:
    helped = item_of(LATEST[code], "geholpen")
    assert (helped.kind, helped.indicator, helped.required) == ("yes_partly_no", "oplossing", False)
    channel = [item for item in LATEST[code].items[2:-1] if item.indicator]
    assert len(channel) == 3
    assert {item.indicator for item in channel} <= INDICATORS
    assert {item.kind for item in channel} == {"agreement"}


# Which of the four a channel does not ask. Why stands in its file, and in docs/bi.md.
NOT_ASKED = {
    "balie": set(),
    "telefonie": set(),
    "online": {"vriendelijkheid"},
    "melding": set(),
    "vergunning": set(),
    "huwelijk": {"vriendelijkheid", "tijdigheid"},
    "terugbelverzoek": {"tijdigheid"},
    "chat": set(),
    "sociaal-domein": set(),
}
FOUR = {"tevredenheid", "vriendelijkheid", "duidelijkheid", "tijdigheid"}


@pytest.mark.parametrize("code", NOT_ASKED)
def test_the_four_indicators_are_asked_wherever_they_make_sense(code: str) -> None:
    asked = {item.indicator for item in LATEST[code].items}
    assert FOUR - asked == NOT_ASKED[code]
    # The file says of each why it is not there.
    opening = (DIRECTORY / code / f"v{LATEST[code].version}.toml").read_text("utf-8")
    english = {"vriendelijkheid": "Friendliness", "tijdigheid": "Timeliness"}
    for indicator in NOT_ASKED[code]:
        assert f"# {english[indicator]} is " in opening


def test_reports_say_which_channel_asks_which_indicator() -> None:
    """The table in the manual is made by hand; the questionnaires are what it is about."""
    report = (questionnaires_directory().parent / "docs" / "bi.md").read_text("utf-8")
    for code in LATEST:
        row = re.search(rf"^\| `{code}` \|(.+)\|$", report, re.MULTILINE)
        assert row, code
        indicators = {item.indicator for item in LATEST[code].items if item.indicator}
        told = dict(zip(TABLE, (cell.strip() for cell in row[1].split("|")), strict=True))
        # A code is what is asked; a dash, or words that say why not, is what is not.
        assert {name for name, cell in told.items() if cell.startswith("`")} == indicators & set(
            TABLE
        ), code


TABLE = ("tevredenheid", "vriendelijkheid", "duidelijkheid", "tijdigheid", "oplossing")


@pytest.mark.parametrize("code", sorted(LATEST.keys() - {*ON_A_KIOSK, "chat", "sociaal-domein"}))
def test_the_second_version_asks_all_of_the_first_and_one_thing_more(code: str) -> None:
    first, second = SHIPPED[code, 1], SHIPPED[code, 2]
    assert [item for item in second.items if first.item(item.code)] == list(first.items)
    added = [item for item in second.items if not first.item(item.code)]
    assert len([item for item in added if item.indicator]) == 1
    assert second.comparable_with == (f"{code}/1",)
    assert (second.title, second.intro) == (first.title, first.intro)


def test_all_versions_of_a_questionnaire_are_one_series_of_figures() -> None:
    cores = comparable_cores(SHIPPED)
    assert cores == {(code, version): f"{code}/1" for code, version in SHIPPED}


def test_who_is_in_trouble_is_asked_about_the_contact_alone() -> None:
    asked = LATEST["sociaal-domein"]
    last = asked.items[-1]
    assert "dossier" in asked.intro["nl"]
    assert "gezondheid" in last.help["nl"]
    said = " ".join(item.text["nl"] for item in asked.items).lower()
    for word in ("gezondheid", "ziek", "zorg", "schuld", "uitkering", "hulp", "probleem"):
        assert word not in said


def test_reports_and_readme_name_the_indicators_that_are_shared() -> None:
    named = "tevredenheid, vriendelijkheid, duidelijkheid, tijdigheid, gemak, oplossing"
    assert set(named.split(", ")) == INDICATORS
    root = questionnaires_directory().parent
    assert named in (root / "docs" / "bi.md").read_text("utf-8")
    assert named in (root / "README.md").read_text("utf-8").replace("`", "")


def test_an_indicator_keeps_its_kind_and_scale_in_all_files_of_a_family() -> None:
    kinds: dict[tuple[str, str], set[str]] = {}
    for questionnaire in SHIPPED.values():
        for item in questionnaire.items:
            if item.indicator:
                family = family_of(questionnaire.code)
                kinds.setdefault((family, item.indicator), set()).add(item.kind)
    assert [found for found in kinds.items() if len(found[1]) > 1] == []


def test_the_same_code_asks_with_the_same_kind_everywhere() -> None:
    asked = {
        (item.code, item.kind, item.indicator)
        for questionnaire in SHIPPED.values()
        for item in questionnaire.items
    }
    assert len({code for code, _, _ in asked}) == len(asked)


@every_questionnaire
def test_no_scale_from_zero_stands_beside_the_mark(questionnaire: Questionnaire) -> None:
    for item in questionnaire.items:
        numbers = [option.code.strip("_") for option in item.options]
        assert not any(number.isdigit() for number in numbers)
        for _, text in item.texts():
            assert not any(re.search(r"\b0\b", wording) for wording in text.values())


@every_questionnaire
def test_sentences_are_short(questionnaire: Questionnaire) -> None:
    for text in (questionnaire.title, questionnaire.intro):
        for language, wording in text.items():
            assert list(sentence_faults(wording, language)) == []


@every_questionnaire
def test_every_open_question_hints_not_to_give_personal_data(questionnaire: Questionnaire) -> None:
    for item in questionnaire.items:
        if item.kind == "text":
            assert "persoonlijke gegevens" in item.help["nl"]
            assert "personal details" in item.help["en"]


@every_questionnaire
def test_a_hint_names_an_answer_in_the_words_that_the_page_has(
    questionnaire: Questionnaire,
) -> None:
    for item in questionnaire.items:
        for language, said in item.help.items():
            named = re.findall(r"[‘„«](.+?)[’“”»]", said)
            texts = page_texts()[language]
            offered = [*texts.words["yes_partly_no"].values(), texts.survey.not_applicable]
            for words in named:
                assert any(each.lower().startswith(words) for each in offered), (language, words)


def test_a_permit_asks_the_outcome_without_counting_it_as_quality() -> None:
    outcome = item_of(LATEST["vergunning"], "uitkomst")
    assert (outcome.kind, outcome.indicator) == ("choice", None)
    assert outcome.codes == ("toegekend", "deels", "geweigerd", "onbekend")


def test_a_wedding_is_marked_in_two_parts_that_may_not_apply() -> None:
    for code in ("gesprek", "ceremonie"):
        part = item_of(LATEST["huwelijk"], code)
        assert (part.kind, part.not_applicable) == ("mark", True)


def test_who_was_never_called_back_is_not_asked_about_the_answer() -> None:
    called = item_of(LATEST["terugbelverzoek"], "teruggebeld")
    clear = item_of(LATEST["terugbelverzoek"], "duidelijk")
    assert called.kind == "yes_partly_no"
    assert clear.ask_if is not None
    assert (clear.ask_if.item, "nee" in clear.ask_if.values) == ("teruggebeld", False)


def test_the_example_shows_how_a_municipality_adds_an_item() -> None:
    core = SHIPPED["balie", 2]
    path = example_directory() / "extensions" / "molensloot" / "balie" / "v2.toml"
    extended = extend(core, load_extension(path, core))
    assert [item.code for item in extended.items if not item.core] == ["openingstijden"]


def test_the_schema_is_current() -> None:
    assert (DIRECTORY / "schema.json").read_text("utf-8") == schema_text()


@every_file
def test_a_file_names_the_schema_and_keeps_it(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.match(r"#:schema (\S+)\n", text)
    assert named
    # From where it is shipped: tests have a copy of the example elsewhere.
    shipped = path.is_relative_to(DIRECTORY) or not path.is_relative_to(example_directory())
    written = (
        path if shipped else resources.example_directory() / path.relative_to(example_directory())
    )
    assert (written.parent / named[1]).resolve() == (DIRECTORY / "schema.json").resolve()
    _keeper().validate(tomllib.loads(text))


@functools.cache
def _keeper() -> Any:
    """What says whether a file keeps the schema, made once: that takes longer than to say so."""
    schema = json.loads((DIRECTORY / "schema.json").read_text("utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def test_no_questionnaire_was_left_out_of_the_tests() -> None:
    assert structure_files(DIRECTORY).keys() == SHIPPED.keys()
    assert (DIRECTORY / "README.md").is_file()
