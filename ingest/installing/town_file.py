"""The first file of a municipality: three touchpoints, to be read, changed and added to. Pure."""

from ingest.installing.wanted import Town

_FILE = """\
# {name}. `meetpunt check` shows every mistake with its line; deploy/example/README.md tells what
# else may stand here. A change comes into force by `meetpunt check`, `meetpunt migrate` and
# `systemctl restart meetpunt`.
code = "{code}"
slug = "{slug}"
name = "{name}"
# Municipalities that you compare with have the same word here.
region = "{region}"
languages = ["nl", "en"]
base_url = "https://{host}"
# Look whether these pages are there: they are linked below every survey.
privacy_url = "{site}/privacy"
accessibility_url = "{site}/toegankelijkheid"
contact_url = "{site}/contact"
allowed_origins = ["{site}"]

[touchpoints.balie]
number = 1
channel = "balie"
questionnaire = "balie"
version = 2
name.nl = "Balie"
name.en = "Desk"

[touchpoints.telefonie]
number = 2
channel = "telefonie"
questionnaire = "telefonie"
version = 2
name.nl = "Telefoon"
name.en = "Telephone"

[touchpoints.online]
number = 3
channel = "online"
questionnaire = "online"
version = 2
name.nl = "Website"
name.en = "Website"
"""


def town_file(town: Town, host: str) -> str:
    """The text of the file, for residents who reach Meetpunt at `host`."""
    return _FILE.format(
        name=town.name,
        code=town.code,
        slug=town.slug,
        region=town.region,
        host=host,
        site=town.site,
    )
