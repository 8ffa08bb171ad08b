"""Whether a message is of whom it says: it shows the connector's key, or signs with it. Pure."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from ingest.connectors.zgw_tokens import is_token_of
from ingest.municipalities.connecting import Signature

TOLERANCE = timedelta(minutes=5)
"""How old a signed message may be, or how far its clock ahead of ours."""

_BEARER = b"bearer "
_SECONDS = re.compile(rb"[0-9]{9,11}")
_MILLISECONDS = re.compile(rb"[0-9]{12,14}")

type_of_headers = Iterable[tuple[bytes, bytes]]


class ConnectorRefused(Exception):
    """No such connector, or a message that its key did not sign; which of these is not told."""


def require_authentic(
    signature: Signature | None,
    secret: str,
    headers: type_of_headers,
    body: bytes,
    *,
    now: datetime,
) -> None:
    """Raises `ConnectorRefused`. Header names are in lower case; `now` is in UTC."""
    given = list(headers)
    if signature is None:
        shown = _only_one(given, b"authorization")
        authentic = shown[: len(_BEARER)].lower() == _BEARER and hmac.compare_digest(
            shown[len(_BEARER) :], secret.encode()
        )
    else:
        authentic = _is_signed(signature, secret, given, body, now)
    if not authentic:
        raise ConnectorRefused


def require_token(client_id: str, secret: str, headers: type_of_headers, *, now: datetime) -> None:
    """The same for a bearer token that this client made; none without a `client_id` is."""
    shown = _only_one(list(headers), b"authorization")
    token = shown[len(_BEARER) :].decode("ascii", "replace")
    is_bearer = shown[: len(_BEARER)].lower() == _BEARER
    if not (client_id and is_bearer and is_token_of(client_id, secret, token, now=now)):
        raise ConnectorRefused


def _is_signed(
    signature: Signature,
    secret: str,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    now: datetime,
) -> bool:
    timestamp = b""
    if signature.timestamp_header:
        timestamp = _only_one(headers, signature.timestamp_header.encode())
        moment = _moment(timestamp)
        if moment is None or abs(now - moment) > TOLERANCE:
            return False
    before, _, after = signature.signed.encode().partition(b"{body}")
    # Each on its own: what stands in a body is never taken for a place to fill in.
    parts = (before.replace(b"{timestamp}", timestamp), body)
    text = b"".join((*parts, after.replace(b"{timestamp}", timestamp)))
    digest = hmac.digest(secret.encode(), text, sha256)
    expected = digest.hex().encode() if signature.encoding == "hex" else b64encode(digest)
    shown = _only_one(headers, signature.header.encode())
    prefix = signature.prefix.encode()
    if signature.encoding == "hex":
        shown = prefix + shown[len(prefix) :].lower() if shown.startswith(prefix) else shown
    return hmac.compare_digest(shown, prefix + expected)


def _only_one(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The header's value; nothing where it came twice, as nobody knows which one was meant."""
    values = [value for key, value in headers if key == name]
    return values[0] if len(values) == 1 else b""


def _moment(timestamp: bytes) -> datetime | None:
    """Seconds or milliseconds since 1970, or a moment with its time zone."""
    try:
        if _SECONDS.fullmatch(timestamp):
            return datetime.fromtimestamp(int(timestamp), UTC)
        if _MILLISECONDS.fullmatch(timestamp):
            return datetime.fromtimestamp(int(timestamp) / 1000, UTC)
        moment = datetime.fromisoformat(timestamp.decode("ascii"))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
