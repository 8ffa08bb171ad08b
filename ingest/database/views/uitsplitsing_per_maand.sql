create view {schema}.uitsplitsing_per_maand as
--! uitsplitsing {"periode": "maand", "month_of": "part.month"}
