-- One theme less another says how often the words are met that only one of them has. So of a theme that a municipality adds, a
-- part holds five texts with it and five without that have no theme before it: of everybody, or above it in its file.

alter table meetpunt.theme_tally
    add column covered_hits bigint not null default 0, add column covered_misses bigint not null default 0;
comment on column meetpunt.theme_tally.covered_hits is
    'Of those with the theme, how many have one too that stands before it. Before a theme of everybody stands none.';
comment on column meetpunt.theme_tally.covered_misses is
    'Of those without the theme, how many have one that stands before it.';

-- What was told before has none.
alter table lees.thema add column apart smallint check (apart >= 5);
comment on column lees.thema.apart is
    'How many have the theme and none before it, or neither, whichever are fewer; 5 at the most, as more of it is nobody''s business.';
