"""The municipality with its own sender's log, at several speeds, as a table: see `sent`."""

from collections.abc import Callable, Iterator

from ingest.tokens.keys import Keys
from tests.attacks.sent import Found, found_with_log

# Contacts a day, and for how many days; a month where there are few.
_SPEEDS, _SHORT = ((5, 30), (20, 10)), ((20, 3),)


def all_logged(keys: Keys, *, short: bool) -> Iterator[Found]:
    """Five a day for a month, and twenty; or a little of it."""
    for per_day, days in _SHORT if short else _SPEEDS:
        yield found_with_log(keys, per_day=per_day, days=days)


_COLUMNS: dict[str, Callable[[Found], str]] = {
    "the sender's log: sent a day": lambda it: str(it.per_day),
    "sent": lambda it: str(it.sent),
    "answered": lambda it: str(it.answered),
    "answers read": lambda it: str(it.published.rows),
    "tied": lambda it: f"{it.published.rows_right:.1f}",
    "chance": lambda it: f"{it.published.chance:.1%}",
    "by lots": lambda it: f"{it.lots.chance:.1%}",
    "knowing who answered": lambda it: f"{it.links.chance:.1%}",
    "texts read": lambda it: str(it.published.texts),
    "texts tied": lambda it: f"{it.published.texts_right:.1f}",
    "tables read: answers": lambda it: f"{it.raw.chance:.1%}",
    "texts": lambda it: f"{it.raw.texts_chance:.1%}",
    "not sent: want no messages": lambda it: f"{it.wanted_none} of {it.not_sent}",
    "spent links: told by opening": lambda it: f"{len(it.spent.telling)} of {it.spent.tries} ways",
    "told by answering": lambda it: f"{it.spent.found} of {it.spent.used}",
    "answers taken away": lambda it: str(it.spent.taken),
}


def table(lines: list[Found]) -> str:
    """As Markdown, a line a speed."""
    head = (f"| {' | '.join(_COLUMNS)} |", f"|{'---:|' * len(_COLUMNS)}")
    rows = (f"| {' | '.join(cell(line) for cell in _COLUMNS.values())} |" for line in lines)
    return "\n".join((*head, *rows))
