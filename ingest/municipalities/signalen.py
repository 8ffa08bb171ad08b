"""Signalen, where a municipality's reports about public space are: `[signalen]` in its file."""

import re
import reprlib
from collections.abc import Sequence

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, line_fault
from ingest.files.web_addresses import address_fault, origin_fault
from ingest.municipalities.touchpoints import Touchpoint

SOLVED = "Het probleem is verholpen"
UNSOLVED = "Er is niets met mijn melding gedaan"

_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


class Signalen(msgspec.Struct, frozen=True, kw_only=True):
    """The Signalen of a municipality.

    `url` is the base of its API, without a slash at the end; `site` is where residents report, as
    it stands in the links of its mails. `touchpoints` are the slugs of those that ask reporters.
    `solved` and `unsolved` are standard answers there, letter by letter: what is written back of
    somebody whose report was solved, or was not.
    """

    url: str
    site: str
    touchpoints: tuple[str, ...]
    solved: str = SOLVED
    unsolved: str = UNSOLVED
    private_network: bool = False


def read_signalen(table: Table) -> Signalen | None:
    """The table `[signalen]`; None where the file has none."""
    if not table.holds("signalen"):
        return None
    inside = table.table("signalen")
    signalen = Signalen(
        url=inside.text("url", _url_fault).rstrip("/"),
        site=inside.text("site", origin_fault),
        touchpoints=inside.texts("touchpoints", lambda _: None),
        solved=inside.text_or_none("solved", _answer_fault) or SOLVED,
        unsolved=inside.text_or_none("unsolved", _answer_fault) or UNSOLVED,
        private_network=inside.truth("private_network"),
    )
    if signalen.solved == signalen.unsolved:
        inside.fault("`solved` and `unsolved` must be two different answers", "unsolved")
    inside.close()
    return signalen


def signalen_faults(
    signalen: Signalen | None, touchpoints: Sequence[Touchpoint]
) -> list[tuple[tuple[str | int, ...], str]]:
    """What does not fit the touchpoints of the same file: the place, and a sentence."""
    known = {each.slug: each for each in touchpoints}
    faults: list[tuple[tuple[str | int, ...], str]] = []
    for index, slug in enumerate(signalen.touchpoints if signalen else ()):
        place = ("signalen", "touchpoints", index)
        if slug not in known:
            told = f"there is no touchpoint {reprlib.repr(slug)}{did_you_mean(slug, known)}"
            faults.append((place, told))
        elif known[slug].channel != "melding":
            told = f"{slug} is of channel {known[slug].channel}, and reports are of `melding`"
            faults.append((place, told))
    return faults


def _url_fault(url: str) -> str | None:
    if fault := address_fault(url):
        return fault
    path = url.split("://", 1)[1].partition("/")[2]
    if not _PATH.fullmatch(f"/{path}".rstrip("/")) or "/v1" in f"/{path}":
        told = "the address of the API before /v1, such as https://api.molensloot.example/signals"
        return f"must be {told}, not {reprlib.repr(url)}"
    return None


def _answer_fault(answer: str) -> str | None:
    if fault := line_fault(answer):
        return fault
    # Signalen compares letter by letter, after it took off what is around it.
    return "must not begin or end with a space" if answer != answer.strip() else None
