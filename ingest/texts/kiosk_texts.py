"""Texts of the kiosk alone, one file per language; its other texts are those of the widget."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.texts.language_files import LanguageFile, LanguageUnknown, load_language_files

DIRECTORY = Path(__file__).resolve().parent / "kiosk"


class KioskTexts(LanguageFile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words on the kiosk's buttons and screens, in one language.

    Those that begin with `pair`, `offline`, `storage` or `operator` are for its operator as well.
    `not_saved` is shown instead of thanks where the response could not be kept. Those that begin
    with `key_` are of the keyboard on the screen. Those with `listen_` are only heard, but for
    `listen_missing`, which is for the operator. `countdown` and `waiting` have a sentence for each
    form that the language has for a number, by its name in CLDR (`one`, `few`, `many`, `other`).
    """

    choose: str
    invite: str
    phone: str
    phone_code: str
    display: str
    larger: str
    contrast: str
    read: str
    read_stop: str
    next: str
    skip: str
    back: str
    send: str
    stop: str
    step: str
    still_there: str
    stay: str
    saving: str
    thanks_title: str
    thanks: str
    improved: str
    not_saved_title: str
    not_saved: str
    again: str
    key_board: str
    key_type: str
    key_shift: str
    key_erase: str
    key_space: str
    key_done: str
    key_letters: str
    key_latin: str
    key_marks: str
    key_digits: str
    key_comma: str
    key_stop: str
    key_apostrophe: str
    key_question: str
    key_exclamation: str
    steady: str
    listen_how: str
    listen_next: str
    listen_choose: str
    listen_repeat: str
    listen_place: str
    listen_chosen: str
    listen_not_chosen: str
    listen_empty: str
    listen_stay: str
    listen_missing: str
    pair_title: str
    pair: str
    pair_code: str
    pair_waiting: str
    pair_expired: str
    card_title: str
    card: str
    card_smaller: str
    card_larger: str
    card_done: str
    offline_title: str
    offline: str
    storage_title: str
    storage: str
    operator_title: str
    operator: str
    operator_notice: str
    countdown: dict[str, str]
    waiting: dict[str, str]


@cache
def kiosk_texts() -> Mapping[str, KioskTexts]:
    """The texts that come with Meetpunt, read once."""
    return load_language_files(DIRECTORY, KioskTexts)


def kiosk_texts_in(language: str) -> KioskTexts:
    """The kiosk's texts in `language`; raises LanguageUnknown."""
    try:
        return kiosk_texts()[language]
    except KeyError:
        raise LanguageUnknown(language) from None


def sent_in(language: str) -> dict[str, str | dict[str, str]]:
    """The texts as the kiosk gets them, by their name in camelCase; raises LanguageUnknown."""
    own = kiosk_texts_in(language)
    names = (name for name in own.__struct_fields__ if name not in LanguageFile.__struct_fields__)
    return {_camel(name): getattr(own, name) for name in names}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
