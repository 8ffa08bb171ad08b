"""The keys file: secrets that sign tokens, secrets for keyed hashes, and the rotation of keys.

A process reads the file at start and again on SIGHUP. The newest signing key signs, and all of them
verify. So first a new key is added; the old one is retired once no link that it signed is valid.
"""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec

SECRET_BYTES = 32
# A secret in a read-only mount has mode 0400; both modes keep everybody else out.
_ACCEPTED_MODES = (0o600, 0o400)
# One day because only the date of a key is known, not the hour. Another day for processes that read
# the file again later, for expiries that are rounded up, and for clocks that differ.
_MARGIN = timedelta(days=2)


class KeysUnreadable(Exception):
    """The keys file is missing, malformed, or open to others; the sentence says what to do."""


class KeysExist(Exception):
    """There is a keys file already; overwriting it would break every link that was sent."""


class KeyUnknown(Exception):
    """No signing key has this id."""


class KeyStillSigns(Exception):
    """The newest signing key cannot be retired: it is the one that signs."""


class KeyStillNeeded(Exception):
    """Links signed by this key may still be valid, until `needed_until` (UTC) at the latest."""

    def __init__(self, key_id: str, needed_until: datetime) -> None:
        self.needed_until = needed_until
        super().__init__(
            f"Links signed by key {key_id} may be valid until {needed_until:%Y-%m-%d %H:%M} UTC; "
            "retire it after that."
        )


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key under which tokens are signed. `created` is a day in UTC."""

    id: str
    secret: bytes
    created: date

    def __post_init__(self) -> None:
        _require_secret(f"signing key {self.id}", self.secret)

    def __repr__(self) -> str:
        # A secret in repr() could end up in a traceback, and so in a log.
        return f"SigningKey(id={self.id!r}, created={self.created})"


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """All secrets of one installation; each of at least 32 bytes.

    `signing` has the oldest key first; `minting` derives the ids of invitations, `content` compares
    responses, `accounts` hashes API keys and addresses. Raises ValueError when it cannot be used.
    """

    signing: tuple[SigningKey, ...]
    minting: bytes
    content: bytes
    accounts: bytes

    def __post_init__(self) -> None:
        if not self.signing:
            raise ValueError("there is no signing key")
        if len({key.id for key in self.signing}) < len(self.signing):
            raise ValueError("two signing keys have the same id")
        if list(self.signing) != sorted(self.signing, key=lambda key: key.created):
            raise ValueError("the signing keys are not in order, oldest first")
        for name in ("minting", "content", "accounts"):
            _require_secret(name, getattr(self, name))

    def __repr__(self) -> str:
        return f"Keys(signing={self.signing!r})"


class _SigningKeyInFile(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    secret: str
    created: date


class _KeysInFile(msgspec.Struct, forbid_unknown_fields=True):
    signing: list[_SigningKeyInFile]
    minting: str
    content: str
    accounts: str


def load_keys(path: Path) -> Keys:
    """Read the keys file. Raises KeysUnreadable, also when others than its owner may read it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a named pipe must not hang us
        with open(descriptor, "rb") as file:
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            content = file.read()
    except FileNotFoundError:
        raise KeysUnreadable(
            f"There is no keys file at {path}; make one with `meetpunt keys new`."
        ) from None
    except OSError as error:
        raise KeysUnreadable(f"The keys file {path} cannot be read: {error.strerror}.") from None
    if mode not in _ACCEPTED_MODES:
        raise KeysUnreadable(
            f"The keys file {path} has mode {mode:04o}, so that others may read or change it; "
            f"run `chmod 600 {path}`, and make new keys when somebody may have read them."
        )
    try:
        return _keys_from(msgspec.json.decode(content, type=_KeysInFile))
    except (msgspec.DecodeError, ValueError) as error:
        raise KeysUnreadable(
            f"The keys file {path} is malformed ({error}); put back a copy of it: "
            "new keys would break every link that was sent."
        ) from None


