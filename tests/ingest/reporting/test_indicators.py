"""What dashboards read: every figure as scipy has it, little for few answers, and quickly."""

import itertools
import json
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from ingest.questionnaires.kinds import KINDS
from tests.conftest import Database
from tests.publishing import reading, reads, seen
from tests.read_later import read_later

np = read_later("numpy")
stats = read_later("scipy.stats")

pytestmark = pytest.mark.anyio

READER = "lezer_indicatoren"
TOP = {kind.name: len(kind.places) for kind in KINDS.values() if kind.places}
NOVEMBER = date(2026, 11, 1)
SHARES = {
    "aandeel_lt_55": lambda mark: mark < 5.5,
    "aandeel_lt_6": lambda mark: mark < 6,
    "aandeel_le_6": lambda mark: mark <= 6,
    "aandeel_ge_8": lambda mark: mark >= 8,
}
COLUMNS = (
    *("gemeente_code", "maand", "kanaal", "indicator", "soort", "n"),
    *("gemiddelde", "gemiddelde_100", "standaardafwijking", "ondergrens_95", "bovengrens_95"),
    *(
        column
        for share in SHARES
        for column in (share, f"{share}_ondergrens", f"{share}_bovengrens")
    ),
    *("verdeling", "aandeel_volledig", "respons"),
    *(
        f"{difference}{what}"
        for difference in ("verschil_vorige", "verschil_vorig_jaar")
        for what in ("", "_significant", "_p", "_p_holm", "_aantoonbaar")
    ),
    *("som", "som_kwadraten", *(share.replace("aandeel", "aantal") for share in SHARES)),
)
ALWAYS = ("kleine_groep", "peilmoment", "wachtend_n")


async def publish(
    db: asyncpg.Connection,
    values: Sequence[int],
    *,
    period: date = NOVEMBER,
    grain: str = "month",
    kind: str = "mark",
    indicator: str = "tevredenheid",
    municipality: str = "GM9001",
    channel: str = "balie",
    small_group: bool = False,
) -> None:
    """Add values that were given to what may be read, as publishing does."""
    await db.execute(
        """insert into lees.cijfer as c
            (municipality, grain, period, channel, indicator, kind, given, small_group)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (municipality, grain, period, channel, indicator, kind) do update
        set given = meetpunt.added(c.given, excluded.given)""",
        *(municipality, grain, period, channel, indicator, kind),
        [list(values).count(value) for value in range(1, 11)],
        small_group,
    )


async def per_period(database: Database, period: str = "maand", slug: str = "molensloot") -> Any:
    await reads(database, slug, READER)
    return await seen(
        database, READER, f"select * from indicator_per_{period} order by 1, 2, 3, 4, 5"
    )


def on_100(values: Sequence[int], kind: str) -> Any:
    return (np.array(values) - 1) / (TOP[kind] - 1) * 100


def some_values(kind: str, how_many: int, seed: int) -> list[int]:
    chance = random.Random(seed)
    level = chance.uniform(1, TOP[kind])
    return [
        min(TOP[kind], max(1, round(chance.gauss(level, TOP[kind] / 5)))) for _ in range(how_many)
    ]


async def test_the_t_quantile_is_scipy_s(database: Database) -> None:
    freedom = [1, *np.geomspace(1, 1e7, 400).tolist()]
    async with database.superuser() as db:
        ours = await db.fetch(
            "select lees.t_975(df) from unnest($1::float8[]) with ordinality as f (df, nth)"
            " order by nth",
            freedom,
        )
    wanted = stats.t.ppf(0.975, freedom)
    assert np.allclose([row[0] for row in ours], wanted, rtol=3e-6, atol=0)


