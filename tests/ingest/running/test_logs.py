"""Log lines tell what happened and never who, in one line of JSON each."""

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from ingest.questionnaires import questionnaire as questionnaires
from ingest.running.logs import FIELDS, MAX_CHARACTERS, configure_logging, log

TOKEN = "kX9vQ2mB7rT4yU8iO1pA5sD6fG3hJ0kL-zC_vN2bM4wE"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    stream = io.StringIO()
    configure_logging("info", stream=stream, worker=1)
    yield stream
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers[:], level = before
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_how_bad_and_what(stream: io.StringIO) -> None:
    log("response_stored", municipality="molensloot", duration_ms=1.5, count=3)

    (line,) = lines(stream)
    assert str(line.pop("ts")).endswith("+00:00")
    assert line == {
        "level": "info",
        "event": "response_stored",
        "worker": 1,
        "municipality": "molensloot",
        "duration_ms": 1.5,
        "count": 3,
    }


def test_a_field_that_is_not_on_the_list_is_dropped(stream: io.StringIO) -> None:
    log("opened", token="x", address="192.0.2.7", user_agent="curl", path="/v/x", answer="goed")

    assert set(lines(stream)[0]) == {"ts", "level", "event", "worker"}


def test_the_list_names_nothing_that_leads_to_a_person() -> None:
    forbidden = {"token", "address", "ip", "client", "user_agent", "path", "url", "answer", "text"}

    assert not forbidden & set(FIELDS)


def test_what_looks_like_a_token_is_hidden_in_any_field(stream: io.StringIO) -> None:
    log("refused", reason=f"no such page /v/{TOKEN}")

    assert TOKEN not in stream.getvalue()
    assert lines(stream)[0]["reason"] == "no such page /v/[hidden]"


def test_a_value_cannot_start_a_line_or_colour_the_terminal(stream: io.StringIO) -> None:
    log("refused", reason='a\n{"event":"forged"}\r\x1b[31mred\x9b\u2028\u202e\x7f')

    assert stream.getvalue().count("\n") == 1
    assert lines(stream)[0]["reason"] == 'a?{"event":"forged"}??[31mred????'


def test_a_long_value_is_cut(stream: io.StringIO) -> None:
    log("refused", reason="ab " * 1000)

    assert len(str(lines(stream)[0]["reason"])) == MAX_CHARACTERS


def test_values_that_are_not_plain_are_dropped(stream: io.StringIO) -> None:
    log("refused", reason=["Jansen"])  # type: ignore[arg-type]

    assert "reason" not in lines(stream)[0]


def test_an_exception_is_its_class_and_our_lines(stream: io.StringIO) -> None:
    def fail() -> None:
        try:
            questionnaires.load_questionnaire(None)  # type: ignore[arg-type]
        except TypeError as cause:
            raise ValueError("Jansen, 0612345678") from cause

    with pytest.raises(ValueError, match="Jansen") as caught:
        fail()
    log("broke", level="error", exception=caught.value)

    (line,) = lines(stream)
    assert line["exception"] == "ValueError < TypeError"
    assert str(line["at"]).startswith("ingest.")
    assert "Jansen" not in stream.getvalue()


def test_a_library_is_heard_without_its_words(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error("GET /v/%s failed", TOKEN)
    logging.getLogger("uvicorn.error").info("chatter")
    logging.getLogger("uvicorn.access").info("GET /v/%s", TOKEN)
    try:
        int("Jansen")
    except ValueError:
        logging.getLogger("asyncpg").exception("query failed for Jansen")

    first, second = lines(stream)
    assert (first["event"], first["logger"]) == ("library_spoke", "uvicorn.error")
    assert str(first["at"]).startswith("test_logs:")
    assert second["exception"] == "ValueError"
    assert "Jansen" not in stream.getvalue()
    assert TOKEN[:20] not in stream.getvalue()


def test_below_the_level_nothing_is_written(stream: io.StringIO) -> None:
    log("detail", level="debug")

    assert lines(stream) == []


def test_what_ends_the_process_is_a_line_too() -> None:
    code = (
        "from ingest.running.logs import configure_logging\n"
        "configure_logging(worker=3)\n"
        "raise ValueError('Jansen')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30
    )

    assert ended.returncode == 1
    line = json.loads(ended.stderr)
    assert (line["event"], line["exception"], line["worker"]) == (
        "uncaught_exception",
        "ValueError",
        3,
    )
    assert "Jansen" not in ended.stderr
