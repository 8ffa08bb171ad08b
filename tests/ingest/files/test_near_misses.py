"""Who misspells a key is told which one was meant."""

from ingest.files.near_misses import did_you_mean, slip_of, unknown_key


def test_a_misspelt_key_is_named_together_with_the_nearest_known_one() -> None:
    told = unknown_key("acent", ["accent", "background"])
    assert told == "unknown key 'acent'; did you mean 'accent'?"


def test_a_key_that_looks_like_nothing_known_gets_no_suggestion() -> None:
    assert unknown_key("zebra", ["accent", "background"]) == "unknown key 'zebra'"


def test_what_only_shares_letters_is_not_guessed() -> None:
    for word, known in (
        ("post", "portaal"),
        ("kleur", "klok"),
        ("mail", "melding"),
        ("nm", "name"),
    ):
        assert did_you_mean(word, [known]) == ""


def test_a_very_long_key_is_neither_compared_nor_repeated_in_full() -> None:
    assert did_you_mean("accent" * 20_000, ["accent"]) == ""
    assert len(unknown_key("accent" * 20_000, ["accent"])) < 80


def test_one_letter_too_many_too_few_wrong_or_swapped_is_a_slip() -> None:
    for word in ("gemk", "gemaak", "gemok", "gmeak", "gemakk", "emak", "gemka"):
        assert slip_of(word, ["oplossing", "gemak"]) == "gemak", word


def test_a_known_word_and_another_word_are_no_slips() -> None:
    for word in ("gemak", "gemaal", "gemeld", "ongemak", "", "vriendelijkheid"):
        assert slip_of(word, ["gemak", "duidelijkheid"]) is None, word