async def test_the_interval_of_a_share_is_wilson_s(database: Database) -> None:
    pairs = [(hits, n) for n in (1, 2, 9, 10, 37, 1000, 250_000) for hits in {0, 1, n // 3, n}]
    async with database.superuser() as db:
        for hits, n in pairs:
            ours = await db.fetchrow(
                "select lees.wilson_low($1, $2), lees.wilson_high($1, $2)", hits, n
            )
            wanted = stats.binomtest(hits, n).proportion_ci(method="wilson")
            assert tuple(ours) == pytest.approx((wanted.low, wanted.high), abs=1e-9)
        assert await db.fetchval("select lees.wilson_low(0, 0)") is None


def steadied(values: Sequence[int], kind: str) -> tuple[float, float]:
    """Mean and squared standard error on 0 to 100, with 0.4 of an answer more at either end."""
    weights = np.array([1.0] * len(values) + [0.4, 0.4])
    scores = on_100([*values, 1, TOP[kind]], kind)
    mean = np.average(scores, weights=weights)
    within = np.average((scores - mean) ** 2, weights=weights)
    return mean, within / (weights.sum() - 1)


def compared(
    later: Sequence[int], earlier: Sequence[int], kind: str
) -> tuple[float, float, float, float]:
    """The difference, its standard error, Welch's degrees of freedom and scipy's p."""
    sides: list[float] = []
    weights: list[float] = []
    for values in (later, earlier):
        error = steadied(values, kind)[1]
        weights += [error, error**2 / (len(values) - 1)]
        sides += [on_100(values, kind).mean(), np.sqrt(error * len(values)), len(values)]
    test = stats.ttest_ind_from_stats(*sides, equal_var=False)
    together = weights[0] + weights[2]
    df = together**2 / (weights[1] + weights[3])
    return sides[0] - sides[3], float(np.sqrt(together)), df, test.pvalue


@pytest.mark.parametrize("kind", TOP)
async def test_every_figure_is_scipy_s(database: Database, kind: str) -> None:
    months = [date(2026, month, 1) for month in range(1, 12)]
    values = {month: some_values(kind, 10 + seed * seed, seed) for seed, month in enumerate(months)}
    async with database.superuser() as db:
        for month in months:
            # In two batches.
            half = len(values[month]) // 2
            await publish(db, values[month][:half], period=month, kind=kind)
            await publish(db, values[month][half:], period=month, kind=kind)
    rows = await per_period(database)
    assert [row["maand"] for row in rows] == months
    for row in rows:
        given = values[row["maand"]]
        scores = on_100(given, kind)
        assert (row["kanaal"], row["indicator"], row["soort"]) == ("balie", "tevredenheid", kind)
        assert row["n"] == len(given)
        assert row["verdeling"] == [given.count(value) for value in range(1, TOP[kind] + 1)]
        raw = None if kind == "yes_partly_no" else pytest.approx(np.mean(given), abs=1e-6)
        assert close(row["gemiddelde"]) == raw
        assert close(row["gemiddelde_100"]) == pytest.approx(scores.mean(), abs=1e-6)
        assert close(row["standaardafwijking"]) == pytest.approx(scores.std(ddof=1), abs=1e-6)
        middle, error = steadied(given, kind)
        low, high = stats.t.interval(0.95, len(given) - 1, loc=middle, scale=np.sqrt(error))
        assert (row["ondergrens_95"], row["bovengrens_95"]) == pytest.approx(
            (max(0, min(low, scores.mean())), min(100, max(high, scores.mean()))), rel=1e-5
        )
        assert (row["som"], row["som_kwadraten"]) == (sum(given), sum(v * v for v in given))
        for share, within in SHARES.items():
            count = row[share.replace("aandeel", "aantal")]
            figures = [row[share], row[f"{share}_ondergrens"], row[f"{share}_bovengrens"]]
            if kind != "mark":
                assert [*figures, count] == [None] * 4
                continue
            hits = sum(map(within, given))
            assert count == hits
            wilson = stats.binomtest(hits, len(given)).proportion_ci(method="wilson")
            wanted = (hits / len(given), wilson.low, wilson.high)
            assert [close(figure) for figure in figures] == pytest.approx(wanted, abs=1e-6)
    for before, row in itertools.pairwise(rows):
        difference, error, df, p = compared(values[row["maand"]], values[before["maand"]], kind)
        assert row["verschil_vorige"] == pytest.approx(difference, abs=1e-6)
        assert row["verschil_vorige_p"] == pytest.approx(p, abs=1e-6)
        assert row["verschil_vorige_significant"] == (p < 0.05)
        # Alone in its month, there is nothing to correct for.
        assert row["verschil_vorige_p_holm"] == row["verschil_vorige_p"]
        quantiles = stats.t.ppf(0.975, df) + stats.t.ppf(0.8, df)
        assert row["verschil_vorige_aantoonbaar"] == pytest.approx(error * quantiles, rel=1e-4)
    assert len({row["verschil_vorige_significant"] for row in rows[1:]}) == 2


def holm(p: Sequence[float]) -> list[float]:
    """Holm's p of each: the smallest times how many there are, the next times one less, and on."""
    order = sorted(range(len(p)), key=lambda place: p[place])
    corrected = [0.0] * len(p)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - rank) * p[place]))
        corrected[place] = highest
    return corrected


