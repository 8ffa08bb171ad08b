"""What an invitation says, and that as a text message it fits one part."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.municipalities.invitation_texts import (
    LONGEST_TOKEN,
    NothingToSay,
    language_of_message,
    longest_link,
    mail,
    message_faults,
    text_message,
)
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.municipality import load_municipality
from ingest.municipalities.touchpoints import HIGHEST_NUMBER, Touchpoint
from ingest.texts.page_texts import page_texts
from ingest.texts.text_messages import length
from ingest.tokens.keys import load_keys
from ingest.tokens.response_tokens import Tokens
from tests.ingest.municipalities.test_municipality import PLAIN

LINK = "https://kto.molensloot.example/v/abc"
BASE = "https://kto.molensloot.example"
# What a longest link leaves of 160.
LEFT = 160 - len(longest_link(BASE))
LANGUAGES = tuple(page_texts())


def touchpoint(rules: InvitationRules | None, *, batch: int = 10) -> Touchpoint:
    return Touchpoint(
        municipality="molensloot",
        slug="telefonie",
        number=2,
        channel="telefonie",
        questionnaire="telefonie",
        version=1,
        name={"nl": "Telefoon"},
        languages=LANGUAGES,
        batch=batch,
        invitations=rules,
    )


def faults(text: str, *, batch: int = 10, name: str = "Molensloot") -> list[str]:
    place = touchpoint(InvitationRules(text={"nl": text}), batch=batch)
    return [message for _, message in message_faults(place, name=name, base_url=BASE)]


def test_a_text_message_is_the_words_with_link_and_name_in_their_places() -> None:
    place = touchpoint(InvitationRules(text={"nl": "Hoe ging het bij {name}? {link}"}))
    said = text_message(place, "nl", name="Molensloot", link=LINK)
    assert said == f"Hoe ging het bij Molensloot? {LINK}"


def test_a_brace_that_is_meant_is_written_twice() -> None:
    place = touchpoint(InvitationRules(text={"nl": "{{ja}} {link}"}))
    assert text_message(place, "nl", name="x", link=LINK) == f"{{ja}} {LINK}"


def test_a_name_or_a_link_with_braces_fills_in_nothing_more() -> None:
    place = touchpoint(InvitationRules(text={"nl": "{name} {link}"}))
    assert text_message(place, "nl", name="{link}", link="{name}") == "{link} {name}"


def test_a_small_group_is_told_so_in_the_message_in_every_language() -> None:
    for language in LANGUAGES:
        rules = InvitationRules(
            text={language: "? {link}"}, subject={language: "?"}, mail={language: "{link}"}
        )
        texts = page_texts()[language]
        told = text_message(touchpoint(rules, batch=9), language, name="x", link=LINK)
        assert told == f"? {LINK} {texts.invitation.small_group}"
        assert text_message(touchpoint(rules), language, name="x", link=LINK) == f"? {LINK}"
        small = mail(touchpoint(rules, batch=9), language, name="x", link=LINK, opt_out="o")
        large = mail(touchpoint(rules), language, name="x", link=LINK, opt_out="o")
        assert texts.survey.small_group in small.text
        assert texts.survey.small_group not in large.text


@pytest.mark.parametrize("language", ["nl", "en", "de", "pl", "tr"])
def test_the_sentence_about_a_small_group_leaves_room_for_a_question(language: str) -> None:
    told = page_texts()[language].invitation.small_group
    measured = length(f"{longest_link(BASE)} {told}")
    assert measured.outside is None
    assert measured.room - measured.taken >= 25


def test_a_mail_ends_with_where_one_asks_for_no_more_of_them() -> None:
    rules = InvitationRules(
        subject={"nl": "Hoe ging het bij {name}?"}, mail={"nl": "\nVertel het ons:\n{link}\n"}
    )
    said = mail(touchpoint(rules), "nl", name="Molensloot", link=LINK, opt_out="https://x/afmelden")
    assert said.subject == "Hoe ging het bij Molensloot?"
    assert said.text.startswith(f"Vertel het ons:\n{LINK}\n\n")
    assert said.text.endswith("Meld u af: https://x/afmelden\n")


def test_where_there_are_no_words_nothing_is_said() -> None:
    with pytest.raises(NothingToSay):
        text_message(touchpoint(None), "nl", name="x", link=LINK)
    only_dutch = touchpoint(InvitationRules(text={"nl": "{link}"}))
    with pytest.raises(NothingToSay):
        text_message(only_dutch, "en", name="x", link=LINK)
    with pytest.raises(NothingToSay):
        mail(only_dutch, "nl", name="x", link=LINK, opt_out="o")
    with pytest.raises(NothingToSay):
        language_of_message(InvitationRules(text={"nl": "{link}"}), "mailto", "nl")


@pytest.mark.parametrize(
    ("asked", "own", "written", "chosen"),
    [
        ("pl", "nl", ("nl", "pl"), "pl"),
        ("uk", "en", ("nl", "en"), "en"),
        ("uk", "en", ("nl", "pl"), "nl"),
        (None, "pl", ("nl", "pl"), "pl"),
        (None, "uk", ("nl", "pl"), "nl"),
    ],
)
def test_somebody_is_written_to_in_their_language_else_the_touchpoint_s_else_dutch(
    asked: str | None, own: str, written: tuple[str, ...], chosen: str
) -> None:
    rules = InvitationRules(language=own, text=dict.fromkeys(written, "{link}"))
    assert language_of_message(rules, "tel", asked) == chosen


def test_no_link_is_longer_than_the_one_that_is_counted_with(keys_file: Path) -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    token = Tokens(load_keys(keys_file)).issue(
        purpose="invitation",
        touchpoint=HIGHEST_NUMBER,
        expires_at=now + timedelta(days=365),
        now=now,
        id=b"\xff" * 16,
    )
    assert len(token) == LONGEST_TOKEN
    assert len(longest_link(BASE)) == len(f"{BASE}/v/{token}")


def test_a_message_of_exactly_one_part_is_taken() -> None:
    assert faults("a" * (LEFT - 1) + " {link}") == []
    assert faults("€" * ((LEFT - 1) // 2) + " {link}") == []


def test_a_longer_one_is_refused_and_told_by_how_much() -> None:
    (message,) = faults("a" * (LEFT + 2) + " {link}")
    assert message == (
        "`text.nl` must fit one part of 160 characters, and is 3 too long "
        "(with the longest link, 77 characters)"
    )


def test_the_name_of_the_municipality_counts_too() -> None:
    text = "a" * (LEFT - 12) + " {name} {link}"
    assert faults(text, name="Molensloot") == []
    assert "is 1 too long" in faults(text, name="Molensloots")[0]


def test_a_character_outside_the_alphabet_is_named() -> None:
    (message,) = faults("Hallo {name} {link}", name="Súdwest-Fryslân")
    assert message == (
        "`text.nl` must fit one part of 70 characters, and is 29 too long (with the longest link, "
        "77 characters; 'ú' is outside the GSM alphabet, so only 70 fit)"
    )


def test_the_sentence_about_a_small_group_counts_too() -> None:
    text = "a" * (LEFT - 1) + " {link}"
    told = page_texts()["nl"].invitation.small_group
    (message,) = faults(text, batch=3)
    assert f"is {len(told) + 1} too long" in message
    assert "and the sentence about a small group" in message


RULES = """
[senders.proef]
kind = "file"

