"""How many connections the service takes, in one place: who makes them takes the numbers from here.

As meetpunt_ingest each worker stores over one and looks things up over six. As meetpunt_work it
sends over three, tells reports over one, and looks for tasks over one; as meetpunt_folder it looks
for tasks over one. Each task is done over one more, by one worker at a time.
"""

from ingest.tasks.names import TaskName

STORING = 1
LOOKUPS = 6
SENDING = 3
TELLING_REPORTS = 1
LOOKING_FOR_TASKS = 1

INTEGRATORS_AT_ONCE = 2
"""Of those six; kiosks hold two (`ingest.kiosk.sync`), and two are left for residents."""

COMMANDS = 4
"""What is kept for a command beside the service: `doctor` has one for each role."""


def as_ingest(workers: int) -> int:
    """At most so many connections of one copy as meetpunt_ingest."""
    return workers * (STORING + LOOKUPS)


def as_work(workers: int) -> int:
    """At most so many of one copy as meetpunt_work; `meetpunt work` takes as many as one worker."""
    return workers * (SENDING + TELLING_REPORTS + LOOKING_FOR_TASKS) + _tasks(of_work=True)


def as_folder(workers: int) -> int:
    """At most so many of one copy as meetpunt_folder."""
    return workers * LOOKING_FOR_TASKS + _tasks(of_work=False)


def needed(workers: int, *, copies: int) -> int:
    """What so many copies of so many workers take at most, and a command beside them."""
    one = as_ingest(workers) + as_work(workers) + as_folder(workers)
    return copies * one + COMMANDS


def _tasks(*, of_work: bool) -> int:
    return sum(name.of_work == of_work for name in TaskName)
