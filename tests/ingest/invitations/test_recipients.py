"""Who can be reached: Dutch spellings of a number, plain addresses, nothing disguised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import (
    RecipientUnusable,
    read_number_to_call,
    read_recipient,
)
from tests.ingest.invitations.test_rules import NOW


def refused(text: str) -> str:
    with pytest.raises(RecipientUnusable) as told:
        read_recipient(text)
    return told.value.code


@pytest.mark.parametrize(
    "written",
    [
        "0612345678",
        "06 12345678",
        "06-12345678",
        "06-1234 5678",
        "06 - 12 34 56 78",
        "06.12.34.56.78",
        "(06) 12345678",
        "0031612345678",
        "0031 6 12345678",
        "0031 (0)6 12345678",
        "+31612345678",
        "+31 6 1234 5678",
        "+31 (0)6 12345678",
        "+31(0)612345678",
        "31612345678",
        "612345678",  # as a spreadsheet leaves it, that takes it for a sum
        " 0612345678 ",
    ],
)
def test_dutch_spellings_of_a_number_are_one_number(written: str) -> None:
    assert read_recipient(f"tel:{written}").uri == "tel:+31612345678"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+32 470 12 34 56", "+32470123456"),
        ("+49 1512 3456789", "+4915123456789"),
        ("0044 7400 123456", "+447400123456"),
        ("+48 512 345 678", "+48512345678"),
        ("+90 532 123 45 67", "+905321234567"),
        ("+380 50 123 4567", "+380501234567"),
    ],
)
def test_a_mobile_number_of_another_country_is_taken(written: str, number: str) -> None:
    assert read_recipient(f"tel:{written}").address == number


@pytest.mark.parametrize(
    "written",
    [
        "010 1234567",  # a land line
        "+31 20 555 1111",
        "0970 12345678",  # a machine
        "+3197012345678",
        "0900 1234",
        "0800 1234567",
        "088 1234567",
        "14 0512",
        "112",
        "+1 202 555 0143",  # nobody can tell whether it is mobile
    ],
)
def test_what_is_no_mobile_number_is_not_taken(written: str) -> None:
    assert refused(f"tel:{written}") in ("not-a-mobile-number", "not-a-number")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "06",
        "061234567",
        "06123456789",
        "０６１２３４５６７８",  # wide digits
        "06１2345678",
        "٠٦١٢٣٤٥٦٧٨",  # Arabic digits
        "+３１612345678",
        "＋31612345678",
        "06\u200e12345678",  # marks of direction
        "\u202e0612345678",
        "06\u00a012345678",
        "06\u201012345678",
        "06-CALL-NOW1",
        "0612345678;ext=1",
        "0612345678 ext 1",
        "0612345678#",
        "*0612345678",
        "06+12345678",
        "+31612345678+32470123456",
        "0612345678,0687654321",
        "0612345678\r\nTo: 0687654321",
        "0612345678\n",
        "\t0612345678",
        "0612345678\x00",
        "%2B31612345678",
        "+31" + " " * 50 + "612345678",
        "++31612345678",
        "0612345678?body=x",
    ],
)
def test_a_number_in_disguise_is_refused(written: str) -> None:
    assert refused(f"tel:{written}") == "not-a-number"


@pytest.mark.parametrize(
    "text", ["", "0612345678", "sms:0612345678", "te l:0612345678", "jan@example.nl", " tel:06"]
)
def test_what_is_neither_a_number_nor_a_mail_address_is_refused(text: str) -> None:
    assert refused(text) == "unknown-scheme"


def test_the_name_of_a_scheme_has_no_case() -> None:
    assert read_recipient("TEL:0612345678").uri == "tel:+31612345678"
    assert read_recipient("MailTo:jan@example.nl").uri == "mailto:jan@example.nl"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("jan@example.nl", "jan@example.nl"),
        ("Jan.Jansen@Example.NL", "Jan.Jansen@example.nl"),
        ("jan+kto@example.nl", "jan+kto@example.nl"),
        ("o'neill@example.nl", "o'neill@example.nl"),
        ("jan_jansen-1@mail.example.nl", "jan_jansen-1@mail.example.nl"),
        (" jan@example.nl ", "jan@example.nl"),
        ("jan@bücher.example", "jan@xn--bcher-kva.example"),
        ("jan@BÜCHER.example", "jan@xn--bcher-kva.example"),
        ("jan@xn--bcher-kva.example", "jan@xn--bcher-kva.example"),
        ("jan@пошта.укр", "jan@xn--80a1acn3a.xn--j1amh"),
        ("a" * 64 + "@example.nl", "a" * 64 + "@example.nl"),
    ],
)
def test_an_ordinary_address_is_taken_its_domain_as_servers_know_it(
    written: str, address: str
) -> None:
    assert read_recipient(f"mailto:{written}").address == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "jan",
        "@example.nl",
        "jan@",
        "jan@localhost",
        "jan@example",
        "jan@example.nl.",
        "jan@.example.nl",
        "jan@example..nl",
        "jan@-example.nl",
        "jan@example-.nl",
        "jan@exam_ple.nl",
        "jan@127.0.0.1",
        "jan@[127.0.0.1]",
        "jan@example.123",
        "jan@" + "a" * 64 + ".nl",
        "jan@jansen@example.nl",
        '"jan jansen"@example.nl',
        '"jan@example.nl"@example.nl',
        ".jan@example.nl",
        "jan.@example.nl",
        "jan..jansen@example.nl",
        "-oQ@example.nl",
        "/etc/passwd@example.nl",
        "|sh@example.nl",
        "jan|piet@example.nl",
        "relay.example!jan@example.nl",
        "jan`id`@example.nl",
        "$(id)@example.nl",
        "jan jansen@example.nl",
        "jan@example.nl,piet@example.nl",
        "jan@example.nl piet@example.nl",
        "Jan <jan@example.nl>",
        "<jan@example.nl>",
        "jan@example.nl?subject=x",
        "jan@example.nl?bcc=piet@example.nl",
        "jan%40example.nl@relay.example",
        "jan@example.nl\r\nBcc: piet@example.nl",
        "jan@example.nl\n",
        "jan\n@example.nl",
        "jan\r@example.nl",
        "jan@example.nl\x00",
        "jan\x00@example.nl",
        "jan\t@example.nl",
        "jan\u2028@example.nl",
        "jan@example\u2028.nl",
        "jan\u202e@example.nl",
        "jan@exa\u200bmple.nl",
        "jan@exa\u00admple.nl",
        "jan@exa\u202emple.nl",
        "jan@ｅｘａｍｐｌｅ.nl",
        "ｊａｎ@example.nl",
        "jan＠example.nl",
        "jan@example。nl",
        "jan@\u212apn.example",  # the sign for kelvin, a small k once it is lowered
        "jan@straße.example",  # two standards, two domains
        "jän@example.nl",
        "jan@exam℀ple.nl",
        "a" * 65 + "@example.nl",
        "jan@" + ".".join(["a" * 60] * 5) + ".nl",
        "jan@" + "ü" * 240 + ".nl",
        "jan@" + "ü." * 100 + "nl",
    ],
)
def test_an_address_in_disguise_or_of_no_domain_is_refused(written: str) -> None:
    assert refused(f"mailto:{written}") == "not-a-mail-address"


@given(st.text(max_size=60) | st.text("0123456789+()- @.aé\n\u202e０", max_size=40))
def test_whatever_is_written_is_read_or_refused_and_read_again_the_same(text: str) -> None:
    for scheme in ("tel:", "mailto:"):
        try:
            recipient = read_recipient(scheme + text)
        except RecipientUnusable:
            continue
        assert recipient.uri.isascii()
        assert recipient.uri.isprintable()
        assert " " not in recipient.uri
        assert read_recipient(recipient.uri) == recipient


@given(
    local=st.from_regex(r"\A[a-zA-Z0-9&'+/=_~.-]{1,20}\Z"),
    domain=st.from_regex(r"\A[a-zäöüß0-9-]{1,15}\.[a-z]{2,3}\Z"),
)
def test_an_address_that_is_read_has_one_at_sign_and_no_more_than_254_characters(
    local: str, domain: str
) -> None:
    try:
        recipient = read_recipient(f"mailto:{local}@{domain}")
    except RecipientUnusable:
        return
    assert recipient.address.count("@") == 1
    assert len(recipient.address) <= 254
    assert recipient.address.startswith(f"{local}@")


def test_one_person_is_one_person_in_whatever_case_the_address_is_typed() -> None:
    one, other = read_recipient("mailto:Jan@Example.NL"), read_recipient("mailto:jan@example.nl")
    assert one.canonical == other.canonical == "mailto:jan@example.nl"
    assert one.address != other.address


def test_what_stands_after_a_plus_may_be_somebody_else() -> None:
    one, other = read_recipient("mailto:jan+a@example.nl"), read_recipient("mailto:jan@example.nl")
    assert one.canonical != other.canonical


def test_neither_an_address_nor_a_key_shows_where_an_occasion_is_printed() -> None:
    recipient = Recipient(scheme="tel", address="+31612345678")
    contact = ContactEnded(
        municipality="molensloot",
        touchpoint="telefonie",
        ended_at=NOW,
        source="voys",
        source_key="sleutel-0612345678",
        recipient=recipient,
    )
    for shown in (repr(recipient), str(recipient), repr(contact), f"{contact}", repr([contact])):
        assert "612345678" not in shown
    with pytest.raises(RecipientUnusable) as told:
        read_recipient("tel:0612345678x")
    assert "0612345678" not in repr(told.value) + str(told.value)
    assert told.value.__cause__ is None


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ContactEnded(
            municipality="molensloot",
            touchpoint="telefonie",
            ended_at=NOW.replace(tzinfo=None),
            source="voys",
            source_key="1",
        )


# On which number somebody can be called.


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("06-1234 5678", "+31612345678"),
        ("020 123 45 67", "+31201234567"),
        ("(0229) 123456", "+31229123456"),
        ("085-1234567", "+31851234567"),
        ("088 1234567", "+31881234567"),
        ("+49 30 1234567", "+49301234567"),
        ("\u0660\u0666 \u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "+31612345678"),
        ("\u06f0\u06f6\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8", "+31612345678"),
    ],
)
def test_somebody_can_be_called_on_a_land_line_too(written: str, number: str) -> None:
    assert read_number_to_call(written, ("NL", "DE")) == number


@pytest.mark.parametrize(
    "written",
    [
        *("", "zes", "12345", "0612345", "061234567890123", "06 12345678 ext 3", "06=12345678"),
        *("tel:0612345678", "\u0660\u0666 12345678", "0612345678\n0687654321"),
        "0800 1234",  # nobody is called there
        *("112", "14020"),  # the municipality itself
        "0970 12345678",  # a machine
        "+44 345 123 4567",  # of organisations elsewhere, at a price that nobody knows
    ],
)
def test_what_nobody_can_be_called_on_is_refused(written: str) -> None:
    with pytest.raises(RecipientUnusable) as told:
        read_number_to_call(written, ("NL", "GB"))
    assert told.value.code == "not-a-number"
    assert written == "" or written not in repr(told.value.__context__)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("costs-more", "0900 1234567"),
        ("costs-more", "0900-8844"),
        ("costs-more", "0906 1234567"),
        ("costs-more", "0909 1234"),
        ("costs-more", "+31 (0)900 8844"),
        ("costs-more", "1850"),
        ("costs-more", "18 001"),
        ("costs-more", "+49 900 1 234567"),
        ("costs-more", "+979 1 2345 6789"),
        ("costs-more", "084 2123456"),
        ("costs-more", "+31 87 2123456"),
        ("costs-more", "+1 900 555 1234"),
        ("costs-more", "+1 212 976 1234"),
        ("abroad", "+32 470 12 34 56"),
        ("abroad", "+380 50 123 4567"),
        ("abroad", "+1 876 555 1234"),
        ("abroad", "+44 7911 123456"),
        ("abroad", "+881 6 3152 1234"),  # a satellite
    ],
)
def test_what_costs_who_calls_more_is_refused_and_it_is_said_why(code: str, written: str) -> None:
    with pytest.raises(RecipientUnusable) as told:
        read_number_to_call(written, ("NL", "DE"))
    assert told.value.code == code
