create view {schema}.indicator_twaalf_maanden as
--! indicator {"periode": "maand", "rows": "rows_rolling", "grain": "month", "before": "12", "year": "12", "nth": "(extract(year from counted.period) * 12 + extract(month from counted.period))::integer"}
