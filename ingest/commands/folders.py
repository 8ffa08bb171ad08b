"""The two folders of files that commands look at, by the same options everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ingest.files.resources import example_directory, questionnaires_directory

Command = TypeVar("Command", bound=Callable[..., Any])

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def config_option(command: Command) -> Command:
    """`--config`: the folder of the municipalities' files, as `config`."""
    return click.option(
        "--config",
        type=_FOLDER,
        envvar="MEETPUNT_CONFIG",
        default=example_directory,
        help="Folder of the municipalities' files, also MEETPUNT_CONFIG.  "
        "[default: the fictional ones of the demo]",
    )(command)


def questionnaires_option(command: Command) -> Command:
    """`--questionnaires`: the folder of the shared ones, as `questionnaires`.

    `--directory` is how some commands named it once.
    """
    return click.option(
        "--questionnaires",
        "--directory",
        "questionnaires",
        type=_FOLDER,
        envvar="MEETPUNT_QUESTIONNAIRES",
        default=questionnaires_directory,
        help="Folder of the shared questionnaires, also MEETPUNT_QUESTIONNAIRES.  "
        "[default: those that come with meetpunt]",
    )(command)
