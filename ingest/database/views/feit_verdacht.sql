-- What may not come from a resident has a view of its own, so that nobody counts it by mistake.
create view {schema}.feit_verdacht as
--! reactie {"suspect": "is distinct from '{}'", "more": ", response.suspect as waarom, response.answers as antwoorden"}
