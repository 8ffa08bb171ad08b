"""What a mail says of itself, and that its HTML says what its text says and tells nobody more."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest

from ingest.senders.mail import MailUnwritable, mail_of
from ingest.senders.mail_html import html_of
from ingest.texts.page_texts import page_texts
from tests.ingest.senders.messages import ADDRESS, LINK, UNSUBSCRIBE, message
from tests.strict_html import Element, read_page

FROM = "kto@molensloot.example"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TO = f"mailto:{ADDRESS}"


def raw(**given: str) -> bytes:
    return mail_of(message(TO, **given), sent_from=FROM, now=NOW)


def parsed(**given: str) -> EmailMessage:
    mail = BytesParser(policy=default).parsebytes(raw(**given))
    assert isinstance(mail, EmailMessage)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def read(html: str) -> Element:
    return read_page(html.encode())


def words(page: Element) -> str:
    """All that is read, without the white space."""
    return "".join("".join(paragraph.text for paragraph in page.find("p")).split())


def as_plain(page: Element) -> str:
    """The words as plain text has them: what a link hides stands behind its words."""
    for link in page.find("a"):
        if link.text != link.attributes["href"]:
            link.children = [f"{link.text}: {link.attributes['href']}"]
    return words(page)


def links(page: Element) -> list[str]:
    return [link.attributes["href"] for link in page.find("a")]


def tags(page: Element) -> set[str]:
    return {element.tag for element in page.everything()}


def test_a_mail_says_who_it_is_from_and_that_nobody_wrote_it_by_hand() -> None:
    mail = parsed()
    assert mail["From"] == "Gemeente Molensloot <kto@molensloot.example>"
    assert mail["To"] == ADDRESS
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nl"
    assert re.fullmatch(r"<[0-9a-f-]{36}@molensloot\.example>", mail["Message-ID"])
    assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_same_invitation_again_is_the_same_mail() -> None:
    again = message(TO)
    first, second = (mail_of(again, sent_from=FROM, now=NOW) for _ in range(2))
    ids = [re.findall(rb"(?m)^Message-ID: (.*)\r$", mail) for mail in (first, second)]
    assert ids[0] == ids[1]


def test_one_press_unsubscribes_and_the_address_stays_in_one_piece() -> None:
    lines = raw().split(b"\r\n")
    assert f"List-Unsubscribe: <{UNSUBSCRIBE}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert len(UNSUBSCRIBE) > 78, "shorter ones the standard library does not break"
    without = parsed(unsubscribe_url="")
    assert "List-Unsubscribe" not in without
    assert "List-Unsubscribe-Post" not in without


def test_it_is_ascii_in_lines_that_every_relay_takes() -> None:
    mail = raw(subject="Hoe ging het? ✓ " * 20, name="Gemeente Súdwest-Fryslân", plain="é" * 3000)
    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.replace(b"\r\n", b"")
    read_back = BytesParser(policy=default).parsebytes(mail)
    assert read_back["Subject"].startswith("Hoe ging het? ✓")
    assert read_back["From"] == "Gemeente Súdwest-Fryslân <kto@molensloot.example>"


@pytest.mark.parametrize("given", [{"subject": "a\r\nBcc: b@c.example"}, {"name": "a\nBcc: b"}])
def test_what_cannot_stand_in_a_header_makes_no_mail(given: dict[str, str]) -> None:
    with pytest.raises(MailUnwritable) as refused:
        raw(**given)
    assert ADDRESS not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("language", page_texts())
def test_the_html_says_what_the_text_says(language: str) -> None:
    mail = parsed(language=language)
    plain, html = part(mail, "plain"), part(mail, "html")
    page = read(html)
    assert links(page) == [LINK, UNSUBSCRIBE]
    assert UNSUBSCRIBE in plain
    assert as_plain(page) == "".join(plain.split())
    direction = page_texts()[language].dir
    assert page.find("html", lang=language, dir=direction)


@pytest.mark.parametrize("language", page_texts())
def test_the_way_out_lies_behind_its_words_and_the_questions_show_whose_they_are(
    language: str,
) -> None:
    page = read(part(parsed(language=language), "html"))
    end = page_texts()[language].invitation
    assert [link.text for link in page.find("a")] == [LINK, end.opt_out_link]
    assert page.find("p")[-1].text == f"{end.opt_out} {end.opt_out_link}"


def test_only_the_way_out_hides_and_only_behind_its_own_words() -> None:
    for plain in (f"Meld u af: {LINK}", f"Niet meer? {UNSUBSCRIBE}"):
        page = read(html_of(message(TO, plain=plain)))
        assert words(page) == "".join(plain.split())


def test_the_html_fetches_nothing_and_leaves_colours_to_the_reader() -> None:
    html = html_of(message(TO))
    assert tags(read(html)) <= {
        "document",
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "p",
        "a",
        "br",
    }
    assert not re.search(r"src=|url\(|<style|<script", html)
    colours = re.findall(r"color: (\w+)", html)
    assert set(colours) <= {"Canvas", "CanvasText"}, "another is light on light for somebody"
    assert 'name="color-scheme" content="light dark"' in html


def test_whatever_the_text_holds_it_stays_text() -> None:
    odd = '<script>alert(1)</script> & "x" \'y\'\n\n{paragraphs} https://a.example/"onclick=x <b>'
    html = html_of(message(TO, plain=odd, subject='"><img src=x>'))
    page = read(html)
    assert not {"script", "img", "b"} & tags(page)
    assert links(page) == ["https://a.example/"]
    assert words(page) == "".join(odd.split())


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Vul in: https://a.example/v/x.", "https://a.example/v/x"),
        ("(https://a.example/v/x)", "https://a.example/v/x"),
        ("https://a.example/?a=1&b=2, graag", "https://a.example/?a=1&b=2"),
        ("https://a.example/v/x\nTweede regel", "https://a.example/v/x"),
    ],
)
def test_a_link_ends_where_the_address_ends(text: str, link: str) -> None:
    assert links(read(html_of(message(TO, plain=text)))) == [link]
