create view {schema}.indicator_per_maand as
--! indicator {"periode": "maand", "grain": "month", "year": "12", "nth": "(extract(year from counted.period) * 12 + extract(month from counted.period))::integer"}
