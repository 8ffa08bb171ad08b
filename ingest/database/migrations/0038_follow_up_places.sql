-- A touchpoint that moves to another department or channel within a quarter: were its quarter of the new one and its months of the
-- old one, the difference would be the signals of that touchpoint. So a quarter is told of what its months were told of.

create table meetpunt.follow_up_place (
    municipality text not null references meetpunt.municipality,
    month date not null check (extract(day from month) = 1),
    touchpoint integer not null,
    channel text not null,
    department text not null,
    n bigint not null check (n > 0),
    primary key (municipality, month, touchpoint)
);
comment on table meetpunt.follow_up_place is
    'Of which channel and department the signals of a touchpoint were when its month was told, until its quarter is told.';
comment on column meetpunt.follow_up_place.n is
    'How many there were: a quarter of which a month holds another number by now is not told.';

alter table meetpunt.follow_up_place enable row level security, force row level security;
create policy folder on meetpunt.follow_up_place to meetpunt_folder using (true) with check (true);
grant select, insert, delete on meetpunt.follow_up_place to meetpunt_folder;
