"""`meetpunt style`: a municipality's `[style]`, made of its design tokens."""

from pathlib import Path

import click

from ingest.commands.environment import fail
from ingest.municipalities.house_style import COLOUR_NAMES
from ingest.style.made_style import NoTokens, made_style
from ingest.style.token_file import custom_properties_of

_MOST_BYTES = 2_000_000


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def style(file: Path) -> None:
    """Make the table [style] of FILE, a style sheet with the tokens of the NL Design System.

    What is printed goes into the municipality's file in place of its [style]. What had to be
    mended so that residents can read it, and what the tokens leave open, is told apart from it.
    Nothing is written or fetched.

    \b
    meetpunt style theme.css > style.toml
    """
    if file.stat().st_size > _MOST_BYTES:
        fail(f"{file} is larger than a style sheet of tokens: at most {_MOST_BYTES:,} bytes.")
    try:
        made = made_style(custom_properties_of(file.read_text("utf-8")))
    except UnicodeDecodeError:
        fail(f"{file} is no text in UTF-8.")
    except NoTokens as none:
        fail(f"{file}: {none}")
    lines = ["[style]", f'font = "{made.style.font}"']
    lines += [f'{name} = "{getattr(made.style, name)}"' for name in COLOUR_NAMES]
    click.echo("\n".join(lines))
    for remark in made.remarks or ("All of it is in the file, and can be read.",):
        click.echo(remark, err=True)