async def test_p_is_corrected_for_all_that_stands_beside_it_in_its_month(
    database: Database,
) -> None:
    """Of a municipality and a month, whatever the channel; what has no p is not counted."""
    october = date(2026, 10, 1)
    levels = {"balie": (6, 9), "telefonie": (7, 8), "online": (8, 8), "melding": (5, 9)}
    async with database.superuser() as db:
        for channel, months in levels.items():
            for month, level in zip((october, NOVEMBER), months, strict=True):
                for indicator, n in {"tevredenheid": 30, "gemak": 12}.items():
                    given = [level, level - 3, level + 1, level] * n
                    await publish(db, given[:n], period=month, channel=channel, indicator=indicator)
        await publish(db, [8] * 9, period=october, channel="balie", indicator="oplossing")
        await publish(db, [2] * 12, channel="balie", indicator="oplossing")
    rows = [row for row in await per_period(database) if row["maand"] == NOVEMBER]
    told = [row for row in rows if row["verschil_vorige_p"] is not None]
    assert (len(rows), len(told)) == (9, 8)
    wanted = holm([row["verschil_vorige_p"] for row in told])
    assert [row["verschil_vorige_p_holm"] for row in told] == pytest.approx(wanted)
    found = [row["verschil_vorige_significant"] for row in told]
    assert sum(p < 0.05 for p in wanted) < sum(found) < len(found)
    assert {row["verschil_vorige_p_holm"] for row in rows if row not in told} == {None}


def close(figure: Any) -> float | None:
    return None if figure is None else float(figure)


async def test_what_adds_up_gives_the_figures_of_a_year(database: Database) -> None:
    """A report that adds up months, and divides then, comes to what the answers themselves say."""
    months = {date(2026, month, 1): some_values("mark", 10 * month, month) for month in (1, 2, 3)}
    async with database.superuser() as db:
        for month, values in months.items():
            await publish(db, values, period=month)
    await reads(database, "molensloot", READER)
    (row,) = await seen(
        database,
        READER,
        """select sum(som) / sum(n) as gemiddelde, sum(aantal_ge_8) / sum(n) as aandeel_ge_8,
            sqrt((sum(som_kwadraten) - sum(som) ^ 2 / sum(n)) / (sum(n) - 1)) as afwijking
        from indicator_per_maand""",
    )
    every = [value for values in months.values() for value in values]
    assert close(row["gemiddelde"]) == pytest.approx(np.mean(every))
    assert close(row["afwijking"]) == pytest.approx(np.std(every, ddof=1))
    assert close(row["aandeel_ge_8"]) == pytest.approx(sum(v >= 8 for v in every) / len(every))


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ([5] * 10, (1, 1, 1, 0)),
        ([6] * 10, (0, 0, 1, 0)),
        ([7] * 10, (0, 0, 0, 0)),
        ([8] * 10, (0, 0, 0, 1)),
        ([1, 5, 6, 6, 7, 8, 8, 9, 10, 10], (0.2, 0.2, 0.4, 0.5)),
    ],
)
async def test_thresholds_are_where_their_names_say(
    database: Database, values: list[int], shares: tuple[float, ...]
) -> None:
    async with database.superuser() as db:
        await publish(db, values)
    (row,) = await per_period(database)
    assert tuple(float(row[share]) for share in SHARES) == shares