def new_keys(path: Path, *, now: datetime) -> Keys:
    """Make a keys file with one signing key, mode 0600, and return what is in it.

    Raises KeysExist when there is a file already.
    """
    keys = Keys(
        signing=(_new_signing_key(now),),
        minting=secrets.token_bytes(SECRET_BYTES),
        content=secrets.token_bytes(SECRET_BYTES),
        accounts=secrets.token_bytes(SECRET_BYTES),
    )
    with _only_one_at_a_time(path):
        if os.path.lexists(path):
            raise KeysExist(f"{path} exists; add a key with `meetpunt keys add`.")
        _write(path, keys)
    return keys


def add_signing_key(path: Path, *, now: datetime) -> SigningKey:
    """Add a signing key; it signs as soon as the processes have reread the file.

    Raises KeysUnreadable. Raises ValueError when `now` lies before the newest key's day.
    """
    with _only_one_at_a_time(path):
        keys = load_keys(path)
        added = _new_signing_key(now)
        _write(path, msgspec.structs.replace(keys, signing=(*keys.signing, added)))
    return added


def needed_until(keys: Keys, key_id: str, *, longest_lifetime: timedelta) -> datetime | None:
    """The moment (UTC) until which links signed by this key may be valid; None: it still signs.

    A key signs until the next one is there, so its last link expires `longest_lifetime` (the
    longest of any kind of token) after that. Raises KeyUnknown.
    """
    ids = [key.id for key in keys.signing]
    if key_id not in ids:
        raise KeyUnknown(f"There is no signing key {key_id}; there are: {', '.join(ids)}.")
    newer = keys.signing[ids.index(key_id) + 1 :]
    if not newer:
        return None
    return datetime.combine(newer[0].created, time(), UTC) + _MARGIN + longest_lifetime


def retire_signing_key(
    path: Path, key_id: str, *, longest_lifetime: timedelta, now: datetime
) -> None:
    """Remove a signing key that no valid link can need any more.

    Raises KeyUnknown, KeyStillSigns, KeyStillNeeded and KeysUnreadable.
    """
    with _only_one_at_a_time(path):
        keys = load_keys(path)
        needed = needed_until(keys, key_id, longest_lifetime=longest_lifetime)
        if needed is None:
            raise KeyStillSigns(f"Key {key_id} signs; add a key with `meetpunt keys add` first.")
        if now <= needed:
            raise KeyStillNeeded(key_id, needed)
        remaining = tuple(key for key in keys.signing if key.id != key_id)
        _write(path, msgspec.structs.replace(keys, signing=remaining))


def _require_secret(name: str, secret: bytes) -> None:
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"the secret of {name} is shorter than {SECRET_BYTES} bytes")


def _new_signing_key(now: datetime) -> SigningKey:
    created = now.astimezone(UTC).date()
    return SigningKey(
        id=f"{created:%Y%m%d}-{secrets.token_hex(3)}",
        secret=secrets.token_bytes(SECRET_BYTES),
        created=created,
    )


def _keys_from(file: _KeysInFile) -> Keys:
    return Keys(
        signing=tuple(
            SigningKey(id=key.id, secret=bytes.fromhex(key.secret), created=key.created)
            for key in file.signing
        ),
        minting=bytes.fromhex(file.minting),
        content=bytes.fromhex(file.content),
        accounts=bytes.fromhex(file.accounts),
    )


def _write(path: Path, keys: Keys) -> None:
    """Put the whole file in place at once; at no moment can another user read any of it."""
    file = _KeysInFile(
        signing=[
            _SigningKeyInFile(id=key.id, secret=key.secret.hex(), created=key.created)
            for key in keys.signing
        ],
        minting=keys.minting.hex(),
        content=keys.content.hex(),
        accounts=keys.accounts.hex(),
    )
    # The path may be a symbolic link to where secrets are kept; then its target is replaced.
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as draft_file:
            os.fchmod(descriptor, 0o600)  # whatever the umask
            draft_file.write(msgspec.json.format(msgspec.json.encode(file)) + b"\n")
            draft_file.flush()
            os.fsync(descriptor)
        os.replace(draft, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise


@contextmanager
def _only_one_at_a_time(path: Path) -> Iterator[None]:
    """Lock the folder, so that of two commands at once neither loses the other's key."""
    descriptor = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)  # a key that signed must be there after a power cut
    finally:
        os.close(descriptor)
