"""`meetpunt doctor`: how this installation is, in sentences."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping

import click

from ingest.commands.environment import (
    catalogue_of,
    embedded_postgres,
    fail,
    own_url,
    read_settings,
    require_one_database,
)
from ingest.doctor.examination import examine
from ingest.doctor.findings import Finding, Mark
from ingest.doctor.sight import FOLDER, INGEST, OWNER, WORK, Sight
from ingest.files.findings import FilesRejected
from ingest.municipalities.catalogue import Catalogue
from ingest.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def doctor(as_json: bool) -> None:
    """Tell what is set, what runs and what lags; exit code 1 when something is wrong.

    \b
    ok      all is well
    look    works, and somebody should know
    wrong   somebody has to do something
    unseen  not to be seen from here, or with these rights

    Changes nothing, starts nothing, and shows no password and nothing of a resident. It looks with
    the connections that are set (MEETPUNT_DATABASE_URL, MEETPUNT_FOLDER_URL, MEETPUNT_WORK_URL,
    MEETPUNT_OWNER_URL), or into Meetpunt's own Postgres while that runs; run it where the service
    runs, as its account.
    """
    settings = read_settings()
    require_one_database(settings)
    own = settings.database_url is None
    catalogue, rejected = _files(settings)
    sight = Sight(
        settings=settings,
        catalogue=catalogue,
        rejected=rejected,
        own=own,
        urls=_own_urls(settings) if own else _urls(settings),
    )
    by_subject = asyncio.run(examine(sight))
    if as_json:
        click.echo(json.dumps(_for_scripts(by_subject)))
    else:
        _tell(by_subject)
    if any(each.mark == Mark.WRONG for some in by_subject.values() for each in some):
        raise click.exceptions.Exit(1)


def _files(settings: Settings) -> tuple[Catalogue | None, FilesRejected | None]:
    """What the files say, or their errors: the rest can be looked at nevertheless."""
    try:
        return catalogue_of(settings), None
    except FilesRejected as rejected:
        return None, rejected


def _urls(settings: Settings) -> dict[str, str]:
    urls = {
        INGEST: settings.database_url,
        FOLDER: settings.folder_url,
        WORK: settings.work_url,
        OWNER: settings.owner_url,
    }
    return {role: url for role, url in urls.items() if url}


def _own_urls(settings: Settings) -> dict[str, str]:
    """Nothing is made or started: what is not there is told."""
    try:
        if not (settings.data / "postgres").exists():
            return {}  # what else there is can be looked at
        server = embedded_postgres(settings)
        return {role: own_url(server, role) for role in (INGEST, FOLDER, WORK, OWNER)}
    except PermissionError:
        fail(f"{settings.data} is closed to this account: run it as the one that serves.")


def _tell(by_subject: Mapping[str, list[Finding]]) -> None:
    marks = Counter(each.mark for some in by_subject.values() for each in some)
    for subject, findings in by_subject.items():
        if findings:
            click.echo(subject)
        for each in findings:
            click.echo(f"  {each.mark:<6}  {each.sentence}")
    click.echo(
        f"{marks[Mark.WRONG]} wrong, {marks[Mark.LOOK]} to look at, {marks[Mark.UNSEEN]} unseen."
    )


def _for_scripts(by_subject: Mapping[str, list[Finding]]) -> list[dict[str, str]]:
    return [
        {"subject": subject, "mark": each.mark, "sentence": each.sentence}
        for subject, findings in by_subject.items()
        for each in findings
    ]
