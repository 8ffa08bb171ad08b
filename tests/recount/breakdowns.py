"""The views of parts of a channel (`uitsplitsing_`), each part counted from the rows."""

from typing import Any

from tests.read_later import read_later
from tests.recount.channels import ASKED
from tests.recount.counts import add_up, counted, looked, with_figures

pd = read_later("pandas")

PERIODS = {
    "uitsplitsing_per_maand": "maand",
    "uitsplitsing_per_kwartaal": "kwartaal",
    "uitsplitsing_per_jaar": "jaar",
}
PARTS = ("meetpunt", "product", "locatie", "afdeling", "wijk", "afnamewijze", "dagdeel")


def part_figures(views: Any, answers: Any) -> dict[str, Any]:
    """Each of those views, as it should be."""
    found = {}
    for name, period in PERIODS.items():
        parts = [
            counted(answers, [*ASKED, period, part])
            .rename(columns={part: "waarde"})
            .assign(uitsplitsing=part)
            for part in PARTS
        ]
        keys = [*ASKED, period, "uitsplitsing", "waarde"]
        told = with_figures(add_up(pd.concat(parts, ignore_index=True), keys))
        told["waarde_sleutel"] = told.gemeente_code + "/" + told.waarde
        found[name] = told.merge(looked(views), on=["gemeente_code", "kanaal"], how="left")
    return found
