"""What a call of ours does, and what it never does, against servers that do their worst."""

import asyncio
import gc
import gzip
import socket
import warnings
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from time import thread_time
from typing import Any

import pytest

from ingest.outgoing.client import MOST_BYTES, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent
from tests.certificates import Authority
from tests.neighbours.server import (
    Answering,
    Behaviour,
    Cut,
    Endless,
    Reply,
    Request,
    Server,
    Silence,
    neighbour,
)

pytestmark = pytest.mark.anyio

NAME = "api.voorbeeld.example"


def always(behaviour: Behaviour) -> Answering:
    async def answering(_: Request) -> Behaviour:
        return behaviour

    return answering


class Names:
    """A directory of names that answers these, one after the other, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked = 0
        self._answers = answers

    async def __call__(self, host: str, port: int) -> list[str]:
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return answer


SOON = 0.5
"""Seconds, where an answer does not come: what does come may take longer on a busy machine."""


@asynccontextmanager
async def calling(behaviour: Behaviour, **options: Any) -> AsyncIterator[tuple[Client, Server]]:
    async with neighbour(always(behaviour)) as server:
        client = Client(server.url, **{"private": True, "most_seconds": 30.0, **options})
        try:
            yield client, server
        finally:
            await client.close()


async def test_a_call_says_what_it_is_and_an_answer_comes_back_whole() -> None:
    async with calling(Reply(201, b'{"id": 1}')) as (client, server):
        answer = await client.call(
            "POST", "/v2/x?y=1", headers={"Authorization": "Bearer z"}, body=b"{}"
        )
    assert (answer.status, answer.json()) == (201, {"id": 1})
    (request,) = server.requests
    assert (request.method, request.target, request.body) == ("POST", "/v2/x?y=1", b"{}")
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert request.headers["authorization"] == "Bearer z"
    assert request.headers["accept-encoding"] == "identity"


async def test_calls_go_below_the_path_of_the_base() -> None:
    async with neighbour(always(Reply(200))) as server:
        client = Client(f"{server.url}/rest/v1/", private=True)
        await client.call("GET", "/messages")
        await client.close()
    assert server.requests[0].target == "/rest/v1/messages"


@pytest.mark.parametrize("target", ["https://b.example/", "x", "/a b", "/a\r\nX: y", "", "/#x"])
async def test_a_target_is_a_path_and_cannot_lead_elsewhere(target: str) -> None:
    async with calling(Reply(200)) as (client, server):
        with pytest.raises(ValueError, match="target"):
            await client.call("GET", target)
        assert server.taken == 0
        # A path that looks like another host is a path still.
        await client.call("GET", "//b.example/@c.example")
    assert server.requests[0].headers["host"] == f"127.0.0.1:{server.port}"


async def test_a_private_host_is_called_only_where_the_file_allows_it() -> None:
    async with calling(Reply(200), private=False) as (client, server):
        with pytest.raises(NotSent, match="destination-refused"):
            await client.call("GET", "/")
        assert server.connections == 0
    async with calling(Reply(200), private=True) as (client, server):
        assert (await client.call("GET", "/")).status == 200


async def test_a_name_that_leads_to_a_private_address_is_refused(tmp_path: Path) -> None:
    authority = Authority()
    tls = authority.vouching_for(NAME, tmp_path)
    for private, reached in ((False, 0), (True, 1)):
        async with neighbour(always(Reply(200)), tls=tls) as server:
            client = Client(
                f"https://{NAME}:{server.port}",
                private=private,
                tls=authority.trusting,
                look_up=Names(["127.0.0.1"]),
            )
            if private:
                assert (await client.call("GET", "/")).status == 200
            else:
                with pytest.raises(NotSent, match="destination-refused"):
                    await client.call("GET", "/")
            await client.close()
            assert server.taken == reached


@pytest.mark.parametrize("other", ["169.254.169.254", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1%lo"])
async def test_a_name_with_one_bad_address_among_good_ones_is_refused(other: str) -> None:
    names = Names(["8.8.8.8", other])
    client = Client(f"https://{NAME}", look_up=names)
    with pytest.raises(NotSent, match="destination-refused"):
        await client.call("GET", "/")
    assert names.asked == 1


async def test_a_name_is_asked_for_once_and_what_it_says_next_counts_for_nothing() -> None:
    """DNS rebinding: allowed while it is looked at, and elsewhere when it is connected to."""
    async with neighbour(always(Reply(200))) as server:
        names = Names(["127.0.0.1"], ["169.254.169.254"])
        client = Client(f"http://{NAME}:{server.port}", private=True, look_up=names)
        assert (await client.call("GET", "/")).status == 200
        assert names.asked == 1
        # A second connection asks again, and refuses what it then hears.
        await client.close()
        with pytest.raises(NotSent, match="destination-refused"):
            await client.call("GET", "/")
        assert (names.asked, server.connections) == (2, 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    async with neighbour(always(Reply(200, b'"a secret"'))) as inside:
        reply = Reply(status, headers=(("Location", f"{inside.url}/latest/meta-data"),))
        async with calling(reply) as (client, _):
            assert (await client.call("POST", "/", body=b"{}")).status == status
        assert inside.connections == 0
        # The control: that place can be reached, by who is sent there.
        client = Client(inside.url, private=True)
        assert (await client.call("GET", "/latest/meta-data")).json() == "a secret"
        await client.close()


@pytest.mark.parametrize("private", [False, True])
async def test_in_the_clear_only_within_a_network_of_ones_own(private: bool) -> None:
    for addresses in (["8.8.8.8"], ["10.0.0.1", "8.8.8.8"], ["64:ff9b::808:808"]):
        client = Client(f"http://{NAME}", private=private, look_up=Names(addresses))
        with pytest.raises(NotSent, match="destination-refused"):
            await client.call("GET", "/")
    async with calling(Reply(200)) as (client, _):
        assert (await client.call("GET", "/")).status == 200


async def test_a_certificate_counts_when_an_authority_vouches_for_that_name(tmp_path: Path) -> None:
    authority, other = Authority(), Authority()
    cases = (
        (authority.vouching_for(NAME, tmp_path), authority, True),
        (authority.vouching_for("anders.example", tmp_path), authority, False),
        (other.vouching_for(NAME, tmp_path), authority, False),
    )
    for tls, trusted, good in cases:
        async with neighbour(always(Reply(200)), tls=tls) as server:
            client = Client(
                f"https://{NAME}:{server.port}",
                private=True,
                tls=trusted.trusting,
                look_up=Names(["127.0.0.1"]),
            )
            if good:
                assert (await client.call("GET", "/")).status == 200
            else:
                with pytest.raises(NotSent, match="certificate-refused"):
                    await client.call("GET", "/")
            await client.close()
            assert server.taken == int(good)


async def test_an_answer_may_be_as_long_as_the_limit_and_not_longer() -> None:
    async with calling(Reply(200, b"x" * MOST_BYTES)) as (client, _):
        assert len((await client.call("GET", "/")).body) == MOST_BYTES
    async with calling(Reply(200, b"x" * (MOST_BYTES + 1))) as (client, _):
        with pytest.raises(PerhapsSent, match="answer-unreadable"):
            await client.call("GET", "/")


async def test_an_answer_without_an_end_is_given_up() -> None:
    async with calling(Endless(b"x" * 1000)) as (client, _):
        with pytest.raises(PerhapsSent, match="answer-unreadable"):
            await client.call("GET", "/")
    # So slowly that each piece comes in time, and the limit of bytes far away.
    async with calling(Endless(b"x", seconds=0.05), most_seconds=SOON) as (client, _):
        with pytest.raises(PerhapsSent, match="no-answer"):
            await client.call("GET", "/")


@pytest.mark.parametrize(
    ("head", "again"),
    [
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    ],
)
async def test_an_answer_of_the_smallest_pieces_is_given_up_and_others_run_meanwhile(
    head: bytes, again: bytes
) -> None:
    # Whatever other tests left in this process takes a tenth of a second to look through.
    gc.collect()
    gc.freeze()
    longest, before, looking = 0.0, thread_time(), True

    async def look() -> None:
        nonlocal longest, before
        while looking:
            await asyncio.sleep(0)
            longest, before = max(longest, thread_time() - before), thread_time()

    many = head + again * (20_000_000 // len(again))
    # Far more than it takes: what ends it is how much came, also on a machine that is busy.
    async with calling(Cut(many), most_seconds=60.0) as (client, _):
        others = asyncio.create_task(look())
        with pytest.raises(PerhapsSent, match="answer-unreadable"):
            await client.call("GET", "/")
        looking = False
        await others
    gc.unfreeze()
    assert longest < 0.1, "of the processor, without a turn for anybody else"


async def test_what_came_in_answer_to_one_call_does_not_count_for_the_next() -> None:
    async with calling(Reply(200, b"x" * MOST_BYTES)) as (client, server):
        for _ in range(3):
            assert len((await client.call("GET", "/")).body) == MOST_BYTES
    assert server.connections == 1


async def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    packed = Reply(200, bomb[:MOST_BYTES], (("Content-Encoding", "gzip"),))
    async with calling(packed) as (client, _):
        with pytest.raises(PerhapsSent, match="answer-unreadable"):
            await client.call("GET", "/")


async def test_after_the_first_byte_nobody_knows_whether_it_arrived() -> None:
    for behaviour, reason in (
        (Silence(), "no-answer"),
        (Cut(), "answer-unreadable"),
        (Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), "answer-unreadable"),
        (Cut(b"220 mail.example ESMTP\r\n"), "answer-unreadable"),
        (Cut(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), "answer-unreadable"),
    ):
        most_seconds = SOON if reason == "no-answer" else 30.0
        async with calling(behaviour, most_seconds=most_seconds) as (client, server):
            with pytest.raises(PerhapsSent, match=reason):
                await client.call("POST", "/", body=b"{}")
            assert server.taken == 1


async def test_before_the_first_byte_nothing_happened() -> None:
    async with neighbour(always(Reply(200))) as server:
        gone = server.url
    client = Client(gone, private=True)
    with pytest.raises(NotSent, match="unreachable"):
        await client.call("POST", "/", body=b"{}")

    async def nobody(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    client = Client(f"https://{NAME}", look_up=nobody)
    with pytest.raises(NotSent, match="unreachable"):
        await client.call("POST", "/", body=b"{}")


async def test_a_directory_of_names_that_does_not_answer_is_given_up() -> None:

    async def slow(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    client = Client(f"https://{NAME}", look_up=slow, most_seconds=0.1)
    with pytest.raises(NotSent, match="unreachable"):
        await client.call("GET", "/")


async def test_the_next_address_is_tried_where_the_first_takes_nobody() -> None:
    async with neighbour(always(Reply(200))) as server:
        # Nothing listens on 127.0.0.2 at this port.
        names = Names(["127.0.0.2", "127.0.0.1"])
        client = Client(f"http://{NAME}:{server.port}", private=True, look_up=names)
        assert (await client.call("GET", "/")).status == 200
        assert server.requests[0].headers["host"] == f"{NAME}:{server.port}"
        await client.close()


@pytest.mark.dear
async def test_the_next_address_is_tried_where_the_first_says_nothing() -> None:
    async with neighbour(always(Reply(200))) as server:
        with socket.socket() as silent, ExitStack() as waiting:
            # A queue that is full: whoever comes next gets no answer at all.
            silent.bind(("127.0.0.2", server.port))
            silent.listen(0)
            for _ in range(3):
                one = waiting.enter_context(socket.socket())
                one.setblocking(False)
                one.connect_ex(("127.0.0.2", server.port))
            for addresses, reached in ((["127.0.0.2", "127.0.0.1"], True), (["127.0.0.2"], False)):
                client = Client(
                    f"http://{NAME}:{server.port}",
                    private=True,
                    look_up=Names(addresses),
                    most_seconds=1.0,
                )
                if reached:
                    assert (await client.call("GET", "/")).status == 200
                else:
                    with pytest.raises(NotSent, match="unreachable"):
                        await client.call("GET", "/")
                await client.close()


async def test_calls_in_a_row_share_a_connection() -> None:
    async with calling(Reply(200, b"{}")) as (client, server):
        for _ in range(5):
            await client.call("GET", "/")
        assert (server.taken, server.connections) == (5, 1)


async def test_who_is_cut_off_while_idle_connections_are_closed_leaves_none_open() -> None:
    """They are closed one after the other, and whoever closes them may be cancelled in between."""
    everybody = asyncio.Barrier(4)

    async def answering(_: Request) -> Behaviour:
        await everybody.wait()
        return Reply(200)

    async with neighbour(answering) as server:
        client = Client(server.url, private=True)
        await asyncio.gather(*(client.call("GET", "/") for _ in range(4)))
        await server.end()
        for _ in range(5):
            await asyncio.sleep(0)
        calling = asyncio.ensure_future(client.call("GET", "/"))
        while not calling.done():
            # At each step that it waits, in the first of them among others.
            await asyncio.sleep(0)
            calling.cancel()
        await client.close()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        del client
        gc.collect()
    assert [str(each.message) for each in told] == []


async def test_a_proxy_that_the_machine_names_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with neighbour(always(Reply(200))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        async with calling(Reply(204)) as (client, _):
            assert (await client.call("GET", "/")).status == 204
        assert proxy.connections == 0


async def test_nothing_that_a_neighbour_says_shows_where_an_answer_is_shown() -> None:
    async with calling(Reply(400, b"+31612345678 is wrong")) as (client, _):
        assert "+31612345678" not in repr(await client.call("GET", "/"))


async def test_a_file_alone_reaches_nothing_that_listens_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MEETPUNT_LOOPBACK")
    client = Client("http://127.0.0.1:2019", private=True)
    with pytest.raises(NotSent, match="destination-refused"):
        await client.call("POST", "/load")
