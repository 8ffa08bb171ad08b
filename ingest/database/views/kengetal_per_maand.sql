create view {schema}.kengetal_per_maand as
--! kengetal {"periode": "maand", "of_month": "month"}
