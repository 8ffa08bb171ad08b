"""The statements that destroy published rows past their term; each destroys one batch.

$1 is the municipality, $2 how many rows at most, $3 the first month that is kept.
"""

RESPONSES = """/* purge_published_responses */
        with old as materialized (
            select month, id from lees.reactie
            where municipality = $1 and month < $3
            order by month, id
            limit $2
        ),
        gone as (
            delete from lees.reactie using old
            where reactie.municipality = $1 and reactie.month = old.month and reactie.id = old.id
            returning reactie.id
        )
        select count(*) as rows from gone"""

# Figures of every combination of details say nearly what the rows do; those of channels stay.
BREAKDOWNS = """/* purge_published_breakdowns */
        with gone as (
            delete from lees.cijfer_uitgesplitst
            where municipality = $1 and ctid = any (array(
                select ctid from lees.cijfer_uitgesplitst
                where municipality = $1 and month < $3
                limit $2
            ))
            returning month
        )
        select count(*) as rows from gone"""

TEXTS = """/* purge_published_texts */
        with old as materialized (
            select month, id from lees.tekst
            where municipality = $1 and month < $3
            order by month, id
            limit $2
        ),
        gone as (
            delete from lees.tekst using old
            where tekst.municipality = $1 and tekst.month = old.month and tekst.id = old.id
            returning tekst.id
        )
        select count(*) as rows from gone"""

WAITING_TEXTS = """/* purge_waiting_texts */
        with gone as (
            delete from meetpunt.waiting_text
            where municipality = $1 and id = any (array(
                select id from meetpunt.waiting_text
                where municipality = $1 and month < $3
                limit $2
            ))
            returning id
        ),
        -- A response whose texts would be gone hides no text any more.
        forgotten as (
            delete from meetpunt.judged where municipality = $1 and month < $3
        )
        select count(*) as rows from gone"""
