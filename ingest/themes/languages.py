"""In which language a text is, where that is plain. Pure.

Somebody may open the Dutch form and write English. Themes are looked for in the language of the
form, unless the text is clearly in another.
"""

from collections.abc import Collection, Iterable, Mapping

# Small words that are frequent in one of these languages and rare in the others.
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "nl": frozenset(
        [
            "het",
            "een",
            "niet",
            "ik",
            "van",
            "en",
            "ook",
            "maar",
            "heb",
            "ben",
            "wel",
            "voor",
            "mij",
            "mijn",
            "geen",
            "naar",
            "heel",
            "dat",
            "goed",
            "erg",
            "hij",
            "zij",
            "deze",
            "wordt",
            "werd",
            "kan",
            "moest",
            "moet",
            "bij",
            "uit",
            "na",
            "over",
            "aan",
            "ze",
            "de",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "and",
            "not",
            "of",
            "to",
            "it",
            "i",
            "my",
            "very",
            "for",
            "but",
            "have",
            "with",
            "they",
            "this",
            "that",
            "were",
            "had",
            "no",
            "me",
            "at",
            "on",
            "you",
            "from",
            "so",
            "when",
            "be",
            "get",
            "could",
            "their",
            "would",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "das",
            "und",
            "nicht",
            "ich",
            "ist",
            "mit",
            "auf",
            "ein",
            "eine",
            "sehr",
            "zu",
            "den",
            "dem",
            "es",
            "war",
            "aber",
            "auch",
            "man",
            "sich",
            "keine",
            "mir",
            "wurde",
            "habe",
            "fur",
            "im",
            "bei",
            "nach",
        ]
    ),
    "pl": frozenset(
        [
            "i",
            "nie",
            "w",
            "na",
            "z",
            "sie",
            "to",
            "ze",
            "do",
            "jest",
            "bardzo",
            "byl",
            "byla",
            "ale",
            "mi",
            "po",
            "mnie",
            "za",
            "przez",
            "juz",
            "tylko",
            "od",
            "co",
            "jak",
            "dla",
            "pani",
            "pan",
            "moja",
            "moje",
        ]
    ),
    "tr": frozenset(
        [
            "ve",
            "bir",
            "cok",
            "icin",
            "ama",
            "bu",
            "da",
            "de",
            "ben",
            "bana",
            "beni",
            "degil",
            "daha",
            "gibi",
            "kadar",
            "olarak",
            "sonra",
            "hic",
            "var",
            "yok",
            "ile",
            "ne",
            "en",
            "her",
        ]
    ),
}
_ENOUGH = 3


def language_of(words: Collection[str], stated: str, known: Iterable[str]) -> str:
    """The language of a text of these words: `stated`, or the one of `known` that it clearly is."""
    first = next((word[0] for word in words if word[0].isalpha()), "")
    if "\u0600" <= first <= "\u06ff" or "\u0400" <= first <= "\u04ff":
        return "ar" if first >= "\u0600" else "uk"
    different = frozenset(words)
    own = len(different & _SMALL_WORDS.get(stated, frozenset()))
    best, most = stated, max(2 * own, _ENOUGH - 1)
    for language in known:
        many = len(different & _SMALL_WORDS.get(language, frozenset()))
        if many > most:
            best, most = language, many
    return best
