"""What a municipality's file may say of how its invitations reach somebody."""

import re
from pathlib import Path

import pytest

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.municipalities.senders import SENDER_KINDS, Sender, read_senders

WHOLE = {
    "file": 'kind = "file"',
    "notify": """
kind = "notify"
url = "https://api.notifynl.nl"
key_file = "/etc/meetpunt/notify.key"
template = "4c1a2b7e-0000-4000-8000-1234567890ab"
""",
    "spryng": """
kind = "spryng"
url = "https://rest.spryngsms.com/v1"
key_file = "/etc/meetpunt/spryng.key"
from = "Molensloot"
""",
    "smtp": """
kind = "smtp"
url = "smtp://relay.molensloot.example:587"
from = "kto@molensloot.example"
""",
    "none": 'kind = "none"',
}


def read(folder: Path, text: str, name: str = "proef") -> tuple[dict[str, Sender], list[Finding]]:
    path = folder / "molensloot.toml"
    path.write_text(f"[senders.{name}]\n{text}", encoding="utf-8")
    file = read_toml(path)
    findings: list[Finding] = []
    return read_senders(Table(file, findings, file.data)), findings


def messages(folder: Path, text: str, name: str = "proef") -> list[str]:
    return [finding.message for finding in read(folder, text, name)[1]]


@pytest.mark.parametrize("kind", SENDER_KINDS)
def test_a_sender_needs_no_more_than_its_kind_says(tmp_path: Path, kind: str) -> None:
    senders, findings = read(tmp_path, WHOLE[kind])
    assert findings == []
    assert senders["proef"].kind == kind
    assert senders["proef"].name == "proef"


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        ("file", ("tel", "mailto")),
        ("notify", ("tel",)),
        ("spryng", ("tel",)),
        ("smtp", ("mailto",)),
        ("none", ()),
    ],
)
def test_a_kind_reaches_telephones_or_mailboxes(kind: str, reached: tuple[str, ...]) -> None:
    assert Sender(name="proef", kind=kind).reaches == reached


@pytest.mark.parametrize("kind", SENDER_KINDS)
def test_everything_that_a_kind_needs_is_asked_for(tmp_path: Path, kind: str) -> None:
    missing = [f"`{key}` is missing" for key in SENDER_KINDS[kind].needs]
    assert sorted(messages(tmp_path, f'kind = "{kind}"')) == sorted(missing)


@pytest.mark.parametrize("path", ["/v2", "/?a=b", "/#x"])
def test_the_address_of_notify_has_no_path_as_we_add_it(tmp_path: Path, path: str) -> None:
    url = re.search(r'url = "(https://[^"/]+)', WHOLE["notify"])
    assert url
    text = WHOLE["notify"].replace(url[1], url[1] + path)
    (message,) = messages(tmp_path, text)
    assert message == f"`url` must be the address of the API without a path: {url[1]}"
    assert messages(tmp_path, WHOLE["notify"].replace(url[1], f"{url[1]}/")) == []


@pytest.mark.parametrize("template", ["x", "4c1a2b7e", "{4c1a2b7e-0000-4000-8000-1234567890ab}"])
def test_a_template_is_named_by_its_id(tmp_path: Path, template: str) -> None:
    text = WHOLE["notify"].replace("4c1a2b7e-0000-4000-8000-1234567890ab", template)
    (message,) = messages(tmp_path, text)
    assert message.startswith("`template` must be the id of a template, such as ")


@pytest.mark.parametrize("key", ["url", "key_file", "from", "folder", "template", "user"])
def test_a_key_that_a_kind_does_not_have_is_refused(tmp_path: Path, key: str) -> None:
    (message,) = messages(tmp_path, f'kind = "none"\n{key} = "x"')
    assert message.startswith(f"unknown key '{key}'")


@pytest.mark.parametrize("key", ["api_key", "password", "secret", "token"])
def test_a_secret_has_no_place_in_the_file(tmp_path: Path, key: str) -> None:
    (message,) = messages(tmp_path, WHOLE["spryng"] + f'{key} = "hunter2"')
    assert message.startswith(f"unknown key '{key}'")
    assert "hunter2" not in message


