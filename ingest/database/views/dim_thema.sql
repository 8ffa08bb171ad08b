create view {schema}.dim_thema as
select
    municipality as gemeente_code,
    theme as thema,
    version as thema_versie,
    name as naam,
    about as waarover,
    own as eigen,
    position as volgorde,
    precise as precisie,
    recall as vangst,
    measured_on as gemeten_aantal
from {dim_thema} as known
