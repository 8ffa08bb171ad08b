"""Every text that comes with Meetpunt, read at once: a fault of one is told before anybody asks."""

from collections.abc import Iterator

from ingest.files.findings import Finding
from ingest.texts import kiosk_texts, page_texts, widget_texts
from ingest.texts.language_files import TextsIncomplete


def read_every_text() -> list[Finding]:
    """All that is wrong in any language of pages, widget and kiosk; nothing where all is well."""
    findings = list(_languages_that_lack())
    for read in (page_texts.page_texts, widget_texts.widget_texts, kiosk_texts.kiosk_texts):
        try:
            read()
        except TextsIncomplete as incomplete:
            findings += incomplete.findings
    return findings


def _languages_that_lack() -> Iterator[Finding]:
    """Who is asked on a page in a language is asked in it on a site and at a kiosk as well."""
    directories = (page_texts.DIRECTORY, widget_texts.DIRECTORY, kiosk_texts.DIRECTORY)
    held = {each: {path.stem for path in each.glob("*.toml")} for each in directories}
    for language in sorted(set().union(*held.values())):
        having = next(each for each in directories if language in held[each])
        for directory in directories:
            if language not in held[directory]:
                yield Finding(
                    path=str(directory / f"{language}.toml"),
                    message=f"is missing: {having.name} has a {language}.toml",
                )
