create view {schema}.indicator_per_jaar as
--! indicator {"periode": "jaar", "rows": "rows_added", "grain": "year", "before": "1", "year": "1", "nth": "extract(year from counted.period)::integer"}
