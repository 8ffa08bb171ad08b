create view {schema}.kengetal_per_kwartaal as
--! kengetal {"periode": "kwartaal", "of_month": "date_trunc('quarter', month::timestamp)::date"}
