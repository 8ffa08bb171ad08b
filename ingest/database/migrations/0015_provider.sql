-- Who was called, so that nobody else is asked what became of a message.

alter table meetpunt.outbox add column provider bytea check (octet_length(provider) = 32);
comment on column meetpunt.outbox.provider is
    'Digest of the kind, the address and the account of who was called last, and of no secret; null: the version before called.';
