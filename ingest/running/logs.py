"""Write what happened as JSON lines on stderr, and nothing that could lead to a person.

Only the fields of `FIELDS` are written; any other is dropped, so that a token, an address, a user
agent, a path or an answer cannot slip in under a new name. Of an exception its class and our own
lines are written, never its message, which may hold the value that caused it.
"""

import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from ingest import __version__

Value = str | int | float | bool | None

FIELDS = {
    "action": "what was done, a verb: store, issue, migrate, start",
    "object_type": "to what: response, token, invitation, worker",
    "result": "how it ended: ok, refused, failed",
    "reason": "why, in the words of our own code",
    "municipality": "slug of the municipality",
    "touchpoint": "slug of the touchpoint",
    "channel": "balie, telefonie, online, melding, ...",
    "questionnaire": "code of the questionnaire",
    "actor": "which operator's command or API key acted, by its number or name, never a resident",
    "request_id": "random, and stored nowhere else",
    "duration_ms": "how long it took, in milliseconds",
    "status": "HTTP status",
    "count": "how many",
    "rows": "how many rows",
    "seconds": "how long it lasts or lasted, in seconds",
    "pause_seconds": "how long until it is tried again, in seconds",
    "worker": "number of the worker process, from 0",
    "workers": "how many worker processes",
    "pid": "process id",
    "signal": "name of a signal",
    "exit_code": "with which a process ended",
    "version": "of Meetpunt",
    "port": "on which we listen",
    "migration": "name of a migration",
    "setting": "name of a setting, never its value",
    "role": "of our own in the database, as which a process works",
    "kind": "which sort, from a fixed list",
    "logger": "which library spoke",
    "exception": "class of an exception",
    "at": "our lines that it passed, innermost first",
}
LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
MAX_CHARACTERS = 200

_PACKAGE = Path(__file__).resolve().parents[1]
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Tokens have 44 or 48 characters of this alphabet; nothing that we log on purpose has 40.
_LIKE_A_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")
_LOGGER = logging.getLogger("meetpunt")


def log(
    event: str,
    *,
    level: str = "info",
    exception: BaseException | None = None,
    **fields: Value,
) -> None:
    """Write one line about `event` (snake_case). Fields outside `FIELDS` are dropped in silence."""
    number = LEVELS[level]
    if _LOGGER.isEnabledFor(number):
        all_fields = {**fields, **_facts(exception)} if exception is not None else fields
        _LOGGER.log(number, event, extra={"meetpunt": all_fields})


def configure_logging(
    level: str = "info", *, stream: TextIO | None = None, **constants: Value
) -> None:
    """Send every log line of this process, and what ends it, through our formatter.

    `constants` are fields of every line, such as `worker`. Of libraries only warnings and errors
    are logged: the place in their code, without the text. uvicorn's access log is off, because a
    path holds a token.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(constants))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(LEVELS[level])
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


class JsonLines(logging.Formatter):
    """A record as one line of JSON: ts (UTC), level, event, then the allowed fields."""

    def __init__(self, constants: dict[str, Value] | None = None) -> None:
        super().__init__()
        self._constants = constants or {}

    def format(self, record: logging.LogRecord) -> str:
        """One line; control characters are replaced, so that no value can add a line or colours."""
        line: dict[str, Value] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        our_fields = getattr(record, "meetpunt", None)
        if our_fields is not None:
            line["event"] = _clean(str(record.msg))
        else:
            line["event"] = "library_spoke"
            our_fields = {"logger": record.name, "at": f"{record.module}:{record.lineno}"}
            if record.exc_info and record.exc_info[1] is not None:
                our_fields.update(_facts(record.exc_info[1]))
        for name, value in {**self._constants, **our_fields}.items():
            if name in FIELDS and value is not None and isinstance(value, str | int | float):
                line[name] = _clean(value) if isinstance(value, str) else value
        return json.dumps(line, ensure_ascii=True, separators=(",", ":"))


def _clean(text: str) -> str:
    text = _LIKE_A_TOKEN.sub("[hidden]", _CONTROLS.sub("?", text))
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def _facts(exception: BaseException) -> dict[str, Value]:
    """The classes of an exception and its causes, and the lines of our own code that it passed."""
    kinds: list[str] = []
    lines: list[str] = []
    link: BaseException | None = exception
    while link is not None and len(kinds) < 5:
        kinds.append(type(link).__qualname__)
        lines.extend(_our_lines(link.__traceback__))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return {"exception": " < ".join(kinds), "at": " < ".join(lines[:8]) or "not in our code"}


def _our_lines(trace: TracebackType | None) -> list[str]:
    places = []
    for frame, line in traceback.walk_tb(trace):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            module = ".".join(file.relative_to(_PACKAGE.parent).with_suffix("").parts)
            places.append(f"{module}:{line}")
    return places[::-1]


def _log_uncaught(
    kind: type[BaseException], exception: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log("uncaught_exception", level="error", exception=exception, version=__version__)


def _log_uncaught_in_thread(uncaught: threading.ExceptHookArgs) -> None:
    log("uncaught_exception", level="error", exception=uncaught.exc_value, kind="thread")


def _log_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    log("uncaught_exception", level="error", exception=unraisable.exc_value, kind="unraisable")
