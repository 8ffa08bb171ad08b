"""`meetpunt connect signalen`: what to do in Signalen, and whether it answers as it must."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from secrets import token_urlsafe

import click

from ingest.commands.environment import fail, read_catalogue, read_settings
from ingest.connectors.signalen.public_api import UNKNOWN, CannotTell, PublicApi, client_of
from ingest.municipalities.catalogue import MunicipalityUnknown
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.signalen import Signalen

TEMPLATE = "signal_status_changed_afgehandeld"
FLAG = "API_USE_QUESTIONNAIRES_APP_FOR_FEEDBACK"

NEVER_REOPEN = ("De behandeling duurde te lang", "Het contact over de afhandeling was slecht")
"""Standard answers of a fresh Signalen that open no report again, whoever gives them.

Its public list does not tell of any other."""


@click.command()
@click.argument("municipality")
def signalen(municipality: str) -> None:
    """What an administrator of Signalen does for MUNICIPALITY; then its public endpoints are tried.

    Nothing is changed there, and no report is looked at. Exit code 1 when anything is missing.
    """
    settings = read_settings()
    try:
        found = read_catalogue(settings).municipality(municipality)
    except MunicipalityUnknown:
        fail(f"there is no municipality {municipality!r} in these files.")
    declared = found.signalen
    if declared is None:
        fail(
            f"{municipality}.toml has no [signalen]; deploy/integrations/signalen.md says what it "
            "holds."
        )
    for line in to_do(found, declared, settings.base_url or found.base_url):
        click.echo(line)
    faults = asyncio.run(tried(declared))
    for fault in faults:
        click.echo(f"missing  {fault}")
    if faults:
        raise SystemExit(1)
    click.echo("ok       It answers as it must, and offers both answers.")


def line_of(municipality: Municipality, declared: Signalen, slug: str, base_url: str) -> str:
    """What is pasted into the mail's template, in one line: it is Markdown, and Django's."""
    cut = f'{{{{ positive_feedback_url|cut:"{declared.site}/kto/ja/" }}}}'
    kept = next((each for each in municipality.touchpoints if each.slug == slug), None)
    product = kept is not None and "product" in kept.dimensions
    query = "?product={{ sub_category_public_name|slugify }}" if product else ""
    return f"[Geef uw mening]({base_url}/melding/{municipality.slug}/{slug}/{cut}{query})"


def to_do(municipality: Municipality, declared: Signalen, base_url: str) -> Iterator[str]:
    """What an administrator does, and where."""
    yield "In Signalen, as an administrator (Django admin, Email templates):"
    yield f"1. open the template {TEMPLATE}, or make it: a fresh Signalen has none,"
    yield "   and sends a mail without any link then;"
    yield "2. put this line in its body, in place of the links to Signalen's own questions:"
    for slug in declared.touchpoints:
        yield f"   {line_of(municipality, declared, slug, base_url)}"
    yield f"3. leave the flag {FLAG} off: with it the link is of another"
    yield "   kind, and its public endpoint knows none of these tokens."
    yield f"Trying {declared.url} ..."


async def tried(declared: Signalen) -> list[str]:
    """What is not as it has to be, in sentences."""
    api = PublicApi(client_of(declared))
    try:
        return [each async for each in _faults(api, declared)]
    finally:
        await api.close()


async def _faults(api: PublicApi, declared: Signalen) -> AsyncIterator[str]:
    # A token that nobody has: it tells whether the address is right, and whether the flag is off.
    try:
        found = await api.look(token_urlsafe())
    except CannotTell as cannot:
        yield _why(cannot.reason)
        return
    if found != UNKNOWN:
        yield f"It says of a token that nobody has that it is {found}."
    try:
        offered = {each.text: each.is_satisfied for each in await api.standard_answers()}
    except CannotTell as cannot:
        yield f"Its list of standard answers: {_why(cannot.reason)}"
        return
    for name, text, content in (
        ("solved", declared.solved, True),
        ("unsolved", declared.unsolved, False),
    ):
        if offered.get(text) is not content:
            these = ", ".join(repr(each) for each, of in offered.items() if of is content)
            whom = "is content" if content else "is not content"
            yield (
                f"`{name}` is {text!r}, and that is no standard answer for who {whom}. It has, "
                f"letter by letter: {these or 'none'}."
            )
    if declared.unsolved in NEVER_REOPEN:
        yield f"`unsolved` is {declared.unsolved!r}, which opens no report again."


def _why(reason: str) -> str:
    match reason:
        case "answer-unknown":
            return (
                "It answers, and not as its public endpoint for feedback. Is `url` the address "
                f"before /v1? Is the flag {FLAG} off?"
            )
        case "certificate-refused":
            return "Its certificate is not trusted here."
        case "failing":
            return "It answers that it is failing."
        case "destination-refused":
            return (
                "Its address is not one that we call: write `private_network = true` where it "
                "lies in your own network. This machine itself needs MEETPUNT_LOOPBACK=1."
            )
        case "unreachable":
            return "Nothing answers there: is the address right, and may this machine reach it?"
    return f"It gave no answer that can be used ({reason})."
