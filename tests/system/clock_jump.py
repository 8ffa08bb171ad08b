"""A service and its Postgres on one machine whose clock jumps: what is destroyed, and who asks.

Both run under a clock of ours (`shifted_clock.c`), so they agree with one another, as they would
on a machine that starts with a wrong date.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec

from tests.system.machine_clock import Machine, machine
from tests.system.running import running

DAY = 86_400
AHEAD = 400 * DAY
BACK = -2 * 3600
_OPEN_LINKS = 20


class ClockJump(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to `texts` answers of today, and to whom asked for a survey.

    `destroyed_past_term`: what was past its term under a right clock. `refusals`: how often serve
    and the command refused while it was wrong. `destroyed_wrongly`: what they destroyed then.
    `shut_out`: open links refused after the clock of a running service went back two hours.
    `control`: what is destroyed when somebody answers for the wrong clock.
    """

    texts: int
    destroyed_past_term: int
    refusals: int
    destroyed_wrongly: int
    shut_out: int
    control: int


def clock_jump(texts: int) -> ClockJump:
    """Let the clock of a machine with `texts` fresh and some old answers jump, both ways."""
    with machine() as here:
        _answer(here, texts)
        with _serving(here, "right") as url:
            here.wait_for("select 1 from meetpunt.purge_moment")
            here.wait_for("select 1 from meetpunt.destruction_record where kind = 'free_text'")
            past_term = texts + texts // 10 - _texts(here)
            assert not _refused(url)
            here.set_clock(BACK)
            shut_out = _refused(url)
        kept = _texts(here)
        here.set_clock(AHEAD)
        with _serving(here, "ahead"):
            here.wait_for(
                "select 1 from meetpunt.task where name = 'purge' and reason = 'ClockDoubted'"
            )
        told = (here.folder / "ahead.log").read_text()
        refused = here.run("purge")
        refusals = ("purge_refused" in told) + (
            refused.returncode == 1 and "400 days after the last purge" in refused.stderr
        )
        wrongly = kept - _texts(here)
        here.run("purge", "--clock-is-right")
        return ClockJump(
            texts=kept,
            destroyed_past_term=past_term,
            refusals=refusals,
            destroyed_wrongly=wrongly,
            shut_out=shut_out,
            control=kept - _texts(here),
        )


def _texts(here: Machine) -> int:
    return int(here.ask("select count(*) from meetpunt.free_text"))


@contextmanager
def _serving(here: Machine, name: str) -> Iterator[str]:
    with running(here.folder / name, workers=1, **here.settings) as service:
        yield service.url


def _answer(here: Machine, texts: int) -> None:
    """So many texts of today, and a tenth as many that are past their term."""
    for day, count in (("current_date", texts), ("current_date - 500", texts // 10)):
        here.ask(
            f"""with response as (
                insert into meetpunt.response (municipality, day, id, touchpoint, questionnaire,
                    version, structure, language, mode, complete, suspect, is_test, dimensions,
                    answers)
                select t.municipality, {day}, gen_random_uuid(), t.number, q.questionnaire,
                    q.version, q.structure, 'nl', 'bericht', true, '{{}}', false, '{{}}',
                    '{{"cijfer": 8}}'
                from (select * from meetpunt.touchpoint limit 1) as t
                cross join lateral (select * from meetpunt.questionnaire
                    where municipality = t.municipality limit 1) as q
                cross join generate_series(1, $1::integer)
                returning municipality, day, id
            )
            insert into meetpunt.free_text (municipality, day, response_id, item, text, masked)
            select municipality, day, id, 'toelichting', 'Prima.', '{{}}' from response""",
            count,
        )


def _refused(url: str) -> int:
    """Of so many who open a link, how many are sent away."""
    link = f"{url}/o/molensloot/balie-hal"
    return sum(httpx.get(link).status_code != 200 for _ in range(_OPEN_LINKS))
