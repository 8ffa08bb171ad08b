"""`meetpunt themes`: what texts are about; how well that is found, and which words are missing."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, followed
from ingest.commands.acting import as_folder
from ingest.commands.environment import fail, find_municipality, read_catalogue, read_settings
from ingest.commands.folders import config_option, questionnaires_option
from ingest.commands.in_step import require_files
from ingest.files.findings import FilesRejected
from ingest.reporting.retagging import retag, texts_of
from ingest.themes.finding import Finder
from ingest.themes.measuring import EVERY, Labelled, Score, scores
from ingest.themes.publication import PublishedThemesChanged, publish_themes
from ingest.themes.suggesting import suggestions
from ingest.themes.theme_file import ThemeFile, load_themes, read_themes, theme_files


@click.group()
def themes() -> None:
    """What residents write about: eight themes for everybody, and those a municipality adds.

    \b
    How well are they found:  meetpunt themes check labels.csv
    Which words are missing:  meetpunt themes suggest molensloot
    Freeze a new file:        meetpunt themes publish 2
    Find them again:          meetpunt themes retag molensloot

    docs/themes.md tells how a file is written.
    """


@themes.command()
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--municipality", metavar="SLUG", help="With the themes that it adds.")
@click.option("--language", default="nl", show_default=True, help="Where no column says it.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
@config_option
@questionnaires_option
def check(
    labels: Path,
    municipality: str | None,
    language: str,
    as_json: bool,
    config: Path,
    questionnaires: Path,
) -> None:
    """Tell how well themes are found in texts that people labelled; no text is shown.

    LABELS is a CSV file with the columns text and themes (codes with | or a space between them),
    and perhaps language. Of each theme: the precision (how many of the texts that were given it
    have it), the recall (how many of those that have it were given it), and the numbers they come
    from.

    A theme that a municipality adds counts in texts that have no theme before it, of everybody or
    above it in its file. It is told where five do, and five have neither.

    \b
      meetpunt themes check labels.csv
    """
    finder = _finder(config, questionnaires, municipality)
    codes = [theme.code for theme in finder.themes]
    texts = _labelled(labels, language, codes)
    counted = scores(texts, lambda text, spoken: finder.find(text, spoken).codes, codes)
    if as_json:
        told = [
            {"language": key[0] or None, "theme": key[1] or None, **_numbers(score)}
            for key, score in counted.items()
        ]
        click.echo(json.dumps({"version": finder.version, "texts": len(texts), "scores": told}))
        return
    click.echo(f"{len(texts)} texts, version {finder.version}.")
    languages = sorted({text.language for text in texts})
    for spoken in [EVERY, *(languages if len(languages) > 1 else [])]:
        click.echo(f"\n{spoken or 'All texts'}:")
        for code in [*codes, EVERY]:
            click.echo(_line(code or "together", counted.get((spoken, code), Score())))


def _numbers(score: Score) -> dict[str, object]:
    return {
        "precision": score.precision,
        "recall": score.recall,
        "right": score.right,
        "found": score.found,
        "labelled": score.labelled,
    }


def _line(name: str, score: Score) -> str:
    precision, recall = (
        "   -" if share is None else f"{share:.2f}" for share in (score.precision, score.recall)
    )
    return (
        f"  {name:<20} precision {precision}, recall {recall}"
        f"  (right {score.right}, found {score.found}, labelled {score.labelled})"
    )


def _labelled(path: Path, language: str, codes: Sequence[str]) -> list[Labelled]:
    """The rows of a file, or the end of the command with the line that cannot be read."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := {"text", "themes"} - set(rows.fieldnames or ()):
            fail(f"{path} has no column {' or '.join(sorted(missing))}.")
        texts = []
        for row in rows:
            given = frozenset((row["themes"] or "").replace("|", " ").split())
            if unknown := sorted(given - set(codes)):
                fail(
                    f"{path}:{rows.line_num}: there is no theme {', '.join(unknown)}. "
                    "With --municipality, those that it adds are known too."
                )
            spoken = row.get("language") or language
            texts.append(Labelled(text=row["text"] or "", language=spoken, themes=given))
    return texts


