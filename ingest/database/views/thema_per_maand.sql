create view {schema}.thema_per_maand as
--! thema {"periode": "maand", "of_period": "told.month", "before": "interval '1 month'"}
