"""Questionnaires are loaded whole, and every fault in their files is told at its line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ingest.files.findings import FilesRejected
from ingest.questionnaires.items import item_faults
from ingest.questionnaires.questionnaire import (
    AskIf,
    Extension,
    ExtensionDoesNotFit,
    Option,
    Questionnaire,
    extend,
    load_extension,
    load_questionnaire,
    load_questionnaires,
    read_questionnaires,
)
from tests.questionnaires_at_hand import (
    DUTCH,
    ENGLISH,
    OWN,
    OWN_ENGLISH,
    a_questionnaire,
    an_item,
    write_files,
)


def told(path: Path) -> list[str]:
    """What is said about a questionnaire's files: name, line and message."""
    with pytest.raises(FilesRejected) as refused:
        load_questionnaire(path)
    return [str(finding).removeprefix(f"{path.parent}/") for finding in refused.value.findings]


def test_structure_and_translations_come_together(tmp_path: Path) -> None:
    questionnaire = load_questionnaire(write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH))
    assert questionnaire.languages == ("nl", "en")
    assert questionnaire.title == {"nl": "Hoe was uw bezoek?", "en": "How was your visit?"}
    topic = questionnaire.item("onderwerp")
    assert topic is not None
    assert topic.options[1].label == {"nl": "Iets anders", "en": "Something else"}
    assert topic.core
    assert questionnaire.item("weg") is None


def test_a_missing_and_a_superfluous_translation_are_told(tmp_path: Path) -> None:
    lacking = ENGLISH.replace('low = "very bad"\n', 'help = "1 to 10"\n').replace("anders =", "x =")
    assert told(write_files(tmp_path, v1=DUTCH, v1_en=lacking)) == [
        "v1.en.toml:5: `items.cijfer.low` is not translated",
        "v1.en.toml:12: `items.onderwerp.options.anders` is not translated",
        "v1.en.toml:7: there is no Dutch `items.cijfer.help` to translate",
        "v1.en.toml:14: there is no Dutch `items.onderwerp.options.x` to translate",
    ]


def each_text_changed(
    path: Path, change: Callable[[str], str], words: str
) -> Iterator[tuple[str, str]]:
    """Change one text after the other: where it stands, and the only finding with these words.

    What is left are the files as they were.
    """
    for file in (path, path.with_name("v1.en.toml")):
        lines = file.read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            key, equals, value = line.partition(" = ")
            if equals and any(key.endswith(end) for end in (".nl", "text", "help", "title")):
                changed = f"{key} = {change(value.strip())}"
                file.write_text(
                    "\n".join([*lines[: number - 1], changed, *lines[number:]]), "utf-8"
                )
                (message,) = [each for each in told(path) if words in each]
                yield f"{file.name}:{number}", message
        file.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u3164", "\u2800", "\U000e0041", "\t"],
)
def test_a_character_that_nobody_sees_is_refused_in_every_text(tmp_path: Path, unseen: str) -> None:
    path = write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH)
    for line, message in each_text_changed(
        path, lambda quoted: f"{quoted[:3]}{unseen}{quoted[3:]}", "does not show"
    ):
        assert message.startswith(f"{line}: "), message
        assert f"(U+{ord(unseen):04X})" in message
    assert load_questionnaire(path).languages == ("nl", "en")


def test_a_translation_says_the_language_of_its_name(tmp_path: Path) -> None:
    other = ENGLISH.replace('"en"', '"fr"')
    assert told(write_files(tmp_path, v1=DUTCH, v1_en=other)) == [
        "v1.en.toml:1: `language` is 'fr'; that belongs in v1.fr.toml"
    ]


def test_dutch_stands_beside_the_structure_and_nothing_else(tmp_path: Path) -> None:
    mixed = DUTCH.replace('text.nl = "Wat kan beter?"', 'text.en = "What could be better?"')
    assert told(write_files(tmp_path, v1=mixed))[:2] == [
        "v1.toml:29: `text` has no Dutch text (`.nl`)",
        "v1.toml:29: only Dutch stands here; see v1.en.toml",
    ]


