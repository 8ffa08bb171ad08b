"""`meetpunt check`: everything that is wrong in the files, before the service would refuse them."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from ingest.commands.folders import config_option, questionnaires_option
from ingest.files.findings import FilesRejected, Finding
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.municipalities.names import told_twice
from ingest.municipalities.reviews import unreviewed
from ingest.municipalities.this_machine import leading_here
from ingest.outgoing.connecting import may_call_this_machine
from ingest.themes.theme_file import theme_files

_HOW_TO_REVIEW = """\
A warning stops nothing. To have a translation reviewed: let a speaker read its files beside the
Dutch ones, and write their name in `reviewed_by` of each that was read. docs/languages.md has the
steps, under "Having a translation reviewed"."""


@click.command()
@config_option
@questionnaires_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
@click.pass_context
def check(context: click.Context, config: Path, questionnaires: Path, as_json: bool) -> None:
    """Show everything that is wrong in every file, with file and line.

    Looks at the municipalities, their touchpoints, house styles and own questions, at their
    groups, at the shared questionnaires, and at how they fit together. The service does not start
    while anything is wrong. Exit code 1 when anything is.

    Warns of addresses that lead to this machine itself, which are called with MEETPUNT_LOOPBACK=1
    alone, of names that begin with "Gemeente", which is told before them, of themes that are a
    draft, and of languages that are offered and that nobody who speaks them has reviewed. That is
    not wrong: the service starts, and the exit code stays 0.

    \b
      meetpunt check --config /etc/meetpunt/municipalities
    """
    findings: tuple[Finding, ...] = ()
    warnings: list[Finding] = []
    to_mend: list[Finding] = []
    counts: dict[str, int] = {}
    try:
        catalogue = load_catalogue(config, questionnaires)
        counts = _counts(catalogue)
        warnings = [_as_typed(each) for each in unreviewed(catalogue, config, questionnaires)]
        to_mend = [_as_typed(each) for each in told_twice(catalogue, config)]
        to_mend += [_as_typed(each) for each in _drafts(catalogue, config, questionnaires)]
        if not may_call_this_machine():
            to_mend += [_as_typed(each) for each in leading_here(catalogue, config)]
    except FilesRejected as rejected:
        findings = tuple(_as_typed(finding) for finding in rejected.findings)
    if as_json:
        told = {"findings": findings, "warnings": [*to_mend, *warnings], **counts}
        click.echo(msgspec.json.encode(told).decode())
    elif findings:
        click.echo("\n".join(map(str, findings)))
        click.echo(f"{_counted(len(findings), 'findings')}.", err=True)
    else:
        # Most installations have no groups, and need not be told of them.
        totals = [_counted(count, noun) for noun, count in counts.items() if count]
        click.echo(f"All is well: {', '.join(totals)}.")
    if not as_json:
        # Not among the findings: a script that reads those is told of none.
        for warning in (*to_mend, *warnings):
            click.echo(f"Warning: {warning}", err=True)
        if warnings:  # of reviews
            click.echo(_HOW_TO_REVIEW, err=True)
    context.exit(1 if findings else 0)


def _drafts(catalogue: Catalogue, config: Path, questionnaires: Path) -> Iterator[Finding]:
    """Nobody sees of a theme that it is not looked for."""
    for slug, version in catalogue.themes.drafts:
        folder = config / "extensions" / slug if slug else questionnaires
        command = f"meetpunt themes publish {version}{f' --municipality {slug}' if slug else ''}"
        yield Finding(
            path=str(theme_files(folder)[version]),
            message=f"is a draft, which is looked for in no text yet; freeze it with '{command}'",
        )


def _counts(catalogue: Catalogue) -> dict[str, int]:
    return {
        "municipalities": len(catalogue.municipalities),
        "touchpoints": len(catalogue.touchpoints),
        "questionnaires": len(catalogue.questionnaires),
        "groups": len(catalogue.groups),
    }


def _counted(count: int, plural: str) -> str:
    singular = {"municipalities": "municipality"}.get(plural, plural.removesuffix("s"))
    return f"{count} {singular if count == 1 else plural}"


def _as_typed(finding: Finding) -> Finding:
    """With the path as somebody in this folder would type it."""
    path = Path(finding.path)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return msgspec.structs.replace(finding, path=str(path))
