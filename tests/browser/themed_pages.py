"""Pages that wear the themes that municipalities publish, each as its own packages dress it.

The packages are fetched when a test first asks for them, and nothing of them is kept here: some
allow no copy, and their letters are not among them.
"""

import fcntl
import os
import re
from pathlib import Path

import msgspec

from tests.browser.widget.host_pages import HostPages
from tests.widget.node import NODE, NPM, run

FOLDER = Path(__file__).with_name("themes")
_PACKAGES = FOLDER / "node_modules"

_UTRECHT = "@utrecht/component-library-css/dist/index.css"


class Theme(msgspec.Struct, frozen=True):
    """One theme: its style sheets in order, the class that wears it, and the names of its parts."""

    sheets: tuple[str, ...]
    worn: str
    prefix: str = "utrecht"


THEMES = {
    "utrecht": Theme(("@utrecht/design-tokens/dist/index.css", _UTRECHT), "utrecht-theme"),
    "denhaag": Theme(
        ("@gemeente-denhaag/design-tokens-components/dist/theme/index.css", _UTRECHT),
        "denhaag-theme",
    ),
    "rotterdam": Theme(
        (
            "@nl-design-system-unstable/rotterdam-design-tokens/dist/design-tokens.css",
            "@nl-design-system-unstable/rotterdam-design-tokens/dist/index.css",
            _UTRECHT,
        ),
        "rotterdam-theme",
    ),
    "rijkshuisstijl": Theme(
        ("@rijkshuisstijl-community/design-tokens/dist/index.css", _UTRECHT), "rhc-theme"
    ),
    "amsterdam": Theme(
        (
            "@amsterdam/design-system-tokens/dist/index.css",
            "@amsterdam/design-system-css/dist/index.css",
        ),
        "ams-theme",
        "ams",
    ),
}

_TEXT = "Verhuist u binnen de gemeente? Geef dat door binnen vijf dagen na de verhuizing."


def fetched() -> Path:
    """The folder of the packages, fetched when they are not there yet."""
    folder = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not (_PACKAGES / ".package-lock.json").is_file():
            run(NODE, NPM, "ci", "--no-progress", cwd=FOLDER)
    finally:
        os.close(folder)
    return _PACKAGES


def token_file(name: str) -> Path:
    """The style sheet with the tokens of a theme."""
    return fetched() / THEMES[name].sheets[0]


def themed_page(site: HostPages, name: str, snippet: str) -> str:
    """Put up a short page that wears the theme, with its footer in sight; its address."""
    theme = THEMES[name]
    links = ""
    for number, sheet in enumerate(theme.sheets):
        text = (fetched() / sheet).read_text("utf-8")
        # Letters are not part of what is fetched, and nothing is asked of others.
        text = re.sub(r"@import[^;]*;|@font-face\s*{[^}]*}", "", text)
        url = site.file(f"/{name}-{number}.css", text, "text/css")
        links += f'<link rel="stylesheet" href="{url}">'
    part = theme.prefix
    wide = "<style>main { max-width: 50rem; margin: 0 auto; padding: 1rem }</style>"
    paragraph = f'<p class="{part}-paragraph">{_TEXT}</p>'
    action = (
        '<button class="ams-button ams-button--primary">Aanvragen</button>'
        if part == "ams"
        else '<button class="utrecht-button utrecht-button--primary-action">Aanvragen</button>'
    )
    contact = f'<a class="{part}-link" href="/contact">Contact</a>'
    body = f"{paragraph}<p>{action}</p>\n{snippet}\n<footer>{paragraph}{contact}</footer>"
    return site.page(
        f'<div class="{part}-document {part}-body"><h2 class="{part}-heading-2 ams-heading">'
        f"Doorgeven</h2>{body}</div>",
        head=links + wide,
        attributes=f'lang="nl" class="{theme.worn} {part}-root"',
        path=f"/{name}",
    )
