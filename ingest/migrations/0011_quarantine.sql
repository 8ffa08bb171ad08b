-- What was put in quarantine can be released: an operator looked, and it counts from then on. And a tablet that the
-- database forgot is enrolled under the id that its answers were signed for.

alter table meetpunt.kiosk_quarantine add column response text;
comment on column meetpunt.kiosk_quarantine.response is
    'What is stored when it is released, as JSON; null where it is not an answer to what was asked.';

alter table meetpunt.kiosk_pairing add column kiosk uuid;
comment on column meetpunt.kiosk_pairing.kiosk is
    'The id that the tablet had before, in a database that is not there any more; null for a new one.';

alter table meetpunt.kiosk add column answers_since timestamptz, add column emptied_offset_seconds bigint;
comment on column meetpunt.kiosk.answers_since is
    'Before this nothing was answered on it; null where that is when it was enrolled.';
comment on column meetpunt.kiosk.emptied_offset_seconds is
    'How far its clock was ahead when it last had nothing left to send. Another figure: somebody set it since.';
grant update (emptied_offset_seconds) on meetpunt.kiosk to meetpunt_ingest;

-- Release is for the role that purges: it may read what residents answered, and the owner may not.
do $$
declare
    made text;
begin
    foreach made in array array['kiosk_item', 'receipt', 'response', 'free_text', 'unfolded', 'unpublished']
    loop
        execute format('grant insert on meetpunt.%I to meetpunt_folder', made);
    end loop;
end
$$;

-- What is destroyed at the end of its term, or released, is not kept apart any more.
grant update (set_aside, quarantined) on meetpunt.kiosk to meetpunt_folder;