def test_a_file_lies_where_it_says(tmp_path: Path) -> None:
    moved = DUTCH.replace('"balie"', '"telefonie"').replace("version = 1", "version = 2")
    assert told(write_files(tmp_path, v1=moved)) == [
        "v1.toml:1: `telefonie` lies in a folder named `balie`",
        "v1.toml:2: version 2 lies in a file named v1.toml",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('code = "onderwerp"', 'code = "cijfer"'), "v1.toml:16: the code `cijfer` is used twice"),
        (('code = "anders"', 'code = "paspoort"'), "v1.toml:23: the option `paspoort` is there"),
        (('code = "anders"', 'code = "nvt"'), "v1.toml:23: write `not_applicable = true`"),
        (('kind = "choice"', 'kind = "agreement"'), "v1.toml:19: `agreement` has no options"),
        (('high.nl = "uitstekend"', ""), "v1.toml:6: give both ends of the scale a text"),
        (('kind = "mark"', 'kind = "grade"'), "v1.toml:8: `kind`: Invalid enum value 'grade'"),
        (('code = "cijfer"', 'code = "Cijfer"'), "v1.toml:7: `code`: Expected `str` matching"),
        (('kind = "choice"', 'kind = "choice"\ncore = false'), "v1.toml:18: unknown key 'core'"),
        (('kind = "text"', 'kind = "text"\nindicator = "x"'), "v1.toml:29: a text measures"),
        (('kind = "text"', 'kind = "text"\nnot_applicable = true'), "v1.toml:29: a text can stay"),
        (('"Wat kan beter?"', '""'), "v1.toml:29: `nl`: Expected `str` of length >= 1"),
        (
            ('kind = "choice"', 'kind = "choice"\nindicator = "tevredenheid"'),
            "v1.toml:18: `tevredenheid` is already measured by `cijfer`",
        ),
        (
            ('kind = "text"', 'kind = "text"\nask_if = { item = "later", in = [1] }'),
            "v1.toml:29: `later` is not an earlier item",
        ),
        (
            ('kind = "text"', 'kind = "text"\nask_if = { item = "cijfer", in = [11, "nvt"] }'),
            "v1.toml:29: `cijfer` is never answered with 11",
        ),
        (
            ('kind = "text"', 'kind = "text"\nask_if = { item = "cijfer", in = [] }'),
            "v1.toml:29: `in`: Expected `array` of length >= 1",
        ),
    ],
)
def test_what_no_questionnaire_can_be_is_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    lines = told(write_files(tmp_path, v1=DUTCH.replace(*change)))
    assert [line for line in lines if line.startswith(message)], lines


def test_nobody_can_count_on_what_somebody_writes() -> None:
    items = [
        an_item("vrij", "text"),
        an_item("twee", "mark", ask_if=AskIf(item="vrij", values=("x",))),
    ]
    assert [where for where, _ in item_faults(items)] == [("items", 1, "ask_if")]


def test_findings_of_all_files_come_together(tmp_path: Path) -> None:
    write_files(tmp_path, v1=DUTCH.replace("mark", "x"), v2=DUTCH, v3="=")
    found, findings = read_questionnaires(tmp_path)
    assert found == {}
    assert {Path(finding.path).name for finding in findings} == {"v1.toml", "v2.toml", "v3.toml"}
    with pytest.raises(FilesRejected):
        load_questionnaires(tmp_path)


def test_an_empty_folder_is_not_taken_for_no_questions(tmp_path: Path) -> None:
    with pytest.raises(FilesRejected, match="holds no questionnaires"):
        load_questionnaires(tmp_path)


def test_versions_are_found_by_number(tmp_path: Path) -> None:
    texts = {f"v{n}": DUTCH.replace("version = 1", f"version = {n}") for n in (1, 2, 10)}
    write_files(tmp_path, **texts)
    assert list(load_questionnaires(tmp_path)) == [("balie", 1), ("balie", 2), ("balie", 10)]


MARK = an_item("cijfer", "mark")
CHOICE = an_item(
    "keus",
    "choice",
    options=(Option(code="a", label={"nl": "A"}), Option(code="b", label={"nl": "B"})),
)


@pytest.mark.parametrize(
    "other",
    [
        a_questionnaire(CHOICE, MARK),
        a_questionnaire(MARK),
        a_questionnaire(MARK, CHOICE, version=2),
        a_questionnaire(MARK, CHOICE, code="telefonie"),
        a_questionnaire(msgspec.structs.replace(MARK, kind="agreement"), CHOICE),
        a_questionnaire(msgspec.structs.replace(MARK, required=True), CHOICE),
        a_questionnaire(msgspec.structs.replace(MARK, indicator="gemak"), CHOICE),
        a_questionnaire(msgspec.structs.replace(MARK, not_applicable=True), CHOICE),
        a_questionnaire(MARK, msgspec.structs.replace(CHOICE, options=CHOICE.options[::-1])),
        a_questionnaire(
            MARK, msgspec.structs.replace(CHOICE, ask_if=AskIf(item="cijfer", values=(1,)))
        ),
    ],
)
def test_another_structure_has_another_checksum(other: Questionnaire) -> None:
    assert other.structure != a_questionnaire(MARK, CHOICE).structure


