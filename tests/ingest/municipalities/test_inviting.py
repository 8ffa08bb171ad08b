"""What files may say of whom a touchpoint invites, when, and in which words."""

from pathlib import Path

import pytest

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.municipalities.inviting import (
    HouseRules,
    InvitationRules,
    read_house_rules,
    read_invitation_rules,
)
from ingest.municipalities.senders import SENDER_KINDS, Sender

SENDERS = {kind: Sender(name=kind, kind=kind) for kind in SENDER_KINDS}
TEXT = 'text.nl = "Hoe ging het? {link}"\n'
MAIL = 'subject.nl = "Hoe ging het?"\nmail.nl = "Vertel het ons:\\n{link}"\n'


def table(folder: Path, text: str, findings: list[Finding]) -> Table:
    path = folder / "molensloot.toml"
    path.write_text(text, encoding="utf-8")
    file = read_toml(path)
    return Table(file, findings, file.data)


def read(
    folder: Path,
    text: str,
    languages: tuple[str, ...] = ("nl", "en"),
    house: HouseRules | None = None,
) -> tuple[InvitationRules, list[str]]:
    findings: list[Finding] = []
    rules = read_invitation_rules(
        table(folder, text, findings),
        senders=SENDERS,
        house=house or HouseRules(),
        language="en",
        languages=languages,
        products=("paspoort", "rijbewijs"),
    )
    return rules, [finding.message for finding in findings]


def messages(folder: Path, text: str) -> list[str]:
    return read(folder, text)[1]


def test_a_sender_and_a_text_are_enough(tmp_path: Path) -> None:
    rules, findings = read(tmp_path, 'sender = "spryng"\n' + TEXT)
    assert findings == []
    assert rules == InvitationRules(
        sender=SENDERS["spryng"],
        percentage=100,
        wait_minutes=0,
        hours="09:00-20:00",
        days=("ma", "di", "wo", "do", "vr", "za"),
        on_holidays=False,
        holidays=("goede-vrijdag",),
        products=(),
        outcomes=(),
        case_types=(),
        most_age_hours=72,
        language="en",
        text={"nl": "Hoe ging het? {link}"},
    )


def test_everything_that_can_be_said_is_read(tmp_path: Path) -> None:
    rules, findings = read(
        tmp_path,
        """
sender = "file"
percentage = 25
wait_minutes = 20160
hours = "08:00-21:00"
days = ["zo", "ma"]
on_holidays = true
products = ["paspoort"]
outcomes = ["answered", "Verleend onder voorwaarden"]
case_types = ["B1026"]
most_age_hours = 720
language = "nl"
"""
        + TEXT
        + MAIL,
        house=HouseRules(holidays=("bevrijdingsdag",)),
    )
    assert findings == []
    assert rules == InvitationRules(
        sender=SENDERS["file"],
        percentage=25,
        wait_minutes=20_160,
        hours="08:00-21:00",
        days=("zo", "ma"),
        on_holidays=True,
        holidays=("bevrijdingsdag",),
        products=("paspoort",),
        outcomes=("answered", "Verleend onder voorwaarden"),
        case_types=("B1026",),
        most_age_hours=720,
        language="nl",
        text={"nl": "Hoe ging het? {link}"},
        subject={"nl": "Hoe ging het?"},
        mail={"nl": "Vertel het ons:\n{link}"},
    )


def test_without_a_sender_nothing_needs_to_be_written(tmp_path: Path) -> None:
    assert read(tmp_path, "")[1] == []
    assert messages(tmp_path, 'sender = "none"') == []


