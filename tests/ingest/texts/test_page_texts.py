"""The page texts: complete in every language, and short enough to read at a glance."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ingest.questionnaires.items import Item, Option
from ingest.questionnaires.kinds import KINDS
from ingest.questionnaires.scripts import script_faults
from ingest.responses import answer_values, answers
from ingest.texts.language_files import leaves
from ingest.texts.page_texts import (
    DIRECTORY,
    Message,
    Problems,
    Survey,
    Texts,
    TextsIncomplete,
    labels,
    load_texts,
    page_texts,
    sentence,
)

LANGUAGES = tuple(page_texts())
PACKAGE = DIRECTORY.parent.parent
LONGEST_SENTENCE_WORDS = 15
SAME_AS_DUTCH = {
    *((language, "date") for language in ("en", "pl", "tr", "ar")),
    ("en", "survey.anchor"),
    ("en", "survey.privacy"),
    ("de", "report.contact_yes"),
    ("de", "words.yes_partly_no.ja"),
}
"""What the other language writes alike. A sentence has no place here."""


def reason_codes() -> set[str]:
    """Every code with which answers are refused, as the code that refuses them spells it."""
    written = "".join(
        Path(module.__file__ or "").read_text("utf-8") for module in (answers, answer_values)
    )
    codes = re.findall(r'(?:code=|ValueRefused\()"([a-z-]+)"', written)
    return {*codes, "required"}


def sentences_of(texts: Texts) -> Iterator[str]:
    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)
        elif isinstance(value, str):
            yield from re.split(r"(?<=[.?؟!:])\s+", value)

    yield from walk(msgspec.to_builtins(texts))


def test_every_language_is_named_in_itself() -> None:
    assert {language: texts.name for language, texts in page_texts().items()} == {
        "nl": "Nederlands",
        "en": "English",
        "ar": "العربية",
        "de": "Deutsch",
        "pl": "Polski",
        "tr": "Türkçe",
        "uk": "Українська",
    }
    assert LANGUAGES[:2] == ("nl", "en")
    assert [each for each in LANGUAGES if page_texts()[each].dir == "rtl"] == ["ar"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_written_in_its_own_letters(language: str) -> None:
    for told in sentences_of(page_texts()[language]):
        if told not in ("ltr", "rtl", language):
            assert list(script_faults(told, language)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_sentence_was_left_in_dutch(language: str) -> None:
    dutch, other = (
        dict(leaves(msgspec.to_builtins(page_texts()[each]))) for each in ("nl", language)
    )
    left = {(language, where) for where, told in other.items() if told and told == dutch[where]}
    assert left - {(language, "dir")} == {each for each in SAME_AS_DUTCH if each[0] == language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_varies_needs_no_other_form_of_a_word(language: str) -> None:
    """In these languages the noun after a number changes with the number: 2, 5, 21."""
    if language not in ("ar", "pl", "uk"):
        return
    for told in sentences_of(page_texts()[language]):
        counted = re.search(r"\{(?:count|minutes|limit)\}(.*)", told)
        if counted:
            # Nothing, an abbreviation, or words about the number itself.
            assert re.fullmatch(r"\.?|[ ]\w{1,3}\.|[ ]على الأكثر\.?", counted[1]), told


def test_every_text_is_said_somewhere() -> None:
    read = "".join(
        path.read_text("utf-8")
        for pattern in ("**/*.py", "pages/templates/*")
        for path in PACKAGE.glob(pattern)
        if path.is_file()
    )
    unsaid = [
        f"{within}.{key}"
        for kind, within in ((Survey, "survey"), (Problems, "problems"), (Texts, ""))
        for key in kind.__struct_fields__
        if key not in ("language", "reviewed_by") and not re.search(rf"{within}\.{key}\b", read)
    ]
    for key in Message.__struct_fields__:
        if f"message.{key}" not in read:
            unsaid.append(f"messages.{key}")
    dutch = page_texts()["nl"]
    unsaid += [key for key in (*dutch.notices, *dutch.messages) if f'"{key}"' not in read]
    assert not unsaid


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sent_a_second_time_is_not_said_to_be_received(language: str) -> None:
    # Only the first answers of a link are kept, and a page does not know which these were.
    messages = page_texts()[language].messages
    assert set(messages["thanks"].text).isdisjoint(messages["spent"].text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_thanks_for_a_report_promise_what_holds_for_all_of_it(language: str) -> None:
    # Part of it is traced to a person, who may be answered: the usual thanks say the opposite.
    messages = page_texts()[language].messages
    own, usual = messages["report-thanks"], messages["thanks"]
    assert len(own.text) == 3
    assert set(own.text[1:]).isdisjoint(usual.text)
    assert own.contact == messages["report-closed"].contact != usual.contact


@pytest.mark.parametrize(
    "file", sorted(PACKAGE.rglob("ar.toml")), ids=lambda file: str(file.relative_to(PACKAGE))
)
def test_a_number_with_a_space_in_it_keeps_its_order_from_right_to_left(file: Path) -> None:
    """Its parts would change places: 12345678 06. Who types what is shown types a wrong number."""
    written = msgspec.json.encode(tomllib.loads(file.read_text("utf-8"))).decode()
    alone = re.sub("\u2066[^\u2066\u2069]*\u2069", "", written)
    assert re.findall(r"\d[ /-]\d+", alone) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_telephone_number_stays_on_one_line(language: str) -> None:
    texts = page_texts()[language]
    written = [texts.callback.tel_help, texts.callback.abroad_tel, texts.opt_out.tel_help]
    assert re.findall(r"\d \d", " / ".join(written)) == []
    assert all("06\u00a012345678" in each for each in written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_long(language: str) -> None:
    for told in sentences_of(page_texts()[language]):
        assert len(told.split()) <= LONGEST_SENTENCE_WORDS, told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_for_every_kind(language: str) -> None:
    texts = page_texts()[language]
    assert len(reason_codes()) >= 9
    assert reason_codes() == set(texts.problems.sentences)
    for code in reason_codes():
        for kind in (*KINDS, None):
            told = sentence(texts, code, kind, limit=2_000)
            assert told.endswith("."), (code, kind)
            assert "{" not in told


def test_a_mark_that_is_missing_is_asked_for_and_not_called_an_obligation() -> None:
    told = sentence(page_texts()["nl"], "required", "mark", limit=2_000)
    assert told == "Kies een cijfer van 1 tot en met 10."


def test_a_reason_of_later_is_told_in_general_words() -> None:
    told = sentence(page_texts()["nl"], "too-blue", "mark", limit=2_000)
    assert told == page_texts()["nl"].problems.sentences["unknown-item"]["any"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_for_every_value_it_can_hold(language: str, kind: str) -> None:
    options = tuple(Option(code=code, label={language: code.upper()}) for code in ("a", "b"))
    item = Item(
        code="vraag",
        kind=kind,
        text={language: "?"},
        options=options if KINDS[kind].has_options else (),
        not_applicable=KINDS[kind].holds != "text",
    )
    offered = labels(item, page_texts()[language])
    assert all(label.strip() for _, label in offered)
    assert len({label for _, label in offered}) == len(offered)
    for value, _ in offered:
        assert item.can_be(value)
    if item.not_applicable:
        assert offered[-1][0] == "nvt"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_there_for_the_kinds_that_need_them_and_for_no_other(language: str) -> None:
    words = page_texts()[language].words
    needed = {
        kind.name: {str(value) for value in kind.values} for kind in KINDS.values() if kind.words
    }
    assert {kind: said.keys() for kind, said in words.items()} == needed


def test_an_agreement_can_name_its_own_ends() -> None:
    item = Item(
        code="vraag", kind="agreement", text={"nl": "?"}, low={"nl": "weinig"}, high={"nl": "veel"}
    )
    words = [label for _, label in labels(item, page_texts()["nl"])]
    assert words == ["weinig", "Oneens", "Niet eens, niet oneens", "Eens", "veel"]


def copies(directory: Path) -> Path:
    for path in DIRECTORY.glob("*.toml"):
        (directory / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return directory / "en.toml"


def refusal(directory: Path) -> str:
    with pytest.raises(TextsIncomplete) as refused:
        load_texts(directory)
    return str(refused.value).replace(f"{directory}/", "")


def test_a_key_that_a_language_lacks_is_named(tmp_path: Path) -> None:
    english = copies(tmp_path)
    english.write_text(re.sub(r"(?m)^4 = .*\n", "", english.read_text("utf-8")), "utf-8")
    told = refusal(tmp_path).splitlines()
    assert [line.partition(": ")[2] for line in told] == [
        "`words.agreement.4` is missing",
        "`words.smileys.4` is missing",
    ]
    assert all(re.match(r"en\.toml:\d+: ", line) for line in told)


def test_a_translation_says_who_read_it_or_that_nobody_did(tmp_path: Path) -> None:
    english = copies(tmp_path)
    english.write_text(re.sub("(?m)^reviewed_by.*", "", english.read_text("utf-8")), "utf-8")
    assert refusal(tmp_path) == (
        'en.toml: `reviewed_by` is missing: reviewed_by = "" while nobody read it'
    )


def test_the_original_needs_no_reviewer(tmp_path: Path) -> None:
    copies(tmp_path)
    dutch = tmp_path / "nl.toml"
    dutch.write_text('reviewed_by = ""\n' + dutch.read_text("utf-8"), "utf-8")
    assert refusal(tmp_path) == "nl.toml:1: is the original and needs no `reviewed_by`"


def test_a_key_that_nobody_reads_is_named(tmp_path: Path) -> None:
    english = copies(tmp_path)
    english.write_text('hello = "there"\n' + english.read_text("utf-8"), "utf-8")
    assert "hello" in refusal(tmp_path)


def test_an_empty_sentence_is_named(tmp_path: Path) -> None:
    english = copies(tmp_path)
    english.write_text(
        english.read_text("utf-8").replace('send = "Send your answers"', 'send = " "'), "utf-8"
    )
    assert refusal(tmp_path) == "en.toml:36: `survey.send` is empty"


def test_a_translation_fills_in_the_same_words(tmp_path: Path) -> None:
    english = copies(tmp_path)
    english.write_text(english.read_text("utf-8").replace("{limit}", "{most}"), "utf-8")
    assert "problems.sentences.too-long.any" in refusal(tmp_path)


def test_a_language_that_says_it_is_another_is_named_with_its_line(tmp_path: Path) -> None:
    english = copies(tmp_path)
    (tmp_path / "fr.toml").write_text(english.read_text("utf-8"), "utf-8")
    told = "fr.toml:3: says that its `language` is 'en': it has to be 'fr'"
    assert refusal(tmp_path) == told


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    english = copies(tmp_path)
    english.write_text(english.read_text("utf-8").replace("{limit}", "{limit"), "utf-8")
    (tmp_path / "de.toml").write_text("language = ", "utf-8")
    polish = tmp_path / "pl.toml"
    polish.write_text(re.sub(r"(?m)^send = .*\n", "", polish.read_text("utf-8")), "utf-8")
    told = refusal(tmp_path)
    assert "`problems.sentences.too-long.any` has a brace without its other half" in told
    assert "de.toml:1: is not TOML" in told
    assert re.search(r"pl\.toml:\d+: `send` is missing", told)
