"""A page of residents, from its template to its bytes."""

from functools import cache

from jinja2 import Environment

from ingest.pages.templating import templates_of


def render(template: str, **shown: object) -> bytes:
    """The page of this template."""
    # What was typed can hold half a surrogate pair, which has no place in UTF-8.
    return _templates().get_template(template).render(**shown).encode("utf-8", "replace")


@cache
def _templates() -> Environment:
    return templates_of("ingest.pages")
