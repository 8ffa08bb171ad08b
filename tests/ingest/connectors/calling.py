"""Messages of telephone platforms, and a municipality with connectors that take them."""

import base64
import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ingest.municipalities.call_mappings import shipped_mapping
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Connector, Queue, Signature

SECRET = "een-lang-genoeg-geheim"
QUEUES = {name: Queue(touchpoint="telefonie") for name in ("kcc-burgerzaken", "+31881234567")}

# As `wire/recorded.jsonl` of the real Asterisk 22.10.1 has it, with a number that can be reached.
HANGUP: dict[str, Any] = {
    "uniqueid": "1795904171.0",
    "caller": "0612345678",
    "queue": "kcc-burgerzaken",
    "start": "2026-11-28 22:16:11",
    "answer": "2026-11-28 22:16:11",
    "ended": "2026-11-28T22:16:15Z",
    "duration": 4,
    "billsec": 4,
    "disposition": "ANSWERED",
}
AGENT_COMPLETE: dict[str, Any] = {
    "Event": "AgentComplete",
    "Queue": "kcc-burgerzaken",
    "CallerIDNum": "0612345678",
    "Linkedid": "1795904171.0",
    "HoldTime": "3",
    "TalkTime": "95",
    "Reason": "caller",
}
VOYS: dict[str, Any] = {
    "call_id": "7b1c0f6e52d34a8e",
    "timestamp": "2026-11-28T23:16:15+01:00",
    "status": "ended",
    "reason": "completed",
    "version": "v2",
    "direction": "inbound",
    "caller": {"number": "+31612345678", "name": "J. Jansen"},
    "destination": {"number": "+31881234567"},
}


def connector(platform: str = "asterisk", **changes: Any) -> Connector:
    told: dict[str, Any] = {
        "name": "centrale",
        "kind": "telephony",
        "platform": platform,
        "mapping": changes.get("mapping") or shipped_mapping(platform),
        "key_file": "/nowhere",
        "queues": QUEUES,
    }
    return Connector(**told | changes)


def connected(catalogue: Catalogue, *connectors: Connector, slug: str = "molensloot") -> Catalogue:
    """The same municipalities; this one has these connectors too."""
    chosen = catalogue.municipality(slug)
    chosen = replace(
        chosen, connectors=chosen.connectors | {each.name: each for each in connectors}
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != slug]
    return Catalogue([chosen, *others], catalogue.questionnaires)


def key_file(folder: Path, secret: str = SECRET, name: str = "centrale.key") -> str:
    path = folder / name
    path.write_text(f"{secret}\n")
    path.chmod(0o600)
    return str(path)


def signed(
    signature: Signature, body: bytes, *, secret: str = SECRET, timestamp: str = ""
) -> dict[str, str]:
    """The headers of whoever signs as the connector asks for."""
    text = signature.signed.replace("{timestamp}", timestamp).encode()
    digest = hmac.digest(secret.encode(), text.replace(b"{body}", body), sha256)
    told = digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode()
    stamped = {signature.timestamp_header: timestamp} if signature.timestamp_header else {}
    return {signature.header: signature.prefix + told, **stamped}


def as_bytes(message: Any) -> bytes:
    return json.dumps(message).encode()
