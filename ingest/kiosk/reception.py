"""The parts of the service for kiosks, put together once."""

from collections.abc import Awaitable, Callable

from ingest.asgi.rate_limits import TokenLimits
from ingest.kiosk.pairing import Pairings
from ingest.kiosk.survey import KioskSurveys
from ingest.kiosk.sync import Syncing
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Touchpoint
from ingest.responses.writer import type_of_database
from ingest.tokens.keyed_codes import Codes
from ingest.widget.offered import Offers


class Reception:
    """Pairings, surveys and syncs, and how often codes may be asked for.

    The parameters are those of `Syncing`.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        offers: Offers,
        codes: Codes,
        database: type_of_database,
        asks: Callable[[Touchpoint, str, int], bool],
        look_again: Callable[[], Awaitable[None]],
    ) -> None:
        self.pairing_limits = TokenLimits(
            address_per_minute=30, touchpoint_per_minute=60, first_per_minute=5
        )
        # Tablets of a whole town hall ask every two seconds, for ten minutes.
        self.question_limits = TokenLimits(address_per_minute=600, touchpoint_per_minute=3_000)
        self.pairings = Pairings(catalogue=catalogue, database=database)
        self.surveys = KioskSurveys(catalogue, offers)
        self.syncing = Syncing(
            catalogue=catalogue,
            codes=codes,
            surveys=self.surveys,
            database=database,
            asks=asks,
            look_again=look_again,
        )
