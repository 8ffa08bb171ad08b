"""What `meetpunt senders receipts` gives to whoever sets a provider up."""

from pathlib import Path

from ingest.senders.receipts import receipt_secret
from ingest.tokens.keys import Keys
from tests.example import example_directory
from tests.ingest.commands.conftest import type_of_run

SENDERS = """
[senders.sms]
kind = "notify"
url = "https://api.notify.example"
key_file = "/etc/meetpunt/notify.key"
template = "c887d4a9-204b-43a0-9344-9bd475059832"

[senders.snel]
kind = "spryng"
url = "https://rest.spryng.example/v1"
key_file = "/etc/meetpunt/spryng.key"
from = "Molensloot"

[senders.stil]
kind = "none"
"""


def with_senders(folder: Path) -> str:
    """The fictional municipalities; what the first of them declares is what stands here."""
    for file in (*example_directory().glob("*.toml"), *example_directory().glob("*.svg")):
        text = file.read_text("utf-8")
        (folder / file.name).write_text(text + SENDERS if file.name == "duinrade.toml" else text)
    return str(folder)


def test_each_provider_gets_an_address_and_a_secret(
    run: type_of_run, keys: Keys, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    told = run("senders", "receipts", "duinrade", MEETPUNT_CONFIG=with_senders(files)).stdout
    sms, snel = (receipt_secret(keys.accounts, "duinrade", name) for name in ("sms", "snel"))
    place = "https://kto.duinrade.example"
    assert f"{place}/api/v1/messages/duinrade/sms/receipts" in told
    assert f"{place}/api/v1/messages/duinrade/sms/replies" in told
    assert sms in told
    assert f"{place}/messages/spryng/duinrade/snel/{snel}" in told
    assert "stil" not in told


def test_where_nobody_tells_it_says_so(run: type_of_run) -> None:
    assert "no sender of" in run("senders", "receipts", "duinrade", exit_code=1).output
    assert "no municipality" in run("senders", "receipts", "nergens", exit_code=1).output
