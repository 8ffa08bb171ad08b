create view {schema}.thema_per_kwartaal as
--! thema {"periode": "kwartaal", "of_period": "date_trunc('quarter', told.month::timestamp)::date", "before": "interval '3 months'"}
