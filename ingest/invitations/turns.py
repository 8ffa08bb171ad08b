"""Whose turn it is: how many messages of each sender may be on their way, so that none stops all.

Pure, and of one process. A sender that takes no calls is left alone for a while, and then tried
with one message.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TypeAlias

import msgspec

from ingest.senders.sender import Accepted, Outcome, RefusedForGood, RefusedForNow, Unknown

Way: TypeAlias = tuple[str, str]
"""The code of a municipality, and the name of one of its senders."""

TROUBLE = frozenset({"unreachable", "no-answer", "connection-lost", "provider-failed"})
"""Reasons that are about the whole of a provider.

Mostly they take long to learn, and of a provider that cannot be asked each is a message lost."""

# One call in five that is lost is no reason yet: ten of those in a row do not happen.
_IN_A_ROW = 10
_PAUSES_SECONDS = (60.0, 300.0, 900.0)


class _State(msgspec.Struct):
    """Of one sender. `until`, by the clock: it is left alone; afterwards one message tries it.

    `turn` is the number of the last message that it was dealt.
    """

    on_its_way: int = 0
    turn: int = 0
    failed: int = 0
    pauses: int = 0
    until: float | None = None


class Turns:
    """Deals at most `at_once` over all senders, and `each` to one of them.

    A sender of which nothing is on its way always has room for one, whatever others have.
    """

    def __init__(self, *, at_once: int, each: int, clock: Callable[[], float] = monotonic) -> None:
        self.each = min(each, at_once)
        self._at_once = at_once
        self._clock = clock
        self._states: dict[Way, _State] = {}
        self._left: set[Way] = set()
        self._dealt = 0

    def deal(self, due: Mapping[Way, int], most: int | None = None) -> dict[Way, int]:
        """How many of each may be picked now. `due`: what waits there, of which `each` or more.

        `most` in all, where it is given; who has none of them then goes first the next time.
        """
        wanted = {way: min(many, self._room(way)) for way, many in due.items()}
        order = sorted(wanted, key=self._first)
        left = self.each * len(order) if most is None else most
        free, dealt = self._free(), Counter[Way]()
        for turn in range(self.each):
            for way in order:
                alone = turn == 0 and not self._state(way).on_its_way
                if turn < wanted[way] and (free > 0 or alone) and left > 0:
                    dealt[way] += 1
                    free -= 1
                    left -= 1
                    self._dealt += 1
                    self._state(way).turn = self._dealt
        self._left = {way for way, many in due.items() if many >= min(self.each, dealt[way] + 1)}
        return dict(dealt)

    def took(self, dealt: Mapping[Way, int], taken: Mapping[Way, int]) -> None:
        """What was found of what was dealt: where it was less, others had the rest."""
        self._left -= {way for way, many in dealt.items() if taken.get(way, 0) < many}

    def worth_a_look(self) -> bool:
        """Whether a sender that had more due has room: for half of all, or nothing on its way."""
        half = max(1, self.each // 2)
        free = self._free()
        return any(
            room and (min(room, free) >= half or not self._state(way).on_its_way)
            for way in self._left
            for room in [self._room(way)]
        )

    def begin(self, way: Way) -> None:
        """A message is on its way."""
        self._state(way).on_its_way += 1

    def end(self, way: Way) -> None:
        """It is no longer."""
        self._state(way).on_its_way -= 1

    def hear(self, way: Way, outcome: Outcome | None) -> float | None:
        """What came of a call. Several in a row that came to nothing make a pause: its seconds."""
        state, now = self._state(way), self._clock()
        if not _is_trouble(outcome):
            state.failed, state.pauses, state.until = 0, 0, None
            return None
        state.failed += 1
        # Of those that were on their way together, the rest adds nothing.
        if state.failed < _IN_A_ROW or (state.until is not None and now < state.until):
            return None
        seconds = _PAUSES_SECONDS[min(state.pauses, len(_PAUSES_SECONDS) - 1)]
        state.pauses += 1
        state.until = now + seconds
        return seconds

    def _first(self, way: Way) -> tuple[int, int]:
        """Who has least on its way goes first, and of those who waited longest."""
        state = self._state(way)
        return state.on_its_way, state.turn

    def _state(self, way: Way) -> _State:
        return self._states.setdefault(way, _State())

    def _free(self) -> int:
        return self._at_once - sum(each.on_its_way for each in self._states.values())

    def _room(self, way: Way) -> int:
        state = self._state(way)
        if state.until is None:
            return max(self.each - state.on_its_way, 0)
        return int(self._clock() >= state.until and not state.on_its_way)


def _is_trouble(outcome: Outcome | None) -> bool:
    match outcome:
        case RefusedForNow(reason=reason) | Unknown(reason=reason):
            return reason in TROUBLE
        case Accepted() | RefusedForGood() | None:
            return False
