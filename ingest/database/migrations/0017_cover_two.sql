-- Two who cover at once, as while one worker takes over from another, waited for each other's row, and took no numbers
-- meanwhile. Now each takes the next row that nobody holds: three have room. Everything else is as it was.
create or replace function meetpunt.cover(pauses double precision[]) returns void
    language plpgsql volatile set search_path = pg_catalog, pg_temp as
$$
declare
    pause double precision;
    taken smallint := 0;
    first boolean := true;
begin
    if cardinality(pauses) > 60 then
        raise program_limit_exceeded using message = 'At most sixty pauses.';
    end if;
    -- A server that died empties the table.
    if (select count(*) from meetpunt.cover) < 180 then
        insert into meetpunt.cover select generate_series(1, 180) on conflict do nothing;
    end if;
    foreach pause in array pauses
    loop
        perform pg_sleep(pause);
        -- A row that this transaction has locked would take no number again, so never go back.
        if first then
            -- The number of the transaction itself: a subtransaction would take both at once.
            first := false;
            select number into taken from meetpunt.cover where number > taken
                order by number limit 1 for update skip locked;
        else
            begin
                select number into taken from meetpunt.cover where number > taken
                    order by number limit 1 for update skip locked;
            exception
                when assert_failure then raise;
            end;
        end if;
        exit when taken is null;
    end loop;
end
$$;
