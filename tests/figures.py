"""Figures that a run of the tests measured, shown when it ends."""

_told: dict[str, str] = {}


def tell(title: str, figures: object) -> None:
    """Show `figures` under this title at the end of the run."""
    _told[title] = str(figures)


def told() -> dict[str, str]:
    """What was told so far, by title."""
    return dict(_told)


def take_over(figures: dict[str, str]) -> None:
    """Figures of another process that ran a part of the tests."""
    _told.update(figures)
