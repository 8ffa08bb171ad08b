"""The lines that a web editor pastes into a municipal site. Pure."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from ingest.widget.bundle import EMBED_HEIGHT, STABLE, WidgetFile

# The height until the script tells the right one: two questions on a phone.
_FRAME_PIXELS = 900
# Our page needs its scripts, its form, its own origin, and links that open outside the frame.
_SANDBOX = "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox"

# How high the first question is, in CSS pixels, for letters of 16 to 20: where there is width for
# it, and what comes to that where there is not and the marks stand in two rows.
_WIDE, _NARROW = 244, 136
# Where residents read that few of them answer, they read a line more, or five where it is narrow.
_OF_FEW = 28, 88


def kept_room(*, small_group: bool = False) -> str:
    """HTML that keeps room for the first question from the first paint of a page on.

    Two empty pictures, because a site's policy may forbid a style: beside each other where both
    fit, below each other where not.
    """
    more = _OF_FEW if small_group else (0, 0)
    return "<br>{}{}<br>".format(
        *(
            f'<canvas width="280" height="{height + extra}"></canvas>'
            for height, extra in zip((_WIDE, _NARROW), more, strict=True)
        )
    )


def widget_snippet(
    base_url: str,
    touchpoint: str,
    language: str,
    words: str,
    pinned: WidgetFile | None = None,
    *,
    attributes: Mapping[str, str] = MappingProxyType({}),
    small_group: bool = False,
) -> str:
    """The script and the element of one touchpoint ("molensloot/online"), on a line each.

    `words` are the text of the link that people get without scripts, or when anything fails. With
    `pinned` the browser runs exactly that version, and later corrections do not reach the site.
    `attributes` are more attributes of the element, such as `mode` or `product`. Room is kept where
    the questions show themselves at once: not for a button, and not for what comes after something.
    """
    source = f'src="{base_url}/{pinned.name if pinned else STABLE}"'
    if pinned:
        source += f' integrity="{pinned.sri}" crossorigin'
    link = f"{base_url}/o/{touchpoint}?lang={language}"
    more = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    at_once = attributes.get("mode") != "button" and "after" not in attributes
    room = kept_room(small_group=small_group) if at_once else ""
    return (
        f"<script {source} async></script>\n"
        f'<meetpunt-survey touchpoint="{touchpoint}" lang="{language}"{more}>'
        f'<a href="{escape(link)}">{escape(words)}</a>{room}</meetpunt-survey>'
    )


def iframe_snippet(base_url: str, touchpoint: str, language: str, title: str) -> str:
    """The frame, and a script that sets its height to that of the page; without it, it scrolls."""
    source = f"{base_url}/embed/{touchpoint}?lang={language}"
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}" width="100%" '
        f'height="{_FRAME_PIXELS}" frameborder="0" loading="lazy" referrerpolicy="no-referrer" '
        f'sandbox="{_SANDBOX}"></iframe>\n'
        f'<script src="{base_url}/{EMBED_HEIGHT}" async></script>'
    )
