create view {schema}.indicator_per_week as
--! indicator {"periode": "week", "rows": "rows_stored", "grain": "week", "before": "1", "year": "52", "nth": "(counted.period - date '2001-01-01') / 7"}
