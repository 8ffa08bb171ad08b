-- How certain a figure is: intervals that hold for few, skewed answers, what chance explains of a difference, and the earlier
-- figures of another system that a target may fall under. tests/ingest/reporting/test_coverage.py shows by simulation what
-- these functions keep to, and that Student's interval and Welch's test by themselves do not.

-- Marks pile up at the high end, and ten answers seldom hold one of the few low ones: their own spread is then too small, or
-- nothing. So the spread is reckoned as if 0.4 of an answer more had come in at either end of the scale, as Agresti and Coull
-- (The American Statistician 52, 1998) add answers to both sides of a share. Of 0.1, 0.25, 0.3, 0.35, 0.4 and 0.5, this is the least
-- that covers 94 % at ten, twenty, thirty and a hundred answers in the simulation, with room for the draw.
create function lees.squared_error(
    n double precision, total double precision, squares double precision, lowest double precision, highest double precision
) returns double precision
language sql immutable parallel safe
return (
    (n + 0.8) * (squares + 0.4 * (lowest * lowest + highest * highest))
        - (total + 0.4 * (lowest + highest)) * (total + 0.4 * (lowest + highest))
) / ((n + 0.8) * (n + 0.8) * (n - 0.2));
comment on function lees.squared_error is
    'The squared standard error of a mean of n answers from lowest to highest, never 0: with 0.4 of an answer more at either end.';

create function lees.squares(given bigint[]) returns double precision
language sql immutable parallel safe
return given[1] + 4 * given[2] + 9 * given[3] + 16 * given[4] + 25 * given[5]
    + 36 * given[6] + 49 * given[7] + 64 * given[8] + 81 * given[9] + 100 * given[10];
comment on function lees.squares is 'The sum of the squares of answers, given how often each of 1 to 10 was given.';

create function lees.mean_low(
    n double precision, total double precision, squares double precision, lowest double precision, highest double precision
) returns double precision
language sql immutable parallel safe
return case when n > 1 then greatest(lowest, least(
    total / n,
    (total + 0.4 * (lowest + highest)) / (n + 0.8)
        - lees.t_975(n - 1) * sqrt(lees.squared_error(n, total, squares, lowest, highest)))) end;
comment on function lees.mean_low is
    'Lower end of the 95 % interval of a mean, on the scale of the answers: Student''s t about what lees.squared_error reckons with.';

create function lees.mean_high(
    n double precision, total double precision, squares double precision, lowest double precision, highest double precision
) returns double precision
language sql immutable parallel safe
return case when n > 1 then least(highest, greatest(
    total / n,
    (total + 0.4 * (lowest + highest)) / (n + 0.8)
        + lees.t_975(n - 1) * sqrt(lees.squared_error(n, total, squares, lowest, highest)))) end;
comment on function lees.mean_high is
    'Upper end of the 95 % interval of a mean, on the scale of the answers: Student''s t about what lees.squared_error reckons with.';

-- Zou and Donner's way (Statistics in Medicine 27, 2008), which for two shares is Newcombe's (Statistics in Medicine 17, 1998): the
-- ends of a difference from those of both figures, which need not lie in their middle.
create function lees.difference_low(
    figure double precision, low double precision, other double precision, other_high double precision
) returns double precision
language sql immutable parallel safe
return figure - other - sqrt((figure - low) * (figure - low) + (other_high - other) * (other_high - other));
comment on function lees.difference_low is 'Lower end of the 95 % interval of a figure minus another one, from the ends of both.';

create function lees.difference_high(
    figure double precision, high double precision, other double precision, other_low double precision
) returns double precision
language sql immutable parallel safe
return figure - other + sqrt((high - figure) * (high - figure) + (other - other_low) * (other - other_low));
comment on function lees.difference_high is 'Upper end of the 95 % interval of a figure minus another one, from the ends of both.';

-- The next three are asked for each pair of figures. As plain SQL each step would be a call of its own: thirty times as slow. They
-- name nothing but what Postgres brings: whoever reads a view may not use this schema.

