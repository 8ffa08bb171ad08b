"""The statements that destroy kiosks' data past its term; each destroys one batch.

$1 is the municipality, $2 how many rows at most, $3 the first day that is kept.
"""

PAIRINGS = """/* purge_kiosk_pairings */
        with gone as (
            delete from meetpunt.kiosk_pairing
            where municipality = $1 and code = any (array(
                select code from meetpunt.kiosk_pairing
                where municipality = $1 and (expires_at at time zone 'Europe/Amsterdam')::date < $3
                limit $2
            ))
            returning code
        )
        select count(*) as rows from gone"""

ITEMS = """/* purge_kiosk_items */
        with old as materialized (
            select kiosk, id from meetpunt.kiosk_item
            where municipality = $1 and received_on < $3
            limit $2
        ),
        gone as (
            update meetpunt.kiosk_item set content_code = null, received_on = null from old
            where kiosk_item.municipality = $1 and kiosk_item.kiosk = old.kiosk
                and kiosk_item.id = old.id
            returning kiosk_item.id
        )
        select count(*) as rows from gone"""

SET_ASIDE, QUARANTINE = (
    f"""/* purge_{table} */
        with turn as materialized (
            -- Its kiosk first, as whoever stores or releases does: nobody waits in a circle.
            select id from meetpunt.kiosk where municipality = $1 order by id for update
        ),
        old as materialized (
            select kiosk, digest from meetpunt.{table}
            where municipality = $1 and received_on < $3 and kiosk in (select id from turn)
            limit $2
        ),
        gone as (
            delete from meetpunt.{table} as kept using old
            where kept.municipality = $1 and kept.kiosk = old.kiosk and kept.digest = old.digest
            returning kept.kiosk
        ),
        counted as (
            update meetpunt.kiosk set {column} = {column} - destroyed.rows
            from (select kiosk, count(*) as rows from gone group by kiosk) as destroyed
            where kiosk.municipality = $1 and kiosk.id = destroyed.kiosk
        )
        select count(*) as rows from gone"""  # noqa: S608 (our own names)
    for table, column in (("kiosk_set_aside", "set_aside"), ("kiosk_quarantine", "quarantined"))
)
