-- What was told of a thing is never read again: whoever follows it looks at the thing itself. So nothing of it is kept.
alter table meetpunt.notification drop column details;
alter table meetpunt.notification add check ((due is null) = (about is null) and (due is null) = (channel is null)
    and (due is null) = (resource is null) and (due is null) = (action is null) and (due is null) = (url is null));

-- The service must know how much waits, to refuse what is too much; it reads nothing else of what waits.
alter table meetpunt.notification add column waits boolean generated always as (due is not null) stored;
comment on column meetpunt.notification.waits is 'Nobody has worked it off.';
grant select (waits) on meetpunt.notification to meetpunt_ingest;

-- Each municipality has a share of its own, so what waits is looked up by municipality, and by thing.
drop index meetpunt.notification_due;
create index notification_due on meetpunt.notification (municipality, due) where waits;
create index notification_about on meetpunt.notification (municipality, about) where waits;

-- The same of what reports are told. What is being told was due before.
drop index meetpunt.writeback_due, meetpunt.writeback_held;
create index writeback_due on meetpunt.writeback (municipality, due);
