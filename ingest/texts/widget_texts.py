"""Texts of the widget alone, one file per language; its other texts are those of the pages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.texts.language_files import LanguageFile, LanguageUnknown, load_language_files

DIRECTORY = Path(__file__).resolve().parent / "widget"


class WidgetTexts(LanguageFile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of the widget's buttons and of its states, in one language.

    `send_first` is the button of the first step, and `thanks_first` is shown after it; `again` is
    the button beside `failed`; `link` leads to the page with the same questions.
    """

    send: str
    send_first: str
    next: str
    close: str
    sending: str
    thanks_title: str
    thanks: str
    thanks_first: str
    failed: str
    again: str
    link: str
    error_heading: str


@cache
def widget_texts() -> Mapping[str, WidgetTexts]:
    """The texts that come with Meetpunt, read once."""
    return load_language_files(DIRECTORY, WidgetTexts)


def widget_texts_in(language: str) -> WidgetTexts:
    """The widget's texts in `language`; raises LanguageUnknown."""
    try:
        return widget_texts()[language]
    except KeyError:
        raise LanguageUnknown(language) from None
