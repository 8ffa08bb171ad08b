create view {schema}.uitsplitsing_per_jaar as
--! uitsplitsing {"periode": "jaar", "of_cell": "date_trunc('year', cell.month::timestamp)::date", "of_each": "date_trunc('year', each.month::timestamp)::date"}
