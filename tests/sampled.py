"""What tests of samples share: ids of tokens on both sides, and a questionnaire with a sample."""

from secrets import token_bytes

from ingest.questionnaires.items import AskIf, Item, Option

IN, OUT = b"\0\0\0\0", b"\xff\xff\xff\xff"
"""How an id begins of somebody who is asked, and of somebody who is not, however many are asked."""


def an_id(*, sampled: bool) -> bytes:
    """A random id of a token."""
    return (IN if sampled else OUT) + token_bytes(12)


def _options(*codes: str) -> tuple[Option, ...]:
    return tuple(Option(code=code, label={"nl": code}) for code in codes)


def before(instead_of: str | None, asked_of: int | None = 10) -> Item:
    """The item that is asked of one in so many."""
    return Item(
        code="eerder",
        kind="choice",
        asked_of=asked_of,
        instead_of=instead_of,
        text={"nl": "Hebt u dit eerst op een andere manier geprobeerd?"},
        options=_options("nee", "website", "balie"),
    )


WHY = Item(
    code="eerder_reden",
    kind="choice",
    ask_if=AskIf(item="eerder", values=("website", "balie")),
    text={"nl": "Waarom was dat niet genoeg?"},
    options=_options("werkte_niet", "anders"),
)
