"""A backup is kept up beside a real server, stands in nobody's way, and leads to its moments."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.backup.making import SLOT, Source, make_base
from ingest.backup.receiving import Plan, kept_up, line_of
from ingest.backup.restoring import RestoreRefused, restore, restored
from ingest.backup.sealing import Seal, SealBroken
from ingest.backup.shelf import Shelf, new_line
from ingest.backup.writing import OtherWriter, refuse_beside
from ingest.postgres.server import SUPERUSER, DiskFull
from ingest.tokens.keys import new_keys
from tests.embedding import a_server, ask, keep_a_row, kept, passwords_of, small_disk
from tests.processes import processes
from tests.restoring import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long]

QUICKLY = Plan(step_seconds=0.1)


class Backed:
    """A server with a row in it, and the shelf of its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.announced: list[str] = []  # but for what takes long
        self.server = a_server(folder / "data", settings={"max_slot_wal_keep_size": "64MB"})
        self.shelf = Shelf(folder / "kept", Seal(b"k" * 32, room=0))
        self.source = Source(self.server, folder / "data" / "keys.json")

    def write(self, number: int) -> None:
        ask(self.server.url(), f"insert into kept values ({number})")

    def _hear(self, sentence: str) -> None:
        if not sentence.endswith("..."):
            self.announced.append(sentence)

    def wait(self) -> datetime:
        """A moment, when everything of before it is kept."""
        now = datetime.now(UTC)
        wait_until(lambda: self.shelf.spans() and self.shelf.spans()[-1].until > now, "the log")
        return now

    def restore(
        self, to: datetime | None, name: str = "restored", line: str | None = None
    ) -> object:
        """The rows that are there afterwards."""
        found: list[object] = []
        restore(
            self.shelf,
            self.folder / name,
            to,
            line=line,
            announce=self._hear,
            check=lambda server, _moment: found.append(kept(server)),
        )
        return found[0]


@pytest.fixture
def backed(tmp_path: Path) -> Iterator[Backed]:
    made = Backed(tmp_path)
    with made.server:
        keep_a_row(made.server)
        new_keys(made.source.keys_file, now=datetime.now(UTC))
        yield made


@contextmanager
def keeping(backed: Backed) -> Iterator[None]:
    with kept_up(backed.source, backed.shelf, QUICKLY):
        yield


@contextmanager
def copy_of(backed: Backed) -> Iterator[Source]:
    """The last moment restored, and started, as by somebody who looks at it."""
    backed.restore(None, "copy")
    with a_server(backed.folder / "copy") as server:
        yield Source(server, server.data / "keys.json")


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.msg for record in caplog.records]


