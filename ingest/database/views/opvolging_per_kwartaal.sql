create view {schema}.opvolging_per_kwartaal as
--! opvolging {"grain": "quarter", "periode": "kwartaal", "length": "3 months"}
