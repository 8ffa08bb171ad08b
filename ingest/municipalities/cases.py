"""Where a municipality's cases are, and what is asked when one is closed: `[cases]` in its file.

Cases are in Open Zaak, or another that keeps the Dutch standards for them. The secret lies in a
file of its own (`key_file`).
"""

import re
import reprlib

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, line_fault
from ingest.files.web_addresses import address_fault
from ingest.municipalities.connecting import Ends, Queue, ends_of, path_fault, read_end

CONFIDENTIALITY = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)
"""How confidential a case can be, the least first, in the words of the standard."""

_REST = re.compile(r"https?://[^/?#]+(?:/[A-Za-z0-9._~-]+)*")


class Cases(msgspec.Struct, frozen=True, kw_only=True):
    """Where the cases of a municipality are, and where each type of them leads.

    The addresses are those of APIs, up to and with their version: `https://host/zaken/api/v1`.
    `notificaties_url` is needed by `meetpunt connect` alone. `types` leads from the identification
    of a type of case to the touchpoint that asks when such a case is closed; `phases` leads from
    there, by the name of a type of status, to those that ask before that. A case that is more
    confidential than `most_confidential` asks nobody anything, and nor does one of another than
    `organisations`, by their RSIN; none: every case there is the municipality's.
    """

    zaken_url: str
    catalogi_url: str
    client_id: str
    key_file: str
    notificaties_url: str = ""
    private_network: bool = False
    most_confidential: str = CONFIDENTIALITY[0]
    organisations: tuple[str, ...] = ()
    types: dict[str, Queue] = {}
    phases: dict[str, dict[str, Queue]] = {}


def read_cases(table: Table) -> Cases | None:
    """Read `[cases]` of a municipality; None where it is left out."""
    if not table.holds("cases"):
        return None
    inside, ends = table.table("cases"), ends_of(table)
    cases = Cases(
        zaken_url=inside.text("zaken_url", api_fault),
        catalogi_url=inside.text("catalogi_url", api_fault),
        notificaties_url=inside.text_or_none("notificaties_url", api_fault) or "",
        client_id=inside.text("client_id", line_fault),
        key_file=inside.text("key_file", path_fault),
        private_network=inside.truth("private_network"),
        most_confidential=inside.text_or_none("most_confidential", _confidentiality_fault)
        or CONFIDENTIALITY[0],
        organisations=inside.texts("organisations", _rsin_fault, ()),
        types=_read_ends(inside.table("types"), ends),
        phases={name: _read_ends(each, ends) for name, each in inside.tables("phases")},
    )
    if not cases.types and not cases.phases:
        told = "`types` is missing: it leads from each type of case to a touchpoint"
        inside.fault(told, "types")
    if cases.notificaties_url and not table.holds("notifications"):
        told = "who notifies shows a key: `[notifications]` names its file, and is missing"
        inside.fault(told, "notificaties_url")
    inside.close()
    return cases


def api_fault(url: str) -> str | None:
    """Why this is no address of an API that others' paths come after; None when it is one."""
    if fault := address_fault(url):
        return fault
    if _REST.fullmatch(url):
        return None
    told = "an address up to and with the version, without a slash at its end or a query"
    return f"must be {told}, such as https://openzaak.molensloot.example/zaken/api/v1, not " + (
        reprlib.repr(url)
    )


def _read_ends(table: Table, ends: Ends) -> dict[str, Queue]:
    for name in table.values:
        if fault := line_fault(name):
            table.fault(f"this name {fault}", name)
    return {name: read_end(table, name, ends) for name in table.values}


def _rsin_fault(number: str) -> str | None:
    if re.fullmatch(r"[0-9]{9}", number):
        return None
    return f"must be an RSIN of nine digits, as in `bronorganisatie`, not {reprlib.repr(number)}"


def _confidentiality_fault(word: str) -> str | None:
    if word in CONFIDENTIALITY:
        return None
    known = ", ".join(CONFIDENTIALITY)
    return f"must be one of {known}, not {reprlib.repr(word)}{did_you_mean(word, CONFIDENTIALITY)}"
