"""The keys: who may read the file, how many sign and verify, and how old they are."""

import contextlib
from datetime import timedelta
from pathlib import Path

from ingest.audit import Outcome
from ingest.doctor.findings import Finding, counted, look, ok, wrong
from ingest.doctor.sight import Sight
from ingest.files.secret_files import SecretUnusable, read_secret
from ingest.followup.pushing.making import pushing_of
from ingest.municipalities.connecting import FEWEST_KEY_CHARACTERS
from ingest.tokens.keys import Keys, KeysUnreadable, load_keys, needed_until
from ingest.tokens.keys_log import keys_log, read_keys_log
from ingest.tokens.response_tokens import longest_lifetime

_OLD = timedelta(days=400)


async def examine(sight: Sight) -> list[Finding]:
    """The file and its log, as this account sees them."""
    path = sight.settings.keys_file or sight.settings.data / "keys.json"
    try:
        keys = load_keys(path)
    except KeysUnreadable as unreadable:
        return [wrong(str(unreadable))]
    return [*_signing(keys, sight), *_log(path), *_of_others(sight)]


def _of_others(sight: Sight) -> list[Finding]:
    """Keys that senders show to providers, and that telephone platforms show to us."""
    fewest: dict[str, int] = {}
    for municipality in sight.catalogue.municipalities.values() if sight.catalogue else ():
        fewest |= {each.key_file: 1 for each in municipality.senders.values() if each.key_file}
        for connector in municipality.connectors.values():
            fewest[connector.key_file] = FEWEST_KEY_CHARACTERS
        tables = (municipality.notifications, municipality.cases, municipality.contacts)
        for table in tables:
            if table is not None:
                fewest[table.key_file] = FEWEST_KEY_CHARACTERS
    found = []
    for file, least in sorted(fewest.items()):
        try:
            if len(read_secret(Path(file))) < least:
                told = f"The key in {file} has fewer than {least} characters"
                found.append(wrong(f"{told}: its connector takes nothing in, and answers 503."))
        except SecretUnusable as unusable:
            # Whether something runs that read a key there before is not to be seen from here.
            found.append(wrong(f"{unusable} What runs goes on with the key that it read before."))
    read = len(fewest) + _of_webhooks(sight)
    if read and not found:
        told = counted(read, "key file")
        whose = "senders, connectors and webhooks"
        found.append(ok(f"{told} of {whose} can be read by this account alone."))
    return found


def _of_webhooks(sight: Sight) -> int:
    """How many secrets of webhooks can be read; what is wrong with others, `telling` tells."""
    files = sight.catalogue.municipalities.values() if sight.catalogue else ()
    told = (pushing.webhook for each in files if (pushing := pushing_of(each)))
    every = {
        file for each in told if each for file in (each.key_file, each.former_key_file) if file
    }
    read = 0
    for file in every:
        with contextlib.suppress(SecretUnusable):
            read += bool(read_secret(Path(file)))
    return read


def _signing(keys: Keys, sight: Sight) -> list[Finding]:
    now = sight.clock()
    newest = keys.signing[-1]
    age = now.date() - newest.created
    sentence = f"{counted(len(keys.signing), 'signing key')}, the newest made on {newest.created}"
    findings = []
    if age < -timedelta(days=1):
        findings.append(wrong(f"{sentence}, which is still to come: a clock was or is wrong."))
    elif age > _OLD:
        findings.append(look(f"{sentence}: 'meetpunt keys add' makes a new one."))
    else:
        findings.append(ok(f"{sentence}; nobody but this account can read the file."))
    if sight.catalogue is None:
        return findings  # how long links live, the files say
    lifetime = longest_lifetime(
        touchpoint.link_lifetime_days for touchpoint in sight.catalogue.touchpoints.values()
    )
    needed = [needed_until(keys, key.id, longest_lifetime=lifetime) for key in keys.signing]
    spare = sum(until is not None and until < now for until in needed)
    if spare:
        findings.append(
            look(f"{counted(spare, 'older key')} can be retired: 'meetpunt keys list'.")
        )
    return findings


def _log(path: Path) -> list[Finding]:
    try:
        lines = read_keys_log(path)
    except OSError as failure:
        return [wrong(f"The log of the keys cannot be read: {failure.strerror}.")]
    if not lines:
        return [look(f"There is no log of the keys at {keys_log(path)}: they were put there.")]
    if lines[-1].outcome == Outcome.BEGUN:
        return [wrong("The last deed in the log of the keys was begun and never ended.")]
    return []
