"""What is kept, what it leads to, and what goes when its days are over."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ingest.backup.looking import look
from ingest.backup.making import Source, keep_secrets
from ingest.backup.restoring import RestoreRefused, choose
from ingest.backup.sealing import Seal, SealBroken
from ingest.backup.shelf import (
    Base,
    OtherDatabase,
    Shelf,
    Span,
    Until,
    missing_segment,
    new_line,
)
from ingest.postgres.server import EmbeddedPostgres

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def segment(number: int) -> str:
    return f"00000001{number // 256:08X}{number % 256:08X}"


def test_a_note_of_a_stranger_that_names_no_segment_is_refused(tmp_path: Path) -> None:
    filled = Filled(tmp_path)
    base = filled.base(new_line(NOW - DAY), 1, 1)
    filled.shelf.note_base(msgspec.structs.replace(base, segment="\x1b]0;mine\x07"))
    with pytest.raises(SealBroken, match="is the note of another backup"):
        filled.shelf.spans()


class Filled:
    """A shelf as time would fill it."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder / "kept", Seal(room=0))
        self.folder = folder

    def base(self, line: str, ago: float, first: int) -> Base:
        began = NOW - ago * DAY
        with self.shelf.seal.writing(self.shelf.base_path(line, began)) as file:
            file.write(b"base")
        base = Base(
            line=line,
            began=began,
            ended=began + timedelta(minutes=1),
            segment=segment(first),
            postgres=18,
            size=4,
        )
        self.shelf.note_base(base)
        return base

    def until(self, line: str, moment: datetime) -> None:
        self.shelf.note_until(line, Until(moment=moment, segment=segment(1)))

    def log(self, line: str, *numbers: int, partial: bool = False) -> None:
        for number in numbers:
            source = self.folder / (segment(number) + (".partial" if partial else ""))
            source.write_bytes(b"log")
            self.shelf.seal_segment(line, source)


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    return Filled(tmp_path)


def test_every_moment_of_the_days_stays_within_reach(filled: Filled) -> None:
    line = new_line(NOW - 20 * DAY)
    for ago in (20, 16, 12, 8, 4):
        filled.base(line, ago, 100 - ago)
    filled.log(line, *range(75, 101))
    filled.until(line, NOW)
    assert filled.shelf.prune(14 * DAY, NOW) == 1
    left = filled.shelf.bases(line)
    assert [(NOW - base.began).days for base in left] == [16, 12, 8, 4]
    assert min(filled.shelf.segments(line)) == segment(84)
    assert choose(filled.shelf.spans(), NOW - 14 * DAY).base == left[0]


def test_the_last_base_backup_stays_however_old(filled: Filled) -> None:
    line = new_line(NOW - 400 * DAY)
    filled.base(line, 400, 1)
    assert filled.shelf.prune(14 * DAY, NOW) == 0
    assert filled.shelf.spans()


def test_a_line_that_ended_goes_as_a_whole_when_its_days_are_over(filled: Filled) -> None:
    old, young = new_line(NOW - 40 * DAY), new_line(NOW - 2 * DAY)
    filled.base(old, 40, 1)
    filled.log(old, 1, 2)
    filled.until(old, NOW - 20 * DAY)
    filled.base(young, 2, 1)
    assert filled.shelf.prune(14 * DAY, NOW) == 1
    assert filled.shelf.lines() == [young]


def test_a_full_segment_takes_the_place_of_its_beginning(filled: Filled) -> None:
    line = new_line(NOW)
    filled.log(line, 7, partial=True)
    assert filled.shelf.segments(line)[segment(7)].name.endswith(".partial.gz")
    filled.log(line, 7)
    assert [path.name for path in (filled.shelf.folder / line / "wal").iterdir()] == [
        f"{segment(7)}.gz"
    ]


def test_a_gap_is_found_and_an_end_that_is_not_there(filled: Filled) -> None:
    base = filled.base(new_line(NOW), 1, 254)

    def missing(*numbers: int, last: int | None = 257) -> str | None:
        span = Span(base=base, until=NOW, segment=segment(last) if last else None)
        return missing_segment(span, {segment(number) for number in numbers})

    assert missing(253, 254, 255, 256, 257) is None
    assert missing(254, 256, 257) == segment(255)
    assert missing(255, 256, 257) == segment(254)
    assert missing(254, 255, 256) == segment(257)
    assert missing(last=None) is None, "a base backup alone leads to its own end"


def test_a_folder_is_of_one_database(filled: Filled) -> None:
    filled.shelf.claim(1)
    filled.shelf.claim(1)
    with pytest.raises(OtherDatabase, match="of another database"):
        filled.shelf.claim(2)


