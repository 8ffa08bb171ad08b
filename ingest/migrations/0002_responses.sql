-- What residents answered, and the permissions that each response spends.
-- No time, sequence or transaction id stands in a response: nothing may lead back to the one who was asked.

create table meetpunt.response (
    municipality text not null,
    id uuid not null,
    touchpoint integer not null,
    questionnaire text not null,
    version smallint not null,
    structure text not null,
    language text not null check (language ~ '^[a-z]{2,3}$'),
    day date not null,
    hour smallint check (hour between 0 and 23),
    complete boolean not null,
    suspect text[] not null,
    is_test boolean not null,
    dimensions jsonb not null check (jsonb_typeof(dimensions) = 'object'),
    content_code bytea,
    primary key (municipality, id),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint,
    foreign key (municipality, structure) references meetpunt.questionnaire
);
comment on column meetpunt.response.hour is 'Hour of the day in Amsterdam; null where somebody was invited.';
comment on column meetpunt.response.content_code is
    'Keyed code over what was sent, to tell a retry from another response under the same id; set to null after 30 days.';

create table meetpunt.answer (
    municipality text not null,
    response_id uuid not null,
    item text not null check (item ~ '^[a-z][a-z0-9_]{0,39}$'),
    code text check (code ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    number smallint check (number between 1 and 10),
    indicator text,
    check (num_nonnulls(code, number) = 1),
    unique nulls not distinct (municipality, response_id, item, code),
    foreign key (municipality, response_id) references meetpunt.response on delete cascade
);

create table meetpunt.free_text (
    municipality text not null,
    response_id uuid not null,
    item text not null check (item ~ '^[a-z][a-z0-9_]{0,39}$'),
    text text not null check (char_length(text) <= 6000),
    masked text[] not null,
    primary key (municipality, response_id, item),
    foreign key (municipality, response_id) references meetpunt.response on delete cascade
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
