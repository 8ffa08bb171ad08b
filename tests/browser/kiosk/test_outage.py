"""Three days without a network on a tablet whose clock is a year ahead, and what comes of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Playwright, Route

from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import Tablet
from tests.figures import tell

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.processes]

HOURS = 72
ITEMS = 5_000
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

# What the page itself does for each resident, without the taps: they would take an hour. It is an
# earlier start of the kiosk, with a name of its own.
EARLIER_START = """async () => {
  const files = document.querySelector("script[type=module]").src.replace("kiosk.js", "");
  const part = (name) => import(`${files}${name}.js`);
  const [{createBoots}, {createClock}, {createQueue}, {openStore}] =
    await Promise.all(["boots", "clock", "queue", "store"].map(part));
  const {touchpoint} = document.body.dataset;
  const store = await openStore(`meetpunt-kiosk/${touchpoint}`);
  const keys = await store.get("keys");
  const {kiosk} = await store.get("identity");
  const times = {monotonic: () => performance.now(), wall: () => Date.now()};
  const clock = createClock({...times, boot: "earlier"});
  await createBoots({store, clock, alone: (work) => work()}).begin();
  const queue = createQueue({store, crypto, keys, clock, kiosk});
  const response = {touchpoint, version: 2, language: "nl", complete: true, suspect: false};
  window.answered = async (count) => {
    for (let left = count; left; left -= 1)
      await queue.keep({...response, responseId: crypto.randomUUID(), answers: {cijfer: 7}});
  };
}"""


# Each so often, counted in calls; the first that is due.
FAULTS = {"cut": 11, "409": 7, "500": 13, "413": 17, "half a reply": 5}


class Flapping:
    """Between the tablet and the service: every so many calls something goes wrong."""

    def __init__(self) -> None:
        self.happened: Counter[str] = Counter()
        self._calls = 0

    def __call__(self, route: Route) -> None:
        self._calls += 1
        what = next((name for name, every in FAULTS.items() if self._calls % every == 0), "passed")
        self.happened[what] += 1
        if what == "passed":
            route.continue_()
        elif what == "cut":
            route.abort()
        elif what == "half a reply":
            reply = route.fetch()
            route.fulfill(response=reply, body=reply.text()[: len(reply.text()) // 2])
        else:
            route.fulfill(status=int(what), json={"type": "about:blank", "status": int(what)})


@pytest.fixture
def tablet(playwright: Playwright, counter: Stand, tmp_path: Path) -> Iterator[Tablet]:
    """Its clock is a year ahead."""
    found = Tablet(playwright, tmp_path / "profile")
    found.page.clock.install(time=datetime.now(UTC) + timedelta(days=365))
    counter.pair(found)
    yield found
    found.stop()


def kept_for_three_days(page: Page) -> Counter[int]:
    """So many are answered, evenly; how many so many hours before now."""
    page.evaluate(EARLIER_START)
    made: Counter[int] = Counter()
    for hour in range(HOURS):
        count = ITEMS * (hour + 1) // HOURS - made.total()
        page.evaluate("(count) => answered(count)", count)
        made[HOURS - hour] = count
        page.clock.fast_forward(3_600_000)
    return made


def test_three_days_of_answers_arrive_once_and_on_their_days(
    tablet: Tablet, counter: Stand
) -> None:
    page = tablet.page
    kiosk = counter.newest()
    mine = f"from meetpunt.kiosk_item where kiosk = '{kiosk}'"
    counter.gate.shut()
    # For the service no time passes: as if it had last heard of the kiosk three days ago.
    counter.change(
        f"""update meetpunt.kiosk set enrolled_at = now() - interval '9 days',
        emptied_at = now() - interval '{HOURS + 1} hours',
        emptied_offset_seconds = emptied_offset_seconds + {HOURS * 3600} where id = '{kiosk}'"""
    )
    made = kept_for_three_days(page)
    assert tablet.waiting() == ITEMS
    # The plug, and the cable is back: what is kept now is dated over a restart.
    page.reload()
    page.locator(".first").wait_for()
    flapping = Flapping()
    page.route("**/sync", flapping)
    counter.reconnect(page)
    began = monotonic()
    tablet.until_handed_in()
    tell(
        "a tablet that comes back after three days",
        f"{ITEMS:,} handed in within {monotonic() - began:.0f} s; {dict(flapping.happened)}",
    )
    assert set(flapping.happened) == {"passed", *FAULTS}
    stored = counter.rows(
        f"select day, day_uncertain from meetpunt.response where id in (select id {mine})"
    )
    assert len(stored) == ITEMS
    assert counter.rows(f"select count(distinct id) as ids {mine}") == [{"ids": ITEMS}]
    assert not any(row["day_uncertain"] for row in stored)
    now = datetime.now(AMSTERDAM)
    expected = Counter(
        {
            day: sum(n for ago, n in made.items() if (now - timedelta(hours=ago)).date() == day)
            for day in {(now - timedelta(hours=ago)).date() for ago in made}
        }
    )
    days = Counter(row["day"] for row in stored)
    # The minutes in which all this happened may carry an hour's worth over midnight.
    assert days.keys() == expected.keys()
    assert all(abs(days[day] - expected[day]) <= ITEMS / HOURS + 1 for day in expected)
