-- What residents answered, and the permissions that each response spends.
-- No time, sequence or transaction id stands in a response: nothing may lead back to the one who was asked.

-- The day stands in every key: what comes in today lands on pages that are in use today, however many years
-- lie before them (docs/decisions/0004-the-day-stands-in-every-key.md has the figures).
create table meetpunt.response (
    municipality text not null,
    day date not null,
    id uuid not null,
    touchpoint integer not null,
    questionnaire text not null,
    version smallint not null,
    structure text not null,
    language text not null check (language ~ '^[a-z]{2,3}$'),
    hour smallint check (hour between 0 and 23),
    mode text not null check (mode in ('kiosk', 'link', 'qr', 'widget', 'bericht')),
    complete boolean not null,
    suspect text[] not null,
    is_test boolean not null,
    dimensions jsonb not null check (jsonb_typeof(dimensions) = 'object'),
    -- {item: value}: a number, a code, or an array of codes; texts have a table of their own.
    answers jsonb not null check (
        jsonb_typeof(answers) = 'object'
        and not jsonb_path_exists(answers, '$.keyvalue().key ? (!(@ like_regex "^[a-z][a-z0-9_]{0,39}$"))')
        and not jsonb_path_exists(answers, '$.*[*] ? (
            !(@.type() == "string" && @ like_regex "^[a-z0-9][a-z0-9_-]{0,39}$")
            && !(@.type() == "number" && @ >= 1 && @ <= 10 && @.floor() == @))')
    ),
    day_uncertain boolean not null default false,
    primary key (municipality, day, id),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint,
    foreign key (municipality, structure) references meetpunt.questionnaire
);
comment on column meetpunt.response.id is
    'Keyed code of the id that the sender chose: whoever knows that one cannot find the row.';
comment on column meetpunt.response.day_uncertain is
    'The clock of a kiosk was not to be trusted: `day` is the earliest that it can have been.';
comment on column meetpunt.response.hour is 'Hour of the day in Amsterdam; null where somebody was invited.';
comment on column meetpunt.response.mode is 'How it was asked. Somebody was invited: bericht.';
comment on column meetpunt.response.is_test is 'Of a preview: stored, and never published.';

-- What is not published yet, one row a response: put there by the insert, taken away in the transaction that publishes it.
create table meetpunt.unpublished (
    municipality text not null,
    day date not null,
    response_id uuid not null
);
create index unpublished_day on meetpunt.unpublished (municipality, day);

-- How the service hands over what is to be stored: one parameter, of as many rows as wait.
create type meetpunt.submitted as (
    municipality text,
    id uuid,
    touchpoint integer,
    questionnaire text,
    version smallint,
    structure text,
    language text,
    day date,
    hour smallint,
    mode text,
    complete boolean,
    suspect text,
    is_test boolean,
    dimensions jsonb,
    content_code bytea,
    answers jsonb,
    texts json,
    invitation bytea,
    token_id bytea,
    token_expires_on date
);

-- What came in over the last weeks, by the id that the sender chose: the same id again is a retry. No column leads to the
-- response but the id, under the same key; it goes in with its response, whose references stand for both. The week stands
-- in the key so that what comes in lands on pages of this week.
create table meetpunt.receipt (
    municipality text not null,
    week date not null check (extract(isodow from week) = 1),
    id uuid not null,
    content_code bytea not null check (octet_length(content_code) = 32),
    complete boolean not null,
    primary key (municipality, week, id)
);
-- Where a retry may find its receipt, and where a receipt goes. In the first minutes of a week it goes under the week
-- before as well: who came at the same moment, just before midnight, looks there and nowhere else.
create function meetpunt.weeks_of_receipts(many integer default 5) returns setof date
    language sql stable rows 2 as
$$
    select date_trunc('week', now() at time zone 'UTC')::date - 7 * ago
    from generate_series(0, many - 1) as weeks (ago)
$$;
create function meetpunt.weeks_to_receive(at timestamptz default now()) returns setof date
    language sql stable rows 1 as
$$
    select date_trunc('week', at at time zone 'UTC')::date
    union
    select date_trunc('week', (at - interval '10 minutes') at time zone 'UTC')::date
$$;
comment on column meetpunt.receipt.content_code is
    'Keyed code over what was sent, to tell a retry from another response under the same id.';

