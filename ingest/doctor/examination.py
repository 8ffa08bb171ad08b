"""Every subject, one after the other: one that breaks off ends none of the rest."""

from collections.abc import Awaitable, Callable

import asyncpg

from ingest.audit import cleaned
from ingest.doctor import (
    backups,
    callbacks,
    clocks,
    database,
    disk,
    installation,
    invitations,
    key_files,
    kiosks,
    neighbours,
    patroni,
    readers,
    replication,
    reports,
    rights,
    service,
    signals,
    tasks,
    telling,
    texts,
    waiting,
)
from ingest.doctor.findings import Finding, unseen, wrong
from ingest.doctor.sight import Sight, opened

type_of_examiner = Callable[[Sight], Awaitable[list[Finding]]]

SUBJECTS: dict[str, type_of_examiner] = {
    "Settings": installation.examine,
    "Database": database.examine,
    "Roles and rights": rights.examine,
    "Readers": readers.examine,
    "Clocks": clocks.examine,
    "Disk": disk.examine,
    "Replication": replication.examine,
    "Patroni": patroni.examine,
    "Keys": key_files.examine,
    "Backups": backups.examine,
    "Service": service.examine,
    "Tasks": tasks.examine,
    "What waits": waiting.examine,
    "Texts": texts.examine,
    "Invitations": invitations.examine,
    "Reports in Signalen": reports.examine,
    "Systems of others": neighbours.examine,
    "Signals": signals.examine,
    "Who is told of signals": telling.examine,
    "Call-backs": callbacks.examine,
    "Kiosks": kiosks.examine,
}
"""By subject, in the order in which they are told: to look at one more, add a line."""


_OF_TELLING = (invitations.examine, reports.examine, neighbours.examine, telling.examine)


async def examine(sight: Sight) -> dict[str, list[Finding]]:
    """What was found, by subject."""
    async with opened(sight) as (seeing, unreachable):
        by_subject = {}
        for subject, look_at in SUBJECTS.items():
            if look_at in _OF_TELLING and not sight.settings.tells:
                by_subject[subject] = [unseen("Nobody is told: MEETPUNT_TELLS is nobody.")]
                continue
            try:
                by_subject[subject] = await look_at(seeing)
            except asyncpg.InsufficientPrivilegeError:
                by_subject[subject] = [unseen("The roles that are set may not see this.")]
            except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
                by_subject[subject] = [unseen("The database is that of another version.")]
            except Exception as broken:  # whatever it is, the other subjects are told of
                by_subject[subject] = [wrong(f"Looking at it broke off ({type(broken).__name__}).")]
        by_subject["Database"] = [*unreachable, *by_subject["Database"]]
        return {
            subject: [_printable(each) for each in findings]
            for subject, findings in by_subject.items()
        }


def _printable(finding: Finding) -> Finding:
    """Other services and files tell some of it, and must not tell a terminal what to do."""
    return Finding(finding.mark, cleaned(finding.sentence))
