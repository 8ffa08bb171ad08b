-- The whole database with one municipality. Made by `python -m tests.schema`; do not edit it.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA bi_molensloot;

ALTER SCHEMA bi_molensloot OWNER TO meetpunt_owner;

CREATE SCHEMA lees;

ALTER SCHEMA lees OWNER TO meetpunt_owner;

CREATE SCHEMA lees_molensloot;

ALTER SCHEMA lees_molensloot OWNER TO meetpunt_owner;

CREATE SCHEMA lees_regio_2940b8b2b3;

ALTER SCHEMA lees_regio_2940b8b2b3 OWNER TO meetpunt_owner;

CREATE SCHEMA meetpunt;

ALTER SCHEMA meetpunt OWNER TO meetpunt_owner;

CREATE TYPE meetpunt.submitted AS (
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

ALTER TYPE meetpunt.submitted OWNER TO meetpunt_owner;

CREATE FUNCTION bi_molensloot.noteer_uitvoer(view text, month date, format text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
        declare
            what text := format('bi_molensloot.%s %s %s (GM9001)',
                $1, coalesce(to_char($2, 'YYYY-MM'), 'all'), $3);
            lines bigint;
            noted boolean;
        begin
            -- Whoever exports chooses these: no more than what an export is gets into the trail.
            if not coalesce(
                $1 ~ '^[a-z][a-z0-9_]{0,62}$' and $3 in ('csv', 'parquet')
                and extract(day from coalesce($2, '2000-01-01')) = 1, false
            ) then
                raise check_violation using message = 'Dat is geen export.';
            end if;
            select count(*), bool_or(line.object = what)
            into lines, noted
            from meetpunt.audit as line
            where line.role = session_user and line.action = 'export'
                and line.at > now() - interval '1 minute';
            if noted then
                return;
            end if;
            if lines >= 100 then
                raise program_limit_exceeded
                    using message = 'Meer dan 100 exports in een minuut.';
            end if;
            insert into meetpunt.audit (actor, role, action, object, outcome)
            values (session_user, session_user, 'export', what, 'begun');
        end
        $_$;

ALTER FUNCTION bi_molensloot.noteer_uitvoer(view text, month date, format text) OWNER TO meetpunt_audit;

CREATE FUNCTION lees.difference_high(figure double precision, high double precision, other double precision, other_low double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((figure - other) + sqrt((((high - figure) * (high - figure)) + ((other - other_low) * (other - other_low)))));

ALTER FUNCTION lees.difference_high(figure double precision, high double precision, other double precision, other_low double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.difference_low(figure double precision, low double precision, other double precision, other_high double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((figure - other) - sqrt((((figure - low) * (figure - low)) + ((other_high - other) * (other_high - other)))));

ALTER FUNCTION lees.difference_low(figure double precision, low double precision, other double precision, other_high double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.findable(a double precision, n_a double precision, b double precision, n_b double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
declare
    x constant double precision := (a * a / (n_a - 1) + b * b / (n_b - 1)) / ((a + b) * (a + b));
begin
    return sqrt(a + b) * (0.8416212 + x * (0.3594409 + x * (0.1476506 + x * 0.0167459))
        + 1.959963984540054 * exp(x * (1.2103657 + x * (0.7074986 + x * (0.1533112
        + x * (-0.2395088 + x * (-0.0575579 + x * (0.1419811 - x * 0.0469278))))))));
end
$$;

ALTER FUNCTION lees.findable(a double precision, n_a double precision, b double precision, n_b double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.squared_error(n double precision, total double precision, squares double precision, lowest double precision, highest double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((((n + (0.8)::double precision) * (squares + ((0.4)::double precision * ((lowest * lowest) + (highest * highest))))) - ((total + ((0.4)::double precision * (lowest + highest))) * (total + ((0.4)::double precision * (lowest + highest))))) / (((n + (0.8)::double precision) * (n + (0.8)::double precision)) * (n - (0.2)::double precision)));

ALTER FUNCTION lees.squared_error(n double precision, total double precision, squares double precision, lowest double precision, highest double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.t_975(df double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((1.959963984540054)::double precision * exp((((1)::double precision / df) * ((1.2103657)::double precision + (((1)::double precision / df) * ((0.7074986)::double precision + (((1)::double precision / df) * ((0.1533112)::double precision + (((1)::double precision / df) * (('-0.2395088'::numeric)::double precision + (((1)::double precision / df) * (('-0.0575579'::numeric)::double precision + (((1)::double precision / df) * ((0.1419811)::double precision - (((1)::double precision / df) * (0.0469278)::double precision)))))))))))))));

ALTER FUNCTION lees.t_975(df double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.mean_high(n double precision, total double precision, squares double precision, lowest double precision, highest double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (n > (1)::double precision) THEN LEAST(highest, GREATEST((total / n), (((total + ((0.4)::double precision * (lowest + highest))) / (n + (0.8)::double precision)) + (lees.t_975((n - (1)::double precision)) * sqrt(lees.squared_error(n, total, squares, lowest, highest)))))) ELSE NULL::double precision END;

ALTER FUNCTION lees.mean_high(n double precision, total double precision, squares double precision, lowest double precision, highest double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.mean_low(n double precision, total double precision, squares double precision, lowest double precision, highest double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (n > (1)::double precision) THEN GREATEST(lowest, LEAST((total / n), (((total + ((0.4)::double precision * (lowest + highest))) / (n + (0.8)::double precision)) - (lees.t_975((n - (1)::double precision)) * sqrt(lees.squared_error(n, total, squares, lowest, highest)))))) ELSE NULL::double precision END;

ALTER FUNCTION lees.mean_low(n double precision, total double precision, squares double precision, lowest double precision, highest double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.squares(given bigint[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((((((((((given)[1] + (4 * (given)[2])) + (9 * (given)[3])) + (16 * (given)[4])) + (25 * (given)[5])) + (36 * (given)[6])) + (49 * (given)[7])) + (64 * (given)[8])) + (81 * (given)[9])) + (100 * (given)[10]));

ALTER FUNCTION lees.squares(given bigint[]) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.t_margin(variance double precision, n double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (lees.t_975((n - (1)::double precision)) * sqrt((variance / n)));

ALTER FUNCTION lees.t_margin(variance double precision, n double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.welch_df(a double precision, n_a double precision, b double precision, n_b double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (((a + b) ^ (2)::double precision) / NULLIF((((a ^ (2)::double precision) / (n_a - (1)::double precision)) + ((b ^ (2)::double precision) / (n_b - (1)::double precision))), (0)::double precision));

ALTER FUNCTION lees.welch_df(a double precision, n_a double precision, b double precision, n_b double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.welch_differs(mean_a double precision, variance_a double precision, n_a double precision, mean_b double precision, variance_b double precision, n_b double precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (abs((mean_a - mean_b)) > COALESCE((lees.t_975(lees.welch_df((variance_a / n_a), n_a, (variance_b / n_b), n_b)) * sqrt(((variance_a / n_a) + (variance_b / n_b)))), (0)::double precision));

ALTER FUNCTION lees.welch_differs(mean_a double precision, variance_a double precision, n_a double precision, mean_b double precision, variance_b double precision, n_b double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.welch_margin(a double precision, n_a double precision, b double precision, n_b double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
declare
    -- The quantile is that of lees.t_975.
    x constant double precision := (a * a / (n_a - 1) + b * b / (n_b - 1)) / ((a + b) * (a + b));
begin
    return sqrt(a + b) * 1.959963984540054 * exp(x * (1.2103657 + x * (0.7074986 + x * (0.1533112
        + x * (-0.2395088 + x * (-0.0575579 + x * (0.1419811 - x * 0.0469278)))))));
end
$$;

ALTER FUNCTION lees.welch_margin(a double precision, n_a double precision, b double precision, n_b double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.welch_p(difference double precision, a double precision, n_a double precision, b double precision, n_b double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
declare
    df constant double precision := (a + b) * (a + b) / (a * a / (n_a - 1) + b * b / (n_b - 1));
    h constant double precision := df - 0.5;
    y constant double precision := h * ln(1 + difference * difference / (a + b) / df);
    z constant double precision := sqrt(y) * (1 + (y + 3 + (((-0.4 * y - 3.3) * y - 24) * y - 85.5)
        / (0.8 * y * y + 100 + 48 * h * h)) / (48 * h * h));
    k constant double precision := 1 / (1 + 0.2316419 * z);
begin
    -- Past 37 nothing is left that a double could hold.
    return case when z > 37 then 0 else least(1, 0.79788456080286536 * exp(-0.5 * z * z) * k * (0.319381530
        + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))) end;
end
$$;

ALTER FUNCTION lees.welch_p(difference double precision, a double precision, n_a double precision, b double precision, n_b double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.wilson_high(hits double precision, n double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (n > (0)::double precision) THEN LEAST((1)::double precision, (((hits + (1.9207294103470)::double precision) + ((1.959963984540054)::double precision * sqrt((((hits * (n - hits)) / n) + (0.9603647051735)::double precision)))) / (n + (3.8414588206941)::double precision))) ELSE NULL::double precision END;

ALTER FUNCTION lees.wilson_high(hits double precision, n double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION lees.wilson_low(hits double precision, n double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (n > (0)::double precision) THEN GREATEST((0)::double precision, (((hits + (1.9207294103470)::double precision) - ((1.959963984540054)::double precision * sqrt((((hits * (n - hits)) / n) + (0.9603647051735)::double precision)))) / (n + (3.8414588206941)::double precision))) ELSE NULL::double precision END;

ALTER FUNCTION lees.wilson_low(hits double precision, n double precision) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.added(a bigint[], b bigint[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY[((a)[1] + (b)[1]), ((a)[2] + (b)[2]), ((a)[3] + (b)[3]), ((a)[4] + (b)[4]), ((a)[5] + (b)[5]), ((a)[6] + (b)[6]), ((a)[7] + (b)[7]), ((a)[8] + (b)[8]), ((a)[9] + (b)[9]), ((a)[10] + (b)[10])];

ALTER FUNCTION meetpunt.added(a bigint[], b bigint[]) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.cover(pauses double precision[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION meetpunt.cover(pauses double precision[]) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.forget_audit(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    until timestamptz := date_trunc('month', now() - make_interval(days => days), 'UTC');
    gone bigint;
begin
    if days is null or days < 365 then
        raise check_violation using message = 'the audit trail is kept for a year at least';
    end if;
    delete from meetpunt.audit where at < until;
    get diagnostics gone = row_count;
    if gone > 0 then
        insert into meetpunt.audit (actor, role, action, object, outcome)
        values ('meetpunt', session_user, 'forget-audit',
            format('%s lines of before %s', gone, (until at time zone 'UTC')::date), 'done');
    end if;
    return gone;
end
$$;

ALTER FUNCTION meetpunt.forget_audit(days integer) OWNER TO meetpunt_audit;

CREATE FUNCTION meetpunt.half_day(at timestamp with time zone, OUT day date, OUT half text, OUT shown_from timestamp with time zone) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    select closed::date + (closed::time >= '17:30')::integer,
        case when closed::time >= '12:30' and closed::time < '17:30' then 'middag' else 'ochtend' end,
        (case when closed::time < '12:30' then closed::date + time '12:30'
            when closed::time < '17:30' then closed::date + time '17:30'
            else closed::date + 1 + time '12:30' end) at time zone 'Europe/Amsterdam'
    from (select at at time zone 'Europe/Amsterdam' + interval '5 minutes') as moment (closed)
$$;

ALTER FUNCTION meetpunt.half_day(at timestamp with time zone, OUT day date, OUT half text, OUT shown_from timestamp with time zone) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.half_day_now(at_once boolean, OUT day date, OUT half text, OUT shown_from timestamp with time zone) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    select case when at_once then today else closed.day end,
        case when at_once and closed.day > today then 'middag' else closed.half end,
        case when at_once then now() else closed.shown_from end
    from meetpunt.half_day(now()) as closed
    cross join (select (now() at time zone 'Europe/Amsterdam')::date) as clock (today)
$$;

ALTER FUNCTION meetpunt.half_day_now(at_once boolean, OUT day date, OUT half text, OUT shown_from timestamp with time zone) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.note_deed(actor text, action text, object text, outcome text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    insert into meetpunt.audit (actor, role, action, object, outcome) values ($1, session_user, $2, $3, $4)
$_$;

ALTER FUNCTION meetpunt.note_deed(actor text, action text, object text, outcome text) OWNER TO meetpunt_audit;

CREATE FUNCTION meetpunt.texts_in(texts json) RETURNS TABLE(item text, text text, masked text[], themes text[], theme_version text)
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT t.item,
     t.text,
     t.masked,
     COALESCE(t.themes, '{}'::text[]) AS "coalesce",
     COALESCE(t.theme_version, ''::text) AS "coalesce"
    FROM json_to_recordset(texts_in.texts) t(item text, text text, masked text[], themes text[], theme_version text);
END;

ALTER FUNCTION meetpunt.texts_in(texts json) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.weeks_of_receipts(many integer DEFAULT 5) RETURNS SETOF date
    LANGUAGE sql STABLE ROWS 2
    AS $$
    select date_trunc('week', now() at time zone 'UTC')::date - 7 * ago
    from generate_series(0, many - 1) as weeks (ago)
$$;

ALTER FUNCTION meetpunt.weeks_of_receipts(many integer) OWNER TO meetpunt_owner;

CREATE FUNCTION meetpunt.weeks_to_receive(at timestamp with time zone DEFAULT now()) RETURNS SETOF date
    LANGUAGE sql STABLE ROWS 1
    AS $$
    select date_trunc('week', at at time zone 'UTC')::date
    union
    select date_trunc('week', (at - interval '10 minutes') at time zone 'UTC')::date
$$;

ALTER FUNCTION meetpunt.weeks_to_receive(at timestamp with time zone) OWNER TO meetpunt_owner;

SET default_tablespace = '';

CREATE TABLE lees.basisjaar (
    municipality text NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    year smallint NOT NULL,
    n bigint NOT NULL,
    mean numeric,
    share_lt_6 numeric,
    share_le_6 numeric,
    source text NOT NULL,
    imported_on date NOT NULL,
    CONSTRAINT basisjaar_check CHECK (((share_le_6 >= share_lt_6) AND (share_le_6 <= (1)::numeric))),
    CONSTRAINT basisjaar_check1 CHECK ((num_nonnulls(mean, share_lt_6, share_le_6) > 0)),
    CONSTRAINT basisjaar_mean_check CHECK (((mean >= (1)::numeric) AND (mean <= (10)::numeric))),
    CONSTRAINT basisjaar_n_check CHECK ((n >= 10)),
    CONSTRAINT basisjaar_share_lt_6_check CHECK (((share_lt_6 >= (0)::numeric) AND (share_lt_6 <= (1)::numeric))),
    CONSTRAINT basisjaar_year_check CHECK (((year >= 2000) AND (year <= 2100)))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.basisjaar FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.basisjaar OWNER TO meetpunt_owner;

SET default_table_access_method = heap;

CREATE TABLE lees_molensloot.basisjaar (
    municipality text NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    year smallint NOT NULL,
    n bigint NOT NULL,
    mean numeric,
    share_lt_6 numeric,
    share_le_6 numeric,
    source text NOT NULL,
    imported_on date NOT NULL,
    CONSTRAINT basisjaar_check CHECK (((share_le_6 >= share_lt_6) AND (share_le_6 <= (1)::numeric))),
    CONSTRAINT basisjaar_check1 CHECK ((num_nonnulls(mean, share_lt_6, share_le_6) > 0)),
    CONSTRAINT basisjaar_mean_check CHECK (((mean >= (1)::numeric) AND (mean <= (10)::numeric))),
    CONSTRAINT basisjaar_n_check CHECK ((n >= 10)),
    CONSTRAINT basisjaar_share_lt_6_check CHECK (((share_lt_6 >= (0)::numeric) AND (share_lt_6 <= (1)::numeric))),
    CONSTRAINT basisjaar_year_check CHECK (((year >= 2000) AND (year <= 2100)))
);

ALTER TABLE ONLY lees_molensloot.basisjaar FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.basisjaar OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.basiscijfers AS
 SELECT told.municipality AS gemeente_code,
    told.channel AS kanaal,
    told.indicator,
    told.year AS jaar,
    told.n,
    (told.mean)::double precision AS gemiddelde,
    (told.share_lt_6)::double precision AS aandeel_lt_6,
    lees.wilson_low(((told.share_lt_6 * (told.n)::numeric))::double precision, (shown.n_lt_6)::double precision) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(((told.share_lt_6 * (told.n)::numeric))::double precision, (shown.n_lt_6)::double precision) AS aandeel_lt_6_bovengrens,
    (told.share_le_6)::double precision AS aandeel_le_6,
    lees.wilson_low(((told.share_le_6 * (told.n)::numeric))::double precision, (shown.n_le_6)::double precision) AS aandeel_le_6_ondergrens,
    lees.wilson_high(((told.share_le_6 * (told.n)::numeric))::double precision, (shown.n_le_6)::double precision) AS aandeel_le_6_bovengrens,
    told.source AS bron,
    told.imported_on AS ingelezen_op,
    false AS kleine_groep
   FROM (lees_molensloot.basisjaar told
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (told.share_lt_6 IS NOT NULL) THEN told.n
                    ELSE NULL::bigint
                END AS n_lt_6,
                CASE
                    WHEN (told.share_le_6 IS NOT NULL) THEN told.n
                    ELSE NULL::bigint
                END AS n_le_6) shown);

ALTER VIEW bi_molensloot.basiscijfers OWNER TO meetpunt_views;

CREATE TABLE lees.dim_gemeente (
    municipality text NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    region text NOT NULL,
    fictional boolean NOT NULL
);

ALTER TABLE lees.dim_gemeente OWNER TO meetpunt_owner;

CREATE TABLE lees.gepubliceerd (
    region text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    municipality text NOT NULL,
    revision smallint NOT NULL,
    latest boolean NOT NULL,
    published_on date NOT NULL,
    small_group boolean NOT NULL,
    n bigint,
    total bigint,
    le_6 bigint,
    lt_6 bigint,
    ge_8 bigint,
    given bigint[],
    CONSTRAINT gepubliceerd_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
)
PARTITION BY LIST (region);

ALTER TABLE ONLY lees.gepubliceerd FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.gepubliceerd OWNER TO meetpunt_owner;

CREATE TABLE lees.gepubliceerd_regio (
    region text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    municipalities integer NOT NULL,
    hidden integer NOT NULL,
    pooled numeric,
    unweighted numeric,
    CONSTRAINT gepubliceerd_regio_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
)
PARTITION BY LIST (region);

ALTER TABLE ONLY lees.gepubliceerd_regio FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.gepubliceerd_regio OWNER TO meetpunt_owner;

CREATE TABLE lees.vergelijking (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    revision smallint NOT NULL,
    published_on date NOT NULL,
    CONSTRAINT vergelijking_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.vergelijking FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.vergelijking OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.vergelijking (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    revision smallint NOT NULL,
    published_on date NOT NULL,
    CONSTRAINT vergelijking_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
);

ALTER TABLE ONLY lees_molensloot.vergelijking FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.vergelijking OWNER TO meetpunt_owner;

CREATE TABLE lees_regio_2940b8b2b3.gepubliceerd (
    region text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    municipality text NOT NULL,
    revision smallint NOT NULL,
    latest boolean NOT NULL,
    published_on date NOT NULL,
    small_group boolean NOT NULL,
    n bigint,
    total bigint,
    le_6 bigint,
    lt_6 bigint,
    ge_8 bigint,
    given bigint[],
    CONSTRAINT gepubliceerd_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
);

ALTER TABLE ONLY lees_regio_2940b8b2b3.gepubliceerd FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_regio_2940b8b2b3.gepubliceerd OWNER TO meetpunt_owner;

CREATE TABLE lees_regio_2940b8b2b3.gepubliceerd_regio (
    region text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    municipalities integer NOT NULL,
    hidden integer NOT NULL,
    pooled numeric,
    unweighted numeric,
    CONSTRAINT gepubliceerd_regio_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
);

ALTER TABLE ONLY lees_regio_2940b8b2b3.gepubliceerd_regio FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_regio_2940b8b2b3.gepubliceerd_regio OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.benchmark_regio AS
 WITH cells AS (
         SELECT told.region,
            told.period,
            told.channel,
            told.core,
            told.indicator,
            told.kind,
            told.municipality,
            false AS own,
            told.n,
            told.total,
            told.le_6,
            told.lt_6,
            told.ge_8,
            told.given,
            (told.n IS NULL) AS hidden,
            told.small_group,
            told.revision,
            told.published_on
           FROM lees_regio_2940b8b2b3.gepubliceerd told
          WHERE ((told.grain = 'month'::text) AND told.latest AND (told.municipality <> ALL (ARRAY['GM9001'::text])))
        UNION ALL
         SELECT municipality_1.region,
            own.period,
            own.channel,
            own.core,
            own.indicator,
            own.kind,
            own.municipality,
            true,
            counted.n,
            counted.total,
            counted.le_6,
            counted.lt_6,
            counted.ge_8,
            own.given,
            (counted.n < 10),
            own.small_group,
            own.revision,
            own.published_on
           FROM ((lees_molensloot.vergelijking own
             JOIN lees.dim_gemeente municipality_1 ON ((municipality_1.municipality = own.municipality)))
             CROSS JOIN LATERAL ( SELECT (((((((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) + own.given[6]) + own.given[7]) + own.given[8]) + own.given[9]) + own.given[10]) AS n,
                    (((((((((own.given[1] + (2 * own.given[2])) + (3 * own.given[3])) + (4 * own.given[4])) + (5 * own.given[5])) + (6 * own.given[6])) + (7 * own.given[7])) + (8 * own.given[8])) + (9 * own.given[9])) + (10 * own.given[10])) AS total,
                    (((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) + own.given[6]) AS le_6,
                    ((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) AS lt_6,
                    ((own.given[8] + own.given[9]) + own.given[10]) AS ge_8) counted)
          WHERE (own.grain = 'month'::text)
        ), figures AS (
         SELECT cells.region,
            cells.period,
            cells.channel,
            cells.core,
            cells.indicator,
            cells.kind,
            cells.municipality,
            cells.own,
            cells.n,
            cells.total,
            cells.le_6,
            cells.lt_6,
            cells.ge_8,
            cells.given,
            cells.hidden,
            cells.small_group,
            cells.revision,
            cells.published_on,
            kinds.top AS scale,
            kinds.has_mean,
            kinds.school_mark,
                CASE
                    WHEN (NOT cells.hidden) THEN ((cells.total)::double precision / (cells.n)::double precision)
                    ELSE NULL::double precision
                END AS mean,
            region.municipalities,
                CASE
                    WHEN ((region.hidden = 0) OR (cardinality(ARRAY['GM9001'::text]) = 1)) THEN region.pooled
                    ELSE NULL::numeric
                END AS pooled,
            region.unweighted
           FROM ((cells
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = cells.kind)))
             JOIN lees_regio_2940b8b2b3.gepubliceerd_regio region ON (((region.grain = 'month'::text) AND (region.region = cells.region) AND (region.period = cells.period) AND (region.channel = cells.channel) AND (region.core = cells.core) AND (region.indicator = cells.indicator) AND (region.kind = cells.kind))))
        ), summed AS (
         SELECT figures_1.region,
            figures_1.period,
            figures_1.channel,
            figures_1.core,
            figures_1.indicator,
            figures_1.kind,
            figures_1.municipality,
            figures_1.own,
            figures_1.n,
            figures_1.total,
            figures_1.le_6,
            figures_1.lt_6,
            figures_1.ge_8,
            figures_1.given,
            figures_1.hidden,
            figures_1.small_group,
            figures_1.revision,
            figures_1.published_on,
            figures_1.scale,
            figures_1.has_mean,
            figures_1.school_mark,
            figures_1.mean,
            figures_1.municipalities,
            figures_1.pooled,
            figures_1.unweighted,
            count(*) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_others,
            sum(figures_1.n) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_n,
            sum(figures_1.total) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_total,
            sum((((figures_1.total)::double precision * (figures_1.total)::double precision) / (figures_1.n)::double precision)) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS about_means,
            sum(figures_1.n) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden) AND (figures_1.given IS NOT NULL))) OVER others AS told_n,
            sum((lees.squares(figures_1.given) - (((figures_1.total)::double precision * (figures_1.total)::double precision) / (figures_1.n)::double precision))) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden) AND (figures_1.given IS NOT NULL))) OVER others AS told_spread
           FROM figures figures_1
          WINDOW others AS (PARTITION BY figures_1.region, figures_1.period, figures_1.channel, figures_1.core, figures_1.indicator, figures_1.kind)
        ), beside AS (
         SELECT summed.region,
            summed.period,
            summed.channel,
            summed.core,
            summed.indicator,
            summed.kind,
            summed.municipality,
            summed.own,
            summed.n,
            summed.total,
            summed.le_6,
            summed.lt_6,
            summed.ge_8,
            summed.given,
            summed.hidden,
            summed.small_group,
            summed.revision,
            summed.published_on,
            summed.scale,
            summed.has_mean,
            summed.school_mark,
            summed.mean,
            summed.municipalities,
            summed.pooled,
            summed.unweighted,
            summed.all_others,
            summed.all_n,
            summed.all_total,
            summed.about_means,
            summed.told_n,
            summed.told_spread,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN NULLIF(summed.all_others, 0)
                    ELSE NULL::bigint
                END AS other_municipalities,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.all_n)::double precision
                    ELSE NULL::double precision
                END AS others_n,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.all_total)::double precision
                    ELSE NULL::double precision
                END AS others_total,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.about_means + ((summed.all_n)::double precision *
                    CASE
                        WHEN (summed.told_n > (0)::numeric) THEN (summed.told_spread / (summed.told_n)::double precision)
                        ELSE ((lees.squares(summed.given) - (((summed.total)::double precision * (summed.total)::double precision) / (summed.n)::double precision)) / (summed.n)::double precision)
                    END))
                    ELSE NULL::double precision
                END AS others_squares,
            lees.squared_error((summed.n)::double precision, (summed.total)::double precision, lees.squares(summed.given), (1)::double precision, (summed.scale)::double precision) AS error
           FROM summed
        ), spread AS (
         SELECT beside.region,
            beside.period,
            beside.channel,
            beside.core,
            beside.indicator,
            beside.kind,
            beside.municipality,
            beside.own,
            beside.n,
            beside.total,
            beside.le_6,
            beside.lt_6,
            beside.ge_8,
            beside.given,
            beside.hidden,
            beside.small_group,
            beside.revision,
            beside.published_on,
            beside.scale,
            beside.has_mean,
            beside.school_mark,
            beside.mean,
            beside.municipalities,
            beside.pooled,
            beside.unweighted,
            beside.all_others,
            beside.all_n,
            beside.all_total,
            beside.about_means,
            beside.told_n,
            beside.told_spread,
            beside.other_municipalities,
            beside.others_n,
            beside.others_total,
            beside.others_squares,
            beside.error,
            ((100)::double precision / ((beside.scale - 1))::double precision) AS whole,
            (beside.others_total / beside.others_n) AS others_mean,
            lees.squared_error(beside.others_n, beside.others_total, beside.others_squares, (1)::double precision, (beside.scale)::double precision) AS others_error
           FROM beside
        ), tested AS (
         SELECT spread.region,
            spread.period,
            spread.channel,
            spread.core,
            spread.indicator,
            spread.kind,
            spread.municipality,
            spread.own,
            spread.n,
            spread.total,
            spread.le_6,
            spread.lt_6,
            spread.ge_8,
            spread.given,
            spread.hidden,
            spread.small_group,
            spread.revision,
            spread.published_on,
            spread.scale,
            spread.has_mean,
            spread.school_mark,
            spread.mean,
            spread.municipalities,
            spread.pooled,
            spread.unweighted,
            spread.all_others,
            spread.all_n,
            spread.all_total,
            spread.about_means,
            spread.told_n,
            spread.told_spread,
            spread.other_municipalities,
            spread.others_n,
            spread.others_total,
            spread.others_squares,
            spread.error,
            spread.whole,
            spread.others_mean,
            spread.others_error,
            (spread.mean - spread.others_mean) AS difference,
            lees.welch_p((spread.mean - spread.others_mean), spread.error, (spread.n)::double precision, spread.others_error, spread.others_n) AS p,
            lees.welch_margin(spread.error, (spread.n)::double precision, spread.others_error, spread.others_n) AS margin
           FROM spread
        ), ranked AS (
         SELECT tested.region,
            tested.period,
            tested.channel,
            tested.core,
            tested.indicator,
            tested.kind,
            tested.municipality,
            tested.own,
            tested.n,
            tested.total,
            tested.le_6,
            tested.lt_6,
            tested.ge_8,
            tested.given,
            tested.hidden,
            tested.small_group,
            tested.revision,
            tested.published_on,
            tested.scale,
            tested.has_mean,
            tested.school_mark,
            tested.mean,
            tested.municipalities,
            tested.pooled,
            tested.unweighted,
            tested.all_others,
            tested.all_n,
            tested.all_total,
            tested.about_means,
            tested.told_n,
            tested.told_spread,
            tested.other_municipalities,
            tested.others_n,
            tested.others_total,
            tested.others_squares,
            tested.error,
            tested.whole,
            tested.others_mean,
            tested.others_error,
            tested.difference,
            tested.p,
            tested.margin,
            (tested.p * (((1 + count(tested.p) OVER (PARTITION BY tested.municipality, tested.period)) - row_number() OVER (PARTITION BY tested.municipality, tested.period ORDER BY tested.p)))::double precision) AS step
           FROM tested
        ), corrected AS (
         SELECT ranked.region,
            ranked.period,
            ranked.channel,
            ranked.core,
            ranked.indicator,
            ranked.kind,
            ranked.municipality,
            ranked.own,
            ranked.n,
            ranked.total,
            ranked.le_6,
            ranked.lt_6,
            ranked.ge_8,
            ranked.given,
            ranked.hidden,
            ranked.small_group,
            ranked.revision,
            ranked.published_on,
            ranked.scale,
            ranked.has_mean,
            ranked.school_mark,
            ranked.mean,
            ranked.municipalities,
            ranked.pooled,
            ranked.unweighted,
            ranked.all_others,
            ranked.all_n,
            ranked.all_total,
            ranked.about_means,
            ranked.told_n,
            ranked.told_spread,
            ranked.other_municipalities,
            ranked.others_n,
            ranked.others_total,
            ranked.others_squares,
            ranked.error,
            ranked.whole,
            ranked.others_mean,
            ranked.others_error,
            ranked.difference,
            ranked.p,
            ranked.margin,
            ranked.step,
                CASE
                    WHEN (ranked.p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.p))
                    ELSE NULL::double precision
                END AS holm
           FROM ranked
        )
 SELECT figures.region AS regio,
    figures.period AS maand,
    figures.channel AS kanaal,
    figures.core AS vragenlijst_kern,
    figures.indicator,
    figures.kind AS soort,
    figures.municipality AS gemeente_code,
    municipality.name AS gemeente,
    figures.own AS eigen,
    figures.n,
        CASE
            WHEN figures.has_mean THEN figures.mean
            ELSE NULL::double precision
        END AS gemiddelde,
    (((figures.mean - (1)::double precision) * (100)::double precision) / ((figures.scale - 1))::double precision) AS gemiddelde_100,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.lt_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_lt_55,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.lt_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_lt_6,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.le_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_le_6,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.ge_8)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_ge_8,
        CASE
            WHEN (NOT figures.hidden) THEN figures.given[1:figures.scale]
            ELSE NULL::bigint[]
        END AS verdeling,
    ((NOT figures.hidden) AND (figures.n < 30)) AS indicatief,
    figures.hidden AS verborgen,
        CASE
            WHEN (figures.hidden AND figures.own) THEN 'minder dan 10 eigen reacties'::text
            WHEN figures.hidden THEN 'minder dan 10 reacties, of nodig om een kleiner aantal te verbergen'::text
            ELSE NULL::text
        END AS waarom_verborgen,
        CASE
            WHEN figures.has_mean THEN (figures.pooled)::double precision
            ELSE NULL::double precision
        END AS regio_gemiddelde_gepoold,
        CASE
            WHEN figures.has_mean THEN (figures.unweighted)::double precision
            ELSE NULL::double precision
        END AS regio_gemiddelde_ongewogen,
    ((((figures.pooled - (1)::numeric) * (100)::numeric) / ((figures.scale - 1))::numeric))::double precision AS regio_gemiddelde_100_gepoold,
    ((((figures.unweighted - (1)::numeric) * (100)::numeric) / ((figures.scale - 1))::numeric))::double precision AS regio_gemiddelde_100_ongewogen,
    figures.municipalities AS aantal_gemeenten,
    figures.other_municipalities AS anderen_gemeenten,
    (figures.others_n)::bigint AS anderen_n,
        CASE
            WHEN figures.has_mean THEN figures.others_mean
            ELSE NULL::double precision
        END AS anderen_gemiddelde,
    ((figures.others_mean - (1)::double precision) * figures.whole) AS anderen_gemiddelde_100,
    ((lees.mean_low(figures.others_n, figures.others_total, figures.others_squares, (1)::double precision, (figures.scale)::double precision) - (1)::double precision) * figures.whole) AS anderen_ondergrens_95,
    ((lees.mean_high(figures.others_n, figures.others_total, figures.others_squares, (1)::double precision, (figures.scale)::double precision) - (1)::double precision) * figures.whole) AS anderen_bovengrens_95,
    (figures.difference * figures.whole) AS verschil_anderen,
        CASE
            WHEN (figures.p IS NOT NULL) THEN GREATEST(('-100'::integer)::double precision, ((figures.difference - figures.margin) * figures.whole))
            ELSE NULL::double precision
        END AS verschil_anderen_ondergrens_95,
        CASE
            WHEN (figures.p IS NOT NULL) THEN LEAST((100)::double precision, ((figures.difference + figures.margin) * figures.whole))
            ELSE NULL::double precision
        END AS verschil_anderen_bovengrens_95,
    (figures.p < (0.05)::double precision) AS verschil_anderen_significant,
    figures.p AS verschil_anderen_p,
    figures.holm AS verschil_anderen_p_holm,
    (lees.findable(figures.error, (figures.n)::double precision, figures.others_error, figures.others_n) * figures.whole) AS verschil_anderen_aantoonbaar,
    figures.small_group AS kleine_groep,
    figures.revision AS herziening,
    figures.published_on AS peilmoment
   FROM (corrected figures
     JOIN lees.dim_gemeente municipality ON ((municipality.municipality = figures.municipality)));

ALTER VIEW bi_molensloot.benchmark_regio OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.benchmark_regio_jaar AS
 WITH cells AS (
         SELECT told.region,
            told.period,
            told.channel,
            told.core,
            told.indicator,
            told.kind,
            told.municipality,
            false AS own,
            told.n,
            told.total,
            told.le_6,
            told.lt_6,
            told.ge_8,
            told.given,
            (told.n IS NULL) AS hidden,
            told.small_group,
            told.revision,
            told.published_on
           FROM lees_regio_2940b8b2b3.gepubliceerd told
          WHERE ((told.grain = 'year'::text) AND told.latest AND (told.municipality <> ALL (ARRAY['GM9001'::text])))
        UNION ALL
         SELECT municipality_1.region,
            own.period,
            own.channel,
            own.core,
            own.indicator,
            own.kind,
            own.municipality,
            true,
            counted.n,
            counted.total,
            counted.le_6,
            counted.lt_6,
            counted.ge_8,
            own.given,
            (counted.n < 10),
            own.small_group,
            own.revision,
            own.published_on
           FROM ((lees_molensloot.vergelijking own
             JOIN lees.dim_gemeente municipality_1 ON ((municipality_1.municipality = own.municipality)))
             CROSS JOIN LATERAL ( SELECT (((((((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) + own.given[6]) + own.given[7]) + own.given[8]) + own.given[9]) + own.given[10]) AS n,
                    (((((((((own.given[1] + (2 * own.given[2])) + (3 * own.given[3])) + (4 * own.given[4])) + (5 * own.given[5])) + (6 * own.given[6])) + (7 * own.given[7])) + (8 * own.given[8])) + (9 * own.given[9])) + (10 * own.given[10])) AS total,
                    (((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) + own.given[6]) AS le_6,
                    ((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) AS lt_6,
                    ((own.given[8] + own.given[9]) + own.given[10]) AS ge_8) counted)
          WHERE (own.grain = 'year'::text)
        ), figures AS (
         SELECT cells.region,
            cells.period,
            cells.channel,
            cells.core,
            cells.indicator,
            cells.kind,
            cells.municipality,
            cells.own,
            cells.n,
            cells.total,
            cells.le_6,
            cells.lt_6,
            cells.ge_8,
            cells.given,
            cells.hidden,
            cells.small_group,
            cells.revision,
            cells.published_on,
            kinds.top AS scale,
            kinds.has_mean,
            kinds.school_mark,
                CASE
                    WHEN (NOT cells.hidden) THEN ((cells.total)::double precision / (cells.n)::double precision)
                    ELSE NULL::double precision
                END AS mean,
            region.municipalities,
                CASE
                    WHEN ((region.hidden = 0) OR (cardinality(ARRAY['GM9001'::text]) = 1)) THEN region.pooled
                    ELSE NULL::numeric
                END AS pooled,
            region.unweighted
           FROM ((cells
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = cells.kind)))
             JOIN lees_regio_2940b8b2b3.gepubliceerd_regio region ON (((region.grain = 'year'::text) AND (region.region = cells.region) AND (region.period = cells.period) AND (region.channel = cells.channel) AND (region.core = cells.core) AND (region.indicator = cells.indicator) AND (region.kind = cells.kind))))
        ), summed AS (
         SELECT figures_1.region,
            figures_1.period,
            figures_1.channel,
            figures_1.core,
            figures_1.indicator,
            figures_1.kind,
            figures_1.municipality,
            figures_1.own,
            figures_1.n,
            figures_1.total,
            figures_1.le_6,
            figures_1.lt_6,
            figures_1.ge_8,
            figures_1.given,
            figures_1.hidden,
            figures_1.small_group,
            figures_1.revision,
            figures_1.published_on,
            figures_1.scale,
            figures_1.has_mean,
            figures_1.school_mark,
            figures_1.mean,
            figures_1.municipalities,
            figures_1.pooled,
            figures_1.unweighted,
            count(*) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_others,
            sum(figures_1.n) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_n,
            sum(figures_1.total) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_total,
            sum((((figures_1.total)::double precision * (figures_1.total)::double precision) / (figures_1.n)::double precision)) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS about_means,
            sum(figures_1.n) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden) AND (figures_1.given IS NOT NULL))) OVER others AS told_n,
            sum((lees.squares(figures_1.given) - (((figures_1.total)::double precision * (figures_1.total)::double precision) / (figures_1.n)::double precision))) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden) AND (figures_1.given IS NOT NULL))) OVER others AS told_spread
           FROM figures figures_1
          WINDOW others AS (PARTITION BY figures_1.region, figures_1.period, figures_1.channel, figures_1.core, figures_1.indicator, figures_1.kind)
        ), beside AS (
         SELECT summed.region,
            summed.period,
            summed.channel,
            summed.core,
            summed.indicator,
            summed.kind,
            summed.municipality,
            summed.own,
            summed.n,
            summed.total,
            summed.le_6,
            summed.lt_6,
            summed.ge_8,
            summed.given,
            summed.hidden,
            summed.small_group,
            summed.revision,
            summed.published_on,
            summed.scale,
            summed.has_mean,
            summed.school_mark,
            summed.mean,
            summed.municipalities,
            summed.pooled,
            summed.unweighted,
            summed.all_others,
            summed.all_n,
            summed.all_total,
            summed.about_means,
            summed.told_n,
            summed.told_spread,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN NULLIF(summed.all_others, 0)
                    ELSE NULL::bigint
                END AS other_municipalities,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.all_n)::double precision
                    ELSE NULL::double precision
                END AS others_n,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.all_total)::double precision
                    ELSE NULL::double precision
                END AS others_total,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.about_means + ((summed.all_n)::double precision *
                    CASE
                        WHEN (summed.told_n > (0)::numeric) THEN (summed.told_spread / (summed.told_n)::double precision)
                        ELSE ((lees.squares(summed.given) - (((summed.total)::double precision * (summed.total)::double precision) / (summed.n)::double precision)) / (summed.n)::double precision)
                    END))
                    ELSE NULL::double precision
                END AS others_squares,
            lees.squared_error((summed.n)::double precision, (summed.total)::double precision, lees.squares(summed.given), (1)::double precision, (summed.scale)::double precision) AS error
           FROM summed
        ), spread AS (
         SELECT beside.region,
            beside.period,
            beside.channel,
            beside.core,
            beside.indicator,
            beside.kind,
            beside.municipality,
            beside.own,
            beside.n,
            beside.total,
            beside.le_6,
            beside.lt_6,
            beside.ge_8,
            beside.given,
            beside.hidden,
            beside.small_group,
            beside.revision,
            beside.published_on,
            beside.scale,
            beside.has_mean,
            beside.school_mark,
            beside.mean,
            beside.municipalities,
            beside.pooled,
            beside.unweighted,
            beside.all_others,
            beside.all_n,
            beside.all_total,
            beside.about_means,
            beside.told_n,
            beside.told_spread,
            beside.other_municipalities,
            beside.others_n,
            beside.others_total,
            beside.others_squares,
            beside.error,
            ((100)::double precision / ((beside.scale - 1))::double precision) AS whole,
            (beside.others_total / beside.others_n) AS others_mean,
            lees.squared_error(beside.others_n, beside.others_total, beside.others_squares, (1)::double precision, (beside.scale)::double precision) AS others_error
           FROM beside
        ), tested AS (
         SELECT spread.region,
            spread.period,
            spread.channel,
            spread.core,
            spread.indicator,
            spread.kind,
            spread.municipality,
            spread.own,
            spread.n,
            spread.total,
            spread.le_6,
            spread.lt_6,
            spread.ge_8,
            spread.given,
            spread.hidden,
            spread.small_group,
            spread.revision,
            spread.published_on,
            spread.scale,
            spread.has_mean,
            spread.school_mark,
            spread.mean,
            spread.municipalities,
            spread.pooled,
            spread.unweighted,
            spread.all_others,
            spread.all_n,
            spread.all_total,
            spread.about_means,
            spread.told_n,
            spread.told_spread,
            spread.other_municipalities,
            spread.others_n,
            spread.others_total,
            spread.others_squares,
            spread.error,
            spread.whole,
            spread.others_mean,
            spread.others_error,
            (spread.mean - spread.others_mean) AS difference,
            lees.welch_p((spread.mean - spread.others_mean), spread.error, (spread.n)::double precision, spread.others_error, spread.others_n) AS p,
            lees.welch_margin(spread.error, (spread.n)::double precision, spread.others_error, spread.others_n) AS margin
           FROM spread
        ), ranked AS (
         SELECT tested.region,
            tested.period,
            tested.channel,
            tested.core,
            tested.indicator,
            tested.kind,
            tested.municipality,
            tested.own,
            tested.n,
            tested.total,
            tested.le_6,
            tested.lt_6,
            tested.ge_8,
            tested.given,
            tested.hidden,
            tested.small_group,
            tested.revision,
            tested.published_on,
            tested.scale,
            tested.has_mean,
            tested.school_mark,
            tested.mean,
            tested.municipalities,
            tested.pooled,
            tested.unweighted,
            tested.all_others,
            tested.all_n,
            tested.all_total,
            tested.about_means,
            tested.told_n,
            tested.told_spread,
            tested.other_municipalities,
            tested.others_n,
            tested.others_total,
            tested.others_squares,
            tested.error,
            tested.whole,
            tested.others_mean,
            tested.others_error,
            tested.difference,
            tested.p,
            tested.margin,
            (tested.p * (((1 + count(tested.p) OVER (PARTITION BY tested.municipality, tested.period)) - row_number() OVER (PARTITION BY tested.municipality, tested.period ORDER BY tested.p)))::double precision) AS step
           FROM tested
        ), corrected AS (
         SELECT ranked.region,
            ranked.period,
            ranked.channel,
            ranked.core,
            ranked.indicator,
            ranked.kind,
            ranked.municipality,
            ranked.own,
            ranked.n,
            ranked.total,
            ranked.le_6,
            ranked.lt_6,
            ranked.ge_8,
            ranked.given,
            ranked.hidden,
            ranked.small_group,
            ranked.revision,
            ranked.published_on,
            ranked.scale,
            ranked.has_mean,
            ranked.school_mark,
            ranked.mean,
            ranked.municipalities,
            ranked.pooled,
            ranked.unweighted,
            ranked.all_others,
            ranked.all_n,
            ranked.all_total,
            ranked.about_means,
            ranked.told_n,
            ranked.told_spread,
            ranked.other_municipalities,
            ranked.others_n,
            ranked.others_total,
            ranked.others_squares,
            ranked.error,
            ranked.whole,
            ranked.others_mean,
            ranked.others_error,
            ranked.difference,
            ranked.p,
            ranked.margin,
            ranked.step,
                CASE
                    WHEN (ranked.p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.p))
                    ELSE NULL::double precision
                END AS holm
           FROM ranked
        )
 SELECT figures.region AS regio,
    figures.period AS jaar,
    figures.channel AS kanaal,
    figures.core AS vragenlijst_kern,
    figures.indicator,
    figures.kind AS soort,
    figures.municipality AS gemeente_code,
    municipality.name AS gemeente,
    figures.own AS eigen,
    figures.n,
        CASE
            WHEN figures.has_mean THEN figures.mean
            ELSE NULL::double precision
        END AS gemiddelde,
    (((figures.mean - (1)::double precision) * (100)::double precision) / ((figures.scale - 1))::double precision) AS gemiddelde_100,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.lt_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_lt_55,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.lt_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_lt_6,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.le_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_le_6,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.ge_8)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_ge_8,
        CASE
            WHEN (NOT figures.hidden) THEN figures.given[1:figures.scale]
            ELSE NULL::bigint[]
        END AS verdeling,
    ((NOT figures.hidden) AND (figures.n < 30)) AS indicatief,
    figures.hidden AS verborgen,
        CASE
            WHEN (figures.hidden AND figures.own) THEN 'minder dan 10 eigen reacties'::text
            WHEN figures.hidden THEN 'minder dan 10 reacties, of nodig om een kleiner aantal te verbergen'::text
            ELSE NULL::text
        END AS waarom_verborgen,
        CASE
            WHEN figures.has_mean THEN (figures.pooled)::double precision
            ELSE NULL::double precision
        END AS regio_gemiddelde_gepoold,
        CASE
            WHEN figures.has_mean THEN (figures.unweighted)::double precision
            ELSE NULL::double precision
        END AS regio_gemiddelde_ongewogen,
    ((((figures.pooled - (1)::numeric) * (100)::numeric) / ((figures.scale - 1))::numeric))::double precision AS regio_gemiddelde_100_gepoold,
    ((((figures.unweighted - (1)::numeric) * (100)::numeric) / ((figures.scale - 1))::numeric))::double precision AS regio_gemiddelde_100_ongewogen,
    figures.municipalities AS aantal_gemeenten,
    figures.other_municipalities AS anderen_gemeenten,
    (figures.others_n)::bigint AS anderen_n,
        CASE
            WHEN figures.has_mean THEN figures.others_mean
            ELSE NULL::double precision
        END AS anderen_gemiddelde,
    ((figures.others_mean - (1)::double precision) * figures.whole) AS anderen_gemiddelde_100,
    ((lees.mean_low(figures.others_n, figures.others_total, figures.others_squares, (1)::double precision, (figures.scale)::double precision) - (1)::double precision) * figures.whole) AS anderen_ondergrens_95,
    ((lees.mean_high(figures.others_n, figures.others_total, figures.others_squares, (1)::double precision, (figures.scale)::double precision) - (1)::double precision) * figures.whole) AS anderen_bovengrens_95,
    (figures.difference * figures.whole) AS verschil_anderen,
        CASE
            WHEN (figures.p IS NOT NULL) THEN GREATEST(('-100'::integer)::double precision, ((figures.difference - figures.margin) * figures.whole))
            ELSE NULL::double precision
        END AS verschil_anderen_ondergrens_95,
        CASE
            WHEN (figures.p IS NOT NULL) THEN LEAST((100)::double precision, ((figures.difference + figures.margin) * figures.whole))
            ELSE NULL::double precision
        END AS verschil_anderen_bovengrens_95,
    (figures.p < (0.05)::double precision) AS verschil_anderen_significant,
    figures.p AS verschil_anderen_p,
    figures.holm AS verschil_anderen_p_holm,
    (lees.findable(figures.error, (figures.n)::double precision, figures.others_error, figures.others_n) * figures.whole) AS verschil_anderen_aantoonbaar,
    figures.small_group AS kleine_groep,
    figures.revision AS herziening,
    figures.published_on AS peilmoment
   FROM (corrected figures
     JOIN lees.dim_gemeente municipality ON ((municipality.municipality = figures.municipality)));

ALTER VIEW bi_molensloot.benchmark_regio_jaar OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.benchmark_regio_kwartaal AS
 WITH cells AS (
         SELECT told.region,
            told.period,
            told.channel,
            told.core,
            told.indicator,
            told.kind,
            told.municipality,
            false AS own,
            told.n,
            told.total,
            told.le_6,
            told.lt_6,
            told.ge_8,
            told.given,
            (told.n IS NULL) AS hidden,
            told.small_group,
            told.revision,
            told.published_on
           FROM lees_regio_2940b8b2b3.gepubliceerd told
          WHERE ((told.grain = 'quarter'::text) AND told.latest AND (told.municipality <> ALL (ARRAY['GM9001'::text])))
        UNION ALL
         SELECT municipality_1.region,
            own.period,
            own.channel,
            own.core,
            own.indicator,
            own.kind,
            own.municipality,
            true,
            counted.n,
            counted.total,
            counted.le_6,
            counted.lt_6,
            counted.ge_8,
            own.given,
            (counted.n < 10),
            own.small_group,
            own.revision,
            own.published_on
           FROM ((lees_molensloot.vergelijking own
             JOIN lees.dim_gemeente municipality_1 ON ((municipality_1.municipality = own.municipality)))
             CROSS JOIN LATERAL ( SELECT (((((((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) + own.given[6]) + own.given[7]) + own.given[8]) + own.given[9]) + own.given[10]) AS n,
                    (((((((((own.given[1] + (2 * own.given[2])) + (3 * own.given[3])) + (4 * own.given[4])) + (5 * own.given[5])) + (6 * own.given[6])) + (7 * own.given[7])) + (8 * own.given[8])) + (9 * own.given[9])) + (10 * own.given[10])) AS total,
                    (((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) + own.given[6]) AS le_6,
                    ((((own.given[1] + own.given[2]) + own.given[3]) + own.given[4]) + own.given[5]) AS lt_6,
                    ((own.given[8] + own.given[9]) + own.given[10]) AS ge_8) counted)
          WHERE (own.grain = 'quarter'::text)
        ), figures AS (
         SELECT cells.region,
            cells.period,
            cells.channel,
            cells.core,
            cells.indicator,
            cells.kind,
            cells.municipality,
            cells.own,
            cells.n,
            cells.total,
            cells.le_6,
            cells.lt_6,
            cells.ge_8,
            cells.given,
            cells.hidden,
            cells.small_group,
            cells.revision,
            cells.published_on,
            kinds.top AS scale,
            kinds.has_mean,
            kinds.school_mark,
                CASE
                    WHEN (NOT cells.hidden) THEN ((cells.total)::double precision / (cells.n)::double precision)
                    ELSE NULL::double precision
                END AS mean,
            region.municipalities,
                CASE
                    WHEN ((region.hidden = 0) OR (cardinality(ARRAY['GM9001'::text]) = 1)) THEN region.pooled
                    ELSE NULL::numeric
                END AS pooled,
            region.unweighted
           FROM ((cells
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = cells.kind)))
             JOIN lees_regio_2940b8b2b3.gepubliceerd_regio region ON (((region.grain = 'quarter'::text) AND (region.region = cells.region) AND (region.period = cells.period) AND (region.channel = cells.channel) AND (region.core = cells.core) AND (region.indicator = cells.indicator) AND (region.kind = cells.kind))))
        ), summed AS (
         SELECT figures_1.region,
            figures_1.period,
            figures_1.channel,
            figures_1.core,
            figures_1.indicator,
            figures_1.kind,
            figures_1.municipality,
            figures_1.own,
            figures_1.n,
            figures_1.total,
            figures_1.le_6,
            figures_1.lt_6,
            figures_1.ge_8,
            figures_1.given,
            figures_1.hidden,
            figures_1.small_group,
            figures_1.revision,
            figures_1.published_on,
            figures_1.scale,
            figures_1.has_mean,
            figures_1.school_mark,
            figures_1.mean,
            figures_1.municipalities,
            figures_1.pooled,
            figures_1.unweighted,
            count(*) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_others,
            sum(figures_1.n) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_n,
            sum(figures_1.total) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS all_total,
            sum((((figures_1.total)::double precision * (figures_1.total)::double precision) / (figures_1.n)::double precision)) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden))) OVER others AS about_means,
            sum(figures_1.n) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden) AND (figures_1.given IS NOT NULL))) OVER others AS told_n,
            sum((lees.squares(figures_1.given) - (((figures_1.total)::double precision * (figures_1.total)::double precision) / (figures_1.n)::double precision))) FILTER (WHERE ((NOT figures_1.own) AND (NOT figures_1.hidden) AND (figures_1.given IS NOT NULL))) OVER others AS told_spread
           FROM figures figures_1
          WINDOW others AS (PARTITION BY figures_1.region, figures_1.period, figures_1.channel, figures_1.core, figures_1.indicator, figures_1.kind)
        ), beside AS (
         SELECT summed.region,
            summed.period,
            summed.channel,
            summed.core,
            summed.indicator,
            summed.kind,
            summed.municipality,
            summed.own,
            summed.n,
            summed.total,
            summed.le_6,
            summed.lt_6,
            summed.ge_8,
            summed.given,
            summed.hidden,
            summed.small_group,
            summed.revision,
            summed.published_on,
            summed.scale,
            summed.has_mean,
            summed.school_mark,
            summed.mean,
            summed.municipalities,
            summed.pooled,
            summed.unweighted,
            summed.all_others,
            summed.all_n,
            summed.all_total,
            summed.about_means,
            summed.told_n,
            summed.told_spread,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN NULLIF(summed.all_others, 0)
                    ELSE NULL::bigint
                END AS other_municipalities,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.all_n)::double precision
                    ELSE NULL::double precision
                END AS others_n,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.all_total)::double precision
                    ELSE NULL::double precision
                END AS others_total,
                CASE
                    WHEN (summed.own AND (NOT summed.hidden)) THEN (summed.about_means + ((summed.all_n)::double precision *
                    CASE
                        WHEN (summed.told_n > (0)::numeric) THEN (summed.told_spread / (summed.told_n)::double precision)
                        ELSE ((lees.squares(summed.given) - (((summed.total)::double precision * (summed.total)::double precision) / (summed.n)::double precision)) / (summed.n)::double precision)
                    END))
                    ELSE NULL::double precision
                END AS others_squares,
            lees.squared_error((summed.n)::double precision, (summed.total)::double precision, lees.squares(summed.given), (1)::double precision, (summed.scale)::double precision) AS error
           FROM summed
        ), spread AS (
         SELECT beside.region,
            beside.period,
            beside.channel,
            beside.core,
            beside.indicator,
            beside.kind,
            beside.municipality,
            beside.own,
            beside.n,
            beside.total,
            beside.le_6,
            beside.lt_6,
            beside.ge_8,
            beside.given,
            beside.hidden,
            beside.small_group,
            beside.revision,
            beside.published_on,
            beside.scale,
            beside.has_mean,
            beside.school_mark,
            beside.mean,
            beside.municipalities,
            beside.pooled,
            beside.unweighted,
            beside.all_others,
            beside.all_n,
            beside.all_total,
            beside.about_means,
            beside.told_n,
            beside.told_spread,
            beside.other_municipalities,
            beside.others_n,
            beside.others_total,
            beside.others_squares,
            beside.error,
            ((100)::double precision / ((beside.scale - 1))::double precision) AS whole,
            (beside.others_total / beside.others_n) AS others_mean,
            lees.squared_error(beside.others_n, beside.others_total, beside.others_squares, (1)::double precision, (beside.scale)::double precision) AS others_error
           FROM beside
        ), tested AS (
         SELECT spread.region,
            spread.period,
            spread.channel,
            spread.core,
            spread.indicator,
            spread.kind,
            spread.municipality,
            spread.own,
            spread.n,
            spread.total,
            spread.le_6,
            spread.lt_6,
            spread.ge_8,
            spread.given,
            spread.hidden,
            spread.small_group,
            spread.revision,
            spread.published_on,
            spread.scale,
            spread.has_mean,
            spread.school_mark,
            spread.mean,
            spread.municipalities,
            spread.pooled,
            spread.unweighted,
            spread.all_others,
            spread.all_n,
            spread.all_total,
            spread.about_means,
            spread.told_n,
            spread.told_spread,
            spread.other_municipalities,
            spread.others_n,
            spread.others_total,
            spread.others_squares,
            spread.error,
            spread.whole,
            spread.others_mean,
            spread.others_error,
            (spread.mean - spread.others_mean) AS difference,
            lees.welch_p((spread.mean - spread.others_mean), spread.error, (spread.n)::double precision, spread.others_error, spread.others_n) AS p,
            lees.welch_margin(spread.error, (spread.n)::double precision, spread.others_error, spread.others_n) AS margin
           FROM spread
        ), ranked AS (
         SELECT tested.region,
            tested.period,
            tested.channel,
            tested.core,
            tested.indicator,
            tested.kind,
            tested.municipality,
            tested.own,
            tested.n,
            tested.total,
            tested.le_6,
            tested.lt_6,
            tested.ge_8,
            tested.given,
            tested.hidden,
            tested.small_group,
            tested.revision,
            tested.published_on,
            tested.scale,
            tested.has_mean,
            tested.school_mark,
            tested.mean,
            tested.municipalities,
            tested.pooled,
            tested.unweighted,
            tested.all_others,
            tested.all_n,
            tested.all_total,
            tested.about_means,
            tested.told_n,
            tested.told_spread,
            tested.other_municipalities,
            tested.others_n,
            tested.others_total,
            tested.others_squares,
            tested.error,
            tested.whole,
            tested.others_mean,
            tested.others_error,
            tested.difference,
            tested.p,
            tested.margin,
            (tested.p * (((1 + count(tested.p) OVER (PARTITION BY tested.municipality, tested.period)) - row_number() OVER (PARTITION BY tested.municipality, tested.period ORDER BY tested.p)))::double precision) AS step
           FROM tested
        ), corrected AS (
         SELECT ranked.region,
            ranked.period,
            ranked.channel,
            ranked.core,
            ranked.indicator,
            ranked.kind,
            ranked.municipality,
            ranked.own,
            ranked.n,
            ranked.total,
            ranked.le_6,
            ranked.lt_6,
            ranked.ge_8,
            ranked.given,
            ranked.hidden,
            ranked.small_group,
            ranked.revision,
            ranked.published_on,
            ranked.scale,
            ranked.has_mean,
            ranked.school_mark,
            ranked.mean,
            ranked.municipalities,
            ranked.pooled,
            ranked.unweighted,
            ranked.all_others,
            ranked.all_n,
            ranked.all_total,
            ranked.about_means,
            ranked.told_n,
            ranked.told_spread,
            ranked.other_municipalities,
            ranked.others_n,
            ranked.others_total,
            ranked.others_squares,
            ranked.error,
            ranked.whole,
            ranked.others_mean,
            ranked.others_error,
            ranked.difference,
            ranked.p,
            ranked.margin,
            ranked.step,
                CASE
                    WHEN (ranked.p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.p))
                    ELSE NULL::double precision
                END AS holm
           FROM ranked
        )
 SELECT figures.region AS regio,
    figures.period AS kwartaal,
    figures.channel AS kanaal,
    figures.core AS vragenlijst_kern,
    figures.indicator,
    figures.kind AS soort,
    figures.municipality AS gemeente_code,
    municipality.name AS gemeente,
    figures.own AS eigen,
    figures.n,
        CASE
            WHEN figures.has_mean THEN figures.mean
            ELSE NULL::double precision
        END AS gemiddelde,
    (((figures.mean - (1)::double precision) * (100)::double precision) / ((figures.scale - 1))::double precision) AS gemiddelde_100,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.lt_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_lt_55,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.lt_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_lt_6,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.le_6)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_le_6,
        CASE
            WHEN (figures.school_mark AND (NOT figures.hidden)) THEN ((figures.ge_8)::double precision / (figures.n)::double precision)
            ELSE NULL::double precision
        END AS aandeel_ge_8,
        CASE
            WHEN (NOT figures.hidden) THEN figures.given[1:figures.scale]
            ELSE NULL::bigint[]
        END AS verdeling,
    ((NOT figures.hidden) AND (figures.n < 30)) AS indicatief,
    figures.hidden AS verborgen,
        CASE
            WHEN (figures.hidden AND figures.own) THEN 'minder dan 10 eigen reacties'::text
            WHEN figures.hidden THEN 'minder dan 10 reacties, of nodig om een kleiner aantal te verbergen'::text
            ELSE NULL::text
        END AS waarom_verborgen,
        CASE
            WHEN figures.has_mean THEN (figures.pooled)::double precision
            ELSE NULL::double precision
        END AS regio_gemiddelde_gepoold,
        CASE
            WHEN figures.has_mean THEN (figures.unweighted)::double precision
            ELSE NULL::double precision
        END AS regio_gemiddelde_ongewogen,
    ((((figures.pooled - (1)::numeric) * (100)::numeric) / ((figures.scale - 1))::numeric))::double precision AS regio_gemiddelde_100_gepoold,
    ((((figures.unweighted - (1)::numeric) * (100)::numeric) / ((figures.scale - 1))::numeric))::double precision AS regio_gemiddelde_100_ongewogen,
    figures.municipalities AS aantal_gemeenten,
    figures.other_municipalities AS anderen_gemeenten,
    (figures.others_n)::bigint AS anderen_n,
        CASE
            WHEN figures.has_mean THEN figures.others_mean
            ELSE NULL::double precision
        END AS anderen_gemiddelde,
    ((figures.others_mean - (1)::double precision) * figures.whole) AS anderen_gemiddelde_100,
    ((lees.mean_low(figures.others_n, figures.others_total, figures.others_squares, (1)::double precision, (figures.scale)::double precision) - (1)::double precision) * figures.whole) AS anderen_ondergrens_95,
    ((lees.mean_high(figures.others_n, figures.others_total, figures.others_squares, (1)::double precision, (figures.scale)::double precision) - (1)::double precision) * figures.whole) AS anderen_bovengrens_95,
    (figures.difference * figures.whole) AS verschil_anderen,
        CASE
            WHEN (figures.p IS NOT NULL) THEN GREATEST(('-100'::integer)::double precision, ((figures.difference - figures.margin) * figures.whole))
            ELSE NULL::double precision
        END AS verschil_anderen_ondergrens_95,
        CASE
            WHEN (figures.p IS NOT NULL) THEN LEAST((100)::double precision, ((figures.difference + figures.margin) * figures.whole))
            ELSE NULL::double precision
        END AS verschil_anderen_bovengrens_95,
    (figures.p < (0.05)::double precision) AS verschil_anderen_significant,
    figures.p AS verschil_anderen_p,
    figures.holm AS verschil_anderen_p_holm,
    (lees.findable(figures.error, (figures.n)::double precision, figures.others_error, figures.others_n) * figures.whole) AS verschil_anderen_aantoonbaar,
    figures.small_group AS kleine_groep,
    figures.revision AS herziening,
    figures.published_on AS peilmoment
   FROM (corrected figures
     JOIN lees.dim_gemeente municipality ON ((municipality.municipality = figures.municipality)));

ALTER VIEW bi_molensloot.benchmark_regio_kwartaal OWNER TO meetpunt_views;

CREATE TABLE lees.dim_afdeling (
    municipality text NOT NULL,
    slug text NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    touchpoints text[] NOT NULL,
    products text[] NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.dim_afdeling OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.dim_afdeling (
    municipality text NOT NULL,
    slug text NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    touchpoints text[] NOT NULL,
    products text[] NOT NULL
);

ALTER TABLE lees_molensloot.dim_afdeling OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_afdeling AS
 SELECT department.municipality AS gemeente_code,
    department.slug AS afdeling,
    ((department.municipality || '/'::text) || department.slug) AS afdeling_sleutel,
    department.name AS naam,
    department."position" AS volgorde,
    department.touchpoints AS meetpunten,
    department.products AS producten
   FROM lees_molensloot.dim_afdeling department
UNION ALL
 SELECT gemeente.municipality AS gemeente_code,
    'overig'::text AS afdeling,
    (gemeente.municipality || '/overig'::text) AS afdeling_sleutel,
    'Overig'::text AS naam,
    (32767)::smallint AS volgorde,
    '{}'::text[] AS meetpunten,
    '{}'::text[] AS producten
   FROM lees.dim_gemeente gemeente
  WHERE (gemeente.municipality = ANY (ARRAY['GM9001'::text]));

ALTER VIEW bi_molensloot.dim_afdeling OWNER TO meetpunt_views;

CREATE TABLE lees.dim_datum (
    day date NOT NULL,
    holiday text
);

ALTER TABLE lees.dim_datum OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_datum AS
 WITH named AS (
         SELECT calendar.day,
            calendar.holiday,
            (EXTRACT(year FROM calendar.day))::smallint AS year,
            (EXTRACT(quarter FROM calendar.day))::smallint AS quarter,
            (EXTRACT(month FROM calendar.day))::smallint AS month,
            (EXTRACT(isoyear FROM calendar.day))::smallint AS iso_year,
            (EXTRACT(week FROM calendar.day))::smallint AS iso_week,
            (EXTRACT(isodow FROM calendar.day))::smallint AS weekday
           FROM lees.dim_datum calendar
        )
 SELECT day AS datum,
    year AS jaar,
    quarter AS kwartaal,
    ((year || '-K'::text) || quarter) AS kwartaal_naam,
    make_date((year)::integer, (month)::integer, 1) AS maand,
    month AS maand_nummer,
    (ARRAY['januari'::text, 'februari'::text, 'maart'::text, 'april'::text, 'mei'::text, 'juni'::text, 'juli'::text, 'augustus'::text, 'september'::text, 'oktober'::text, 'november'::text, 'december'::text])[month] AS maand_naam,
    (day - (weekday - 1)) AS week,
    iso_year AS week_jaar,
    iso_week AS week_nummer,
    ((iso_year || '-W'::text) || lpad((iso_week)::text, 2, '0'::text)) AS week_naam,
    weekday AS dag_nummer,
    (ARRAY['maandag'::text, 'dinsdag'::text, 'woensdag'::text, 'donderdag'::text, 'vrijdag'::text, 'zaterdag'::text, 'zondag'::text])[weekday] AS dag_naam,
    (weekday > 5) AS weekend,
    holiday AS feestdag,
    ((weekday <= 5) AND (holiday IS NULL)) AS werkdag
   FROM named;

ALTER VIEW bi_molensloot.dim_datum OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.dim_gemeente AS
 SELECT municipality AS gemeente_code,
    name AS gemeente,
    slug AS korte_naam,
    region AS regio,
    fictional AS fictief,
    (municipality = ANY (ARRAY['GM9001'::text])) AS eigen
   FROM lees.dim_gemeente;

ALTER VIEW bi_molensloot.dim_gemeente OWNER TO meetpunt_views;

CREATE TABLE lees.dim_item (
    municipality text NOT NULL,
    structure text NOT NULL,
    item text NOT NULL,
    "position" smallint NOT NULL,
    kind text NOT NULL,
    indicator text,
    core boolean NOT NULL,
    text text NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.dim_item OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.dim_item (
    municipality text NOT NULL,
    structure text NOT NULL,
    item text NOT NULL,
    "position" smallint NOT NULL,
    kind text NOT NULL,
    indicator text,
    core boolean NOT NULL,
    text text NOT NULL
);

ALTER TABLE lees_molensloot.dim_item OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_indicator AS
 SELECT indicators.indicator,
    indicators.name AS naam,
    (indicators."position")::smallint AS volgorde,
    true AS gedeeld
   FROM ( VALUES ('tevredenheid'::text,'Tevredenheid'::text,1), ('vriendelijkheid'::text,'Vriendelijkheid'::text,2), ('duidelijkheid'::text,'Duidelijkheid'::text,3), ('tijdigheid'::text,'Tijdigheid'::text,4), ('gemak'::text,'Gemak'::text,5), ('oplossing'::text,'Oplossing'::text,6)) indicators(indicator, name, "position")
UNION ALL
 SELECT own.indicator,
    (upper("left"(own.indicator, 1)) || replace(substr(own.indicator, 2), '_'::text, ' '::text)) AS naam,
    (100)::smallint AS volgorde,
    false AS gedeeld
   FROM ( SELECT DISTINCT item.indicator
           FROM lees_molensloot.dim_item item
          WHERE (item.indicator IS NOT NULL)) own
  WHERE (NOT (own.indicator IN ( SELECT indicators.indicator
           FROM ( VALUES ('tevredenheid'::text,'Tevredenheid'::text,1), ('vriendelijkheid'::text,'Vriendelijkheid'::text,2), ('duidelijkheid'::text,'Duidelijkheid'::text,3), ('tijdigheid'::text,'Tijdigheid'::text,4), ('gemak'::text,'Gemak'::text,5), ('oplossing'::text,'Oplossing'::text,6)) indicators(indicator, name, "position"))));

ALTER VIEW bi_molensloot.dim_indicator OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.dim_item AS
 SELECT item.municipality AS gemeente_code,
    item.structure AS vragenlijst_vorm,
    item.item AS vraag,
    ((((item.municipality || '/'::text) || item.structure) || '/'::text) || item.item) AS vraag_sleutel,
    item."position" AS volgorde,
    item.text AS tekst,
    item.kind AS soort,
    item.indicator,
    (kinds.lowest)::smallint AS laagst,
    (kinds.highest)::smallint AS hoogst,
    item.core AS gedeeld
   FROM (lees_molensloot.dim_item item
     JOIN ( VALUES ('mark'::text,'Rapportcijfer van 1 tot en met 10'::text,1,1,10,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text, '6'::text, '7'::text, '8'::text, '9'::text, '10'::text]), ('agreement'::text,'Mate van instemming, van 1 (helemaal oneens) tot en met 5 (helemaal eens)'::text,2,1,5,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text]), ('smileys'::text,'Smileys, van 1 (heel slecht) tot en met 5 (heel goed)'::text,3,1,5,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text]), ('rating'::text,'Schaal van 1 tot en met 5, met eigen woorden voor de uiteinden'::text,4,1,5,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text]), ('yes_partly_no'::text,'Ja, deels of nee'::text,5,NULL::integer,NULL::integer,ARRAY['nee'::text, 'deels'::text, 'ja'::text]), ('choice'::text,'Een keuze uit antwoorden'::text,6,NULL::integer,NULL::integer,NULL::text[]), ('choices'::text,'Een of meer keuzes uit antwoorden'::text,7,NULL::integer,NULL::integer,NULL::text[]), ('text'::text,'Open vraag'::text,8,NULL::integer,NULL::integer,NULL::text[])) kinds(kind, name, "position", lowest, highest, places) ON ((kinds.kind = item.kind)));

ALTER VIEW bi_molensloot.dim_item OWNER TO meetpunt_views;

CREATE TABLE lees.dim_kanaal (
    channel text NOT NULL,
    name text NOT NULL,
    "position" smallint NOT NULL
);

ALTER TABLE lees.dim_kanaal OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_kanaal AS
 SELECT channel AS kanaal,
    name AS naam,
    "position" AS volgorde
   FROM lees.dim_kanaal;

ALTER VIEW bi_molensloot.dim_kanaal OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.dim_kengetal AS
 SELECT measure AS kengetal,
    name AS naam,
    unit AS eenheid,
    ("position")::smallint AS volgorde,
    lower_is_better AS lager_is_beter,
    is_stock AS stand
   FROM ( VALUES ('afhandeltijd'::text,'Afhandeltijd'::text,'dagen'::text,1,true,false), ('binnen_norm'::text,'Afgehandeld binnen de norm'::text,'aandeel'::text,2,false,false), ('werkvoorraad'::text,'Werkvoorraad'::text,'zaken'::text,3,true,true), ('wachttijd'::text,'Wachttijd'::text,'minuten'::text,4,true,false), ('herhaalcontact'::text,'Herhaalcontact'::text,'aandeel'::text,5,true,false), ('teruggebeld_binnen_twee_dagen'::text,'Teruggebeld binnen twee dagen'::text,'aandeel'::text,6,false,false)) measures(measure, name, unit, "position", lower_is_better, is_stock);

ALTER VIEW bi_molensloot.dim_kengetal OWNER TO meetpunt_views;

CREATE TABLE lees.dim_meetpunt (
    municipality text NOT NULL,
    number integer NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    channel text NOT NULL,
    location text,
    product text,
    questionnaire text,
    version smallint,
    since date,
    retired boolean NOT NULL,
    batch smallint NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.dim_meetpunt OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.dim_meetpunt (
    municipality text NOT NULL,
    number integer NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    channel text NOT NULL,
    location text,
    product text,
    questionnaire text,
    version smallint,
    since date,
    retired boolean NOT NULL,
    batch smallint NOT NULL
);

ALTER TABLE lees_molensloot.dim_meetpunt OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_meetpunt AS
 SELECT municipality AS gemeente_code,
    slug AS meetpunt,
    number AS nummer,
    name AS naam,
    channel AS kanaal,
    location AS locatie,
    product,
    questionnaire AS vragenlijst,
    version AS vragenlijst_versie,
    since AS vragenlijst_sinds,
    retired AS gesloten,
    batch AS groep,
    (batch < 10) AS kleine_groep
   FROM lees_molensloot.dim_meetpunt touchpoint;

ALTER VIEW bi_molensloot.dim_meetpunt OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.dim_soort AS
 SELECT kind AS soort,
    name AS naam,
    ("position")::smallint AS volgorde,
    (lowest)::smallint AS laagst,
    (highest)::smallint AS hoogst,
    places AS waarden
   FROM ( VALUES ('mark'::text,'Rapportcijfer van 1 tot en met 10'::text,1,1,10,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text, '6'::text, '7'::text, '8'::text, '9'::text, '10'::text]), ('agreement'::text,'Mate van instemming, van 1 (helemaal oneens) tot en met 5 (helemaal eens)'::text,2,1,5,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text]), ('smileys'::text,'Smileys, van 1 (heel slecht) tot en met 5 (heel goed)'::text,3,1,5,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text]), ('rating'::text,'Schaal van 1 tot en met 5, met eigen woorden voor de uiteinden'::text,4,1,5,ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text]), ('yes_partly_no'::text,'Ja, deels of nee'::text,5,NULL::integer,NULL::integer,ARRAY['nee'::text, 'deels'::text, 'ja'::text]), ('choice'::text,'Een keuze uit antwoorden'::text,6,NULL::integer,NULL::integer,NULL::text[]), ('choices'::text,'Een of meer keuzes uit antwoorden'::text,7,NULL::integer,NULL::integer,NULL::text[]), ('text'::text,'Open vraag'::text,8,NULL::integer,NULL::integer,NULL::text[])) kinds(kind, name, "position", lowest, highest, places);

ALTER VIEW bi_molensloot.dim_soort OWNER TO meetpunt_views;

CREATE TABLE lees.dim_thema (
    municipality text NOT NULL,
    theme text NOT NULL,
    version smallint NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    about text NOT NULL,
    own boolean NOT NULL,
    precise double precision,
    recall double precision,
    measured_on integer
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.dim_thema OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.dim_thema (
    municipality text NOT NULL,
    theme text NOT NULL,
    version smallint NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    about text NOT NULL,
    own boolean NOT NULL,
    precise double precision,
    recall double precision,
    measured_on integer
);

ALTER TABLE lees_molensloot.dim_thema OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_thema AS
 SELECT municipality AS gemeente_code,
    theme AS thema,
    version AS thema_versie,
    name AS naam,
    about AS waarover,
    own AS eigen,
    "position" AS volgorde,
    precise AS precisie,
    recall AS vangst,
    measured_on AS gemeten_aantal
   FROM lees_molensloot.dim_thema known;

ALTER VIEW bi_molensloot.dim_thema OWNER TO meetpunt_views;

CREATE TABLE lees.dim_vragenlijst (
    municipality text NOT NULL,
    structure text NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    title text NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.dim_vragenlijst OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.dim_vragenlijst (
    municipality text NOT NULL,
    structure text NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    title text NOT NULL
);

ALTER TABLE lees_molensloot.dim_vragenlijst OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_vragenlijst AS
 SELECT municipality AS gemeente_code,
    structure AS vragenlijst_vorm,
    questionnaire AS vragenlijst,
    version AS vragenlijst_versie,
    title AS titel
   FROM lees_molensloot.dim_vragenlijst questionnaire;

ALTER VIEW bi_molensloot.dim_vragenlijst OWNER TO meetpunt_views;

CREATE TABLE lees.dim_wijk (
    municipality text NOT NULL,
    code text NOT NULL,
    name text NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.dim_wijk OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.dim_wijk (
    municipality text NOT NULL,
    code text NOT NULL,
    name text NOT NULL
);

ALTER TABLE lees_molensloot.dim_wijk OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.dim_wijk AS
 SELECT wijk.municipality AS gemeente_code,
    wijk.code AS wijk,
    ((wijk.municipality || '/'::text) || wijk.code) AS wijk_sleutel,
    wijk.name AS naam
   FROM lees_molensloot.dim_wijk wijk
UNION ALL
 SELECT gemeente.municipality AS gemeente_code,
    'onbekend'::text AS wijk,
    (gemeente.municipality || '/onbekend'::text) AS wijk_sleutel,
    'Onbekend'::text AS naam
   FROM lees.dim_gemeente gemeente
  WHERE (gemeente.municipality = ANY (ARRAY['GM9001'::text]));

ALTER VIEW bi_molensloot.dim_wijk OWNER TO meetpunt_views;

CREATE TABLE lees.cijfer (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    n bigint GENERATED ALWAYS AS ((((((((((given[1] + given[2]) + given[3]) + given[4]) + given[5]) + given[6]) + given[7]) + given[8]) + given[9]) + given[10])) STORED NOT NULL,
    total bigint GENERATED ALWAYS AS ((((((((((given[1] + (2 * given[2])) + (3 * given[3])) + (4 * given[4])) + (5 * given[5])) + (6 * given[6])) + (7 * given[7])) + (8 * given[8])) + (9 * given[9])) + (10 * given[10]))) STORED NOT NULL,
    squares bigint GENERATED ALWAYS AS ((((((((((given[1] + (4 * given[2])) + (9 * given[3])) + (16 * given[4])) + (25 * given[5])) + (36 * given[6])) + (49 * given[7])) + (64 * given[8])) + (81 * given[9])) + (100 * given[10]))) STORED NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.cijfer FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.cijfer OWNER TO meetpunt_owner;

CREATE TABLE lees.cijfer_uitgesplitst (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    location text NOT NULL,
    wijk text NOT NULL,
    mode text NOT NULL,
    daypart text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    CONSTRAINT cijfer_uitgesplitst_given_check CHECK ((array_length(given, 1) = 10)),
    CONSTRAINT cijfer_uitgesplitst_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
)
PARTITION BY LIST (municipality);
ALTER TABLE ONLY lees.cijfer_uitgesplitst ALTER COLUMN given SET STORAGE PLAIN;

ALTER TABLE ONLY lees.cijfer_uitgesplitst FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.cijfer_uitgesplitst OWNER TO meetpunt_owner;

CREATE TABLE lees.doel (
    municipality text NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    measure text NOT NULL,
    kind text NOT NULL,
    amount numeric NOT NULL,
    base_year smallint,
    department text DEFAULT ''::text NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.doel OWNER TO meetpunt_owner;

CREATE TABLE lees.stand (
    municipality text NOT NULL,
    touchpoint integer NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    waiting bigint NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.stand FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.stand OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.cijfer (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    n bigint GENERATED ALWAYS AS ((((((((((given[1] + given[2]) + given[3]) + given[4]) + given[5]) + given[6]) + given[7]) + given[8]) + given[9]) + given[10])) STORED NOT NULL,
    total bigint GENERATED ALWAYS AS ((((((((((given[1] + (2 * given[2])) + (3 * given[3])) + (4 * given[4])) + (5 * given[5])) + (6 * given[6])) + (7 * given[7])) + (8 * given[8])) + (9 * given[9])) + (10 * given[10]))) STORED NOT NULL,
    squares bigint GENERATED ALWAYS AS ((((((((((given[1] + (4 * given[2])) + (9 * given[3])) + (16 * given[4])) + (25 * given[5])) + (36 * given[6])) + (49 * given[7])) + (64 * given[8])) + (81 * given[9])) + (100 * given[10]))) STORED NOT NULL
);

ALTER TABLE ONLY lees_molensloot.cijfer FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.cijfer OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.cijfer_uitgesplitst (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    location text NOT NULL,
    wijk text NOT NULL,
    mode text NOT NULL,
    daypart text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    CONSTRAINT cijfer_uitgesplitst_given_check CHECK ((array_length(given, 1) = 10)),
    CONSTRAINT cijfer_uitgesplitst_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);
ALTER TABLE ONLY lees_molensloot.cijfer_uitgesplitst ALTER COLUMN given SET STORAGE PLAIN;

ALTER TABLE ONLY lees_molensloot.cijfer_uitgesplitst FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.cijfer_uitgesplitst OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.doel (
    municipality text NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    measure text NOT NULL,
    kind text NOT NULL,
    amount numeric NOT NULL,
    base_year smallint,
    department text DEFAULT ''::text NOT NULL
);

ALTER TABLE lees_molensloot.doel OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.stand (
    municipality text NOT NULL,
    touchpoint integer NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    waiting bigint NOT NULL
);

ALTER TABLE ONLY lees_molensloot.stand FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.stand OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.doelen AS
 WITH clock AS (
         SELECT (date_trunc('month'::text, (now() AT TIME ZONE 'Europe/Amsterdam'::text)))::date AS this_month
        ), spans AS (
         SELECT target.municipality,
            target.channel,
            target.indicator,
            target.measure,
            target.kind,
            target.amount,
            target.base_year,
            target.department,
            span.name AS span,
            span.first,
            span.after
           FROM ((lees_molensloot.doel target
             CROSS JOIN clock)
             CROSS JOIN LATERAL ( VALUES ('base'::text,make_date((target.base_year)::integer, 1, 1),make_date((target.base_year + 1), 1, 1)), ('now'::text,((clock.this_month - '1 year'::interval))::date,clock.this_month), ('year'::text,(date_trunc('year'::text, (clock.this_month)::timestamp with time zone))::date,((clock.this_month + '1 mon'::interval))::date)) span(name, first, after))
        ), months AS (
         SELECT figure.municipality,
            figure.channel,
            ''::text AS department,
            figure.indicator,
            figure.kind,
            figure.period,
            figure.given,
            figure.small_group
           FROM lees_molensloot.cijfer figure
          WHERE (figure.grain = 'month'::text)
        UNION ALL
         SELECT cell.municipality,
            touchpoint.channel,
            department.slug,
            cell.indicator,
            cell.kind,
            cell.month,
            cell.given,
            cell.small_group
           FROM ((lees_molensloot.cijfer_uitgesplitst cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
             JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = cell.municipality) AND ((touchpoint.slug = ANY (fits.touchpoints)) OR (cell.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          WHERE (EXISTS ( SELECT
                   FROM lees_molensloot.doel target
                  WHERE (target.department <> ''::text)))
        ), counted AS (
         SELECT spans.municipality,
            spans.channel,
            spans.department,
            spans.indicator,
            spans.measure,
            spans.kind,
            spans.span,
            (COALESCE(sum((((((((((figure.given[1] + figure.given[2]) + figure.given[3]) + figure.given[4]) + figure.given[5]) + figure.given[6]) + figure.given[7]) + figure.given[8]) + figure.given[9]) + figure.given[10])), (0)::numeric))::bigint AS n,
            sum((((((((((figure.given[1] + (2 * figure.given[2])) + (3 * figure.given[3])) + (4 * figure.given[4])) + (5 * figure.given[5])) + (6 * figure.given[6])) + (7 * figure.given[7])) + (8 * figure.given[8])) + (9 * figure.given[9])) + (10 * figure.given[10]))) AS total,
            sum(lees.squares(figure.given)) AS squares,
            COALESCE(sum((((((figure.given[1] + figure.given[2]) + figure.given[3]) + figure.given[4]) + figure.given[5]) +
                CASE spans.measure
                    WHEN 'share_le_6_falls_by'::text THEN figure.given[6]
                    ELSE (0)::bigint
                END)), (0)::numeric) AS low,
            COALESCE(bool_or(figure.small_group), false) AS small_group
           FROM (spans
             LEFT JOIN months figure ON (((figure.municipality = spans.municipality) AND (figure.department = spans.department) AND (figure.period >= spans.first) AND (figure.period < spans.after) AND (figure.channel = spans.channel) AND (figure.indicator = spans.indicator) AND (figure.kind = spans.kind))))
          GROUP BY spans.municipality, spans.channel, spans.department, spans.indicator, spans.measure, spans.kind, spans.span
        ), figures AS (
         SELECT counted.municipality,
            counted.channel,
            counted.department,
            counted.indicator,
            counted.measure,
            counted.kind,
            counted.span,
            counted.n,
            counted.total,
            counted.squares,
            counted.low,
            counted.small_group,
                CASE
                    WHEN (counted.n >= 10) THEN
                    CASE counted.measure
                        WHEN 'mean_at_least'::text THEN (counted.total / (counted.n)::numeric)
                        ELSE (counted.low / (counted.n)::numeric)
                    END
                    ELSE NULL::numeric
                END AS figure,
                CASE
                    WHEN (counted.n >= 10) THEN
                    CASE counted.measure
                        WHEN 'mean_at_least'::text THEN lees.mean_low((counted.n)::double precision, (counted.total)::double precision, counted.squares, (1)::double precision, (kinds.top)::double precision)
                        ELSE lees.wilson_low((counted.low)::double precision, (counted.n)::double precision)
                    END
                    ELSE NULL::double precision
                END AS lower,
                CASE
                    WHEN (counted.n >= 10) THEN
                    CASE counted.measure
                        WHEN 'mean_at_least'::text THEN lees.mean_high((counted.n)::double precision, (counted.total)::double precision, counted.squares, (1)::double precision, (kinds.top)::double precision)
                        ELSE lees.wilson_high((counted.low)::double precision, (counted.n)::double precision)
                    END
                    ELSE NULL::double precision
                END AS upper
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) USING (kind))
        ), bases AS (
         SELECT target.municipality,
            target.channel,
            target.department,
            target.indicator,
            target.measure,
                CASE
                    WHEN (target.base_year IS NOT NULL) THEN COALESCE(earlier.source, 'Meetpunt'::text)
                    ELSE NULL::text
                END AS source,
                CASE
                    WHEN (target.base_year IS NOT NULL) THEN COALESCE(earlier.n, own.n)
                    ELSE NULL::bigint
                END AS n,
            COALESCE(earlier.share, own.figure) AS figure,
            COALESCE(lees.wilson_low(((earlier.share * (earlier.n)::numeric))::double precision, (earlier.n)::double precision), own.lower) AS lower,
            COALESCE(lees.wilson_high(((earlier.share * (earlier.n)::numeric))::double precision, (earlier.n)::double precision), own.upper) AS upper,
            own.small_group
           FROM ((lees_molensloot.doel target
             JOIN figures own ON (((own.municipality = target.municipality) AND (own.channel = target.channel) AND (own.department = target.department) AND (own.indicator = target.indicator) AND (own.measure = target.measure) AND (own.span = 'base'::text))))
             LEFT JOIN LATERAL ( SELECT told.source,
                    told.n,
                        CASE target.measure
                            WHEN 'share_lt_6_falls_by'::text THEN told.share_lt_6
                            WHEN 'share_le_6_falls_by'::text THEN told.share_le_6
                            ELSE NULL::numeric
                        END AS share
                   FROM lees_molensloot.basisjaar told
                  WHERE ((told.municipality = target.municipality) AND (told.channel = target.channel) AND (told.indicator = target.indicator) AND (told.year = target.base_year) AND (target.department = ''::text))) earlier ON ((earlier.share IS NOT NULL)))
        ), placed AS (
         SELECT target.municipality,
            target.channel,
            target.indicator,
            target.measure,
            target.kind,
            target.amount,
            target.base_year,
            target.department,
            base.source,
            base.n AS base_n,
            base.figure AS base,
            base.lower AS base_lower,
            base.upper AS base_upper,
                CASE
                    WHEN (target.measure <> 'mean_at_least'::text) THEN ((1)::numeric - (target.amount / (100)::numeric))
                    ELSE NULL::numeric
                END AS remains,
            ((target.base_year IS NOT NULL) AND (looks_back.present_from < make_date((target.base_year + 1), 1, 1))) AS overlapping,
            ((target.base_year IS NOT NULL) AND (EXTRACT(year FROM clock.this_month) <= (target.base_year)::numeric)) AS year_overlapping,
            looks_back.present_from,
            clock.this_month,
            present.n AS now_n,
            present.figure AS now,
            present.lower AS now_lower,
            present.upper AS now_upper,
            so_far.n AS year_n,
            so_far.figure AS year,
            (base.small_group OR present.small_group OR so_far.small_group) AS small_group
           FROM (((((lees_molensloot.doel target
             CROSS JOIN clock)
             CROSS JOIN LATERAL ( SELECT ((clock.this_month - '1 year'::interval))::date AS present_from) looks_back)
             JOIN bases base USING (municipality, channel, department, indicator, measure))
             JOIN figures present USING (municipality, channel, department, indicator, measure))
             JOIN figures so_far USING (municipality, channel, department, indicator, measure))
          WHERE ((present.span = 'now'::text) AND (so_far.span = 'year'::text))
        ), aimed AS (
         SELECT placed.municipality,
            placed.channel,
            placed.indicator,
            placed.measure,
            placed.kind,
            placed.amount,
            placed.base_year,
            placed.department,
            placed.source,
            placed.base_n,
            placed.base,
            placed.base_lower,
            placed.base_upper,
            placed.remains,
            placed.overlapping,
            placed.year_overlapping,
            placed.present_from,
            placed.this_month,
            placed.now_n,
            placed.now,
            placed.now_lower,
            placed.now_upper,
            placed.year_n,
            placed.year,
            placed.small_group,
                CASE
                    WHEN (placed.measure = 'mean_at_least'::text) THEN placed.amount
                    WHEN (placed.base_n >= 100) THEN (placed.base * placed.remains)
                    ELSE NULL::numeric
                END AS aim,
                CASE
                    WHEN ((placed.base_n >= 100) AND (NOT placed.overlapping)) THEN (placed.now - placed.base)
                    ELSE NULL::numeric
                END AS change
           FROM placed
        ), judged AS (
         SELECT aimed.municipality,
            aimed.channel,
            aimed.indicator,
            aimed.measure,
            aimed.kind,
            aimed.amount,
            aimed.base_year,
            aimed.department,
            aimed.source,
            aimed.base_n,
            aimed.base,
            aimed.base_lower,
            aimed.base_upper,
            aimed.remains,
            aimed.overlapping,
            aimed.year_overlapping,
            aimed.present_from,
            aimed.this_month,
            aimed.now_n,
            aimed.now,
            aimed.now_lower,
            aimed.now_upper,
            aimed.year_n,
            aimed.year,
            aimed.small_group,
            aimed.aim,
            aimed.change,
                CASE
                    WHEN (aimed.measure = 'mean_at_least'::text) THEN (aimed.now_lower - (aimed.aim)::double precision)
                    ELSE (- lees.difference_high((aimed.now)::double precision, aimed.now_upper, (aimed.aim)::double precision, (aimed.base_lower * (aimed.remains)::double precision)))
                END AS at_worst,
                CASE
                    WHEN (aimed.measure = 'mean_at_least'::text) THEN (aimed.now_upper - (aimed.aim)::double precision)
                    ELSE (- lees.difference_low((aimed.now)::double precision, aimed.now_lower, (aimed.aim)::double precision, (aimed.base_upper * (aimed.remains)::double precision)))
                END AS at_best
           FROM aimed
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT judged.municipality AS gemeente_code,
    judged.channel AS kanaal,
    NULLIF(judged.department, ''::text) AS afdeling,
    judged.indicator,
        CASE judged.measure
            WHEN 'mean_at_least'::text THEN 'gemiddelde_minstens'::text
            WHEN 'share_lt_6_falls_by'::text THEN 'aandeel_lt_6_daalt'::text
            ELSE 'aandeel_le_6_daalt'::text
        END AS maat,
    (judged.amount)::double precision AS opgave,
    judged.base_year AS basisjaar,
    judged.source AS basis_bron,
    judged.base_n AS basis_n,
    (judged.base)::double precision AS basis,
    judged.base_lower AS basis_ondergrens,
    judged.base_upper AS basis_bovengrens,
        CASE
            WHEN (judged.base_n < 100) THEN format(
            CASE judged.base_n
                WHEN 1 THEN 'maar %s antwoord'::text
                ELSE 'maar %s antwoorden'::text
            END, judged.base_n)
            ELSE NULL::text
        END AS basis_te_klein,
    (judged.aim)::double precision AS doelwaarde,
    judged.present_from AS nu_vanaf,
    (judged.this_month - 1) AS nu_tot_en_met,
    judged.overlapping AS perioden_overlappen,
    judged.now_n AS nu_n,
    (judged.now)::double precision AS nu,
    judged.now_lower AS nu_ondergrens,
    judged.now_upper AS nu_bovengrens,
    (judged.change)::double precision AS verandering,
        CASE
            WHEN (judged.change IS NOT NULL) THEN lees.difference_low((judged.now)::double precision, judged.now_lower, (judged.base)::double precision, judged.base_upper)
            ELSE NULL::double precision
        END AS verandering_ondergrens,
        CASE
            WHEN (judged.change IS NOT NULL) THEN lees.difference_high((judged.now)::double precision, judged.now_upper, (judged.base)::double precision, judged.base_lower)
            ELSE NULL::double precision
        END AS verandering_bovengrens,
        CASE
            WHEN (NOT judged.overlapping) THEN
            CASE judged.measure
                WHEN 'mean_at_least'::text THEN (judged.now >= judged.aim)
                ELSE (judged.now <= judged.aim)
            END
            ELSE NULL::boolean
        END AS behaald,
        CASE
            WHEN (NOT judged.overlapping) THEN (judged.at_worst >= (0)::double precision)
            ELSE NULL::boolean
        END AS zeker_behaald,
        CASE
            WHEN (NOT judged.overlapping) THEN (judged.at_best < (0)::double precision)
            ELSE NULL::boolean
        END AS zeker_niet_behaald,
    judged.year_n AS dit_jaar_n,
    (judged.year)::double precision AS dit_jaar,
        CASE
            WHEN (NOT judged.year_overlapping) THEN
            CASE judged.measure
                WHEN 'mean_at_least'::text THEN (judged.year >= judged.aim)
                ELSE (judged.year <= judged.aim)
            END
            ELSE NULL::boolean
        END AS dit_jaar_behaald,
    judged.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (judged
     LEFT JOIN looked ON (((looked.municipality = judged.municipality) AND (looked.channel = judged.channel))));

ALTER VIEW bi_molensloot.doelen OWNER TO meetpunt_views;

CREATE TABLE lees.reactie (
    municipality text NOT NULL,
    month date NOT NULL,
    week date NOT NULL,
    day date,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    touchpoint integer NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    structure text NOT NULL,
    complete boolean NOT NULL,
    suspect text[],
    small_group boolean NOT NULL,
    mode text,
    language text,
    dimensions jsonb NOT NULL,
    answers jsonb NOT NULL,
    daypart text,
    CONSTRAINT reactie_daypart_check CHECK ((daypart = ANY (ARRAY['ochtend'::text, 'middag'::text, 'avond'::text]))),
    CONSTRAINT reactie_holds_no_sample CHECK ((NOT (answers ?| ARRAY['eerder'::text, 'eerder_reden'::text]))),
    CONSTRAINT reactie_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT reactie_week_check CHECK ((EXTRACT(isodow FROM week) = (1)::numeric))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.reactie FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.reactie OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.reactie (
    municipality text NOT NULL,
    month date NOT NULL,
    week date NOT NULL,
    day date,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    touchpoint integer NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    structure text NOT NULL,
    complete boolean NOT NULL,
    suspect text[],
    small_group boolean NOT NULL,
    mode text,
    language text,
    dimensions jsonb NOT NULL,
    answers jsonb NOT NULL,
    daypart text,
    CONSTRAINT reactie_daypart_check CHECK ((daypart = ANY (ARRAY['ochtend'::text, 'middag'::text, 'avond'::text]))),
    CONSTRAINT reactie_holds_no_sample CHECK ((NOT (answers ?| ARRAY['eerder'::text, 'eerder_reden'::text]))),
    CONSTRAINT reactie_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT reactie_week_check CHECK ((EXTRACT(isodow FROM week) = (1)::numeric))
);

ALTER TABLE ONLY lees_molensloot.reactie FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.reactie OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.feit_antwoord AS
 SELECT response.municipality AS gemeente_code,
    response.id AS reactie_id,
    response.month AS maand,
    response.day AS datum,
    given.item AS vraag,
    ((((response.municipality || '/'::text) || response.structure) || '/'::text) || given.item) AS vraag_sleutel,
    item.indicator,
        CASE jsonb_typeof(value.value)
            WHEN 'number'::text THEN (value.value)::smallint
            ELSE NULL::smallint
        END AS waarde,
        CASE jsonb_typeof(value.value)
            WHEN 'string'::text THEN (value.value #>> '{}'::text[])
            ELSE NULL::text
        END AS code,
    (value.value = '"nvt"'::jsonb) AS nvt,
    response.small_group AS kleine_groep
   FROM (((lees_molensloot.reactie response
     CROSS JOIN LATERAL jsonb_each(response.answers) given(item, answer))
     CROSS JOIN LATERAL jsonb_path_query(given.answer, '$[*]'::jsonpath) value(value))
     LEFT JOIN lees_molensloot.dim_item item ON (((item.municipality = response.municipality) AND (item.structure = response.structure) AND (item.item = given.item))))
  WHERE (response.suspect = '{}'::text[]);

ALTER VIEW bi_molensloot.feit_antwoord OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.feit_kenmerk AS
 SELECT response.municipality AS gemeente_code,
    response.id AS reactie_id,
    response.month AS maand,
    detail.name AS kenmerk,
    detail.value AS waarde,
    response.small_group AS kleine_groep
   FROM (lees_molensloot.reactie response
     CROSS JOIN LATERAL jsonb_each_text(((response.dimensions - 'product'::text) - 'location'::text)) detail(name, value))
  WHERE ((response.suspect = '{}'::text[]) AND (detail.value IS NOT NULL));

ALTER VIEW bi_molensloot.feit_kenmerk OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.feit_reactie AS
 SELECT response.municipality AS gemeente_code,
    response.id AS reactie_id,
    response.month AS maand,
    response.week,
    response.day AS datum,
    touchpoint.channel AS kanaal,
    touchpoint.slug AS meetpunt,
        CASE
            WHEN (response.dimensions ? 'product'::text) THEN (response.dimensions ->> 'product'::text)
            ELSE touchpoint.product
        END AS product,
        CASE
            WHEN (response.dimensions ? 'location'::text) THEN (response.dimensions ->> 'location'::text)
            ELSE touchpoint.location
        END AS locatie,
    response.questionnaire AS vragenlijst,
    response.version AS vragenlijst_versie,
    response.structure AS vragenlijst_vorm,
    response.mode AS afnamewijze,
    response.language AS taal,
    response.complete AS volledig,
    ((response.dimensions - 'product'::text) - 'location'::text) AS kenmerken,
    response.small_group AS kleine_groep
   FROM (lees_molensloot.reactie response
     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = response.municipality) AND (touchpoint.number = response.touchpoint))))
  WHERE (response.suspect = '{}'::text[]);

ALTER VIEW bi_molensloot.feit_reactie OWNER TO meetpunt_views;

CREATE TABLE lees.uitnodiging (
    municipality text NOT NULL,
    day date NOT NULL,
    channel text NOT NULL,
    product text NOT NULL,
    issued bigint NOT NULL,
    spent bigint NOT NULL,
    expired bigint DEFAULT 0 NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.uitnodiging FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.uitnodiging OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.uitnodiging (
    municipality text NOT NULL,
    day date NOT NULL,
    channel text NOT NULL,
    product text NOT NULL,
    issued bigint NOT NULL,
    spent bigint NOT NULL,
    expired bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY lees_molensloot.uitnodiging FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.uitnodiging OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.feit_uitnodiging AS
 SELECT municipality AS gemeente_code,
    day AS datum,
    channel AS kanaal,
    NULLIF(product, ''::text) AS product,
    issued AS uitgegeven,
    spent AS gebruikt,
    NULL::bigint AS verlopen,
    (EXISTS ( SELECT
           FROM lees_molensloot.dim_meetpunt touchpoint
          WHERE ((touchpoint.municipality = counted.municipality) AND (touchpoint.channel = counted.channel) AND (touchpoint.batch < 10)))) AS kleine_groep
   FROM lees_molensloot.uitnodiging counted;

ALTER VIEW bi_molensloot.feit_uitnodiging OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.feit_verdacht AS
 SELECT response.municipality AS gemeente_code,
    response.id AS reactie_id,
    response.month AS maand,
    response.week,
    response.day AS datum,
    touchpoint.channel AS kanaal,
    touchpoint.slug AS meetpunt,
        CASE
            WHEN (response.dimensions ? 'product'::text) THEN (response.dimensions ->> 'product'::text)
            ELSE touchpoint.product
        END AS product,
        CASE
            WHEN (response.dimensions ? 'location'::text) THEN (response.dimensions ->> 'location'::text)
            ELSE touchpoint.location
        END AS locatie,
    response.questionnaire AS vragenlijst,
    response.version AS vragenlijst_versie,
    response.structure AS vragenlijst_vorm,
    response.mode AS afnamewijze,
    response.language AS taal,
    response.complete AS volledig,
    ((response.dimensions - 'product'::text) - 'location'::text) AS kenmerken,
    response.small_group AS kleine_groep,
    response.suspect AS waarom,
    response.answers AS antwoorden
   FROM (lees_molensloot.reactie response
     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = response.municipality) AND (touchpoint.number = response.touchpoint))))
  WHERE (response.suspect IS DISTINCT FROM '{}'::text[]);

ALTER VIEW bi_molensloot.feit_verdacht OWNER TO meetpunt_views;

CREATE TABLE lees.deelname (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    responses bigint NOT NULL,
    complete bigint NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.deelname FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.deelname OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.deelname (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    responses bigint NOT NULL,
    complete bigint NOT NULL
);

ALTER TABLE ONLY lees_molensloot.deelname FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.deelname OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.indicator_per_jaar AS
 WITH counted AS (
         SELECT figure.municipality,
            (date_trunc('year'::text, (figure.period)::timestamp without time zone))::date AS period,
            figure.channel,
            figure.indicator,
            figure.kind,
            ARRAY[(sum(figure.given[1]))::bigint, (sum(figure.given[2]))::bigint, (sum(figure.given[3]))::bigint, (sum(figure.given[4]))::bigint, (sum(figure.given[5]))::bigint, (sum(figure.given[6]))::bigint, (sum(figure.given[7]))::bigint, (sum(figure.given[8]))::bigint, (sum(figure.given[9]))::bigint, (sum(figure.given[10]))::bigint] AS given,
            bool_or(figure.small_group) AS small_group,
            (sum(figure.n))::bigint AS n,
            (sum(figure.total))::bigint AS total,
            (sum(figure.squares))::bigint AS squares,
            true AS whole
           FROM lees_molensloot.cijfer figure
          WHERE (figure.grain = 'month'::text)
          GROUP BY figure.municipality, ((date_trunc('year'::text, (figure.period)::timestamp without time zone))::date), figure.channel, figure.indicator, figure.kind
        ), filled_in AS (
         SELECT told.municipality,
            (date_trunc('year'::text, (told.period)::timestamp without time zone))::date AS period,
            told.channel,
            (sum(told.responses))::bigint AS responses,
            (sum(told.complete))::bigint AS complete
           FROM lees_molensloot.deelname told
          WHERE (told.grain = 'month'::text)
          GROUP BY told.municipality, ((date_trunc('year'::text, (told.period)::timestamp without time zone))::date), told.channel
        ), invited AS (
         SELECT asked.municipality,
            (date_trunc('year'::text, (asked.day)::timestamp without time zone))::date AS period,
            asked.channel,
            sum(asked.issued) AS issued,
            sum(asked.spent) AS spent
           FROM lees_molensloot.uitnodiging asked
          GROUP BY asked.municipality, ((date_trunc('year'::text, (asked.day)::timestamp without time zone))::date), asked.channel
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.indicator,
            counted.kind,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            kinds.school_mark,
            (EXTRACT(year FROM counted.period))::integer AS nth,
            counted.n,
                CASE
                    WHEN (counted.n >= 10) THEN (counted.n)::double precision
                    ELSE NULL::double precision
                END AS shown,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            counted.given,
            counted.whole,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]))::double precision
                    ELSE NULL::double precision
                END AS lt_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN ((((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]))::double precision
                    ELSE NULL::double precision
                END AS le_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((counted.given[8] + counted.given[9]) + counted.given[10]))::double precision
                    ELSE NULL::double precision
                END AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) USING (kind))
        ), measured AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.indicator,
            shown.kind,
            shown.small_group,
            shown.top,
            shown.has_mean,
            shown.school_mark,
            shown.nth,
            shown.n,
            shown.shown,
            shown.total,
            shown.squares,
            shown.given,
            shown.whole,
            shown.lt_6,
            shown.le_6,
            shown.ge_8,
                CASE
                    WHEN shown.school_mark THEN shown.shown
                    ELSE NULL::double precision
                END AS marks,
            ((((shown.total / shown.shown) - (1)::double precision) * (100)::double precision) / ((shown.top - 1))::double precision) AS mean,
            ((GREATEST(((shown.shown * shown.squares) - (shown.total * shown.total)), (0)::double precision) / (shown.shown * (shown.shown - (1)::double precision))) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS variance,
            (lees.squared_error(shown.shown, shown.total, shown.squares, (1)::double precision, (shown.top)::double precision) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS error
           FROM shown
        ), compared AS (
         SELECT measured.municipality,
            measured.period,
            measured.channel,
            measured.indicator,
            measured.kind,
            measured.small_group,
            measured.top,
            measured.has_mean,
            measured.school_mark,
            measured.nth,
            measured.n,
            measured.shown,
            measured.total,
            measured.squares,
            measured.given,
            measured.whole,
            measured.lt_6,
            measured.le_6,
            measured.ge_8,
            measured.marks,
            measured.mean,
            measured.variance,
            measured.error,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER previous AS previous,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER year_before AS year_before
           FROM measured
          WINDOW previous AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING), year_before AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.indicator,
            compared.kind,
            compared.small_group,
            compared.top,
            compared.has_mean,
            compared.school_mark,
            compared.nth,
            compared.n,
            compared.shown,
            compared.total,
            compared.squares,
            compared.given,
            compared.whole,
            compared.lt_6,
            compared.le_6,
            compared.ge_8,
            compared.marks,
            compared.mean,
            compared.variance,
            compared.error,
            compared.previous,
            compared.year_before,
            lees.welch_p((compared.mean - compared.previous[1]), compared.error, compared.shown, compared.previous[2], compared.previous[3]) AS previous_p,
            lees.welch_p((compared.mean - compared.year_before[1]), compared.error, compared.shown, compared.year_before[2], compared.year_before[3]) AS year_before_p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.indicator,
            tested.kind,
            tested.small_group,
            tested.top,
            tested.has_mean,
            tested.school_mark,
            tested.nth,
            tested.n,
            tested.shown,
            tested.total,
            tested.squares,
            tested.given,
            tested.whole,
            tested.lt_6,
            tested.le_6,
            tested.ge_8,
            tested.marks,
            tested.mean,
            tested.variance,
            tested.error,
            tested.previous,
            tested.year_before,
            tested.previous_p,
            tested.year_before_p,
            (tested.previous_p * (((1 + count(tested.previous_p) OVER together) - row_number() OVER previous_rank))::double precision) AS previous_step,
            (tested.year_before_p * (((1 + count(tested.year_before_p) OVER together) - row_number() OVER year_before_rank))::double precision) AS year_before_step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period), previous_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.previous_p), year_before_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.year_before_p)
        ), corrected AS (
         SELECT ranked.municipality,
            ranked.period,
            ranked.channel,
            ranked.indicator,
            ranked.kind,
            ranked.small_group,
            ranked.top,
            ranked.has_mean,
            ranked.school_mark,
            ranked.nth,
            ranked.n,
            ranked.shown,
            ranked.total,
            ranked.squares,
            ranked.given,
            ranked.whole,
            ranked.lt_6,
            ranked.le_6,
            ranked.ge_8,
            ranked.marks,
            ranked.mean,
            ranked.variance,
            ranked.error,
            ranked.previous,
            ranked.year_before,
            ranked.previous_p,
            ranked.year_before_p,
            ranked.previous_step,
            ranked.year_before_step,
                CASE
                    WHEN (ranked.previous_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.previous_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.previous_p))
                    ELSE NULL::double precision
                END AS previous_holm,
                CASE
                    WHEN (ranked.year_before_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.year_before_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.year_before_p))
                    ELSE NULL::double precision
                END AS year_before_holm
           FROM ranked
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS jaar,
    figures.channel AS kanaal,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    figures.mean AS gemiddelde_100,
    sqrt(figures.variance) AS standaardafwijking,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_55,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_55_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_55_bovengrens,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((filled_in.complete)::double precision / (NULLIF(filled_in.responses, 0))::double precision)
            ELSE NULL::double precision
        END AS aandeel_volledig,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((invited.spent / NULLIF(invited.issued, (0)::numeric)))::double precision
            ELSE NULL::double precision
        END AS respons,
    (figures.mean - figures.previous[1]) AS verschil_vorige,
    (figures.previous_p < (0.05)::double precision) AS verschil_vorige_significant,
    figures.previous_p AS verschil_vorige_p,
    figures.previous_holm AS verschil_vorige_p_holm,
    lees.findable(figures.error, figures.shown, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    (figures.mean - figures.year_before[1]) AS verschil_vorig_jaar,
    (figures.year_before_p < (0.05)::double precision) AS verschil_vorig_jaar_significant,
    figures.year_before_p AS verschil_vorig_jaar_p,
    figures.year_before_holm AS verschil_vorig_jaar_p_holm,
    lees.findable(figures.error, figures.shown, figures.year_before[2], figures.year_before[3]) AS verschil_vorig_jaar_aantoonbaar,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
    (figures.lt_6)::bigint AS aantal_lt_55,
    (figures.lt_6)::bigint AS aantal_lt_6,
    (figures.le_6)::bigint AS aantal_le_6,
    (figures.ge_8)::bigint AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (((corrected figures
     LEFT JOIN filled_in ON (((filled_in.municipality = figures.municipality) AND (filled_in.period = figures.period) AND (filled_in.channel = figures.channel))))
     LEFT JOIN invited ON (((invited.municipality = figures.municipality) AND (invited.period = figures.period) AND (invited.channel = figures.channel))))
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.indicator_per_jaar OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.indicator_per_kwartaal AS
 WITH counted AS (
         SELECT figure.municipality,
            (date_trunc('quarter'::text, (figure.period)::timestamp without time zone))::date AS period,
            figure.channel,
            figure.indicator,
            figure.kind,
            ARRAY[(sum(figure.given[1]))::bigint, (sum(figure.given[2]))::bigint, (sum(figure.given[3]))::bigint, (sum(figure.given[4]))::bigint, (sum(figure.given[5]))::bigint, (sum(figure.given[6]))::bigint, (sum(figure.given[7]))::bigint, (sum(figure.given[8]))::bigint, (sum(figure.given[9]))::bigint, (sum(figure.given[10]))::bigint] AS given,
            bool_or(figure.small_group) AS small_group,
            (sum(figure.n))::bigint AS n,
            (sum(figure.total))::bigint AS total,
            (sum(figure.squares))::bigint AS squares,
            true AS whole
           FROM lees_molensloot.cijfer figure
          WHERE (figure.grain = 'month'::text)
          GROUP BY figure.municipality, ((date_trunc('quarter'::text, (figure.period)::timestamp without time zone))::date), figure.channel, figure.indicator, figure.kind
        ), filled_in AS (
         SELECT told.municipality,
            (date_trunc('quarter'::text, (told.period)::timestamp without time zone))::date AS period,
            told.channel,
            (sum(told.responses))::bigint AS responses,
            (sum(told.complete))::bigint AS complete
           FROM lees_molensloot.deelname told
          WHERE (told.grain = 'month'::text)
          GROUP BY told.municipality, ((date_trunc('quarter'::text, (told.period)::timestamp without time zone))::date), told.channel
        ), invited AS (
         SELECT asked.municipality,
            (date_trunc('quarter'::text, (asked.day)::timestamp without time zone))::date AS period,
            asked.channel,
            sum(asked.issued) AS issued,
            sum(asked.spent) AS spent
           FROM lees_molensloot.uitnodiging asked
          GROUP BY asked.municipality, ((date_trunc('quarter'::text, (asked.day)::timestamp without time zone))::date), asked.channel
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.indicator,
            counted.kind,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            kinds.school_mark,
            (((EXTRACT(year FROM counted.period) * (4)::numeric) + EXTRACT(quarter FROM counted.period)))::integer AS nth,
            counted.n,
                CASE
                    WHEN (counted.n >= 10) THEN (counted.n)::double precision
                    ELSE NULL::double precision
                END AS shown,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            counted.given,
            counted.whole,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]))::double precision
                    ELSE NULL::double precision
                END AS lt_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN ((((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]))::double precision
                    ELSE NULL::double precision
                END AS le_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((counted.given[8] + counted.given[9]) + counted.given[10]))::double precision
                    ELSE NULL::double precision
                END AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) USING (kind))
        ), measured AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.indicator,
            shown.kind,
            shown.small_group,
            shown.top,
            shown.has_mean,
            shown.school_mark,
            shown.nth,
            shown.n,
            shown.shown,
            shown.total,
            shown.squares,
            shown.given,
            shown.whole,
            shown.lt_6,
            shown.le_6,
            shown.ge_8,
                CASE
                    WHEN shown.school_mark THEN shown.shown
                    ELSE NULL::double precision
                END AS marks,
            ((((shown.total / shown.shown) - (1)::double precision) * (100)::double precision) / ((shown.top - 1))::double precision) AS mean,
            ((GREATEST(((shown.shown * shown.squares) - (shown.total * shown.total)), (0)::double precision) / (shown.shown * (shown.shown - (1)::double precision))) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS variance,
            (lees.squared_error(shown.shown, shown.total, shown.squares, (1)::double precision, (shown.top)::double precision) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS error
           FROM shown
        ), compared AS (
         SELECT measured.municipality,
            measured.period,
            measured.channel,
            measured.indicator,
            measured.kind,
            measured.small_group,
            measured.top,
            measured.has_mean,
            measured.school_mark,
            measured.nth,
            measured.n,
            measured.shown,
            measured.total,
            measured.squares,
            measured.given,
            measured.whole,
            measured.lt_6,
            measured.le_6,
            measured.ge_8,
            measured.marks,
            measured.mean,
            measured.variance,
            measured.error,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER previous AS previous,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER year_before AS year_before
           FROM measured
          WINDOW previous AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING), year_before AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 4 PRECEDING AND 4 PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.indicator,
            compared.kind,
            compared.small_group,
            compared.top,
            compared.has_mean,
            compared.school_mark,
            compared.nth,
            compared.n,
            compared.shown,
            compared.total,
            compared.squares,
            compared.given,
            compared.whole,
            compared.lt_6,
            compared.le_6,
            compared.ge_8,
            compared.marks,
            compared.mean,
            compared.variance,
            compared.error,
            compared.previous,
            compared.year_before,
            lees.welch_p((compared.mean - compared.previous[1]), compared.error, compared.shown, compared.previous[2], compared.previous[3]) AS previous_p,
            lees.welch_p((compared.mean - compared.year_before[1]), compared.error, compared.shown, compared.year_before[2], compared.year_before[3]) AS year_before_p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.indicator,
            tested.kind,
            tested.small_group,
            tested.top,
            tested.has_mean,
            tested.school_mark,
            tested.nth,
            tested.n,
            tested.shown,
            tested.total,
            tested.squares,
            tested.given,
            tested.whole,
            tested.lt_6,
            tested.le_6,
            tested.ge_8,
            tested.marks,
            tested.mean,
            tested.variance,
            tested.error,
            tested.previous,
            tested.year_before,
            tested.previous_p,
            tested.year_before_p,
            (tested.previous_p * (((1 + count(tested.previous_p) OVER together) - row_number() OVER previous_rank))::double precision) AS previous_step,
            (tested.year_before_p * (((1 + count(tested.year_before_p) OVER together) - row_number() OVER year_before_rank))::double precision) AS year_before_step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period), previous_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.previous_p), year_before_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.year_before_p)
        ), corrected AS (
         SELECT ranked.municipality,
            ranked.period,
            ranked.channel,
            ranked.indicator,
            ranked.kind,
            ranked.small_group,
            ranked.top,
            ranked.has_mean,
            ranked.school_mark,
            ranked.nth,
            ranked.n,
            ranked.shown,
            ranked.total,
            ranked.squares,
            ranked.given,
            ranked.whole,
            ranked.lt_6,
            ranked.le_6,
            ranked.ge_8,
            ranked.marks,
            ranked.mean,
            ranked.variance,
            ranked.error,
            ranked.previous,
            ranked.year_before,
            ranked.previous_p,
            ranked.year_before_p,
            ranked.previous_step,
            ranked.year_before_step,
                CASE
                    WHEN (ranked.previous_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.previous_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.previous_p))
                    ELSE NULL::double precision
                END AS previous_holm,
                CASE
                    WHEN (ranked.year_before_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.year_before_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.year_before_p))
                    ELSE NULL::double precision
                END AS year_before_holm
           FROM ranked
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS kwartaal,
    figures.channel AS kanaal,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    figures.mean AS gemiddelde_100,
    sqrt(figures.variance) AS standaardafwijking,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_55,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_55_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_55_bovengrens,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((filled_in.complete)::double precision / (NULLIF(filled_in.responses, 0))::double precision)
            ELSE NULL::double precision
        END AS aandeel_volledig,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((invited.spent / NULLIF(invited.issued, (0)::numeric)))::double precision
            ELSE NULL::double precision
        END AS respons,
    (figures.mean - figures.previous[1]) AS verschil_vorige,
    (figures.previous_p < (0.05)::double precision) AS verschil_vorige_significant,
    figures.previous_p AS verschil_vorige_p,
    figures.previous_holm AS verschil_vorige_p_holm,
    lees.findable(figures.error, figures.shown, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    (figures.mean - figures.year_before[1]) AS verschil_vorig_jaar,
    (figures.year_before_p < (0.05)::double precision) AS verschil_vorig_jaar_significant,
    figures.year_before_p AS verschil_vorig_jaar_p,
    figures.year_before_holm AS verschil_vorig_jaar_p_holm,
    lees.findable(figures.error, figures.shown, figures.year_before[2], figures.year_before[3]) AS verschil_vorig_jaar_aantoonbaar,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
    (figures.lt_6)::bigint AS aantal_lt_55,
    (figures.lt_6)::bigint AS aantal_lt_6,
    (figures.le_6)::bigint AS aantal_le_6,
    (figures.ge_8)::bigint AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (((corrected figures
     LEFT JOIN filled_in ON (((filled_in.municipality = figures.municipality) AND (filled_in.period = figures.period) AND (filled_in.channel = figures.channel))))
     LEFT JOIN invited ON (((invited.municipality = figures.municipality) AND (invited.period = figures.period) AND (invited.channel = figures.channel))))
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.indicator_per_kwartaal OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.indicator_per_maand AS
 WITH counted AS (
         SELECT figure.municipality,
            figure.period,
            figure.channel,
            figure.indicator,
            figure.kind,
            figure.given,
            figure.small_group,
            figure.n,
            figure.total,
            figure.squares,
            true AS whole
           FROM lees_molensloot.cijfer figure
          WHERE (figure.grain = 'month'::text)
        ), filled_in AS (
         SELECT told.municipality,
            told.period,
            told.channel,
            told.responses,
            told.complete
           FROM lees_molensloot.deelname told
          WHERE (told.grain = 'month'::text)
        ), invited AS (
         SELECT asked.municipality,
            (date_trunc('month'::text, (asked.day)::timestamp without time zone))::date AS period,
            asked.channel,
            sum(asked.issued) AS issued,
            sum(asked.spent) AS spent
           FROM lees_molensloot.uitnodiging asked
          GROUP BY asked.municipality, ((date_trunc('month'::text, (asked.day)::timestamp without time zone))::date), asked.channel
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.indicator,
            counted.kind,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            kinds.school_mark,
            (((EXTRACT(year FROM counted.period) * (12)::numeric) + EXTRACT(month FROM counted.period)))::integer AS nth,
            counted.n,
                CASE
                    WHEN (counted.n >= 10) THEN (counted.n)::double precision
                    ELSE NULL::double precision
                END AS shown,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            counted.given,
            counted.whole,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]))::double precision
                    ELSE NULL::double precision
                END AS lt_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN ((((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]))::double precision
                    ELSE NULL::double precision
                END AS le_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((counted.given[8] + counted.given[9]) + counted.given[10]))::double precision
                    ELSE NULL::double precision
                END AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) USING (kind))
        ), measured AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.indicator,
            shown.kind,
            shown.small_group,
            shown.top,
            shown.has_mean,
            shown.school_mark,
            shown.nth,
            shown.n,
            shown.shown,
            shown.total,
            shown.squares,
            shown.given,
            shown.whole,
            shown.lt_6,
            shown.le_6,
            shown.ge_8,
                CASE
                    WHEN shown.school_mark THEN shown.shown
                    ELSE NULL::double precision
                END AS marks,
            ((((shown.total / shown.shown) - (1)::double precision) * (100)::double precision) / ((shown.top - 1))::double precision) AS mean,
            ((GREATEST(((shown.shown * shown.squares) - (shown.total * shown.total)), (0)::double precision) / (shown.shown * (shown.shown - (1)::double precision))) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS variance,
            (lees.squared_error(shown.shown, shown.total, shown.squares, (1)::double precision, (shown.top)::double precision) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS error
           FROM shown
        ), compared AS (
         SELECT measured.municipality,
            measured.period,
            measured.channel,
            measured.indicator,
            measured.kind,
            measured.small_group,
            measured.top,
            measured.has_mean,
            measured.school_mark,
            measured.nth,
            measured.n,
            measured.shown,
            measured.total,
            measured.squares,
            measured.given,
            measured.whole,
            measured.lt_6,
            measured.le_6,
            measured.ge_8,
            measured.marks,
            measured.mean,
            measured.variance,
            measured.error,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER previous AS previous,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER year_before AS year_before
           FROM measured
          WINDOW previous AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING), year_before AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 12 PRECEDING AND 12 PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.indicator,
            compared.kind,
            compared.small_group,
            compared.top,
            compared.has_mean,
            compared.school_mark,
            compared.nth,
            compared.n,
            compared.shown,
            compared.total,
            compared.squares,
            compared.given,
            compared.whole,
            compared.lt_6,
            compared.le_6,
            compared.ge_8,
            compared.marks,
            compared.mean,
            compared.variance,
            compared.error,
            compared.previous,
            compared.year_before,
            lees.welch_p((compared.mean - compared.previous[1]), compared.error, compared.shown, compared.previous[2], compared.previous[3]) AS previous_p,
            lees.welch_p((compared.mean - compared.year_before[1]), compared.error, compared.shown, compared.year_before[2], compared.year_before[3]) AS year_before_p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.indicator,
            tested.kind,
            tested.small_group,
            tested.top,
            tested.has_mean,
            tested.school_mark,
            tested.nth,
            tested.n,
            tested.shown,
            tested.total,
            tested.squares,
            tested.given,
            tested.whole,
            tested.lt_6,
            tested.le_6,
            tested.ge_8,
            tested.marks,
            tested.mean,
            tested.variance,
            tested.error,
            tested.previous,
            tested.year_before,
            tested.previous_p,
            tested.year_before_p,
            (tested.previous_p * (((1 + count(tested.previous_p) OVER together) - row_number() OVER previous_rank))::double precision) AS previous_step,
            (tested.year_before_p * (((1 + count(tested.year_before_p) OVER together) - row_number() OVER year_before_rank))::double precision) AS year_before_step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period), previous_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.previous_p), year_before_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.year_before_p)
        ), corrected AS (
         SELECT ranked.municipality,
            ranked.period,
            ranked.channel,
            ranked.indicator,
            ranked.kind,
            ranked.small_group,
            ranked.top,
            ranked.has_mean,
            ranked.school_mark,
            ranked.nth,
            ranked.n,
            ranked.shown,
            ranked.total,
            ranked.squares,
            ranked.given,
            ranked.whole,
            ranked.lt_6,
            ranked.le_6,
            ranked.ge_8,
            ranked.marks,
            ranked.mean,
            ranked.variance,
            ranked.error,
            ranked.previous,
            ranked.year_before,
            ranked.previous_p,
            ranked.year_before_p,
            ranked.previous_step,
            ranked.year_before_step,
                CASE
                    WHEN (ranked.previous_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.previous_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.previous_p))
                    ELSE NULL::double precision
                END AS previous_holm,
                CASE
                    WHEN (ranked.year_before_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.year_before_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.year_before_p))
                    ELSE NULL::double precision
                END AS year_before_holm
           FROM ranked
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS maand,
    figures.channel AS kanaal,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    figures.mean AS gemiddelde_100,
    sqrt(figures.variance) AS standaardafwijking,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_55,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_55_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_55_bovengrens,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((filled_in.complete)::double precision / (NULLIF(filled_in.responses, 0))::double precision)
            ELSE NULL::double precision
        END AS aandeel_volledig,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((invited.spent / NULLIF(invited.issued, (0)::numeric)))::double precision
            ELSE NULL::double precision
        END AS respons,
    (figures.mean - figures.previous[1]) AS verschil_vorige,
    (figures.previous_p < (0.05)::double precision) AS verschil_vorige_significant,
    figures.previous_p AS verschil_vorige_p,
    figures.previous_holm AS verschil_vorige_p_holm,
    lees.findable(figures.error, figures.shown, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    (figures.mean - figures.year_before[1]) AS verschil_vorig_jaar,
    (figures.year_before_p < (0.05)::double precision) AS verschil_vorig_jaar_significant,
    figures.year_before_p AS verschil_vorig_jaar_p,
    figures.year_before_holm AS verschil_vorig_jaar_p_holm,
    lees.findable(figures.error, figures.shown, figures.year_before[2], figures.year_before[3]) AS verschil_vorig_jaar_aantoonbaar,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
    (figures.lt_6)::bigint AS aantal_lt_55,
    (figures.lt_6)::bigint AS aantal_lt_6,
    (figures.le_6)::bigint AS aantal_le_6,
    (figures.ge_8)::bigint AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (((corrected figures
     LEFT JOIN filled_in ON (((filled_in.municipality = figures.municipality) AND (filled_in.period = figures.period) AND (filled_in.channel = figures.channel))))
     LEFT JOIN invited ON (((invited.municipality = figures.municipality) AND (invited.period = figures.period) AND (invited.channel = figures.channel))))
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.indicator_per_maand OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.indicator_per_week AS
 WITH counted AS (
         SELECT figure.municipality,
            figure.period,
            figure.channel,
            figure.indicator,
            figure.kind,
            figure.given,
            figure.small_group,
            figure.n,
            figure.total,
            figure.squares,
            true AS whole
           FROM lees_molensloot.cijfer figure
          WHERE (figure.grain = 'week'::text)
        ), filled_in AS (
         SELECT told.municipality,
            told.period,
            told.channel,
            told.responses,
            told.complete
           FROM lees_molensloot.deelname told
          WHERE (told.grain = 'week'::text)
        ), invited AS (
         SELECT asked.municipality,
            (date_trunc('week'::text, (asked.day)::timestamp without time zone))::date AS period,
            asked.channel,
            sum(asked.issued) AS issued,
            sum(asked.spent) AS spent
           FROM lees_molensloot.uitnodiging asked
          GROUP BY asked.municipality, ((date_trunc('week'::text, (asked.day)::timestamp without time zone))::date), asked.channel
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.indicator,
            counted.kind,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            kinds.school_mark,
            ((counted.period - '2001-01-01'::date) / 7) AS nth,
            counted.n,
                CASE
                    WHEN (counted.n >= 10) THEN (counted.n)::double precision
                    ELSE NULL::double precision
                END AS shown,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            counted.given,
            counted.whole,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]))::double precision
                    ELSE NULL::double precision
                END AS lt_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN ((((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]))::double precision
                    ELSE NULL::double precision
                END AS le_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((counted.given[8] + counted.given[9]) + counted.given[10]))::double precision
                    ELSE NULL::double precision
                END AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) USING (kind))
        ), measured AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.indicator,
            shown.kind,
            shown.small_group,
            shown.top,
            shown.has_mean,
            shown.school_mark,
            shown.nth,
            shown.n,
            shown.shown,
            shown.total,
            shown.squares,
            shown.given,
            shown.whole,
            shown.lt_6,
            shown.le_6,
            shown.ge_8,
                CASE
                    WHEN shown.school_mark THEN shown.shown
                    ELSE NULL::double precision
                END AS marks,
            ((((shown.total / shown.shown) - (1)::double precision) * (100)::double precision) / ((shown.top - 1))::double precision) AS mean,
            ((GREATEST(((shown.shown * shown.squares) - (shown.total * shown.total)), (0)::double precision) / (shown.shown * (shown.shown - (1)::double precision))) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS variance,
            (lees.squared_error(shown.shown, shown.total, shown.squares, (1)::double precision, (shown.top)::double precision) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS error
           FROM shown
        ), compared AS (
         SELECT measured.municipality,
            measured.period,
            measured.channel,
            measured.indicator,
            measured.kind,
            measured.small_group,
            measured.top,
            measured.has_mean,
            measured.school_mark,
            measured.nth,
            measured.n,
            measured.shown,
            measured.total,
            measured.squares,
            measured.given,
            measured.whole,
            measured.lt_6,
            measured.le_6,
            measured.ge_8,
            measured.marks,
            measured.mean,
            measured.variance,
            measured.error,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER previous AS previous,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER year_before AS year_before
           FROM measured
          WINDOW previous AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 1 PRECEDING AND 1 PRECEDING), year_before AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 52 PRECEDING AND 52 PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.indicator,
            compared.kind,
            compared.small_group,
            compared.top,
            compared.has_mean,
            compared.school_mark,
            compared.nth,
            compared.n,
            compared.shown,
            compared.total,
            compared.squares,
            compared.given,
            compared.whole,
            compared.lt_6,
            compared.le_6,
            compared.ge_8,
            compared.marks,
            compared.mean,
            compared.variance,
            compared.error,
            compared.previous,
            compared.year_before,
            lees.welch_p((compared.mean - compared.previous[1]), compared.error, compared.shown, compared.previous[2], compared.previous[3]) AS previous_p,
            lees.welch_p((compared.mean - compared.year_before[1]), compared.error, compared.shown, compared.year_before[2], compared.year_before[3]) AS year_before_p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.indicator,
            tested.kind,
            tested.small_group,
            tested.top,
            tested.has_mean,
            tested.school_mark,
            tested.nth,
            tested.n,
            tested.shown,
            tested.total,
            tested.squares,
            tested.given,
            tested.whole,
            tested.lt_6,
            tested.le_6,
            tested.ge_8,
            tested.marks,
            tested.mean,
            tested.variance,
            tested.error,
            tested.previous,
            tested.year_before,
            tested.previous_p,
            tested.year_before_p,
            (tested.previous_p * (((1 + count(tested.previous_p) OVER together) - row_number() OVER previous_rank))::double precision) AS previous_step,
            (tested.year_before_p * (((1 + count(tested.year_before_p) OVER together) - row_number() OVER year_before_rank))::double precision) AS year_before_step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period), previous_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.previous_p), year_before_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.year_before_p)
        ), corrected AS (
         SELECT ranked.municipality,
            ranked.period,
            ranked.channel,
            ranked.indicator,
            ranked.kind,
            ranked.small_group,
            ranked.top,
            ranked.has_mean,
            ranked.school_mark,
            ranked.nth,
            ranked.n,
            ranked.shown,
            ranked.total,
            ranked.squares,
            ranked.given,
            ranked.whole,
            ranked.lt_6,
            ranked.le_6,
            ranked.ge_8,
            ranked.marks,
            ranked.mean,
            ranked.variance,
            ranked.error,
            ranked.previous,
            ranked.year_before,
            ranked.previous_p,
            ranked.year_before_p,
            ranked.previous_step,
            ranked.year_before_step,
                CASE
                    WHEN (ranked.previous_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.previous_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.previous_p))
                    ELSE NULL::double precision
                END AS previous_holm,
                CASE
                    WHEN (ranked.year_before_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.year_before_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.year_before_p))
                    ELSE NULL::double precision
                END AS year_before_holm
           FROM ranked
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS week,
    figures.channel AS kanaal,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    figures.mean AS gemiddelde_100,
    sqrt(figures.variance) AS standaardafwijking,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_55,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_55_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_55_bovengrens,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((filled_in.complete)::double precision / (NULLIF(filled_in.responses, 0))::double precision)
            ELSE NULL::double precision
        END AS aandeel_volledig,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((invited.spent / NULLIF(invited.issued, (0)::numeric)))::double precision
            ELSE NULL::double precision
        END AS respons,
    (figures.mean - figures.previous[1]) AS verschil_vorige,
    (figures.previous_p < (0.05)::double precision) AS verschil_vorige_significant,
    figures.previous_p AS verschil_vorige_p,
    figures.previous_holm AS verschil_vorige_p_holm,
    lees.findable(figures.error, figures.shown, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    (figures.mean - figures.year_before[1]) AS verschil_vorig_jaar,
    (figures.year_before_p < (0.05)::double precision) AS verschil_vorig_jaar_significant,
    figures.year_before_p AS verschil_vorig_jaar_p,
    figures.year_before_holm AS verschil_vorig_jaar_p_holm,
    lees.findable(figures.error, figures.shown, figures.year_before[2], figures.year_before[3]) AS verschil_vorig_jaar_aantoonbaar,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
    (figures.lt_6)::bigint AS aantal_lt_55,
    (figures.lt_6)::bigint AS aantal_lt_6,
    (figures.le_6)::bigint AS aantal_le_6,
    (figures.ge_8)::bigint AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (((corrected figures
     LEFT JOIN filled_in ON (((filled_in.municipality = figures.municipality) AND (filled_in.period = figures.period) AND (filled_in.channel = figures.channel))))
     LEFT JOIN invited ON (((invited.municipality = figures.municipality) AND (invited.period = figures.period) AND (invited.channel = figures.channel))))
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.indicator_per_week OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.indicator_twaalf_maanden AS
 WITH months AS (
         SELECT known.municipality,
            known.channel,
            known.indicator,
            known.kind,
            (month.period)::date AS period
           FROM (( SELECT figure.municipality,
                    figure.channel,
                    figure.indicator,
                    figure.kind,
                    min(figure.period) AS first,
                    max(max(figure.period)) OVER (PARTITION BY figure.municipality) AS last
                   FROM lees_molensloot.cijfer figure
                  WHERE (figure.grain = 'month'::text)
                  GROUP BY figure.municipality, figure.channel, figure.indicator, figure.kind) known
             CROSS JOIN LATERAL generate_series((known.first)::timestamp with time zone, (known.last)::timestamp with time zone, '1 mon'::interval) month(period))
        ), added AS (
         SELECT months.municipality,
            months.period,
            months.channel,
            months.indicator,
            months.kind,
            ARRAY[(sum(figure.given[1]) OVER twelve)::bigint, (sum(figure.given[2]) OVER twelve)::bigint, (sum(figure.given[3]) OVER twelve)::bigint, (sum(figure.given[4]) OVER twelve)::bigint, (sum(figure.given[5]) OVER twelve)::bigint, (sum(figure.given[6]) OVER twelve)::bigint, (sum(figure.given[7]) OVER twelve)::bigint, (sum(figure.given[8]) OVER twelve)::bigint, (sum(figure.given[9]) OVER twelve)::bigint, (sum(figure.given[10]) OVER twelve)::bigint] AS given,
            bool_or(figure.small_group) OVER twelve AS small_group,
            (sum(figure.n) OVER twelve)::bigint AS n,
            (sum(figure.total) OVER twelve)::bigint AS total,
            (sum(figure.squares) OVER twelve)::bigint AS squares,
            (count(*) OVER twelve = 12) AS whole
           FROM (months
             LEFT JOIN lees_molensloot.cijfer figure ON (((figure.municipality = months.municipality) AND (figure.grain = 'month'::text) AND (figure.period = months.period) AND (figure.channel = months.channel) AND (figure.indicator = months.indicator) AND (figure.kind = months.kind))))
          WINDOW twelve AS (PARTITION BY months.municipality, months.channel, months.indicator, months.kind ORDER BY months.period ROWS BETWEEN 11 PRECEDING AND CURRENT ROW)
        ), counted AS (
         SELECT added.municipality,
            added.period,
            added.channel,
            added.indicator,
            added.kind,
            added.given,
            added.small_group,
            added.n,
            added.total,
            added.squares,
            added.whole
           FROM added
          WHERE (added.n IS NOT NULL)
        ), filled_in AS (
         SELECT told.municipality,
            ((told.period + ((later.later)::double precision * '1 mon'::interval)))::date AS period,
            told.channel,
            (sum(told.responses))::bigint AS responses,
            (sum(told.complete))::bigint AS complete
           FROM (lees_molensloot.deelname told
             CROSS JOIN generate_series(0, 11) later(later))
          WHERE (told.grain = 'month'::text)
          GROUP BY told.municipality, (((told.period + ((later.later)::double precision * '1 mon'::interval)))::date), told.channel
        ), invited AS (
         SELECT asked.municipality,
            ((asked.month + ((later.later)::double precision * '1 mon'::interval)))::date AS period,
            asked.channel,
            sum(asked.issued) AS issued,
            sum(asked.spent) AS spent
           FROM (( SELECT links.municipality,
                    date_trunc('month'::text, (links.day)::timestamp without time zone) AS month,
                    links.channel,
                    sum(links.issued) AS issued,
                    sum(links.spent) AS spent
                   FROM lees_molensloot.uitnodiging links
                  GROUP BY links.municipality, (date_trunc('month'::text, (links.day)::timestamp without time zone)), links.channel) asked
             CROSS JOIN generate_series(0, 11) later(later))
          GROUP BY asked.municipality, (((asked.month + ((later.later)::double precision * '1 mon'::interval)))::date), asked.channel
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.indicator,
            counted.kind,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            kinds.school_mark,
            (((EXTRACT(year FROM counted.period) * (12)::numeric) + EXTRACT(month FROM counted.period)))::integer AS nth,
            counted.n,
                CASE
                    WHEN (counted.n >= 10) THEN (counted.n)::double precision
                    ELSE NULL::double precision
                END AS shown,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            counted.given,
            counted.whole,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]))::double precision
                    ELSE NULL::double precision
                END AS lt_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN ((((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]))::double precision
                    ELSE NULL::double precision
                END AS le_6,
                CASE
                    WHEN (kinds.school_mark AND (counted.n >= 10)) THEN (((counted.given[8] + counted.given[9]) + counted.given[10]))::double precision
                    ELSE NULL::double precision
                END AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) USING (kind))
        ), measured AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.indicator,
            shown.kind,
            shown.small_group,
            shown.top,
            shown.has_mean,
            shown.school_mark,
            shown.nth,
            shown.n,
            shown.shown,
            shown.total,
            shown.squares,
            shown.given,
            shown.whole,
            shown.lt_6,
            shown.le_6,
            shown.ge_8,
                CASE
                    WHEN shown.school_mark THEN shown.shown
                    ELSE NULL::double precision
                END AS marks,
            ((((shown.total / shown.shown) - (1)::double precision) * (100)::double precision) / ((shown.top - 1))::double precision) AS mean,
            ((GREATEST(((shown.shown * shown.squares) - (shown.total * shown.total)), (0)::double precision) / (shown.shown * (shown.shown - (1)::double precision))) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS variance,
            (lees.squared_error(shown.shown, shown.total, shown.squares, (1)::double precision, (shown.top)::double precision) * (((100.0 / ((shown.top - 1))::numeric) ^ (2)::numeric))::double precision) AS error
           FROM shown
        ), compared AS (
         SELECT measured.municipality,
            measured.period,
            measured.channel,
            measured.indicator,
            measured.kind,
            measured.small_group,
            measured.top,
            measured.has_mean,
            measured.school_mark,
            measured.nth,
            measured.n,
            measured.shown,
            measured.total,
            measured.squares,
            measured.given,
            measured.whole,
            measured.lt_6,
            measured.le_6,
            measured.ge_8,
            measured.marks,
            measured.mean,
            measured.variance,
            measured.error,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER previous AS previous,
            first_value(
                CASE
                    WHEN measured.whole THEN ARRAY[measured.mean, measured.error, measured.shown]
                    ELSE NULL::double precision[]
                END) OVER year_before AS year_before
           FROM measured
          WINDOW previous AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 12 PRECEDING AND 12 PRECEDING), year_before AS (PARTITION BY measured.municipality, measured.channel, measured.indicator, measured.kind ORDER BY measured.nth RANGE BETWEEN 12 PRECEDING AND 12 PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.indicator,
            compared.kind,
            compared.small_group,
            compared.top,
            compared.has_mean,
            compared.school_mark,
            compared.nth,
            compared.n,
            compared.shown,
            compared.total,
            compared.squares,
            compared.given,
            compared.whole,
            compared.lt_6,
            compared.le_6,
            compared.ge_8,
            compared.marks,
            compared.mean,
            compared.variance,
            compared.error,
            compared.previous,
            compared.year_before,
            lees.welch_p((compared.mean - compared.previous[1]), compared.error, compared.shown, compared.previous[2], compared.previous[3]) AS previous_p,
            lees.welch_p((compared.mean - compared.year_before[1]), compared.error, compared.shown, compared.year_before[2], compared.year_before[3]) AS year_before_p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.indicator,
            tested.kind,
            tested.small_group,
            tested.top,
            tested.has_mean,
            tested.school_mark,
            tested.nth,
            tested.n,
            tested.shown,
            tested.total,
            tested.squares,
            tested.given,
            tested.whole,
            tested.lt_6,
            tested.le_6,
            tested.ge_8,
            tested.marks,
            tested.mean,
            tested.variance,
            tested.error,
            tested.previous,
            tested.year_before,
            tested.previous_p,
            tested.year_before_p,
            (tested.previous_p * (((1 + count(tested.previous_p) OVER together) - row_number() OVER previous_rank))::double precision) AS previous_step,
            (tested.year_before_p * (((1 + count(tested.year_before_p) OVER together) - row_number() OVER year_before_rank))::double precision) AS year_before_step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period), previous_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.previous_p), year_before_rank AS (PARTITION BY tested.municipality, tested.period ORDER BY tested.year_before_p)
        ), corrected AS (
         SELECT ranked.municipality,
            ranked.period,
            ranked.channel,
            ranked.indicator,
            ranked.kind,
            ranked.small_group,
            ranked.top,
            ranked.has_mean,
            ranked.school_mark,
            ranked.nth,
            ranked.n,
            ranked.shown,
            ranked.total,
            ranked.squares,
            ranked.given,
            ranked.whole,
            ranked.lt_6,
            ranked.le_6,
            ranked.ge_8,
            ranked.marks,
            ranked.mean,
            ranked.variance,
            ranked.error,
            ranked.previous,
            ranked.year_before,
            ranked.previous_p,
            ranked.year_before_p,
            ranked.previous_step,
            ranked.year_before_step,
                CASE
                    WHEN (ranked.previous_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.previous_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.previous_p))
                    ELSE NULL::double precision
                END AS previous_holm,
                CASE
                    WHEN (ranked.year_before_p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.year_before_step) OVER (PARTITION BY ranked.municipality, ranked.period ORDER BY ranked.year_before_p))
                    ELSE NULL::double precision
                END AS year_before_holm
           FROM ranked
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS maand,
    figures.channel AS kanaal,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    figures.mean AS gemiddelde_100,
    sqrt(figures.variance) AS standaardafwijking,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_55,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_55_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_55_bovengrens,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((filled_in.complete)::double precision / (NULLIF(filled_in.responses, 0))::double precision)
            ELSE NULL::double precision
        END AS aandeel_volledig,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN ((invited.spent / NULLIF(invited.issued, (0)::numeric)))::double precision
            ELSE NULL::double precision
        END AS respons,
    (figures.mean - figures.previous[1]) AS verschil_vorige,
    (figures.previous_p < (0.05)::double precision) AS verschil_vorige_significant,
    figures.previous_p AS verschil_vorige_p,
    figures.previous_holm AS verschil_vorige_p_holm,
    lees.findable(figures.error, figures.shown, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    (figures.mean - figures.year_before[1]) AS verschil_vorig_jaar,
    (figures.year_before_p < (0.05)::double precision) AS verschil_vorig_jaar_significant,
    figures.year_before_p AS verschil_vorig_jaar_p,
    figures.year_before_holm AS verschil_vorig_jaar_p_holm,
    lees.findable(figures.error, figures.shown, figures.year_before[2], figures.year_before[3]) AS verschil_vorig_jaar_aantoonbaar,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
    (figures.lt_6)::bigint AS aantal_lt_55,
    (figures.lt_6)::bigint AS aantal_lt_6,
    (figures.le_6)::bigint AS aantal_le_6,
    (figures.ge_8)::bigint AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (((corrected figures
     LEFT JOIN filled_in ON (((filled_in.municipality = figures.municipality) AND (filled_in.period = figures.period) AND (filled_in.channel = figures.channel))))
     LEFT JOIN invited ON (((invited.municipality = figures.municipality) AND (invited.period = figures.period) AND (invited.channel = figures.channel))))
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.indicator_twaalf_maanden OWNER TO meetpunt_views;

CREATE TABLE lees.kanaalwissel (
    municipality text NOT NULL,
    quarter date NOT NULL,
    channel text NOT NULL,
    part text NOT NULL,
    code text NOT NULL,
    n bigint,
    small_group boolean NOT NULL,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT kanaalwissel_n_check CHECK ((n >= 10)),
    CONSTRAINT kanaalwissel_part_check CHECK ((part = ANY (ARRAY['gevraagd'::text, 'eerder'::text, 'kanaal'::text, 'reden'::text]))),
    CONSTRAINT kanaalwissel_quarter_check CHECK (((EXTRACT(day FROM quarter) = (1)::numeric) AND (EXTRACT(month FROM quarter) = ANY (ARRAY[(1)::numeric, (4)::numeric, (7)::numeric, (10)::numeric]))))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.kanaalwissel FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.kanaalwissel OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.kanaalwissel (
    municipality text NOT NULL,
    quarter date NOT NULL,
    channel text NOT NULL,
    part text NOT NULL,
    code text NOT NULL,
    n bigint,
    small_group boolean NOT NULL,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT kanaalwissel_n_check CHECK ((n >= 10)),
    CONSTRAINT kanaalwissel_part_check CHECK ((part = ANY (ARRAY['gevraagd'::text, 'eerder'::text, 'kanaal'::text, 'reden'::text]))),
    CONSTRAINT kanaalwissel_quarter_check CHECK (((EXTRACT(day FROM quarter) = (1)::numeric) AND (EXTRACT(month FROM quarter) = ANY (ARRAY[(1)::numeric, (4)::numeric, (7)::numeric, (10)::numeric]))))
);

ALTER TABLE ONLY lees_molensloot.kanaalwissel FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.kanaalwissel OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.kanaalwissel_per_kwartaal AS
 WITH told AS (
         SELECT row_.municipality,
            row_.quarter,
            row_.channel,
            row_.part,
            row_.code,
            row_.n,
            row_.small_group,
            row_.told_at,
            max(row_.n) FILTER (WHERE (row_.part = 'gevraagd'::text)) OVER cell AS answered,
            max(row_.n) FILTER (WHERE (row_.part = 'eerder'::text)) OVER cell AS tried
           FROM lees_molensloot.kanaalwissel row_
          WINDOW cell AS (PARTITION BY row_.municipality, row_.quarter, row_.channel)
        ), shares AS (
         SELECT told.municipality,
            told.quarter,
            told.channel,
            told.small_group,
            told.told_at,
                CASE told.part
                    WHEN 'gevraagd'::text THEN 'totaal'::text
                    ELSE told.part
                END AS part,
            NULLIF(told.code, ''::text) AS code,
                CASE told.part
                    WHEN 'gevraagd'::text THEN told.answered
                    ELSE told.tried
                END AS n,
                CASE told.part
                    WHEN 'gevraagd'::text THEN told.tried
                    ELSE told.n
                END AS hits
           FROM told
          WHERE (told.part <> 'eerder'::text)
        ), counted AS (
         SELECT shares.municipality,
            shares.quarter,
            shares.channel,
            shares.small_group,
            shares.told_at,
            shares.part,
            shares.code,
            shares.n,
            shares.hits,
                CASE
                    WHEN (shares.hits IS NOT NULL) THEN shares.n
                    ELSE NULL::bigint
                END AS shown
           FROM shares
        )
 SELECT municipality AS gemeente_code,
    quarter AS kwartaal,
    channel AS kanaal,
    part AS onderdeel,
    code AS waarde,
    n,
    hits AS aantal,
    ((hits)::double precision / (n)::double precision) AS aandeel,
    lees.wilson_low((hits)::double precision, (shown)::double precision) AS ondergrens_95,
    lees.wilson_high((hits)::double precision, (shown)::double precision) AS bovengrens_95,
    (hits IS NULL) AS te_weinig,
    small_group AS kleine_groep,
    told_at AS peilmoment
   FROM counted;

ALTER VIEW bi_molensloot.kanaalwissel_per_kwartaal OWNER TO meetpunt_views;

CREATE TABLE lees.kengetal (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    product text NOT NULL,
    measure text NOT NULL,
    value double precision,
    n bigint,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT kengetal_check CHECK (((grain = 'day'::text) OR (EXTRACT(day FROM period) = (1)::numeric))),
    CONSTRAINT kengetal_grain_check CHECK ((grain = ANY (ARRAY['day'::text, 'month'::text]))),
    CONSTRAINT kengetal_n_check CHECK (((n > 0) AND (n <= '1000000000000'::bigint))),
    CONSTRAINT kengetal_told_at_check CHECK (isfinite(told_at)),
    CONSTRAINT kengetal_value_check CHECK (((value >= (0)::double precision) AND (value <= ('1000000000000'::numeric)::double precision)))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.kengetal FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.kengetal OWNER TO meetpunt_owner;

CREATE TABLE lees.norm (
    municipality text NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    product text NOT NULL,
    measure text NOT NULL,
    value double precision NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.norm OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.kengetal (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    product text NOT NULL,
    measure text NOT NULL,
    value double precision,
    n bigint,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT kengetal_check CHECK (((grain = 'day'::text) OR (EXTRACT(day FROM period) = (1)::numeric))),
    CONSTRAINT kengetal_grain_check CHECK ((grain = ANY (ARRAY['day'::text, 'month'::text]))),
    CONSTRAINT kengetal_n_check CHECK (((n > 0) AND (n <= '1000000000000'::bigint))),
    CONSTRAINT kengetal_told_at_check CHECK (isfinite(told_at)),
    CONSTRAINT kengetal_value_check CHECK (((value >= (0)::double precision) AND (value <= ('1000000000000'::numeric)::double precision)))
);

ALTER TABLE ONLY lees_molensloot.kengetal FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.kengetal OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.norm (
    municipality text NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    product text NOT NULL,
    measure text NOT NULL,
    value double precision NOT NULL
);

ALTER TABLE lees_molensloot.norm OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.kengetal_per_kwartaal AS
 WITH told AS (
         SELECT figure.municipality,
            figure.channel,
            figure.department,
            figure.product,
            figure.measure,
            measures.is_stock,
            measures.unit,
            measures.lower_is_better,
            (date_trunc('month'::text, (figure.period)::timestamp without time zone))::date AS month,
            (figure.grain = 'month'::text) AS whole,
            figure.period,
            figure.value,
            figure.n,
            figure.told_at
           FROM (lees_molensloot.kengetal figure
             JOIN ( VALUES ('afhandeltijd'::text,'Afhandeltijd'::text,'dagen'::text,1,true,false), ('binnen_norm'::text,'Afgehandeld binnen de norm'::text,'aandeel'::text,2,false,false), ('werkvoorraad'::text,'Werkvoorraad'::text,'zaken'::text,3,true,true), ('wachttijd'::text,'Wachttijd'::text,'minuten'::text,4,true,false), ('herhaalcontact'::text,'Herhaalcontact'::text,'aandeel'::text,5,true,false), ('teruggebeld_binnen_twee_dagen'::text,'Teruggebeld binnen twee dagen'::text,'aandeel'::text,6,false,false)) measures(measure, name, unit, "position", lower_is_better, is_stock) ON ((measures.measure = figure.measure)))
          WHERE (figure.value IS NOT NULL)
        ), months AS (
         SELECT told.municipality,
            told.channel,
            told.department,
            told.product,
            told.measure,
            told.is_stock,
            told.unit,
            told.lower_is_better,
            told.month,
            COALESCE(max(told.value) FILTER (WHERE told.whole),
                CASE
                    WHEN told.is_stock THEN (array_agg(told.value ORDER BY told.period DESC))[1]
                    ELSE (sum((told.value * (told.n)::double precision)) / (sum(told.n))::double precision)
                END) AS value,
            (COALESCE((max(told.n) FILTER (WHERE told.whole))::numeric, sum(told.n)))::bigint AS n,
            max(told.told_at) AS told_at
           FROM told
          GROUP BY told.municipality, told.channel, told.department, told.product, told.measure, told.is_stock, told.unit, told.lower_is_better, told.month
        ), figures AS (
         SELECT months.municipality,
            months.channel,
            months.department,
            months.product,
            months.measure,
            months.unit,
            months.lower_is_better,
            (date_trunc('quarter'::text, (months.month)::timestamp without time zone))::date AS period,
                CASE
                    WHEN months.is_stock THEN (array_agg(months.value ORDER BY months.month DESC))[1]
                    ELSE (sum((months.value * (months.n)::double precision)) / (sum(months.n))::double precision)
                END AS value,
            (sum(months.n))::bigint AS n,
            count(*) AS months,
            max(months.told_at) AS told_at
           FROM months
          GROUP BY months.municipality, months.channel, months.department, months.product, months.measure, months.is_stock, months.unit, months.lower_is_better, ((date_trunc('quarter'::text, (months.month)::timestamp without time zone))::date)
        ), cells AS (
         SELECT cell.municipality,
            cell.touchpoint,
            cell.product,
            cell.month,
            sum(((((((((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5]) + cell.given[6]) + cell.given[7]) + cell.given[8]) + cell.given[9]) + cell.given[10]))::integer) AS n,
            sum(((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10])))::integer) AS total,
            sum(((((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5]) + cell.given[6]))::integer) AS le_6,
            bool_or(cell.small_group) AS small_group
           FROM lees_molensloot.cijfer_uitgesplitst cell
          WHERE ((cell.indicator = 'tevredenheid'::text) AND (cell.kind = 'mark'::text) AND ((cell.municipality, cell.touchpoint) IN ( SELECT touchpoint.municipality,
                    touchpoint.number
                   FROM (lees_molensloot.dim_meetpunt touchpoint
                     JOIN figures figures_1 ON (((figures_1.municipality = touchpoint.municipality) AND (figures_1.channel = touchpoint.channel))))
                  WHERE ((figures_1.department <> ''::text) OR (figures_1.product <> ''::text)))))
          GROUP BY cell.municipality, cell.touchpoint, cell.product, cell.month
        ), parts AS MATERIALIZED (
         SELECT told.municipality,
            told.touchpoint,
            told.product,
            told.channel,
            part.department,
            part.product AS of_product
           FROM ((( SELECT DISTINCT cells.municipality,
                    cells.touchpoint,
                    cells.product,
                    touchpoint.slug,
                    touchpoint.channel
                   FROM (cells
                     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cells.municipality) AND (touchpoint.number = cells.touchpoint))))) told
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = told.municipality) AND ((told.slug = ANY (fits.touchpoints)) OR (told.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) own ON (true))
             JOIN ( SELECT DISTINCT figures_1.municipality,
                    figures_1.channel,
                    figures_1.department,
                    figures_1.product
                   FROM figures figures_1
                  WHERE ((figures_1.department <> ''::text) OR (figures_1.product <> ''::text))) part ON (((part.municipality = told.municipality) AND (part.channel = told.channel) AND ((part.department = ''::text) OR (part.department = own.slug)) AND ((part.product = ''::text) OR (part.product = told.product)))))
        ), given AS (
         SELECT counted.municipality,
            counted.channel,
            ''::text AS department,
            ''::text AS product,
            counted.period AS month,
            counted.n,
            counted.total,
            (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]) AS le_6,
            counted.small_group
           FROM lees_molensloot.cijfer counted
          WHERE ((counted.grain = 'month'::text) AND (counted.indicator = 'tevredenheid'::text) AND (counted.kind = 'mark'::text))
        UNION ALL
         SELECT cells.municipality,
            parts.channel,
            parts.department,
            parts.of_product,
            cells.month,
            cells.n,
            cells.total,
            cells.le_6,
            cells.small_group
           FROM (cells
             JOIN parts ON (((parts.municipality = cells.municipality) AND (parts.touchpoint = cells.touchpoint) AND (parts.product = cells.product))))
        ), marks AS (
         SELECT given.municipality,
            given.channel,
            given.department,
            given.product,
            (date_trunc('quarter'::text, (given.month)::timestamp without time zone))::date AS period,
            (sum(given.n))::bigint AS n,
                CASE
                    WHEN (sum(given.n) >= (10)::numeric) THEN (sum(given.n))::double precision
                    ELSE NULL::double precision
                END AS shown,
            (sum(given.total))::double precision AS total,
            (sum(given.le_6))::double precision AS le_6,
            bool_or(given.small_group) AS small_group
           FROM given
          GROUP BY given.municipality, given.channel, given.department, given.product, ((date_trunc('quarter'::text, (given.month)::timestamp without time zone))::date)
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS kwartaal,
    figures.channel AS kanaal,
    NULLIF(figures.department, ''::text) AS afdeling,
    ((figures.municipality || '/'::text) || NULLIF(figures.department, ''::text)) AS afdeling_sleutel,
    NULLIF(figures.product, ''::text) AS product,
    figures.measure AS kengetal,
    figures.unit AS eenheid,
    figures.value AS waarde,
    figures.n,
    figures.months AS maanden,
    agreed.value AS norm,
        CASE
            WHEN figures.lower_is_better THEN (figures.value <= agreed.value)
            ELSE (figures.value >= agreed.value)
        END AS norm_gehaald,
    COALESCE(marks.n, (0)::bigint) AS cijfer_n,
    (marks.shown IS NULL) AS te_weinig,
    (marks.total / marks.shown) AS cijfer_gemiddelde,
    (marks.le_6 / marks.shown) AS cijfer_aandeel_le_6,
    COALESCE(marks.small_group, false) AS kleine_groep,
    figures.told_at AS peilmoment
   FROM ((figures
     LEFT JOIN marks ON (((marks.municipality = figures.municipality) AND (marks.channel = figures.channel) AND (marks.department = figures.department) AND (marks.product = figures.product) AND (marks.period = figures.period))))
     LEFT JOIN LATERAL ( SELECT norm.value
           FROM lees_molensloot.norm norm
          WHERE ((norm.municipality = figures.municipality) AND (norm.channel = figures.channel) AND (norm.measure = figures.measure) AND (norm.product = ANY (ARRAY[''::text, figures.product])) AND (norm.department = ANY (ARRAY[''::text, figures.department])))
          ORDER BY (norm.product = ''::text), (norm.department = ''::text)
         LIMIT 1) agreed ON (true));

ALTER VIEW bi_molensloot.kengetal_per_kwartaal OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.kengetal_per_maand AS
 WITH told AS (
         SELECT figure.municipality,
            figure.channel,
            figure.department,
            figure.product,
            figure.measure,
            measures.is_stock,
            measures.unit,
            measures.lower_is_better,
            (date_trunc('month'::text, (figure.period)::timestamp without time zone))::date AS month,
            (figure.grain = 'month'::text) AS whole,
            figure.period,
            figure.value,
            figure.n,
            figure.told_at
           FROM (lees_molensloot.kengetal figure
             JOIN ( VALUES ('afhandeltijd'::text,'Afhandeltijd'::text,'dagen'::text,1,true,false), ('binnen_norm'::text,'Afgehandeld binnen de norm'::text,'aandeel'::text,2,false,false), ('werkvoorraad'::text,'Werkvoorraad'::text,'zaken'::text,3,true,true), ('wachttijd'::text,'Wachttijd'::text,'minuten'::text,4,true,false), ('herhaalcontact'::text,'Herhaalcontact'::text,'aandeel'::text,5,true,false), ('teruggebeld_binnen_twee_dagen'::text,'Teruggebeld binnen twee dagen'::text,'aandeel'::text,6,false,false)) measures(measure, name, unit, "position", lower_is_better, is_stock) ON ((measures.measure = figure.measure)))
          WHERE (figure.value IS NOT NULL)
        ), months AS (
         SELECT told.municipality,
            told.channel,
            told.department,
            told.product,
            told.measure,
            told.is_stock,
            told.unit,
            told.lower_is_better,
            told.month,
            COALESCE(max(told.value) FILTER (WHERE told.whole),
                CASE
                    WHEN told.is_stock THEN (array_agg(told.value ORDER BY told.period DESC))[1]
                    ELSE (sum((told.value * (told.n)::double precision)) / (sum(told.n))::double precision)
                END) AS value,
            (COALESCE((max(told.n) FILTER (WHERE told.whole))::numeric, sum(told.n)))::bigint AS n,
            max(told.told_at) AS told_at
           FROM told
          GROUP BY told.municipality, told.channel, told.department, told.product, told.measure, told.is_stock, told.unit, told.lower_is_better, told.month
        ), figures AS (
         SELECT months.municipality,
            months.channel,
            months.department,
            months.product,
            months.measure,
            months.unit,
            months.lower_is_better,
            months.month AS period,
                CASE
                    WHEN months.is_stock THEN (array_agg(months.value ORDER BY months.month DESC))[1]
                    ELSE (sum((months.value * (months.n)::double precision)) / (sum(months.n))::double precision)
                END AS value,
            (sum(months.n))::bigint AS n,
            count(*) AS months,
            max(months.told_at) AS told_at
           FROM months
          GROUP BY months.municipality, months.channel, months.department, months.product, months.measure, months.is_stock, months.unit, months.lower_is_better, months.month
        ), cells AS (
         SELECT cell.municipality,
            cell.touchpoint,
            cell.product,
            cell.month,
            sum(((((((((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5]) + cell.given[6]) + cell.given[7]) + cell.given[8]) + cell.given[9]) + cell.given[10]))::integer) AS n,
            sum(((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10])))::integer) AS total,
            sum(((((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5]) + cell.given[6]))::integer) AS le_6,
            bool_or(cell.small_group) AS small_group
           FROM lees_molensloot.cijfer_uitgesplitst cell
          WHERE ((cell.indicator = 'tevredenheid'::text) AND (cell.kind = 'mark'::text) AND ((cell.municipality, cell.touchpoint) IN ( SELECT touchpoint.municipality,
                    touchpoint.number
                   FROM (lees_molensloot.dim_meetpunt touchpoint
                     JOIN figures figures_1 ON (((figures_1.municipality = touchpoint.municipality) AND (figures_1.channel = touchpoint.channel))))
                  WHERE ((figures_1.department <> ''::text) OR (figures_1.product <> ''::text)))))
          GROUP BY cell.municipality, cell.touchpoint, cell.product, cell.month
        ), parts AS MATERIALIZED (
         SELECT told.municipality,
            told.touchpoint,
            told.product,
            told.channel,
            part.department,
            part.product AS of_product
           FROM ((( SELECT DISTINCT cells.municipality,
                    cells.touchpoint,
                    cells.product,
                    touchpoint.slug,
                    touchpoint.channel
                   FROM (cells
                     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cells.municipality) AND (touchpoint.number = cells.touchpoint))))) told
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = told.municipality) AND ((told.slug = ANY (fits.touchpoints)) OR (told.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) own ON (true))
             JOIN ( SELECT DISTINCT figures_1.municipality,
                    figures_1.channel,
                    figures_1.department,
                    figures_1.product
                   FROM figures figures_1
                  WHERE ((figures_1.department <> ''::text) OR (figures_1.product <> ''::text))) part ON (((part.municipality = told.municipality) AND (part.channel = told.channel) AND ((part.department = ''::text) OR (part.department = own.slug)) AND ((part.product = ''::text) OR (part.product = told.product)))))
        ), given AS (
         SELECT counted.municipality,
            counted.channel,
            ''::text AS department,
            ''::text AS product,
            counted.period AS month,
            counted.n,
            counted.total,
            (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]) AS le_6,
            counted.small_group
           FROM lees_molensloot.cijfer counted
          WHERE ((counted.grain = 'month'::text) AND (counted.indicator = 'tevredenheid'::text) AND (counted.kind = 'mark'::text))
        UNION ALL
         SELECT cells.municipality,
            parts.channel,
            parts.department,
            parts.of_product,
            cells.month,
            cells.n,
            cells.total,
            cells.le_6,
            cells.small_group
           FROM (cells
             JOIN parts ON (((parts.municipality = cells.municipality) AND (parts.touchpoint = cells.touchpoint) AND (parts.product = cells.product))))
        ), marks AS (
         SELECT given.municipality,
            given.channel,
            given.department,
            given.product,
            given.month AS period,
            (sum(given.n))::bigint AS n,
                CASE
                    WHEN (sum(given.n) >= (10)::numeric) THEN (sum(given.n))::double precision
                    ELSE NULL::double precision
                END AS shown,
            (sum(given.total))::double precision AS total,
            (sum(given.le_6))::double precision AS le_6,
            bool_or(given.small_group) AS small_group
           FROM given
          GROUP BY given.municipality, given.channel, given.department, given.product, given.month
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS maand,
    figures.channel AS kanaal,
    NULLIF(figures.department, ''::text) AS afdeling,
    ((figures.municipality || '/'::text) || NULLIF(figures.department, ''::text)) AS afdeling_sleutel,
    NULLIF(figures.product, ''::text) AS product,
    figures.measure AS kengetal,
    figures.unit AS eenheid,
    figures.value AS waarde,
    figures.n,
    figures.months AS maanden,
    agreed.value AS norm,
        CASE
            WHEN figures.lower_is_better THEN (figures.value <= agreed.value)
            ELSE (figures.value >= agreed.value)
        END AS norm_gehaald,
    COALESCE(marks.n, (0)::bigint) AS cijfer_n,
    (marks.shown IS NULL) AS te_weinig,
    (marks.total / marks.shown) AS cijfer_gemiddelde,
    (marks.le_6 / marks.shown) AS cijfer_aandeel_le_6,
    COALESCE(marks.small_group, false) AS kleine_groep,
    figures.told_at AS peilmoment
   FROM ((figures
     LEFT JOIN marks ON (((marks.municipality = figures.municipality) AND (marks.channel = figures.channel) AND (marks.department = figures.department) AND (marks.product = figures.product) AND (marks.period = figures.period))))
     LEFT JOIN LATERAL ( SELECT norm.value
           FROM lees_molensloot.norm norm
          WHERE ((norm.municipality = figures.municipality) AND (norm.channel = figures.channel) AND (norm.measure = figures.measure) AND (norm.product = ANY (ARRAY[''::text, figures.product])) AND (norm.department = ANY (ARRAY[''::text, figures.department])))
          ORDER BY (norm.product = ''::text), (norm.department = ''::text)
         LIMIT 1) agreed ON (true));

ALTER VIEW bi_molensloot.kengetal_per_maand OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.kengetal_samenhang AS
 WITH told AS (
         SELECT figure.municipality,
            figure.channel,
            figure.department,
            figure.product,
            figure.measure,
            measures.is_stock,
            measures.unit,
            measures.lower_is_better,
            (date_trunc('month'::text, (figure.period)::timestamp without time zone))::date AS month,
            (figure.grain = 'month'::text) AS whole,
            figure.period,
            figure.value,
            figure.n,
            figure.told_at
           FROM (lees_molensloot.kengetal figure
             JOIN ( VALUES ('afhandeltijd'::text,'Afhandeltijd'::text,'dagen'::text,1,true,false), ('binnen_norm'::text,'Afgehandeld binnen de norm'::text,'aandeel'::text,2,false,false), ('werkvoorraad'::text,'Werkvoorraad'::text,'zaken'::text,3,true,true), ('wachttijd'::text,'Wachttijd'::text,'minuten'::text,4,true,false), ('herhaalcontact'::text,'Herhaalcontact'::text,'aandeel'::text,5,true,false), ('teruggebeld_binnen_twee_dagen'::text,'Teruggebeld binnen twee dagen'::text,'aandeel'::text,6,false,false)) measures(measure, name, unit, "position", lower_is_better, is_stock) ON ((measures.measure = figure.measure)))
          WHERE (figure.value IS NOT NULL)
        ), months AS (
         SELECT told.municipality,
            told.channel,
            told.department,
            told.product,
            told.measure,
            told.is_stock,
            told.unit,
            told.lower_is_better,
            told.month,
            COALESCE(max(told.value) FILTER (WHERE told.whole),
                CASE
                    WHEN told.is_stock THEN (array_agg(told.value ORDER BY told.period DESC))[1]
                    ELSE (sum((told.value * (told.n)::double precision)) / (sum(told.n))::double precision)
                END) AS value,
            (COALESCE((max(told.n) FILTER (WHERE told.whole))::numeric, sum(told.n)))::bigint AS n,
            max(told.told_at) AS told_at
           FROM told
          GROUP BY told.municipality, told.channel, told.department, told.product, told.measure, told.is_stock, told.unit, told.lower_is_better, told.month
        ), figures AS (
         SELECT months.municipality,
            months.channel,
            months.department,
            months.product,
            months.measure,
            months.unit,
            months.lower_is_better,
            months.month AS period,
                CASE
                    WHEN months.is_stock THEN (array_agg(months.value ORDER BY months.month DESC))[1]
                    ELSE (sum((months.value * (months.n)::double precision)) / (sum(months.n))::double precision)
                END AS value,
            (sum(months.n))::bigint AS n,
            count(*) AS months,
            max(months.told_at) AS told_at
           FROM months
          GROUP BY months.municipality, months.channel, months.department, months.product, months.measure, months.is_stock, months.unit, months.lower_is_better, months.month
        ), cells AS (
         SELECT cell.municipality,
            cell.touchpoint,
            cell.product,
            cell.month,
            sum(((((((((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5]) + cell.given[6]) + cell.given[7]) + cell.given[8]) + cell.given[9]) + cell.given[10]))::integer) AS n,
            sum(((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10])))::integer) AS total,
            sum(((((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5]) + cell.given[6]))::integer) AS le_6,
            bool_or(cell.small_group) AS small_group
           FROM lees_molensloot.cijfer_uitgesplitst cell
          WHERE ((cell.indicator = 'tevredenheid'::text) AND (cell.kind = 'mark'::text) AND ((cell.municipality, cell.touchpoint) IN ( SELECT touchpoint.municipality,
                    touchpoint.number
                   FROM (lees_molensloot.dim_meetpunt touchpoint
                     JOIN figures ON (((figures.municipality = touchpoint.municipality) AND (figures.channel = touchpoint.channel))))
                  WHERE ((figures.department <> ''::text) OR (figures.product <> ''::text)))))
          GROUP BY cell.municipality, cell.touchpoint, cell.product, cell.month
        ), parts AS MATERIALIZED (
         SELECT told.municipality,
            told.touchpoint,
            told.product,
            told.channel,
            part.department,
            part.product AS of_product
           FROM ((( SELECT DISTINCT cells.municipality,
                    cells.touchpoint,
                    cells.product,
                    touchpoint.slug,
                    touchpoint.channel
                   FROM (cells
                     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cells.municipality) AND (touchpoint.number = cells.touchpoint))))) told
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = told.municipality) AND ((told.slug = ANY (fits.touchpoints)) OR (told.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) own ON (true))
             JOIN ( SELECT DISTINCT figures.municipality,
                    figures.channel,
                    figures.department,
                    figures.product
                   FROM figures
                  WHERE ((figures.department <> ''::text) OR (figures.product <> ''::text))) part ON (((part.municipality = told.municipality) AND (part.channel = told.channel) AND ((part.department = ''::text) OR (part.department = own.slug)) AND ((part.product = ''::text) OR (part.product = told.product)))))
        ), given AS (
         SELECT counted.municipality,
            counted.channel,
            ''::text AS department,
            ''::text AS product,
            counted.period AS month,
            counted.n,
            counted.total,
            (((((counted.given[1] + counted.given[2]) + counted.given[3]) + counted.given[4]) + counted.given[5]) + counted.given[6]) AS le_6,
            counted.small_group
           FROM lees_molensloot.cijfer counted
          WHERE ((counted.grain = 'month'::text) AND (counted.indicator = 'tevredenheid'::text) AND (counted.kind = 'mark'::text))
        UNION ALL
         SELECT cells.municipality,
            parts.channel,
            parts.department,
            parts.of_product,
            cells.month,
            cells.n,
            cells.total,
            cells.le_6,
            cells.small_group
           FROM (cells
             JOIN parts ON (((parts.municipality = cells.municipality) AND (parts.touchpoint = cells.touchpoint) AND (parts.product = cells.product))))
        ), marks AS (
         SELECT given.municipality,
            given.channel,
            given.department,
            given.product,
            given.month AS period,
            (sum(given.n))::bigint AS n,
                CASE
                    WHEN (sum(given.n) >= (10)::numeric) THEN (sum(given.n))::double precision
                    ELSE NULL::double precision
                END AS shown,
            (sum(given.total))::double precision AS total,
            (sum(given.le_6))::double precision AS le_6,
            bool_or(given.small_group) AS small_group
           FROM given
          GROUP BY given.municipality, given.channel, given.department, given.product, given.month
        ), paired AS (
         SELECT figures.municipality,
            figures.channel,
            figures.department,
            figures.product,
            figures.measure,
            figures.value AS work,
            (marks.total / marks.shown) AS mark,
            marks.small_group
           FROM (figures
             JOIN marks ON (((marks.municipality = figures.municipality) AND (marks.channel = figures.channel) AND (marks.department = figures.department) AND (marks.product = figures.product) AND (marks.period = figures.period))))
          WHERE (marks.shown IS NOT NULL)
        ), ranked AS (
         SELECT paired.municipality,
            paired.channel,
            paired.department,
            paired.product,
            paired.measure,
            paired.work,
            paired.mark,
            paired.small_group,
            ((rank() OVER (PARTITION BY paired.municipality, paired.channel, paired.department, paired.product, paired.measure ORDER BY paired.work))::numeric + (((count(*) OVER (PARTITION BY paired.municipality, paired.channel, paired.department, paired.product, paired.measure, paired.work) - 1))::numeric / 2.0)) AS work_rank,
            ((rank() OVER (PARTITION BY paired.municipality, paired.channel, paired.department, paired.product, paired.measure ORDER BY paired.mark))::numeric + (((count(*) OVER (PARTITION BY paired.municipality, paired.channel, paired.department, paired.product, paired.measure, paired.mark) - 1))::numeric / 2.0)) AS mark_rank
           FROM paired
        ), together AS (
         SELECT ranked.municipality,
            ranked.channel,
            ranked.department,
            ranked.product,
            ranked.measure,
            count(*) AS months,
            corr((ranked.work_rank)::double precision, (ranked.mark_rank)::double precision) AS correlation,
            bool_or(ranked.small_group) AS small_group
           FROM ranked
          GROUP BY ranked.municipality, ranked.channel, ranked.department, ranked.product, ranked.measure
        ), every AS (
         SELECT figures.municipality,
            figures.channel,
            figures.department,
            figures.product,
            figures.measure,
            max(figures.told_at) AS told_at
           FROM figures
          GROUP BY figures.municipality, figures.channel, figures.department, figures.product, figures.measure
        ), shown AS (
         SELECT every.municipality,
            every.channel,
            every.department,
            every.product,
            every.measure,
            every.told_at,
            COALESCE(together.months, (0)::bigint) AS months,
            COALESCE(together.small_group, false) AS small_group,
                CASE
                    WHEN (together.months >= 24) THEN together.correlation
                    ELSE NULL::double precision
                END AS shown,
                CASE
                    WHEN (together.months >= 24) THEN atanh(GREATEST(('-0.999999'::numeric)::double precision, LEAST((0.999999)::double precision, together.correlation)))
                    ELSE NULL::double precision
                END AS z,
                CASE
                    WHEN (together.months >= 24) THEN ((1.959963984540054)::double precision * sqrt((((1)::double precision + ((together.correlation ^ (2)::double precision) / (2)::double precision)) / ((together.months - 3))::double precision)))
                    ELSE NULL::double precision
                END AS margin
           FROM (every
             LEFT JOIN together USING (municipality, channel, department, product, measure))
        )
 SELECT municipality AS gemeente_code,
    channel AS kanaal,
    NULLIF(department, ''::text) AS afdeling,
    NULLIF(product, ''::text) AS product,
    measure AS kengetal,
    months AS maanden,
    shown AS samenhang,
    tanh((z - margin)) AS samenhang_ondergrens,
    tanh((z + margin)) AS samenhang_bovengrens,
        CASE
            WHEN (months < 24) THEN format('Van %s maanden zijn er een kengetal en een cijfer. Vanaf 24 maanden staat hier hoe ze samen bewegen.'::text, months)
            WHEN (shown IS NULL) THEN 'Het kengetal of het cijfer was elke maand gelijk. Dan valt er niet te zeggen hoe ze samen bewegen.'::text
            ELSE format('Over %s maanden.%s Samen bewegen zegt niet dat het een door het ander komt: ook drukte, het seizoen of iets dat in die tijd veranderde, kan beide bepalen.'::text, months,
            CASE
                WHEN (abs(z) <= margin) THEN ' Het kan toeval zijn: 0 ligt in het interval.'::text
                ELSE ''::text
            END)
        END AS uitleg,
    small_group AS kleine_groep,
    told_at AS peilmoment
   FROM shown;

ALTER VIEW bi_molensloot.kengetal_samenhang OWNER TO meetpunt_views;

CREATE TABLE lees.kiosk (
    municipality text NOT NULL,
    id uuid NOT NULL,
    touchpoint text NOT NULL,
    name text NOT NULL,
    last_seen timestamp with time zone,
    queue integer,
    version text,
    clock_offset_seconds bigint,
    silent boolean NOT NULL,
    revoked_on date,
    set_aside bigint NOT NULL,
    quarantined bigint NOT NULL,
    looked_at timestamp with time zone NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.kiosk FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.kiosk OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.kiosk (
    municipality text NOT NULL,
    id uuid NOT NULL,
    touchpoint text NOT NULL,
    name text NOT NULL,
    last_seen timestamp with time zone,
    queue integer,
    version text,
    clock_offset_seconds bigint,
    silent boolean NOT NULL,
    revoked_on date,
    set_aside bigint NOT NULL,
    quarantined bigint NOT NULL,
    looked_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY lees_molensloot.kiosk FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.kiosk OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.kiosk_status AS
 SELECT municipality AS gemeente_code,
    touchpoint AS meetpunt,
    id AS kiosk,
    name AS naam,
    last_seen AS laatst_gezien,
    queue AS wachtrij,
    version AS versie,
    clock_offset_seconds AS klokverschil_seconden,
    silent AS te_lang_stil,
    revoked_on AS ingetrokken,
    set_aside AS apart_gezet,
    quarantined AS in_quarantaine,
    looked_at AS peilmoment
   FROM lees_molensloot.kiosk kiosk;

ALTER VIEW bi_molensloot.kiosk_status OWNER TO meetpunt_views;

CREATE TABLE lees.opvolging (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    n bigint NOT NULL,
    seen bigint NOT NULL,
    to_see bigint NOT NULL,
    in_time bigint NOT NULL,
    median_hours double precision,
    oldest_open date,
    done bigint NOT NULL,
    improved bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT opvolging_check CHECK (((EXTRACT(day FROM period) = (1)::numeric) AND ((grain = 'month'::text) OR (EXTRACT(month FROM period) = ANY (ARRAY[(1)::numeric, (4)::numeric, (7)::numeric, (10)::numeric]))))),
    CONSTRAINT opvolging_check1 CHECK (((seen >= 0) AND (seen <= n))),
    CONSTRAINT opvolging_check2 CHECK (((to_see >= 0) AND (to_see <= n))),
    CONSTRAINT opvolging_check3 CHECK (((in_time >= 0) AND (in_time <= to_see))),
    CONSTRAINT opvolging_check4 CHECK (((done >= 0) AND (done <= n))),
    CONSTRAINT opvolging_check5 CHECK (((improved >= 0) AND (improved <= done))),
    CONSTRAINT opvolging_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text]))),
    CONSTRAINT opvolging_median_hours_check CHECK ((median_hours >= (0)::double precision)),
    CONSTRAINT opvolging_n_check CHECK ((n >= 10))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.opvolging FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.opvolging OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.opvolging (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    n bigint NOT NULL,
    seen bigint NOT NULL,
    to_see bigint NOT NULL,
    in_time bigint NOT NULL,
    median_hours double precision,
    oldest_open date,
    done bigint NOT NULL,
    improved bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT opvolging_check CHECK (((EXTRACT(day FROM period) = (1)::numeric) AND ((grain = 'month'::text) OR (EXTRACT(month FROM period) = ANY (ARRAY[(1)::numeric, (4)::numeric, (7)::numeric, (10)::numeric]))))),
    CONSTRAINT opvolging_check1 CHECK (((seen >= 0) AND (seen <= n))),
    CONSTRAINT opvolging_check2 CHECK (((to_see >= 0) AND (to_see <= n))),
    CONSTRAINT opvolging_check3 CHECK (((in_time >= 0) AND (in_time <= to_see))),
    CONSTRAINT opvolging_check4 CHECK (((done >= 0) AND (done <= n))),
    CONSTRAINT opvolging_check5 CHECK (((improved >= 0) AND (improved <= done))),
    CONSTRAINT opvolging_grain_check CHECK ((grain = ANY (ARRAY['month'::text, 'quarter'::text]))),
    CONSTRAINT opvolging_median_hours_check CHECK ((median_hours >= (0)::double precision)),
    CONSTRAINT opvolging_n_check CHECK ((n >= 10))
);

ALTER TABLE ONLY lees_molensloot.opvolging FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.opvolging OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.opvolging_per_kwartaal AS
 SELECT told.municipality AS gemeente_code,
    told.period AS kwartaal,
    told.channel AS kanaal,
    NULLIF(told.department, ''::text) AS afdeling,
        CASE
            WHEN (told.department <> ''::text) THEN ((told.municipality || '/'::text) || told.department)
            ELSE NULL::text
        END AS afdeling_sleutel,
    told.n AS signalen,
        CASE
            WHEN (told.seen >= 10) THEN told.seen
            ELSE NULL::bigint
        END AS gezien,
    told.median_hours AS mediaan_werkuren_tot_gezien,
    counted.to_see AS te_beoordelen,
    counted.in_time AS op_tijd_gezien,
    ((counted.in_time)::double precision / (counted.to_see)::double precision) AS aandeel_op_tijd,
    lees.wilson_low((counted.in_time)::double precision, (counted.to_see)::double precision) AS aandeel_op_tijd_ondergrens,
    lees.wilson_high((counted.in_time)::double precision, (counted.to_see)::double precision) AS aandeel_op_tijd_bovengrens,
    ((LEAST(counted.period_end, ((told.counted_at AT TIME ZONE 'Europe/Amsterdam'::text))::date) - told.oldest_open) / 7) AS oudste_open_weken,
    counted.done AS afgehandeld,
    counted.improved AS verbeterd,
    ((counted.improved)::double precision / (counted.done)::double precision) AS aandeel_verbeterd,
    lees.wilson_low((counted.improved)::double precision, (counted.done)::double precision) AS aandeel_verbeterd_ondergrens,
    lees.wilson_high((counted.improved)::double precision, (counted.done)::double precision) AS aandeel_verbeterd_bovengrens,
    told.counted_at AS peilmoment
   FROM (lees_molensloot.opvolging told
     CROSS JOIN LATERAL ( SELECT (((told.period + '3 mons'::interval) - '1 day'::interval))::date AS period_end,
                CASE
                    WHEN (told.to_see >= 10) THEN told.to_see
                    ELSE NULL::bigint
                END AS to_see,
                CASE
                    WHEN (told.to_see >= 10) THEN told.in_time
                    ELSE NULL::bigint
                END AS in_time,
                CASE
                    WHEN (told.done >= 10) THEN told.done
                    ELSE NULL::bigint
                END AS done,
                CASE
                    WHEN (told.done >= 10) THEN told.improved
                    ELSE NULL::bigint
                END AS improved) counted)
  WHERE (told.grain = 'quarter'::text);

ALTER VIEW bi_molensloot.opvolging_per_kwartaal OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.opvolging_per_maand AS
 SELECT told.municipality AS gemeente_code,
    told.period AS maand,
    told.channel AS kanaal,
    NULLIF(told.department, ''::text) AS afdeling,
        CASE
            WHEN (told.department <> ''::text) THEN ((told.municipality || '/'::text) || told.department)
            ELSE NULL::text
        END AS afdeling_sleutel,
    told.n AS signalen,
        CASE
            WHEN (told.seen >= 10) THEN told.seen
            ELSE NULL::bigint
        END AS gezien,
    told.median_hours AS mediaan_werkuren_tot_gezien,
    counted.to_see AS te_beoordelen,
    counted.in_time AS op_tijd_gezien,
    ((counted.in_time)::double precision / (counted.to_see)::double precision) AS aandeel_op_tijd,
    lees.wilson_low((counted.in_time)::double precision, (counted.to_see)::double precision) AS aandeel_op_tijd_ondergrens,
    lees.wilson_high((counted.in_time)::double precision, (counted.to_see)::double precision) AS aandeel_op_tijd_bovengrens,
    ((LEAST(counted.period_end, ((told.counted_at AT TIME ZONE 'Europe/Amsterdam'::text))::date) - told.oldest_open) / 7) AS oudste_open_weken,
    counted.done AS afgehandeld,
    counted.improved AS verbeterd,
    ((counted.improved)::double precision / (counted.done)::double precision) AS aandeel_verbeterd,
    lees.wilson_low((counted.improved)::double precision, (counted.done)::double precision) AS aandeel_verbeterd_ondergrens,
    lees.wilson_high((counted.improved)::double precision, (counted.done)::double precision) AS aandeel_verbeterd_bovengrens,
    told.counted_at AS peilmoment
   FROM (lees_molensloot.opvolging told
     CROSS JOIN LATERAL ( SELECT (((told.period + '1 mon'::interval) - '1 day'::interval))::date AS period_end,
                CASE
                    WHEN (told.to_see >= 10) THEN told.to_see
                    ELSE NULL::bigint
                END AS to_see,
                CASE
                    WHEN (told.to_see >= 10) THEN told.in_time
                    ELSE NULL::bigint
                END AS in_time,
                CASE
                    WHEN (told.done >= 10) THEN told.done
                    ELSE NULL::bigint
                END AS done,
                CASE
                    WHEN (told.done >= 10) THEN told.improved
                    ELSE NULL::bigint
                END AS improved) counted)
  WHERE (told.grain = 'month'::text);

ALTER VIEW bi_molensloot.opvolging_per_maand OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.stand AS
 SELECT stand.municipality AS gemeente_code,
    touchpoint.slug AS meetpunt,
    touchpoint.channel AS kanaal,
    stand.looked_at AS peilmoment,
    stand.waiting AS wachtend_n,
    touchpoint.batch AS groep,
    (touchpoint.batch < 10) AS kleine_groep
   FROM (lees_molensloot.stand stand
     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))));

ALTER VIEW bi_molensloot.stand OWNER TO meetpunt_views;

CREATE TABLE lees.thema (
    municipality text NOT NULL,
    month date NOT NULL,
    channel text NOT NULL,
    theme text NOT NULL,
    version smallint NOT NULL,
    part text NOT NULL,
    touchpoint integer NOT NULL,
    wijk text NOT NULL,
    product text NOT NULL,
    texts bigint NOT NULL,
    hits bigint NOT NULL,
    small_group boolean NOT NULL,
    told_at timestamp with time zone NOT NULL,
    neither smallint,
    CONSTRAINT thema_check CHECK (((hits >= 5) AND ((texts - hits) >= 5))),
    CONSTRAINT thema_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT thema_neither_check CHECK ((neither >= 5)),
    CONSTRAINT thema_part_check CHECK ((part = ANY (ARRAY['alle'::text, 'laag'::text]))),
    CONSTRAINT thema_texts_check CHECK ((texts >= 10))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.thema FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.thema OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.thema (
    municipality text NOT NULL,
    month date NOT NULL,
    channel text NOT NULL,
    theme text NOT NULL,
    version smallint NOT NULL,
    part text NOT NULL,
    touchpoint integer NOT NULL,
    wijk text NOT NULL,
    product text NOT NULL,
    texts bigint NOT NULL,
    hits bigint NOT NULL,
    small_group boolean NOT NULL,
    told_at timestamp with time zone NOT NULL,
    neither smallint,
    CONSTRAINT thema_check CHECK (((hits >= 5) AND ((texts - hits) >= 5))),
    CONSTRAINT thema_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT thema_neither_check CHECK ((neither >= 5)),
    CONSTRAINT thema_part_check CHECK ((part = ANY (ARRAY['alle'::text, 'laag'::text]))),
    CONSTRAINT thema_texts_check CHECK ((texts >= 10))
);

ALTER TABLE ONLY lees_molensloot.thema FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.thema OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.thema_per_jaar AS
 WITH known AS (
         SELECT told.municipality,
            (date_trunc('year'::text, (told.month)::timestamp without time zone))::date AS period,
            told.channel,
            told.theme,
            told.version,
            told.part,
            told.texts,
            told.hits,
            told.small_group,
            told.told_at,
            touchpoint.slug AS touchpoint,
            told.wijk,
            told.product
           FROM (lees_molensloot.thema told
             LEFT JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = told.municipality) AND (touchpoint.number = told.touchpoint))))
        ), counted AS (
         SELECT known.municipality,
            known.period,
            known.channel,
            'kanaal'::text AS breakdown,
            known.channel AS value,
            known.theme,
            known.version,
            sum(known.texts) FILTER (WHERE (known.part = 'alle'::text)) AS texts,
            sum(known.hits) FILTER (WHERE (known.part = 'alle'::text)) AS hits,
            sum(known.texts) FILTER (WHERE (known.part = 'laag'::text)) AS low_texts,
            sum(known.hits) FILTER (WHERE (known.part = 'laag'::text)) AS low_hits,
            bool_or(known.small_group) AS small_group,
            max(known.told_at) AS told_at
           FROM known
          GROUP BY known.municipality, known.period, known.channel, known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'meetpunt'::text AS text,
            COALESCE(NULLIF(known.touchpoint, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.touchpoint, ''::text), 'onbekend'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'product'::text AS text,
            COALESCE(NULLIF(known.product, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.product, ''::text), 'onbekend'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'afdeling'::text AS text,
            COALESCE(department.slug, 'overig'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM (known
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = known.municipality) AND ((known.touchpoint = ANY (fits.touchpoints)) OR (known.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(department.slug, 'overig'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'wijk'::text AS text,
            COALESCE(NULLIF(known.wijk, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.wijk, ''::text), 'onbekend'::text), known.theme, known.version
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.breakdown,
            counted.value,
            counted.theme,
            counted.version,
            counted.small_group,
            counted.told_at,
            (counted.texts)::double precision AS texts,
            (counted.hits)::double precision AS hits,
            (counted.low_texts)::double precision AS low_texts,
            (counted.low_hits)::double precision AS low_hits,
            lees.squared_error((counted.texts)::double precision, (counted.hits)::double precision, (counted.hits)::double precision, (0)::double precision, (1)::double precision) AS error
           FROM counted
        ), compared AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.breakdown,
            shown.value,
            shown.theme,
            shown.version,
            shown.small_group,
            shown.told_at,
            shown.texts,
            shown.hits,
            shown.low_texts,
            shown.low_hits,
            shown.error,
            first_value(ARRAY[(shown.hits / shown.texts), shown.error, shown.texts, lees.wilson_low(shown.hits, shown.texts), lees.wilson_high(shown.hits, shown.texts)]) OVER previous AS previous
           FROM shown
          WINDOW previous AS (PARTITION BY shown.municipality, shown.channel, shown.breakdown, shown.value, shown.theme, shown.version ORDER BY ((shown.period)::timestamp without time zone) RANGE BETWEEN '1 year'::interval PRECEDING AND '1 year'::interval PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.breakdown,
            compared.value,
            compared.theme,
            compared.version,
            compared.small_group,
            compared.told_at,
            compared.texts,
            compared.hits,
            compared.low_texts,
            compared.low_hits,
            compared.error,
            compared.previous,
            lees.welch_p(((compared.hits / compared.texts) - compared.previous[1]), compared.error, compared.texts, compared.previous[2], compared.previous[3]) AS p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.breakdown,
            tested.value,
            tested.theme,
            tested.version,
            tested.small_group,
            tested.told_at,
            tested.texts,
            tested.hits,
            tested.low_texts,
            tested.low_hits,
            tested.error,
            tested.previous,
            tested.p,
            (tested.p * (((1 + count(tested.p) OVER together) - row_number() OVER by_rank))::double precision) AS step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period, tested.breakdown), by_rank AS (PARTITION BY tested.municipality, tested.period, tested.breakdown ORDER BY tested.p)
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS jaar,
    figures.channel AS kanaal,
    figures.breakdown AS uitsplitsing,
    figures.value AS waarde,
    ((figures.municipality || '/'::text) || figures.value) AS waarde_sleutel,
    figures.theme AS thema,
    figures.version AS thema_versie,
    (figures.texts)::bigint AS n,
    (figures.hits)::bigint AS ten_minste,
    (figures.hits / figures.texts) AS aandeel,
    lees.wilson_low(figures.hits, figures.texts) AS ondergrens_95,
    lees.wilson_high(figures.hits, figures.texts) AS bovengrens_95,
    (figures.low_texts)::bigint AS laag_n,
    (figures.low_hits)::bigint AS laag_ten_minste,
    (figures.low_hits / figures.low_texts) AS laag_aandeel,
    lees.wilson_low(figures.low_hits, figures.low_texts) AS laag_ondergrens_95,
    lees.wilson_high(figures.low_hits, figures.low_texts) AS laag_bovengrens_95,
    ((figures.hits / figures.texts) - figures.previous[1]) AS verschil_vorige,
    lees.difference_low((figures.hits / figures.texts), lees.wilson_low(figures.hits, figures.texts), figures.previous[1], figures.previous[5]) AS verschil_vorige_ondergrens,
    lees.difference_high((figures.hits / figures.texts), lees.wilson_high(figures.hits, figures.texts), figures.previous[1], figures.previous[4]) AS verschil_vorige_bovengrens,
    figures.p AS verschil_vorige_p,
        CASE
            WHEN (figures.p IS NOT NULL) THEN LEAST((1)::double precision, max(figures.step) OVER (PARTITION BY figures.municipality, figures.period, figures.breakdown ORDER BY figures.p))
            ELSE NULL::double precision
        END AS verschil_vorige_p_holm,
    (figures.p < (0.05)::double precision) AS verschil_vorige_significant,
    lees.findable(figures.error, figures.texts, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    themes.precise AS precisie,
    themes.recall AS vangst,
    figures.small_group AS kleine_groep,
    figures.told_at AS peilmoment
   FROM (ranked figures
     LEFT JOIN lees_molensloot.dim_thema themes ON (((themes.municipality = figures.municipality) AND (themes.theme = figures.theme) AND (themes.version = figures.version))));

ALTER VIEW bi_molensloot.thema_per_jaar OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.thema_per_kwartaal AS
 WITH known AS (
         SELECT told.municipality,
            (date_trunc('quarter'::text, (told.month)::timestamp without time zone))::date AS period,
            told.channel,
            told.theme,
            told.version,
            told.part,
            told.texts,
            told.hits,
            told.small_group,
            told.told_at,
            touchpoint.slug AS touchpoint,
            told.wijk,
            told.product
           FROM (lees_molensloot.thema told
             LEFT JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = told.municipality) AND (touchpoint.number = told.touchpoint))))
        ), counted AS (
         SELECT known.municipality,
            known.period,
            known.channel,
            'kanaal'::text AS breakdown,
            known.channel AS value,
            known.theme,
            known.version,
            sum(known.texts) FILTER (WHERE (known.part = 'alle'::text)) AS texts,
            sum(known.hits) FILTER (WHERE (known.part = 'alle'::text)) AS hits,
            sum(known.texts) FILTER (WHERE (known.part = 'laag'::text)) AS low_texts,
            sum(known.hits) FILTER (WHERE (known.part = 'laag'::text)) AS low_hits,
            bool_or(known.small_group) AS small_group,
            max(known.told_at) AS told_at
           FROM known
          GROUP BY known.municipality, known.period, known.channel, known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'meetpunt'::text AS text,
            COALESCE(NULLIF(known.touchpoint, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.touchpoint, ''::text), 'onbekend'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'product'::text AS text,
            COALESCE(NULLIF(known.product, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.product, ''::text), 'onbekend'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'afdeling'::text AS text,
            COALESCE(department.slug, 'overig'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM (known
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = known.municipality) AND ((known.touchpoint = ANY (fits.touchpoints)) OR (known.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(department.slug, 'overig'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'wijk'::text AS text,
            COALESCE(NULLIF(known.wijk, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.wijk, ''::text), 'onbekend'::text), known.theme, known.version
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.breakdown,
            counted.value,
            counted.theme,
            counted.version,
            counted.small_group,
            counted.told_at,
            (counted.texts)::double precision AS texts,
            (counted.hits)::double precision AS hits,
            (counted.low_texts)::double precision AS low_texts,
            (counted.low_hits)::double precision AS low_hits,
            lees.squared_error((counted.texts)::double precision, (counted.hits)::double precision, (counted.hits)::double precision, (0)::double precision, (1)::double precision) AS error
           FROM counted
        ), compared AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.breakdown,
            shown.value,
            shown.theme,
            shown.version,
            shown.small_group,
            shown.told_at,
            shown.texts,
            shown.hits,
            shown.low_texts,
            shown.low_hits,
            shown.error,
            first_value(ARRAY[(shown.hits / shown.texts), shown.error, shown.texts, lees.wilson_low(shown.hits, shown.texts), lees.wilson_high(shown.hits, shown.texts)]) OVER previous AS previous
           FROM shown
          WINDOW previous AS (PARTITION BY shown.municipality, shown.channel, shown.breakdown, shown.value, shown.theme, shown.version ORDER BY ((shown.period)::timestamp without time zone) RANGE BETWEEN '3 mons'::interval PRECEDING AND '3 mons'::interval PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.breakdown,
            compared.value,
            compared.theme,
            compared.version,
            compared.small_group,
            compared.told_at,
            compared.texts,
            compared.hits,
            compared.low_texts,
            compared.low_hits,
            compared.error,
            compared.previous,
            lees.welch_p(((compared.hits / compared.texts) - compared.previous[1]), compared.error, compared.texts, compared.previous[2], compared.previous[3]) AS p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.breakdown,
            tested.value,
            tested.theme,
            tested.version,
            tested.small_group,
            tested.told_at,
            tested.texts,
            tested.hits,
            tested.low_texts,
            tested.low_hits,
            tested.error,
            tested.previous,
            tested.p,
            (tested.p * (((1 + count(tested.p) OVER together) - row_number() OVER by_rank))::double precision) AS step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period, tested.breakdown), by_rank AS (PARTITION BY tested.municipality, tested.period, tested.breakdown ORDER BY tested.p)
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS kwartaal,
    figures.channel AS kanaal,
    figures.breakdown AS uitsplitsing,
    figures.value AS waarde,
    ((figures.municipality || '/'::text) || figures.value) AS waarde_sleutel,
    figures.theme AS thema,
    figures.version AS thema_versie,
    (figures.texts)::bigint AS n,
    (figures.hits)::bigint AS ten_minste,
    (figures.hits / figures.texts) AS aandeel,
    lees.wilson_low(figures.hits, figures.texts) AS ondergrens_95,
    lees.wilson_high(figures.hits, figures.texts) AS bovengrens_95,
    (figures.low_texts)::bigint AS laag_n,
    (figures.low_hits)::bigint AS laag_ten_minste,
    (figures.low_hits / figures.low_texts) AS laag_aandeel,
    lees.wilson_low(figures.low_hits, figures.low_texts) AS laag_ondergrens_95,
    lees.wilson_high(figures.low_hits, figures.low_texts) AS laag_bovengrens_95,
    ((figures.hits / figures.texts) - figures.previous[1]) AS verschil_vorige,
    lees.difference_low((figures.hits / figures.texts), lees.wilson_low(figures.hits, figures.texts), figures.previous[1], figures.previous[5]) AS verschil_vorige_ondergrens,
    lees.difference_high((figures.hits / figures.texts), lees.wilson_high(figures.hits, figures.texts), figures.previous[1], figures.previous[4]) AS verschil_vorige_bovengrens,
    figures.p AS verschil_vorige_p,
        CASE
            WHEN (figures.p IS NOT NULL) THEN LEAST((1)::double precision, max(figures.step) OVER (PARTITION BY figures.municipality, figures.period, figures.breakdown ORDER BY figures.p))
            ELSE NULL::double precision
        END AS verschil_vorige_p_holm,
    (figures.p < (0.05)::double precision) AS verschil_vorige_significant,
    lees.findable(figures.error, figures.texts, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    themes.precise AS precisie,
    themes.recall AS vangst,
    figures.small_group AS kleine_groep,
    figures.told_at AS peilmoment
   FROM (ranked figures
     LEFT JOIN lees_molensloot.dim_thema themes ON (((themes.municipality = figures.municipality) AND (themes.theme = figures.theme) AND (themes.version = figures.version))));

ALTER VIEW bi_molensloot.thema_per_kwartaal OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.thema_per_maand AS
 WITH known AS (
         SELECT told.municipality,
            told.month AS period,
            told.channel,
            told.theme,
            told.version,
            told.part,
            told.texts,
            told.hits,
            told.small_group,
            told.told_at,
            touchpoint.slug AS touchpoint,
            told.wijk,
            told.product
           FROM (lees_molensloot.thema told
             LEFT JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = told.municipality) AND (touchpoint.number = told.touchpoint))))
        ), counted AS (
         SELECT known.municipality,
            known.period,
            known.channel,
            'kanaal'::text AS breakdown,
            known.channel AS value,
            known.theme,
            known.version,
            sum(known.texts) FILTER (WHERE (known.part = 'alle'::text)) AS texts,
            sum(known.hits) FILTER (WHERE (known.part = 'alle'::text)) AS hits,
            sum(known.texts) FILTER (WHERE (known.part = 'laag'::text)) AS low_texts,
            sum(known.hits) FILTER (WHERE (known.part = 'laag'::text)) AS low_hits,
            bool_or(known.small_group) AS small_group,
            max(known.told_at) AS told_at
           FROM known
          GROUP BY known.municipality, known.period, known.channel, known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'meetpunt'::text AS text,
            COALESCE(NULLIF(known.touchpoint, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.touchpoint, ''::text), 'onbekend'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'product'::text AS text,
            COALESCE(NULLIF(known.product, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.product, ''::text), 'onbekend'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'afdeling'::text AS text,
            COALESCE(department.slug, 'overig'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM (known
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = known.municipality) AND ((known.touchpoint = ANY (fits.touchpoints)) OR (known.product = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(department.slug, 'overig'::text), known.theme, known.version
        UNION ALL
         SELECT known.municipality,
            known.period,
            known.channel,
            'wijk'::text AS text,
            COALESCE(NULLIF(known.wijk, ''::text), 'onbekend'::text) AS "coalesce",
            known.theme,
            known.version,
            sum(known.texts) AS sum,
            sum(known.hits) AS sum,
            NULL::numeric AS "numeric",
            NULL::numeric AS "numeric",
            bool_or(known.small_group) AS bool_or,
            max(known.told_at) AS max
           FROM known
          WHERE (known.part = 'alle'::text)
          GROUP BY known.municipality, known.period, known.channel, COALESCE(NULLIF(known.wijk, ''::text), 'onbekend'::text), known.theme, known.version
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.breakdown,
            counted.value,
            counted.theme,
            counted.version,
            counted.small_group,
            counted.told_at,
            (counted.texts)::double precision AS texts,
            (counted.hits)::double precision AS hits,
            (counted.low_texts)::double precision AS low_texts,
            (counted.low_hits)::double precision AS low_hits,
            lees.squared_error((counted.texts)::double precision, (counted.hits)::double precision, (counted.hits)::double precision, (0)::double precision, (1)::double precision) AS error
           FROM counted
        ), compared AS (
         SELECT shown.municipality,
            shown.period,
            shown.channel,
            shown.breakdown,
            shown.value,
            shown.theme,
            shown.version,
            shown.small_group,
            shown.told_at,
            shown.texts,
            shown.hits,
            shown.low_texts,
            shown.low_hits,
            shown.error,
            first_value(ARRAY[(shown.hits / shown.texts), shown.error, shown.texts, lees.wilson_low(shown.hits, shown.texts), lees.wilson_high(shown.hits, shown.texts)]) OVER previous AS previous
           FROM shown
          WINDOW previous AS (PARTITION BY shown.municipality, shown.channel, shown.breakdown, shown.value, shown.theme, shown.version ORDER BY ((shown.period)::timestamp without time zone) RANGE BETWEEN '1 mon'::interval PRECEDING AND '1 mon'::interval PRECEDING)
        ), tested AS (
         SELECT compared.municipality,
            compared.period,
            compared.channel,
            compared.breakdown,
            compared.value,
            compared.theme,
            compared.version,
            compared.small_group,
            compared.told_at,
            compared.texts,
            compared.hits,
            compared.low_texts,
            compared.low_hits,
            compared.error,
            compared.previous,
            lees.welch_p(((compared.hits / compared.texts) - compared.previous[1]), compared.error, compared.texts, compared.previous[2], compared.previous[3]) AS p
           FROM compared
        ), ranked AS (
         SELECT tested.municipality,
            tested.period,
            tested.channel,
            tested.breakdown,
            tested.value,
            tested.theme,
            tested.version,
            tested.small_group,
            tested.told_at,
            tested.texts,
            tested.hits,
            tested.low_texts,
            tested.low_hits,
            tested.error,
            tested.previous,
            tested.p,
            (tested.p * (((1 + count(tested.p) OVER together) - row_number() OVER by_rank))::double precision) AS step
           FROM tested
          WINDOW together AS (PARTITION BY tested.municipality, tested.period, tested.breakdown), by_rank AS (PARTITION BY tested.municipality, tested.period, tested.breakdown ORDER BY tested.p)
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS maand,
    figures.channel AS kanaal,
    figures.breakdown AS uitsplitsing,
    figures.value AS waarde,
    ((figures.municipality || '/'::text) || figures.value) AS waarde_sleutel,
    figures.theme AS thema,
    figures.version AS thema_versie,
    (figures.texts)::bigint AS n,
    (figures.hits)::bigint AS ten_minste,
    (figures.hits / figures.texts) AS aandeel,
    lees.wilson_low(figures.hits, figures.texts) AS ondergrens_95,
    lees.wilson_high(figures.hits, figures.texts) AS bovengrens_95,
    (figures.low_texts)::bigint AS laag_n,
    (figures.low_hits)::bigint AS laag_ten_minste,
    (figures.low_hits / figures.low_texts) AS laag_aandeel,
    lees.wilson_low(figures.low_hits, figures.low_texts) AS laag_ondergrens_95,
    lees.wilson_high(figures.low_hits, figures.low_texts) AS laag_bovengrens_95,
    ((figures.hits / figures.texts) - figures.previous[1]) AS verschil_vorige,
    lees.difference_low((figures.hits / figures.texts), lees.wilson_low(figures.hits, figures.texts), figures.previous[1], figures.previous[5]) AS verschil_vorige_ondergrens,
    lees.difference_high((figures.hits / figures.texts), lees.wilson_high(figures.hits, figures.texts), figures.previous[1], figures.previous[4]) AS verschil_vorige_bovengrens,
    figures.p AS verschil_vorige_p,
        CASE
            WHEN (figures.p IS NOT NULL) THEN LEAST((1)::double precision, max(figures.step) OVER (PARTITION BY figures.municipality, figures.period, figures.breakdown ORDER BY figures.p))
            ELSE NULL::double precision
        END AS verschil_vorige_p_holm,
    (figures.p < (0.05)::double precision) AS verschil_vorige_significant,
    lees.findable(figures.error, figures.texts, figures.previous[2], figures.previous[3]) AS verschil_vorige_aantoonbaar,
    themes.precise AS precisie,
    themes.recall AS vangst,
    figures.small_group AS kleine_groep,
    figures.told_at AS peilmoment
   FROM (ranked figures
     LEFT JOIN lees_molensloot.dim_thema themes ON (((themes.municipality = figures.municipality) AND (themes.theme = figures.theme) AND (themes.version = figures.version))));

ALTER VIEW bi_molensloot.thema_per_maand OWNER TO meetpunt_views;

CREATE TABLE lees.tekst (
    municipality text NOT NULL,
    month date NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    touchpoint integer NOT NULL,
    questionnaire text NOT NULL,
    item text NOT NULL,
    judgement text NOT NULL,
    small_group boolean NOT NULL,
    text text NOT NULL,
    masked text[] NOT NULL,
    themes text[] DEFAULT '{}'::text[] NOT NULL,
    theme_version text DEFAULT ''::text NOT NULL
)
PARTITION BY LIST (municipality);
ALTER TABLE ONLY lees.tekst ALTER COLUMN text SET STORAGE MAIN;

ALTER TABLE ONLY lees.tekst FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.tekst OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.tekst (
    municipality text NOT NULL,
    month date NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    touchpoint integer NOT NULL,
    questionnaire text NOT NULL,
    item text NOT NULL,
    judgement text NOT NULL,
    small_group boolean NOT NULL,
    text text NOT NULL,
    masked text[] NOT NULL,
    themes text[] DEFAULT '{}'::text[] NOT NULL,
    theme_version text DEFAULT ''::text NOT NULL
);
ALTER TABLE ONLY lees_molensloot.tekst ALTER COLUMN text SET STORAGE MAIN;

ALTER TABLE ONLY lees_molensloot.tekst FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.tekst OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.toelichting AS
 SELECT written.municipality AS gemeente_code,
    written.month AS maand,
    touchpoint.channel AS kanaal,
    touchpoint.slug AS meetpunt,
    written.questionnaire AS vragenlijst,
    written.item AS vraag,
        CASE written.judgement
            WHEN 'laag'::text THEN '1 t/m 5'::text
            WHEN 'midden'::text THEN '6 of 7'::text
            WHEN 'hoog'::text THEN '8 t/m 10'::text
            ELSE NULLIF(written.judgement, ''::text)
        END AS oordeel,
    written.text AS tekst,
    written.masked AS afgeschermd,
    written.small_group AS kleine_groep,
    array_to_string(written.themes, ';'::text) AS themas,
    NULLIF(written.theme_version, ''::text) AS thema_versie
   FROM (lees_molensloot.tekst written
     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = written.municipality) AND (touchpoint.number = written.touchpoint))));

ALTER VIEW bi_molensloot.toelichting OWNER TO meetpunt_views;

CREATE TABLE lees.uitnodiging_maand (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    known bigint NOT NULL,
    not_chosen bigint,
    sent bigint,
    delivered bigint,
    failed bigint,
    unknown bigint,
    expired bigint,
    asked_recently bigint,
    opted_out bigint,
    answered bigint,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT uitnodiging_maand_answered_check CHECK ((answered >= 10)),
    CONSTRAINT uitnodiging_maand_asked_recently_check CHECK ((asked_recently >= 10)),
    CONSTRAINT uitnodiging_maand_check CHECK (((known >= 10) OR ((not_chosen IS NULL) AND (sent IS NULL) AND (delivered IS NULL) AND (failed IS NULL) AND (unknown IS NULL) AND (expired IS NULL) AND (asked_recently IS NULL) AND (opted_out IS NULL) AND (answered IS NULL)))),
    CONSTRAINT uitnodiging_maand_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT uitnodiging_maand_opted_out_check CHECK ((opted_out >= 10))
)
PARTITION BY LIST (municipality);

ALTER TABLE ONLY lees.uitnodiging_maand FORCE ROW LEVEL SECURITY;

ALTER TABLE lees.uitnodiging_maand OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.uitnodiging_maand (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    known bigint NOT NULL,
    not_chosen bigint,
    sent bigint,
    delivered bigint,
    failed bigint,
    unknown bigint,
    expired bigint,
    asked_recently bigint,
    opted_out bigint,
    answered bigint,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT uitnodiging_maand_answered_check CHECK ((answered >= 10)),
    CONSTRAINT uitnodiging_maand_asked_recently_check CHECK ((asked_recently >= 10)),
    CONSTRAINT uitnodiging_maand_check CHECK (((known >= 10) OR ((not_chosen IS NULL) AND (sent IS NULL) AND (delivered IS NULL) AND (failed IS NULL) AND (unknown IS NULL) AND (expired IS NULL) AND (asked_recently IS NULL) AND (opted_out IS NULL) AND (answered IS NULL)))),
    CONSTRAINT uitnodiging_maand_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT uitnodiging_maand_opted_out_check CHECK ((opted_out >= 10))
);

ALTER TABLE ONLY lees_molensloot.uitnodiging_maand FORCE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.uitnodiging_maand OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.uitnodiging_per_maand AS
 WITH cohorts AS (
         SELECT cohort.municipality,
            cohort.month,
            cohort.touchpoint,
            cohort.product,
            cohort.known,
            cohort.not_chosen,
            cohort.sent,
            cohort.delivered,
            cohort.failed,
            cohort.unknown,
            cohort.expired,
            cohort.asked_recently,
            cohort.opted_out,
            cohort.answered,
            cohort.told_at,
                CASE
                    WHEN ((cohort.delivered > 0) AND (cohort.delivered >= cohort.answered)) THEN cohort.delivered
                    ELSE cohort.sent
                END AS asked
           FROM lees_molensloot.uitnodiging_maand cohort
        ), counted AS (
         SELECT cohorts.municipality,
            cohorts.month,
            cohorts.touchpoint,
            cohorts.product,
            cohorts.known,
            cohorts.not_chosen,
            cohorts.sent,
            cohorts.delivered,
            cohorts.failed,
            cohorts.unknown,
            cohorts.expired,
            cohorts.asked_recently,
            cohorts.opted_out,
            cohorts.answered,
            cohorts.told_at,
            cohorts.asked,
            ((cohorts.answered >= 10) AND ((cohorts.asked - cohorts.answered) >= 10) AND ((cohorts.asked <> cohorts.sent) OR (((cohorts.sent - COALESCE(cohorts.failed, (0)::bigint)) - cohorts.answered) >= 10))) AS enough
           FROM cohorts
        ), told AS (
         SELECT counted.municipality,
            counted.month,
            counted.touchpoint,
            counted.product,
            counted.known,
            counted.not_chosen,
            counted.sent,
            counted.delivered,
            counted.failed,
            counted.unknown,
            counted.expired,
            counted.asked_recently,
            counted.opted_out,
            counted.answered,
            counted.told_at,
            counted.asked,
            counted.enough,
                CASE
                    WHEN counted.enough THEN counted.answered
                    ELSE NULL::bigint
                END AS told_answered,
                CASE
                    WHEN counted.enough THEN (counted.asked - counted.answered)
                    ELSE NULL::bigint
                END AS unanswered,
                CASE
                    WHEN counted.enough THEN counted.asked
                    ELSE NULL::bigint
                END AS told_asked
           FROM counted
        )
 SELECT told.municipality AS gemeente_code,
    told.month AS maand,
    touchpoint.channel AS kanaal,
    touchpoint.slug AS meetpunt,
    NULLIF(told.product, ''::text) AS product,
    told.known AS bekend,
    told.not_chosen AS niet_gekozen,
    told.sent AS verzonden,
    told.delivered AS bezorgd,
    told.failed AS mislukt,
    told.unknown AS onbekend,
    told.expired AS verlopen,
    told.asked_recently AS te_kort_geleden,
    told.opted_out AS afgemeld,
    told.told_answered AS beantwoord,
    ((told.told_answered)::double precision / (NULLIF(told.delivered, 0))::double precision) AS respons,
    told.unanswered AS niet_beantwoord,
    ((told.unanswered)::double precision / (told.asked)::double precision) AS aandeel_niet_beantwoord,
    lees.wilson_low((told.unanswered)::double precision, (told.told_asked)::double precision) AS aandeel_niet_beantwoord_ondergrens,
    lees.wilson_high((told.unanswered)::double precision, (told.told_asked)::double precision) AS aandeel_niet_beantwoord_bovengrens,
    told.told_at AS peilmoment,
    (touchpoint.batch < 10) AS kleine_groep
   FROM (told
     JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = told.municipality) AND (touchpoint.number = told.touchpoint))));

ALTER VIEW bi_molensloot.uitnodiging_per_maand OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.uitsplitsing_per_jaar AS
 WITH counted AS (
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'meetpunt'::text AS breakdown,
            COALESCE(NULLIF(touchpoint.slug, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    ''::text AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, ''::text, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(touchpoint.slug, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'product'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.product AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.product, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'locatie'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.location AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.location, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'afdeling'::text AS breakdown,
            COALESCE(department.slug, 'overig'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM ((( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.product AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.product, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = cell.municipality) AND ((touchpoint.slug = ANY (fits.touchpoints)) OR (cell.detail = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(department.slug, 'overig'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'wijk'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.wijk AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.wijk, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'afnamewijze'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.mode AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.mode, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'dagdeel'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('year'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.daypart AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('year'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.daypart, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.breakdown,
            counted.value,
            counted.indicator,
            counted.kind,
            counted.given,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            (((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) AS n,
                CASE
                    WHEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) >= 10) THEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8))::double precision
                    ELSE NULL::double precision
                END AS shown,
                CASE
                    WHEN (kinds.school_mark AND ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) >= 10)) THEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8))::double precision
                    ELSE NULL::double precision
                END AS marks,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            (counted.lt_6)::double precision AS lt_6,
            ((counted.lt_6 + counted.six))::double precision AS le_6,
            (counted.ge_8)::double precision AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = counted.kind)))
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS jaar,
    figures.channel AS kanaal,
    figures.breakdown AS uitsplitsing,
    figures.value AS waarde,
    ((figures.municipality || '/'::text) || figures.value) AS waarde_sleutel,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
    (figures.n < 10) AS te_weinig,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    ((((figures.total / figures.shown) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS gemiddelde_100,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.lt_6)::bigint
            ELSE NULL::bigint
        END AS aantal_lt_55,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.lt_6)::bigint
            ELSE NULL::bigint
        END AS aantal_lt_6,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.le_6)::bigint
            ELSE NULL::bigint
        END AS aantal_le_6,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.ge_8)::bigint
            ELSE NULL::bigint
        END AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (shown figures
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.uitsplitsing_per_jaar OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.uitsplitsing_per_kwartaal AS
 WITH counted AS (
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'meetpunt'::text AS breakdown,
            COALESCE(NULLIF(touchpoint.slug, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    ''::text AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, ''::text, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(touchpoint.slug, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'product'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.product AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.product, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'locatie'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.location AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.location, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'afdeling'::text AS breakdown,
            COALESCE(department.slug, 'overig'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM ((( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.product AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.product, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = cell.municipality) AND ((touchpoint.slug = ANY (fits.touchpoints)) OR (cell.detail = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(department.slug, 'overig'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'wijk'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.wijk AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.wijk, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'afnamewijze'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.mode AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.mode, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'dagdeel'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    (date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date AS period,
                    part.touchpoint,
                    part.daypart AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, ((date_trunc('quarter'::text, (part.month)::timestamp without time zone))::date), part.touchpoint, part.daypart, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.breakdown,
            counted.value,
            counted.indicator,
            counted.kind,
            counted.given,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            (((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) AS n,
                CASE
                    WHEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) >= 10) THEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8))::double precision
                    ELSE NULL::double precision
                END AS shown,
                CASE
                    WHEN (kinds.school_mark AND ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) >= 10)) THEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8))::double precision
                    ELSE NULL::double precision
                END AS marks,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            (counted.lt_6)::double precision AS lt_6,
            ((counted.lt_6 + counted.six))::double precision AS le_6,
            (counted.ge_8)::double precision AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = counted.kind)))
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS kwartaal,
    figures.channel AS kanaal,
    figures.breakdown AS uitsplitsing,
    figures.value AS waarde,
    ((figures.municipality || '/'::text) || figures.value) AS waarde_sleutel,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
    (figures.n < 10) AS te_weinig,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    ((((figures.total / figures.shown) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS gemiddelde_100,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.lt_6)::bigint
            ELSE NULL::bigint
        END AS aantal_lt_55,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.lt_6)::bigint
            ELSE NULL::bigint
        END AS aantal_lt_6,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.le_6)::bigint
            ELSE NULL::bigint
        END AS aantal_le_6,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.ge_8)::bigint
            ELSE NULL::bigint
        END AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (shown figures
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.uitsplitsing_per_kwartaal OWNER TO meetpunt_views;

CREATE VIEW bi_molensloot.uitsplitsing_per_maand AS
 WITH counted AS (
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'meetpunt'::text AS breakdown,
            COALESCE(NULLIF(touchpoint.slug, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    ''::text AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, ''::text, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(touchpoint.slug, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'product'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    part.product AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, part.product, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'locatie'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    part.location AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, part.location, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'afdeling'::text AS breakdown,
            COALESCE(department.slug, 'overig'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM ((( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    part.product AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, part.product, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
             LEFT JOIN LATERAL ( SELECT fits.slug
                   FROM lees_molensloot.dim_afdeling fits
                  WHERE ((fits.municipality = cell.municipality) AND ((touchpoint.slug = ANY (fits.touchpoints)) OR (cell.detail = ANY (fits.products))))
                  ORDER BY fits."position"
                 LIMIT 1) department ON (true))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(department.slug, 'overig'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'wijk'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    part.wijk AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, part.wijk, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'afnamewijze'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    part.mode AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, part.mode, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        UNION ALL
         SELECT cell.municipality,
            cell.period,
            touchpoint.channel,
            'dagdeel'::text AS breakdown,
            COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text) AS value,
            cell.indicator,
            cell.kind,
            ARRAY[(sum(cell.given[1]))::bigint, (sum(cell.given[2]))::bigint, (sum(cell.given[3]))::bigint, (sum(cell.given[4]))::bigint, (sum(cell.given[5]))::bigint, (sum(cell.given[6]))::bigint, (sum(cell.given[7]))::bigint, (sum(cell.given[8]))::bigint, (sum(cell.given[9]))::bigint, (sum(cell.given[10]))::bigint] AS given,
            (sum(((((cell.given[1] + cell.given[2]) + cell.given[3]) + cell.given[4]) + cell.given[5])))::bigint AS lt_6,
            (sum(cell.given[6]))::bigint AS six,
            (sum(cell.given[7]))::bigint AS seven,
            (sum(((cell.given[8] + cell.given[9]) + cell.given[10])))::bigint AS ge_8,
            (sum((((((((((cell.given[1] + (2 * cell.given[2])) + (3 * cell.given[3])) + (4 * cell.given[4])) + (5 * cell.given[5])) + (6 * cell.given[6])) + (7 * cell.given[7])) + (8 * cell.given[8])) + (9 * cell.given[9])) + (10 * cell.given[10]))))::bigint AS total,
            (sum((((((((((cell.given[1] + (4 * cell.given[2])) + (9 * cell.given[3])) + (16 * cell.given[4])) + (25 * cell.given[5])) + (36 * cell.given[6])) + (49 * cell.given[7])) + (64 * cell.given[8])) + (81 * cell.given[9])) + (100 * cell.given[10]))))::bigint AS squares,
            bool_or(cell.small_group) AS small_group
           FROM (( SELECT part.municipality,
                    part.month AS period,
                    part.touchpoint,
                    part.daypart AS detail,
                    part.indicator,
                    part.kind,
                    ARRAY[sum((part.given[1])::integer), sum((part.given[2])::integer), sum((part.given[3])::integer), sum((part.given[4])::integer), sum((part.given[5])::integer), sum((part.given[6])::integer), sum((part.given[7])::integer), sum((part.given[8])::integer), sum((part.given[9])::integer), sum((part.given[10])::integer)] AS given,
                    bool_or(part.small_group) AS small_group
                   FROM lees_molensloot.cijfer_uitgesplitst part
                  GROUP BY part.municipality, part.month, part.touchpoint, part.daypart, part.indicator, part.kind) cell
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = cell.municipality) AND (touchpoint.number = cell.touchpoint))))
          GROUP BY cell.municipality, cell.period, touchpoint.channel, COALESCE(NULLIF(cell.detail, ''::text), 'onbekend'::text), cell.indicator, cell.kind
        ), shown AS (
         SELECT counted.municipality,
            counted.period,
            counted.channel,
            counted.breakdown,
            counted.value,
            counted.indicator,
            counted.kind,
            counted.given,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            (((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) AS n,
                CASE
                    WHEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) >= 10) THEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8))::double precision
                    ELSE NULL::double precision
                END AS shown,
                CASE
                    WHEN (kinds.school_mark AND ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8) >= 10)) THEN ((((counted.lt_6 + counted.six) + counted.seven) + counted.ge_8))::double precision
                    ELSE NULL::double precision
                END AS marks,
            (counted.total)::double precision AS total,
            (counted.squares)::double precision AS squares,
            (counted.lt_6)::double precision AS lt_6,
            ((counted.lt_6 + counted.six))::double precision AS le_6,
            (counted.ge_8)::double precision AS ge_8
           FROM (counted
             JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = counted.kind)))
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures.period AS maand,
    figures.channel AS kanaal,
    figures.breakdown AS uitsplitsing,
    figures.value AS waarde,
    ((figures.municipality || '/'::text) || figures.value) AS waarde_sleutel,
    figures.indicator,
    figures.kind AS soort,
    figures.n,
    (figures.n < 10) AS te_weinig,
        CASE
            WHEN figures.has_mean THEN (figures.total / figures.shown)
            ELSE NULL::double precision
        END AS gemiddelde,
    ((((figures.total / figures.shown) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS gemiddelde_100,
    (((lees.mean_low(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS ondergrens_95,
    (((lees.mean_high(figures.shown, figures.total, figures.squares, (1)::double precision, (figures.top)::double precision) - (1)::double precision) * (100)::double precision) / ((figures.top - 1))::double precision) AS bovengrens_95,
    (figures.lt_6 / figures.marks) AS aandeel_lt_6,
    lees.wilson_low(figures.lt_6, figures.marks) AS aandeel_lt_6_ondergrens,
    lees.wilson_high(figures.lt_6, figures.marks) AS aandeel_lt_6_bovengrens,
    (figures.le_6 / figures.marks) AS aandeel_le_6,
    lees.wilson_low(figures.le_6, figures.marks) AS aandeel_le_6_ondergrens,
    lees.wilson_high(figures.le_6, figures.marks) AS aandeel_le_6_bovengrens,
    (figures.ge_8 / figures.marks) AS aandeel_ge_8,
    lees.wilson_low(figures.ge_8, figures.marks) AS aandeel_ge_8_ondergrens,
    lees.wilson_high(figures.ge_8, figures.marks) AS aandeel_ge_8_bovengrens,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN figures.given[:figures.top]
            ELSE NULL::bigint[]
        END AS verdeling,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.total)::bigint
            ELSE NULL::bigint
        END AS som,
        CASE
            WHEN (figures.shown IS NOT NULL) THEN (figures.squares)::bigint
            ELSE NULL::bigint
        END AS som_kwadraten,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.lt_6)::bigint
            ELSE NULL::bigint
        END AS aantal_lt_55,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.lt_6)::bigint
            ELSE NULL::bigint
        END AS aantal_lt_6,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.le_6)::bigint
            ELSE NULL::bigint
        END AS aantal_le_6,
        CASE
            WHEN (figures.marks IS NOT NULL) THEN (figures.ge_8)::bigint
            ELSE NULL::bigint
        END AS aantal_ge_8,
    figures.small_group AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (shown figures
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.channel))));

ALTER VIEW bi_molensloot.uitsplitsing_per_maand OWNER TO meetpunt_views;

CREATE TABLE lees.verbetering (
    municipality text NOT NULL,
    "position" smallint NOT NULL,
    day date NOT NULL,
    department text NOT NULL,
    channel text NOT NULL,
    text text NOT NULL
)
PARTITION BY LIST (municipality);

ALTER TABLE lees.verbetering OWNER TO meetpunt_owner;

CREATE TABLE lees_molensloot.verbetering (
    municipality text NOT NULL,
    "position" smallint NOT NULL,
    day date NOT NULL,
    department text NOT NULL,
    channel text NOT NULL,
    text text NOT NULL
);

ALTER TABLE lees_molensloot.verbetering OWNER TO meetpunt_owner;

CREATE VIEW bi_molensloot.verbeteringen AS
 WITH told AS (
         SELECT improvement.municipality,
            improvement."position",
            improvement.day,
            improvement.department,
            improvement.channel,
            improvement.text,
            ((date_trunc('week'::text, (improvement.day)::timestamp without time zone) - '56 days'::interval))::date AS before_from,
            (date_trunc('week'::text, (improvement.day)::timestamp without time zone))::date AS before_until,
            (date_trunc('week'::text, ((improvement.day + 6))::timestamp without time zone))::date AS after_from,
            ((date_trunc('week'::text, ((improvement.day + 6))::timestamp without time zone))::date + 56) AS after_until
           FROM lees_molensloot.verbetering improvement
        ), places AS (
         SELECT told.municipality,
            told."position",
            told.day,
            told.department,
            told.channel,
            told.text,
            told.before_from,
            told.before_until,
            told.after_from,
            told.after_until,
            on_channel.channel AS told_on
           FROM (told
             JOIN LATERAL ( SELECT DISTINCT touchpoint.channel
                   FROM (lees_molensloot.dim_meetpunt touchpoint
                     LEFT JOIN lees_molensloot.dim_afdeling department ON (((department.municipality = told.municipality) AND (department.slug = told.department) AND (cardinality(department.touchpoints) > 0))))
                  WHERE ((touchpoint.municipality = told.municipality) AND ((told.channel = ''::text) OR (told.channel = touchpoint.channel)) AND ((told.channel <> ''::text) OR (department.slug IS NULL) OR (touchpoint.slug = ANY (department.touchpoints))))) on_channel ON (true))
        ), counted AS (
         SELECT places.municipality,
            places."position",
            places.told_on,
            figure.indicator,
            figure.kind,
            bool_or(figure.small_group) AS small_group,
            (COALESCE(sum(figure.n) FILTER (WHERE (figure.period < places.before_until)), (0)::numeric))::bigint AS n_before,
            (sum(figure.total) FILTER (WHERE (figure.period < places.before_until)))::double precision AS total_before,
            (sum(figure.squares) FILTER (WHERE (figure.period < places.before_until)))::double precision AS squares_before,
            (COALESCE(sum(figure.n) FILTER (WHERE (figure.period >= places.after_from)), (0)::numeric))::bigint AS n_after,
            (sum(figure.total) FILTER (WHERE (figure.period >= places.after_from)))::double precision AS total_after,
            (sum(figure.squares) FILTER (WHERE (figure.period >= places.after_from)))::double precision AS squares_after
           FROM (places
             JOIN lees_molensloot.cijfer figure ON (((figure.municipality = places.municipality) AND (figure.grain = 'week'::text) AND (figure.channel = places.told_on) AND (figure.period >= places.before_from) AND (figure.period < places.after_until))))
          GROUP BY places.municipality, places."position", places.told_on, figure.indicator, figure.kind
        ), shown AS (
         SELECT places.municipality,
            places."position",
            places.day,
            places.department,
            places.channel,
            places.text,
            places.before_from,
            places.before_until,
            places.after_from,
            places.after_until,
            places.told_on,
            counted.indicator,
            counted.kind,
            counted.small_group,
            kinds.top,
            kinds.has_mean,
            COALESCE(counted.n_before, (0)::bigint) AS n_before,
            COALESCE(counted.n_after, (0)::bigint) AS n_after,
                CASE
                    WHEN (counted.n_before >= 10) THEN (counted.n_before)::double precision
                    ELSE NULL::double precision
                END AS before,
                CASE
                    WHEN (counted.n_after >= 10) THEN (counted.n_after)::double precision
                    ELSE NULL::double precision
                END AS after,
            counted.total_before,
            counted.squares_before,
            counted.total_after,
            counted.squares_after,
            (places.after_until <= ((now() AT TIME ZONE 'Europe/Amsterdam'::text))::date) AS is_over
           FROM ((places
             LEFT JOIN counted ON (((counted.municipality = places.municipality) AND (counted."position" = places."position") AND (counted.told_on = places.told_on))))
             LEFT JOIN ( VALUES ('mark'::text,10,true,true), ('agreement'::text,5,true,false), ('smileys'::text,5,true,false), ('rating'::text,5,true,false), ('yes_partly_no'::text,3,false,false)) kinds(kind, top, has_mean, school_mark) ON ((kinds.kind = counted.kind)))
        ), measured AS (
         SELECT shown.municipality,
            shown."position",
            shown.day,
            shown.department,
            shown.channel,
            shown.text,
            shown.before_from,
            shown.before_until,
            shown.after_from,
            shown.after_until,
            shown.told_on,
            shown.indicator,
            shown.kind,
            shown.small_group,
            shown.top,
            shown.has_mean,
            shown.n_before,
            shown.n_after,
            shown.before,
            shown.after,
            shown.total_before,
            shown.squares_before,
            shown.total_after,
            shown.squares_after,
            shown.is_over,
            ((100)::double precision / ((shown.top - 1))::double precision) AS whole,
            ((shown.total_after / shown.after) - (shown.total_before / shown.before)) AS difference,
            lees.squared_error(shown.before, shown.total_before, shown.squares_before, (1)::double precision, (shown.top)::double precision) AS error_before,
            lees.squared_error(shown.after, shown.total_after, shown.squares_after, (1)::double precision, (shown.top)::double precision) AS error_after
           FROM shown
        ), tested AS (
         SELECT measured.municipality,
            measured."position",
            measured.day,
            measured.department,
            measured.channel,
            measured.text,
            measured.before_from,
            measured.before_until,
            measured.after_from,
            measured.after_until,
            measured.told_on,
            measured.indicator,
            measured.kind,
            measured.small_group,
            measured.top,
            measured.has_mean,
            measured.n_before,
            measured.n_after,
            measured.before,
            measured.after,
            measured.total_before,
            measured.squares_before,
            measured.total_after,
            measured.squares_after,
            measured.is_over,
            measured.whole,
            measured.difference,
            measured.error_before,
            measured.error_after,
                CASE
                    WHEN measured.is_over THEN lees.welch_p(measured.difference, measured.error_after, measured.after, measured.error_before, measured.before)
                    ELSE NULL::double precision
                END AS p
           FROM measured
        ), ranked AS (
         SELECT tested.municipality,
            tested."position",
            tested.day,
            tested.department,
            tested.channel,
            tested.text,
            tested.before_from,
            tested.before_until,
            tested.after_from,
            tested.after_until,
            tested.told_on,
            tested.indicator,
            tested.kind,
            tested.small_group,
            tested.top,
            tested.has_mean,
            tested.n_before,
            tested.n_after,
            tested.before,
            tested.after,
            tested.total_before,
            tested.squares_before,
            tested.total_after,
            tested.squares_after,
            tested.is_over,
            tested.whole,
            tested.difference,
            tested.error_before,
            tested.error_after,
            tested.p,
            (tested.p * (((1 + count(tested.p) OVER (PARTITION BY tested.municipality, tested."position")) - row_number() OVER (PARTITION BY tested.municipality, tested."position" ORDER BY tested.p)))::double precision) AS step
           FROM tested
        ), corrected AS (
         SELECT ranked.municipality,
            ranked."position",
            ranked.day,
            ranked.department,
            ranked.channel,
            ranked.text,
            ranked.before_from,
            ranked.before_until,
            ranked.after_from,
            ranked.after_until,
            ranked.told_on,
            ranked.indicator,
            ranked.kind,
            ranked.small_group,
            ranked.top,
            ranked.has_mean,
            ranked.n_before,
            ranked.n_after,
            ranked.before,
            ranked.after,
            ranked.total_before,
            ranked.squares_before,
            ranked.total_after,
            ranked.squares_after,
            ranked.is_over,
            ranked.whole,
            ranked.difference,
            ranked.error_before,
            ranked.error_after,
            ranked.p,
            ranked.step,
                CASE
                    WHEN (ranked.p IS NOT NULL) THEN LEAST((1)::double precision, max(ranked.step) OVER (PARTITION BY ranked.municipality, ranked."position" ORDER BY ranked.p))
                    ELSE NULL::double precision
                END AS holm
           FROM ranked
        ), looked AS (
         SELECT stand.municipality,
            touchpoint.channel,
            max(stand.looked_at) AS looked_at,
            (sum(stand.waiting))::bigint AS waiting
           FROM (lees_molensloot.stand stand
             JOIN lees_molensloot.dim_meetpunt touchpoint ON (((touchpoint.municipality = stand.municipality) AND (touchpoint.number = stand.touchpoint))))
          GROUP BY stand.municipality, touchpoint.channel
        )
 SELECT figures.municipality AS gemeente_code,
    figures."position" AS verbetering,
    figures.day AS datum,
    (date_trunc('week'::text, (figures.day)::timestamp without time zone))::date AS week,
    (date_trunc('month'::text, (figures.day)::timestamp without time zone))::date AS maand,
    NULLIF(figures.department, ''::text) AS afdeling,
    figures.told_on AS kanaal,
    figures.text AS tekst,
    figures.indicator,
    figures.kind AS soort,
    figures.before_from AS voor_vanaf,
    (figures.before_until - 1) AS voor_tot_en_met,
    figures.n_before AS voor_n,
        CASE
            WHEN figures.has_mean THEN (figures.total_before / figures.before)
            ELSE NULL::double precision
        END AS voor_gemiddelde,
    (((figures.total_before / figures.before) - (1)::double precision) * figures.whole) AS voor_gemiddelde_100,
    figures.after_from AS na_vanaf,
    (figures.after_until - 1) AS na_tot_en_met,
    figures.n_after AS na_n,
        CASE
            WHEN figures.has_mean THEN (figures.total_after / figures.after)
            ELSE NULL::double precision
        END AS na_gemiddelde,
    (((figures.total_after / figures.after) - (1)::double precision) * figures.whole) AS na_gemiddelde_100,
        CASE
            WHEN figures.is_over THEN (figures.difference * figures.whole)
            ELSE NULL::double precision
        END AS verschil,
        CASE
            WHEN figures.is_over THEN ((figures.difference - lees.welch_margin(figures.error_after, figures.after, figures.error_before, figures.before)) * figures.whole)
            ELSE NULL::double precision
        END AS verschil_ondergrens_95,
        CASE
            WHEN figures.is_over THEN ((figures.difference + lees.welch_margin(figures.error_after, figures.after, figures.error_before, figures.before)) * figures.whole)
            ELSE NULL::double precision
        END AS verschil_bovengrens_95,
    figures.p,
    figures.holm AS p_holm,
        CASE
            WHEN figures.is_over THEN (lees.findable(figures.error_after, figures.after, figures.error_before, figures.before) * figures.whole)
            ELSE NULL::double precision
        END AS aantoonbaar,
        CASE
            WHEN (NOT figures.is_over) THEN 'te vroeg'::text
            WHEN (figures.p IS NULL) THEN 'te weinig'::text
            WHEN (figures.holm >= (0.05)::double precision) THEN 'geen aantoonbaar verschil'::text
            WHEN (figures.difference > (0)::double precision) THEN 'hoger'::text
            ELSE 'lager'::text
        END AS oordeel,
    COALESCE(figures.small_group, false) AS kleine_groep,
    looked.looked_at AS peilmoment,
    looked.waiting AS wachtend_n
   FROM (corrected figures
     LEFT JOIN looked ON (((looked.municipality = figures.municipality) AND (looked.channel = figures.told_on))));

ALTER VIEW bi_molensloot.verbeteringen OWNER TO meetpunt_views;

CREATE TABLE meetpunt.answered_tally (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    n bigint NOT NULL
)
WITH (autovacuum_vacuum_threshold='500', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.answered_tally FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.answered_tally OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.api_key (
    municipality text NOT NULL,
    digest bytea NOT NULL,
    name text NOT NULL,
    created_on date NOT NULL,
    revoked_on date,
    may text[] DEFAULT '{links}'::text[] NOT NULL,
    CONSTRAINT api_key_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT api_key_may_check CHECK (((may <@ ARRAY['links'::text, 'signals'::text]) AND (cardinality(may) > 0)))
);

ALTER TABLE ONLY meetpunt.api_key FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.api_key OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.applied_view (
    schema_name text NOT NULL,
    view_name text NOT NULL,
    sha256 text NOT NULL
);

ALTER TABLE meetpunt.applied_view OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.asked (
    municipality text NOT NULL,
    code bytea NOT NULL,
    until date NOT NULL,
    CONSTRAINT asked_code_check CHECK ((octet_length(code) = 32))
);

ALTER TABLE ONLY meetpunt.asked FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.asked OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.asked_key (
    quarter text NOT NULL,
    half bytea NOT NULL,
    CONSTRAINT asked_key_half_check CHECK ((octet_length(half) = 32)),
    CONSTRAINT asked_key_quarter_check CHECK ((quarter ~ '^[0-9]{4}-[1-4]$'::text))
);

ALTER TABLE ONLY meetpunt.asked_key FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.asked_key OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.audit (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    role name DEFAULT SESSION_USER NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT audit_action_check CHECK (((action ~ '^[a-z]+(-[a-z]+)*$'::text) AND (length(action) <= 40))),
    CONSTRAINT audit_actor_check CHECK (((actor <> ''::text) AND (length(actor) <= 200))),
    CONSTRAINT audit_object_check CHECK ((length(object) <= 4000)),
    CONSTRAINT audit_outcome_check CHECK ((outcome = ANY (ARRAY['begun'::text, 'done'::text, 'refused'::text, 'failed'::text])))
);

ALTER TABLE ONLY meetpunt.audit FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.audit OWNER TO meetpunt_audit;

CREATE TABLE meetpunt.callback (
    municipality text NOT NULL,
    id uuid NOT NULL,
    touchpoint integer NOT NULL,
    day date NOT NULL,
    state text DEFAULT 'nieuw'::text NOT NULL,
    sealed bytea,
    mixed boolean DEFAULT false NOT NULL,
    CONSTRAINT callback_check CHECK (((sealed IS NULL) = (state <> 'nieuw'::text))),
    CONSTRAINT callback_day_check CHECK (isfinite(day)),
    CONSTRAINT callback_state_check CHECK ((state = ANY (ARRAY['nieuw'::text, 'geopend'::text, 'afgehandeld'::text])))
)
WITH (autovacuum_vacuum_threshold='1', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.callback FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.callback OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.core_item (
    structure text NOT NULL,
    item text NOT NULL,
    core text NOT NULL,
    CONSTRAINT core_item_structure_check CHECK ((structure ~ '^[0-9a-f]{16}$'::text))
);

ALTER TABLE ONLY meetpunt.core_item FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.core_item OWNER TO meetpunt_owner;

CREATE UNLOGGED TABLE meetpunt.cover (
    number smallint NOT NULL
);

ALTER TABLE ONLY meetpunt.cover FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.cover OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.department (
    municipality text NOT NULL,
    slug text NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    touchpoints text[] NOT NULL,
    products text[] NOT NULL,
    CONSTRAINT department_check CHECK (((cardinality(touchpoints) + cardinality(products)) > 0))
);

ALTER TABLE ONLY meetpunt.department FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.department OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.destruction_record (
    municipality text NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    rows bigint NOT NULL,
    CONSTRAINT destruction_record_kind_check CHECK ((kind = ANY (ARRAY['asked'::text, 'callback'::text, 'callback_unopened'::text, 'free_text'::text, 'invitation'::text, 'invitation_call'::text, 'kiosk_item'::text, 'kiosk_pairing'::text, 'kiosk_quarantine'::text, 'kiosk_set_aside'::text, 'notification'::text, 'occasion'::text, 'outbox'::text, 'published_breakdown'::text, 'published_response'::text, 'published_text'::text, 'receipt'::text, 'response'::text, 'signal'::text, 'spent_token'::text]))),
    CONSTRAINT destruction_record_rows_check CHECK ((rows > 0))
);

ALTER TABLE ONLY meetpunt.destruction_record FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.destruction_record OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.follow_up_place (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT follow_up_place_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT follow_up_place_n_check CHECK ((n > 0))
);

ALTER TABLE ONLY meetpunt.follow_up_place FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.follow_up_place OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.free_text (
    municipality text NOT NULL,
    day date NOT NULL,
    response_id uuid NOT NULL,
    item text NOT NULL,
    text text NOT NULL,
    masked text[] NOT NULL,
    themes text[] DEFAULT '{}'::text[] NOT NULL,
    theme_version text DEFAULT ''::text NOT NULL,
    CONSTRAINT free_text_item_check CHECK ((item ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT free_text_text_check CHECK ((char_length(text) <= 6000))
);
ALTER TABLE ONLY meetpunt.free_text ALTER COLUMN text SET STORAGE MAIN;

ALTER TABLE ONLY meetpunt.free_text FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.free_text OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.improvement (
    municipality text NOT NULL,
    "position" smallint NOT NULL,
    day date NOT NULL,
    department text NOT NULL,
    channel text NOT NULL,
    text text NOT NULL,
    CONSTRAINT improvement_day_check CHECK (isfinite(day))
);

ALTER TABLE ONLY meetpunt.improvement FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.improvement OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.invitation (
    municipality text NOT NULL,
    digest bytea NOT NULL,
    touchpoint integer NOT NULL,
    dimensions jsonb NOT NULL,
    expires_on date NOT NULL,
    month date,
    CONSTRAINT invitation_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT invitation_dimensions_check CHECK ((jsonb_typeof(dimensions) = 'object'::text)),
    CONSTRAINT invitation_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
)
WITH (autovacuum_vacuum_threshold='1', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.invitation FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.invitation_call (
    municipality text NOT NULL,
    key_digest bytea NOT NULL,
    body_digest bytea NOT NULL,
    touchpoint integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT invitation_call_body_digest_check CHECK ((octet_length(body_digest) = 32)),
    CONSTRAINT invitation_call_key_digest_check CHECK ((octet_length(key_digest) = 32))
);

ALTER TABLE ONLY meetpunt.invitation_call FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation_call OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.invitation_count (
    municipality text NOT NULL,
    day date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    issued bigint DEFAULT 0 NOT NULL,
    spent bigint DEFAULT 0 NOT NULL,
    expired bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY meetpunt.invitation_count FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation_count OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.invitation_stage (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    product text NOT NULL,
    stage text NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT invitation_stage_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT invitation_stage_product_check CHECK ((length(product) <= 100)),
    CONSTRAINT invitation_stage_stage_check CHECK ((stage = ANY (ARRAY['known'::text, 'sampled-out'::text, 'not-this'::text, 'opted-out'::text, 'asked-recently'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'unknown'::text, 'expired'::text, 'withdrawn'::text, 'answered'::text])))
);

ALTER TABLE ONLY meetpunt.invitation_stage FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation_stage OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.item (
    municipality text NOT NULL,
    structure text NOT NULL,
    item text NOT NULL,
    "position" smallint NOT NULL,
    kind text NOT NULL,
    indicator text,
    core boolean NOT NULL,
    text text NOT NULL
);

ALTER TABLE ONLY meetpunt.item FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.item OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.judged (
    municipality text NOT NULL,
    touchpoint integer NOT NULL,
    structure text NOT NULL,
    invited boolean NOT NULL,
    judgement text NOT NULL,
    language text NOT NULL,
    month date NOT NULL,
    responses bigint NOT NULL,
    promised boolean NOT NULL,
    told text DEFAULT ''::text NOT NULL,
    CONSTRAINT judged_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

ALTER TABLE ONLY meetpunt.judged FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.judged OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.kiosk (
    municipality text NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    touchpoint integer NOT NULL,
    public_key bytea NOT NULL,
    name text NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    answers_since timestamp with time zone,
    revoked_on date,
    counter bigint DEFAULT 1 NOT NULL,
    last_seen timestamp with time zone,
    emptied_at timestamp with time zone,
    emptied_offset_seconds bigint,
    queue integer,
    version text,
    clock_offset_seconds bigint,
    last_boot text,
    last_monotonic double precision,
    set_aside bigint DEFAULT 0 NOT NULL,
    quarantined bigint DEFAULT 0 NOT NULL,
    tile_mm smallint,
    CONSTRAINT kiosk_counter_check CHECK (((counter >= 1) AND (counter <= '9007199254740991'::bigint))),
    CONSTRAINT kiosk_name_check CHECK ((char_length(name) <= 100)),
    CONSTRAINT kiosk_public_key_check CHECK ((octet_length(public_key) = 65)),
    CONSTRAINT kiosk_queue_check CHECK ((queue >= 0)),
    CONSTRAINT kiosk_tile_mm_check CHECK (((tile_mm >= 1) AND (tile_mm <= 1000))),
    CONSTRAINT kiosk_version_check CHECK ((char_length(version) <= 40))
);

ALTER TABLE ONLY meetpunt.kiosk FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.kiosk_item (
    municipality text NOT NULL,
    kiosk uuid NOT NULL,
    id uuid NOT NULL,
    content_code bytea,
    received_on date,
    CONSTRAINT kiosk_item_content_code_check CHECK ((octet_length(content_code) = 32))
);

ALTER TABLE ONLY meetpunt.kiosk_item FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_item OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.kiosk_pairing (
    municipality text NOT NULL,
    code text NOT NULL,
    touchpoint integer NOT NULL,
    public_key bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    kiosk uuid,
    CONSTRAINT kiosk_pairing_code_check CHECK ((code ~ '^[A-Z0-9]{8}$'::text)),
    CONSTRAINT kiosk_pairing_public_key_check CHECK ((octet_length(public_key) = 65))
);

ALTER TABLE ONLY meetpunt.kiosk_pairing FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_pairing OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.kiosk_quarantine (
    municipality text NOT NULL,
    kiosk uuid NOT NULL,
    digest bytea NOT NULL,
    reason text NOT NULL,
    payload text NOT NULL,
    response text,
    received_on date NOT NULL,
    CONSTRAINT kiosk_quarantine_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT kiosk_quarantine_reason_check CHECK ((reason = ANY (ARRAY['old-counter'::text, 'revoked'::text])))
);
ALTER TABLE ONLY meetpunt.kiosk_quarantine ALTER COLUMN payload SET STORAGE MAIN;

ALTER TABLE ONLY meetpunt.kiosk_quarantine FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_quarantine OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.kiosk_set_aside (
    municipality text NOT NULL,
    kiosk uuid NOT NULL,
    digest bytea NOT NULL,
    reason text NOT NULL,
    payload text NOT NULL,
    received_on date NOT NULL,
    CONSTRAINT kiosk_set_aside_digest_check CHECK ((octet_length(digest) = 32))
);
ALTER TABLE ONLY meetpunt.kiosk_set_aside ALTER COLUMN payload SET STORAGE MAIN;

ALTER TABLE ONLY meetpunt.kiosk_set_aside FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_set_aside OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.look (
    municipality text NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    half_day_closed timestamp with time zone,
    follow_up_told date,
    CONSTRAINT look_half_day_closed_check CHECK (isfinite(half_day_closed))
);

ALTER TABLE ONLY meetpunt.look FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.look OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.municipality (
    code text NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    region text NOT NULL,
    fictional boolean NOT NULL,
    CONSTRAINT municipality_code_check CHECK ((code ~ '^GM[0-9]{4}$'::text)),
    CONSTRAINT municipality_slug_check CHECK (((slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text) AND (length(slug) <= 39)))
);

ALTER TABLE meetpunt.municipality OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.neighbour (
    municipality text NOT NULL,
    kind text NOT NULL,
    last_well timestamp with time zone,
    away_since timestamp with time zone,
    reason text,
    CONSTRAINT neighbour_away_since_check CHECK (isfinite(away_since)),
    CONSTRAINT neighbour_check CHECK (((away_since IS NULL) = (reason IS NULL))),
    CONSTRAINT neighbour_kind_check CHECK ((kind = ANY (ARRAY['cases'::text, 'contacts'::text, 'reports'::text]))),
    CONSTRAINT neighbour_last_well_check CHECK (isfinite(last_well)),
    CONSTRAINT neighbour_reason_check CHECK (((reason ~ '^[a-z]+(-[a-z0-9]+)*$'::text) AND (length(reason) <= 40)))
);

ALTER TABLE ONLY meetpunt.neighbour FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.neighbour OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.norm (
    municipality text NOT NULL,
    channel text NOT NULL,
    department text NOT NULL,
    product text NOT NULL,
    measure text NOT NULL,
    value double precision NOT NULL
);

ALTER TABLE ONLY meetpunt.norm FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.norm OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.notification (
    municipality text NOT NULL,
    code bytea NOT NULL,
    since date NOT NULL,
    channel text,
    resource text,
    action text,
    about text,
    url text,
    due timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    waits boolean GENERATED ALWAYS AS ((due IS NOT NULL)) STORED,
    CONSTRAINT notification_about_check CHECK ((length(about) <= 1000)),
    CONSTRAINT notification_action_check CHECK ((length(action) <= 100)),
    CONSTRAINT notification_channel_check CHECK ((length(channel) <= 50)),
    CONSTRAINT notification_check CHECK ((((due IS NULL) = (about IS NULL)) AND ((due IS NULL) = (channel IS NULL)) AND ((due IS NULL) = (resource IS NULL)) AND ((due IS NULL) = (action IS NULL)) AND ((due IS NULL) = (url IS NULL)))),
    CONSTRAINT notification_code_check CHECK ((octet_length(code) = 32)),
    CONSTRAINT notification_due_check CHECK (isfinite(due)),
    CONSTRAINT notification_resource_check CHECK ((length(resource) <= 100)),
    CONSTRAINT notification_url_check CHECK ((length(url) <= 1000))
)
WITH (autovacuum_vacuum_threshold='500', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.notification FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.notification OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.occasion (
    municipality text NOT NULL,
    code bytea NOT NULL,
    until date NOT NULL,
    CONSTRAINT occasion_code_check CHECK ((octet_length(code) = 32))
);

ALTER TABLE ONLY meetpunt.occasion FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.occasion OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.opening_hours (
    municipality text NOT NULL,
    touchpoint integer NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    CONSTRAINT opening_hours_check CHECK ((closes > opens)),
    CONSTRAINT opening_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);

ALTER TABLE ONLY meetpunt.opening_hours FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.opening_hours OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.opted_out (
    municipality text NOT NULL,
    code bytea NOT NULL,
    since date NOT NULL,
    CONSTRAINT opted_out_code_check CHECK ((octet_length(code) = 32))
);

ALTER TABLE ONLY meetpunt.opted_out FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.opted_out OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.outbox (
    municipality text NOT NULL,
    id uuid NOT NULL,
    touchpoint integer NOT NULL,
    sender text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    month date NOT NULL,
    product text NOT NULL,
    sealed bytea,
    due timestamp with time zone,
    expires_at timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    holder uuid,
    held_until timestamp with time zone,
    reference text,
    reason text,
    receipt_until date,
    changed_on date NOT NULL,
    provider bytea,
    about bytea,
    CONSTRAINT outbox_about_check CHECK ((octet_length(about) = 32)),
    CONSTRAINT outbox_check CHECK (((sealed IS NULL) = (state <> ALL (ARRAY['waiting'::text, 'sending'::text])))),
    CONSTRAINT outbox_check1 CHECK ((((due IS NULL) = (sealed IS NULL)) AND ((expires_at IS NULL) = (sealed IS NULL)))),
    CONSTRAINT outbox_check2 CHECK ((((held_until IS NULL) = (state <> 'sending'::text)) AND ((holder IS NULL) OR (state = 'sending'::text)))),
    CONSTRAINT outbox_check3 CHECK (((receipt_until IS NULL) OR (state = 'sent'::text))),
    CONSTRAINT outbox_check4 CHECK ((isfinite(month) AND isfinite(changed_on) AND isfinite(due) AND isfinite(expires_at) AND isfinite(held_until) AND isfinite(receipt_until))),
    CONSTRAINT outbox_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT outbox_product_check CHECK ((length(product) <= 100)),
    CONSTRAINT outbox_provider_check CHECK ((octet_length(provider) = 32)),
    CONSTRAINT outbox_reason_check CHECK (((reason ~ '^[a-z]+(-[a-z]+)*$'::text) AND (length(reason) <= 40))),
    CONSTRAINT outbox_reference_check CHECK ((length(reference) <= 100)),
    CONSTRAINT outbox_sender_check CHECK ((sender ~ '^[a-z][a-z0-9-]{0,38}$'::text)),
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'unknown'::text, 'expired'::text, 'withdrawn'::text, 'opted-out'::text, 'asked-recently'::text])))
)
WITH (autovacuum_vacuum_threshold='500', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.outbox FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.outbox OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.purge_moment (
    the_only boolean DEFAULT true NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT purge_moment_the_only_check CHECK (the_only)
);

ALTER TABLE ONLY meetpunt.purge_moment FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.purge_moment OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.purged_before (
    municipality text NOT NULL,
    day date NOT NULL
);

ALTER TABLE ONLY meetpunt.purged_before FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.purged_before OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.questionnaire (
    municipality text NOT NULL,
    structure text NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    title text NOT NULL,
    CONSTRAINT questionnaire_structure_check CHECK ((structure ~ '^[0-9a-f]{16}$'::text))
);

ALTER TABLE ONLY meetpunt.questionnaire FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.questionnaire OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.receipt (
    municipality text NOT NULL,
    week date NOT NULL,
    id uuid NOT NULL,
    content_code bytea NOT NULL,
    complete boolean NOT NULL,
    CONSTRAINT receipt_content_code_check CHECK ((octet_length(content_code) = 32)),
    CONSTRAINT receipt_week_check CHECK ((EXTRACT(isodow FROM week) = (1)::numeric))
);

ALTER TABLE ONLY meetpunt.receipt FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.receipt OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.region_look (
    municipality text NOT NULL,
    month date NOT NULL
);

ALTER TABLE ONLY meetpunt.region_look FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.region_look OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.regional (
    municipality text NOT NULL,
    month date NOT NULL,
    channel text NOT NULL,
    core text NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    revision smallint NOT NULL,
    given bigint[] NOT NULL,
    small_group boolean NOT NULL,
    hidden boolean NOT NULL,
    CONSTRAINT regional_given_check CHECK ((array_length(given, 1) = 10))
);

ALTER TABLE ONLY meetpunt.regional FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.regional OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.report (
    municipality text NOT NULL,
    month date NOT NULL,
    department text NOT NULL,
    id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    subject text,
    plain text,
    due timestamp with time zone NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    holder uuid,
    held_until timestamp with time zone,
    reason text,
    changed_on date NOT NULL,
    CONSTRAINT report_changed_on_check CHECK (isfinite(changed_on)),
    CONSTRAINT report_check CHECK ((((plain IS NULL) = (state <> ALL (ARRAY['waiting'::text, 'sending'::text]))) AND ((subject IS NULL) = (plain IS NULL)))),
    CONSTRAINT report_check1 CHECK ((((holder IS NULL) = (state <> 'sending'::text)) AND ((held_until IS NULL) = (state <> 'sending'::text)))),
    CONSTRAINT report_due_check CHECK (isfinite(due)),
    CONSTRAINT report_held_until_check CHECK (isfinite(held_until)),
    CONSTRAINT report_month_check CHECK ((isfinite(month) AND (EXTRACT(day FROM month) = (1)::numeric))),
    CONSTRAINT report_reason_check CHECK (((reason ~ '^[a-z]+(-[a-z]+)*$'::text) AND (length(reason) <= 40))),
    CONSTRAINT report_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text])))
);

ALTER TABLE ONLY meetpunt.report FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.report OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.report_link (
    municipality text NOT NULL,
    id bytea NOT NULL,
    used_on date NOT NULL,
    CONSTRAINT report_link_id_check CHECK ((octet_length(id) = 16))
)
WITH (autovacuum_vacuum_threshold='1', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.report_link FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.report_link OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.report_retry (
    municipality text NOT NULL,
    id bytea NOT NULL,
    response_code bytea NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT report_retry_id_check CHECK ((octet_length(id) = 16)),
    CONSTRAINT report_retry_response_code_check CHECK ((octet_length(response_code) = 16)),
    CONSTRAINT report_retry_until_check CHECK (isfinite(until))
)
WITH (autovacuum_vacuum_threshold='1', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.report_retry FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.report_retry OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.response (
    municipality text NOT NULL,
    day date NOT NULL,
    id uuid NOT NULL,
    touchpoint integer NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    structure text NOT NULL,
    language text NOT NULL,
    hour smallint,
    mode text NOT NULL,
    complete boolean NOT NULL,
    suspect text[] NOT NULL,
    is_test boolean NOT NULL,
    dimensions jsonb NOT NULL,
    answers jsonb NOT NULL,
    day_uncertain boolean DEFAULT false NOT NULL,
    CONSTRAINT response_answers_check CHECK (((jsonb_typeof(answers) = 'object'::text) AND (NOT jsonb_path_exists(answers, '$.keyvalue()."key"?(!(@ like_regex "^[a-z][a-z0-9_]{0,39}$"))'::jsonpath)) AND (NOT jsonb_path_exists(answers, '$.*[*]?(!(@.type() == "string" && @ like_regex "^[a-z0-9][a-z0-9_-]{0,39}$") && !(((@.type() == "number" && @ >= 1) && @ <= 10) && @.floor() == @))'::jsonpath)))),
    CONSTRAINT response_dimensions_check CHECK ((jsonb_typeof(dimensions) = 'object'::text)),
    CONSTRAINT response_hour_check CHECK (((hour >= 0) AND (hour <= 23))),
    CONSTRAINT response_language_check CHECK ((language ~ '^[a-z]{2,3}$'::text)),
    CONSTRAINT response_mode_check CHECK ((mode = ANY (ARRAY['kiosk'::text, 'link'::text, 'qr'::text, 'widget'::text, 'bericht'::text])))
);

ALTER TABLE ONLY meetpunt.response FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.response OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.sample_tally (
    municipality text NOT NULL,
    quarter date NOT NULL,
    touchpoint integer NOT NULL,
    item text NOT NULL,
    code text NOT NULL,
    small_group boolean NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT sample_tally_quarter_check CHECK (((EXTRACT(day FROM quarter) = (1)::numeric) AND (EXTRACT(month FROM quarter) = ANY (ARRAY[(1)::numeric, (4)::numeric, (7)::numeric, (10)::numeric]))))
);

ALTER TABLE ONLY meetpunt.sample_tally FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.sample_tally OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.signal (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    municipality text NOT NULL,
    touchpoint integer NOT NULL,
    reason text NOT NULL,
    theme text,
    day date NOT NULL,
    half text NOT NULL,
    shown_from timestamp with time zone NOT NULL,
    state text DEFAULT 'nieuw'::text NOT NULL,
    outcome text,
    why text,
    seen_on date,
    seen_after double precision,
    ended_on date,
    CONSTRAINT signal_check CHECK (((reason = 'thema'::text) = (theme IS NOT NULL))),
    CONSTRAINT signal_check1 CHECK ((((state = 'nieuw'::text) = (seen_on IS NULL)) AND ((state = 'nieuw'::text) = (seen_after IS NULL)))),
    CONSTRAINT signal_check2 CHECK ((((state = 'afgehandeld'::text) = (outcome IS NOT NULL)) AND ((state = 'afgehandeld'::text) = (ended_on IS NOT NULL)))),
    CONSTRAINT signal_check3 CHECK (((why IS NOT NULL) = (NOT (outcome IS DISTINCT FROM 'kan-niet'::text)))),
    CONSTRAINT signal_half_check CHECK ((half = ANY (ARRAY['ochtend'::text, 'middag'::text]))),
    CONSTRAINT signal_outcome_check CHECK ((outcome = ANY (ARRAY['verbeterd'::text, 'uitgelegd'::text, 'kan-niet'::text, 'klacht'::text]))),
    CONSTRAINT signal_reason_check CHECK ((reason = ANY (ARRAY['laag'::text, 'niet-geholpen'::text, 'thema'::text]))),
    CONSTRAINT signal_seen_after_check CHECK ((seen_after >= (0)::double precision)),
    CONSTRAINT signal_shown_from_check CHECK (isfinite(shown_from)),
    CONSTRAINT signal_state_check CHECK ((state = ANY (ARRAY['nieuw'::text, 'gezien'::text, 'bezig'::text, 'afgehandeld'::text]))),
    CONSTRAINT signal_theme_check CHECK (((theme ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text) AND (length(theme) <= 39))),
    CONSTRAINT signal_why_check CHECK (((length(why) >= 1) AND (length(why) <= 200)))
)
WITH (autovacuum_vacuum_threshold='100', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.signal FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.signal_delivery (
    municipality text NOT NULL,
    id uuid NOT NULL,
    way text NOT NULL,
    department text,
    counts jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    made timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    holder uuid,
    held_until timestamp with time zone,
    reason text,
    CONSTRAINT signal_delivery_check CHECK (((department IS NULL) OR (way = 'mail'::text))),
    CONSTRAINT signal_delivery_check1 CHECK ((((held_until IS NULL) = (state = 'waiting'::text)) AND ((holder IS NULL) = (state = 'waiting'::text)))),
    CONSTRAINT signal_delivery_counts_check CHECK (((jsonb_typeof(counts) = 'array'::text) AND (jsonb_array_length(counts) > 0))),
    CONSTRAINT signal_delivery_department_check CHECK (((department ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text) AND (length(department) <= 40))),
    CONSTRAINT signal_delivery_due_check CHECK (isfinite(due)),
    CONSTRAINT signal_delivery_held_until_check CHECK (isfinite(held_until)),
    CONSTRAINT signal_delivery_made_check CHECK (isfinite(made)),
    CONSTRAINT signal_delivery_reason_check CHECK (((reason ~ '^[a-z]+(-[a-z]+)*$'::text) AND (length(reason) <= 40))),
    CONSTRAINT signal_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text]))),
    CONSTRAINT signal_delivery_until_check CHECK (isfinite(until)),
    CONSTRAINT signal_delivery_way_check CHECK ((way = ANY (ARRAY['webhook'::text, 'mail'::text])))
)
WITH (autovacuum_vacuum_threshold='100', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.signal_delivery FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_delivery OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.signal_tally (
    municipality text NOT NULL,
    month date NOT NULL,
    way text NOT NULL,
    outcome text NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT signal_tally_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT signal_tally_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'away'::text, 'refused'::text, 'nobody'::text]))),
    CONSTRAINT signal_tally_way_check CHECK ((way = ANY (ARRAY['webhook'::text, 'mail'::text])))
);

ALTER TABLE ONLY meetpunt.signal_tally FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_tally OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.signal_told (
    signal uuid NOT NULL,
    way text NOT NULL,
    CONSTRAINT signal_told_way_check CHECK ((way = ANY (ARRAY['webhook'::text, 'mail'::text])))
);

ALTER TABLE ONLY meetpunt.signal_told FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_told OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.signal_webhook_gone (
    municipality text NOT NULL,
    address bytea NOT NULL,
    since date NOT NULL,
    CONSTRAINT signal_webhook_gone_address_check CHECK ((octet_length(address) = 32))
);

ALTER TABLE ONLY meetpunt.signal_webhook_gone FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_webhook_gone OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.spent_token (
    municipality text NOT NULL,
    id bytea NOT NULL,
    expires_on date NOT NULL,
    CONSTRAINT spent_token_id_check CHECK ((octet_length(id) = 16))
);

ALTER TABLE ONLY meetpunt.spent_token FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.spent_token OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.summary (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    touchpoint integer NOT NULL,
    structure text NOT NULL,
    item text NOT NULL,
    indicator text,
    kind text NOT NULL,
    given bigint[] NOT NULL,
    not_applicable bigint NOT NULL,
    small_group boolean NOT NULL,
    CONSTRAINT summary_given_check CHECK ((array_length(given, 1) = 10)),
    CONSTRAINT summary_grain_check CHECK ((grain = ANY (ARRAY['week'::text, 'month'::text])))
);

ALTER TABLE ONLY meetpunt.summary FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.summary OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.summary_responses (
    municipality text NOT NULL,
    grain text NOT NULL,
    period date NOT NULL,
    touchpoint integer NOT NULL,
    structure text NOT NULL,
    responses bigint NOT NULL,
    complete bigint NOT NULL,
    invited bigint NOT NULL,
    CONSTRAINT summary_responses_grain_check CHECK ((grain = ANY (ARRAY['week'::text, 'month'::text])))
);

ALTER TABLE ONLY meetpunt.summary_responses FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.summary_responses OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.target (
    municipality text NOT NULL,
    channel text NOT NULL,
    indicator text NOT NULL,
    measure text NOT NULL,
    kind text NOT NULL,
    amount numeric NOT NULL,
    base_year smallint,
    department text DEFAULT ''::text NOT NULL,
    CONSTRAINT target_base_year_check CHECK (((base_year >= 2000) AND (base_year <= 2100))),
    CONSTRAINT target_check CHECK (((measure = 'mean_at_least'::text) = (base_year IS NULL))),
    CONSTRAINT target_measure_check CHECK ((measure = ANY (ARRAY['mean_at_least'::text, 'share_lt_6_falls_by'::text, 'share_le_6_falls_by'::text])))
);

ALTER TABLE ONLY meetpunt.target FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.target OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.task (
    name text NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    holder uuid,
    held_until timestamp with time zone,
    pid integer,
    last_ran timestamp with time zone,
    last_failed timestamp with time zone,
    reason text,
    told_by uuid,
    files text,
    place text,
    CONSTRAINT task_check CHECK ((((holder IS NULL) = (held_until IS NULL)) AND ((holder IS NULL) = (pid IS NULL)))),
    CONSTRAINT task_check1 CHECK (((last_failed IS NULL) = (reason IS NULL))),
    CONSTRAINT task_check2 CHECK ((((told_by IS NULL) = (files IS NULL)) AND ((told_by IS NULL) = (place IS NULL)))),
    CONSTRAINT task_files_check CHECK ((files ~ '^[0-9a-f]{16}$'::text)),
    CONSTRAINT task_name_check CHECK (((name ~ '^[a-z]+(-[a-z]+)*$'::text) AND (length(name) <= 40))),
    CONSTRAINT task_place_check CHECK ((length(place) <= 100)),
    CONSTRAINT task_reason_check CHECK ((length(reason) <= 100))
);

ALTER TABLE ONLY meetpunt.task FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.task OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.theme (
    municipality text NOT NULL,
    theme text NOT NULL,
    version smallint NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    about text NOT NULL,
    own boolean NOT NULL,
    precise double precision,
    recall double precision,
    measured_on integer,
    CONSTRAINT theme_measured_on_check CHECK ((measured_on > 0)),
    CONSTRAINT theme_precise_check CHECK (((precise >= (0)::double precision) AND (precise <= (1)::double precision))),
    CONSTRAINT theme_recall_check CHECK (((recall >= (0)::double precision) AND (recall <= (1)::double precision)))
);

ALTER TABLE ONLY meetpunt.theme FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.theme OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.theme_look (
    municipality text NOT NULL,
    month date NOT NULL
);

ALTER TABLE ONLY meetpunt.theme_look FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.theme_look OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.theme_tally (
    municipality text NOT NULL,
    month date NOT NULL,
    touchpoint integer NOT NULL,
    text_group text NOT NULL,
    wijk text NOT NULL,
    product text NOT NULL,
    low boolean NOT NULL,
    theme text NOT NULL,
    version smallint NOT NULL,
    appeared boolean NOT NULL,
    small_group boolean NOT NULL,
    responses bigint NOT NULL,
    texts bigint NOT NULL,
    hits bigint NOT NULL,
    covered bigint DEFAULT 0 NOT NULL,
    CONSTRAINT theme_tally_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

ALTER TABLE ONLY meetpunt.theme_tally FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.theme_tally OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.touchpoint (
    municipality text NOT NULL,
    number integer NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    channel text NOT NULL,
    location text,
    product text,
    batch smallint DEFAULT 10 NOT NULL,
    ten_until date,
    retired boolean NOT NULL,
    CONSTRAINT touchpoint_batch_check CHECK (((batch >= 3) AND (batch <= 50))),
    CONSTRAINT touchpoint_number_check CHECK (((number >= 1) AND (number <= 131071)))
);

ALTER TABLE ONLY meetpunt.touchpoint FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.touchpoint OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.touchpoint_version (
    municipality text NOT NULL,
    touchpoint integer NOT NULL,
    questionnaire text NOT NULL,
    version smallint NOT NULL,
    since date NOT NULL
);

ALTER TABLE ONLY meetpunt.touchpoint_version FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.touchpoint_version OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.unpublished (
    municipality text NOT NULL,
    day date NOT NULL,
    response_id uuid NOT NULL,
    sent_by_us boolean DEFAULT false NOT NULL,
    told text DEFAULT ''::text NOT NULL,
    batch uuid,
    closed_on date,
    CONSTRAINT unpublished_check CHECK (((batch IS NULL) = (closed_on IS NULL)))
);

ALTER TABLE ONLY meetpunt.unpublished FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.unpublished OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.waiting_text (
    municipality text NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    touchpoint integer NOT NULL,
    structure text NOT NULL,
    invited boolean NOT NULL,
    judgement text NOT NULL,
    language text NOT NULL,
    month date NOT NULL,
    item text NOT NULL,
    text text NOT NULL,
    masked text[] NOT NULL,
    promised boolean NOT NULL,
    themes text[] DEFAULT '{}'::text[] NOT NULL,
    theme_version text DEFAULT ''::text NOT NULL,
    told text DEFAULT ''::text NOT NULL,
    CONSTRAINT waiting_text_judgement_check CHECK ((judgement = ANY (ARRAY['laag'::text, '6'::text, '7'::text, 'hoog'::text, ''::text, 'midden'::text])))
);

ALTER TABLE ONLY meetpunt.waiting_text FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.waiting_text OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.wijk (
    municipality text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT wijk_code_check CHECK ((code ~ '^WK[0-9]{6}$'::text))
);

ALTER TABLE ONLY meetpunt.wijk FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.wijk OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.writeback (
    municipality text NOT NULL,
    id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    sealed bytea NOT NULL,
    due timestamp with time zone NOT NULL,
    until date NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    holder uuid,
    held_until timestamp with time zone,
    reason text,
    CONSTRAINT writeback_check CHECK ((((held_until IS NULL) = (state = 'waiting'::text)) AND ((holder IS NULL) = (state = 'waiting'::text)))),
    CONSTRAINT writeback_due_check CHECK (isfinite(due)),
    CONSTRAINT writeback_held_until_check CHECK (isfinite(held_until)),
    CONSTRAINT writeback_reason_check CHECK (((reason ~ '^[a-z]+(-[a-z]+)*$'::text) AND (length(reason) <= 40))),
    CONSTRAINT writeback_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'writing'::text]))),
    CONSTRAINT writeback_until_check CHECK (isfinite(until))
)
WITH (autovacuum_vacuum_threshold='100', autovacuum_vacuum_scale_factor='0');

ALTER TABLE ONLY meetpunt.writeback FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.writeback OWNER TO meetpunt_owner;

CREATE TABLE meetpunt.writeback_tally (
    municipality text NOT NULL,
    month date NOT NULL,
    outcome text NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT writeback_tally_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT writeback_tally_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'done-elsewhere'::text, 'too-late'::text, 'unknown'::text, 'refused'::text, 'unreadable'::text, 'away'::text])))
);

ALTER TABLE ONLY meetpunt.writeback_tally FORCE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.writeback_tally OWNER TO meetpunt_owner;

CREATE TABLE public.meetpunt_migrating (
    only_row boolean DEFAULT true NOT NULL,
    pid integer NOT NULL,
    session_began timestamp with time zone NOT NULL,
    CONSTRAINT meetpunt_migrating_only_row_check CHECK (only_row)
);

ALTER TABLE public.meetpunt_migrating OWNER TO meetpunt_owner;

CREATE TABLE public.meetpunt_migration (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_on date DEFAULT CURRENT_DATE NOT NULL
);

ALTER TABLE public.meetpunt_migration OWNER TO meetpunt_owner;

ALTER TABLE ONLY lees.basisjaar ATTACH PARTITION lees_molensloot.basisjaar FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.cijfer ATTACH PARTITION lees_molensloot.cijfer FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.cijfer_uitgesplitst ATTACH PARTITION lees_molensloot.cijfer_uitgesplitst FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.deelname ATTACH PARTITION lees_molensloot.deelname FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.dim_afdeling ATTACH PARTITION lees_molensloot.dim_afdeling FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.dim_item ATTACH PARTITION lees_molensloot.dim_item FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.dim_meetpunt ATTACH PARTITION lees_molensloot.dim_meetpunt FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.dim_thema ATTACH PARTITION lees_molensloot.dim_thema FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.dim_vragenlijst ATTACH PARTITION lees_molensloot.dim_vragenlijst FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.dim_wijk ATTACH PARTITION lees_molensloot.dim_wijk FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.doel ATTACH PARTITION lees_molensloot.doel FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.kanaalwissel ATTACH PARTITION lees_molensloot.kanaalwissel FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.kengetal ATTACH PARTITION lees_molensloot.kengetal FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.kiosk ATTACH PARTITION lees_molensloot.kiosk FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.norm ATTACH PARTITION lees_molensloot.norm FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.opvolging ATTACH PARTITION lees_molensloot.opvolging FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.reactie ATTACH PARTITION lees_molensloot.reactie FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.stand ATTACH PARTITION lees_molensloot.stand FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.tekst ATTACH PARTITION lees_molensloot.tekst FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.thema ATTACH PARTITION lees_molensloot.thema FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.uitnodiging ATTACH PARTITION lees_molensloot.uitnodiging FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.uitnodiging_maand ATTACH PARTITION lees_molensloot.uitnodiging_maand FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.verbetering ATTACH PARTITION lees_molensloot.verbetering FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.vergelijking ATTACH PARTITION lees_molensloot.vergelijking FOR VALUES IN ('GM9001');

ALTER TABLE ONLY lees.gepubliceerd ATTACH PARTITION lees_regio_2940b8b2b3.gepubliceerd FOR VALUES IN ('waterland-noord');

ALTER TABLE ONLY lees.gepubliceerd_regio ATTACH PARTITION lees_regio_2940b8b2b3.gepubliceerd_regio FOR VALUES IN ('waterland-noord');

ALTER TABLE ONLY lees.basisjaar
    ADD CONSTRAINT basisjaar_pkey PRIMARY KEY (municipality, channel, indicator, year);

ALTER TABLE ONLY lees.cijfer
    ADD CONSTRAINT cijfer_pkey PRIMARY KEY (municipality, grain, period, channel, indicator, kind);

ALTER TABLE ONLY lees.cijfer_uitgesplitst
    ADD CONSTRAINT cijfer_uitgesplitst_pkey PRIMARY KEY (municipality, month, touchpoint, product, location, wijk, mode, daypart, indicator, kind);

ALTER TABLE ONLY lees.deelname
    ADD CONSTRAINT deelname_pkey PRIMARY KEY (municipality, grain, period, channel);

ALTER TABLE ONLY lees.dim_afdeling
    ADD CONSTRAINT dim_afdeling_pkey PRIMARY KEY (municipality, slug);

ALTER TABLE ONLY lees.dim_datum
    ADD CONSTRAINT dim_datum_pkey PRIMARY KEY (day);

ALTER TABLE ONLY lees.dim_gemeente
    ADD CONSTRAINT dim_gemeente_pkey PRIMARY KEY (municipality);

ALTER TABLE ONLY lees.dim_item
    ADD CONSTRAINT dim_item_pkey PRIMARY KEY (municipality, structure, item);

ALTER TABLE ONLY lees.dim_kanaal
    ADD CONSTRAINT dim_kanaal_pkey PRIMARY KEY (channel);

ALTER TABLE ONLY lees.dim_meetpunt
    ADD CONSTRAINT dim_meetpunt_pkey PRIMARY KEY (municipality, number);

ALTER TABLE ONLY lees.dim_thema
    ADD CONSTRAINT dim_thema_pkey PRIMARY KEY (municipality, theme, version);

ALTER TABLE ONLY lees.dim_vragenlijst
    ADD CONSTRAINT dim_vragenlijst_pkey PRIMARY KEY (municipality, structure);

ALTER TABLE ONLY lees.dim_wijk
    ADD CONSTRAINT dim_wijk_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY lees.doel
    ADD CONSTRAINT doel_pkey PRIMARY KEY (municipality, channel, department, indicator, measure);

ALTER TABLE ONLY lees.gepubliceerd
    ADD CONSTRAINT gepubliceerd_pkey PRIMARY KEY (region, grain, period, channel, core, indicator, kind, municipality, revision);

ALTER TABLE ONLY lees.gepubliceerd_regio
    ADD CONSTRAINT gepubliceerd_regio_pkey PRIMARY KEY (region, grain, period, channel, core, indicator, kind);

ALTER TABLE ONLY lees.kanaalwissel
    ADD CONSTRAINT kanaalwissel_pkey PRIMARY KEY (municipality, quarter, channel, part, code);

ALTER TABLE ONLY lees.kengetal
    ADD CONSTRAINT kengetal_pkey PRIMARY KEY (municipality, measure, channel, department, product, grain, period);

ALTER TABLE ONLY lees.kiosk
    ADD CONSTRAINT kiosk_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY lees.norm
    ADD CONSTRAINT norm_pkey PRIMARY KEY (municipality, channel, department, product, measure);

ALTER TABLE ONLY lees.opvolging
    ADD CONSTRAINT opvolging_pkey PRIMARY KEY (municipality, grain, period, channel, department);

ALTER TABLE ONLY lees.reactie
    ADD CONSTRAINT reactie_pkey PRIMARY KEY (municipality, month, id);

ALTER TABLE ONLY lees.stand
    ADD CONSTRAINT stand_pkey PRIMARY KEY (municipality, touchpoint);

ALTER TABLE ONLY lees.tekst
    ADD CONSTRAINT tekst_pkey PRIMARY KEY (municipality, month, id);

ALTER TABLE ONLY lees.thema
    ADD CONSTRAINT thema_pkey PRIMARY KEY (municipality, month, channel, theme, version, part, touchpoint, wijk, product);

ALTER TABLE ONLY lees.uitnodiging_maand
    ADD CONSTRAINT uitnodiging_maand_pkey PRIMARY KEY (municipality, month, touchpoint, product);

ALTER TABLE ONLY lees.uitnodiging
    ADD CONSTRAINT uitnodiging_pkey PRIMARY KEY (municipality, day, channel, product);

ALTER TABLE ONLY lees.verbetering
    ADD CONSTRAINT verbetering_pkey PRIMARY KEY (municipality, "position");

ALTER TABLE ONLY lees.vergelijking
    ADD CONSTRAINT vergelijking_pkey PRIMARY KEY (municipality, grain, period, channel, core, indicator, kind);

ALTER TABLE ONLY lees_molensloot.basisjaar
    ADD CONSTRAINT basisjaar_pkey PRIMARY KEY (municipality, channel, indicator, year);

ALTER TABLE ONLY lees_molensloot.cijfer
    ADD CONSTRAINT cijfer_pkey PRIMARY KEY (municipality, grain, period, channel, indicator, kind);

ALTER TABLE ONLY lees_molensloot.cijfer_uitgesplitst
    ADD CONSTRAINT cijfer_uitgesplitst_pkey PRIMARY KEY (municipality, month, touchpoint, product, location, wijk, mode, daypart, indicator, kind);

ALTER TABLE ONLY lees_molensloot.deelname
    ADD CONSTRAINT deelname_pkey PRIMARY KEY (municipality, grain, period, channel);

ALTER TABLE ONLY lees_molensloot.dim_afdeling
    ADD CONSTRAINT dim_afdeling_pkey PRIMARY KEY (municipality, slug);

ALTER TABLE ONLY lees_molensloot.dim_item
    ADD CONSTRAINT dim_item_pkey PRIMARY KEY (municipality, structure, item);

ALTER TABLE ONLY lees_molensloot.dim_meetpunt
    ADD CONSTRAINT dim_meetpunt_pkey PRIMARY KEY (municipality, number);

ALTER TABLE ONLY lees_molensloot.dim_thema
    ADD CONSTRAINT dim_thema_pkey PRIMARY KEY (municipality, theme, version);

ALTER TABLE ONLY lees_molensloot.dim_vragenlijst
    ADD CONSTRAINT dim_vragenlijst_pkey PRIMARY KEY (municipality, structure);

ALTER TABLE ONLY lees_molensloot.dim_wijk
    ADD CONSTRAINT dim_wijk_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY lees_molensloot.doel
    ADD CONSTRAINT doel_pkey PRIMARY KEY (municipality, channel, department, indicator, measure);

ALTER TABLE ONLY lees_molensloot.kanaalwissel
    ADD CONSTRAINT kanaalwissel_pkey PRIMARY KEY (municipality, quarter, channel, part, code);

ALTER TABLE ONLY lees_molensloot.kengetal
    ADD CONSTRAINT kengetal_pkey PRIMARY KEY (municipality, measure, channel, department, product, grain, period);

ALTER TABLE ONLY lees_molensloot.kiosk
    ADD CONSTRAINT kiosk_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY lees_molensloot.norm
    ADD CONSTRAINT norm_pkey PRIMARY KEY (municipality, channel, department, product, measure);

ALTER TABLE ONLY lees_molensloot.opvolging
    ADD CONSTRAINT opvolging_pkey PRIMARY KEY (municipality, grain, period, channel, department);

ALTER TABLE ONLY lees_molensloot.reactie
    ADD CONSTRAINT reactie_pkey PRIMARY KEY (municipality, month, id);

ALTER TABLE ONLY lees_molensloot.stand
    ADD CONSTRAINT stand_pkey PRIMARY KEY (municipality, touchpoint);

ALTER TABLE ONLY lees_molensloot.tekst
    ADD CONSTRAINT tekst_pkey PRIMARY KEY (municipality, month, id);

ALTER TABLE ONLY lees_molensloot.thema
    ADD CONSTRAINT thema_pkey PRIMARY KEY (municipality, month, channel, theme, version, part, touchpoint, wijk, product);

ALTER TABLE ONLY lees_molensloot.uitnodiging_maand
    ADD CONSTRAINT uitnodiging_maand_pkey PRIMARY KEY (municipality, month, touchpoint, product);

ALTER TABLE ONLY lees_molensloot.uitnodiging
    ADD CONSTRAINT uitnodiging_pkey PRIMARY KEY (municipality, day, channel, product);

ALTER TABLE ONLY lees_molensloot.verbetering
    ADD CONSTRAINT verbetering_pkey PRIMARY KEY (municipality, "position");

ALTER TABLE ONLY lees_molensloot.vergelijking
    ADD CONSTRAINT vergelijking_pkey PRIMARY KEY (municipality, grain, period, channel, core, indicator, kind);

ALTER TABLE ONLY lees_regio_2940b8b2b3.gepubliceerd
    ADD CONSTRAINT gepubliceerd_pkey PRIMARY KEY (region, grain, period, channel, core, indicator, kind, municipality, revision);

ALTER TABLE ONLY lees_regio_2940b8b2b3.gepubliceerd_regio
    ADD CONSTRAINT gepubliceerd_regio_pkey PRIMARY KEY (region, grain, period, channel, core, indicator, kind);

ALTER TABLE ONLY meetpunt.api_key
    ADD CONSTRAINT api_key_municipality_name_key UNIQUE (municipality, name);

ALTER TABLE ONLY meetpunt.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (municipality, digest);

ALTER TABLE ONLY meetpunt.applied_view
    ADD CONSTRAINT applied_view_pkey PRIMARY KEY (schema_name, view_name);

ALTER TABLE ONLY meetpunt.asked_key
    ADD CONSTRAINT asked_key_pkey PRIMARY KEY (quarter);

ALTER TABLE ONLY meetpunt.asked
    ADD CONSTRAINT asked_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY meetpunt.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY meetpunt.callback
    ADD CONSTRAINT callback_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.core_item
    ADD CONSTRAINT core_item_pkey PRIMARY KEY (structure, item);

ALTER TABLE ONLY meetpunt.cover
    ADD CONSTRAINT cover_pkey PRIMARY KEY (number);

ALTER TABLE ONLY meetpunt.department
    ADD CONSTRAINT department_municipality_position_key UNIQUE (municipality, "position");

ALTER TABLE ONLY meetpunt.department
    ADD CONSTRAINT department_pkey PRIMARY KEY (municipality, slug);

ALTER TABLE ONLY meetpunt.destruction_record
    ADD CONSTRAINT destruction_record_pkey PRIMARY KEY (municipality, day, kind);

ALTER TABLE ONLY meetpunt.follow_up_place
    ADD CONSTRAINT follow_up_place_pkey PRIMARY KEY (municipality, month, touchpoint);

ALTER TABLE ONLY meetpunt.free_text
    ADD CONSTRAINT free_text_pkey PRIMARY KEY (municipality, day, response_id, item);

ALTER TABLE ONLY meetpunt.improvement
    ADD CONSTRAINT improvement_pkey PRIMARY KEY (municipality, "position");

ALTER TABLE ONLY meetpunt.invitation_call
    ADD CONSTRAINT invitation_call_pkey PRIMARY KEY (municipality, key_digest);

ALTER TABLE ONLY meetpunt.invitation_count
    ADD CONSTRAINT invitation_count_pkey PRIMARY KEY (municipality, day, touchpoint, product);

ALTER TABLE ONLY meetpunt.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (municipality, digest);

ALTER TABLE ONLY meetpunt.invitation_stage
    ADD CONSTRAINT invitation_stage_pkey PRIMARY KEY (municipality, month, touchpoint, product, stage);

ALTER TABLE ONLY meetpunt.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (municipality, structure, item);

ALTER TABLE ONLY meetpunt.judged
    ADD CONSTRAINT judged_pkey PRIMARY KEY (municipality, touchpoint, structure, invited, promised, judgement, language, told, month);

ALTER TABLE ONLY meetpunt.kiosk_item
    ADD CONSTRAINT kiosk_item_pkey PRIMARY KEY (municipality, kiosk, id);

ALTER TABLE ONLY meetpunt.kiosk
    ADD CONSTRAINT kiosk_municipality_public_key_key UNIQUE (municipality, public_key);

ALTER TABLE ONLY meetpunt.kiosk_pairing
    ADD CONSTRAINT kiosk_pairing_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY meetpunt.kiosk
    ADD CONSTRAINT kiosk_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.kiosk_quarantine
    ADD CONSTRAINT kiosk_quarantine_pkey PRIMARY KEY (municipality, kiosk, digest);

ALTER TABLE ONLY meetpunt.kiosk_set_aside
    ADD CONSTRAINT kiosk_set_aside_pkey PRIMARY KEY (municipality, kiosk, digest);

ALTER TABLE ONLY meetpunt.look
    ADD CONSTRAINT look_pkey PRIMARY KEY (municipality);

ALTER TABLE ONLY meetpunt.municipality
    ADD CONSTRAINT municipality_pkey PRIMARY KEY (code);

ALTER TABLE ONLY meetpunt.municipality
    ADD CONSTRAINT municipality_slug_key UNIQUE (slug);

ALTER TABLE ONLY meetpunt.neighbour
    ADD CONSTRAINT neighbour_pkey PRIMARY KEY (municipality, kind);

ALTER TABLE ONLY meetpunt.norm
    ADD CONSTRAINT norm_pkey PRIMARY KEY (municipality, channel, department, product, measure);

ALTER TABLE ONLY meetpunt.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY meetpunt.occasion
    ADD CONSTRAINT occasion_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY meetpunt.opening_hours
    ADD CONSTRAINT opening_hours_pkey PRIMARY KEY (municipality, touchpoint, weekday);

ALTER TABLE ONLY meetpunt.opted_out
    ADD CONSTRAINT opted_out_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY meetpunt.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.purge_moment
    ADD CONSTRAINT purge_moment_pkey PRIMARY KEY (the_only);

ALTER TABLE ONLY meetpunt.purged_before
    ADD CONSTRAINT purged_before_pkey PRIMARY KEY (municipality);

ALTER TABLE ONLY meetpunt.questionnaire
    ADD CONSTRAINT questionnaire_pkey PRIMARY KEY (municipality, structure);

ALTER TABLE ONLY meetpunt.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (municipality, week, id);

ALTER TABLE ONLY meetpunt.region_look
    ADD CONSTRAINT region_look_pkey PRIMARY KEY (municipality);

ALTER TABLE ONLY meetpunt.regional
    ADD CONSTRAINT regional_pkey PRIMARY KEY (municipality, month, channel, core, indicator, kind, revision);

ALTER TABLE ONLY meetpunt.report
    ADD CONSTRAINT report_id_key UNIQUE (id);

ALTER TABLE ONLY meetpunt.report_link
    ADD CONSTRAINT report_link_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (municipality, month, department);

ALTER TABLE ONLY meetpunt.report_retry
    ADD CONSTRAINT report_retry_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.response
    ADD CONSTRAINT response_pkey PRIMARY KEY (municipality, day, id);

ALTER TABLE ONLY meetpunt.sample_tally
    ADD CONSTRAINT sample_tally_pkey PRIMARY KEY (municipality, quarter, touchpoint, item, code);

ALTER TABLE ONLY meetpunt.signal_delivery
    ADD CONSTRAINT signal_delivery_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.signal
    ADD CONSTRAINT signal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY meetpunt.signal_tally
    ADD CONSTRAINT signal_tally_pkey PRIMARY KEY (municipality, month, way, outcome);

ALTER TABLE ONLY meetpunt.signal_told
    ADD CONSTRAINT signal_told_pkey PRIMARY KEY (signal, way);

ALTER TABLE ONLY meetpunt.signal_webhook_gone
    ADD CONSTRAINT signal_webhook_gone_pkey PRIMARY KEY (municipality);

ALTER TABLE ONLY meetpunt.spent_token
    ADD CONSTRAINT spent_token_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.summary
    ADD CONSTRAINT summary_pkey PRIMARY KEY (municipality, grain, period, touchpoint, structure, item);

ALTER TABLE ONLY meetpunt.summary_responses
    ADD CONSTRAINT summary_responses_pkey PRIMARY KEY (municipality, grain, period, touchpoint, structure);

ALTER TABLE ONLY meetpunt.target
    ADD CONSTRAINT target_pkey PRIMARY KEY (municipality, channel, department, indicator, measure);

ALTER TABLE ONLY meetpunt.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (name);

ALTER TABLE ONLY meetpunt.theme_look
    ADD CONSTRAINT theme_look_pkey PRIMARY KEY (municipality);

ALTER TABLE ONLY meetpunt.theme
    ADD CONSTRAINT theme_pkey PRIMARY KEY (municipality, theme, version);

ALTER TABLE ONLY meetpunt.theme_tally
    ADD CONSTRAINT theme_tally_pkey PRIMARY KEY (municipality, month, touchpoint, text_group, wijk, product, low, theme, version, appeared);

ALTER TABLE ONLY meetpunt.touchpoint
    ADD CONSTRAINT touchpoint_municipality_slug_key UNIQUE (municipality, slug);

ALTER TABLE ONLY meetpunt.touchpoint
    ADD CONSTRAINT touchpoint_number_key UNIQUE (number);

ALTER TABLE ONLY meetpunt.touchpoint
    ADD CONSTRAINT touchpoint_pkey PRIMARY KEY (municipality, number);

ALTER TABLE ONLY meetpunt.touchpoint_version
    ADD CONSTRAINT touchpoint_version_pkey PRIMARY KEY (municipality, touchpoint, questionnaire, version);

ALTER TABLE ONLY meetpunt.waiting_text
    ADD CONSTRAINT waiting_text_pkey PRIMARY KEY (municipality, touchpoint, structure, invited, promised, judgement, language, told, id);

ALTER TABLE ONLY meetpunt.wijk
    ADD CONSTRAINT wijk_pkey PRIMARY KEY (municipality, code);

ALTER TABLE ONLY meetpunt.writeback
    ADD CONSTRAINT writeback_pkey PRIMARY KEY (municipality, id);

ALTER TABLE ONLY meetpunt.writeback_tally
    ADD CONSTRAINT writeback_tally_pkey PRIMARY KEY (municipality, month, outcome);

ALTER TABLE ONLY public.meetpunt_migrating
    ADD CONSTRAINT meetpunt_migrating_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.meetpunt_migration
    ADD CONSTRAINT meetpunt_migration_pkey PRIMARY KEY (name);

CREATE INDEX audit_at ON meetpunt.audit USING btree (at);

CREATE INDEX audit_of_role ON meetpunt.audit USING btree (role, at);

CREATE INDEX notification_about ON meetpunt.notification USING btree (municipality, about) WHERE waits;

CREATE INDEX notification_due ON meetpunt.notification USING btree (municipality, due) WHERE waits;

CREATE INDEX outbox_about ON meetpunt.outbox USING btree (municipality, about) WHERE ((state = 'waiting'::text) AND (about IS NOT NULL));

CREATE INDEX outbox_due ON meetpunt.outbox USING btree (municipality, sender, due) WHERE (state = 'waiting'::text);

CREATE INDEX outbox_held ON meetpunt.outbox USING btree (held_until) WHERE (state = 'sending'::text);

CREATE INDEX outbox_reference ON meetpunt.outbox USING btree (reference) WHERE (reference IS NOT NULL);

CREATE INDEX report_retry_until ON meetpunt.report_retry USING btree (until);

CREATE INDEX signal_delivery_due ON meetpunt.signal_delivery USING btree (due) WHERE (state = 'waiting'::text);

CREATE INDEX signal_delivery_held ON meetpunt.signal_delivery USING btree (held_until) WHERE (state = 'sending'::text);

CREATE INDEX signal_of ON meetpunt.signal USING btree (municipality, day);

CREATE INDEX unpublished_day ON meetpunt.unpublished USING btree (municipality, day);

CREATE INDEX writeback_due ON meetpunt.writeback USING btree (municipality, due);

ALTER INDEX lees.basisjaar_pkey ATTACH PARTITION lees_molensloot.basisjaar_pkey;

ALTER INDEX lees.cijfer_pkey ATTACH PARTITION lees_molensloot.cijfer_pkey;

ALTER INDEX lees.cijfer_uitgesplitst_pkey ATTACH PARTITION lees_molensloot.cijfer_uitgesplitst_pkey;

ALTER INDEX lees.deelname_pkey ATTACH PARTITION lees_molensloot.deelname_pkey;

ALTER INDEX lees.dim_afdeling_pkey ATTACH PARTITION lees_molensloot.dim_afdeling_pkey;

ALTER INDEX lees.dim_item_pkey ATTACH PARTITION lees_molensloot.dim_item_pkey;

ALTER INDEX lees.dim_meetpunt_pkey ATTACH PARTITION lees_molensloot.dim_meetpunt_pkey;

ALTER INDEX lees.dim_thema_pkey ATTACH PARTITION lees_molensloot.dim_thema_pkey;

ALTER INDEX lees.dim_vragenlijst_pkey ATTACH PARTITION lees_molensloot.dim_vragenlijst_pkey;

ALTER INDEX lees.dim_wijk_pkey ATTACH PARTITION lees_molensloot.dim_wijk_pkey;

ALTER INDEX lees.doel_pkey ATTACH PARTITION lees_molensloot.doel_pkey;

ALTER INDEX lees.kanaalwissel_pkey ATTACH PARTITION lees_molensloot.kanaalwissel_pkey;

ALTER INDEX lees.kengetal_pkey ATTACH PARTITION lees_molensloot.kengetal_pkey;

ALTER INDEX lees.kiosk_pkey ATTACH PARTITION lees_molensloot.kiosk_pkey;

ALTER INDEX lees.norm_pkey ATTACH PARTITION lees_molensloot.norm_pkey;

ALTER INDEX lees.opvolging_pkey ATTACH PARTITION lees_molensloot.opvolging_pkey;

ALTER INDEX lees.reactie_pkey ATTACH PARTITION lees_molensloot.reactie_pkey;

ALTER INDEX lees.stand_pkey ATTACH PARTITION lees_molensloot.stand_pkey;

ALTER INDEX lees.tekst_pkey ATTACH PARTITION lees_molensloot.tekst_pkey;

ALTER INDEX lees.thema_pkey ATTACH PARTITION lees_molensloot.thema_pkey;

ALTER INDEX lees.uitnodiging_maand_pkey ATTACH PARTITION lees_molensloot.uitnodiging_maand_pkey;

ALTER INDEX lees.uitnodiging_pkey ATTACH PARTITION lees_molensloot.uitnodiging_pkey;

ALTER INDEX lees.verbetering_pkey ATTACH PARTITION lees_molensloot.verbetering_pkey;

ALTER INDEX lees.vergelijking_pkey ATTACH PARTITION lees_molensloot.vergelijking_pkey;

ALTER INDEX lees.gepubliceerd_pkey ATTACH PARTITION lees_regio_2940b8b2b3.gepubliceerd_pkey;

ALTER INDEX lees.gepubliceerd_regio_pkey ATTACH PARTITION lees_regio_2940b8b2b3.gepubliceerd_regio_pkey;

ALTER TABLE ONLY meetpunt.api_key
    ADD CONSTRAINT api_key_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.asked
    ADD CONSTRAINT asked_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.callback
    ADD CONSTRAINT callback_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.department
    ADD CONSTRAINT department_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.destruction_record
    ADD CONSTRAINT destruction_record_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.follow_up_place
    ADD CONSTRAINT follow_up_place_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.free_text
    ADD CONSTRAINT free_text_municipality_day_response_id_fkey FOREIGN KEY (municipality, day, response_id) REFERENCES meetpunt.response(municipality, day, id) ON DELETE CASCADE;

ALTER TABLE ONLY meetpunt.improvement
    ADD CONSTRAINT improvement_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.invitation_call
    ADD CONSTRAINT invitation_call_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.invitation_count
    ADD CONSTRAINT invitation_count_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.invitation
    ADD CONSTRAINT invitation_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.invitation_stage
    ADD CONSTRAINT invitation_stage_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.item
    ADD CONSTRAINT item_municipality_structure_fkey FOREIGN KEY (municipality, structure) REFERENCES meetpunt.questionnaire(municipality, structure);

ALTER TABLE ONLY meetpunt.kiosk_item
    ADD CONSTRAINT kiosk_item_municipality_kiosk_fkey FOREIGN KEY (municipality, kiosk) REFERENCES meetpunt.kiosk(municipality, id);

ALTER TABLE ONLY meetpunt.kiosk
    ADD CONSTRAINT kiosk_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.kiosk_pairing
    ADD CONSTRAINT kiosk_pairing_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.kiosk_quarantine
    ADD CONSTRAINT kiosk_quarantine_municipality_kiosk_fkey FOREIGN KEY (municipality, kiosk) REFERENCES meetpunt.kiosk(municipality, id);

ALTER TABLE ONLY meetpunt.kiosk_set_aside
    ADD CONSTRAINT kiosk_set_aside_municipality_kiosk_fkey FOREIGN KEY (municipality, kiosk) REFERENCES meetpunt.kiosk(municipality, id);

ALTER TABLE ONLY meetpunt.look
    ADD CONSTRAINT look_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.neighbour
    ADD CONSTRAINT neighbour_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.norm
    ADD CONSTRAINT norm_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.notification
    ADD CONSTRAINT notification_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.occasion
    ADD CONSTRAINT occasion_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.opening_hours
    ADD CONSTRAINT opening_hours_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.opted_out
    ADD CONSTRAINT opted_out_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.outbox
    ADD CONSTRAINT outbox_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.purged_before
    ADD CONSTRAINT purged_before_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.questionnaire
    ADD CONSTRAINT questionnaire_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.region_look
    ADD CONSTRAINT region_look_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.regional
    ADD CONSTRAINT regional_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.report_link
    ADD CONSTRAINT report_link_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.report
    ADD CONSTRAINT report_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.report_retry
    ADD CONSTRAINT report_retry_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.response
    ADD CONSTRAINT response_municipality_structure_fkey FOREIGN KEY (municipality, structure) REFERENCES meetpunt.questionnaire(municipality, structure);

ALTER TABLE ONLY meetpunt.response
    ADD CONSTRAINT response_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.signal_delivery
    ADD CONSTRAINT signal_delivery_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.signal_tally
    ADD CONSTRAINT signal_tally_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.signal_told
    ADD CONSTRAINT signal_told_signal_fkey FOREIGN KEY (signal) REFERENCES meetpunt.signal(id) ON DELETE CASCADE;

ALTER TABLE ONLY meetpunt.signal_webhook_gone
    ADD CONSTRAINT signal_webhook_gone_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.spent_token
    ADD CONSTRAINT spent_token_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.summary
    ADD CONSTRAINT summary_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.summary_responses
    ADD CONSTRAINT summary_responses_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.target
    ADD CONSTRAINT target_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.theme_look
    ADD CONSTRAINT theme_look_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.theme
    ADD CONSTRAINT theme_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.touchpoint
    ADD CONSTRAINT touchpoint_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.touchpoint_version
    ADD CONSTRAINT touchpoint_version_municipality_touchpoint_fkey FOREIGN KEY (municipality, touchpoint) REFERENCES meetpunt.touchpoint(municipality, number);

ALTER TABLE ONLY meetpunt.wijk
    ADD CONSTRAINT wijk_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.writeback
    ADD CONSTRAINT writeback_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE ONLY meetpunt.writeback_tally
    ADD CONSTRAINT writeback_tally_municipality_fkey FOREIGN KEY (municipality) REFERENCES meetpunt.municipality(code);

ALTER TABLE lees.basisjaar ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.cijfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.cijfer_uitgesplitst ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.deelname ENABLE ROW LEVEL SECURITY;

CREATE POLICY folder ON lees.basisjaar TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.cijfer TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.cijfer_uitgesplitst TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.deelname TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.gepubliceerd TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.gepubliceerd_regio TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.kanaalwissel TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.kengetal TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.kiosk TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.opvolging TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.reactie TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.stand TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.tekst TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.thema TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.uitnodiging TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.uitnodiging_maand TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees.vergelijking TO meetpunt_folder USING (true) WITH CHECK (true);

ALTER TABLE lees.gepubliceerd ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.gepubliceerd_regio ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.kanaalwissel ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.kengetal ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.kiosk ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.opvolging ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.reactie ENABLE ROW LEVEL SECURITY;

CREATE POLICY service ON lees.kengetal TO meetpunt_ingest USING (true) WITH CHECK (true);

ALTER TABLE lees.stand ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.tekst ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.thema ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.uitnodiging ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.uitnodiging_maand ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees.vergelijking ENABLE ROW LEVEL SECURITY;

CREATE POLICY work ON lees.kengetal TO meetpunt_work USING (true) WITH CHECK (true);

ALTER TABLE lees_molensloot.basisjaar ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.cijfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.cijfer_uitgesplitst ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.deelname ENABLE ROW LEVEL SECURITY;

CREATE POLICY folder ON lees_molensloot.basisjaar TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.cijfer TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.cijfer_uitgesplitst TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.deelname TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.kanaalwissel TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.kengetal TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.kiosk TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.opvolging TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.reactie TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.stand TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.tekst TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.thema TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.uitnodiging TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.uitnodiging_maand TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_molensloot.vergelijking TO meetpunt_folder USING (true) WITH CHECK (true);

ALTER TABLE lees_molensloot.kanaalwissel ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.kengetal ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.kiosk ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.opvolging ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.reactie ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.stand ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.tekst ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.thema ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.uitnodiging ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.uitnodiging_maand ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_molensloot.vergelijking ENABLE ROW LEVEL SECURITY;

CREATE POLICY views ON lees_molensloot.basisjaar FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.cijfer FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.cijfer_uitgesplitst FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.deelname FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.kanaalwissel FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.kengetal FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.kiosk FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.opvolging FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.reactie FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.stand FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.tekst FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.thema FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.uitnodiging FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.uitnodiging_maand FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_molensloot.vergelijking FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY folder ON lees_regio_2940b8b2b3.gepubliceerd TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON lees_regio_2940b8b2b3.gepubliceerd_regio TO meetpunt_folder USING (true) WITH CHECK (true);

ALTER TABLE lees_regio_2940b8b2b3.gepubliceerd ENABLE ROW LEVEL SECURITY;

ALTER TABLE lees_regio_2940b8b2b3.gepubliceerd_regio ENABLE ROW LEVEL SECURITY;

CREATE POLICY views ON lees_regio_2940b8b2b3.gepubliceerd FOR SELECT TO meetpunt_views USING (true);

CREATE POLICY views ON lees_regio_2940b8b2b3.gepubliceerd_regio FOR SELECT TO meetpunt_views USING (true);

ALTER TABLE meetpunt.answered_tally ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.api_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.asked ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.asked_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.callback ENABLE ROW LEVEL SECURITY;

CREATE POLICY complete ON meetpunt.response FOR UPDATE TO meetpunt_ingest USING ((NOT complete)) WITH CHECK (complete);

ALTER TABLE meetpunt.core_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.cover ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.department ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.destruction_record ENABLE ROW LEVEL SECURITY;

CREATE POLICY files ON meetpunt.core_item USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.department USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.improvement USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.item USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.norm USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.opening_hours USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.questionnaire USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.target USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.theme USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.touchpoint USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.touchpoint_version USING (true) WITH CHECK (true);

CREATE POLICY files ON meetpunt.wijk USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.answered_tally TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.api_key TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.asked TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.asked_key TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.callback TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.cover TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.follow_up_place TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.free_text TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.invitation TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.invitation_call TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.invitation_count TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.invitation_stage TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.judged TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.kiosk TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.kiosk_item TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.kiosk_pairing TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.kiosk_quarantine TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.kiosk_set_aside TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.look TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.neighbour FOR SELECT TO meetpunt_folder USING (true);

CREATE POLICY folder ON meetpunt.notification TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.occasion TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.outbox TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.purged_before TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.receipt TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.region_look TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.regional TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.report TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.response TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.sample_tally TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.signal_delivery FOR SELECT TO meetpunt_folder USING (true);

CREATE POLICY folder ON meetpunt.signal_tally FOR SELECT TO meetpunt_folder USING (true);

CREATE POLICY folder ON meetpunt.signal_webhook_gone FOR SELECT TO meetpunt_folder USING (true);

CREATE POLICY folder ON meetpunt.spent_token TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.summary TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.summary_responses TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.task TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.theme_look TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.theme_tally TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.unpublished TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.waiting_text TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY folder ON meetpunt.writeback FOR SELECT TO meetpunt_folder USING (true);

CREATE POLICY folder ON meetpunt.writeback_tally FOR SELECT TO meetpunt_folder USING (true);

CREATE POLICY folder_destroys ON meetpunt.signal FOR DELETE TO meetpunt_folder USING ((shown_from <= now()));

ALTER TABLE meetpunt.follow_up_place ENABLE ROW LEVEL SECURITY;

CREATE POLICY forget ON meetpunt.audit FOR DELETE TO meetpunt_audit USING ((at < (now() - '365 days'::interval)));

ALTER TABLE meetpunt.free_text ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.improvement ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation_call ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.invitation_stage ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.item ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.judged ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_pairing ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_quarantine ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.kiosk_set_aside ENABLE ROW LEVEL SECURITY;

CREATE POLICY look ON meetpunt.audit FOR SELECT TO meetpunt_audit USING (((at > (now() - '00:01:00'::interval)) OR (at < (now() - '365 days'::interval))));

ALTER TABLE meetpunt.look ENABLE ROW LEVEL SECURITY;

CREATE POLICY meetpunt_folder_follows ON meetpunt.signal FOR UPDATE TO meetpunt_folder USING ((shown_from <= now()));

CREATE POLICY meetpunt_folder_makes ON meetpunt.signal FOR INSERT TO meetpunt_folder WITH CHECK ((state = 'nieuw'::text));

CREATE POLICY meetpunt_folder_sees ON meetpunt.signal FOR SELECT TO meetpunt_folder USING ((shown_from <= now()));

CREATE POLICY meetpunt_ingest_follows ON meetpunt.signal FOR UPDATE TO meetpunt_ingest USING ((shown_from <= now()));

CREATE POLICY meetpunt_ingest_makes ON meetpunt.signal FOR INSERT TO meetpunt_ingest WITH CHECK ((state = 'nieuw'::text));

CREATE POLICY meetpunt_ingest_sees ON meetpunt.signal FOR SELECT TO meetpunt_ingest USING ((shown_from <= now()));

CREATE POLICY meetpunt_work_sees ON meetpunt.signal FOR SELECT TO meetpunt_work USING ((shown_from <= now()));

ALTER TABLE meetpunt.neighbour ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.norm ENABLE ROW LEVEL SECURITY;

CREATE POLICY note ON meetpunt.audit FOR INSERT TO meetpunt_audit WITH CHECK (true);

ALTER TABLE meetpunt.notification ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.occasion ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.opening_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.opted_out ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.outbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY owner ON meetpunt.api_key TO meetpunt_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON meetpunt.destruction_record FOR SELECT TO meetpunt_owner USING (true);

CREATE POLICY owner ON meetpunt.kiosk TO meetpunt_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON meetpunt.kiosk_pairing TO meetpunt_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON meetpunt.opted_out TO meetpunt_owner USING (true) WITH CHECK (true);

CREATE POLICY owner ON meetpunt.purge_moment FOR SELECT TO meetpunt_owner USING (true);

CREATE POLICY owner ON meetpunt.task TO meetpunt_owner USING (true) WITH CHECK (true);

CREATE POLICY purge ON meetpunt.destruction_record TO meetpunt_folder USING (true) WITH CHECK (true);

CREATE POLICY purge ON meetpunt.purge_moment TO meetpunt_folder USING (true) WITH CHECK (true);

ALTER TABLE meetpunt.purge_moment ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.purged_before ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.questionnaire ENABLE ROW LEVEL SECURITY;

CREATE POLICY reads ON meetpunt.audit FOR SELECT TO meetpunt_owner, meetpunt_auditor USING (true);

ALTER TABLE meetpunt.receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.region_look ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.regional ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.report ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.report_link ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.report_retry ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.response ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.sample_tally ENABLE ROW LEVEL SECURITY;

CREATE POLICY service ON meetpunt.answered_tally FOR INSERT TO meetpunt_ingest WITH CHECK (true);

CREATE POLICY service ON meetpunt.api_key TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.free_text FOR INSERT TO meetpunt_ingest WITH CHECK (true);

CREATE POLICY service ON meetpunt.invitation TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.invitation_call TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.invitation_count TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.invitation_stage TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.kiosk TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.kiosk_item TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.kiosk_pairing TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.kiosk_quarantine FOR INSERT TO meetpunt_ingest WITH CHECK (true);

CREATE POLICY service ON meetpunt.kiosk_set_aside FOR INSERT TO meetpunt_ingest WITH CHECK (true);

CREATE POLICY service ON meetpunt.neighbour FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service ON meetpunt.notification TO meetpunt_ingest USING (true) WITH CHECK ((due IS NOT NULL));

CREATE POLICY service ON meetpunt.occasion TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.opted_out TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.receipt TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.report_link TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.report_retry TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.response FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service ON meetpunt.spent_token TO meetpunt_ingest USING (true) WITH CHECK (true);

CREATE POLICY service ON meetpunt.task FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service ON meetpunt.unpublished FOR INSERT TO meetpunt_ingest WITH CHECK (true);

CREATE POLICY service_adds ON meetpunt.callback FOR INSERT TO meetpunt_ingest WITH CHECK (((state = 'nieuw'::text) AND (NOT mixed)));

CREATE POLICY service_adds ON meetpunt.outbox FOR INSERT TO meetpunt_ingest WITH CHECK ((state = 'waiting'::text));

CREATE POLICY service_adds ON meetpunt.writeback FOR INSERT TO meetpunt_ingest WITH CHECK ((state = 'waiting'::text));

CREATE POLICY service_ends ON meetpunt.outbox FOR UPDATE TO meetpunt_ingest USING (true) WITH CHECK (((sealed IS NULL) AND (state = ANY (ARRAY['delivered'::text, 'failed'::text, 'expired'::text]))));

CREATE POLICY service_reads ON meetpunt.outbox FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service_reads ON meetpunt.signal_delivery FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service_reads ON meetpunt.signal_tally FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service_reads ON meetpunt.signal_webhook_gone FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service_reads ON meetpunt.writeback FOR SELECT TO meetpunt_ingest USING (true);

CREATE POLICY service_reads ON meetpunt.writeback_tally FOR SELECT TO meetpunt_ingest USING (true);

ALTER TABLE meetpunt.signal ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_delivery ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_tally ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_told ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.signal_webhook_gone ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.spent_token ENABLE ROW LEVEL SECURITY;

CREATE POLICY store ON meetpunt.response FOR INSERT TO meetpunt_ingest WITH CHECK (true);

ALTER TABLE meetpunt.summary ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.summary_responses ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.target ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.task ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.theme ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.theme_look ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.theme_tally ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.touchpoint ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.touchpoint_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.unpublished ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.waiting_text ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.wijk ENABLE ROW LEVEL SECURITY;

CREATE POLICY work ON meetpunt.asked TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.asked_key TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.callback TO meetpunt_work USING (true) WITH CHECK ((sealed IS NULL));

CREATE POLICY work ON meetpunt.invitation TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.invitation_count TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.invitation_stage TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.neighbour TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.notification TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.occasion TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.opted_out TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.outbox TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.report TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.report_link TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.report_retry TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.signal_delivery TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.signal_tally TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.signal_told TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.signal_webhook_gone TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.spent_token FOR INSERT TO meetpunt_work WITH CHECK (true);

CREATE POLICY work ON meetpunt.task TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.writeback TO meetpunt_work USING (true) WITH CHECK (true);

CREATE POLICY work ON meetpunt.writeback_tally TO meetpunt_work USING (true) WITH CHECK (true);

ALTER TABLE meetpunt.writeback ENABLE ROW LEVEL SECURITY;

ALTER TABLE meetpunt.writeback_tally ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA bi_molensloot TO meetpunt_reads_bi_molensloot;

GRANT USAGE ON SCHEMA lees TO meetpunt_folder;
GRANT USAGE ON SCHEMA lees TO meetpunt_views;
GRANT USAGE ON SCHEMA lees TO meetpunt_ingest;
GRANT USAGE ON SCHEMA lees TO meetpunt_work;

GRANT USAGE ON SCHEMA lees_molensloot TO meetpunt_folder;
GRANT USAGE ON SCHEMA lees_molensloot TO meetpunt_views;

GRANT USAGE ON SCHEMA lees_regio_2940b8b2b3 TO meetpunt_folder;
GRANT USAGE ON SCHEMA lees_regio_2940b8b2b3 TO meetpunt_views;

GRANT USAGE ON SCHEMA meetpunt TO meetpunt_ingest;
GRANT USAGE ON SCHEMA meetpunt TO meetpunt_folder;
GRANT USAGE ON SCHEMA meetpunt TO meetpunt_audit;
GRANT USAGE ON SCHEMA meetpunt TO meetpunt_auditor;
GRANT USAGE ON SCHEMA meetpunt TO meetpunt_work;

REVOKE ALL ON FUNCTION bi_molensloot.noteer_uitvoer(view text, month date, format text) FROM PUBLIC;
GRANT ALL ON FUNCTION bi_molensloot.noteer_uitvoer(view text, month date, format text) TO meetpunt_reads_bi_molensloot;

REVOKE ALL ON FUNCTION meetpunt.cover(pauses double precision[]) FROM PUBLIC;
GRANT ALL ON FUNCTION meetpunt.cover(pauses double precision[]) TO meetpunt_folder;

REVOKE ALL ON FUNCTION meetpunt.forget_audit(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION meetpunt.forget_audit(days integer) TO meetpunt_folder;

REVOKE ALL ON FUNCTION meetpunt.note_deed(actor text, action text, object text, outcome text) FROM PUBLIC;
GRANT ALL ON FUNCTION meetpunt.note_deed(actor text, action text, object text, outcome text) TO meetpunt_folder;
GRANT ALL ON FUNCTION meetpunt.note_deed(actor text, action text, object text, outcome text) TO meetpunt_owner;
GRANT ALL ON FUNCTION meetpunt.note_deed(actor text, action text, object text, outcome text) TO meetpunt_work;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.basisjaar TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.basisjaar TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.basisjaar TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.basiscijfers TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees.dim_gemeente TO meetpunt_views;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.gepubliceerd TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.gepubliceerd_regio TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.vergelijking TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.vergelijking TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.vergelijking TO meetpunt_folder;

GRANT SELECT ON TABLE lees_regio_2940b8b2b3.gepubliceerd TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_regio_2940b8b2b3.gepubliceerd TO meetpunt_folder;

GRANT SELECT ON TABLE lees_regio_2940b8b2b3.gepubliceerd_regio TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_regio_2940b8b2b3.gepubliceerd_regio TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.benchmark_regio TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.benchmark_regio_jaar TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.benchmark_regio_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.dim_afdeling TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_afdeling TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees.dim_datum TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_datum TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.dim_gemeente TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.dim_item TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_indicator TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.dim_item TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees.dim_kanaal TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_kanaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.dim_kengetal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.dim_meetpunt TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_meetpunt TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.dim_soort TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.dim_thema TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_thema TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.dim_vragenlijst TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_vragenlijst TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.dim_wijk TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.dim_wijk TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.cijfer TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.cijfer_uitgesplitst TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.stand TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.cijfer TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.cijfer TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.cijfer_uitgesplitst TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.cijfer_uitgesplitst TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.doel TO meetpunt_views;

GRANT SELECT ON TABLE lees_molensloot.stand TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.stand TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.doelen TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.reactie TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.reactie TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.reactie TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.feit_antwoord TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.feit_kenmerk TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.feit_reactie TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.uitnodiging TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.uitnodiging TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.uitnodiging TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.feit_uitnodiging TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.feit_verdacht TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.deelname TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.deelname TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.deelname TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.indicator_per_jaar TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.indicator_per_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.indicator_per_maand TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.indicator_per_week TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.indicator_twaalf_maanden TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.kanaalwissel TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.kanaalwissel TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.kanaalwissel TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.kanaalwissel_per_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.kengetal TO meetpunt_folder;
GRANT SELECT,INSERT ON TABLE lees.kengetal TO meetpunt_ingest;
GRANT SELECT,INSERT ON TABLE lees.kengetal TO meetpunt_work;

GRANT UPDATE(value) ON TABLE lees.kengetal TO meetpunt_ingest;
GRANT UPDATE(value) ON TABLE lees.kengetal TO meetpunt_work;

GRANT UPDATE(n) ON TABLE lees.kengetal TO meetpunt_ingest;
GRANT UPDATE(n) ON TABLE lees.kengetal TO meetpunt_work;

GRANT UPDATE(told_at) ON TABLE lees.kengetal TO meetpunt_ingest;
GRANT UPDATE(told_at) ON TABLE lees.kengetal TO meetpunt_work;

GRANT SELECT ON TABLE lees_molensloot.kengetal TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.kengetal TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.norm TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.kengetal_per_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.kengetal_per_maand TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.kengetal_samenhang TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.kiosk TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.kiosk TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.kiosk TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.kiosk_status TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.opvolging TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.opvolging TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.opvolging TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.opvolging_per_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.opvolging_per_maand TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.stand TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.thema TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.thema TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.thema TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.thema_per_jaar TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.thema_per_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.thema_per_maand TO meetpunt_reads_bi_molensloot;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.tekst TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.tekst TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.tekst TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.toelichting TO meetpunt_reads_bi_molensloot_texts;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees.uitnodiging_maand TO meetpunt_folder;

GRANT SELECT ON TABLE lees_molensloot.uitnodiging_maand TO meetpunt_views;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lees_molensloot.uitnodiging_maand TO meetpunt_folder;

GRANT SELECT ON TABLE bi_molensloot.uitnodiging_per_maand TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.uitsplitsing_per_jaar TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.uitsplitsing_per_kwartaal TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE bi_molensloot.uitsplitsing_per_maand TO meetpunt_reads_bi_molensloot;

GRANT SELECT ON TABLE lees_molensloot.verbetering TO meetpunt_views;

GRANT SELECT ON TABLE bi_molensloot.verbeteringen TO meetpunt_reads_bi_molensloot;

GRANT INSERT ON TABLE meetpunt.answered_tally TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.answered_tally TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.api_key TO meetpunt_ingest;

GRANT SELECT,INSERT,UPDATE ON TABLE meetpunt.asked TO meetpunt_work;
GRANT DELETE ON TABLE meetpunt.asked TO meetpunt_folder;

GRANT SELECT(municipality) ON TABLE meetpunt.asked TO meetpunt_folder;

GRANT SELECT(code) ON TABLE meetpunt.asked TO meetpunt_folder;

GRANT SELECT(until) ON TABLE meetpunt.asked TO meetpunt_folder;

GRANT SELECT,INSERT ON TABLE meetpunt.asked_key TO meetpunt_work;
GRANT DELETE ON TABLE meetpunt.asked_key TO meetpunt_folder;

GRANT SELECT(quarter) ON TABLE meetpunt.asked_key TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.audit TO meetpunt_auditor;
GRANT SELECT ON TABLE meetpunt.audit TO meetpunt_owner;

GRANT DELETE ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT INSERT(municipality) ON TABLE meetpunt.callback TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.callback TO meetpunt_work;
GRANT SELECT(municipality) ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT INSERT(id) ON TABLE meetpunt.callback TO meetpunt_ingest;
GRANT SELECT(id) ON TABLE meetpunt.callback TO meetpunt_work;
GRANT SELECT(id) ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT INSERT(touchpoint) ON TABLE meetpunt.callback TO meetpunt_ingest;
GRANT SELECT(touchpoint) ON TABLE meetpunt.callback TO meetpunt_work;
GRANT SELECT(touchpoint) ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT INSERT(day) ON TABLE meetpunt.callback TO meetpunt_ingest;
GRANT SELECT(day) ON TABLE meetpunt.callback TO meetpunt_work;
GRANT SELECT(day) ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT SELECT(state),UPDATE(state) ON TABLE meetpunt.callback TO meetpunt_work;
GRANT SELECT(state) ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT INSERT(sealed) ON TABLE meetpunt.callback TO meetpunt_ingest;
GRANT SELECT(sealed),UPDATE(sealed) ON TABLE meetpunt.callback TO meetpunt_work;

GRANT SELECT(mixed),UPDATE(mixed) ON TABLE meetpunt.callback TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.core_item TO meetpunt_folder;
GRANT SELECT ON TABLE meetpunt.core_item TO meetpunt_ingest;

GRANT SELECT,INSERT,UPDATE ON TABLE meetpunt.cover TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.department TO meetpunt_ingest;

GRANT SELECT,INSERT ON TABLE meetpunt.destruction_record TO meetpunt_folder;

GRANT UPDATE(rows) ON TABLE meetpunt.destruction_record TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.follow_up_place TO meetpunt_folder;

GRANT INSERT ON TABLE meetpunt.free_text TO meetpunt_ingest;
GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.free_text TO meetpunt_folder;

GRANT UPDATE(themes) ON TABLE meetpunt.free_text TO meetpunt_folder;

GRANT UPDATE(theme_version) ON TABLE meetpunt.free_text TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.improvement TO meetpunt_ingest;

GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.invitation TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.invitation TO meetpunt_folder;
GRANT INSERT ON TABLE meetpunt.invitation TO meetpunt_work;

GRANT SELECT(municipality) ON TABLE meetpunt.invitation TO meetpunt_work;

GRANT SELECT(digest) ON TABLE meetpunt.invitation TO meetpunt_work;

GRANT SELECT,INSERT ON TABLE meetpunt.invitation_call TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.invitation_call TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.invitation_count TO meetpunt_folder;
GRANT SELECT,INSERT ON TABLE meetpunt.invitation_count TO meetpunt_ingest;
GRANT SELECT,INSERT ON TABLE meetpunt.invitation_count TO meetpunt_work;

GRANT UPDATE(issued) ON TABLE meetpunt.invitation_count TO meetpunt_ingest;
GRANT UPDATE(issued) ON TABLE meetpunt.invitation_count TO meetpunt_work;

GRANT SELECT,INSERT ON TABLE meetpunt.invitation_stage TO meetpunt_ingest;
GRANT SELECT,INSERT ON TABLE meetpunt.invitation_stage TO meetpunt_work;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.invitation_stage TO meetpunt_folder;

GRANT UPDATE(n) ON TABLE meetpunt.invitation_stage TO meetpunt_ingest;
GRANT UPDATE(n) ON TABLE meetpunt.invitation_stage TO meetpunt_work;

GRANT SELECT ON TABLE meetpunt.item TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.item TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.judged TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.kiosk TO meetpunt_ingest;

GRANT SELECT(municipality) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT SELECT(id) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT SELECT(touchpoint) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT SELECT(name) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT SELECT(enrolled_at) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT SELECT(revoked_on) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(counter) ON TABLE meetpunt.kiosk TO meetpunt_ingest;

GRANT UPDATE(last_seen) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(last_seen) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(emptied_at) ON TABLE meetpunt.kiosk TO meetpunt_ingest;

GRANT UPDATE(emptied_offset_seconds) ON TABLE meetpunt.kiosk TO meetpunt_ingest;

GRANT UPDATE(queue) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(queue) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(version) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(version) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(clock_offset_seconds) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(clock_offset_seconds) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(last_boot) ON TABLE meetpunt.kiosk TO meetpunt_ingest;

GRANT UPDATE(last_monotonic) ON TABLE meetpunt.kiosk TO meetpunt_ingest;

GRANT UPDATE(set_aside) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(set_aside),UPDATE(set_aside) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(quarantined) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(quarantined),UPDATE(quarantined) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT UPDATE(tile_mm) ON TABLE meetpunt.kiosk TO meetpunt_ingest;
GRANT SELECT(tile_mm) ON TABLE meetpunt.kiosk TO meetpunt_folder;

GRANT SELECT,INSERT ON TABLE meetpunt.kiosk_item TO meetpunt_ingest;
GRANT SELECT,INSERT ON TABLE meetpunt.kiosk_item TO meetpunt_folder;

GRANT UPDATE(content_code) ON TABLE meetpunt.kiosk_item TO meetpunt_folder;

GRANT UPDATE(received_on) ON TABLE meetpunt.kiosk_item TO meetpunt_folder;

GRANT SELECT,INSERT ON TABLE meetpunt.kiosk_pairing TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.kiosk_pairing TO meetpunt_folder;

GRANT INSERT ON TABLE meetpunt.kiosk_quarantine TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.kiosk_quarantine TO meetpunt_folder;

GRANT INSERT ON TABLE meetpunt.kiosk_set_aside TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.kiosk_set_aside TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.look TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.municipality TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.municipality TO meetpunt_folder;
GRANT SELECT ON TABLE meetpunt.municipality TO meetpunt_work;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.neighbour TO meetpunt_work;
GRANT SELECT ON TABLE meetpunt.neighbour TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.neighbour TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.norm TO meetpunt_ingest;

GRANT INSERT ON TABLE meetpunt.notification TO meetpunt_ingest;
GRANT SELECT,INSERT ON TABLE meetpunt.notification TO meetpunt_work;
GRANT DELETE ON TABLE meetpunt.notification TO meetpunt_folder;

GRANT SELECT(municipality) ON TABLE meetpunt.notification TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.notification TO meetpunt_folder;

GRANT SELECT(code) ON TABLE meetpunt.notification TO meetpunt_ingest;
GRANT SELECT(code) ON TABLE meetpunt.notification TO meetpunt_folder;

GRANT SELECT(since) ON TABLE meetpunt.notification TO meetpunt_folder;

GRANT UPDATE(channel) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT UPDATE(resource) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT UPDATE(action) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT UPDATE(about) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT UPDATE(url) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT UPDATE(due) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT UPDATE(attempts) ON TABLE meetpunt.notification TO meetpunt_work;

GRANT SELECT(waits) ON TABLE meetpunt.notification TO meetpunt_ingest;

GRANT INSERT ON TABLE meetpunt.occasion TO meetpunt_ingest;
GRANT INSERT ON TABLE meetpunt.occasion TO meetpunt_work;
GRANT DELETE ON TABLE meetpunt.occasion TO meetpunt_folder;

GRANT SELECT(municipality) ON TABLE meetpunt.occasion TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.occasion TO meetpunt_work;
GRANT SELECT(municipality) ON TABLE meetpunt.occasion TO meetpunt_folder;

GRANT SELECT(code) ON TABLE meetpunt.occasion TO meetpunt_ingest;
GRANT SELECT(code) ON TABLE meetpunt.occasion TO meetpunt_work;
GRANT SELECT(code) ON TABLE meetpunt.occasion TO meetpunt_folder;

GRANT SELECT(until) ON TABLE meetpunt.occasion TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.opening_hours TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.opening_hours TO meetpunt_folder;

GRANT INSERT ON TABLE meetpunt.opted_out TO meetpunt_ingest;

GRANT SELECT(municipality) ON TABLE meetpunt.opted_out TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.opted_out TO meetpunt_work;

GRANT SELECT(code) ON TABLE meetpunt.opted_out TO meetpunt_ingest;
GRANT SELECT(code) ON TABLE meetpunt.opted_out TO meetpunt_work;

GRANT INSERT ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT,INSERT,UPDATE ON TABLE meetpunt.outbox TO meetpunt_work;
GRANT DELETE ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(municipality) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(id) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(id) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(touchpoint) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(touchpoint) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(sender) ON TABLE meetpunt.outbox TO meetpunt_ingest;

GRANT SELECT(state),UPDATE(state) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(state),UPDATE(state) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(month) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(month) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(product) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(product) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT UPDATE(sealed) ON TABLE meetpunt.outbox TO meetpunt_ingest;

GRANT SELECT(due),UPDATE(due) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(due) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT UPDATE(expires_at) ON TABLE meetpunt.outbox TO meetpunt_ingest;

GRANT SELECT(attempts) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(attempts) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT UPDATE(holder) ON TABLE meetpunt.outbox TO meetpunt_ingest;

GRANT SELECT(held_until),UPDATE(held_until) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(held_until) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT(reference) ON TABLE meetpunt.outbox TO meetpunt_ingest;

GRANT SELECT(reason),UPDATE(reason) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(reason),UPDATE(reason) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT UPDATE(receipt_until) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(receipt_until),UPDATE(receipt_until) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT UPDATE(changed_on) ON TABLE meetpunt.outbox TO meetpunt_ingest;
GRANT SELECT(changed_on),UPDATE(changed_on) ON TABLE meetpunt.outbox TO meetpunt_folder;

GRANT SELECT,INSERT ON TABLE meetpunt.purge_moment TO meetpunt_folder;

GRANT UPDATE(at) ON TABLE meetpunt.purge_moment TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.purged_before TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.questionnaire TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.questionnaire TO meetpunt_folder;

GRANT INSERT ON TABLE meetpunt.receipt TO meetpunt_ingest;
GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.receipt TO meetpunt_folder;

GRANT SELECT(municipality) ON TABLE meetpunt.receipt TO meetpunt_ingest;

GRANT SELECT(week) ON TABLE meetpunt.receipt TO meetpunt_ingest;

GRANT SELECT(id) ON TABLE meetpunt.receipt TO meetpunt_ingest;

GRANT SELECT(content_code) ON TABLE meetpunt.receipt TO meetpunt_ingest;

GRANT SELECT(complete) ON TABLE meetpunt.receipt TO meetpunt_ingest;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.region_look TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.regional TO meetpunt_folder;

GRANT INSERT,DELETE ON TABLE meetpunt.report TO meetpunt_folder;
GRANT SELECT ON TABLE meetpunt.report TO meetpunt_work;

GRANT SELECT(municipality) ON TABLE meetpunt.report TO meetpunt_folder;

GRANT SELECT(month) ON TABLE meetpunt.report TO meetpunt_folder;

GRANT SELECT(department) ON TABLE meetpunt.report TO meetpunt_folder;

GRANT SELECT(state) ON TABLE meetpunt.report TO meetpunt_folder;
GRANT UPDATE(state) ON TABLE meetpunt.report TO meetpunt_work;

GRANT UPDATE(subject) ON TABLE meetpunt.report TO meetpunt_work;

GRANT UPDATE(plain) ON TABLE meetpunt.report TO meetpunt_work;

GRANT SELECT(due) ON TABLE meetpunt.report TO meetpunt_folder;
GRANT UPDATE(due) ON TABLE meetpunt.report TO meetpunt_work;

GRANT SELECT(attempts) ON TABLE meetpunt.report TO meetpunt_folder;
GRANT UPDATE(attempts) ON TABLE meetpunt.report TO meetpunt_work;

GRANT UPDATE(holder) ON TABLE meetpunt.report TO meetpunt_work;

GRANT UPDATE(held_until) ON TABLE meetpunt.report TO meetpunt_work;

GRANT SELECT(reason) ON TABLE meetpunt.report TO meetpunt_folder;
GRANT UPDATE(reason) ON TABLE meetpunt.report TO meetpunt_work;

GRANT SELECT(changed_on) ON TABLE meetpunt.report TO meetpunt_folder;
GRANT UPDATE(changed_on) ON TABLE meetpunt.report TO meetpunt_work;

GRANT SELECT,INSERT ON TABLE meetpunt.report_link TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.report_link TO meetpunt_work;

GRANT SELECT,INSERT ON TABLE meetpunt.report_retry TO meetpunt_ingest;
GRANT DELETE ON TABLE meetpunt.report_retry TO meetpunt_work;

GRANT SELECT(until) ON TABLE meetpunt.report_retry TO meetpunt_work;

GRANT INSERT ON TABLE meetpunt.response TO meetpunt_ingest;
GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.response TO meetpunt_folder;

GRANT SELECT(municipality) ON TABLE meetpunt.response TO meetpunt_ingest;

GRANT SELECT(day) ON TABLE meetpunt.response TO meetpunt_ingest;

GRANT SELECT(id) ON TABLE meetpunt.response TO meetpunt_ingest;

GRANT SELECT(complete),UPDATE(complete) ON TABLE meetpunt.response TO meetpunt_ingest;

GRANT UPDATE(answers) ON TABLE meetpunt.response TO meetpunt_ingest;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.sample_tally TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.signal TO meetpunt_folder;

GRANT SELECT(id) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(municipality) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(municipality) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(municipality) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(touchpoint) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(touchpoint) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(touchpoint) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(reason) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(reason) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(reason) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(theme) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(theme) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(theme) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(day) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(day) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(day) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(half) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(half) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(half) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT INSERT(shown_from) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT INSERT(shown_from) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(shown_from) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT UPDATE(state) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT UPDATE(state) ON TABLE meetpunt.signal TO meetpunt_folder;
GRANT SELECT(state) ON TABLE meetpunt.signal TO meetpunt_work;

GRANT UPDATE(outcome) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT UPDATE(outcome) ON TABLE meetpunt.signal TO meetpunt_folder;

GRANT UPDATE(why) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT UPDATE(why) ON TABLE meetpunt.signal TO meetpunt_folder;

GRANT UPDATE(seen_on) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT UPDATE(seen_on) ON TABLE meetpunt.signal TO meetpunt_folder;

GRANT UPDATE(seen_after) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT UPDATE(seen_after) ON TABLE meetpunt.signal TO meetpunt_folder;

GRANT UPDATE(ended_on) ON TABLE meetpunt.signal TO meetpunt_ingest;
GRANT UPDATE(ended_on) ON TABLE meetpunt.signal TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.signal_delivery TO meetpunt_work;

GRANT SELECT(municipality) ON TABLE meetpunt.signal_delivery TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.signal_delivery TO meetpunt_folder;

GRANT SELECT(way) ON TABLE meetpunt.signal_delivery TO meetpunt_ingest;
GRANT SELECT(way) ON TABLE meetpunt.signal_delivery TO meetpunt_folder;

GRANT UPDATE(state) ON TABLE meetpunt.signal_delivery TO meetpunt_work;
GRANT SELECT(state) ON TABLE meetpunt.signal_delivery TO meetpunt_ingest;
GRANT SELECT(state) ON TABLE meetpunt.signal_delivery TO meetpunt_folder;

GRANT UPDATE(due) ON TABLE meetpunt.signal_delivery TO meetpunt_work;
GRANT SELECT(due) ON TABLE meetpunt.signal_delivery TO meetpunt_ingest;
GRANT SELECT(due) ON TABLE meetpunt.signal_delivery TO meetpunt_folder;

GRANT SELECT(until) ON TABLE meetpunt.signal_delivery TO meetpunt_ingest;
GRANT SELECT(until) ON TABLE meetpunt.signal_delivery TO meetpunt_folder;

GRANT UPDATE(attempts) ON TABLE meetpunt.signal_delivery TO meetpunt_work;

GRANT UPDATE(holder) ON TABLE meetpunt.signal_delivery TO meetpunt_work;

GRANT UPDATE(held_until) ON TABLE meetpunt.signal_delivery TO meetpunt_work;

GRANT UPDATE(reason) ON TABLE meetpunt.signal_delivery TO meetpunt_work;
GRANT SELECT(reason) ON TABLE meetpunt.signal_delivery TO meetpunt_ingest;
GRANT SELECT(reason) ON TABLE meetpunt.signal_delivery TO meetpunt_folder;

GRANT SELECT,INSERT ON TABLE meetpunt.signal_tally TO meetpunt_work;
GRANT SELECT ON TABLE meetpunt.signal_tally TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.signal_tally TO meetpunt_folder;

GRANT UPDATE(n) ON TABLE meetpunt.signal_tally TO meetpunt_work;

GRANT SELECT,INSERT ON TABLE meetpunt.signal_told TO meetpunt_work;

GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.signal_webhook_gone TO meetpunt_work;
GRANT SELECT ON TABLE meetpunt.signal_webhook_gone TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.signal_webhook_gone TO meetpunt_folder;

GRANT UPDATE(address) ON TABLE meetpunt.signal_webhook_gone TO meetpunt_work;

GRANT UPDATE(since) ON TABLE meetpunt.signal_webhook_gone TO meetpunt_work;

GRANT SELECT,INSERT ON TABLE meetpunt.spent_token TO meetpunt_ingest;
GRANT SELECT,DELETE ON TABLE meetpunt.spent_token TO meetpunt_folder;
GRANT INSERT ON TABLE meetpunt.spent_token TO meetpunt_work;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.summary TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.summary_responses TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.target TO meetpunt_ingest;

GRANT SELECT ON TABLE meetpunt.task TO meetpunt_folder;
GRANT SELECT ON TABLE meetpunt.task TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(holder) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(holder) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(held_until) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(held_until) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(pid) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(pid) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(last_ran) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(last_ran) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(last_failed) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(last_failed) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(reason) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(reason) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(told_by) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(told_by) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(files) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(files) ON TABLE meetpunt.task TO meetpunt_work;

GRANT UPDATE(place) ON TABLE meetpunt.task TO meetpunt_folder;
GRANT UPDATE(place) ON TABLE meetpunt.task TO meetpunt_work;

GRANT SELECT ON TABLE meetpunt.theme TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.theme TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.theme_look TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.theme_tally TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.touchpoint TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.touchpoint TO meetpunt_folder;
GRANT SELECT ON TABLE meetpunt.touchpoint TO meetpunt_work;

GRANT SELECT ON TABLE meetpunt.touchpoint_version TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.touchpoint_version TO meetpunt_folder;

GRANT INSERT ON TABLE meetpunt.unpublished TO meetpunt_ingest;
GRANT SELECT,INSERT,DELETE ON TABLE meetpunt.unpublished TO meetpunt_folder;

GRANT UPDATE(batch) ON TABLE meetpunt.unpublished TO meetpunt_folder;

GRANT UPDATE(closed_on) ON TABLE meetpunt.unpublished TO meetpunt_folder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE meetpunt.waiting_text TO meetpunt_folder;

GRANT UPDATE(themes) ON TABLE meetpunt.waiting_text TO meetpunt_folder;

GRANT UPDATE(theme_version) ON TABLE meetpunt.waiting_text TO meetpunt_folder;

GRANT SELECT ON TABLE meetpunt.wijk TO meetpunt_ingest;

GRANT INSERT ON TABLE meetpunt.writeback TO meetpunt_ingest;
GRANT SELECT,DELETE,UPDATE ON TABLE meetpunt.writeback TO meetpunt_work;

GRANT SELECT(municipality) ON TABLE meetpunt.writeback TO meetpunt_ingest;
GRANT SELECT(municipality) ON TABLE meetpunt.writeback TO meetpunt_folder;

GRANT SELECT(state) ON TABLE meetpunt.writeback TO meetpunt_ingest;
GRANT SELECT(state) ON TABLE meetpunt.writeback TO meetpunt_folder;

GRANT SELECT(due) ON TABLE meetpunt.writeback TO meetpunt_ingest;
GRANT SELECT(due) ON TABLE meetpunt.writeback TO meetpunt_folder;

GRANT SELECT(until) ON TABLE meetpunt.writeback TO meetpunt_ingest;
GRANT SELECT(until) ON TABLE meetpunt.writeback TO meetpunt_folder;

GRANT SELECT(reason) ON TABLE meetpunt.writeback TO meetpunt_ingest;
GRANT SELECT(reason) ON TABLE meetpunt.writeback TO meetpunt_folder;

GRANT SELECT,INSERT ON TABLE meetpunt.writeback_tally TO meetpunt_work;
GRANT SELECT ON TABLE meetpunt.writeback_tally TO meetpunt_ingest;
GRANT SELECT ON TABLE meetpunt.writeback_tally TO meetpunt_folder;

GRANT UPDATE(n) ON TABLE meetpunt.writeback_tally TO meetpunt_work;

GRANT SELECT ON TABLE public.meetpunt_migration TO meetpunt_ingest;
GRANT SELECT ON TABLE public.meetpunt_migration TO meetpunt_work;
