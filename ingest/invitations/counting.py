"""Where a message counts: in the month, touchpoint and product of its contact."""

from ingest.invitations.outbox_statements import Counted, Stage


def stage_of(row: Counted, stage: str) -> Stage:
    """The cell of the figures in which this row reaches this stage."""
    return Stage(
        municipality=row.municipality,
        month=row.month,
        touchpoint=row.touchpoint,
        product=row.product,
        stage=stage,
    )