def test_the_checksum_says_nothing_of_texts_or_status() -> None:
    other = a_questionnaire(
        msgspec.structs.replace(MARK, text={"nl": "Anders?", "en": "Else?"}, core=False),
        CHOICE,
        title={"nl": "Anders"},
        status="published",
    )
    assert other.structure == a_questionnaire(MARK, CHOICE).structure
    assert other != a_questionnaire(MARK, CHOICE)


def test_the_checksum_stays_what_it_was_when_responses_were_stored_under_it() -> None:
    # A change of this value orphans every stored response: give the algorithm a new name first.
    assert a_questionnaire(MARK, CHOICE).structure == "7356732e63ca9501"


def test_nobody_can_give_a_questionnaire_a_checksum_of_their_own() -> None:
    assert a_questionnaire(MARK, structure="0" * 16) == a_questionnaire(MARK)


def test_own_items_follow_on_a_core_that_stays_as_it_was(tmp_path: Path) -> None:
    core = load_questionnaire(write_files(tmp_path / "core", v1=DUTCH, v1_en=ENGLISH))
    extension = load_extension(write_files(tmp_path / "own", v1=OWN, v1_en=OWN_ENGLISH), core)
    extended = extend(core, extension)
    assert extended.items[: len(core.items)] == core.items
    (own,) = extended.items[len(core.items) :]
    assert not own.core
    assert own.text["en"] == "The opening hours suit me."
    assert extended.structure != core.structure


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("openingstijden", "cijfer"), r"v1.toml:6: the code `cijfer` is used twice"),
        (('"agreement"', '"agreement"\nrequired = true'), "v1.toml:8: an own item cannot be"),
        (('"agreement"', '"agreement"\nindicator = "tevredenheid"'), "v1.toml:8: `tevredenheid`"),
        (("version = 1", "version = 2"), "v1.toml:2: version 2 lies in a file named v1.toml"),
        (('"balie"', '"huwelijk"'), "v1.toml:1: `huwelijk` lies in a folder named `balie`"),
        (('status = "draft"', 'title.nl = "Mijn balie"'), "v1.toml:3: unknown key 'title'"),
    ],
)
def test_own_items_that_touch_the_core_are_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    core = load_questionnaire(write_files(tmp_path / "core", v1=DUTCH))
    with pytest.raises(FilesRejected, match=message):
        load_extension(write_files(tmp_path / "own", v1=OWN.replace(*change)), core)


def test_own_items_come_in_the_languages_that_are_offered(tmp_path: Path) -> None:
    core = load_questionnaire(write_files(tmp_path / "core", v1=DUTCH, v1_en=ENGLISH))
    own = write_files(tmp_path / "own", v1=OWN)
    with pytest.raises(FilesRejected, match=r"the translation v1\.en\.toml is missing"):
        load_extension(own, core)
    assert load_extension(own, core, languages=["nl"]).items[0].code == "openingstijden"


def test_own_items_can_hang_on_an_item_of_the_core(tmp_path: Path) -> None:
    core = load_questionnaire(write_files(tmp_path / "core", v1=DUTCH))
    hanging = OWN + 'ask_if = { item = "onderwerp", in = ["paspoort"] }\n'
    own = load_extension(write_files(tmp_path / "own", v1=hanging), core)
    assert own.items[0].ask_if == AskIf(item="onderwerp", values=("paspoort",))


@pytest.mark.parametrize(
    "extension",
    [
        Extension(questionnaire="balie", version=2, items=(an_item("eigen", "mark"),)),
        Extension(questionnaire="online", version=1, items=(an_item("eigen", "mark"),)),
        Extension(questionnaire="balie", version=1, items=(an_item("cijfer", "mark"),)),
    ],
)
def test_items_for_something_else_are_never_joined(extension: Extension) -> None:
    with pytest.raises(ExtensionDoesNotFit):
        extend(a_questionnaire(MARK), extension)


@pytest.mark.parametrize("blank", [" ", "\u00a0"])
def test_a_text_of_blanks_is_refused_in_every_place(tmp_path: Path, blank: str) -> None:
    path = write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH)
    for line, message in each_text_changed(path, lambda _: f'"{blank}"', "is blank"):
        assert message.startswith(f"{line}: "), message


def test_blank_words_for_an_end_of_a_scale_are_refused(tmp_path: Path) -> None:
    item = """
[[items]]
code = "moeite"
kind = "rating"
text.nl = "Hoeveel moeite kostte het?"
low.nl = " "
high.nl = "veel"
"""
    (message,) = [each for each in told(write_files(tmp_path, v1=DUTCH + item)) if "blank" in each]
    assert "`low` is blank; write what residents read" in message
