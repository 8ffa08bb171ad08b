"""What axe says of a page: the rules of WCAG 2.2 that a program can check, and best practice."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Page

EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_A_LOOK = ("color-contrast",)
"""What another colour scheme can change; it takes a tenth of the time."""

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
