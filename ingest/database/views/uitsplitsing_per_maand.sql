create view {schema}.uitsplitsing_per_maand as
--! uitsplitsing {"periode": "maand", "of_cell": "cell.month", "of_each": "each.month"}
