"""The examples for proxies ask what the service answers, and each of the two questions."""

import re
from pathlib import Path

import pytest

from ingest.web import operators

EXAMPLES = Path(__file__).parents[1] / "deploy"


@pytest.mark.parametrize("example", ["haproxy/haproxy.cfg", "chart/templates/serve.yaml"])
def test_what_an_example_asks_is_answered(example: str) -> None:
    text = (EXAMPLES / example).read_text("utf-8")
    asked = set(re.findall(r"(?:uri|path:) (/\S+)", text))
    answered = {route.path for route in operators.ROUTES}
    assert "/readyz/pages" in asked
    assert asked <= answered


def test_a_copy_is_left_alone_before_it_stops() -> None:
    text = (EXAMPLES / "haproxy" / "haproxy.cfg").read_text("utf-8")
    # One question that fails is enough, and five seconds are what a copy drains by default.
    assert text.count("check inter 1s fall 1 ") == text.count("default-server") == 2
