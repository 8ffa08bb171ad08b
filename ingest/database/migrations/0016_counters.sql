-- What a reader can count that nobody can take from it, whatever its rights: numbers of the server that every role moves on.

-- A value that is put in a place of its own takes one of the server's numbers of objects, and who makes an object (a default
-- right of its own) sees how many were taken. MAIN keeps it in its row as long as that fits a page (8 kB); it is packed where it
-- was packed before. Only catalogue: no row is written anew.
alter table meetpunt.free_text alter text set storage main;
alter table meetpunt.kiosk_set_aside alter payload set storage main;
alter table meetpunt.kiosk_quarantine alter payload set storage main;
alter table lees.tekst alter text set storage main;

-- Transactions of nobody, at random moments: between them those of residents cannot be told (docs/decisions/0017). Unlogged:
-- what stands here is worth nothing, and its changes must not go to the log.
create unlogged table meetpunt.cover (
    number smallint primary key
);
comment on table meetpunt.cover is 'Rows to lock, for nothing but the number of a transaction that this takes.';
alter table meetpunt.cover enable row level security, force row level security;
create policy folder on meetpunt.cover to meetpunt_folder using (true) with check (true);
grant select, insert, update on meetpunt.cover to meetpunt_folder;

-- Each row is locked in a subtransaction of its own, which takes a number: sixty cost one record in the log, that of their end.
-- Past sixty-four Postgres has no room for them beside the session, and every look at rows becomes dearer.
create function meetpunt.cover(pauses double precision[]) returns void
    language plpgsql volatile set search_path = pg_catalog, pg_temp as
$$
declare
    pause double precision;
    covered smallint := 0;
begin
    if cardinality(pauses) > 60 then
        raise program_limit_exceeded using message = 'At most sixty pauses.';
    end if;
    -- A server that died empties the table.
    if (select count(*) from meetpunt.cover) < 60 then
        insert into meetpunt.cover select generate_series(1, 60) on conflict do nothing;
    end if;
    foreach pause in array pauses
    loop
        covered := covered + 1;
        perform pg_sleep(pause);
        if covered = 1 then
            -- The number of the transaction itself: a subtransaction would take both at once.
            perform from meetpunt.cover where number = covered for update;
        else
            begin
                perform from meetpunt.cover where number = covered for update;
            exception
                when assert_failure then raise;
            end;
        end if;
    end loop;
end
$$;
comment on function meetpunt.cover(double precision[]) is
    'Takes a number of a transaction after each pause (in seconds), so that nobody can count those of others by it.';
revoke all on function meetpunt.cover(double precision[]) from public;
grant execute on function meetpunt.cover(double precision[]) to meetpunt_folder;
