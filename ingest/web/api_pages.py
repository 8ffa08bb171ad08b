"""The pages for builders of clients: the whole document of the API, and one page for each problem.

They are in English, like the names in the JSON; the NL API Design Rules allow this. Each begins
with a sentence in Dutch, for a colleague at a municipality who was sent the address.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec

from ingest.asgi.compression import StaticPage, compressed
from ingest.asgi.messages import API_VERSION
from ingest.municipalities.house_style import HouseStyle, custom_properties
from ingest.pages.assets import Asset
from ingest.pages.templating import templates_of
from ingest.web.api_reading import Field, field, fields, in_lines, in_one_line, kind
from ingest.web.declaring import Route
from ingest.web.openapi import TAGS, openapi_document, problem_names
from ingest.web.problems import KINDS, problem
from ingest.web.walk import WALK

_HERE = Path(__file__).resolve().parent
_TEXTS = _HERE.parent / "texts" / "api" / "problems.toml"
_STYLE = Asset(
    "api",
    "css",
    "text/css; charset=utf-8",
    custom_properties(HouseStyle()) + (_HERE / "templates" / "api.css").read_text("utf-8"),
)
STYLES = {_STYLE.path.rpartition("/")[2]: _STYLE}
"""The style sheets of these pages, by name."""

_STYLESHEET = f"/static/api/{next(iter(STYLES))}"


class ApiDocument:
    """The document of these routes, in JSON and as pages; each made when first asked for."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = tuple(routes)
        self._problems: dict[str, StaticPage] = {}

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return openapi_document(self._routes)

    @cached_property
    def json(self) -> StaticPage:
        """The document as it is served."""
        return compressed(msgspec.json.encode(self.document), quickly=True)

    @cached_property
    def page(self) -> StaticPage:
        """All of it, for people."""
        document = self.document
        schemas = document["components"]["schemas"]
        return _rendered(
            "api.html",
            document=document,
            groups=_groups(document),
            answers={name: schema for name, schema in schemas.items() if name.startswith("Answer")},
            messages={
                name: (schema, tuple(fields(schema)))
                for name, schema in schemas.items()
                if not name.startswith("Answer")
            },
            headers=document["components"]["headers"],
            kinds=KINDS,
            texts=problem_texts(),
            walk=WALK,
            kind=kind,
            in_one_line=in_one_line,
        )

    def problem(self, name: str) -> StaticPage:
        """The page of a problem: what it means, and who can solve it how. May raise KeyError."""
        page = self._problems.get(name)
        if page is None:
            status, title, _ = KINDS[name]
            calls = [
                (route, route.call)
                for route in self._routes
                if route.call is not None and name in problem_names(route.call)
            ]
            page = self._problems[name] = _rendered(
                "problem.html",
                name=name,
                status=status,
                heading=title,
                explained=problem_texts()[name],
                calls=calls,
                all_calls=sum(route.call is not None for route in self._routes),
                example=in_lines(msgspec.to_builtins(problem(name))),
            )
        return page

    @staticmethod
    def no_such_problem() -> bytes:
        """The page for an unknown address under /problems/."""
        return _rendered("no_problem.html", kinds=KINDS).identity


def problem_texts() -> dict[str, dict[str, Any]]:
    """What the pages say of each problem, by name."""
    return _problem_texts()


@cache
def _problem_texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_TEXTS.read_text("utf-8"))


class _Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call, as the page shows it."""

    method: str
    path: str
    operation: dict[str, Any]
    parameters: tuple[tuple[str, Field], ...]
    body: str
    examples: tuple[tuple[str, str], ...]
    replies: tuple[tuple[str, dict[str, Any], str, str], ...]
    problems: tuple[tuple[int, str, str], ...]


def _groups(document: dict[str, Any]) -> Iterator[tuple[str, str, list[_Call]]]:
    """The calls of each tag."""
    calls = [
        _call(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    for name, words in TAGS.items():
        yield name, words, [call for call in calls if name in call.operation["tags"]]


def _call(method: str, path: str, operation: dict[str, Any]) -> _Call:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    replies, problems = [], []
    for status, reply in operation["responses"].items():
        if "application/problem+json" in reply.get("content", {}):
            names = reply["content"]["application/problem+json"]["examples"]
            problems += [(int(status), name, KINDS[name][1]) for name in names]
            continue
        json_content = reply.get("content", {}).get("application/json")
        schema_name = (
            json_content["schema"].get("$ref", "").rpartition("/")[2] if json_content else ""
        )
        replies.append(
            (status, reply, schema_name, in_lines(json_content["example"]) if json_content else "")
        )
    return _Call(
        method=method.upper(),
        path=path,
        operation=operation,
        parameters=tuple(
            (
                parameter["in"],
                field(
                    parameter["name"],
                    {**parameter["schema"], "description": parameter["description"]},
                    required=parameter["required"],
                ),
            )
            for parameter in operation.get("parameters", ())
        ),
        body=content["schema"]["$ref"].rpartition("/")[2] if content else "",
        examples=_examples(content) if content else (),
        replies=tuple(replies),
        problems=tuple(problems),
    )


def _examples(content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each with what it asks, in a few words; one that stands alone needs none."""
    if "example" in content:
        return (("", in_lines(content["example"])),)
    return tuple((one["summary"], in_lines(one["value"])) for one in content["examples"].values())


def _rendered(template: str, **shown: Any) -> StaticPage:
    page = _templates().get_template(template)
    html = page.render(stylesheet=_STYLESHEET, version=API_VERSION, **shown)
    # Made on the loop that serves residents: saving another tenth would take 0.1 second.
    return compressed(html.encode(), quickly=True)


@cache
def _templates() -> Any:
    return templates_of("ingest.web")