def test_the_newest_secrets_are_those_of_any_line(filled: Filled) -> None:
    source = filled.folder / "keys.json"
    for line_ago, ago, content in ((1, 3, b"oldest"), (2, 2, b"old"), (3, 1, b"newest")):
        source.write_bytes(content)
        line = new_line(NOW - line_ago * DAY)
        filled.shelf.seal_secret(line, source, "keys.json", NOW - ago * DAY)
    with filled.shelf.seal.reading(filled.shelf.secrets()["keys.json"]) as found:
        assert found.read() == b"newest"


@pytest.mark.parametrize("key", [None, b"k" * 32])
@pytest.mark.parametrize(
    "stamp", [new_line(NOW + 300 * DAY), "99991231T235959999999Z", "99999999T999999999999Z"]
)
def test_a_secret_of_later_than_now_is_written_after_once(
    filled: Filled, key: bytes | None, stamp: str
) -> None:
    """Of before the clock was put right, or of a stranger, whose own it is with a key as well."""
    shelf = Shelf(filled.folder / "kept", Seal(key, room=0))
    data = filled.folder / "data"
    data.mkdir()
    source = Source(EmbeddedPostgres(data), data / "keys.json")
    source.keys_file.write_bytes(b"ours")
    line = new_line(NOW)
    planted = shelf.part(line, "secrets") / f"{stamp}-keys.json{shelf.seal.suffix}"
    planted.write_bytes(gzip.compress(b"of a stranger"))
    for _ in range(3):
        keep_secrets(source, shelf, line)
    assert len(list(planted.parent.iterdir())) == 2
    with shelf.seal.reading(shelf.secrets()["keys.json"]) as last:
        assert last.read() == b"ours"


def test_a_line_of_one_base_by_hand_goes_with_its_secrets(filled: Filled) -> None:
    old, young = new_line(NOW - 40 * DAY), new_line(NOW - 2 * DAY)
    source = filled.folder / "keys.json"
    source.write_bytes(b"keys")
    for line, ago in ((old, 40), (young, 2)):
        filled.base(line, ago, 1)
        filled.shelf.seal_secret(line, source, "keys.json", NOW - ago * DAY)
    assert filled.shelf.prune(14 * DAY, NOW) == 1
    assert filled.shelf.lines() == [young]


def test_a_moment_outside_what_is_kept_is_refused_and_what_is_kept_is_told(
    filled: Filled,
) -> None:
    line = new_line(NOW - 3 * DAY)
    base = filled.base(line, 3, 1)
    filled.until(line, NOW - DAY)
    spans = filled.shelf.spans()
    for outside in (base.began, NOW):
        with pytest.raises(RestoreRefused, match=r"2026-11-25 12:01:00 UTC.*to 2026-11-27 12:00"):
            choose(spans, outside)
    assert choose(spans, NOW - DAY).base == base
    assert choose(spans, None).base == base


def test_after_a_restore_both_lines_are_within_reach(filled: Filled) -> None:
    first, second = new_line(NOW - 3 * DAY), new_line(NOW - DAY)
    of_first, of_second = filled.base(first, 3, 1), filled.base(second, 1, 1)
    filled.until(first, NOW - 1.5 * DAY)
    filled.until(second, NOW)
    spans = filled.shelf.spans()
    assert choose(spans, NOW - 2 * DAY).base == of_first
    assert choose(spans, NOW - 0.5 * DAY).base == of_second


def test_who_looks_after_it_sees_how_old_it_is(filled: Filled) -> None:
    assert look(filled.shelf, now=NOW).last is None
    line = new_line(NOW - 3 * DAY)
    base = filled.base(line, 1, 1)
    filled.until(line, NOW - timedelta(seconds=4))
    found = look(filled.shelf, now=NOW)
    assert (found.first, found.last_base_seconds) == (base.ended, 86_340)
    assert (found.behind_seconds, found.receiving) == (4, True)
    assert not look(filled.shelf, now=NOW + DAY).receiving


def test_nobody_else_may_look(filled: Filled) -> None:
    line = new_line(NOW)
    filled.base(line, 1, 1)
    filled.log(line, 1)
    filled.until(line, NOW)
    modes = {
        (path.is_dir(), path.stat().st_mode & 0o777)
        for path in [filled.shelf.folder, *filled.shelf.folder.rglob("*")]
    }
    assert modes == {(True, 0o700), (False, 0o600)}


@pytest.mark.parametrize("other", ["../neighbour/20261101T000000000000Z", "20261101T000000000001Z"])
def test_a_note_that_says_it_belongs_elsewhere_is_refused_and_removes_nothing(
    filled: Filled, other: str
) -> None:
    line = new_line(NOW - 30 * DAY)
    old = filled.base(line, 20, 1)
    filled.base(line, 1, 2)
    note = filled.shelf.folder / line / "base" / f"{old.name}.json"
    note.write_bytes(msgspec.json.encode(msgspec.structs.replace(old, line=other)))
    with pytest.raises(SealBroken, match="the note of another backup"):
        filled.shelf.prune(7 * DAY, NOW)
    assert note.exists()
    assert len(list(note.parent.glob("*.tar.gz"))) == 2
