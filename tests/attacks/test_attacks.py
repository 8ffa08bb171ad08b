"""No attack finds anything, and each would find something where there is something to find.

A little of `make attacks`, which goes on until everything is taken out, on every version.
"""

import msgspec
import pytest

from tests.attacks.attack import SHORT, Attack, Depth, Found
from tests.attacks.new_shape import new_shape, take_from_everybody
from tests.attacks.old_shape import old_shape
from tests.attacks.registry import ATTACKS
from tests.attacks.residents import MUNICIPALITIES
from tests.attacks.row_order import by_luck, rarely
from tests.attacks.running import BlindAttacker, Line, World, require_sight, told_twice
from tests.attacks.target import Target
from tests.postgres import running_postgres

pytestmark = pytest.mark.anyio

QUICK = [attack for attack in ATTACKS if not attack.slow]
# Behind all that is shown; `make attacks` looks before it and in between as well.
DEPTH = msgspec.structs.replace(SHORT, gaps=1, shuffles=100)


async def walled() -> Target:
    """The shape as it is, after a superuser did what is done once."""
    target = await new_shape(running_postgres())
    await take_from_everybody(target)
    return target


@pytest.fixture(scope="module")
def walls() -> World:
    return World(walled)


@pytest.fixture(scope="module")
def other_walls() -> World:
    return World(walled)


@pytest.fixture(scope="module")
async def control() -> Target:
    return await old_shape(running_postgres())


def by_name(attack: Attack) -> str:
    return attack.name


@pytest.mark.parametrize("attack", QUICK, ids=by_name)
async def test_an_attack_finds_nothing(walls: World, other_walls: World, attack: Attack) -> None:
    found = await told_twice(attack, DEPTH, walls, other_walls)
    assert found.found == 0, found


@pytest.mark.parametrize("attack", QUICK, ids=by_name)
async def test_its_control_finds_something(control: Target, attack: Attack) -> None:
    assert (await attack.run(control, DEPTH)).found


async def test_both_readers_see_their_own_rows(walls: World, control: Target) -> None:
    for target in (await walls.target(), control):
        await require_sight(target)


async def test_views_that_need_much_have_rows_to_attack(walls: World) -> None:
    """Months of themes, of follow-up and of what was improved: of every municipality."""
    target = await walls.target()
    async with target.attacker(texts=True) as db:
        for view in ("thema_per_maand", "opvolging_per_maand", "verbeteringen"):
            assert await db.fetchval(f"select count(*) from {view}"), view
        assert await db.fetchval("select count(*) from toelichting where themas <> ''")
    async with target.superuser() as db:
        for table in ("lees.thema", "lees.opvolging", "meetpunt.signal", "meetpunt.callback"):
            of = await db.fetchval(f"select count(distinct municipality) from {table}")
            assert of == len(MUNICIPALITIES), table


async def test_an_attacker_who_sees_nothing_proves_nothing(control: Target) -> None:
    blind = msgspec.structs.replace(control, reader_of_texts=control.reader)
    with pytest.raises(BlindAttacker):
        await require_sight(blind)


def test_what_only_a_superuser_can_take_away_is_said_to_be_so() -> None:
    something, nothing = Found(found=1, of=1), Found(found=0, of=1)
    for attack in ATTACKS:
        line = Line(attack=attack, found=nothing, before_once=something, control=something)
        assert bool(line.failures) != attack.once
        assert Line(attack=attack, found=something, before_once=nothing, control=something).failures
        assert Line(attack=attack, found=nothing, before_once=nothing, control=nothing).failures


async def test_what_one_world_alone_tells_is_luck(walls: World) -> None:
    asked: list[Target] = []

    async def lucky_once(target: Target, _: Depth) -> Found:
        asked.append(target)
        return Found(found=int(len(asked) == 1), of=1)

    async def leaks(_: Target, __: Depth) -> Found:
        return Found(found=1, of=1)

    for run, found in ((lucky_once, 0), (leaks, 1)):
        attack = Attack(name="an attack", after="what is hidden", run=run)
        assert (await told_twice(attack, SHORT, walls, walls)).found == found


# As `scipy.stats.poisson.isf(1e-6, expected)` has it, which takes a second to read.
@pytest.mark.parametrize(("expected", "most"), [(0.005, 2), (0.2, 5), (1, 9), (10, 28), (400, 499)])
def test_what_luck_gives_where_few_are_expected_is_reckoned_exactly(
    expected: float, most: int
) -> None:
    assert rarely(expected) == most


def test_two_hits_where_one_of_five_orders_has_one_are_no_find() -> None:
    assert by_luck([0, 0, 0, 0, 1] * 40) == rarely(0.205) == 5
