create view {schema}.feit_reactie as
--! reactie {"suspect": "= '{}'", "more": ""}
