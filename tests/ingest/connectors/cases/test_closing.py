"""What of a case we look at: how confidential it is, how long it took, and who asked for it."""

from typing import Any

import pytest

from ingest.connectors.cases.closing import may_be_asked_about, read_case, whom_to_ask
from ingest.municipalities.cases import CONFIDENTIALITY
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.senders import Sender
from ingest.responses.submission import allowed_dimensions
from tests.example import example_catalogue

CASE: dict[str, Any] = {
    "url": "https://oz.example/zaken/api/v1/zaken/1",
    "zaaktype": "https://oz.example/catalogi/api/v1/zaaktypen/1",
    "vertrouwelijkheidaanduiding": "openbaar",
    "registratiedatum": "2026-11-02",
    "einddatum": "2026-11-30",
    "uiterlijkeEinddatumAfdoening": "2026-11-30",
    "hoofdzaak": None,
}
MAIL = Sender(name="mail", kind="smtp")
TEXT = Sender(name="sms", kind="notify")


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({}, {"op_tijd": "ja", "doorlooptijd": "tot-4-weken"}),
        ({"einddatum": "2026-12-01"}, {"op_tijd": "nee", "doorlooptijd": "tot-8-weken"}),
        ({"einddatum": "2026-11-02"}, {"op_tijd": "ja", "doorlooptijd": "tot-1-week"}),
        ({"registratiedatum": "2026-10-05"}, {"op_tijd": "ja", "doorlooptijd": "tot-8-weken"}),
        ({"registratiedatum": "2026-10-04"}, {"op_tijd": "ja", "doorlooptijd": "langer"}),
        ({"registratiedatum": "2027-01-01"}, {"op_tijd": "ja"}),
        ({"uiterlijkeEinddatumAfdoening": None}, {"doorlooptijd": "tot-4-weken"}),
        ({"einddatum": None}, {}),
        ({"registratiedatum": None, "uiterlijkeEinddatumAfdoening": "binnenkort"}, {}),
    ],
)
def test_how_long_a_case_took_is_told_in_four_bands(
    changes: dict[str, Any], details: dict[str, str]
) -> None:
    case = read_case(CASE | changes)
    assert case is not None
    assert case.details == details


def test_a_touchpoint_keeps_of_it_what_it_lists() -> None:
    case = read_case(CASE)
    assert case is not None
    touchpoint = example_catalogue().touchpoint("molensloot", "telefonie")
    assert not {"op_tijd", "doorlooptijd"} & set(allowed_dimensions(touchpoint, case.details))


@pytest.mark.parametrize(
    "changes", [{"url": None}, {"zaaktype": 3}, {"vertrouwelijkheidaanduiding": None}]
)
def test_what_is_no_case_is_none(changes: dict[str, Any]) -> None:
    assert read_case(CASE | changes) is None


@pytest.mark.parametrize(("most", "many"), [("openbaar", 1), ("zaakvertrouwelijk", 4)])
def test_what_is_more_confidential_than_the_ceiling_asks_nobody(most: str, many: int) -> None:
    assert sum(may_be_asked_about(each, most) for each in CONFIDENTIALITY) == many
    assert not may_be_asked_about("", "zeer_geheim")
    assert not may_be_asked_about("onbekend", "zeer_geheim")


@pytest.mark.parametrize(
    ("sender", "asked"),
    [
        (TEXT, "tel:+31612345678"),
        (MAIL, "mailto:bewoner@example.nl"),
        (Sender(name="proef", kind="file"), "tel:+31612345678"),
        # Nobody sends: whom it would be is for the rules to say.
        (Sender(name="geen", kind="none"), "tel:+31612345678"),
    ],
)
def test_who_asked_for_it_is_reached_by_telephone_before_mail(sender: Sender, asked: str) -> None:
    rules = InvitationRules(
        sender=sender, text={"nl": "Hoe ging het? {link}"}, mail={"nl": "Hoe ging het? {link}"}
    )
    person = {"telefoonnummer": "06-12345678", "emailadres": "bewoner@example.nl"}
    roles: list[dict[str, Any]] = [
        {"contactpersoonRol": None},
        {"contactpersoonRol": person},
        {},
    ]
    recipient = whom_to_ask(roles, rules)
    assert recipient is not None
    assert recipient.uri == asked


def test_whom_nobody_can_reach_is_nobody() -> None:
    roles = [{"contactpersoonRol": {"telefoonnummer": "020-1234567", "emailadres": "a@"}}]
    assert whom_to_ask(roles, InvitationRules()) is None
    assert whom_to_ask([], None) is None
