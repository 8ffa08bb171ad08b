create view {schema}.dim_vragenlijst as
select
    municipality as gemeente_code,
    structure as vragenlijst_vorm,
    questionnaire as vragenlijst,
    version as vragenlijst_versie,
    title as titel
from {dim_vragenlijst} as questionnaire
