"""The table of routes: what a handler can be refused with stands beside it, and nothing is lost."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.service import Options, Service
from ingest.tokens.keys import Keys
from ingest.web.declaring import Route
from ingest.web.openapi import problem_names
from ingest.web.problems import KINDS, NAMES
from ingest.web.table import ROUTES, litestar_handlers
from tests.ingest.web.test_problems import ENDS_EARLIER

CALLS = [route for route in ROUTES if route.call is not None]
NAME_OF = {fact.__name__: name for fact, name in NAMES.items()}
# No refusals: by then a language is one of the touchpoint's own.
NO_REFUSAL = {*ENDS_EARLIER, "LanguageUnknown", "Raises"}


@pytest.fixture(scope="module")
def service(catalogue: Catalogue, keys: Keys) -> Service:
    return Service(catalogue=catalogue, keys=keys, database_url="", options=Options())


def facts_in(docstring: str | None) -> Iterator[str]:
    """The exceptions of ours that a docstring says are raised."""
    for sentence in re.findall(r"Raises (.*?)\.(?:\s|$)", docstring or "", re.DOTALL):
        yield from re.findall(r"\b[A-Z][a-z]+[A-Z]?\w*", sentence)


def refusals(handler: Any, service: Service, met: set[Any] | None = None) -> Iterator[str]:
    """The names of problems that a handler leads to: its own words, and those of what it calls.

    Functions of the web are followed; what they call of other rooms says for itself what it raises.
    """
    met = set() if met is None else met
    function = inspect.unwrap(handler)
    if function in met:
        return
    met.add(function)
    for name in facts_in(function.__doc__):
        if name not in NO_REFUSAL:
            yield NAME_OF[name]
    if not function.__module__.startswith("ingest.web."):
        return
    source = textwrap.dedent(inspect.getsource(function))
    yield from re.findall(r'raise Refused\("([a-z-]+)"', source)
    around = {**function.__globals__, "service": service}
    if isinstance(handler, MethodType):
        around["self"] = handler.__self__
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = _called(ast.unparse(node.func), around)
            if called is not None:
                yield from refusals(called, service, met)


def _called(expression: str, around: dict[str, Any]) -> Callable[..., Any] | None:
    try:
        found = eval(expression, around)
    except Exception:
        return None  # of a value that only a request has
    if not isinstance(found, FunctionType | MethodType):
        return None
    return found if found.__module__.startswith("ingest.") else None


def handler(route: Route, service: Service) -> Callable[..., Any]:
    if route.answer is not None:
        return route.answer
    assert route.hot is not None
    return route.hot(service)


def id_of(route: Route) -> str:
    assert route.call is not None
    return route.call.id


@pytest.mark.parametrize("route", CALLS, ids=id_of)
def test_what_a_handler_or_its_domain_refuses_is_declared_beside_it(
    route: Route, service: Service
) -> None:
    assert route.call is not None
    led_to = set(refusals(handler(route, service), service))
    missing = led_to - set(problem_names(route.call))
    assert not missing, f"{route.call.id} does not declare {sorted(missing)}"


def test_the_looking_finds_what_it_looks_for(service: Service) -> None:
    """Through a use case, a reader of bodies, a helper: or the test above would never fail."""
    found = {id_of(route): set(refusals(handler(route, service), service)) for route in CALLS}
    assert {"token-spent", "answers-rejected", "body-too-large"} <= found["submitResponse"]
    assert {"idempotency-conflict", "idempotency-key-missing"} <= found["makeInvitations"]
    assert {"origin-not-allowed", "too-many-requests"} <= found["getTouchpoint"]
    assert {"signature-refused", "kiosk-unknown"} <= found["syncKiosk"]
    assert "completion-too-late" in found["completeResponse"]


def test_every_problem_that_is_declared_has_a_row() -> None:
    for route in CALLS:
        assert route.call is not None
        for refusal in route.call.refusals:
            assert refusal in KINDS or refusal in NAMES, (id_of(route), refusal)


def test_a_route_has_one_row_and_one_who_answers() -> None:
    rows = [(route.method, re.sub(r"\{\w+\}", "{}", route.path)) for route in ROUTES]
    assert len(rows) == len(set(rows))
    for route in ROUTES:
        assert (route.answer is None) != (route.hot is None), route.path


def test_what_is_hot_does_not_come_to_litestar() -> None:
    paths = {path for handler in litestar_handlers(ROUTES) for path in handler.paths}
    assert not [r.path for r in ROUTES if r.hot and r.path.replace("}", ":str}") in paths]
    assert paths == {r.path.replace("}", ":str}") for r in ROUTES if r.answer}
