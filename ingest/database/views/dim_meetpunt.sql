create view {schema}.dim_meetpunt as
select
    municipality as gemeente_code,
    slug as meetpunt,
    number as nummer,
    name as naam,
    channel as kanaal,
    location as locatie,
    product as product,
    questionnaire as vragenlijst,
    version as vragenlijst_versie,
    since as vragenlijst_sinds,
    retired as gesloten,
    batch as groep,
    batch < 10 as kleine_groep
from {dim_meetpunt} as touchpoint
