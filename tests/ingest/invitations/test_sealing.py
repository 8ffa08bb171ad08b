"""Who a message goes to is sealed; codes of people tell nothing without the keys."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from ingest.invitations.codes import InvitationCodes, quarter_before, quarter_of
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.sealing import SealBroken, Sealed, Sealing
from ingest.tokens.derived_keys import DerivedKeys, derived_keys
from ingest.tokens.keys import Keys, SigningKey

KEYS = Keys(
    signing=(SigningKey(id="a", secret=b"s" * 32, created=date(2026, 1, 1)),),
    minting=b"m" * 32,
    content=b"c" * 32,
    accounts=b"a" * 32,
)
SOMEBODY = Recipient(scheme="tel", address="+31612345678")
CONTENT = Sealed(recipient=SOMEBODY, language="nl", dimensions={"product": "paspoort"})


def test_what_was_sealed_for_a_row_opens_for_that_row_alone() -> None:
    sealing, id = Sealing(bytes(32)), uuid4()
    sealed = sealing.seal("GM9001", id, CONTENT)
    assert sealing.open("GM9001", id, sealed) == CONTENT
    for other in (("GM9002", id, sealed), ("GM9001", uuid4(), sealed)):
        with pytest.raises(SealBroken):
            sealing.open(*other)
    with pytest.raises(SealBroken):
        Sealing(b"k" * 32).open("GM9001", id, sealed)


@pytest.mark.parametrize("cut", [0, 5, 12, 20, -1])
def test_what_was_cut_off_or_changed_does_not_open(cut: int) -> None:
    sealing, id = Sealing(bytes(32)), uuid4()
    sealed = sealing.seal("GM9001", id, CONTENT)
    with pytest.raises(SealBroken):
        sealing.open("GM9001", id, sealed[:cut])
    changed = bytearray(sealed)
    changed[cut] ^= 1
    with pytest.raises(SealBroken):
        sealing.open("GM9001", id, bytes(changed))


def test_its_length_tells_nothing_of_an_address() -> None:
    sealing, id = Sealing(bytes(32)), uuid4()
    others = (
        replace(CONTENT, language=None, dimensions={}),
        replace(CONTENT, recipient=Recipient(scheme="mailto", address="a@b.nl")),
        replace(CONTENT, recipient=Recipient(scheme="mailto", address=f"{'a' * 60}@voorbeeld.nl")),
    )
    length = len(sealing.seal("GM9001", id, CONTENT))
    assert {len(sealing.seal("GM9001", id, each)) for each in others} == {length}
    assert sealing.seal("GM9001", id, CONTENT) != sealing.seal("GM9001", id, CONTENT)


def test_what_failed_to_open_is_in_no_exception() -> None:
    sealing, id = Sealing(bytes(32)), uuid4()
    with pytest.raises(SealBroken) as broken:
        sealing.open("GM9001", id, b"+31612345678")
    assert str(broken.value) == ""
    assert broken.value.__cause__ is None


def test_each_thing_has_a_key_of_its_own_and_shows_none() -> None:
    derived = derived_keys(KEYS)
    keys = msgspec.structs.astuple(derived)
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}
    assert not set(keys) & {KEYS.minting, KEYS.content, KEYS.accounts}
    assert repr(derived) == "DerivedKeys()"


def test_codes_and_links_are_the_same_for_ever() -> None:
    """Frozen: after an upgrade who opted out is known, and a link that is tried again found."""
    derived = derived_keys(KEYS)
    codes = InvitationCodes(derived)
    assert derived.link_id(UUID(int=7)).hex() == "87dfb2ddd8a6d57cc70646542599260f"
    assert codes.of_opted_out("GM9001", SOMEBODY).hex() == (
        "cd6930817dc7e8fc1074e920ecb8f5932577e05d6500e83a9a3d0ec938e17618"
    )
    assert codes.of_asked(bytes(32), "GM9001", SOMEBODY).hex() == (
        "9b681ad3697b87db16d289a9e86b7c886480935ccb1dafb6f2c80dc28218a47b"
    )


def test_what_an_older_version_sealed_opens() -> None:
    """Frozen: messages wait while the version changes."""
    sealing = Sealing(derived_keys(KEYS).sealing)
    assert sealing.open("GM9001", UUID(int=7), bytes.fromhex(_SEALED)) == CONTENT


@pytest.fixture
def derived() -> DerivedKeys:
    return derived_keys(KEYS)


def test_a_code_knows_somebody_again_in_one_municipality_alone(derived: DerivedKeys) -> None:
    codes = InvitationCodes(derived)
    mail = Recipient(scheme="mailto", address="Jan@voorbeeld.nl")
    shouted = Recipient(scheme="mailto", address="JAN@voorbeeld.nl")
    assert codes.of_opted_out("GM9001", mail) == codes.of_opted_out("GM9001", shouted)
    assert codes.of_opted_out("GM9001", mail) != codes.of_opted_out("GM9002", mail)
    assert codes.of_asked(bytes(32), "GM9001", mail) != codes.of_opted_out("GM9001", mail)
    others = InvitationCodes(derived_keys(replace(KEYS, accounts=b"b" * 32)))
    assert codes.of_opted_out("GM9001", mail) != others.of_opted_out("GM9001", mail)
    assert codes.of_asked(bytes(32), "GM9001", mail) != others.of_asked(bytes(32), "GM9001", mail)


def test_two_parts_of_a_code_never_run_into_each_other(derived: DerivedKeys) -> None:
    codes = InvitationCodes(derived)

    def told(source: str, key: str) -> bytes:
        contact = ContactEnded(
            municipality="molensloot",
            touchpoint="telefonie",
            ended_at=datetime(2026, 1, 1, tzinfo=UTC),
            source=source,
            source_key=key,
        )
        return codes.of_occasion("GM9001", contact)

    assert told("api", "1") == told("api", "1")
    assert len({told("ap", "i1"), told("api", "1"), told("a", "pi1")}) == 3


def test_quarters_follow_each_other() -> None:
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [
        "2026-1",
        "2026-1",
        "2026-2",
        "2026-4",
    ]
    assert quarter_before("2026-1") == "2025-4"
    assert quarter_before("2026-3") == "2026-2"


_SEALED = (
    "30b825b9520010a4922c9be88788dcc042397a810fe29d3ceeb0b66b9df07c3fef02b1be16140f3af8e9b08b24dea0f5"
    "e75322201bf5b3240d15d264071862f688638b09398d36f98d4fc9bdd768c576b2fec5c8fb2f9b20b40065416f7b9fb0"
    "5fcdc03a12d54b079ccd251b098358b06c588d1dd0ff85c41bd9fea39a58bedcf48335c02c6cb119c4281e4861c233f8"
    "f13b597a34aa22831740c496ce75898edfe95e3349bfd8ad2fef31311c2a7ea7f0b79d4a78e3f5657a3e828e014d3f75"
    "f4e789cfba38df6f00bb0ab72feb62d9ec031ef26b6f29a87aa8761c"
)
