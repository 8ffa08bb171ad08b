"""What Molensloot's file says in a played day: whom it hears of, and that it asks each time."""

from collections.abc import Mapping
from pathlib import Path

from tests.neighbours.open_klant import ROOT as KLANT_ROOT
from tests.neighbours.open_klant import TOKEN
from tests.neighbours.openzaak import CLIENT
from tests.neighbours.openzaak import SECRET as ZAAK_SECRET
from tests.neighbours.signalen import ROOT as SIGNALEN_ROOT
from tests.neighbours.signalen import SITE
from tests.notifying import SECRET, secret_file
from tests.system.played_neighbours import CASE_TYPE

# Two days later, so that what is opened again can be taken back; and nobody is spared, or somebody
# who is asked twice would not be seen.
_MORE = """
[touchpoints.vergunning.invitations]
sender = "proef"
wait_minutes = 2880
hours = "08:00-21:00"
days = ["ma", "di", "wo", "do", "vr", "za", "zo"]
on_holidays = true
text.nl = "Zaak: {{link}}"

[touchpoints.terugbelverzoek.invitations]
sender = "proef"
wait_minutes = 2880
hours = "08:00-21:00"
days = ["ma", "di", "wo", "do", "vr", "za", "zo"]
on_holidays = true
text.nl = "Gesprek: {{link}}"

[notifications]
key_file = "{told_key}"

[cases]
zaken_url = "{zaak}/zaken/api/v1"
catalogi_url = "{zaak}/catalogi/api/v1"
client_id = "{client}"
key_file = "{zaak_key}"
private_network = true
types = {{ {case_type} = "vergunning" }}

[contacts]
url = "{klant}"
key_file = "{klant_key}"
private_network = true
queues = {{ "*" = "terugbelverzoek" }}

[contacts.callbacks]
touchpoint = "terugbelverzoek"

[signalen]
url = "{signalen}"
site = "{site}"
touchpoints = ["melding"]
private_network = true
"""


def write_file(file: Path, urls: Mapping[str, str]) -> None:
    """Add to this file of the example where each neighbour is; keys lie beside its folder."""
    written = file.read_text("utf-8").replace("not_again_days = 90", "not_again_days = 0")
    folder = file.parent.parent
    more = _MORE.format(
        zaak=urls["zaak"],
        klant=f"{urls['klant']}{KLANT_ROOT}",
        signalen=f"{urls['signalen']}{SIGNALEN_ROOT}",
        told_key=secret_file(folder, "told.key", SECRET),
        zaak_key=secret_file(folder, "zaak.key", ZAAK_SECRET),
        klant_key=secret_file(folder, "klant.key", TOKEN),
        client=CLIENT,
        case_type=CASE_TYPE,
        site=SITE,
    )
    file.write_text(f"{written}{more}", "utf-8")