def _finder(config: Path, questionnaires: Path, municipality: str | None) -> Finder:
    """With drafts too: a file is made better before it is published."""
    shared, findings = read_themes(questionnaires)
    own: dict[int, ThemeFile] = {}
    if municipality is not None:
        own, more = read_themes(config / "extensions" / municipality, shared)
        findings += more
    faults = [each for each in findings if "published.sha256" not in each.message]
    if faults:
        fail("the files hold errors:\n" + "\n".join(map(str, faults)))
    if not shared:
        fail(f"there is no {questionnaires}/themes/v1.toml.")
    return Finder(shared[max(shared)], own[max(own)] if own else None)


@themes.command()
@click.argument("municipality", metavar="MUNICIPALITY")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
def suggest(municipality: str, as_json: bool) -> None:
    """Tell which words stand in texts with a low mark more often than in others.

    Only words that stand in ten texts or more, of those that are readable; no text is shown. You
    decide whether a word belongs to a theme: many are of none, and some are names. Those behind
    which a theme stands are found already.

    \b
      meetpunt themes suggest molensloot
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    chosen = find_municipality(catalogue, municipality)
    texts: list[tuple[str, bool]] = []

    async def work(db: asyncpg.Connection) -> None:
        entry = Entry(action=Action.SUGGEST_THEMES, object=chosen.slug)
        async with followed(db, entry):
            await texts_of(db, chosen.code, lambda *one: texts.append(one))
            entry.object = f"{chosen.slug}: {len(texts)} texts"

    as_folder(settings, work)
    found = suggestions(texts)
    finder = catalogue.themes.finder(chosen.slug)
    known = {one.word: finder.find(one.word, "nl").codes for one in found}
    if as_json:
        told = [{**msgspec.structs.asdict(one), "themes": list(known[one.word])} for one in found]
        click.echo(json.dumps(told))
        return
    if not found:
        click.echo(f"No word stands out in the {len(texts)} readable texts of {chosen.name}.")
        return
    click.echo("word, texts with a low mark, other texts, how much more often; theme that has it")
    for one in found:
        theme = f"; {', '.join(known[one.word])}" if known[one.word] else ""
        click.echo(f"  {one.word}, {one.low}, {one.others}, {one.times:.1f} times{theme}")


@themes.command("retag")
@click.argument("municipality", metavar="MUNICIPALITY")
def retag_(municipality: str) -> None:
    """Find the themes of texts that are there already, by the files of now.

    For after a new version of a file. Figures that were told stay as they are, and are not counted
    anew: their texts may be gone, and figures that change would tell what the texts are about.
    What was counted and waits to be told goes on by the version that it was counted with.

    \b
      meetpunt themes retag molensloot
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    chosen = find_municipality(catalogue, municipality)
    finder = catalogue.themes.finder(chosen.slug)
    if not finder.version:
        fail("there are no published themes to look for.")

    async def work(db: asyncpg.Connection) -> int:
        await require_files(db, catalogue)
        entry = Entry(action=Action.RETAG_THEMES, object=chosen.slug)
        async with followed(db, entry):
            found = await retag(db, chosen.code, finder)
            entry.object = f"{chosen.slug}: {found} texts, version {finder.version}"
        return found

    found = as_folder(settings, work)
    click.echo(
        f"{found} texts of {chosen.name} have their themes by version {finder.version} now. "
        "Figures that were told stay as they are."
    )


@themes.command("publish")
@click.argument("version", type=int)
@click.option("--municipality", metavar="SLUG", help="Publish what this municipality adds.")
@config_option
@questionnaires_option
def publish_(version: int, municipality: str | None, config: Path, questionnaires: Path) -> None:
    """Freeze version VERSION of the themes: from then on the file never changes.

    \b
      meetpunt themes publish 2
      meetpunt themes publish 1 --municipality molensloot
    """
    shared, _ = read_themes(questionnaires)
    folder = config / "extensions" / municipality if municipality else questionnaires
    path = theme_files(folder).get(version)
    if path is None:
        fail(f"there is no {folder}/themes/v{version}.toml.")
    try:
        load_themes(path, shared if municipality else None)
        changed = publish_themes(folder, path)
    except FilesRejected as rejected:
        fail(f"the file holds errors:\n{rejected}")
    except PublishedThemesChanged as refused:
        fail(refused)
    click.echo(f"recorded {path}" if changed else "Nothing to record: it was published like this.")
