"""A folder as `widget/dist` is, with two small versions in it."""

import json
from pathlib import Path

from ingest.widget.bundle import STABLE, hash_of, sri_of

OLD = b'customElements.define("meetpunt-survey", class extends HTMLElement {});\n'
NEW = OLD + b"// and something that was mended\n" * 20


def write_widget(folder: Path) -> Path:
    """The files of both versions; the second is the one of now."""
    for body in (OLD, NEW):
        (folder / f"widget.v1.{hash_of(body)}.js").write_bytes(body)
    (folder / STABLE).write_bytes(NEW)
    published = {hash_of(body): {"sri": sri_of(body)} for body in (OLD, NEW)}
    (folder / "published.json").write_text(json.dumps(published), "utf-8")
    return folder
