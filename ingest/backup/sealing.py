"""Files of a backup as they lie on a disk that is not ours alone: gzip, and encrypted with a key.

Without a key they are plain gzip, for any tool to read. With one nothing else is read, and the gzip
is encrypted by AES-256-GCM as the library has it: a nonce at the front, the tag at the end, the
file's own name authenticated with it. What was changed, cut off or put under another name is
refused before a byte of it is used. Always mode 0600, and whole or not at all.
"""

import gzip
import io
import os
import secrets
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM

from ingest.postgres.cluster import sync_folder

KEY_BYTES = 32
_MAGIC = b"MEETPUNT-BACKUP1"
_NONCE = 12  # bytes, by chance: enough for four thousand million files under one key
_TAG = 16
_MOST = 60_000_000_000  # bytes that one nonce may seal, and a little less
_PIECE = 1 << 20
_LEVEL = 1  # of compression: half the size of more, in a tenth of its time
_LOOK_AT_ROOM = 64 << 20  # bytes written between two looks at the disk


class BackupKeyUnusable(Exception):
    """The key file of backups is missing, malformed or open to others; says what to do."""


class SealBroken(Exception):
    """A file of a backup is damaged, or was sealed with another key."""


class NoRoom(Exception):
    """The disk that holds the backups would have less free than has to stay."""


def read_backup_key(path: Path) -> bytes:
    """The key in a file of 64 hexadecimal digits. Raises BackupKeyUnusable."""
    make = f"make one with: (umask 077; openssl rand -hex {KEY_BYTES} > {path})"
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError:
        raise BackupKeyUnusable(f"There is no key of backups at {path}; {make}") from None
    except OSError as error:
        raise BackupKeyUnusable(f"The key {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        key = b""
    if mode & 0o077:
        raise BackupKeyUnusable(f"Others may read the key {path}: run `chmod 600 {path}`.")
    if len(key) != KEY_BYTES:
        raise BackupKeyUnusable(
            f"The key {path} is not {2 * KEY_BYTES} hexadecimal digits; {make}, "
            "unless there are backups that need the one that was."
        )
    return key


class Seal:
    """Writes and reads files of backups. `key` None: without encryption.

    `room` is how many bytes have to stay free on the disk that is written to.
    """

    def __init__(self, key: bytes | None = None, *, room: int = 1_000_000_000) -> None:
        self._key = key
        self._room = room

    @property
    def encrypts(self) -> bool:
        """Whether what is read was written by somebody who has the key."""
        return self._key is not None

    @property
    def suffix(self) -> str:
        """What the names of files end with."""
        return ".gz" if self._key is None else ".gz.enc"

    @contextmanager
    def writing(self, target: Path) -> Iterator[IO[bytes]]:
        """A file that becomes `target` when all went well, and else leaves nothing.

        Raises NoRoom.
        """
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "wb") as file:
                os.fchmod(descriptor, 0o600)  # whatever the umask
                roomy = _Roomy(file, self._room)
                below: Any = roomy if self._key is None else _Sealing(roomy, self._key, target)
                with gzip.GzipFile("", "wb", _LEVEL, below, mtime=0) as packed:
                    yield cast(IO[bytes], packed)
                if self._key is not None:
                    below.finish()
                file.flush()
                os.fsync(descriptor)
            draft.rename(target)
            sync_folder(target.parent)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def copy(self, source: Path, target: Path) -> None:
        """Seal a whole file. Raises NoRoom."""
        with source.open("rb") as plain, self.writing(target) as sealed:
            shutil.copyfileobj(plain, sealed, _PIECE)

    @contextmanager
    def reading(self, path: Path) -> Iterator[IO[bytes]]:
        """What was sealed. Raises SealBroken, at the latest at its end."""
        try:
            with path.open("rb") as file:
                below: Any = file
                if self._key is not None and not path.name.endswith(".enc"):
                    # Whoever can write where backups lie could have put it there.
                    raise SealBroken(
                        f"{path} is not encrypted, and with a key only what is encrypted is taken:"
                        " to use it all the same, leave MEETPUNT_BACKUP_KEY_FILE empty this once."
                    )
                if path.name.endswith(".enc"):
                    if self._key is None:
                        raise SealBroken(f"{path} is encrypted: set MEETPUNT_BACKUP_KEY_FILE.")
                    whole = _Opening(file, self._key, path)
                    while whole.read(_PIECE):  # first to its end, where the tag is compared
                        pass
                    below = io.BufferedReader(_Opening(file, self._key, path), _PIECE)
                with gzip.GzipFile(fileobj=below) as plain:
                    yield cast(IO[bytes], plain)
                    while plain.read(_PIECE):  # to its end, where gzip knows whether it is whole
                        pass
        except (InvalidTag, EOFError, gzip.BadGzipFile, zlib.error):
            raise SealBroken(f"{path} is damaged, or was sealed with another key.") from None


class _Roomy:
    """A file that looks at the room on its disk while it grows."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file = file
        self._room = room
        self._since = _LOOK_AT_ROOM

    def write(self, data: bytes) -> int:
        self._since += len(data)
        if self._since >= _LOOK_AT_ROOM:
            self._since = 0
            if shutil.disk_usage(self._file.fileno()).free < self._room:
                raise NoRoom(f"less than {self._room:,} bytes are free where backups are kept")
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def _about(path: Path) -> bytes:
    # The name is authenticated: an older file put under a newer name does not open.
    return "/".join(path.parts[-3:]).encode()


class _Sealing:
    """Takes bytes, writes them encrypted, and the tag at `finish`."""

    def __init__(self, file: _Roomy, key: bytes, path: Path) -> None:
        nonce = secrets.token_bytes(_NONCE)
        file.write(_MAGIC + nonce)
        self._file = file
        self._encryptor = Cipher(AES256(key), GCM(nonce)).encryptor()
        self._encryptor.authenticate_additional_data(_about(path))
        self._written = 0

    def write(self, data: bytes) -> int:
        self._written += len(data)
        if self._written > _MOST:
            raise NoRoom(f"more than {_MOST:,} bytes do not go into one encrypted file")
        self._file.write(self._encryptor.update(data))
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def finish(self) -> None:
        self._file.write(self._encryptor.finalize() + self._encryptor.tag)


class _Opening(io.RawIOBase):
    """What was encrypted, from the start of `file`. Raises InvalidTag at its end."""

    def __init__(self, file: IO[bytes], key: bytes, path: Path) -> None:
        self._file = file
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(len(_MAGIC) + _NONCE)
        self._left = size - len(head) - _TAG
        if not head.startswith(_MAGIC) or self._left <= 0:
            raise SealBroken(f"{path} is damaged, or no file of a backup.")
        file.seek(-_TAG, os.SEEK_END)
        mode = GCM(head[len(_MAGIC) :], file.read(_TAG))
        file.seek(len(head))
        self._decryptor = Cipher(AES256(key), mode).decryptor()
        self._decryptor.authenticate_additional_data(_about(path))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(min(len(buffer), self._left))
        if not piece:
            if self._left:  # cut off since we looked how long it is
                raise InvalidTag
            return 0
        buffer[: len(piece)] = self._decryptor.update(piece)
        self._left -= len(piece)
        if not self._left:
            self._decryptor.finalize()
        return len(piece)
