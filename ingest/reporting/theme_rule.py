"""Which counts of themes may be told, and of how fine a part. Pure.

A text stands in public without its wijk and product, and it must stay so: counts are kept by these
only where ten responses could have held each text. Then every theme is told in parts that have no
text in common, each of at least ten texts, five with the theme and five without. So nothing smaller
comes out, whatever is added up or subtracted (docs/decisions/0026-themes-are-told-in-tens.md).

One theme less another would still say how often the words are met that only one of them has. So a
theme that a municipality adds is counted where no theme before it is, and five have neither.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from ingest.reporting.batches import ENOUGH

ENOUGH_HITS = 5
"""Texts with the theme, and texts with neither it nor one before it."""

SEVERAL = 0
"""Stands for several touchpoints of a channel together."""


class Responses(NamedTuple):
    """Responses of one touchpoint and month: how many, and how many of them hold a text.

    Texts of one `group` appear together and say so: it is what is known of a text.
    """

    group: str
    wijk: str
    product: str
    responses: int
    texts: int


class Cell(NamedTuple):
    """Texts of one theme with the same details, and how many of them have it.

    Covered are those that have a theme before it, of everybody, or above it in its file: they are
    no hits. Themes of everybody have none before them.
    """

    touchpoint: int
    wijk: str
    product: str
    low: bool
    texts: int
    hits: int
    small_group: bool
    covered: int = 0


class Part(NamedTuple):
    """What is told: of a touchpoint (or `SEVERAL`), wijk and product, where these are known.

    `neither`: how many have neither the theme nor one before it; five at the most, for more of it
    is nowhere kept.
    """

    part: str
    touchpoint: int
    wijk: str
    product: str
    texts: int
    hits: int
    small_group: bool
    neither: int


def kept_details(counted: Sequence[Responses]) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Under which wijk and product the texts of one touchpoint and month are counted.

    By their own; the empty text where fewer than ten responses could have held one of them.
    """
    kept: dict[tuple[str, str], tuple[str, str]] = {}
    for (wijk, product), members in _split(counted, ("wijk", "product"), _hide_each_other):
        for one in members:
            kept[one.wijk, one.product] = (str(wijk), str(product))
    return kept


def _hide_each_other(counted: Iterable[Responses]) -> bool:
    """Whether each text among these could be of any of ten responses."""
    responses: Counter[str] = Counter()
    with_text = set()
    for one in counted:
        responses[one.group] += one.responses
        if one.texts:
            with_text.add(one.group)
    return all(responses[group] >= ENOUGH for group in with_text)


def told(cells: Sequence[Cell]) -> list[Part]:
    """What is told of one theme of a channel; nothing while it is too little."""
    if not _is_enough(cells):
        return []
    split = list(_split(cells, ("touchpoint", "wijk", "product"), _is_enough))
    parts = [_part("alle", details, members) for details, members in split]
    low = [cell for cell in cells if cell.low]
    others = [cell for cell in cells if not cell.low]
    if _is_enough(low) and _is_enough(others) and not _found_out(split):
        parts.append(_part("laag", (SEVERAL, "", ""), low))
    return parts


def _part(part: str, details: Sequence[object], cells: Sequence[Cell]) -> Part:
    touchpoint, wijk, product = details
    return Part(
        part=part,
        touchpoint=int(str(touchpoint)),
        wijk=str(wijk),
        product=str(product),
        texts=sum(cell.texts for cell in cells),
        hits=sum(cell.hits for cell in cells),
        small_group=any(cell.small_group for cell in cells),
        neither=min(sum(map(_neither, cells)), ENOUGH_HITS),
    )


def _is_enough(cells: Sequence[Cell]) -> bool:
    fewest = min(sum(map(_hits, cells)), sum(map(_neither, cells)))
    return sum(cell.texts for cell in cells) >= ENOUGH and fewest >= ENOUGH_HITS


def _found_out(split: Sequence[tuple[Sequence[object], Sequence[Cell]]]) -> bool:
    """Whether the number of low marks in one of several parts follows from all that is told.

    Whoever reads the rows knows in which part there are no low marks, or no others. With the sums
    of the parts and of the low marks that can leave one number for another part.
    """
    if len(split) == 1:
        return False
    for counted in (_hits, _misses, _neither):
        sums = [sum(map(counted, members)) for _, members in split]
        none_low = [not any(cell.low for cell in members) for _, members in split]
        all_low = [all(cell.low for cell in members) for _, members in split]
        low = sum(counted(cell) for _, members in split for cell in members if cell.low)
        for place, total in enumerate(sums):
            if none_low[place] or all_low[place]:
                continue
            others = [other for other in range(len(sums)) if other != place]
            most_elsewhere = sum(sums[other] for other in others if not none_low[other])
            least_elsewhere = sum(sums[other] for other in others if all_low[other])
            if max(0, low - most_elsewhere) == min(total, low - least_elsewhere):
                return True
    return False


def _hits(cell: Cell) -> int:
    return cell.hits


def _misses(cell: Cell) -> int:
    return cell.texts - cell.hits


def _neither(cell: Cell) -> int:
    return cell.texts - cell.hits - cell.covered


class _Texts(Protocol):
    @property
    def texts(self) -> int: ...


_One = TypeVar("_One", bound=_Texts)


def _split(
    members: Sequence[_One], names: Sequence[str], enough: Callable[[Sequence[_One]], bool]
) -> Iterator[tuple[tuple[object, ...], Sequence[_One]]]:
    """Parts of `members` by the details of these `names`, the first before the next.

    A part is `enough`, and so is what is left without that detail: while it is not, the smallest
    of the others joins it. Together `members` are enough, or they are one part.
    """
    if not names:
        yield (), members
        return
    name, *later = names
    empty: object = SEVERAL if name == "touchpoint" else ""
    classes: dict[object, list[_One]] = defaultdict(list)
    for one in members:
        classes[getattr(one, name)].append(one)
    rest: list[_One] = classes.pop(empty, [])
    for value in [value for value, of_class in classes.items() if not enough(of_class)]:
        rest += classes.pop(value)
    while rest and classes and not enough(rest):
        # Of two equal ones always the same, in whatever order they were read.
        fewest = min(classes, key=lambda value: (_texts(classes[value]), str(value)))
        rest += classes.pop(fewest)
    for value, of_class in [*classes.items(), *([(empty, rest)] if rest else [])]:
        for details, part in _split(of_class, later, enough):
            yield (value, *details), part


def _texts(members: Iterable[_Texts]) -> int:
    return sum(one.texts for one in members)
