"""What Postgres keeps of a password, worked out here: so a password goes to no server in clear.

A statement that sets one may stand in the server's log, in what an extension keeps of statements,
and on the way where there is no TLS. Of this nobody can make the password but by trying.
"""

import hashlib
import hmac
import os
import stringprep
import unicodedata
from base64 import b64encode

ITERATIONS = 4096
"""As Postgres has it where no setting says otherwise."""

_SALT_BYTES = 16
_PROHIBITED = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def scram_verifier(password: str, *, iterations: int = ITERATIONS) -> str:
    """For `alter role ... password`: SCRAM-SHA-256 (RFC 5802), written as RFC 5803 says."""
    salt = os.urandom(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", _prepared(password).encode(), salt, iterations)
    client = hmac.digest(salted, b"Client Key", "sha256")
    kept = hashlib.sha256(client).digest(), hmac.digest(salted, b"Server Key", "sha256")
    salt_kept, *keys_kept = (b64encode(part).decode() for part in (salt, *kept))
    return f"SCRAM-SHA-256${iterations}:{salt_kept}${':'.join(keys_kept)}"


def _prepared(password: str) -> str:
    """As SASLprep (RFC 4013) writes it; as it is where that refuses it, which Postgres does too."""
    mapped = "".join(
        " " if stringprep.in_table_c12(sign) else sign
        for sign in password
        if not stringprep.in_table_b1(sign)
    )
    text = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    if not text or any(refused(sign) for sign in text for refused in _PROHIBITED):
        return password
    if any(map(stringprep.in_table_d1, text)):
        ends = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
        if not ends or any(map(stringprep.in_table_d2, text)):
            return password
    return text