async def test_nine_answers_are_counted_and_ten_tell_figures(database: Database) -> None:
    async with database.superuser() as db:
        await publish(db, [8] * 6 + [2] * 3, indicator="gemak")
        await publish(db, [8] * 6 + [2] * 4, indicator="oplossing")
        await db.execute(
            "insert into lees.deelname values ('GM9001', 'month', $1, 'balie', 12, 9)", NOVEMBER
        )
        await db.execute(
            "insert into lees.uitnodiging values ('GM9001', $1, 'balie', '', 40, 10, 0),"
            " ('GM9001', $1, 'balie', 'paspoort', 8, 2, 0)",
            NOVEMBER + timedelta(days=29),
        )
    nine, ten = await per_period(database)
    assert (nine["n"], ten["n"]) == (9, 10)
    assert all(nine[column] is None for column in COLUMNS[6:])
    empty = {column for column in COLUMNS[6:] if ten[column] is None}
    assert empty == {column for column in COLUMNS if column.startswith("verschil")}
    assert (float(ten["aandeel_volledig"]), float(ten["respons"])) == (0.75, 0.25)


@pytest.mark.parametrize("kind", TOP)
async def test_what_adds_up_is_hidden_under_ten_answers_too(database: Database, kind: str) -> None:
    async with database.superuser() as db:
        await publish(db, [3] * 9, kind=kind)
        await publish(db, [3] * 9, kind=kind, grain="week", period=date(2026, 11, 2))
    for period in ("maand", "week"):
        (row,) = await per_period(database, period)
        assert {row[c] for c in COLUMNS if c.startswith(("som", "aantal", "verdeling"))} == {None}


async def test_a_small_group_keeps_the_threshold_and_says_that_it_is_small(
    database: Database,
) -> None:
    async with database.superuser() as db:
        await publish(db, [8] * 9, indicator="gemak", small_group=True)
        await publish(db, [8] * 9, indicator="oplossing")
    rows = await per_period(database)
    assert {row["indicator"]: row["kleine_groep"] for row in rows} == {
        "gemak": True, "oplossing": False,
    }  # fmt: skip
    assert [row["gemiddelde"] for row in rows] == [None, None]


async def test_figures_say_of_what_moment_they_are_and_how_many_wait(database: Database) -> None:
    """Of all touchpoints of the channel together, and of no other channel."""
    looked_at = datetime(2026, 11, 28, 5, tzinfo=UTC)
    async with database.superuser() as db:
        await publish(db, [8] * 10)
        await publish(db, [8] * 10, channel="telefonie")
        await publish(db, [8] * 10, channel="online")
        desks = await db.fetch(
            "select number from meetpunt.touchpoint where municipality = 'GM9001'"
            " and channel = 'balie' order by number"
        )
        for early, desk in enumerate(desks):
            await db.execute(
                "insert into lees.stand values ('GM9001', $1, $2, 4)",
                desk["number"],
                looked_at - timedelta(hours=early),
            )
        await db.execute("insert into lees.stand values ('GM9001', 2, $1, 7)", looked_at)
    rows = {row["kanaal"]: row for row in await per_period(database)}
    told = {channel: (row["peilmoment"], row["wachtend_n"]) for channel, row in rows.items()}
    assert told == {
        "balie": (looked_at, 4 * len(desks)),
        "telefonie": (looked_at, 7),
        "online": (None, None),
    }


