"""SQL of each kiosk's state: when it was seen, how many wait, whether it is silent too long."""

FINGER_MM = 20
"""The shorter side of what a finger touches without looking for it, in mm."""

# Only silence within the opening hours counts: 30 minutes is too long. Where the file names no
# hours, 24 hours is too long. For any role that may read meetpunt.kiosk.
STATUS = """
    select
        kiosk.municipality,
        kiosk.id,
        touchpoint.slug as touchpoint,
        kiosk.name,
        kiosk.last_seen,
        kiosk.queue,
        kiosk.version,
        kiosk.clock_offset_seconds,
        kiosk.revoked_on is null and case
            when hours.named then hours.silent > interval '30 minutes'
            else now() - since.seen > interval '24 hours'
        end as silent,
        kiosk.revoked_on,
        kiosk.set_aside,
        kiosk.quarantined
    from meetpunt.kiosk
    join meetpunt.touchpoint
        on touchpoint.municipality = kiosk.municipality
        and touchpoint.number = kiosk.touchpoint
    cross join lateral (
        select coalesce(kiosk.last_seen, kiosk.enrolled_at) as seen,
            coalesce(kiosk.last_seen, kiosk.enrolled_at) at time zone 'Europe/Amsterdam' as local,
            now() at time zone 'Europe/Amsterdam' as local_now
    ) as since
    cross join lateral (
        select count(*) > 0 as named,
            coalesce(sum(greatest(
                least(since.local_now, day.day::date + open.closes)
                    - greatest(since.local, day.day::date + open.opens),
                interval '0'
            )) filter (where day.day is not null), interval '0') as silent
        from meetpunt.opening_hours as open
        -- A week holds every opening time; who is silent for longer is silent for too long.
        left join generate_series(
            greatest(since.local, since.local_now - interval '8 days')::date,
            since.local_now::date, interval '1 day'
        ) as day (day) on extract(isodow from day.day) = open.weekday
        where open.municipality = kiosk.municipality and open.touchpoint = kiosk.touchpoint
    ) as hours
"""