create table meetpunt.free_text (
    municipality text not null,
    day date not null,
    response_id uuid not null,
    item text not null check (item ~ '^[a-z][a-z0-9_]{0,39}$'),
    text text not null check (char_length(text) <= 6000),
    masked text[] not null,
    primary key (municipality, day, response_id, item),
    foreign key (municipality, day, response_id) references meetpunt.response on delete cascade
);
comment on column meetpunt.free_text.masked is 'Kinds of personal data that were taken out before the text was stored.';

-- An invitation is spent by deleting it: afterwards no row ties who was asked to what was answered.
create table meetpunt.invitation (
    municipality text not null,
    digest bytea not null check (octet_length(digest) = 32),
    touchpoint integer not null,
    dimensions jsonb not null check (jsonb_typeof(dimensions) = 'object'),
    expires_on date not null,
    primary key (municipality, digest),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
)
-- A deleted row lies in its file until vacuum comes by, with the transaction that deleted it. The usual
-- threshold is never reached where few are invited.
with (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);

-- Tokens that nobody was sent are remembered until they expire, by a keyed code of their id. A day, not a time: a finer
-- expiry would tell when the form was opened.
create table meetpunt.spent_token (
    municipality text not null references meetpunt.municipality,
    id bytea not null check (octet_length(id) = 16),
    expires_on date not null,
    primary key (municipality, id)
);

create table meetpunt.api_key (
    municipality text not null references meetpunt.municipality,
    digest bytea not null check (octet_length(digest) = 32),
    name text not null,
    created_on date not null,
    revoked_on date,
    primary key (municipality, digest),
    unique (municipality, name)
);

-- One row a call for invitations, so that the same call gives the same links and no link is stored.
create table meetpunt.invitation_call (
    municipality text not null,
    key_digest bytea not null check (octet_length(key_digest) = 32),
    body_digest bytea not null check (octet_length(body_digest) = 32),
    touchpoint integer not null,
    expires_at timestamptz not null,
    primary key (municipality, key_digest),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);

grant insert on meetpunt.response, meetpunt.unpublished, meetpunt.receipt, meetpunt.free_text, meetpunt.invitation,
    meetpunt.spent_token, meetpunt.invitation_call to meetpunt_ingest;
grant select (municipality, day, id, complete), update (answers, complete) on meetpunt.response to meetpunt_ingest;
grant select (municipality, week, id, content_code, complete) on meetpunt.receipt to meetpunt_ingest;
grant select, delete on meetpunt.invitation to meetpunt_ingest;
grant select on meetpunt.spent_token, meetpunt.api_key, meetpunt.invitation_call to meetpunt_ingest;

-- It stores what is released from quarantine, publishes, and destroys.
grant select, insert, delete on meetpunt.response, meetpunt.unpublished, meetpunt.receipt, meetpunt.free_text
    to meetpunt_folder;
grant select, delete on meetpunt.invitation, meetpunt.spent_token, meetpunt.invitation_call to meetpunt_folder;

do $$
declare
    named text;
begin
    foreach named in array array['response', 'unpublished', 'receipt', 'free_text', 'invitation', 'spent_token',
        'api_key', 'invitation_call']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy folder on meetpunt.%I to meetpunt_folder using (true) with check (true)', named);
    end loop;
    -- The service writes for every municipality and reads back no more than its column grants allow.
    foreach named in array array['receipt', 'invitation', 'spent_token', 'api_key', 'invitation_call']
    loop
        execute format('create policy service on meetpunt.%I to meetpunt_ingest using (true) with check (true)', named);
    end loop;
    -- A response that is complete does not change any more.
    create policy service on meetpunt.response for select to meetpunt_ingest using (true);
    create policy store on meetpunt.response for insert to meetpunt_ingest with check (true);
    create policy complete on meetpunt.response for update to meetpunt_ingest using (not complete) with check (complete);
    -- What was typed, and what waits, it never reads back, whatever somebody may grant it one day.
    create policy service on meetpunt.free_text for insert to meetpunt_ingest with check (true);
    create policy service on meetpunt.unpublished for insert to meetpunt_ingest with check (true);
    -- The owner keeps the keys, and has no policy on what residents answered.
    execute format('create policy owner on meetpunt.api_key to %I using (true) with check (true)', current_user);
end
$$;