async def test_there_is_no_response_rate_where_nobody_was_invited(database: Database) -> None:
    async with database.superuser() as db:
        await publish(db, [7] * 12)
    (row,) = await per_period(database)
    assert row["respons"] is None
    assert row["aandeel_volledig"] is None


async def test_differences_are_with_the_period_before_and_a_year_before(
    database: Database,
) -> None:
    """A gap of a month is no period before, and a period with few answers tells nothing."""
    low, high, few = [2, 3] * 10, [8, 9] * 10, [9] * 9
    async with database.superuser() as db:
        for month, values in {
            date(2024, 3, 1): low,
            date(2025, 3, 1): high,
            date(2025, 5, 1): low,
            date(2025, 6, 1): few,
            date(2025, 7, 1): high,
        }.items():
            await publish(db, values, period=month)
        monday = date(2025, 3, 3)
        for weeks, values in {0: low, 51: high, 52: high, 53: high}.items():
            await publish(db, values, period=monday + timedelta(weeks=weeks), grain="week")
    rows = {row["maand"]: row for row in await per_period(database)}
    assert all(row["verschil_vorige"] is None for row in rows.values())
    assert all(row["verschil_vorige_significant"] is None for row in rows.values())
    march = rows.pop(date(2025, 3, 1))
    assert close(march["verschil_vorig_jaar"]) == pytest.approx(200 / 3, abs=1e-6)
    assert march["verschil_vorig_jaar_significant"] is True
    assert all(row["verschil_vorig_jaar"] is None for row in rows.values())
    by_week = {
        (row["week"] - monday).days // 7: (
            close(row["verschil_vorige"]),
            row["verschil_vorige_significant"],
            row["verschil_vorig_jaar_significant"],
        )
        for row in await per_period(database, "week")
    }
    assert by_week == {
        0: (None, None, None),
        51: (None, None, None),
        52: (0.0, False, True),
        53: (0.0, False, None),
    }


async def test_municipalities_and_periods_stay_apart(database: Database) -> None:
    async with database.superuser() as db:
        await publish(db, [8] * 10)
        await publish(db, [5] * 30, municipality="GM9002")
        await publish(db, [9] * 11, grain="week", period=date(2026, 11, 2))
    for period, n in {"maand": 10, "week": 11}.items():
        rows = await per_period(database, period)
        assert [(row["gemeente_code"], row["n"]) for row in rows] == [("GM9001", n)], period


async def test_the_columns_are_the_promised_ones(database: Database) -> None:
    await reads(database, "molensloot", READER)
    async with reading(database, READER) as db:
        for period in ("maand", "week"):
            rows = await db.fetch(
                "select attname from pg_attribute where attrelid = $1::text::regclass"
                " and attnum > 0 order by attnum",
                f"indicator_per_{period}",
            )
            wanted = [period if column == "maand" else column for column in (*COLUMNS, *ALWAYS)]
            assert [row["attname"] for row in rows] == wanted


@pytest.mark.parametrize("view", ["indicator_per_maand", "indicator_per_week"])
async def test_a_reader_s_figures_are_read_from_its_own_partitions_alone(
    database: Database, view: str
) -> None:
    """Also when a dashboard names no municipality: nobody else's rows are skipped on the way."""
    await reads(database, "molensloot", READER)
    async with reading(database, READER) as db:
        plan = json.loads(
            await db.fetchval(f"explain (format json, verbose) select * from {view}")
        )[0]
    read = {
        (node["Schema"], node["Relation Name"])
        for node in nodes(plan["Plan"])
        if "Relation Name" in node
    }
    assert ("lees_molensloot", "cijfer") in read
    assert {schema for schema, _ in read} == {"lees_molensloot"}


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(each for child in plan.get("Plans", ()) for each in nodes(child))]
