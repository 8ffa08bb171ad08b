"""The senders of all municipalities, made of their files."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.municipalities.senders import SENDER_KINDS
from ingest.municipalities.senders import Sender as Declared
from ingest.running.logs import configure_logging
from ingest.senders.provider_keys import KEY_STAYS
from ingest.senders.sender import Accepted, RefusedForNow
from ingest.senders.senders import Senders, SenderUnknown
from tests.ingest.senders.messages import key_file, message
from tests.neighbours.server import neighbour
from tests.neighbours.spryng import KEY, Spryng

pytestmark = pytest.mark.anyio


def of_kind(kind: str, folder: Path) -> Declared:
    """As small as a file may have it."""
    given: dict[str, Any] = {
        "url": "smtp://mail.example" if kind == "smtp" else "https://api.example/v1",
        "key_file": key_file(folder, "een-sleutel"),
        "template": "c887d4a9-204b-43a0-9344-9bd475059832",
        "sent_from": "kto@molensloot.example" if kind == "smtp" else "Molensloot",
    }
    needs = ["sent_from" if key == "from" else key for key in SENDER_KINDS[kind].needs]
    return Declared(name=kind, kind=kind, **{key: given[key] for key in needs})


@pytest.mark.parametrize("kind", SENDER_KINDS)
async def test_every_kind_that_a_file_may_name_is_made_and_reaches_whom_it_says(
    kind: str, tmp_path: Path
) -> None:
    declared = of_kind(kind, tmp_path)
    senders = Senders({"molensloot": [declared]}, folder=tmp_path)
    assert senders.of("molensloot", kind).kinds == set(declared.reaches)
    await senders.close()


async def test_a_name_that_a_file_no_longer_has_is_told(tmp_path: Path) -> None:
    senders = Senders({"molensloot": [of_kind("none", tmp_path)]}, folder=tmp_path)
    for municipality, name in (("molensloot", "weg"), ("duinrade", "none")):
        with pytest.raises(SenderUnknown, match=f"{municipality} has no sender {name}"):
            senders.of(municipality, name)


async def test_each_municipality_writes_in_a_folder_of_its_own(tmp_path: Path) -> None:
    file = Declared(name="file", kind="file")
    senders = Senders({"molensloot": [file], "duinrade": [file]}, folder=tmp_path)
    for municipality in ("molensloot", "duinrade"):
        await senders.of(municipality, "file").send(message())
    assert [len(list((tmp_path / slug).iterdir())) for slug in ("molensloot", "duinrade")] == [1, 1]


async def test_whoever_knows_nothing_of_another_s_messages_is_another_account(
    tmp_path: Path,
) -> None:
    key = key_file(tmp_path, KEY)
    declared = [
        Declared(name="een", kind="file"),
        Declared(name="twee", kind="file", folder=str(tmp_path / "elders")),
        Declared(name="drie", kind="spryng", url="https://a.example/v1", key_file=key),
        Declared(name="vier", kind="spryng", url="https://b.example/v1", key_file=key),
        Declared(name="vijf", kind="smtp", url="smtps://a.example", user="a", key_file=key),
        Declared(name="zes", kind="smtp", url="smtps://a.example", user="b", key_file=key),
        Declared(name="zeven", kind="smtp", url="smtps://b.example"),
        Declared(name="acht", kind="none"),
    ]
    senders = Senders({"molensloot": declared}, folder=tmp_path)
    accounts = {senders.of("molensloot", each.name).account for each in declared}
    assert len(accounts) == len(declared)
    assert KEY not in repr(accounts)


async def test_without_its_key_a_sender_waits_and_the_others_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging()
    theirs = Spryng()
    async with neighbour(theirs) as server:
        missing, there = tmp_path / "later.key", key_file(tmp_path, KEY)
        senders = Senders(
            {
                "molensloot": [
                    Declared(
                        name=name,
                        kind="spryng",
                        url=f"{server.url}/v1",
                        key_file=key,
                        sent_from="Molensloot",
                        private_network=True,
                    )
                    for name, key in (("een", str(missing)), ("twee", there))
                ]
            },
            folder=tmp_path,
        )
        told = json.loads(capsys.readouterr().err)
        assert (told["event"], told["level"]) == ("provider_key_unusable", "error")
        assert str(missing) in told["reason"]
        assert KEY_STAYS not in told["reason"]
        one, two = senders.of("molensloot", "een"), senders.of("molensloot", "twee")
        assert await one.send(message()) == RefusedForNow("key-unreadable")
        assert isinstance(await two.send(message()), Accepted)
        # The process is told that files changed (SIGHUP).
        missing.touch(mode=0o600)
        missing.write_text(KEY)
        senders.reread()
        assert isinstance(await one.send(message()), Accepted)
        # A file that is broken since leaves what was read before.
        missing.chmod(0o644)
        senders.reread()
        assert isinstance(await one.send(message()), Accepted)
        reason = json.loads(capsys.readouterr().err)["reason"]
        assert KEY_STAYS in reason
        # What to run is whole, however long the folder's name; the rest may be cut off.
        assert f"`chmod 600 {missing}`" in reason
        await senders.close()


async def test_a_key_shows_in_nothing_that_is_shown(tmp_path: Path) -> None:
    senders = Senders({"molensloot": [of_kind("spryng", tmp_path)]}, folder=tmp_path)
    assert "een-sleutel" not in repr(vars(senders.of("molensloot", "spryng")))
