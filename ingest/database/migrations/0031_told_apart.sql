-- Who reads Signalen knows of each reporter what they told their report. So answers share a batch, and their texts wait
-- together, only where the same was told.

alter table meetpunt.unpublished add column told text not null default '';
comment on column meetpunt.unpublished.told is
    'What its reporter told their report in Signalen: a word of our program. The empty text: there was nothing to tell.';

-- The version before does not name it, and publishes no answer to a report.
alter table meetpunt.waiting_text add column told text not null default '', drop constraint waiting_text_pkey,
    add primary key (municipality, touchpoint, structure, invited, promised, judgement, language, told, id);
alter table meetpunt.judged add column told text not null default '', drop constraint judged_pkey,
    add primary key (municipality, touchpoint, structure, invited, promised, judgement, language, told, month);
comment on column meetpunt.waiting_text.told is
    'As in unpublished: it waits for ten who told their report the same.';
