"""Runs every attack on a shape, and lays what was found beside what its control found."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from tests.attacks.attack import SHORT, Attack, Depth, Found
from tests.attacks.looking import readable
from tests.attacks.new_shape import take_from_everybody
from tests.attacks.registry import ATTACKS
from tests.attacks.target import Target


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one attack found on the shape as it is, before `once.sql`, and on the old one."""

    attack: Attack
    found: Found
    before_once: Found
    control: Found

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        name, bad = self.attack.name, []
        if self.found.found:
            bad.append(f"{name}: found {self.found.found}: {self.found.example}")
        if self.before_once.found and not self.attack.once:
            before = self.before_once
            bad.append(f"{name}: found {before.found} without once.sql: {before.example}")
        if not self.control.found:
            bad.append(f"{name}: its control finds nothing, where there is something to find")
        return bad


class BlindAttacker(Exception):
    """The reader sees nothing at all: whatever was not found then says nothing."""


class World:
    """A shape with its secrets, made when it is first asked for."""

    def __init__(self, make: Callable[[], Awaitable[Target]]) -> None:
        self._make = make
        self._made: Target | None = None

    async def target(self) -> Target:
        """Whom to attack."""
        if self._made is None:
            self._made = await self._make()
        return self._made


async def told_twice(attack: Attack, depth: Depth, world: World, another: World) -> Found:
    """What `attack` finds in `world`, if it finds something in `another` too.

    Some guesses are right by luck, and many are made. What leaks, leaks in every world.
    """
    found = await attack.run(await world.target(), depth)
    return await attack.run(await another.target(), depth) if found.found else found


async def run_all(
    make: Callable[[], Awaitable[Target]],
    control: Target,
    depth: Depth,
    announce: Callable[[str], None],
) -> list[Line]:
    """Each attack in turn: before a superuser did what is done once, after it, and the control.

    `make` makes a world as it is before. `announce` is told what begins, because it takes minutes.
    Before, the first thing found is enough to know.
    """

    async def walled() -> Target:
        target = await make()
        await take_from_everybody(target)
        return target

    async def old() -> Target:
        return control

    def told(how: str) -> Callable[[str], None]:
        return lambda name: announce(f"{name}{how}")

    before = await _run(make, SHORT, told(", without once.sql"))
    after = await _run(walled, depth, told(""))
    controls = await _run(old, depth, told(", the control"))
    return [
        Line(attack=attack, found=found, before_once=found_before, control=on_control)
        for attack, found, found_before, on_control in zip(
            ATTACKS, after, before, controls, strict=True
        )
    ]


async def _run(
    make: Callable[[], Awaitable[Target]], depth: Depth, announce: Callable[[str], None]
) -> list[Found]:
    world, another = World(make), World(make)
    await require_sight(await world.target())
    found = []
    for attack in ATTACKS:
        announce(attack.name)
        found.append(await told_twice(attack, depth, world, another))
    return found


async def require_sight(target: Target) -> None:
    """Raise `BlindAttacker` unless both readers find own rows, and only one finds own texts."""
    for texts in (False, True):
        async with target.attacker(texts=texts) as db:
            relations = await readable(db)
            rows = {
                relation.name: await db.fetchval(f"select count(*) from {relation.name}")
                for relation in relations
            }
        facts = [n for name, n in rows.items() if name.endswith(".feit_reactie")]
        written = [n for name, n in rows.items() if name.endswith(".toelichting")]
        if not any(facts) or texts != any(written):
            raise BlindAttacker(f"{target.label}: a reader sees {rows}")


def table(lines: Sequence[Line], version: int) -> str:
    """As Markdown, a line an attack."""
    head = (
        f"| Postgres {version}: attack | after | found | without once.sql | by its control |",
        "|---|---|---:|---:|---:|",
    )
    rows = (
        f"| {line.attack.name} | {line.attack.after} | {line.found.found}"
        f" | {line.before_once.found} | {line.control.found} of {line.control.of} |"
        for line in lines
    )
    return "\n".join((*head, *rows))
