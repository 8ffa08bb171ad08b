"""Choose the language of a reply: the requested one, else the browser's, else the first."""

from collections.abc import Sequence
from functools import lru_cache


def choose_language(
    offered: Sequence[str], *, requested: str | None = None, accept_language: str = ""
) -> str:
    """One of `offered`. `requested` is `?lang=`; `accept_language` is that header (RFC 9110)."""
    if requested in offered:
        return requested  # type: ignore[return-value]  # a member of offered is a str
    if accept_language:
        for language in _by_preference(accept_language[:200]):
            if language in offered:
                return language
    return offered[0]


@lru_cache(maxsize=512)
def _by_preference(accept_language: str) -> tuple[str, ...]:
    weighed = []
    for place, part in enumerate(accept_language.split(",")):
        tag, _, parameters = part.strip().partition(";")
        weight = 1.0
        name, _, value = parameters.strip().partition("=")
        if name == "q":
            try:
                weight = float(value)
            except ValueError:
                continue
        if weight > 0:
            weighed.append((-weight, place, tag.strip().lower().partition("-")[0]))
    return tuple(language for _, _, language in sorted(weighed))
