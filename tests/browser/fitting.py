"""What a ruler finds on a page: text outside its box, small targets, width to scroll."""

from playwright.sync_api import Page

TARGET_PIXELS = 44

SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    "label.cell, button, textarea, .text input, summary, header nav a, footer a, .notice a")]
  .filter((target) => target.checkVisibility())
  .map((target) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".trap, .skip"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.right > innerWidth + 0.5 || box.left < -0.5;
  })
  .map((one) => one.outerHTML.slice(0, 80))"""
# Each piece of text, against the nearest element around it that has an edge to see.
OUTSIDE_ITS_BOX = """() => {
  const outside = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const box = text.parentElement.closest(".cell, button, .notice, .told, header, main, footer");
    const skipped = text.parentElement.closest("script, style, textarea, .trap, .skip");
    if (skipped || !box || !text.data.trim() || !text.parentElement.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const edge = box.getBoundingClientRect();
    for (const piece of range.getClientRects()) {
      if (piece.left < edge.left - 0.5 || piece.right > edge.right + 0.5
          || piece.top < edge.top - 1 || piece.bottom > edge.bottom + 1) {
        outside.push(`${text.data.trim().slice(0, 40)} in ${box.outerHTML.slice(0, 60)}`);
      }
    }
  }
  return outside;
}"""


def misfits(page: Page) -> list[str]:
    """One line for all that does not fit on the page as it is shown now."""
    found: list[str] = page.evaluate(WIDER_THAN_THE_SCREEN)
    found += page.evaluate(OUTSIDE_ITS_BOX)
    found += page.evaluate(SMALL_TARGETS, TARGET_PIXELS)
    return found


def enlarge_text(page: Page) -> None:
    """Text of 200 %, as who sees little sets it: sizes of the screen stay (WCAG 2.2, 1.4.4)."""
    page.evaluate("document.documentElement.style.fontSize = '225%'")
