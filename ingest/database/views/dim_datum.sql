create view {schema}.dim_datum as
with named as (
    select
        calendar.day,
        calendar.holiday,
        extract(year from calendar.day)::smallint as year,
        extract(quarter from calendar.day)::smallint as quarter,
        extract(month from calendar.day)::smallint as month,
        extract(isoyear from calendar.day)::smallint as iso_year,
        extract(week from calendar.day)::smallint as iso_week,
        extract(isodow from calendar.day)::smallint as weekday
    from lees.dim_datum as calendar
)
select
    day as datum,
    year as jaar,
    quarter as kwartaal,
    year || '-K' || quarter as kwartaal_naam,
    make_date(year, month, 1) as maand,
    month as maand_nummer,
    (array['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september',
        'oktober', 'november', 'december'])[month] as maand_naam,
    day - (weekday - 1) as week,
    iso_year as week_jaar,
    iso_week as week_nummer,
    iso_year || '-W' || lpad(iso_week::text, 2, '0') as week_naam,
    weekday as dag_nummer,
    (array['maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'])[weekday] as dag_naam,
    weekday > 5 as weekend,
    holiday as feestdag,
    weekday <= 5 and holiday is null as werkdag
from named
