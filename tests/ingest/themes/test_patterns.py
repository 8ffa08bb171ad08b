"""How a theme's words are written, and what of a text they are met by."""

import pytest

from ingest.themes.languages import language_of
from ingest.themes.matching import Matcher
from ingest.themes.patterns import PatternRefused, read_pattern
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
