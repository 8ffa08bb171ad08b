"""What `meetpunt connect signalen` tells an administrator, and what it finds when it tries."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ingest.commands import connect_signalen
from ingest.commands.connect_signalen import line_of, tried
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.signalen import Signalen as Declared
from tests.example import example_directory
from tests.ingest.commands.conftest import type_of_run
from tests.neighbours.server import neighbour
from tests.neighbours.signalen import ROOT, SITE, SOLVED, Signalen
from tests.reports import with_signalen

OURS = "https://kto.molensloot.example"
TABLE = """
[signalen]
url = "http://127.0.0.1:1/signals"
site = "https://meldingen.molensloot.example"
touchpoints = ["melding"]
private_network = true
"""


def test_the_line_cuts_a_mail_s_link_down_to_its_token(catalogue: Catalogue) -> None:
    municipality = with_signalen(catalogue, "http://127.0.0.1:1").municipality("molensloot")
    assert municipality.signalen is not None
    line = line_of(municipality, municipality.signalen, "melding", OURS)
    signalen = Signalen()
    link = signalen.close(signalen.report())
    assert link is not None
    # As Django's `cut` does it.
    rendered = line.replace(
        f'{{{{ positive_feedback_url|cut:"{SITE}/kto/ja/" }}}}', link.replace(f"{SITE}/kto/ja/", "")
    )
    (token,) = signalen.feedback
    assert rendered == f"[Geef uw mening]({OURS}/melding/molensloot/melding/{token})"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("changes", "how", "told"),
    [
        ({}, "", []),
        ({"solved": SOLVED.upper()}, "", ["`solved` is"]),
        ({"solved": "x", "unsolved": "y"}, "", ["`solved` is", "`unsolved` is"]),
        ({"unsolved": connect_signalen.NEVER_REOPEN[0]}, "", ["opens no report again"]),
        ({}, "flag", [connect_signalen.FLAG]),
        ({}, "away", ["failing"]),
        ({"url": "http://127.0.0.1:1/signals"}, "", ["Nothing answers there"]),
    ],
)
async def test_what_is_missing_is_told_in_a_sentence(
    changes: dict[str, str], how: str, told: list[str]
) -> None:
    signalen = Signalen(questionnaires_app=how == "flag")
    signalen.away = how == "away"
    async with neighbour(signalen) as server:
        usual = {"url": server.url + ROOT, "site": SITE}
        declared = Declared(**usual | changes, touchpoints=("melding",), private_network=True)
        found = await tried(declared)
    assert len(found) == len(told)
    for sentence, words in zip(found, told, strict=True):
        assert words in sentence


def test_the_command_says_what_to_do_and_that_it_is_not_there(
    run: type_of_run, tmp_path: Path
) -> None:
    for file in example_directory().iterdir():
        if file.suffix in (".toml", ".svg"):
            text = file.read_text("utf-8")
            more = TABLE if file.name == "molensloot.toml" else ""
            (tmp_path / file.name).write_text(text + more, "utf-8")
    (tmp_path / "extensions").symlink_to(example_directory() / "extensions")
    done = run("connect", "signalen", "molensloot", MEETPUNT_CONFIG=str(tmp_path), exit_code=1)
    for words in (connect_signalen.TEMPLATE, connect_signalen.FLAG, "|cut:", "missing"):
        assert words in done.stdout
    other = run("connect", "signalen", "duinrade", MEETPUNT_CONFIG=str(tmp_path), exit_code=1)
    assert "has no [signalen]" in other.stderr
    assert urlsplit(OURS).netloc in done.stdout
