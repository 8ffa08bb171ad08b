"""What is sealed of who wants to be called opens for its own row, under its own key."""

from uuid import uuid4

import pytest

from ingest.callbacks.sealing import ToCall, sealing_of
from ingest.invitations.sealing import SealBroken, Sealing
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys


def test_it_opens_for_its_row_and_no_other_and_a_length_tells_nothing(keys: Keys) -> None:
    derived, id = derived_keys(keys), uuid4()
    sealing = sealing_of(derived)
    short, long = (
        ToCall(number="+3225551234"),
        ToCall(number="+123456789012345", moment="ochtend", language="uk"),
    )
    sealed = [sealing.seal("GM9001", id, each) for each in (short, long)]
    assert [sealing.open("GM9001", id, each) for each in sealed] == [short, long]
    assert len({len(each) for each in sealed}) == 1
    assert "3225551234" not in repr(short)
    for municipality, other in (("GM9002", id), ("GM9001", uuid4())):
        with pytest.raises(SealBroken):
            sealing.open(municipality, other, sealed[0])
    with pytest.raises(SealBroken):
        Sealing(derived.sealing).open("GM9001", id, sealed[0])
