"""Every attack there is: a new one gets its line here, and is in the table and in the tests."""

from tests.attacks import (
    catalogue,
    counters,
    estimates,
    explain,
    leaking,
    locks,
    raising,
    row_order,
)
from tests.attacks.attack import Attack

ATTACKS = (
    Attack(
        name="EXPLAIN ANALYZE, what ran",
        after="others' open answers and ids, letter by letter",
        run=explain.texts_by_what_ran,
    ),
    Attack(
        name="EXPLAIN ANALYZE, pages touched",
        after="the same, by buffers alone",
        run=explain.texts_by_pages,
        slow=True,
    ),
    Attack(
        name="EXPLAIN ANALYZE, hidden cells",
        after="n and sum of small cells of the region, exactly",
        run=explain.hidden_cells,
    ),
    Attack(
        name="errors",
        after="others' open answers, by what cannot be computed",
        run=raising.divisions_casts_and_roots,
    ),
    Attack(
        name="leaky operators and casts",
        after="others' open answers, by like, ~, || and ::",
        run=leaking.operators_and_casts,
    ),
    Attack(
        name="the clock",
        after="others' open answers, by what takes long",
        run=leaking.naps,
        slow=True,
    ),
    Attack(
        name="row estimates",
        after="how many responses others have",
        run=estimates.rows_expected,
    ),
    Attack(
        name="pg_class and statistics",
        after="how many responses others have, and values of them",
        run=estimates.statistics,
        once=True,
    ),
    Attack(
        name="locks and snapshots",
        after="the moment at which others are stored",
        run=locks.who_is_at_work,
        once=True,
    ),
    Attack(
        name="counters and sizes",
        after="how much others wrote between two looks",
        run=counters.written_between_two_looks,
        once=True,
    ),
    Attack(
        name="order of rows",
        after="the day of rows that are shown without it",
        run=row_order.days_from_the_rows_before,
    ),
    Attack(
        name="order of texts",
        after="the response that a text belongs to",
        run=row_order.links_from_two_orders,
    ),
    Attack(
        name="words of the catalogue",
        after="an answer in a comment or definition",
        run=catalogue.words,
    ),
    Attack(
        name="doors",
        after="anything that opens outside the own schema",
        run=catalogue.doors,
    ),
    Attack(
        name="large objects",
        after="a place to write, and what others wrote",
        run=catalogue.large_objects,
        once=True,
    ),
)
