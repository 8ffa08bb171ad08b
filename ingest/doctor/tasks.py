"""The tasks beside the requests: when each last ran, and whether one is late."""

from ingest.doctor.findings import Finding, ago, look, ok, wrong
from ingest.doctor.sight import Sight
from ingest.tasks.status import Holder, TaskStatus, read_holders, read_tasks, read_untold

# Events of `ingest.tasks` and `ingest.app` that say why a task is not done.
_EVENTS = "tasks_off, tasks_wait, task_cut_off or task_failed"


async def examine(sight: Sight) -> list[Finding]:
    """Each of them, by its row; and who does them by other files than those here, or of before."""
    if sight.any is None:
        return []
    tells = sight.settings.tells
    tasks = await read_tasks(sight.any)
    told = [_told(task) for task in tasks if tells or not task.name.of_work]
    if untold := await read_untold(sight.any):
        told.append(_of_before(untold))
    if sight.catalogue is None:
        return told
    here = sight.catalogue.checksum
    holders = await read_holders(sight.any)
    return [*told, *(_with_others(each) for each in holders if each.files != here)]


def _of_before(tasks: list[str]) -> Finding:
    return wrong(
        f"Who does {', '.join(tasks)} is of an older version, which leaves undone what came since: "
        "no half day is closed, for one. A 'meetpunt serve' or 'meetpunt work' that was started "
        "before 'meetpunt migrate' still runs; stop it, and start that of this version."
    )


def _with_others(holder: Holder) -> Finding:
    return wrong(
        f"Who does {', '.join(holder.tasks)} ({holder.place}) goes by other files than those here: "
        "it was started before they changed, or is of another version. Start it anew: 'meetpunt "
        "serve' or 'meetpunt work'."
    )


def _told(task: TaskStatus) -> Finding:
    if task.silent_seconds is None:
        return wrong(f"The database does not know the task {task.name}: run 'meetpunt migrate'.")
    if task.last_ran is None:
        sentence = f"The task {task.name} never ran"
    else:
        sentence = f"The task {task.name} last ran {ago(max(task.silent_seconds, 0.0))} ago"
    if task.failed_last:
        return wrong(f"{sentence}, and failed since ({task.reason}).")
    if task.is_late() and task.held:
        return wrong(f"{sentence}, and is late: a service holds it and has not done it since.")
    if task.is_late():
        return wrong(
            f"{sentence}, and is late: nobody does it. The log says why: look for {_EVENTS}."
        )
    if not task.held:
        return look(f"{sentence}, and nobody has it now.")
    return ok(f"{sentence}.")
