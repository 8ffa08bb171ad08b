"""Mail by a relay: what becomes of one, and what is never sent in the clear."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from ingest.senders import smtp
from ingest.senders.provider_keys import ProviderKey
from ingest.senders.sender import (
    Accepted,
    Outcome,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)
from ingest.senders.smtp import Relay, Smtp, may_be_clear
from tests.certificates import Authority
from tests.ingest.senders.messages import ADDRESS, key_file, message
from tests.neighbours.relay import PASSWORD, USER, relay

pytestmark = pytest.mark.anyio

FROM = "kto@molensloot.example"
HOST = "127.0.0.1"
TO = f"mailto:{ADDRESS}"


def sends(port: int, scheme: str = "smtp", *, private: bool = True, **given: Any) -> Smtp:
    return Smtp(
        Relay(f"{scheme}://{HOST}:{port}", private=private, **given), FROM, most_seconds=2.0
    )


async def test_a_mail_is_handed_over_whole() -> None:
    async with relay() as theirs:
        sent = message(TO)
        assert await sends(theirs.port).send(sent) == Accepted(None, receipts=False)
        assert theirs.envelopes == [(FROM, [ADDRESS])]
        (mail,) = theirs.received
        assert mail["Message-ID"] == f"<{sent.reference}@molensloot.example>"
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().replace("\r\n", "\n") == sent.plain


async def test_it_sends_no_text_messages() -> None:
    async with relay() as theirs:
        assert await sends(theirs.port).send(message()) == RefusedForGood("kind-not-sent")


ANSWERS: list[tuple[str, str, Outcome]] = [
    ("to", "550 5.1.1 No such user", RefusedForGood("recipient-refused")),
    ("to", "551 User not local", RefusedForGood("recipient-refused")),
    ("to", "451 4.7.1 Greylisted", RefusedForNow("provider-busy")),
    ("to", "452 4.2.2 Mailbox full", RefusedForNow("provider-busy")),
    ("to", "554 5.7.1 Relay access denied", RefusedForNow("not-allowed")),
    ("from", "550 5.1.8 Sender unknown", RefusedForNow("not-allowed")),
    ("from", "421 4.3.2 Closing", RefusedForNow("provider-busy")),
    ("data", "451 4.3.0 Try again", RefusedForNow("provider-busy")),
    ("data", "554 5.6.0 Content rejected", RefusedForGood("text-refused")),
    ("data", "252 Perhaps", Unknown("answer-unreadable")),
]


@pytest.mark.parametrize(("step", "answer", "outcome"), ANSWERS)
async def test_four_is_for_now_and_five_for_good(step: str, answer: str, outcome: Outcome) -> None:
    async with relay() as theirs:
        theirs.answers[step] = answer
        assert await sends(theirs.port).send(message(TO)) == outcome
        assert theirs.received == []


async def test_a_connection_that_breaks_after_the_text_leaves_nobody_knowing() -> None:
    async def cut(server: SMTP) -> None:
        assert server.transport is not None
        server.transport.abort()  # type: ignore[attr-defined]

    async def silent(_server: SMTP) -> None:
        await asyncio.Event().wait()

    for ended, reason in ((cut, "connection-lost"), (silent, "no-answer")):
        async with relay() as theirs:
            theirs.ended = ended
            sent = message(TO)
            ours = Smtp(Relay(f"smtp://{HOST}:{theirs.port}", private=True), FROM, most_seconds=0.5)
            assert await ours.send(sent) == Unknown(reason)
            assert len(theirs.received) == 1
            assert await ours.look_up(sent.reference, None) is None


async def test_one_that_breaks_before_the_text_loses_nothing() -> None:
    async with relay() as theirs:
        gone = theirs.port
    assert await sends(gone).send(message(TO)) == RefusedForNow("unreachable")

    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay.example\r\n")
        await reader.readline()
        writer.close()

    async def no_relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def busy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"421 4.3.2 Too many connections\r\n")
        writer.close()

    for serving, reason in (
        (rude, "unreachable"),
        (no_relay, "provider-busy"),
        (busy, "provider-busy"),
    ):
        server = await asyncio.start_server(serving, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        assert await sends(port).send(message(TO)) == RefusedForNow(reason)
        server.close()
        await server.wait_closed()


async def test_a_relay_on_the_internet_is_spoken_to_in_secret_or_not_at_all(tmp_path: Path) -> None:
    authority, other = Authority(), Authority()
    tls = authority.vouching_for(HOST, tmp_path)
    async with relay(start_tls=tls) as theirs:
        assert await sends(theirs.port, tls=authority.trusting).send(message(TO)) == Accepted()
        assert theirs.encrypted == [True]
        # Somebody else's certificate, or one for another name.
        outcome = await sends(theirs.port, tls=other.trusting).send(message(TO))
        assert outcome == RefusedForNow("certificate-refused")
    async with relay(tls=tls) as theirs:
        ours = sends(theirs.port, "smtps", tls=authority.trusting)
        assert await ours.send(message(TO)) == Accepted()
        assert theirs.encrypted == [True]
        ours = sends(theirs.port, "smtps", tls=other.trusting)
        assert await ours.send(message(TO)) == RefusedForNow("certificate-refused")
        assert len(theirs.received) == 1


async def test_a_password_goes_over_an_encrypted_connection_alone(tmp_path: Path) -> None:
    authority = Authority()
    password = ProviderKey(key_file(tmp_path, PASSWORD))
    async with relay() as theirs:
        ours = sends(theirs.port, user=USER, password=password)
        assert await ours.send(message(TO)) == RefusedForNow("no-encryption")
    async with relay(start_tls=authority.vouching_for(HOST, tmp_path)) as theirs:
        ours = sends(theirs.port, user=USER, password=password, tls=authority.trusting)
        assert await ours.send(message(TO)) == Accepted()
        assert theirs.logged_in == [True]
        wrong = ProviderKey(key_file(tmp_path, "een ander"))
        ours = sends(theirs.port, user=USER, password=wrong, tls=authority.trusting)
        assert await ours.send(message(TO)) == RefusedForNow("key-refused")
        gone = ProviderKey(str(tmp_path / "weg"))
        ours = sends(theirs.port, user=USER, password=gone, tls=authority.trusting)
        assert await ours.send(message(TO)) == RefusedForNow("key-unreadable")


async def test_a_private_relay_is_reached_only_where_the_file_allows_it() -> None:
    async with relay() as theirs:
        outcome = await sends(theirs.port, private=False).send(message(TO))
        assert outcome == RefusedForNow("destination-refused")
        assert await sends(theirs.port, private=True).send(message(TO)) == Accepted()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::1"])
def test_without_encryption_within_a_network_of_ones_own(address: str) -> None:
    assert may_be_clear(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001::1", "64:ff9b::808:808"])
def test_and_over_no_network_of_others(address: str) -> None:
    assert not may_be_clear(address)


async def test_where_it_may_not_be_clear_a_relay_without_encryption_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with relay() as theirs:
        assert await sends(theirs.port).send(message(TO)) == Accepted()
        # No relay of a test has a public address.
        monkeypatch.setattr(smtp, "may_be_clear", lambda _peer: False)
        assert await sends(theirs.port).send(message(TO)) == RefusedForNow("no-encryption")
        assert len(theirs.received) == 1


async def test_no_text_becomes_a_header_or_a_recipient_of_its_own() -> None:
    async with relay() as theirs:
        for given in (
            {"subject": "Hoe ging het?\r\nBcc: ander@voorbeeld.example"},
            {"subject": "Hoe ging het?\nX: y"},
            {"name": "Gemeente\r\nBcc: ander@voorbeeld.example"},
            {"unsubscribe_url": "https://a.example>\r\nX: y"},
            {"reference": "x>\r\nX: y"},
            {"language": "nl\r\nX: y"},
        ):
            outcome = await sends(theirs.port).send(message(TO, **given))
            assert outcome == RefusedForGood("message-refused"), given
        for to in ("a@b.example>\r\nRCPT TO:<c@d.example", "a@b.example, c@d.example", "a", ""):
            outcome = await sends(theirs.port).send(message(f"mailto:{to}"))
            assert outcome == RefusedForGood("message-refused"), to
        # A line of the text that looks like the end of it, or like a command, is text.
        odd = "Beste inwoner,\n.\nQUIT\n..\nFrom me\n"
        assert await sends(theirs.port).send(message(TO, plain=odd)) == Accepted()
        (mail,) = theirs.received
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().replace("\r\n", "\n") == odd


def test_a_relay_is_a_host_and_how_it_is_spoken_to() -> None:
    assert Relay("smtp://mail.example").port == 25
    assert Relay("smtps://mail.example").port == 465
    for url in ("http://mail.example", "smtp://", "mail.example"):
        with pytest.raises(ValueError, match="no relay"):
            Relay(url)
    assert isinstance(Relay("smtp://mail.example").tls, ssl.SSLContext)
