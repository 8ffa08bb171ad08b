create view {schema}.uitsplitsing_per_kwartaal as
--! uitsplitsing {"periode": "kwartaal", "month_of": "date_trunc('quarter', part.month::timestamp)::date"}
