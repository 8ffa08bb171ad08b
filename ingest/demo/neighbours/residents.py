"""Residents who do not exist: nobody is called or written to, as messages become files."""

from datetime import datetime, timedelta
from secrets import randbelow, token_hex

from ingest.clock import AMSTERDAM

ON_A_LIST = 10
_PRODUCTS = ("paspoort", "rijbewijs", "verhuizing")


def made_up_number() -> str:
    """A mobile number, another each time: nobody is asked twice within so many days."""
    return f"+3161{randbelow(10_000_000):07}"


def made_up_address() -> str:
    """A mail address, another each time, at a name that the internet keeps for examples."""
    return f"melder-{token_hex(4)}@kade.example"


def list_of_residents(now: datetime) -> str:
    """Ten who called shortly before `now`, as a spreadsheet saves them; others each time."""
    lines = ["recipient;ended_at;dimensions"]
    for place in range(ON_A_LIST):
        ended_at = (now - timedelta(minutes=3 * place)).astimezone(AMSTERDAM)
        product = _PRODUCTS[place % len(_PRODUCTS)]
        lines.append(f"{made_up_number()};{ended_at:%Y-%m-%d %H:%M};product={product}")
    return "\n".join(lines) + "\n"
