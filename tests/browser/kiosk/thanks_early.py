"""A kiosk that thanks before the disk has answered: the control, which the drill has to notice."""

import os
from typing import Any

from ingest import app
from ingest.http.front import Front
from ingest.kiosk import shell
from ingest.settings import settings_from

_WAITS = b"await keep(response(session.complete(), true));"
_DOES_NOT = b"keep(response(session.complete(), true)).catch(() => {});"


class ThanksEarly(shell.Shell):
    """The same files, but for the one word that waits for the disk."""

    def __init__(self, *details: Any) -> None:
        super().__init__(*details)
        script = self._bodies["resident.js"]
        assert script.count(_WAITS) == 1, "the kiosk keeps its responses elsewhere now"
        self._bodies["resident.js"] = script.replace(_WAITS, _DOES_NOT)


def from_environment() -> Front:
    """What a worker serves."""
    vars(app)["Shell"] = ThanksEarly
    return app.create_app(app.service_from(settings_from(os.environ)))
