"""Freeze a file of themes, as questionnaires are frozen: by its checksum in `published.sha256`."""

from pathlib import Path

from ingest.questionnaires.published_sums import digest_of, read_sums, with_status, write_sums


class PublishedThemesChanged(Exception):
    """A published file differs from what was published; the message names it and the way out."""


def publish_themes(directory: Path, path: Path) -> bool:
    """Record the file, a draft's status becoming "published"; False where it was recorded so.

    Raises PublishedThemesChanged, and FilesRejected where `published.sha256` cannot be read.
    """
    name = path.relative_to(directory).as_posix()
    sums = read_sums(directory)
    recorded = sums.get(name)
    if recorded == digest_of(path):
        return False
    if recorded is not None:
        message = f"{path} differs from what was published. Put it back, and copy it to a new one."
        raise PublishedThemesChanged(message)
    path.write_bytes(with_status(path.read_bytes(), "published"))
    write_sums(directory, {**sums, name: digest_of(path)})
    return True
