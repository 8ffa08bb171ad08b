create view {schema}.thema_per_jaar as
--! thema {"periode": "jaar", "of_period": "date_trunc('year', told.month::timestamp)::date", "before": "interval '1 year'"}
