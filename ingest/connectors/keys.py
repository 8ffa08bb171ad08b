"""The key of whoever may tell us something, or of us at a system that we ask."""

from ingest.municipalities.connecting import FEWEST_KEY_CHARACTERS
from ingest.running.logs import log
from ingest.senders.provider_keys import ProviderKey


class ConnectorUnready(Exception):
    """The connector's key cannot be read here, so nobody can be believed; see the log."""

    retry_after_seconds = 60


class Key:
    """What a `key_file` of a municipality's connector holds; read at start, and when told to."""

    def __init__(self, path: str, *, municipality: str) -> None:
        self._path = path
        self._municipality = municipality
        self._key = ProviderKey(path)
        self._tell_of_a_short_one()

    def __repr__(self) -> str:
        return "Key()"

    def read(self) -> None:
        """Read the file again."""
        self._key.read()
        self._tell_of_a_short_one()

    @property
    def secret(self) -> str:
        """Raises `ConnectorUnready` for none, and for one that somebody could guess."""
        secret = self._key.secret or ""
        if len(secret) < FEWEST_KEY_CHARACTERS:
            raise ConnectorUnready
        return secret

    def _tell_of_a_short_one(self) -> None:
        """A key that is not there is told of by whoever reads it."""
        if self._key.secret is not None and len(self._key.secret) < FEWEST_KEY_CHARACTERS:
            reason = f"a key has at least {FEWEST_KEY_CHARACTERS} characters: {self._path}"
            log(
                "connector_key_short", level="error", municipality=self._municipality, reason=reason
            )
