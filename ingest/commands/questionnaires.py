"""`meetpunt questionnaires`: check, publish and compare the files that hold the questions."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from ingest.commands.folders import Command, config_option, questionnaires_option
from ingest.files.findings import FilesRejected, Finding
from ingest.municipalities.catalogue import load_catalogue
from ingest.questionnaires.comparison import (
    Difference,
    ItemDifference,
    declared_comparisons,
    difference,
    in_a_sentence,
)
from ingest.questionnaires.publication import (
    PublishedFileChanged,
    check_own_items,
    check_published,
    in_order,
    publish,
)
from ingest.questionnaires.questionnaire import load_questionnaire
from ingest.questionnaires.schema import schema_text


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")(command)


@click.group()
def questionnaires() -> None:
    """Check, publish and compare the questions.

    A questionnaire is a file, questionnaires/CODE/vVERSION.toml, with its translations beside it.
    Changing a question takes three steps:

    \b
      cp questionnaires/balie/v2.toml questionnaires/balie/v3.toml   (edit it, as a draft)
      meetpunt questionnaires diff balie 2 3
      meetpunt questionnaires publish balie 3
    """


@questionnaires.command()
@questionnaires_option
@config_option
@_json_option
def check(questionnaires: Path, config: Path, as_json: bool) -> None:
    """Show everything that is wrong, with file and line, and what compares with older versions.

    Looks at the shared questionnaires, at what municipalities added, and whether the channels
    of a region ask the same. Exit code 1 when anything is wrong.

    \b
      meetpunt questionnaires check --config /etc/meetpunt/municipalities
    """
    shared, findings = check_published(questionnaires)
    for folder in sorted(path for path in config.glob("extensions/*") if path.is_dir()):
        findings += check_own_items(folder, shared)
    try:
        load_catalogue(config, questionnaires)
    except FilesRejected as refused:
        findings += refused.findings
    if findings:
        _refuse(findings, as_json)
    comparisons = [
        f"{changes.new} beside {changes.old}: {in_a_sentence(changes)}."
        for changes in declared_comparisons(shared)
    ]
    if as_json:
        click.echo(json.dumps({"findings": [], "comparisons": comparisons}))
    else:
        click.echo("".join(f"{each}\n" for each in comparisons), nl=False)
        click.echo(f"{len(shared)} questionnaires in {_shown(str(questionnaires))}: all is well.")


@questionnaires.command("publish")
@click.argument("code")
@click.argument("version", type=int)
@click.option("--municipality", metavar="SLUG", help="Publish own items of this municipality.")
@questionnaires_option
@config_option
def publish_command(
    code: str, version: int, municipality: str | None, questionnaires: Path, config: Path
) -> None:
    """Freeze version VERSION of questionnaire CODE, with its translations.

    From then on the file never changes: published.sha256 holds its checksum. Two things may
    still happen, each recorded by publishing again: a translation is corrected, and the
    version is retired (write status = "retired").

    \b
      meetpunt questionnaires publish balie 2
      meetpunt questionnaires publish balie 2 --municipality molensloot
    """
    try:
        if municipality is None:
            changed = publish(questionnaires, code, version)
        else:
            core = load_questionnaire(questionnaires / code / f"v{version}.toml")
            changed = publish(config / "extensions" / municipality, code, version, core=core)
    except FilesRejected as refused:
        _refuse(refused.findings, as_json=False)
    except PublishedFileChanged as refused:
        raise click.ClickException(_shown(str(refused))) from refused
    for path in changed:
        click.echo(f"recorded {_shown(str(path))}")
    if not changed:
        click.echo("Nothing to record: it was published like this.")


@questionnaires.command()
@click.argument("code")
@click.argument("old", type=int)
@click.argument("new", type=int)
@questionnaires_option
@_json_option
def diff(code: str, old: int, new: int, questionnaires: Path, as_json: bool) -> None:
    """Tell which indicators of CODE stay comparable from version OLD to NEW.

    \b
      meetpunt questionnaires diff balie 1 2
    """
    try:
        versions = [
            load_questionnaire(questionnaires / code / f"v{each}.toml") for each in (old, new)
        ]
    except FilesRejected as refused:
        _refuse(refused.findings, as_json)
    changes = difference(*versions)
    if as_json:
        click.echo(msgspec.json.encode(changes).decode())
    else:
        click.echo("\n".join(_told(changes)))


@questionnaires.command("schema")
def schema_command() -> None:
    """Write the JSON schema that editors complete and check these files with.

    \b
      meetpunt questionnaires schema > questionnaires/schema.json
    """
    click.echo(schema_text(), nl=False)


_VERDICTS = {
    "same": "compares",
    "judge": "compares only if you judge so",
    "broken": "no longer compares",
    "added": "is new",
    "removed": "is gone",
}


def _told(changes: Difference) -> list[str]:
    lines = [f"From {changes.old} to {changes.new}: {in_a_sentence(changes)}."]
    lines += [_told_of(item) for item in changes.items]
    declared = "is" if changes.declared else "is not"
    lines.append(f"{changes.old} {declared} in comparable_with of {changes.new}.")
    if changes.texts:
        lines += ["", "Texts that differ:"]
    for text in changes.texts:
        lines += [f"  {text.where} ({text.language})"]
        lines += [f"    - {text.old}"] if text.old else []
        lines += [f"    + {text.new}"] if text.new else []
    return lines


def _told_of(item: ItemDifference) -> str:
    measures = f", {item.indicator}" if item.indicator else ""
    because = f" (changed: {', '.join(item.changed)})" if item.changed else ""
    return f"  {item.item}{measures}: {_VERDICTS[item.verdict]}{because}"


def _refuse(findings: Sequence[Finding], as_json: bool) -> NoReturn:
    ordered = in_order(findings)
    if as_json:
        click.echo(msgspec.json.encode({"findings": ordered}).decode())
    else:
        for finding in ordered:
            click.echo(_shown(str(finding)), err=True)
        click.echo(f"{len(ordered)} found.", err=True)
    raise click.exceptions.Exit(1)


def _shown(text: str) -> str:
    """Paths as people type them: without the folder they are in."""
    return text.replace(f"{Path.cwd()}/", "")
