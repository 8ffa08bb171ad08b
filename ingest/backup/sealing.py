"""Files of a backup as they lie on a disk that is not ours alone: gzip, and encrypted with a key.

Without a key they are plain gzip, for any tool to read. With one that is cut in pieces, each sealed
by AES-256-GCM under a key of that file's own, in order, the last marked as such: what was changed,
cut off, put in another order or under another name is refused. Always mode 0600, and whole or not.
"""

import gzip
import io
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_MAGIC = b"MEETPUNT-BACKUP1"
_SALT_BYTES = 16
_PIECE = 1 << 20  # bytes, before sealing
_TAG = 16
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
                if path.name.endswith(".enc"):
                    if self._key is None:
                        raise SealBroken(f"{path} is encrypted: set MEETPUNT_BACKUP_KEY_FILE.")
                    below = io.BufferedReader(_Opening(file, self._key, path), _PIECE)
                with gzip.GzipFile(fileobj=below) as plain:
                    yield cast(IO[bytes], plain)
        except (InvalidTag, EOFError, gzip.BadGzipFile):
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


def _cipher(key: bytes, salt: bytes, path: Path) -> AESGCM:
    # The name is part of it: an older file put under a newer name does not open.
    name = "/".join(path.parts[-3:]).encode()
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, _MAGIC + name).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


class _Sealing:
    """Takes bytes, writes sealed pieces. A piece is known to be the last at `finish` alone."""

    def __init__(self, file: _Roomy, key: bytes, path: Path) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        file.write(_MAGIC + salt)
        self._file = file
        self._cipher = _cipher(key, salt, path)
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > _PIECE:
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full."""

    def finish(self) -> None:
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, _MAGIC))
        self._number += 1


class _Opening(io.RawIOBase):
    """Reads sealed pieces, gives bytes. Raises InvalidTag."""

    def __init__(self, file: IO[bytes], key: bytes, path: Path) -> None:
        head = file.read(len(_MAGIC) + _SALT_BYTES)
        if not head.startswith(_MAGIC):
            raise SealBroken(f"{path} is no file of a backup.")
        self._file = file
        self._cipher = _cipher(key, head[len(_MAGIC) :], path)
        self._number = 0
        self._next = file.read(_PIECE + _TAG)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._ended:
            return 0
        piece, self._next = self._next, self._file.read(_PIECE + _TAG)
        self._ended = not self._next
        nonce = _nonce(self._number, last=self._ended)
        plain = self._cipher.decrypt(nonce, piece, _MAGIC)
        self._number += 1
        buffer[: len(plain)] = plain
        return len(plain)


def sync_folder(folder: Path) -> None:
    """Return when what was made, renamed or removed in `folder` outlasts a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
