-- Of a theme that a municipality adds, texts count that no theme before it has: of everybody, or above it in its file. So no two of
-- them count the same text, and no difference says how few have the words that only one of them has.

alter table meetpunt.theme_tally add column covered bigint not null default 0;
comment on column meetpunt.theme_tally.covered is
    'How many of the texts have a theme that stands before this one: they are no hits of it. Before a theme of everybody stands none.';

-- What was told before has none.
alter table lees.thema add column neither smallint check (neither >= 5);
comment on column lees.thema.neither is
    'How many have neither the theme nor one before it; 5 at the most, as more of it is nobody''s business.';
