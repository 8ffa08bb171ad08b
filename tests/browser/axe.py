"""What axe says of a page: the rules of WCAG 2.2 that a program can check, and best practice."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Page

EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_A_LOOK = ("color-contrast", "scrollable-region-focusable", "target-size")
"""What another colour scheme or width can change; they take a tenth of the time."""

Look = dict[str, Any]
"""`width` of the screen in pixels, and what `Page.emulate_media` takes."""

# 320 is a screen of 1280 pixels at 400 % zoom (WCAG 2.2, 1.4.10).
LOOKS: tuple[Look, ...] = (
    {"width": 1280, "color_scheme": "light"},
    {"width": 320, "color_scheme": "light"},
    {"width": 1280, "color_scheme": "dark"},
)

_VIOLATIONS = """async ([runOnly, within]) => {
  const options = {runOnly, resultTypes: ["violations"]};
  const found = await (within ? axe.run(within, options) : axe.run(options));
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html} ${node.failureSummary}`));
}"""


def violations(
    page: Page | Frame, rules: tuple[str, ...] = EVERY_RULE, *, within: str | None = None
) -> list[str]:
    """One line for each element that breaks a rule; `within`: only what this selector holds."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_VIOLATIONS, [list(rules), within])
    return found


def violations_in(page: Page, looks: Sequence[Look] = LOOKS) -> list[str]:
    """What breaks every rule at the first look, and at the others what a look can change."""
    found = []
    for look in looks:
        media = {name: value for name, value in look.items() if name != "width"}
        page.set_viewport_size({"width": look["width"], "height": 900})
        page.emulate_media(**media)
        rules = EVERY_RULE if look is looks[0] else OF_A_LOOK
        found += [f"{look}: {violation}" for violation in violations(page, rules)]
    return found
