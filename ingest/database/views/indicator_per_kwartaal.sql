create view {schema}.indicator_per_kwartaal as
--! indicator {"periode": "kwartaal", "rows": "rows_added", "grain": "quarter", "before": "1", "year": "4", "nth": "(extract(year from counted.period) * 4 + extract(quarter from counted.period))::integer"}
