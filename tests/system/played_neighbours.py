"""What happens in a day at the systems around a municipality, ten minutes at a time.

Whom all of it should lead to is written down beside it, to be held against what came of it.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.case_systems import person
from tests.neighbours.open_klant import FakeOpenKlant
from tests.neighbours.opennotificaties import OpenNotificaties
from tests.neighbours.openzaak import OpenZaak
from tests.neighbours.server import Answering, BadDay, Behaviour, Cut, Reply, Request
from tests.neighbours.signalen import Report, Signalen
from tests.system.reporters import Reporters

STEP = timedelta(minutes=10)
CASE_TYPE = "B0123"

_LISTS = ("einddatum__gt", "/klantcontacten?")
_FIRST_CASE, _FIRST_CALL = 10_000_000, 20_000_000


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much happens in a day of so many `steps` of ten minutes."""

    cases: int
    calls: int
    reports: int
    steps: int

    def of_step(self, many: int, step: int) -> range:
        """Which of so many begin in this step."""
        return range(step * many // self.steps, (step + 1) * many // self.steps)

    def hour(self, sixth: int, hours: int = 1) -> range:
        """The steps of an hour, or of some, at the beginning of this sixth of the day."""
        begin = self.steps * sixth // 6
        return range(begin, begin + 6 * hours)


class Line:
    """The line to a neighbour: it may be cut, and the neighbour may let nobody read its lists."""

    def __init__(self, answering: Answering, *, lists: bool = True) -> None:
        self.away = False
        self._answering = answering
        self._lists = lists

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        if self.away:
            return Cut()
        if not self._lists and any(each in request.target for each in _LISTS):
            return Reply(503)
        return await self._answering(request)


class Neighbours:
    """Open Zaak, Open Klant and Signalen, what happens there, and who should be asked about it."""

    def __init__(self, size: Size, begin: datetime, *, notificaties: OpenNotificaties) -> None:
        self.zaak, self.klant, self.signalen = (
            OpenZaak(notificaties.publish),
            FakeOpenKlant(),
            Signalen(),
        )
        self.chance = random.Random(7)  # the same day each time
        self.kept = self.promised = self.reopened = 0
        self._size, self._begin = size, begin
        self._notificaties = notificaties
        self._kind = self._silent = ""
        self._open: list[str] = []
        self._closed: list[str] = []
        self._asked: dict[str, str] = {}
        self._called: set[str] = set()
        self._unreached: list[tuple[str, str]] = []
        self._promises: list[tuple[str, str]] = []
        self._told = 0

    def set_up(self, zaak: str, klant: str) -> None:
        """Where they stand is known."""
        self.zaak.url, self.klant.host = zaak, klant
        self._kind = self.zaak.case_type(CASE_TYPE)
        self._silent = self.zaak.case_type("B0999", informs=False)

    def step(self, step: int, reporters: Reporters) -> None:
        """Ten minutes."""
        now = self._begin + STEP * step
        for number in self._size.of_step(self._size.cases, step):
            self._open.append(self._case(number, now))
        self._work_on_cases(now)
        for number in self._size.of_step(self._size.calls, step):
            self._call(number, now)
        self._work_on_calls(step, now)
        # What Open Klant tells of contacts never arrives; of tasks it does.
        for told in self.klant.told[self._told :]:
            self._notificaties.publish(told)
        self._told = len(self.klant.told)
        for _ in self._size.of_step(self._size.reports, step):
            self._closes(self.signalen.report(), reporters)
        asked_again = [each for each in self.signalen.reports.values() if _is_asked_again(each)]
        for report in self.chance.sample(asked_again, k=min(len(asked_again), 1)):
            report.state = "b"
            self.reopened += 1
            self._closes(report, reporters)
        self._have_bad_moments()

    def about_cases(self) -> set[str]:
        """Whom to ask about a case: of each that is closed now, who asked for it."""
        return {self._asked[case] for case in self._closed if case in self._asked}

    def about_calls(self) -> set[str]:
        """Whom to ask about a call: who was spoken to, or called back as was promised."""
        return self._called

    def told(self) -> Iterator[tuple[str, int, bool]]:
        """Of each closing of a report: its token, how often something was said, whether content."""
        for token, each in self.signalen.feedback.items():
            yield token, each.writes, bool(each.filled_in and each.filled_in["is_satisfied"])

    def _have_bad_moments(self) -> None:
        """Half an answer, also in the middle of a list; or none to what was done all right."""
        half, done = BadDay(Cut(b"HTTP/1.1 200 OK\r\n")), BadDay(Cut(), after=True)
        for neighbour in (self.zaak, self.klant, self.signalen):
            neighbour.bad_days.clear()
        if self.chance.random() < 0.3:
            good: list[BadDay | None] = [None] * self.chance.randrange(6)
            self.klant.bad_days.extend([*good, half])
        if self.chance.random() < 0.3:
            self.zaak.bad_days.append(half)
        if self.chance.random() < 0.3:
            self.signalen.bad_days.append(done)

    def _case(self, number: int, now: datetime) -> str:
        kind = self._kind
        more: dict[str, Any] = {}
        match self.chance.randrange(12):
            case 0:
                kind = self._silent
            case 1:
                more = {"confidentiality": "vertrouwelijk"}
            case 2:
                more = {"part_of": next(iter(self.zaak.resources))}
        case = self.zaak.open(
            kind, begun=now.date() - timedelta(days=10), person=person(number), **more
        )
        if kind == self._kind and not more:
            self._asked[case] = f"+316{_FIRST_CASE + number}"
        return case

    def _work_on_cases(self, now: datetime) -> None:
        chance = self.chance
        many = 1 + self._size.cases // self._size.steps
        for case in chance.sample(self._open, k=min(len(self._open), many)):
            self.zaak.close(case, at=self._within(now))
            self._open.remove(case)
            self._closed.append(case)
            if chance.random() < 0.3:
                self.zaak.patch(case, omschrijving="kanarie")
        for case in chance.sample(self._closed, k=min(len(self._closed), chance.randrange(2))):
            self.zaak.reopen(case)
            self.reopened += 1
            self._closed.remove(case)
            self._open.append(case)

    def _call(self, number: int, now: datetime) -> None:
        who, at = f"06{_FIRST_CALL + number}", self._within(now)
        changes: dict[str, Any] = {}
        kind = self.chance.randrange(10)
        match kind:
            case 0:
                changes = {"indicatieContactGelukt": None}
            case 1:
                changes = {"vertrouwelijk": True}
            case 2:
                changes = {"kanaal": "e-mail"}
            case 3:
                changes = {"indicatieContactGelukt": False}
        contact = self.klant.call(who, at=at, **changes)
        if kind == 0:
            self._unreached.append((contact, who))
        elif kind == 4:
            self.promised += 1
            self._promises.append((self.klant.promise(contact, at=at), who))
        elif not changes:
            self._is_asked(who)

    def _work_on_calls(self, step: int, now: datetime) -> None:
        # Hours after it was written down, and after more pages than are read each time.
        if step > self._size.steps / 3 and self._unreached and self.chance.random() < 0.6:
            contact, who = self._unreached.pop(0)
            (found,) = [each for each in self.klant.contacts if each["uuid"] == contact]
            found["indicatieContactGelukt"] = True
            self._is_asked(who)
        if self._promises and self.chance.random() < 0.4:
            task, who = self._promises.pop(self.chance.randrange(len(self._promises)))
            self.klant.call_back(task, at=self._within(now))
            self._is_asked(who)
            self.kept += 1

    def _is_asked(self, who: str) -> None:
        self._called.add(who.replace("06", "+316", 1))

    def _closes(self, report: Report, reporters: Reporters) -> None:
        link = self.signalen.close(report)
        assert link is not None
        # One in ten says nothing.
        if self.chance.random() < 0.9:
            says = self.chance.choice(("solved", "solved", "unsolved"))
            times = 2 if self.chance.random() < 0.2 else 1
            reporters.mailed(link.rpartition("/")[2], says, times=times)

    def _within(self, now: datetime) -> datetime:
        return now + STEP * self.chance.random()


def _is_asked_again(report: Report) -> bool:
    return report.state == "reopen requested"


class Ledger(msgspec.Struct, frozen=True):
    """Against what should be: who is missing, who is there twice, who should not be there."""

    missing: int
    double: int
    wrong: int

    @classmethod
    def of(cls, expected: set[str], found: Counter[str]) -> "Ledger":
        """What was `found`, and how often."""
        return cls(
            missing=len(expected - found.keys()),
            double=sum(many - 1 for many in found.values()),
            wrong=len(found.keys() - expected),
        )
