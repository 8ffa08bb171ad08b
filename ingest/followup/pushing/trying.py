"""Send a webhook a delivery that tells of nothing, and say in a sentence what came back."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from ingest.files.secret_files import SecretUnusable, read_secret
from ingest.followup.pushing.saying import TEST_TYPE
from ingest.followup.pushing.signing import FEWEST_BYTES, MOST_BYTES, PREFIX, key_of
from ingest.followup.pushing.ways import CalledWebhook, Message, NotTold
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.pushing import Pushing, Webhook

_SENTENCES = {
    "unreachable": "Nothing answers there: is the address right, and may this machine reach it?",
    "destination-refused": "Its address is not one that we call: write `private_network = true` "
    "where it lies in your own network. This machine itself needs MEETPUNT_LOOPBACK=1.",
    "certificate-refused": "Its certificate is not one that this machine trusts.",
    "no-answer": "It did not answer within 15 seconds. Let it answer first, and work afterwards.",
    "connection-lost": "The connection was lost before it answered.",
    "answer-unreadable": "It answered, and not as HTTP says.",
    "key-unreadable": "Without a secret nothing is sent.",
    "key-refused": "It refuses us (401 or 403). Does it have the same secret? Do its clock and "
    "ours differ by minutes?",
    "not-found": "There is nothing at that address (404).",
    "redirected": "It sends us on to another address (300 to 399), and we follow nobody: write "
    "that address.",
    "refused": "It refuses what we send (400 to 499).",
    "failing": "It failed on its own side (500 to 599).",
    "too-many": "It takes no more for now (429). Try again later.",
    "gone": "It says that it is no more (410). What runs tells nobody there until the address is "
    "another, or takes a test.",
}


class Tried(msgspec.Struct, frozen=True):
    """One thing that was tried, and whether it is well."""

    well: bool
    sentence: str


WITHOUT_SECRET = Tried(False, "Nothing was sent: mend the file of the secret first.")
"""What is told of a delivery while a secret cannot be used."""


def secret_findings(webhook: Webhook) -> list[Tried]:
    """How the files with secrets are, in sentences that hold nothing of a secret."""
    found = []
    for path in filter(None, (webhook.key_file, webhook.former_key_file)):
        try:
            key = key_of(read_secret(Path(path)))
        except SecretUnusable as unusable:
            found.append(Tried(False, str(unusable)))
            continue
        if key is None:
            what = f"{PREFIX} and {FEWEST_BYTES} to {MOST_BYTES} bytes in base64"
            found.append(Tried(False, f"The file {path} holds no secret for a webhook: {what}."))
        else:
            former = " too, as long as the other side may know only that one"
            found.append(
                Tried(
                    True, f"Signed with {path}{former if path == webhook.former_key_file else ''}."
                )
            )
    return found


async def try_delivery(municipality: Municipality, pushing: Pushing, webhook: Webhook) -> Tried:
    """What came of one."""
    now = datetime.now(UTC)
    message = Message(id=str(uuid4()), counts=[], made=now, kind=TEST_TYPE)
    try:
        await CalledWebhook(municipality, pushing, webhook).call(message, now=now)
    except NotTold as not_told:
        return Tried(False, _SENTENCES[not_told.reason])
    return Tried(True, f"It took a test delivery, with webhook-id {message.id}.")
