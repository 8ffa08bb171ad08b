"""Signatures are those of Standard Webhooks: the id, the time and the body, by one key or two."""

import base64

import pytest

from ingest.followup.pushing.signing import key_of, signature, signed_headers
from tests.telling import a_secret

KEY = b"k" * 24


def test_a_signature_is_that_of_the_specification() -> None:
    """The example that libraries of Standard Webhooks test themselves with."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert key is not None
    signed = signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', key)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("changed", [("b", 1, b"{}"), ("a", 2, b"{}"), ("a", 1, b"[]")])
def test_it_is_another_of_anything_else(changed: tuple[str, int, bytes]) -> None:
    assert signature("a", 1, b"{}", KEY) != signature(*changed, KEY)


def test_while_a_secret_is_changed_there_are_two_signatures_the_newest_first() -> None:
    old, new = b"o" * 24, b"n" * 24
    headers = signed_headers("a", 1, b"{}", [new, old])
    assert headers == {
        "webhook-id": "a",
        "webhook-timestamp": "1",
        "webhook-signature": f"{signature('a', 1, b'{}', new)} {signature('a', 1, b'{}', old)}",
    }


def test_a_secret_is_24_to_64_bytes_in_base64() -> None:
    assert key_of(a_secret()) is not None
    for length, good in ((23, False), (24, True), (64, True), (65, False)):
        encoded = base64.b64encode(b"x" * length).decode()
        assert (key_of(f"whsec_{encoded}") is not None) is good
        assert (key_of(encoded) is not None) is good
    for wrong in ("", "whsec_", "geheim", f"whsec_{'é' * 32}", f"whsec {'a' * 32}"):
        assert key_of(wrong) is None