def test_it_leads_to_each_moment_and_to_the_last(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        backed.write(43)
        between = backed.wait()
        backed.write(44)
        backed.wait()
    assert backed.restore(between, "a") == [42, 43]
    assert backed.restore(None, "b") == [42, 43, 44]
    note = restored(backed.folder / "a")
    assert note is not None
    assert note.to == between
    names = {"keys.json", "passwords.json", "restored.json"}
    assert names <= {path.name for path in (backed.folder / "a").iterdir()}
    assert all((backed.folder / "a" / name).stat().st_mode & 0o777 == 0o600 for name in names)


def test_a_moment_after_which_nobody_wrote_is_reached_too(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        backed.write(43)
        quiet = backed.wait()
    assert backed.restore(quiet) == [42, 43]


def test_what_was_written_before_the_end_is_kept_at_the_end(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        backed.write(43)
    assert backed.restore(None) == [42, 43]


def test_it_goes_on_in_the_same_line_after_a_stop(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        line = line_of(backed.server.data)
    backed.server.stop()
    backed.server.start()
    backed.write(43)
    with keeping(backed):
        backed.wait()
    assert backed.shelf.lines() == [line]
    assert backed.restore(None) == [42, 43]


def test_a_postgres_that_dies_and_comes_back_is_followed(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        backed.server.stop()
        backed.server.start()
        backed.write(43)
        backed.wait()
    assert len(backed.shelf.lines()) == 1
    assert backed.restore(None) == [42, 43]


def test_a_full_disk_is_said_once_keeps_nothing_and_stops_nobody(
    backed: Backed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    backed.shelf.seal = Seal(b"k" * 32, room=1 << 62)
    with keeping(backed):
        wait_until(lambda: "backup_failed" in events(caplog), "a line in the log")
        backed.write(43)
        assert not backed.shelf.spans()
        backed.shelf.seal = Seal(b"k" * 32, room=0)
        backed.wait()
    assert events(caplog).count("backup_failed") == 1
    assert "backup_goes_on" in events(caplog)
    assert backed.restore(None) == [42, 43]


def test_what_waited_for_too_long_is_said_and_begins_another_line(
    backed: Backed, caplog: pytest.LogCaptureFixture
) -> None:
    with keeping(backed):
        backed.wait()
    for number in range(43, 50):
        backed.write(number)
        ask(backed.server.url(SUPERUSER), "select pg_switch_wal()")
    ask(backed.server.url(SUPERUSER), "checkpoint")
    state = "select wal_status from pg_replication_slots"
    assert ask(backed.server.url(SUPERUSER), state) == "lost"
    with keeping(backed):
        wait_until(lambda: len(backed.shelf.lines()) == 2, "another line")
        backed.wait()
    assert "backup_broken" in events(caplog)
    assert backed.restore(None) == list(range(42, 50))


def test_after_a_restore_the_last_moment_is_of_what_went_on(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        backed.write(43)
        before = backed.wait()
    with copy_of(backed) as copy, kept_up(copy, backed.shelf, QUICKLY):
        wait_until(lambda: len(backed.shelf.spans()) == 2, "another line")
        ask(copy.server.url(), "insert into kept values (44)")
        backed.wait()
    assert backed.restore(None, "last") == [42, 43, 44]
    assert backed.restore(before, "before") == [42, 43]


def test_two_that_went_on_from_one_moment_are_never_chosen_between_in_silence(
    backed: Backed,
) -> None:
    """A copy was started, and later the old data folder again."""
    with keeping(backed):
        backed.wait()
        alone = backed.wait()
    with copy_of(backed) as copy, kept_up(copy, backed.shelf, QUICKLY):
        wait_until(lambda: len(backed.shelf.spans()) == 2, "another line")
        ask(copy.server.url(), "insert into kept values (44)")
        both = backed.wait()
    backed.write(43)
    old, young = backed.shelf.lines()
    with keeping(backed):
        wait_until(lambda: (kept := backed.shelf.until(old)) and kept.moment > both, "the log")
        backed.write(45)
    for to in (both, None):
        with pytest.raises(RestoreRefused, match=f"--line: {old} from .*; {young} from "):
            backed.restore(to)
    assert backed.restore(None, "of old", old) == [42, 43, 45]
    assert backed.restore(None, "of young", young) == [42, 44]
    assert backed.restore(both, "then", young) == [42, 44]
    assert backed.restore(alone, "alone") == [42]
    with pytest.raises(RestoreRefused, match=f"no line elsewhere here; there is {old} from"):
        backed.restore(None, line="elsewhere")


def test_a_copy_beside_the_service_keeps_nothing_and_says_so(
    backed: Backed, caplog: pytest.LogCaptureFixture
) -> None:
    with keeping(backed):
        backed.wait()
        with copy_of(backed) as copy, kept_up(copy, backed.shelf, QUICKLY):
            wait_until(lambda: "backup_failed" in events(caplog), "a line in the log")
            assert not ask(copy.server.url(SUPERUSER), "select count(*) from pg_replication_slots")
        (said,) = (vars(each)["meetpunt"] for each in caplog.records if each.msg == "backup_failed")
        assert said["reason"].startswith("Another data folder keeps its backups")
        with pytest.raises(OtherWriter):
            refuse_beside(backed.shelf, line_of(copy.server.data))
        refuse_beside(backed.shelf, line_of(backed.server.data))
        backed.write(43)
        backed.wait()
    assert len(backed.shelf.lines()) == 1
    assert backed.restore(None) == [42, 43]
    refuse_beside(backed.shelf, None)


def test_no_password_is_seen_by_others(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        seen = "\n".join(process.command for process in processes())
        assert SLOT in seen
        said = (backed.server.data / "postgres.log").read_text()
        for password in passwords_of(backed.server).values():
            assert password not in seen + said


def test_only_the_role_of_backups_may_replicate_and_only_by_the_socket(backed: Backed) -> None:
    backed.source.admit(backed.shelf)
    backed.source.admit(backed.shelf)
    rules = ask(
        backed.server.url(SUPERUSER),
        "select string_agg(type || ' ' || user_name::text, ', ') from pg_hba_file_rules"
        " where 'replication' = any (database)",
    )
    assert rules == "local {meetpunt_backup}"


def test_one_by_hand_leads_to_its_own_end(backed: Backed) -> None:
    backed.shelf.seal = Seal(room=0)
    backed.source.admit(backed.shelf)
    # Anybody may have written in a plain one. With this library it would not even start.
    settings = backed.server.cluster / "postgresql.auto.conf"
    settings.write_text("shared_preload_libraries = 'of_a_stranger'\n")
    base = make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    backed.write(43)
    assert backed.restore(base.ended) == [42]
    (told,) = backed.announced
    assert "anybody may have written them: shared_preload_libraries." in told
    with pytest.raises(RestoreRefused, match="outside what is kept"):
        backed.restore(base.ended + timedelta(seconds=5), "later")


def test_a_base_leads_to_its_own_end_before_the_log_of_it_has_come_in(backed: Backed) -> None:
    """Of the segment that it ends in only the beginning was received: the base has more of it."""
    backed.source.admit(backed.shelf)
    backed.write(43)
    base = make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    ends_in = f"{base.segment[:16]}{int(base.segment[16:], 16) + 1:08X}"
    begun = backed.folder / f"{ends_in}.partial"
    begun.write_bytes(bytes(16 << 20))
    backed.shelf.seal_segment(base.line, begun)
    assert backed.restore(None) == [42, 43]


def test_what_is_damaged_or_missing_is_refused_and_leaves_nothing(backed: Backed) -> None:
    backed.source.admit(backed.shelf)
    base = make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    path = backed.shelf.base_path(base.line, base.began)
    whole = path.read_bytes()
    for spoilt in (whole[:-1], whole[:-1] + b"x", b""):
        path.write_bytes(spoilt)
        with pytest.raises(Exception, match=r"damaged|no file of a backup"):
            backed.restore(None)
        assert {each.name for each in backed.folder.iterdir()} == {"data", "kept"}


def test_a_plain_one_that_is_cut_off_is_refused(backed: Backed) -> None:
    backed.shelf.seal = Seal(room=0)
    backed.source.admit(backed.shelf)
    base = make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    path = backed.shelf.base_path(base.line, base.began)
    whole = path.read_bytes()
    for length in (0, 9, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(SealBroken, match="damaged"):
            backed.restore(None)
        assert {each.name for each in backed.folder.iterdir()} == {"data", "kept"}


def test_an_end_that_is_not_there_is_refused(backed: Backed) -> None:
    with keeping(backed):
        backed.wait()
        backed.write(43)
        moment = backed.wait()
    (span,) = backed.shelf.spans()
    assert span.segment
    backed.shelf.segments(span.base.line)[span.segment].unlink()
    for to in (moment, None):
        with pytest.raises(RestoreRefused, match=f"{span.segment} is missing"):
            backed.restore(to)


def test_a_note_that_is_damaged_is_said_in_a_sentence(backed: Backed) -> None:
    backed.source.admit(backed.shelf)
    base = make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    (backed.shelf.folder / base.line / "base" / f"{base.name}.json").write_text("{")
    with pytest.raises(SealBroken, match="put it aside"):
        backed.restore(None)


def test_a_disk_that_is_full_is_said_and_nothing_is_left_on_it(backed: Backed) -> None:
    backed.source.admit(backed.shelf)
    make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    with small_disk(backed.folder / "small", megabytes=8) as made:
        if made:
            with pytest.raises(DiskFull, match="is full"):
                backed.restore(None, "small/restored")
            assert not list((backed.folder / "small").iterdir())


def test_one_restore_at_a_time_goes_into_a_folder(backed: Backed) -> None:
    backed.source.admit(backed.shelf)
    make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    other = backed.folder / "restored.unfinished"
    other.mkdir()
    with pytest.raises(RestoreRefused, match="of a restore that goes on"):
        backed.restore(None)
    assert other.is_dir()


def test_nothing_is_put_over_what_is_there(backed: Backed) -> None:
    backed.source.admit(backed.shelf)
    make_base(backed.source, backed.shelf, new_line(datetime.now(UTC)))
    (backed.folder / "restored").mkdir()
    with pytest.raises(RestoreRefused, match="is there already"):
        backed.restore(None)
