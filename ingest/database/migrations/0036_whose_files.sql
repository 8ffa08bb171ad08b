-- Who does a task tells by which files and where, so that one with the files of before can be found. The version before tells
-- nothing and leaves what stands here, so it counts only where who told it has the task still.
alter table meetpunt.task
    add column told_by uuid,
    add column files text check (files ~ '^[0-9a-f]{16}$'),
    add column place text check (length(place) <= 100),
    add check ((told_by is null) = (files is null) and (told_by is null) = (place is null));
comment on column meetpunt.task.told_by is 'The holder whose files and place these are; another one told nothing of its own.';
comment on column meetpunt.task.files is 'A checksum of the files of municipalities and questionnaires that it goes by.';
comment on column meetpunt.task.place is 'Its process and machine, for who has to start it anew.';
grant update (told_by, files, place) on meetpunt.task to meetpunt_folder, meetpunt_work;
