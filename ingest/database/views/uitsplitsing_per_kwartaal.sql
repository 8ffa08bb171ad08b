create view {schema}.uitsplitsing_per_kwartaal as
--! uitsplitsing {"periode": "kwartaal", "of_cell": "date_trunc('quarter', cell.month::timestamp)::date", "of_each": "date_trunc('quarter', each.month::timestamp)::date"}
