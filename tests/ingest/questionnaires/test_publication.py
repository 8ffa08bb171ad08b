"""What is published never changes, and nothing is published that is not right."""

import subprocess
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.questionnaires.publication import (
    PublishedFileChanged,
    check_own_items,
    check_published,
    publish,
)
from ingest.questionnaires.questionnaire import load_questionnaire, load_questionnaires
from tests.questionnaires_at_hand import DUTCH, ENGLISH, OWN, OWN_ENGLISH, write_files


def found(directory: Path) -> list[str]:
    """What the check says, without the folder."""
    return [
        str(finding).removeprefix(f"{directory}/").removeprefix("balie/")
        for finding in check_published(directory)[1]
    ]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder whose balie/1 was published."""
    write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH)
    publish(tmp_path, "balie", 1)
    return tmp_path


def test_a_draft_is_checked_but_not_frozen(tmp_path: Path) -> None:
    write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH)
    assert found(tmp_path) == []


def test_publishing_says_so_in_the_file_and_records_what_it_was(tmp_path: Path) -> None:
    path = write_files(tmp_path, v1=DUTCH, v1_en=ENGLISH)
    assert publish(tmp_path, "balie", 1) == (path, path.with_name("v1.en.toml"))
    assert load_questionnaire(path).status == "published"
    assert path.read_text() == DUTCH.replace('"draft"', '"published"')
    assert found(tmp_path) == []
    subprocess.run(
        ["sha256sum", "-c", "--strict", "published.sha256"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )


def test_publishing_the_same_again_changes_nothing(published: Path) -> None:
    before = (published / "published.sha256").read_bytes()
    assert publish(published, "balie", 1) == ()
    assert (published / "published.sha256").read_bytes() == before


def test_a_published_file_that_changed_is_found_and_not_published_again(published: Path) -> None:
    path = published / "balie" / "v1.toml"
    change(path, "Welk cijfer", "Wat voor cijfer")
    (line,) = found(published)
    assert line.startswith("v1.toml: differs from what was published; put it back")
    with pytest.raises(PublishedFileChanged, match=r"copy it to v2\.toml"):
        publish(published, "balie", 1)


def test_a_published_file_that_turns_draft_is_no_way_around(published: Path) -> None:
    path = published / "balie" / "v1.toml"
    change(path, '"published"', '"draft"')
    change(path, "Welk cijfer", "Wat voor cijfer")
    assert "v1.toml: belongs to a draft, yet it was published" in found(published)
    with pytest.raises(PublishedFileChanged):
        publish(published, "balie", 1)
    assert "draft" in path.read_text()


def test_a_published_file_never_becomes_a_draft_again(published: Path) -> None:
    change(published / "balie" / "v1.toml", '"published"', '"draft"')
    assert any(line.startswith("v1.toml: differs from what was") for line in found(published))
    with pytest.raises(PublishedFileChanged):
        publish(published, "balie", 1)


def test_a_translation_is_corrected_alone(published: Path) -> None:
    beside = published / "balie" / "v1.en.toml"
    change(beside, "Something else", "Another thing")
    (line,) = found(published)
    assert line.startswith("v1.en.toml: differs from the translation that was recorded")
    assert publish(published, "balie", 1) == (beside,)
    assert found(published) == []


def test_a_translation_may_come_later(published: Path) -> None:
    french = published / "balie" / "v1.fr.toml"
    french.write_text(ENGLISH.replace('"en"', '"fr"'), "utf-8")
    (line,) = found(published)
    assert line.startswith("v1.fr.toml: is not in published.sha256")
    assert publish(published, "balie", 1) == (french,)
    assert load_questionnaires(published)["balie", 1].languages == ("nl", "en", "fr")


def test_retiring_changes_one_word_and_is_recorded(published: Path) -> None:
    path = published / "balie" / "v1.toml"
    change(path, '"published"', '"retired"')
    (line,) = found(published)
    assert line.startswith("v1.toml: was retired; run")
    assert publish(published, "balie", 1) == (path,)
    assert found(published) == []


def test_retiring_hides_no_other_change(published: Path) -> None:
    path = published / "balie" / "v1.toml"
    change(path, '"published"', '"retired"')
    change(path, "Welk cijfer", "Wat voor cijfer")
    with pytest.raises(PublishedFileChanged):
        publish(published, "balie", 1)


def test_a_published_file_that_vanished_is_found(published: Path) -> None:
    (published / "balie" / "v1.en.toml").unlink()
    (line,) = found(published)
    assert line.startswith("published.sha256:1: balie/v1.en.toml was published and is gone")


def test_a_file_that_says_published_without_being_so_is_found(tmp_path: Path) -> None:
    write_files(tmp_path, v1=DUTCH.replace('"draft"', '"published"'))
    assert found(tmp_path) == [
        "v1.toml: is not in published.sha256; run `meetpunt questionnaires publish`"
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("balie/v1.toml", "published.sha256:1: this is no line as sha256sum writes it"),
        (f"{'0' * 64}  ../v1.toml", "published.sha256:1: this is no line as sha256sum writes it"),
        (f"{'0' * 64}  balie/v1.toml\n" * 2, "published.sha256:2: balie/v1.toml is there twice"),
    ],
)
def test_a_list_that_sha256sum_would_not_write_is_refused(
    tmp_path: Path, line: str, message: str
) -> None:
    write_files(tmp_path, v1=DUTCH)
    (tmp_path / "published.sha256").write_text(f"{line}\n")
    assert found(tmp_path) == [message]
    with pytest.raises(FilesRejected):
        publish(tmp_path, "balie", 1)


def test_what_is_wrong_is_not_published(tmp_path: Path) -> None:
    path = write_files(tmp_path, v1=DUTCH.replace("Wat kan beter?", "Geef 0-10"))
    with pytest.raises(FilesRejected, match="from 0 to 10"):
        publish(tmp_path, "balie", 1)
    assert "draft" in path.read_text()
    assert not (tmp_path / "published.sha256").exists()


def test_a_status_that_publishing_could_not_change_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, v1=DUTCH.replace('"draft"', "'draft'"))
    with pytest.raises(FilesRejected, match="write the status on a line of its own"):
        publish(tmp_path, "balie", 1)


def test_an_indicator_is_of_one_kind_everywhere(published: Path) -> None:
    second = DUTCH.replace("version = 1", "version = 2").replace('"mark"', '"agreement"')
    write_files(published, v2=second)
    message = "v2.toml:9: `tevredenheid` is of kind agreement here and mark in balie/v1.toml"
    assert found(published) == [message]
    with pytest.raises(FilesRejected, match="is of kind agreement here"):
        publish(published, "balie", 2)


def test_a_version_compares_with_one_that_is_there(published: Path) -> None:
    second = DUTCH.replace("version = 1", 'version = 2\ncomparable_with = ["balie/1", "balie/3"]')
    write_files(published, v2=second)
    assert found(published) == ["v2.toml:3: there is no balie/v3.toml to compare with"]


def more_items(kind: str, how_many: int) -> str:
    hint = '\nhelp.nl = "Vul geen persoonlijke gegevens in."' if kind == "text" else ""
    return "".join(
        f'\n[[items]]\ncode = "i{n}"\nkind = "{kind}"\ntext.nl = "Wat?"{hint}\n'
        for n in range(how_many)
    )


def test_a_questionnaire_keeps_the_promise_of_five_questions_and_room_for_words(
    tmp_path: Path,
) -> None:
    write_files(tmp_path, v1=DUTCH + more_items("mark", 3))
    assert found(tmp_path) == []
    write_files(tmp_path, v1=DUTCH + more_items("mark", 4))
    assert found(tmp_path) == ["v1.toml:47: 6 items, the open question not counted; at most 5"]
    # One is not counted: each further one asks as much as any question.
    write_files(tmp_path, v1=DUTCH + more_items("text", 4))
    assert found(tmp_path) == ["v1.toml:50: 6 items, the open question not counted; at most 5"]


@pytest.mark.parametrize("name", ["V1", "v1_EN_x", "v01", "versie1", "v2_en"])
def test_a_file_that_nobody_would_read_is_found(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, v1=DUTCH, **{name: ENGLISH})
    (line,) = found(tmp_path)
    assert line.startswith(f"{name.replace('_', '.')}.toml: is no v<number>.toml")


def test_own_items_are_checked_and_frozen_like_the_shared_ones(tmp_path: Path) -> None:
    write_files(tmp_path / "core", v1=DUTCH, v1_en=ENGLISH)
    shared = load_questionnaires(tmp_path / "core")
    own = tmp_path / "own"
    path = write_files(own, v1=OWN, v1_en=OWN_ENGLISH)
    assert check_own_items(own, shared) == []
    assert len(publish(own, "balie", 1, core=shared["balie", 1])) == 2
    assert check_own_items(own, shared) == []
    change(path, "passen bij mij", "zijn goed")
    (finding,) = check_own_items(own, shared)
    assert "differs from what was published" in finding.message


def test_own_items_measure_an_indicator_as_everybody_does(tmp_path: Path) -> None:
    write_files(tmp_path / "core", v1=DUTCH.replace("tevredenheid", "gemak"))
    shared = load_questionnaires(tmp_path / "core")
    (tmp_path / "core" / "online").mkdir()
    online = DUTCH.replace('"balie"', '"online"')
    (tmp_path / "core" / "online" / "v1.toml").write_text(online, "utf-8")
    shared = load_questionnaires(tmp_path / "core")
    own = tmp_path / "own"
    write_files(own, v1=OWN.replace('"agreement"', '"agreement"\nindicator = "tevredenheid"'))
    (finding,) = check_own_items(own, shared)
    assert "is of kind agreement here and mark in online/v1.toml" in finding.message


def test_own_items_follow_something(tmp_path: Path) -> None:
    write_files(tmp_path / "own", v1=OWN)
    (finding,) = check_own_items(tmp_path / "own", {})
    assert finding.message == "there is no shared questionnaire balie/v1.toml to follow"