def test_a_sender_that_the_municipality_does_not_have_is_refused(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, 'sender = "spring"\n' + TEXT)
    assert message == (
        "`sender` has 'spring', but the senders of the municipality are file, notify, spryng, "
        "smtp, none; did you mean 'spryng'?"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("percentage = 0", "from 1 to 100"),
        ("percentage = 101", "from 1 to 100"),
        ("wait_minutes = -1", "from 0 to 20160"),
        ("wait_minutes = 20161", "from 0 to 20160"),
        ("most_age_hours = 0", "from 1 to 720"),
        ("most_age_hours = 721", "from 1 to 720"),
        ("on_holidays = 1", "must be true or false"),
        ('hours = "9-20"', 'must be hours such as "09:00-17:00"'),
        ('hours = "20:00-09:00"', "the first before the last"),
        ('hours = "07:59-20:00"', "must lie within 08:00-21:00"),
        ('hours = "09:00-21:01"', "must lie within 08:00-21:00"),
        ('hours = "09:00-24:00"', "must lie within 08:00-21:00"),
        ('days = ["maandag"]', "the days are ma, di, wo, do, vr, za, zo"),
        ("days = []", "at least one"),
        ('products = ["paspor"]', "did you mean 'paspoort'?"),
        ('outcomes = [""]', "must be one line"),
        ('case_types = ["a\\nb"]', "must be one line"),
        ('language = "fr"', "the languages of the touchpoint are nl, en"),
        ('reminder = "after a week"', "unknown key 'reminder'"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, line: str, told: str) -> None:
    (message,) = messages(tmp_path, f'sender = "file"\n{line}\n{TEXT}')
    assert told in message


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("file", "sender 'file' needs `text.nl`, or `subject.nl` and `mail.nl`"),
        ("notify", "sender 'notify' needs `text.nl`"),
        ("spryng", "sender 'spryng' needs `text.nl`"),
        ("smtp", "sender 'smtp' needs `subject.nl` and `mail.nl`"),
    ],
)
def test_a_sender_needs_words_for_those_whom_it_reaches(
    tmp_path: Path, sender: str, told: str
) -> None:
    assert messages(tmp_path, f'sender = "{sender}"') == [told]
    other = TEXT if sender == "smtp" else MAIL
    assert messages(tmp_path, f'sender = "{sender}"\n{other}') == (
        [told] if sender != "file" else []
    )


@pytest.mark.parametrize(
    ("sender", "words", "told"),
    [
        (
            'sender = "smtp"',
            TEXT + MAIL,
            "`text` is never sent: sender 'smtp' sends no text message",
        ),
        ('sender = "notify"', TEXT + MAIL, "`mail` is never sent: sender 'notify' sends no mail"),
        ('sender = "none"', TEXT, "`text` is never sent: sender 'none' sends no text message"),
        ("", TEXT, "`text` is never sent: there is no `sender`"),
        ("", MAIL, "`mail` is never sent: there is no `sender`"),
    ],
)
def test_words_that_nobody_sends_are_refused(
    tmp_path: Path, sender: str, words: str, told: str
) -> None:
    assert messages(tmp_path, f"{sender}\n{words}") == [told]


def test_the_words_are_written_in_dutch_always(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, 'sender = "spryng"\ntext.en = "How was it? {link}"')
    assert message == "`text` needs a Dutch text: `text.nl`"


def test_dutch_is_written_also_where_the_survey_is_not_in_dutch(tmp_path: Path) -> None:
    assert read(tmp_path, 'sender = "spryng"\n' + TEXT, languages=("en",))[1] == []


def test_where_the_languages_were_refused_nothing_more_is_told_of_them(tmp_path: Path) -> None:
    words = 'sender = "spryng"\n' + TEXT + 'text.en = "How was it? {link}"'
    assert read(tmp_path, words, languages=())[1] == []
    assert read(tmp_path, words, languages=("nl", ""))[1] == []


def test_a_mail_has_its_subject_in_every_language(tmp_path: Path) -> None:
    assert messages(tmp_path, 'sender = "smtp"\n' + MAIL + 'mail.en = "{link}"') == [
        "`mail.en` has no `subject.en` beside it"
    ]
    assert messages(tmp_path, 'sender = "smtp"\n' + MAIL + 'subject.en = "How was it?"') == [
        "`subject.en` has no `mail.en` beside it"
    ]
    assert "`mail.nl` has no `subject.nl` beside it" in messages(tmp_path, 'mail.nl = "{link}"')


