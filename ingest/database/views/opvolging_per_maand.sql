create view {schema}.opvolging_per_maand as
--! opvolging {"grain": "month", "periode": "maand", "length": "1 month"}
