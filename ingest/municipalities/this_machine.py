"""Which addresses of a municipality's file lead to the machine that the service runs on.

They are called only where its administrator lets them (`MEETPUNT_LOOPBACK=1`): what listens there
alone, such as a proxy's own settings, trusts whoever can reach it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.web_addresses import is_this_machine
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality

type_of_place = tuple[str | int, ...]

_WARNING = (
    "leads to this machine itself, which is called only where the settings of the service say "
    "MEETPUNT_LOOPBACK=1"
)


def leading_here(catalogue: Catalogue, config: Path) -> Iterator[Finding]:
    """A warning at each line that names this machine. `config` is the folder of the files."""
    for slug, municipality in catalogue.municipalities.items():
        for place in leads_here(municipality):
            yield read_toml(config / f"{slug}.toml").finding(place, _WARNING)


def leads_here(municipality: Municipality) -> Iterator[type_of_place]:
    """The places in its file of what names this machine; a name may turn out to be it as well."""
    for place, url in _called(municipality).items():
        try:
            host = urlsplit(url).hostname
        except ValueError:
            continue
        if host and is_this_machine(host):
            yield place


def _called(here: Municipality) -> Mapping[type_of_place, str]:
    called: dict[type_of_place, str] = {
        ("senders", name, "url"): each.url for name, each in here.senders.items()
    }
    if here.cases:
        for key in ("zaken_url", "catalogi_url", "notificaties_url"):
            called["cases", key] = getattr(here.cases, key)
    if here.contacts:
        called["contacts", "url"] = here.contacts.url
    if here.signalen:
        called["signalen", "url"] = here.signalen.url
    webhook = here.signals.push.webhook if here.signals else None
    if webhook:
        called["signals", "webhook", "url"] = webhook.url
    return called