[touchpoints.balie-hal.invitations]
sender = "proef"
text.nl = "%s {link}"
"""


def test_a_file_is_refused_at_the_line_of_a_message_that_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "molensloot.toml"
    path.write_text(PLAIN + RULES % ("a" * LEFT), encoding="utf-8")
    with pytest.raises(FilesRejected) as refused:
        load_municipality(path)
    (finding,) = refused.value.findings
    assert finding.message.startswith("`text.nl` must fit one part of 160 characters, and is 1 too")
    assert path.read_text().splitlines()[(finding.line or 0) - 1].startswith("text.nl = ")


def test_a_touchpoint_gets_the_sender_and_the_holidays_of_its_municipality(tmp_path: Path) -> None:
    path = tmp_path / "molensloot.toml"
    chosen = '\n[invitations]\nholidays = ["bevrijdingsdag"]\nnot_again_days = 30\n'
    path.write_text(PLAIN + chosen + RULES % "Hoi", encoding="utf-8")
    municipality = load_municipality(path)
    assert municipality.invitations.not_again_days == 30
    (place,) = municipality.touchpoints
    assert place.invitations is not None
    assert place.invitations.sender is municipality.senders["proef"]
    assert place.invitations.holidays == ("bevrijdingsdag",)
    assert place.invitations.reaches("tel")
    assert not place.invitations.reaches("mailto")


def test_a_touchpoint_without_the_table_has_no_rules(tmp_path: Path) -> None:
    path = tmp_path / "molensloot.toml"
    path.write_text(PLAIN, encoding="utf-8")
    municipality = load_municipality(path)
    assert municipality.touchpoints[0].invitations is None
    assert municipality.senders == {}


def test_a_table_that_is_none_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "molensloot.toml"
    path.write_text(
        PLAIN.replace("[touchpoints.", 'senders = 1\ninvitations = "x"\n[touchpoints.'), "utf-8"
    )
    with pytest.raises(FilesRejected) as refused:
        load_municipality(path)
    assert len(refused.value.findings) == 2
