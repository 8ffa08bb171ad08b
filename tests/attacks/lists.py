"""The municipality with its own list, at several speeds, as a table: see `linkage`."""

import asyncio
from collections.abc import Iterator

import msgspec

from tests.attacks.linkage import Linked, Sight, simulate
from tests.conftest import emptied
from tests.example import example_catalogue

INVITED, OPEN, FEW = "molensloot/telefonie", "molensloot/online", "molensloot/huwelijk"
PER_DAY = (2, 5, 20)
ONE_IN_TEN = 0.1
# Rounding of a mean of many chances of exactly one in ten.
_NEARLY = 1e-9


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """What was guessed right at one touchpoint, and where days and moments can be seen."""

    path: str
    per_day: int
    most: float
    """What a guess may be right for, 0 to 1: one in ten, or one in as many as its batch has."""

    published: Linked
    day: Linked
    moment: Linked

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        where, bad = f"{self.path} at {self.per_day} a day", []
        for what, chance in (
            ("rows", self.published.chance),
            ("texts", self.published.texts_chance),
        ):
            if chance > self.most + _NEARLY:
                bad.append(f"{where}: a guess at {what} is right for {chance:.1%}")
        if self.most == ONE_IN_TEN and self.published.small_differences:
            bad.append(f"{where}: {self.published.small_differences} figures moved by under ten")
        if self.moment.chance < 3 * self.most or self.day.chance < self.published.chance:
            bad.append(f"{where}: its control finds nobody")
        return bad


def listed(path: str, per_day: int, *, days: int, seed: int = 1) -> Listed:
    """The attack and both of its controls, on the same residents."""
    catalogue = example_catalogue()
    municipality, _, slug = path.partition("/")
    found: dict[Sight, Linked] = {}
    for sight in ("published", "day", "moment"):
        database = emptied()
        found[sight] = asyncio.run(
            simulate(database, catalogue, path, per_day=per_day, sight=sight, seed=seed, days=days)
        )
    return Listed(
        path=path,
        per_day=per_day,
        most=1 / min(10, catalogue.touchpoint(municipality, slug).batch),
        **found,
    )


def all_listed() -> Iterator[Listed]:
    """A month at two, five and twenty a day: who was invited, an open form, a small batch."""
    for path in (INVITED, OPEN, FEW):
        for per_day in PER_DAY:
            # A month; of many a day a third of it says as much.
            yield listed(path, per_day, days=30 if per_day < 20 else 10)


def table(lines: list[Listed]) -> str:
    """As Markdown; touchpoints with a small batch stand apart, at the end."""
    columns = (
        *("list of", "a day", "may be right", "guessed right", "of", "chance"),
        *("texts right", "of", "chance", "day seen: chance", "moment seen: chance"),
    )
    head = (f"| {' | '.join(columns)} |", f"|---|{'---:|' * (len(columns) - 1)}")
    rows = (
        f"| {line.path} | {line.per_day} | {line.most:.1%} | {line.published.right} |"
        f" {line.published.rows} | {line.published.chance:.1%} | {line.published.texts_right} |"
        f" {line.published.texts} | {line.published.texts_chance:.1%} | {line.day.chance:.1%} |"
        f" {line.moment.chance:.1%} |"
        for line in lines
    )
    return "\n".join((*head, *rows))
