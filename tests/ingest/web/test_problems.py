"""One table is the whole error API: no fact reaches the edge without a name of its own."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import ingest
from ingest.asgi.json_bodies import BodyUnreadable
from ingest.asgi.messages import InvalidParam
from ingest.asgi.rate_limits import TooManyRequests
from ingest.responses.answers import AnswersRejected, Reason
from ingest.responses.writer import WriterUnavailable
from ingest.web.openapi import problem_names
from ingest.web.problems import KINDS, NAMES, Refused, problem, problem_of, retry_after_seconds
from ingest.web.table import ROUTES

# Facts of these modules stop the start, a command or a task: a request never meets them.
BEFORE_SERVING = frozenset(
    {
        "backup.moments",
        "backup.restoring",
        "backup.sealing",
        "backup.shelf",
        "backup.writing",
        "clock",
        "reporting.base_years",
        "reporting.export",
        "reporting.export_formats",
        "database.readers",
        "database.service_role",
        "running.addresses",
        "postgres.server",
        "files.findings",
        "installing.files",
        "installing.machine",
        "installing.roles",
        "installing.settings_file",
        "installing.writing",
        "files.secret_files",
        "files.csv_lists",
        "municipalities.house_style",
        "municipalities.invitation_texts",
        "outgoing.client",
        "outgoing.connecting",
        "senders.mail",
        "senders.senders",
        "tokens.keys",
        "kiosk.enrolment",
        "database.migrate",
        "database.turns",
        "postgres.folder",
        "postgres.programs",
        "questionnaires.publication",
        "questionnaires.questionnaire",
        "settings",
        "running.supervisor",
        "tasks.leases",
        "texts.language_files",
        "texts.text_messages",
        "themes.patterns",
        "themes.publication",
        "widget.bundle",
    }
)
# Facts that a request can meet and that end before it is answered.
ENDS_EARLIER = {
    "CannotTell": "the answer is kept without asking, or refused; who tells reports tries again",
    "DepartmentUnknown": "only the command that writes a report is asked for one",
    "ClientGone": "nobody is left to answer",
    "FormUnreadable": "a page for residents says it; no program sends such a form",
    "LinkRefused": "a page for residents says it; no program uses such a link",
    "LogoRefused": "becomes a finding about the municipality's file",
    "NoReader": "the command and the task that write reports say it",
    "NoTokens": "only the command that makes a house style reads such a file",
    "NotNow": "the task that follows notifications asks again",
    "NotTold": "the task that tells of signals tells it again",
    "NotYet": "the task that follows notifications looks again then",
    "NotReplicated": "whoever lends the connection tells it as WriterUnavailable",
    "OptOutLinkForged": "becomes the one page of what is not found",
    "RecipientUnusable": "told of one item, beside those that are taken",
    "SealBroken": "only who sends opens what is sealed",
    "ResponseKnown": "the intake answers it: a retry, or a conflict",
    "ValueRefused": "becomes a reason of AnswersRejected",
}


def facts() -> Iterator[type[Exception]]:
    """Every exception class that a module of ours defines, commands and demo left out."""
    for module in pkgutil.walk_packages(ingest.__path__, "ingest."):
        if module.name.startswith(("ingest.commands", "ingest.demo", "ingest.__main__")):
            continue
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, Exception) and found.__module__ == module.name:
                yield found


FACTS = {
    fact.__name__: fact
    for fact in facts()
    if not fact.__name__.startswith("_")
    and fact.__module__.removeprefix("ingest.") not in BEFORE_SERVING
}


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_a_row_or_ends_earlier(name: str) -> None:
    assert (FACTS[name] in {Refused, *NAMES}) != (name in ENDS_EARLIER), (
        f"Give {name} a row in NAMES, or say in ENDS_EARLIER where it ends"
    )


def test_nothing_that_is_gone_is_still_listed() -> None:
    assert not ENDS_EARLIER.keys() - FACTS.keys()
    assert not BEFORE_SERVING - {fact.__module__.removeprefix("ingest.") for fact in facts()}


def test_every_row_gives_a_problem_of_the_table() -> None:
    facts = [
        Refused("not-found"),
        AnswersRejected([Reason(name="cijfer", code="required", reason="An answer is needed.")]),
        BodyUnreadable((InvalidParam(name="version", code="wrong-type", reason="No."),)),
        TooManyRequests("tokens-by-address", 3),
        WriterUnavailable("queue-full"),
    ]
    plain = [fact() for fact in NAMES if fact.__init__ is Exception.__init__]
    for fact in (*facts, *plain):
        told = problem_of(fact)
        assert (told.status, told.title) == KINDS[told.type.removeprefix("/problems/")][:2]
        assert told.type != "/problems/internal"


def test_every_kind_can_happen() -> None:
    """Some route says so; that it does not say too much is what its own tests show."""
    calls = [route.call for route in ROUTES if route.call is not None]
    assert {name for call in calls for name in problem_names(call)} == set(KINDS)


def test_kinds_are_in_order_of_their_status_and_say_what_to_do() -> None:
    statuses = [status for status, _, _ in KINDS.values()]
    assert statuses == sorted(statuses)
    for name, (_, title, advice) in KINDS.items():
        assert name == name.lower().replace("_", "-")
        assert advice.endswith(".")
        assert not title.endswith(".")


def test_what_is_not_foreseen_says_nothing_of_itself() -> None:
    told = problem_of(ValueError("the secret"))
    assert told == problem("internal")
    assert "secret" not in repr(told)


def test_every_reason_of_a_body_is_told() -> None:
    reasons = [Reason(name=name, code="required", reason="Needed.") for name in ("a", "b")]
    told = problem_of(AnswersRejected(reasons))
    assert [param.name for param in told.invalid_params] == ["a", "b"]


@pytest.mark.parametrize(
    ("fact", "seconds"),
    [
        (TooManyRequests("tokens-by-address", 7), 7),
        (WriterUnavailable("queue-full", retry_after_seconds=0), 1),
        (Refused("not-found"), None),
    ],
)
def test_what_passes_says_when(fact: Exception, seconds: int | None) -> None:
    assert retry_after_seconds(fact) == seconds