-- Student's tail by G. W. Hill's algorithm 395 (Communications of the ACM 13, 1970), which finds the normal figure with the same
-- tail; and that tail by formula 26.2.17 of Abramowitz and Stegun (Handbook of Mathematical Functions, 1964). Together within
-- 2e-7 of the exact p from 9 degrees of freedom on, which ten answers have, and within 3e-5 from 3 on.
create function lees.welch_p(
    difference double precision, a double precision, n_a double precision, b double precision, n_b double precision
) returns double precision
language plpgsql immutable strict parallel safe as
$$
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
comment on function lees.welch_p is
    'The p of Welch''s test (two-sided): how often two means differ this much where nothing differs. `a` and `b` are lees.squared_error.';

create function lees.welch_margin(
    a double precision, n_a double precision, b double precision, n_b double precision
) returns double precision
language plpgsql immutable strict parallel safe as
$$
declare
    -- The quantile is that of lees.t_975.
    x constant double precision := (a * a / (n_a - 1) + b * b / (n_b - 1)) / ((a + b) * (a + b));
begin
    return sqrt(a + b) * 1.959963984540054 * exp(x * (1.2103657 + x * (0.7074986 + x * (0.1533112
        + x * (-0.2395088 + x * (-0.0575579 + x * (0.1419811 - x * 0.0469278)))))));
end
$$;
comment on function lees.welch_margin is
    'Half the width of the 95 % interval of the difference of two means: it holds 0 where lees.welch_p is 0.05 or more.';

-- The 0.8 quantile, which is added to that, by the series of Fisher and Cornish (Technometrics 2, 1960).
create function lees.findable(
    a double precision, n_a double precision, b double precision, n_b double precision
) returns double precision
language plpgsql immutable strict parallel safe as
$$
declare
    x constant double precision := (a * a / (n_a - 1) + b * b / (n_b - 1)) / ((a + b) * (a + b));
begin
    return sqrt(a + b) * (0.8416212 + x * (0.3594409 + x * (0.1476506 + x * 0.0167459))
        + 1.959963984540054 * exp(x * (1.2103657 + x * (0.7074986 + x * (0.1533112
        + x * (-0.2395088 + x * (-0.0575579 + x * (0.1419811 - x * 0.0469278))))))));
end
$$;
comment on function lees.findable is
    'The smallest difference that Welch''s test finds four times out of five (two-sided, 5 %), given these spreads and numbers.';

-- What the views of before 0019 ask, which the same `meetpunt migrate` makes anew, but not in the same transaction.
comment on function lees.t_margin(double precision, double precision) is
    'Half the width of Student''s 95 % interval of a mean of n values. No view of now asks it.';
comment on function lees.welch_differs(double precision, double precision, double precision, double precision, double precision,
    double precision) is 'Whether two means differ by Welch''s test. No view of now asks it.';

-- A share of marks lower than 6 is aimed at as well as one of 6 or lower.
alter table meetpunt.target drop constraint target_measure_check, drop constraint target_check;
alter table meetpunt.target
    add constraint target_measure_check
        check (measure in ('mean_at_least', 'share_lt_6_falls_by', 'share_le_6_falls_by')),
    add constraint target_check check ((measure = 'mean_at_least') = (base_year is null));

-- A target may be of one department; of the whole channel it has none. What is mirrored is made anew by the same command.
alter table meetpunt.target add column department text not null default '', drop constraint target_pkey;
alter table meetpunt.target add primary key (municipality, channel, department, indicator, measure);
alter table lees.doel add column department text not null default '', drop constraint doel_pkey;
alter table lees.doel add primary key (municipality, channel, department, indicator, measure);

-- What another system counted in a year, as the municipality brought it in. It goes before what was answered here in that year.
create table lees.basisjaar (
    municipality text not null,
    channel text not null,
    indicator text not null,
    year smallint not null check (year between 2000 and 2100),
    n bigint not null check (n >= 10),
    mean numeric check (mean between 1 and 10),
    share_lt_6 numeric check (share_lt_6 between 0 and 1),
    share_le_6 numeric check (share_le_6 between share_lt_6 and 1),
    source text not null,
    imported_on date not null,
    primary key (municipality, channel, indicator, year),
    check (num_nonnulls(mean, share_lt_6, share_le_6) > 0)
) partition by list (municipality);
comment on table lees.basisjaar is 'Figures of a year before Meetpunt, from `meetpunt figures import-base`.';
alter table lees.basisjaar enable row level security, force row level security;
create policy folder on lees.basisjaar to meetpunt_folder using (true) with check (true);
grant select, insert, update, delete on lees.basisjaar to meetpunt_folder;
