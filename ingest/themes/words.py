"""A text as a row of words that compare: without capitals, accents and ways of spelling. Pure."""

import re
import unicodedata

# A number and what is written behind it are two words, "30min"; a time of day is one, "20.00".
_WORDS = re.compile(r"[^\W\d_]+|\d+(?:[.:,]\d+)*|[.!?;\n\u2026\u061f\u061b]+")

# Written within a word, where some leave them out: "e-mail", "zo'n", "об'єкт".
_WITHIN = re.compile(r"['\u2018\u2019\u02bc\u00b4`\u00ad\u0640-]")

# Of Arabic: the forms of alef, the two of ya and ta marbuta, which many write in another way. Of
# Turkish the i without a dot, of Polish the l with a stroke: what is no accent by Unicode.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
    }
)
_ACCENTS = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670]")


def plain(text: str) -> str:
    """The text in small letters without accents, each letter in one form (NFKC and beyond)."""
    if text.isascii():
        return text.lower().replace("'", "").replace("-", "").replace("`", "")
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return _WITHIN.sub("", text)


# What stands in a text where personal data was (`ingest.responses.screening.MASK`): no word of it.
_TAKEN_OUT = "[verwijderd]"


def words_of(text: str) -> list[str]:
    """The words of a text, with the end of a sentence between two of them."""
    return _WORDS.findall(plain(text.replace(_TAKEN_OUT, " ")))
