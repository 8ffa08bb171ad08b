-- Least privilege, and row-level security that holds for the tables' owner too.

grant select on meetpunt.municipality, meetpunt.touchpoint, meetpunt.questionnaire, meetpunt.item,
    meetpunt.touchpoint_version to meetpunt_ingest, meetpunt_folder, meetpunt_reader;
grant select on meetpunt.reader to meetpunt_reader;

grant insert on meetpunt.response, meetpunt.receipt, meetpunt.free_text, meetpunt.invitation,
    meetpunt.spent_token, meetpunt.invitation_call to meetpunt_ingest;
grant select (municipality, day, id, complete), update (answers, complete) on meetpunt.response to meetpunt_ingest;
grant select (municipality, week, id, content_code, complete) on meetpunt.receipt to meetpunt_ingest;
grant select, delete on meetpunt.invitation to meetpunt_ingest;
grant select on meetpunt.spent_token, meetpunt.api_key, meetpunt.invitation_call to meetpunt_ingest;

grant select, delete on meetpunt.response, meetpunt.receipt, meetpunt.free_text, meetpunt.invitation,
    meetpunt.spent_token, meetpunt.invitation_call to meetpunt_folder;

-- By column: a grant on the whole table would show the transaction that wrote a row, and with it the order.
-- Free text has a view of its own for those who may read it.
grant select (municipality, day, id, touchpoint, questionnaire, version, structure, language, hour,
    complete, suspect, is_test, dimensions, day_uncertain, answers) on meetpunt.response to meetpunt_reader;

do $$
declare
    protected text;
begin
    foreach protected in array array['touchpoint', 'questionnaire', 'item', 'touchpoint_version', 'reader',
        'response', 'receipt', 'free_text', 'invitation', 'spent_token', 'api_key', 'invitation_call']
    loop
        execute format('alter table meetpunt.%I enable row level security', protected);
        execute format('alter table meetpunt.%I force row level security', protected);
    end loop;

    -- The service writes for every municipality and reads back no more than its column grants allow.
    foreach protected in array array['touchpoint', 'questionnaire', 'item', 'touchpoint_version',
        'receipt', 'invitation', 'spent_token', 'api_key', 'invitation_call']
    loop
        execute format('create policy service on meetpunt.%I to meetpunt_ingest, meetpunt_folder using (true) with check (true)', protected);
    end loop;
    -- A response that is complete does not change any more.
    create policy service on meetpunt.response for select to meetpunt_ingest using (true);
    create policy store on meetpunt.response for insert to meetpunt_ingest with check (true);
    create policy complete on meetpunt.response for update to meetpunt_ingest using (not complete) with check (complete);
    create policy folder on meetpunt.response to meetpunt_folder using (true) with check (true);
    -- What was typed it never reads back, whatever somebody may grant it one day.
    create policy service on meetpunt.free_text for insert to meetpunt_ingest with check (true);
    create policy folder on meetpunt.free_text to meetpunt_folder using (true) with check (true);

    -- The owner keeps the files' mirror, the keys and the readers, and has no policy on what residents answered.
    foreach protected in array array['touchpoint', 'questionnaire', 'item', 'touchpoint_version', 'reader', 'api_key']
    loop
        execute format('create policy owner on meetpunt.%I to %I using (true) with check (true)', protected, current_user);
    end loop;

    foreach protected in array array['touchpoint', 'questionnaire', 'item', 'touchpoint_version', 'response']
    loop
        execute format('create policy reader on meetpunt.%I for select to meetpunt_reader using (municipality in (
            select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user))', protected);
    end loop;
end
$$;

create policy reader on meetpunt.reader for select to meetpunt_reader using (role_name = current_user);
