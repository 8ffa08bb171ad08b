"""Questionnaires for tests: built in memory, or written as the files that people edit."""

from pathlib import Path
from typing import Any

from ingest.questionnaires.items import Item
from ingest.questionnaires.questionnaire import Questionnaire

DUTCH = """\
code = "balie"
version = 1
status = "draft"
title.nl = "Hoe was uw bezoek?"

[[items]]
code = "cijfer"
kind = "mark"
indicator = "tevredenheid"
required = true
text.nl = "Welk cijfer geeft u?"
low.nl = "heel slecht"
high.nl = "uitstekend"

[[items]]
code = "onderwerp"
kind = "choice"
text.nl = "Waarvoor kwam u?"
[[items.options]]
code = "paspoort"
label.nl = "Een paspoort"
[[items.options]]
code = "anders"
label.nl = "Iets anders"

[[items]]
code = "toelichting"
kind = "text"
text.nl = "Wat kan beter?"
help.nl = "Vul geen persoonlijke gegevens in."
"""

ENGLISH = """\
language = "en"
reviewed_by = ""
title = "How was your visit?"

[items.cijfer]
text = "What mark do you give?"
low = "very bad"
high = "excellent"

[items.onderwerp]
text = "What did you come for?"
[items.onderwerp.options]
paspoort = "A passport"
anders = "Something else"

[items.toelichting]
text = "What could be better?"
help = "Leave out personal details."
"""

OWN = """\
questionnaire = "balie"
version = 1
status = "draft"

[[items]]
code = "openingstijden"
kind = "agreement"
text.nl = "De openingstijden passen bij mij."
"""

OWN_ENGLISH = """\
language = "en"
reviewed_by = ""

[items.openingstijden]
text = "The opening hours suit me."
"""


def an_item(code: str, kind: str, **others: Any) -> Item:
    """An item whose texts do not matter."""
    given = {"code": code, "kind": kind, "text": {"nl": f"{code}?"}, **others}
    return Item(**given)


def a_questionnaire(*items: Item, **others: Any) -> Questionnaire:
    """A questionnaire with these items."""
    given = {"code": "balie", "version": 1, "status": "draft", "title": {"nl": "Balie"}}
    return Questionnaire(**{**given, **others, "items": items})


def write_files(directory: Path, **files: str) -> Path:
    """Write a folder `balie`: `v1=DUTCH, v1_en=ENGLISH`; gives the path of its v1.toml."""
    folder = directory / "balie"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}.toml").write_text(text, "utf-8")
    return folder / "v1.toml"
