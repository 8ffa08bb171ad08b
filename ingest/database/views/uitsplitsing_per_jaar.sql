create view {schema}.uitsplitsing_per_jaar as
--! uitsplitsing {"periode": "jaar", "month_of": "date_trunc('year', part.month::timestamp)::date"}