def test_words_in_a_language_that_the_touchpoint_does_not_offer_are_refused(
    tmp_path: Path,
) -> None:
    (message,) = messages(tmp_path, 'sender = "spryng"\n' + TEXT + 'text.fr = "Alors? {link}"')
    assert message == "`text` is in 'fr', which the touchpoint does not offer"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Hoe ging het?", "must have {link} exactly once, not 0 times"),
        ("{link} {link}", "must have {link} exactly once, not 2 times"),
        ("Kijk op {link}.", "must have a space, or nothing, on both sides of {link}"),
        ("({link})", "must have a space, or nothing, on both sides of {link}"),
        ("{naam} {link}", "fills in {link} and {name} alone, not {naam}"),
        ("{0} {link}", "fills in {link} and {name} alone"),
        ("{} {link}", "fills in {link} and {name} alone"),
        ("{link.__class__}", "fills in {link} and {name} alone"),
        ("{link[0]}", "fills in {link} and {name} alone"),
        ("{name!r} {link}", "fills in {link} and {name} alone"),
        ("{name:>9999} {link}", "fills in {link} and {name} alone"),
        ("{name:{link}}", "fills in {link} and {name} alone"),
        ("{link", "has a brace without its other half"),
        ("link} {link}", "has a brace without its other half"),
        ("{{link}}", "must have {link} exactly once, not 0 times"),
    ],
)
@pytest.mark.parametrize("key", ["text", "mail"])
def test_what_is_filled_in_is_the_link_once_and_the_name(
    tmp_path: Path, key: str, words: str, told: str
) -> None:
    subject = 'subject.nl = "Hoe ging het?"' if key == "mail" else ""
    (message,) = messages(tmp_path, f'sender = "file"\n{key}.nl = "{words}"\n{subject}')
    assert message.startswith(f"`{key}.nl` ")
    assert told in message


def test_a_subject_has_no_link_and_is_one_line(tmp_path: Path) -> None:
    for subject in ("{link}", "a\\r\\nBcc: x@example.nl", "a\\nb", "", "x" * 201):
        words = f'subject.nl = "{subject}"\nmail.nl = "{{link}}"'
        (message,) = messages(tmp_path, f'sender = "smtp"\n{words}')
        assert message.startswith("`subject.nl` ")


@pytest.mark.parametrize("mail", ["", "  ", "{link}\\r", "{link} \\u202e", "x" * 2000 + " {link}"])
def test_a_mail_is_lines_of_text_that_show(tmp_path: Path, mail: str) -> None:
    (message,) = messages(tmp_path, f'sender = "smtp"\nsubject.nl = "x"\nmail.nl = "{mail}"')
    assert "must be at most 2000 characters in lines" in message


def test_a_language_that_is_left_out_is_the_first_that_the_touchpoint_offers(
    tmp_path: Path,
) -> None:
    assert read(tmp_path, "")[0].language == "en"
    assert read(tmp_path, "", languages=("nl",))[0].language == "nl"


def house(folder: Path, text: str) -> tuple[HouseRules, list[str]]:
    findings: list[Finding] = []
    rules = read_house_rules(table(folder, text, findings))
    return rules, [finding.message for finding in findings]


def test_a_municipality_that_says_nothing_waits_90_days_and_observes_good_friday(
    tmp_path: Path,
) -> None:
    assert house(tmp_path, "") == (
        HouseRules(not_again_days=90, holidays=("goede-vrijdag",)),
        [],
    )


def test_a_municipality_chooses_its_days(tmp_path: Path) -> None:
    assert house(tmp_path, 'holidays = ["bevrijdingsdag"]\nnot_again_days = 0') == (
        HouseRules(not_again_days=0, holidays=("bevrijdingsdag",)),
        [],
    )
    assert house(tmp_path, "holidays = []") == (HouseRules(holidays=()), [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("not_again_days = 91", "from 0 to 90"),
        ("not_again_days = -1", "from 0 to 90"),
        ('holidays = ["goede-vridag"]', "did you mean 'goede-vrijdag'?"),
        ('holidays = ["kerst"]', "the days that can be chosen are goede-vrijdag, bevrijdingsdag"),
        ('holidays = "goede-vrijdag"', "must be a list"),
        ("again_days = 3", "unknown key 'again_days'; did you mean 'not_again_days'?"),
    ],
)
def test_a_municipality_is_told_what_it_cannot_choose(tmp_path: Path, line: str, told: str) -> None:
    (message,) = house(tmp_path, line)[1]
    assert told in message
