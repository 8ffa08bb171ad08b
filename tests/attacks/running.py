"""Runs every attack on a shape, and lays what was found beside what its control found."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from tests.attacks.attack import Attack, Depth, Found
from tests.attacks.looking import readable
from tests.attacks.registry import ATTACKS
from tests.attacks.target import Target


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one attack found on the shape that counts, without `once.sql`, and on the old one."""

    attack: Attack
    found: Found
    without_once: Found
    control: Found

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.found.found:
            bad.append(f"{self.attack.name} found {self.found.found}: {self.found.example}")
        if self.without_once.found and not self.attack.once:
            bad.append(
                f"{self.attack.name} found {self.without_once.found} without once.sql:"
                f" {self.without_once.example}"
            )
        if not self.control.found:
            bad.append(f"{self.attack.name} finds nothing where there is something to find")
        return bad


class BlindAttacker(Exception):
    """The reader sees nothing at all: whatever was not found then says nothing."""


async def run_all(
    new: Target, without_once: Target, control: Target, depth: Depth
) -> AsyncIterator[Line]:
    """Each attack in turn on each of the three."""
    for target in (new, without_once, control):
        await require_sight(target)
    for attack in ATTACKS:
        yield Line(
            attack=attack,
            found=await attack.run(new, depth),
            without_once=await attack.run(without_once, depth),
            control=await attack.run(control, depth),
        )


async def require_sight(target: Target) -> None:
    """Raise `BlindAttacker` unless both readers find rows of their own where they should."""
    for texts in (False, True):
        async with target.attacker(texts=texts) as db:
            rows = [
                await db.fetchval(f"select count(*) from {relation.name}")
                for relation in await readable(db)
            ]
            if not any(rows):
                raise BlindAttacker(f"{target.label}: a reader sees no row of {len(rows)} views")


def table(lines: Sequence[Line], version: int) -> str:
    """As Markdown, a line an attack."""
    head = (
        f"| Postgres {version}: attack | after | found | without once.sql | control |",
        "|---|---|---:|---:|---:|",
    )
    rows = (
        f"| {line.attack.name} | {line.attack.after} | {line.found.found}"
        f" | {line.without_once.found} | {line.control.found} of {line.control.of} |"
        for line in lines
    )
    return "\n".join((*head, *rows))
