"""Made-up figures of the work: three years of every channel that has some, as could have been."""

from collections import Counter
from datetime import date

from ingest.demo.generator import SEED
from ingest.demo.operational import made_up_figures
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.measures import MEASURES
from ingest.operational.figures import check_figures
from ingest.operational.messages import OperationalFigure

TODAY = date(2026, 11, 21)


def test_they_are_what_a_system_could_tell_and_the_same_at_every_start(
    catalogue: Catalogue,
) -> None:
    for municipality in catalogue.municipalities.values():
        figures = made_up_figures(municipality, today=TODAY, seed=SEED)
        assert figures == made_up_figures(municipality, today=TODAY, seed=SEED)
        told = [
            OperationalFigure(
                period=f"{figure.period:%Y-%m}",
                channel=figure.channel,
                measure=figure.measure,
                value=figure.value,
                n=figure.n,
            )
            for figure in figures
        ]
        for start in range(0, len(told), 500):
            some = told[start : start + 500]
            assert list(check_figures(municipality, some, TODAY)) == figures[start : start + 500]
        months = Counter((figure.channel, figure.measure) for figure in figures)
        assert set(months.values()) == {36}
        assert max(figure.period for figure in figures) == date(2026, 10, 1)


def test_the_one_that_is_shown_has_every_measure(catalogue: Catalogue) -> None:
    shown = made_up_figures(catalogue.municipality("molensloot"), today=TODAY, seed=SEED)
    assert {figure.measure for figure in shown} == MEASURES.keys()
