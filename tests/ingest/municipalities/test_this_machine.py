"""A municipality's file has this machine itself called only where its administrator says so."""

import asyncio

import pytest
from msgspec.structs import replace

from ingest.doctor import neighbours
from ingest.doctor.findings import Mark
from ingest.doctor.sight import Sight
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.contacts import Contacts
from ingest.municipalities.pushing import Pushing, Webhook
from ingest.municipalities.senders import Sender
from ingest.municipalities.signals import Signals
from ingest.municipalities.this_machine import leads_here
from ingest.settings import Settings
from tests.example import example_catalogue


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://localhost:2019", True),
        ("https://crm.localhost/api", True),
        ("https://127.0.0.2/api", True),
        ("https://[::1]:2019/load", True),
        ("https://10.0.0.5/api", False),
        ("https://localhost.molensloot.example", False),
    ],
)
def test_every_address_that_a_file_names_is_looked_at(url: str, leads: bool) -> None:
    there = replace(
        example_catalogue().municipality("molensloot"),
        senders={"post": Sender(name="post", kind="smtp", url=url)},
        contacts=Contacts(url=url, key_file="key", queues={}, channel="telefoon"),
        signals=Signals(push=Pushing(webhook=Webhook(url=url, key_file="key"))),
    )
    places = {("senders", "post", "url"), ("contacts", "url"), ("signals", "webhook", "url")}
    assert set(leads_here(there)) == (places if leads else set())


def test_the_doctor_says_what_is_not_called_and_when_this_machine_may_be() -> None:
    there = replace(
        example_catalogue().municipality("molensloot"),
        senders={"post": Sender(name="post", kind="smtp", url="smtp://localhost")},
    )
    catalogue = Catalogue([there], example_catalogue().questionnaires)

    def told(*, loopback: bool) -> list[tuple[Mark, bool]]:
        settings = Settings(loopback=loopback)
        sight = Sight(settings=settings, catalogue=catalogue, own=False, urls={})
        found = asyncio.run(neighbours.examine(sight))
        return [(each.mark, "MEETPUNT_LOOPBACK" in each.sentence) for each in found[:1]]

    assert told(loopback=False) == [(Mark.WRONG, True)]
    assert told(loopback=True) == [(Mark.LOOK, True)]
