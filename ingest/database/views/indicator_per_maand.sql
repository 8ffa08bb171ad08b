create view {schema}.indicator_per_maand as
--! indicator {"periode": "maand", "rows": "rows_stored", "grain": "month", "before": "1", "year": "12", "nth": "(extract(year from counted.period) * 12 + extract(month from counted.period))::integer"}
