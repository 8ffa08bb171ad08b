"""How a theme's words are written, and what of a text they are met by."""

import sys
from collections.abc import Iterable
from itertools import islice, product
from types import FrameType
from typing import Any

import pytest

from ingest.themes import matching
from ingest.themes.languages import language_of
from ingest.themes.matching import Matcher
from ingest.themes.patterns import MOST_PLACES, MOST_WORDS, PatternRefused, read_pattern
from ingest.themes.words import words_of

GROUPS = {"niet": ("niet", "geen", "nooit"), "kort": ("@niet", "amper")}


def hits(patterns: str, text: str) -> bool:
    read = [read_pattern(line, GROUPS) for line in patterns.splitlines()]
    return Matcher({"thema": read}).themes(text) == ("thema",)


@pytest.mark.parametrize(
    ("patterns", "text"),
    [
        ("wachtrij", "De WACHTRIJ was lang"),
        ("wacht*", "wachttijden zijn lang"),
        ("*rij", "stond in de wachtrij"),
        ("*telefoon*", "Mijn huistelefoonlijn"),
        ("lange|korte rij", "Een korte rij."),
        ("lang .. wachten", "ik moest er heel lang op jullie wachten"),
        ("lang ..5 wachten", "lang een twee drie vier vijf wachten"),
        ("# minuten", "het was 40 minuten"),
        ("# min", "40min gewacht"),
        ("@kort open", "jullie zijn nooit open"),
        ("@kort open", "amper open"),
        ("e-mail", "geen email gehad"),
        ("zo'n", "zon rij"),
        ("café", "CAFE"),
        ("şikayet*", "ŞİKAYETİM"),
        ("ısrar", "ISRAR"),
        ("łazienka", "Łazienka"),
        ("إنترنت", "انترنت"),
        ("розв'яз*", "розвʼязали"),
        ("wacht\n!wachtwoord", "wachtwoord vergeten, en wacht al een uur"),
        # Of two words that fit, the one with which the rest fits too.
        ("ligt .. al|vanaf juni", "ligt er nu al vanaf juni"),
        # A time of day is one number, and its dot ends no sentence.
        ("tot # uur .. open", "tot 20.00 uur zijn jullie open"),
    ],
)
def test_these_are_met(patterns: str, text: str) -> None:
    assert hits(patterns, text)


@pytest.mark.parametrize(
    ("patterns", "text"),
    [
        ("wachtrij", "wachtrijen"),
        ("wacht*", "verwacht"),
        ("lang wachten", "lang moeten wachten"),
        ("lang .. wachten", "lang een twee drie vier wachten"),
        # No pattern reaches from one sentence into the next.
        ("lang .. wachten", "Het duurde lang. Wachten is saai."),
        ("# minuten", "veel minuten"),
        ("wacht .. dag\n!wacht .. dag dat", "ik wacht op de dag dat alles gratis is"),
        ("wacht", ""),
        ("wacht", "...?!"),
    ],
)
def test_these_are_not(patterns: str, text: str) -> None:
    assert not hits(patterns, text)


@pytest.mark.parametrize(
    "pattern",
    ["", "!", ".. lang", "lang ..", "ab*", "@weg open", "wacht*rij", "lang ..0 kort", "a,b"],
)
def test_a_pattern_that_nobody_could_mean_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        read_pattern(pattern, GROUPS)


GAPS = " ..9 ".join(["a"] * (MOST_PLACES - 1) + ["zebra"])


# A pattern of gaps has ten ways on at every word, and it ends in what is before all, or far behind.
@pytest.mark.parametrize(
    ("pattern", "first", "again", "last"),
    [
        (GAPS, "zebra ", "a ", ""),
        (GAPS, "", "a ", "zebra"),
        ("na|in #|een .. uur", "uur ", "na 1 ", ""),
        ("na|in #|een .. uur", "", "na 1 ", "uur"),
    ],
)
def test_what_matching_takes_grows_with_the_text_and_no_faster(
    pattern: str, first: str, again: str, last: str
) -> None:
    once, twice = (
        steps([pattern], first + times * again + last, most=20_000) for times in (100, 200)
    )
    assert once > 100
    assert twice < 2.1 * once


@pytest.mark.parametrize("excluding", [False, True])
def test_what_many_patterns_take_grows_with_their_number_and_not_with_places_in_the_text_too(
    excluding: bool,
) -> None:
    many = [
        "a" + "".join(f" ..{gap} a" for gap in gaps)
        for gaps in islice(product(range(1, 10), repeat=MOST_PLACES - 1), 1000)
    ]
    if excluding:
        many[500:] = [f"!{pattern}" for pattern in many[500:]]
    # Each of them begins at each of these words: half a million places, of ten words each.
    assert steps(many, "a " * 500, most=300_000) > 500


def steps(patterns: Iterable[str], text: str, most: int) -> int:
    """How many lines are run to match a text; no more than `most` are waited for."""
    matcher = Matcher({"thema": [read_pattern(pattern, {}) for pattern in patterns]})
    taken = 0

    def count(frame: FrameType, event: str, _: object) -> Any:
        nonlocal taken
        if frame.f_code.co_filename != matching.__file__:
            return None
        taken += event == "line"
        assert taken <= most, "it takes for ever"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        matcher.themes(text)
    finally:
        sys.settrace(before)
    return taken


def test_groups_that_name_each_other_twice_hold_each_word_once() -> None:
    laughs = {f"g{level}": (f"@g{level + 1}", f"@g{level + 1}") for level in range(40)}
    with pytest.raises(PatternRefused, match="names groups that name each other: `g0`, `g1`"):
        read_pattern("@g0", laughs | {"g40": ("ha",)})
    assert len(read_pattern("@g36", laughs | {"g40": ("ha",)}).places[0].words) == 1
    wide = {f"g{level}": (f"@g{level + 1}",) * 1000 for level in range(4)}
    assert read_pattern("@g0", wide | {"g4": ()}).places[0].words == ()


def test_a_pattern_that_takes_too_long_to_look_for_is_refused_by_name() -> None:
    assert read_pattern("a " * MOST_PLACES, {})
    with pytest.raises(PatternRefused, match=r"^has 11 places; 10 may be$"):
        read_pattern("a " * (MOST_PLACES + 1), {})
    many = tuple("a" * length for length in range(1, MOST_WORDS + 2))
    assert read_pattern("@veel", {"veel": many[1:]})
    for place, groups in (("@veel", {"veel": many}), ("nu|@veel", {"veel": many[1:]})):
        with pytest.raises(PatternRefused, match="has more than 300 words"):
            read_pattern(f"lang {place}", groups)


@pytest.mark.parametrize(
    ("stated", "text", "language"),
    [
        ("nl", "I had to wait for an hour and nobody was there", "en"),
        ("nl", "Снаружи була довга черга", "uk"),
        ("en", "انتظرت ساعتين", "ar"),
        ("nl", "Top", "nl"),
        ("en", "De medewerker was heel aardig en ik was zo klaar", "nl"),
        ("pl", "ok", "pl"),
    ],
)
def test_a_text_in_another_language_than_the_form_is_known(
    stated: str, text: str, language: str
) -> None:
    assert (
        language_of(words_of(text), stated, ("nl", "en", "de", "pl", "tr", "uk", "ar")) == language
    )
