"""Writes all files of an installation, or none: first each beside its place, then all into place.

What the second half does not finish, because the machine went off, the next `meetpunt setup` does:
until then `unfinished.json` lies there, and the units refuse to start.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ingest.installing.files import File, Kind, bears_our_mark, is_ours
from ingest.installing.settings_file import with_values

type_of_ids = Callable[[str, str], tuple[int, int]]
"""The numbers of an account and a group, by their names."""


class FilesInTheWay(Exception):
    """Files that somebody else wrote or changed; `sentences` names each."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(self.sentences))


def under(root: Path, path: Path) -> Path:
    """Where `path` lies when `root` is the top of the tree."""
    return root / path.relative_to("/")


def require_room(files: Iterable[File], root: Path, *, packaged: Callable[[Path], bool]) -> None:
    """Raises FilesInTheWay when one of ours would take the place of what somebody else wrote.

    `packaged`: whether a file is as its package left it.
    """
    in_the_way = []
    for file in files:
        place = under(root, file.path)
        if file.kind is not Kind.OURS or not place.exists():
            continue
        text = place.read_text("utf-8", "replace")
        if is_ours(text) or text == file.text or packaged(place):
            continue
        whose = "was changed by hand" if bears_our_mark(text) else "was written by somebody else"
        in_the_way.append(f"{place} {whose}.")
    if in_the_way:
        raise FilesInTheWay(in_the_way)


def write_all(files: Iterable[File], root: Path, *, ids: type_of_ids | None, kept: str) -> None:
    """Put every file in its place. Raises OSError; before the first is in its place none is.

    What was not ours stays beside it, with `kept` behind its name. Without `ids` files belong to
    whoever runs this.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        for file in files:
            place = under(root, file.path)
            if file.kind is Kind.ONCE and place.exists():
                continue
            text = _text_of(file, place)
            drafts.append((_draft(file, place, text, ids), place))
        for draft, place in drafts:
            _keep(place, kept)
            os.replace(draft, place)
    finally:
        for draft, _ in drafts:
            with suppress(FileNotFoundError):
                draft.unlink()
    for folder in {place.parent for _, place in drafts}:
        _sync(folder)


def make_folder(
    path: Path, root: Path, *, mode: int, owner: str, group: str, ids: type_of_ids | None
) -> None:
    """Make a folder with these rights; one that is there and has something in it stays as it is.

    An empty one may be a disk that was mounted there for us.
    """
    place = under(root, path)
    if place.is_dir() and any(each.name != "lost+found" for each in place.iterdir()):
        return
    place.mkdir(parents=True, exist_ok=True)
    if ids:
        os.chown(place, *ids(owner, group))
    place.chmod(mode)


def _text_of(file: File, place: Path) -> str:
    if file.kind is not Kind.SETTINGS:
        return file.text
    there = place.read_text("utf-8") if place.exists() else file.text
    return with_values(there, file.values)


def _draft(file: File, place: Path, text: str, ids: type_of_ids | None) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as written:
            written.write(text)
            written.flush()
            os.fsync(descriptor)
            if ids:
                os.fchown(descriptor, *ids(file.owner, file.group))
            os.fchmod(descriptor, file.mode)
    except BaseException:
        draft.unlink()
        raise
    return draft


def _keep(place: Path, kept: str) -> None:
    """What we did not write, or not so, is somebody's work."""
    if place.is_file() and bears_no_mark_of_ours(place):
        shutil.copy2(place, place.with_name(f"{place.name}{kept}"))


def bears_no_mark_of_ours(place: Path) -> bool:
    """Whether a file is another than `meetpunt setup` wrote it; settings never are."""
    return place.suffix not in (".env", ".json") and not is_ours(
        place.read_text("utf-8", "replace")
    )


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
