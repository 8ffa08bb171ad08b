"""`meetpunt check`: everything that is wrong in the files, before the service would refuse them."""

from pathlib import Path

import click
import msgspec

from ingest.commands.folders import config_option, questionnaires_option
from ingest.files.findings import FilesRejected, Finding
from ingest.municipalities.catalogue import Catalogue, load_catalogue


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

    \b
      meetpunt check --config /etc/meetpunt/municipalities
    """
    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = {}
    try:
        counts = _counts(load_catalogue(config, questionnaires))
    except FilesRejected as rejected:
        findings = tuple(_as_typed(finding) for finding in rejected.findings)
    if as_json:
        click.echo(msgspec.json.encode({"findings": findings, **counts}).decode())
    elif findings:
        click.echo("\n".join(map(str, findings)))
        click.echo(f"{_counted(len(findings), 'findings')}.", err=True)
    else:
        # Most installations have no groups, and need not be told of them.
        totals = [_counted(count, noun) for noun, count in counts.items() if count]
        click.echo(f"All is well: {', '.join(totals)}.")
    context.exit(1 if findings else 0)


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
