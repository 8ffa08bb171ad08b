create view {schema}.kiosk_status as
select
    municipality as gemeente_code,
    touchpoint as meetpunt,
    id as kiosk,
    name as naam,
    last_seen as laatst_gezien,
    queue as wachtrij,
    version as versie,
    clock_offset_seconds as klokverschil_seconden,
    silent as te_lang_stil,
    revoked_on as ingetrokken,
    set_aside as apart_gezet,
    quarantined as in_quarantaine,
    looked_at as peilmoment
from {kiosk} as kiosk
