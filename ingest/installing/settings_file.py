"""Settings as lines that systemd and a shell read alike. Pure."""

import re
from collections.abc import Mapping

_LINE = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)=(?P<quote>['\"]?)(?P<value>.*)(?P=quote)")


class ValueUnwritable(Exception):
    """A value that systemd and a shell would not read as the same."""


def line(name: str, value: str) -> str:
    """One setting, in single quotes. Raises ValueUnwritable."""
    if "'" in value or "\\" in value or not value.isprintable():
        raise ValueUnwritable(
            f"{name} holds a quote, a backslash or a sign that cannot be seen, and cannot stand in "
            "a file of settings."
        )
    return f"{name}='{value}'"


def read(text: str) -> dict[str, str]:
    """Name -> value of every setting in the text."""
    matches = (_LINE.fullmatch(each.strip()) for each in text.splitlines())
    return {match["name"]: match["value"] for match in matches if match}


def with_values(text: str, values: Mapping[str, str | None]) -> str:
    """The text with these values: in the place of what it says of them, else at its end.

    None takes a setting out. What else stands there stays, comments too. Raises ValueUnwritable.
    """
    left = dict(values)
    lines: list[str] = []
    for each in text.splitlines():
        match = _LINE.fullmatch(each.strip())
        if match is None or match["name"] not in values:
            lines.append(each)
        elif (value := left.pop(match["name"], None)) is not None:
            lines.append(line(match["name"], value))
    lines += [line(name, value) for name, value in left.items() if value is not None]
    return "".join(f"{each}\n" for each in lines)
