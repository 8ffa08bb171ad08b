"""Runs every attack on a shape, and lays what was found beside what its control found."""

from collections.abc import Callable, Sequence

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


async def run_all(
    new: Target, control: Target, depth: Depth, announce: Callable[[str], None]
) -> list[Line]:
    """Each attack in turn: before a superuser did what is done once, after it, and the control.

    `announce` is told what begins, because it takes minutes. Before, the first thing found is
    enough to know.
    """
    before = await _run(new, SHORT, lambda name: announce(f"{name}, without once.sql"))
    await take_from_everybody(new)
    after = await _run(new, depth, announce)
    controls = await _run(control, depth, lambda name: announce(f"{name}, the control"))
    return [
        Line(attack=attack, found=found, before_once=found_before, control=on_control)
        for attack, found, found_before, on_control in zip(
            ATTACKS, after, before, controls, strict=True
        )
    ]


async def _run(target: Target, depth: Depth, announce: Callable[[str], None]) -> list[Found]:
    await require_sight(target)
    found = []
    for attack in ATTACKS:
        announce(attack.name)
        found.append(await attack.run(target, depth))
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
