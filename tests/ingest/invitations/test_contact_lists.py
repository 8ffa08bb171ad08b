"""A list of contacts is read whole, as people save it, and every wrong line is named by number."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from ingest.files.csv_lists import ListUnreadable
from ingest.invitations.contact_lists import ContactList, read_list
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.senders import Sender
from ingest.municipalities.touchpoints import Touchpoint
from tests.example import example_catalogue
from tests.inviting import inviting

KEY = b"k" * 32
HEADER = "recipient,ended_at\n"
ENDED = "2026-11-28 14:05"


@pytest.fixture
def touchpoint(catalogue: Catalogue) -> Touchpoint:
    return inviting(catalogue).touchpoint("molensloot", "telefonie")


LANGUAGES = "recipient,ended_at,language\n"


def read(content: str | bytes, touchpoint: Touchpoint, folder: Path) -> ContactList:
    path = folder / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_list(path, touchpoint, KEY)


def wrong(content: str, touchpoint: Touchpoint, folder: Path) -> list[tuple[int, str]]:
    return [(bad.number, bad.wrong) for bad in read(content, touchpoint, folder).bad_lines]


def test_a_list_with_every_column(touchpoint: Touchpoint, tmp_path: Path) -> None:
    text = (
        "Recipient;ended_at;Language;dimensions;source_key\r\n"
        "06-12345678;28-11-2026 14:05;en;product=paspoort;ticket-1\r\n"
        "\r\n"
        'bewoner@example.nl;2026-11-28T14:05+01:00;;;"ticket;2"\r\n'
    )
    # As Excel saves it: with a byte order mark.
    found = read(b"\xef\xbb\xbf" + text.encode(), touchpoint, tmp_path)
    assert not found.bad_lines
    first, second = found.contacts
    assert first.recipient is not None
    assert second.recipient is not None
    assert (first.recipient.uri, second.recipient.uri) == (
        "tel:+31612345678",
        "mailto:bewoner@example.nl",
    )
    assert first.ended_at == second.ended_at
    assert (first.language, second.language) == ("en", None)
    assert first.dimensions == {"product": "paspoort"}
    assert (first.source, first.source_key, second.source_key) == (
        "csv",
        "given/ticket-1",
        "given/ticket;2",
    )


@pytest.mark.parametrize(
    "written",
    [
        "0612345678",
        "612345678",
        "+31612345678",
        "tel:06 12345678",
        "0031612345678",
        '" 0612345678 "',
    ],
)
def test_a_number_is_known_as_people_and_spreadsheets_write_it(
    touchpoint: Touchpoint, tmp_path: Path, written: str
) -> None:
    (contact,) = read(f"{HEADER}{written},{ENDED}\n", touchpoint, tmp_path).contacts
    assert contact.recipient is not None
    assert contact.recipient.address == "+31612345678"


@pytest.mark.parametrize(
    "written",
    [
        *("2026-11-28 14:05", "2026-11-28T14:05:00", "28-11-2026 14:05", "28/11/2026 14:05:00"),
        *("2026-11-28T13:05:00Z", "2026-11-28 14:05+01:00"),
    ],
)
def test_a_moment_is_known_as_people_write_it(
    touchpoint: Touchpoint, tmp_path: Path, written: str
) -> None:
    (contact,) = read(f"{HEADER}0612345678,{written}\n", touchpoint, tmp_path).contacts
    assert contact.ended_at.isoformat() == "2026-11-28T13:05:00+00:00"


def test_the_same_line_is_known_again_and_another_is_not(
    touchpoint: Touchpoint, tmp_path: Path
) -> None:
    def key(line: str, at: Touchpoint = touchpoint) -> str:
        (contact,) = read(f"{HEADER}{line}\n", at, tmp_path).contacts
        return contact.source_key

    first = key(f"0612345678,{ENDED}")
    assert first == key("+31612345678,28-11-2026 14:05")
    others = {
        key(f"0612345679,{ENDED}"),
        key("0612345678,2026-11-28 14:06"),
        key(f"0612345678,{ENDED}", example_catalogue().touchpoint("molensloot", "melding")),
    }
    assert len(others | {first}) == 4
    assert "612345678" not in first


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"0201234567,{ENDED}", "recipient is no mobile number"),
        (f"iemand,{ENDED}", "recipient is no telephone number"),
        (f",{ENDED}", "recipient is empty"),
        (f"bewoner@,{ENDED}", "recipient is no mail address"),
        (f"０６１２３４５６７８,{ENDED}", "recipient is no telephone number"),
        ("0612345678", "ended_at is no moment such as"),
        ("0612345678,gisteren", "ended_at is no moment such as"),
        ("0612345678,31-02-2026 10:00", "ended_at is no moment such as"),
        ("0612345678,9999-12-31T23:59:59-12:00", "ended_at is no moment such as"),
        (f"0612345678,{ENDED},nl,x", "has 4 fields, and there are 2 columns"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_not_by_who_it_is(
    touchpoint: Touchpoint, tmp_path: Path, line: str, told: str
) -> None:
    content = f"{HEADER}0612345678,{ENDED}\n\n{line}\n0687654321,{ENDED}\n"
    found = read(content, touchpoint, tmp_path)
    (bad,) = found.bad_lines
    assert bad.number == 4
    assert told in bad.wrong
    assert line.split(",")[0] not in bad.wrong or not line.split(",")[0]
    assert len(found.contacts) == 2


@pytest.mark.parametrize("language", ["Nederlands", "NL", "0612345678", "nl en"])
def test_a_language_is_a_code(touchpoint: Touchpoint, tmp_path: Path, language: str) -> None:
    content = f"{LANGUAGES}0612345678,{ENDED},{language}\n0612345679,{ENDED},fr\n"
    told = "language is no code in small letters such as nl or en"
    assert wrong(content, touchpoint, tmp_path) == [(2, told)]


@pytest.mark.parametrize(
    ("sender", "words", "line", "told"),
    [
        ("smtp", "mail", "0612345678", "a mobile number, and sender 'proef' sends nothing there"),
        (
            "spryng",
            "text",
            "a@example.nl",
            "a mail address, and sender 'proef' sends nothing there",
        ),
        ("file", "text", "a@example.nl", "no words for it: `subject.nl` and `mail.nl`"),
        ("file", "mail", "0612345678", "no words for it: `text.nl`"),
        ("file", "text", "+447911123456", "of a country that is not in `countries` of sender"),
    ],
)
def test_who_cannot_be_reached_is_told_what_is_missing(
    touchpoint: Touchpoint, tmp_path: Path, sender: str, words: str, line: str, told: str
) -> None:
    rules = touchpoint.invitations
    assert rules is not None
    kept = {"text"} if words == "text" else {"mail", "subject"}
    without: dict[str, dict[str, str]] = {key: {} for key in {"text", "mail", "subject"} - kept}
    chosen = replace(rules, sender=Sender(name="proef", kind=sender), **without)
    content = f"{HEADER}{line},{ENDED}\n"
    ((_, why),) = wrong(content, replace(touchpoint, invitations=chosen), tmp_path)
    assert told in why


@pytest.mark.parametrize(
    ("dimensions", "told"),
    [
        ("product=fiets", "the touchpoint does not list, at 'product'"),
        ("naam=Jansen", "the touchpoint does not list, at 'naam'"),
        ("paspoort", "is not written as product=paspoort"),
    ],
)
def test_details_that_a_touchpoint_does_not_list_are_refused(
    touchpoint: Touchpoint, tmp_path: Path, dimensions: str, told: str
) -> None:
    content = f"recipient,ended_at,dimensions\n0612345678,{ENDED},{dimensions}\n"
    ((number, why),) = wrong(content, touchpoint, tmp_path)
    assert number == 2
    assert told in why


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "recipient, ended_at is not"),
        ("recipient\n", "ended_at is not"),
        ("0612345678,2026-11-28 14:05\n", "the column '0612345678' is not known; the"),
        ("recipient,ended_at,langauge\n", "did you mean 'language'?"),
        ("recipient,ended_at,recipient\n", "a column stands there twice"),
        (f'{HEADER}"0612345678,{ENDED}\n', "line 2 is no CSV"),
        (f'{HEADER}"06"12,{ENDED}\n', "line 2 is no CSV"),
        (f"{HEADER}06\0,{ENDED}\n", "no text"),
        (f"{HEADER}{'x' * 200_000},{ENDED}\n", "line 2 is no CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(
    touchpoint: Touchpoint, tmp_path: Path, content: str, told: str
) -> None:
    with pytest.raises(ListUnreadable) as refused:
        read(content, touchpoint, tmp_path)
    assert told in str(refused.value)


def test_a_file_in_another_encoding_is_refused(touchpoint: Touchpoint, tmp_path: Path) -> None:
    with pytest.raises(ListUnreadable) as refused:
        read("recipient,ended_at,é\n".encode("utf-16"), touchpoint, tmp_path)
    assert "UTF-8" in str(refused.value)


def test_a_value_over_several_lines_does_not_move_the_numbers_after_it(
    touchpoint: Touchpoint, tmp_path: Path
) -> None:
    content = f'recipient,ended_at,source_key\n0612345678,{ENDED},"a\nb"\nx,{ENDED},\n'
    assert [number for number, _ in wrong(content, touchpoint, tmp_path)] == [4]
