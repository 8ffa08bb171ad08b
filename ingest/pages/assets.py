"""Files that pages refer to by a name that changes with their content."""

import hashlib
from functools import cached_property

from ingest.asgi.compression import StaticPage, compressed


class Asset:
    """A file whose name changes with its content, so that a browser may keep it for ever."""

    def __init__(self, name: str, extension: str, content_type: str, body: str) -> None:
        self.content_type = content_type
        self.body = body.encode()
        digest = hashlib.sha256(self.body).hexdigest()[:12]
        self.path = f"/static/{name}.{digest}.{extension}"

    @cached_property
    def page(self) -> StaticPage:
        """The file in every encoding, compressed when it is first asked for."""
        return compressed(self.body)
