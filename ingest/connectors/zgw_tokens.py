"""Tokens by which systems of Dutch municipalities know each other: HS256, good for an hour. Pure.

The standard calls for a JSON Web Token with the name of the client, signed with a secret that both
sides have.
"""

from datetime import datetime, timedelta

import jwt

LIFETIME = timedelta(hours=1)
"""How long after it was made a token is believed; the standard's own."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead of ours the clock of the other side may be."""

NAME = "Meetpunt"
"""As whom we call; the other side writes it into its log."""


def make_token(client_id: str, secret: str, *, now: datetime) -> str:
    """One for a call that is made `now` (UTC)."""
    claims = {
        "iss": client_id,
        "iat": int(now.timestamp()),
        "client_id": client_id,
        "user_id": NAME,
        "user_representation": NAME,
    }
    return jwt.encode(claims, _key(secret), algorithm="HS256")


def is_token_of(client_id: str, secret: str, token: str, *, now: datetime) -> bool:
    """Whether this client made it within the hour before `now` (UTC)."""
    try:
        claims = jwt.decode(
            token,
            _key(secret),
            algorithms=["HS256"],
            options={"require": ["iat"], "verify_iat": False, "verify_aud": False},
        )
        issued = datetime.fromtimestamp(float(claims["iat"]), now.tzinfo)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError):
        return False
    known = client_id in (claims.get("client_id"), claims.get("iss"))
    return known and -CLOCKS_DIFFER <= now - issued <= LIFETIME


def _key(secret: str) -> bytes:
    """The same key to HMAC, which adds noughts itself; the library warns of one under 32 bytes.

    How long it is, is for the administrator of the other system to choose.
    """
    return secret.encode().ljust(32, b"\0")
