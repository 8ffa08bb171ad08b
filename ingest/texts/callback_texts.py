"""Texts of the page where one asks to be called: a part of those of pages."""

import msgspec


class CallbackTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The page where one asks to be called. `title` and `offer` stand in the thanks, as a link.

    `{days}` is a number of working days, two or more. `problem` stands above the form with one of
    the sentences after it. `again` is for who sent the same form before: `other_link` leads to
    another one, after the question `other`. `abroad_tel` and `costly_tel` are for numbers that are
    right, of a country that is not called or at a higher price. After `too_many_today` stands the
    link to the municipality's contact page.
    """

    title: str
    offer: str
    text: tuple[str, ...]
    guess: str
    tel: str
    tel_help: str
    when: str
    always: str
    morning: str
    afternoon: str
    send: str
    problem: str
    nothing: str
    wrong_tel: str
    abroad_tel: str
    costly_tel: str
    wrong_when: str
    unreadable: str
    open_too_long: str
    too_many: str
    too_many_today: str
    unavailable: str
    done: str
    done_text: tuple[str, ...]
    again: str
    again_text: tuple[str, ...]
    other: str
    other_link: str
