create view {schema}.kengetal_per_kwartaal as
--! kengetal {"of_month": "date_trunc('quarter', month::timestamp)::date"}
--! kengetal_shown {"periode": "kwartaal"}
