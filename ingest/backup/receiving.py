"""Keep up a backup while the service runs: receive what Postgres writes, and a base every day.

It never stands in the way of the service. What cannot be kept waits in Postgres, up to 1 GB
(`max_slot_wal_keep_size`); what waits for longer is given up, said, and another line begun.
"""

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from ingest.backup.making import SLOT, Source, keep_secrets, make_base
from ingest.backup.sealing import NoRoom, SealBroken
from ingest.backup.shelf import SEGMENT, OtherDatabase, Shelf, Until, new_line
from ingest.backup.writing import OtherWriter, Writer
from ingest.postgres.programs import give, route
from ingest.postgres.server import PostgresFailed
from ingest.running.logs import log

LINE = "backup-line"  # in the data folder: the name of the line that this database goes on with
_RECEIVED = "received"  # in the data folder: what came in and is not kept yet
_STEP_SECONDS = 5.0
_CATCH_UP_SECONDS = 5.0
_SAY_AGAIN_SECONDS = 3600.0
_BASE_EVERY = timedelta(days=1)
_OURS = (NoRoom, OtherDatabase, OtherWriter, PostgresFailed, SealBroken)  # say it in a sentence
_BASE_AGAIN_SECONDS = 300.0  # after one that failed: each costs Postgres a checkpoint


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How backups are kept: every moment of the last `keep`, and how often we look."""

    keep: timedelta = timedelta(days=14)
    step_seconds: float = _STEP_SECONDS


@contextmanager
def kept_up(source: Source, shelf: Shelf, plan: Plan) -> Iterator[None]:
    """Keep up a backup for as long as this lasts, in threads that nobody waits for long."""
    receiving = Receiving(source, shelf, plan)
    receiving.start()
    try:
        yield
    finally:
        receiving.close()


def line_of(data: Path) -> str | None:
    """The line that the database in this data folder goes on with; None: there is none yet."""
    with suppress(FileNotFoundError):
        return (data / LINE).read_text().strip() or None
    return None


class Receiving(threading.Thread):
    """Receives, seals, and makes a base backup when it is time. `start`, later `close`."""

    def __init__(self, source: Source, shelf: Shelf, plan: Plan) -> None:
        super().__init__(name="backup", daemon=True)
        self._source = source
        self._shelf = shelf
        self._plan = plan
        self._ending = threading.Event()
        self._writer = Writer(shelf)
        self._admitted = False
        self._receiver: subprocess.Popen[bytes] | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the thread
        self._sealed: tuple[str, int] | None = None
        self._basing: threading.Thread | None = None
        self._base_not_before = 0.0  # by the monotonic clock
        self._said: dict[str, float] = {}  # what fails now, and when that was said

    def close(self) -> None:
        """Keep what was written until now, if that goes quickly, and stop."""
        self._ending.set()
        self.join(timeout=4 * _CATCH_UP_SECONDS)
        if self._basing is not None:
            self._basing.join(timeout=0.1)

    def run(self) -> None:
        """Until told to end; whatever fails is said, and tried again."""
        try:
            while not self._ending.is_set():
                self._try("log", self._step)
                self._ending.wait(self._plan.step_seconds)
            self._try("log", self._step)
        finally:
            self._stop_receiver()
            self._writer.close()
            self._errors.close()

    def _try(self, kind: str, work: Callable[[], None]) -> bool:
        try:
            work()
        except Exception as reason:
            self._say_failing(kind, reason)
            return False
        if self._said.pop(kind, None) is not None:
            log("backup_goes_on", kind=kind)
        return True

    def _say_failing(self, kind: str, reason: Exception) -> None:
        if kind == "base" and self._ending.is_set():
            return  # Postgres stops under it
        now = time.monotonic()
        if now - self._said.get(kind, -_SAY_AGAIN_SECONDS) >= _SAY_AGAIN_SECONDS:
            self._said[kind] = now
            ours = isinstance(reason, _OURS)
            words = str(reason) if ours else None
            log("backup_failed", level="error", kind=kind, exception=reason, reason=words)

    def _step(self) -> None:
        try:
            self._keep_what_is_written()
        except Exception:
            # Nothing more comes in that could not be kept: it waits in Postgres, which has a limit.
            self._stop_receiver()
            raise

    def _keep_what_is_written(self) -> None:
        if not self._source.server.running:
            return
        if not self._admitted:
            self._source.admit(self._shelf)
            self._admitted = True
        self._writer.take()
        line = self._line()
        self._writer.note(line)
        if self._receiver is None:
            self._seal(line)  # what waits here first, or more and more would
        self._receive()
        until = self._wait_for_what_is_written()
        whole = self._seal(line)
        keep_secrets(self._source, self._shelf, line)
        if whole and until is not None:
            self._shelf.note_until(line, until)
        self._base_when_due(line)

    def _line(self) -> str:
        """The line to go on with: another one where something was given up in between."""
        data = self._source.server.data
        slot = self._source.ask(
            "/* backup_slot */ select wal_status from pg_replication_slots where slot_name = $1",
            SLOT,
        )
        line = line_of(data)
        if line is not None and slot is not None and slot["wal_status"] not in ("lost", None):
            return line
        self._stop_receiver()
        if slot is not None:
            self._source.ask("/* backup_unslot */ select pg_drop_replication_slot($1)", SLOT)
        if line is not None:
            log("backup_broken", level="error", reason="what was written in between is not kept")
        for left in self._spool().iterdir():
            left.unlink()
        self._source.ask(
            "/* backup_new_slot */ select pg_create_physical_replication_slot($1, true)", SLOT
        )
        line = new_line(datetime.now(UTC))
        draft = data / f"{LINE}.new"
        draft.write_text(line)
        draft.chmod(0o600)
        draft.rename(data / LINE)
        return line

    def _spool(self) -> Path:
        folder = self._source.server.data / _RECEIVED
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            give(folder, self._source.server.programs().account)
        return folder

    def _receive(self) -> None:
        if self._receiver is not None and self._receiver.poll() is None:
            return
        self._stop_receiver()
        self._errors.truncate(0)
        account = self._source.server.programs().account
        with route(self._spool(), account) as (name, descriptors):
            self._receiver = self._source.start(
                "pg_receivewal",
                (
                    "--directory",
                    name,
                    "--slot",
                    SLOT,
                    "--synchronous",
                    "--status-interval=1",
                    "--no-loop",
                ),
                errors=self._errors,
                descriptors=descriptors,
            )

    def _stop_receiver(self) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.terminate()
            try:
                receiver.wait(timeout=_CATCH_UP_SECONDS)
            except subprocess.TimeoutExpired:
                receiver.kill()
                receiver.wait()
            if receiver.stdout:
                receiver.stdout.close()

    def _wait_for_what_is_written(self) -> Until | None:
        """Up to when everything came in; None where that takes longer.

        Clocks are those of this machine: Postgres notes the time of a commit by the same.
        """
        now = datetime.now(UTC)
        written = self._source.ask(
            "/* backup_written */ select lsn::text, pg_walfile_name(lsn - 1) as segment"
            " from pg_current_wal_flush_lsn() as lsn"
        )
        give_up = time.monotonic() + _CATCH_UP_SECONDS
        while time.monotonic() < give_up:
            is_received = self._source.ask(
                """/* backup_received */
                select coalesce(bool_or(flush_lsn >= $1::text::pg_lsn), false) as there
                from pg_stat_replication
                where usename = 'meetpunt_backup' and application_name = 'pg_receivewal'""",
                written["lsn"],
            )["there"]
            if is_received:
                return Until(moment=now, segment=written["segment"])
            if self._receiver is None or self._receiver.poll() is not None:
                break
            time.sleep(0.05)
        return None

    def _seal(self, line: str) -> bool:
        """Keep what came in; False when one segment became full meanwhile, and comes next time."""
        names = sorted(path.name for path in self._spool().iterdir())
        for name in (name for name in names if SEGMENT.fullmatch(name)):
            self._shelf.seal_segment(line, self._spool() / name)
            (self._spool() / name).unlink()
        for name in (name for name in names if name.endswith(".partial")):
            path = self._spool() / name
            try:
                state = (name, path.stat().st_mtime_ns)
                if state != self._sealed:
                    self._shelf.seal_segment(line, path)
                    self._sealed = state
            except FileNotFoundError:
                return False
        return True

    def _base_when_due(self, line: str) -> None:
        busy = self._basing is not None and self._basing.is_alive()
        if self._ending.is_set() or busy or time.monotonic() < self._base_not_before:
            return
        bases = self._shelf.bases(line)
        if not bases or datetime.now(UTC) - bases[-1].began >= _BASE_EVERY:
            self._basing = threading.Thread(
                target=self._try_base, args=(line,), name="base backup", daemon=True
            )
            self._basing.start()

    def _try_base(self, line: str) -> None:
        if not self._try("base", lambda: self._base(line)):
            self._base_not_before = time.monotonic() + _BASE_AGAIN_SECONDS

    def _base(self, line: str) -> None:
        base = make_base(self._source, self._shelf, line)
        log("backup_made", seconds=round((base.ended - base.began).total_seconds(), 1))
        if gone := self._shelf.prune(self._plan.keep, datetime.now(UTC)):
            log("backup_pruned", count=gone)
