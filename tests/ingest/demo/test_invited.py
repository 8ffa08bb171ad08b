"""Made-up invitations: the same for the same seed, and never fewer than answered."""

from collections import Counter
from datetime import date

import pytest

from ingest.demo.generator import SEED, made_up_responses
from ingest.demo.invited import InvitedOnDay, made_up_invitations
from ingest.municipalities.catalogue import Catalogue

TODAY = date(2026, 11, 21)


def made_up(catalogue: Catalogue, seed: int = SEED) -> list[InvitedOnDay]:
    municipality = catalogue.municipality("molensloot")
    responses = list(made_up_responses(catalogue, municipality, today=TODAY))
    return made_up_invitations(municipality, responses, seed=seed)


@pytest.mark.dear
def test_the_same_seed_gives_the_same_rows(catalogue: Catalogue) -> None:
    assert made_up(catalogue) == made_up(catalogue)
    assert made_up(catalogue) != made_up(catalogue, seed=7)


def test_nobody_is_invited_where_anybody_may_answer(catalogue: Catalogue) -> None:
    channels = {catalogue.touchpoints[each.touchpoint].channel for each in made_up(catalogue)}
    assert channels == {"telefonie", "melding", "vergunning", "huwelijk", "terugbelverzoek"}


@pytest.mark.dear
def test_each_response_has_an_invitation_of_its_day_and_product(catalogue: Catalogue) -> None:
    municipality = catalogue.municipality("molensloot")
    spent = Counter(
        (response.day, response.touchpoint)
        for response in made_up_responses(catalogue, municipality, today=TODAY)
        if response.mode == "bericht"
    )
    issued: Counter[tuple[date, int]] = Counter()
    for each in made_up(catalogue):
        issued[each.day, each.touchpoint] += each.issued
    assert spent <= issued
    assert {each.product for each in made_up(catalogue)} > {""}
