"""The key of a provider: read at start, and again when the process is told to (SIGHUP)."""

from pathlib import Path

from ingest.files.secret_files import SecretUnusable, read_secret
from ingest.running.logs import log

KEY_STAYS = "The key that was read before stays in use until a restart."


class ProviderKey:
    """What `key_file` holds. `secret` is None while it cannot be used: messages wait for it then.

    A municipality whose file is gone must not keep the others, or a resident's answer, waiting.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self.secret: str | None = None
        self.read()

    def __repr__(self) -> str:
        return "ProviderKey()"

    def read(self) -> None:
        """Read the file again. One that cannot be used now leaves what was read before."""
        try:
            self.secret = read_secret(self._path)
        except SecretUnusable as unusable:
            reason = str(unusable)
            if self.secret is not None:
                # First, as what is long is cut off.
                reason = f"{KEY_STAYS} {reason}"
            log("provider_key_unusable", level="error", reason=reason)
