"""No attack finds anything, and each would find something where there is something to find.

The short form of `make attacks`, which goes on until everything is taken out, on every version.
"""

import msgspec
import pytest

from tests.attacks.attack import SHORT, Attack, Found
from tests.attacks.new_shape import new_shape, take_from_everybody
from tests.attacks.old_shape import old_shape
from tests.attacks.registry import ATTACKS
from tests.attacks.running import BlindAttacker, Line, require_sight
from tests.attacks.target import Target
from tests.postgres import running_postgres

pytestmark = pytest.mark.anyio

QUICK = [attack for attack in ATTACKS if not attack.slow]


class World:
    """The shape as it is, after a superuser did what is done once; made anew where it is asked."""

    def __init__(self) -> None:
        self.made: Target | None = None

    async def target(self, *, anew: bool = False) -> Target:
        if anew or self.made is None:
            self.made = await new_shape(running_postgres())
            await take_from_everybody(self.made)
        return self.made


@pytest.fixture(scope="module")
def walls() -> World:
    return World()


@pytest.fixture(scope="module")
async def control() -> Target:
    return await old_shape(running_postgres())


def by_name(attack: Attack) -> str:
    return attack.name


@pytest.mark.parametrize("attack", QUICK, ids=by_name)
async def test_an_attack_finds_nothing(walls: World, attack: Attack) -> None:
    """One order in some hundreds is lucky: what is found is found in another world as well."""
    found = await attack.run(await walls.target(), SHORT)
    if found.found:
        found = await attack.run(await walls.target(anew=True), SHORT)
    assert found.found == 0, found


@pytest.mark.parametrize("attack", QUICK, ids=by_name)
async def test_its_control_finds_something(control: Target, attack: Attack) -> None:
    assert (await attack.run(control, SHORT)).found


async def test_both_readers_see_their_own_rows(walls: World, control: Target) -> None:
    for target in (await walls.target(), control):
        await require_sight(target)


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
