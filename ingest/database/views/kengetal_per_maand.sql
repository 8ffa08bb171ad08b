create view {schema}.kengetal_per_maand as
--! kengetal {"of_month": "month"}
--! kengetal_shown {"periode": "maand"}
