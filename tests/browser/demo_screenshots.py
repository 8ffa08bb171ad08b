"""Make the pictures of the demo in docs/img: `python -m tests.browser.demo_screenshots`.

Needs port 8000, which the links in the pictures name.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium
from tests.browser.running_demo import RunningDemo, running_demo

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "img"
HEIGHTS = {1280: 900, 360: 1400}


def main() -> None:
    """A new demo with one fresh response, at both widths, by day and in the dark."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder) / "data", port=8000) as demo,
        chromium() as browser,
    ):
        for width in HEIGHTS:
            for scheme in ("light", "dark"):
                _take(browser, demo, width, scheme)


def _take(browser: Browser, demo: RunningDemo, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="nl-NL",
    )
    page = context.new_page()
    suffix = f"{width}.png" if scheme == "light" else f"{width}-dark.png"
    page.goto(demo.url)
    for button in ("Beëindig een gesprek", "Handel de melding af"):
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state()
    _answer(context.new_page(), page.locator(".bubble a").get_attribute("href") or "")
    page.goto(page.url.partition("#")[0])
    page.locator(".badge.new").first.wait_for()
    page.screenshot(path=PICTURES / f"demo-start-{suffix}")
    for name in ("figures", "targets", "written", "region"):
        section = page.locator(f"section[aria-labelledby={name}]")
        section.screenshot(path=PICTURES / f"demo-{name}-{suffix}")
    page.goto(f"{demo.site}/voorbeeld/verhuizing/3")
    page.screenshot(path=PICTURES / f"demo-site-{suffix}")
    context.close()


def _answer(survey: Page, link: str) -> None:
    survey.goto(link)
    survey.locator("[name=cijfer][value='9']").check()
    survey.locator("[name=geholpen][value=ja]").check()
    survey.locator("[name=vriendelijk][value='5']").check()
    survey.locator("form").get_by_role("button").last.click()
    survey.wait_for_url("**/bedankt?**")


if __name__ == "__main__":
    main()
