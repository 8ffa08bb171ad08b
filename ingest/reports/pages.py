"""The pages of a month, read and written: what the command writes, and the demo shows."""

from datetime import date

import asyncpg

from ingest.reports.page import department_page
from ingest.reports.reading import departments, read_department


async def department_pages(
    reader: asyncpg.Connection, month: date, *, today: date, department: str | None = None
) -> dict[str, str]:
    """HTML by department, all of one moment if `reader` is in a transaction; or of one alone.

    `month` is its first day. Raises `DepartmentUnknown`.
    """
    wanted = [department] if department else list(await departments(reader))
    return {
        each: department_page(await read_department(reader, each, month, today=today))
        for each in wanted
    }