def test_a_kind_that_there_is_not_is_refused_and_nothing_else_is_told(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, 'kind = "sprying"\nwhatever = 1')
    assert message.endswith("not 'sprying'; did you mean 'spryng'?")


def test_the_name_of_a_sender_is_one_as_in_addresses(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, WHOLE["file"], name='"Mijn sms"')
    assert message.startswith("the name of a sender must be lower-case letters")


@pytest.mark.parametrize("name", ["Molensloot", "Gem. Venlo", "Loket 14", "A", "a-b"])
def test_a_telephone_shows_a_name_of_at_most_eleven_signs(tmp_path: Path, name: str) -> None:
    assert messages(tmp_path, WHOLE["spryng"].replace("Molensloot", name)) == []


@pytest.mark.parametrize(
    "name", ["", "Molenslooter", "14010", "+31612345678", "Súdwest", "Venlo ", " Venlo", "a\\nb"]
)
def test_a_name_that_networks_do_not_show_is_refused(tmp_path: Path, name: str) -> None:
    (message,) = messages(tmp_path, WHOLE["spryng"].replace("Molensloot", name))
    assert message.startswith("`from` must be a name of at most 11 letters")


@pytest.mark.parametrize(
    "address",
    [
        "molensloot.example",
        "Kto <kto@molensloot.example>",
        "kto@molensloot.example\\nBcc: x@example.nl",
        "kto@localhost",
        "kto@",
    ],
)
def test_mail_comes_from_a_plain_address(tmp_path: Path, address: str) -> None:
    (message,) = messages(tmp_path, WHOLE["smtp"].replace("kto@molensloot.example", address))
    assert message.startswith("`from` must be a plain address")


@pytest.mark.parametrize(
    "url", ["smtp://mail", "smtps://mail.molensloot.example", "smtp://10.1.2.3:25"]
)
def test_a_relay_is_a_host_and_perhaps_a_port(tmp_path: Path, url: str) -> None:
    assert messages(tmp_path, _with_relay(url)) == []


@pytest.mark.parametrize(
    "url",
    [
        "relay.molensloot.example",
        "https://relay.molensloot.example",
        "smtp://naam:geheim@relay.molensloot.example",
        "smtp://relay.molensloot.example:99999",
        "smtp://relay.molensloot.example/pad",
        "smtp://relay.molensloot.example\\n",
    ],
)
def test_a_relay_that_is_something_else_is_refused(tmp_path: Path, url: str) -> None:
    (message,) = messages(tmp_path, _with_relay(url))
    assert message.startswith("`url` must be a relay such as smtp://")


def _with_relay(url: str) -> str:
    return WHOLE["smtp"].replace("smtp://relay.molensloot.example:587", url)


def test_a_provider_is_reached_by_https(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, WHOLE["notify"].replace("https:", "http:"))
    assert "must begin with https" in message


def test_the_file_of_a_secret_is_named_by_its_whole_path(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, WHOLE["notify"].replace("/etc/meetpunt/", ""))
    assert message.startswith("`key_file` must be a whole path")


def test_who_signs_in_at_a_relay_has_a_password_in_a_file(tmp_path: Path) -> None:
    assert messages(tmp_path, WHOLE["smtp"] + 'user = "kto"') == [
        "`user` needs a `key_file`, the file that holds the password"
    ]
    with_password = 'user = "kto"\nkey_file = "/etc/meetpunt/relay.key"'
    assert messages(tmp_path, WHOLE["smtp"] + with_password) == []


def test_a_host_of_ones_own_network_is_said_to_be_one(tmp_path: Path) -> None:
    senders, findings = read(tmp_path, WHOLE["smtp"] + "private_network = true")
    assert findings == []
    assert senders["proef"].private_network
    assert not read(tmp_path, WHOLE["smtp"])[0]["proef"].private_network
