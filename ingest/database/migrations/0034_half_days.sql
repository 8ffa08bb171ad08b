-- At the end of a half day whatever waits at a touchpoint, ten or more, is a batch: its signals are shown then, and its rows are
-- published together, so that the one tells no more than the other.

alter table meetpunt.unpublished
    add column batch uuid,
    add column closed_on date,
    add check ((batch is null) = (closed_on is null));
comment on column meetpunt.unpublished.batch is
    'A random number of the batch that the end of a half day made: its signals are shown, and it is published whole. Null: none did.';
comment on column meetpunt.unpublished.closed_on is 'The last day of the responses of that batch.';
grant update (batch, closed_on) on meetpunt.unpublished to meetpunt_folder;

alter table meetpunt.look add column half_day_closed timestamptz check (isfinite(half_day_closed));
comment on column meetpunt.look.half_day_closed is 'The end of the last half day of which the batches were closed.';

-- A month of follow-up that moves by one a day tells of one. So it is told once it is over, and stays.
alter table meetpunt.look add column follow_up_told date;
comment on column meetpunt.look.follow_up_told is
    'Follow-up of what was over before this day was told, or left out, and is told no more.';
comment on column lees.opvolging.oldest_open is 'Of the oldest that was open at the end of the period. Readers see whole weeks.';

comment on table meetpunt.signal is
    'What a department is told of, and what it did. Of an answer it tells what its batch of ten does, and when that was full.';
comment on column meetpunt.signal.day is 'Of the half day in which its ten were together; in the demo in which it came in.';
