-- What was put in quarantine can be released: an operator looked, and it counts from then on.

alter table meetpunt.kiosk_quarantine add column response text;
comment on column meetpunt.kiosk_quarantine.response is
    'What is stored when it is released, as JSON; null where it is not an answer to what was asked.';

do $$
declare
    made text;
begin
    -- The owner looks at what was kept apart, and releases it.
    foreach made in array array['kiosk_set_aside', 'kiosk_quarantine']
    loop
        execute format('create policy owner on meetpunt.%I to %I using (true) with check (true)', made, current_user);
    end loop;
    foreach made in array array['kiosk_item', 'receipt', 'response', 'free_text', 'unfolded']
    loop
        execute format('create policy owner_releases on meetpunt.%I for insert to %I with check (true)', made, current_user);
    end loop;
end
$$;

-- What is destroyed at the end of its term is not kept apart any more.
grant update (set_aside, quarantined) on meetpunt.kiosk to meetpunt_folder;
