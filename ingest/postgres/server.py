"""Our own Postgres, for when no database URL is given: made, started, stopped and looked after.

What lies in the data folder: `postgres/` (the cluster), `socket` (a folder, or a link to one with a
short enough path), `passwords.json`, `postgres.log`, `lock`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

from ingest.postgres.cluster import (
    DATABASE,
    OWNER,
    SUPERUSER,
    UNIX_PORT,
    make_cluster,
    passwords,
    server_arguments,
)
from ingest.postgres.folder import (
    DataDirectoryInUse,
    FormerServer,
    note_mark,
    noted_port,
    open_own_file,
    says_ready,
    server_name,
    take_data_folder,
)
from ingest.postgres.programs import (
    DiskFull,
    PostgresFailed,
    PostgresMissing,
    Programs,
    failure,
    find_programs,
    ordinary_account,
    route,
    system_failure,
)
from ingest.postgres.socket import place_socket, remove_socket

__all__ = [
    "OWNER",
    "SUPERUSER",
    "DataDirectoryInUse",
    "DiskFull",
    "EmbeddedPostgres",
    "PostgresFailed",
    "PostgresMissing",
    "PostgresPortTaken",
]

_LONGEST_LOG = 10_000_000  # bytes; a longer one is begun anew at a start
_LONG = 1.0  # seconds after which we say what we are waiting for
_STEP = 0.02  # seconds between two looks
_RECOVERING = (
    "Postgres was not stopped properly and is recovering; nothing is lost, it may take minutes ..."
)
_RESTORING = (
    "Postgres is being restored (recovery.signal or standby.signal lies in its folder): Meetpunt"
    " waits until that is done, and promotes nothing ..."
)
_STOPPED_AT_TARGET = (
    "Postgres in {} was restored up to its target and stopped there, for nobody said what then: set"
    " recovery_target_action to 'promote' to go on from there, or another target."
)


class PostgresPortTaken(Exception):
    """Something else listens on the port of 127.0.0.1 that was asked for."""


class EmbeddedPostgres:
    """One Postgres over one data folder, for as long as it is started."""

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        binaries: Path | None = None,
        settings: Mapping[str, str] | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> None:
        """`data` is made when absent. `port` (1..65535) also listens on 127.0.0.1; None: no TCP.

        `binaries` is the folder of another Postgres' programs than the wheel's; `settings` win over
        ours; `announce` is told in a sentence what takes longer than a second.
        """
        self.data = data.resolve()
        self.port = port
        self._cluster = self.data / "postgres"
        self._log = self.data / "postgres.log"
        self._binaries = binaries
        self._settings = dict(settings or {})
        self._announce = announce or _to_standard_error
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether our child process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def cluster(self) -> Path:
        """The folder of Postgres itself."""
        return self._cluster

    def programs(self) -> Programs:
        """The programs that this server is made of. Raises PostgresMissing."""
        return find_programs(self._binaries, ordinary_account(self._cluster))

    def start(self) -> None:
        """Start it, and return when it takes connections; does nothing when it runs already.

        May be called again after Postgres died under us. However long recovery takes, it is waited
        for. Raises DataDirectoryInUse, PostgresPortTaken, DiskFull, PostgresMissing or
        PostgresFailed; the data folder is then free again, unless it was ours already: then start
        may be tried again.
        """
        if self.running:
            return
        end = self.stop if self._lock is None else self._end_process
        try:
            self._start()
        except OSError as reason:
            end()
            raise system_failure(reason, self.data) from reason
        except BaseException:
            end()
            raise

    def stop(self) -> None:
        """End connections, write everything away, and return when Postgres is gone."""
        self._end_process()
        if self._lock is not None:
            remove_socket(self.data)
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        reason: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        """Where `role` finds `database`, through the socket; for asyncpg and for libpq.

        Also for another process than the one that started it. `role` is one of those made with the
        cluster: postgres, meetpunt_owner, meetpunt_ingest, meetpunt_folder, meetpunt_work. Raises
        PostgresFailed, also for one that a version before ours did not make: `serve` does.
        """
        known = passwords(self.data)
        if role not in known:
            raise PostgresFailed(
                f"The database in {self.data} was made by an older Meetpunt: start it once with"
                " 'meetpunt serve'."
            )
        return self._line(role, known[role], database, tcp=False)

    def reader_line(self, role: str, password: str) -> str:
        """The connection line of a reader: over 127.0.0.1 when there is a port, else the socket."""
        return self._line(role, password, DATABASE, tcp=self.port is not None)

    def _line(self, role: str, password: str, database: str, *, tcp: bool) -> str:
        who = f"{quote(role, safe='')}:{quote(password, safe='')}"
        if tcp:
            return f"postgresql://{who}@127.0.0.1:{self.port}/{quote(database, safe='')}"
        socket = (self.data / "socket").resolve()
        port = noted_port(self._cluster) or self.port or UNIX_PORT
        return f"postgresql://{who}@/{quote(database, safe='')}?host={socket}&port={port}"

    def _start(self) -> None:
        programs = self.programs()
        if self._lock is None:
            self._lock = take_data_folder(self.data)
        with open(open_own_file(self._log, os.O_APPEND), "ab") as log:
            former = FormerServer(self._cluster, log)
            self._wait(former.gone, "Waiting for a Postgres whose Meetpunt was killed ...")
            unclean = former.clear_note()
            if os.fstat(log.fileno()).st_size > _LONGEST_LOG:
                log.truncate(0)
            if not self._cluster.exists():
                self._announce(f"Making a new database in {self.data}; this happens once.")
                durable = self._settings.get("fsync") != "off"
                make_cluster(programs, self.data, self._cluster, durable=durable)
            self._check_cluster(programs)
            begin = os.fstat(log.fileno()).st_size
            before = note_mark(self._cluster)
            self._launch(programs, log)
        waiting = _RECOVERING if unclean else "Postgres is starting ..."
        self._wait(lambda: self._ready(begin, before), _RESTORING if self._restoring() else waiting)

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # Postgres' fast shutdown
            self._wait(
                lambda: process.poll() is not None, "Postgres is finishing its last writes ..."
            )

    def _check_cluster(self, programs: Programs) -> None:
        owner, account = self._cluster.stat().st_uid, programs.account
        if owner != (os.geteuid() if account is None else account.uid):
            raise PostgresFailed(
                f"The database in {self.data} belongs to another user (number {owner}):"
                " start Meetpunt as that user, or as root."
            )
        made_by = (self._cluster / "PG_VERSION").read_text().strip()
        if made_by != str(programs.version):
            raise PostgresFailed(
                f"The database in {self.data} was made by Postgres {made_by} and this is Postgres"
                f" {programs.version}: dump it with the old one and restore it with the new."
            )

    def _launch(self, programs: Programs, log: IO[bytes]) -> None:
        socket = place_socket(self.data, programs.account)
        arguments = server_arguments(programs, self._cluster, socket, self.port, self._settings)
        with route(self._cluster, programs.account) as (name, descriptors):
            self._process = subprocess.Popen(
                [
                    *(programs.folder / "postgres", "-D", name),
                    *("-c", f"cluster_name={server_name(self._cluster)}", *arguments),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=descriptors,
                **programs.options(),
            )

    def _ready(self, log_begin: int, before: tuple[int, int] | None) -> bool:
        process = self._process
        if process is None or process.poll() is not None:
            output = self._log.read_bytes()[log_begin:].decode(errors="replace")
            if self.port is not None and "Address already in use" in output:
                raise PostgresPortTaken(
                    f"Port {self.port} of 127.0.0.1 is taken by another program:"
                    " choose another with MEETPUNT_POSTGRES_PORT."
                )
            if self._restoring() and "at recovery target" in output:
                raise PostgresFailed(_STOPPED_AT_TARGET.format(self.data))
            raise failure(output, self.data)
        return says_ready(self._cluster, process.pid, before)

    def _restoring(self) -> bool:
        """Whether somebody restores here by hand, and has not finished."""
        return any((self._cluster / f"{kind}.signal").exists() for kind in ("recovery", "standby"))

    def _wait(self, finished: Callable[[], bool], sentence: str) -> None:
        begin, said = time.monotonic(), False
        while not finished():
            if not said and time.monotonic() - begin > _LONG:
                self._announce(sentence)
                said = True
            time.sleep(_STEP)


def _to_standard_error(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
