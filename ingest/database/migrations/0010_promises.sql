-- What a resident was promised when they answered stays with what is kept of it, however a batch changes later.

-- A text that was given under a promise of ten waits for ten that were given under one, and those are counted apart.
alter table meetpunt.waiting_text add promised boolean not null default true;
alter table meetpunt.judged add promised boolean not null default true;

-- Of what waits from before only the month is known. Where pages tell of fewer, it was promised nothing once they did; of
-- months before that nobody knows how many of a count were promised, so it begins anew.
alter table meetpunt.waiting_text no force row level security;
alter table meetpunt.judged no force row level security;
update meetpunt.waiting_text as waiting
set promised = false
from meetpunt.touchpoint
where touchpoint.municipality = waiting.municipality and touchpoint.number = waiting.touchpoint
    and touchpoint.batch < 10 and waiting.month > coalesce(touchpoint.ten_until, '-infinity');
update meetpunt.judged
set promised = judged.month <= coalesce(touchpoint.ten_until, '-infinity'),
    responses = case when judged.month <= coalesce(touchpoint.ten_until, '-infinity') then 0 else responses end
from meetpunt.touchpoint
where touchpoint.municipality = judged.municipality and touchpoint.number = judged.touchpoint and touchpoint.batch < 10;
alter table meetpunt.waiting_text force row level security;
alter table meetpunt.judged force row level security;

alter table meetpunt.waiting_text alter promised drop default, drop constraint waiting_text_pkey,
    add primary key (municipality, touchpoint, structure, invited, promised, judgement, language, id);
alter table meetpunt.judged alter promised drop default, drop constraint judged_pkey,
    add primary key (municipality, touchpoint, structure, invited, promised, judgement, language, month);
comment on column meetpunt.waiting_text.promised is
    'Its page told of no batch under ten: it waits for ten that were promised the same.';

comment on column meetpunt.touchpoint.ten_until is
    'The last day on which somebody may have had a page or link from before it told so: what was answered by then waits for ten.';

-- Why a response is suspect is a detail as any other: where fewer than ten share it, it is not told.
alter table lees.reactie alter suspect drop not null;
comment on column lees.reactie.suspect is 'Empty: it is not suspect. Null: it is, and too few share the reason.';
