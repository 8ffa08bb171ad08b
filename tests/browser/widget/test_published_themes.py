"""On pages that wear the themes that municipalities publish, the widget looks like the page."""

import pytest

from tests.browser.themed_pages import THEMES, themed_page
from tests.browser.widget.place import Place
from tests.browser.widget.test_house_style import LOOK
from tests.browser.widget.test_it_shows_itself import MOST_SHIFT
from tests.browser.widget.test_states import found_illegible

# Long: the themes are a hundred packages to fetch, and what reads them is tried with sets of the
# same names in `test_house_style`.
pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

# The page's own button, as the theme paints it.
BUTTON = """() => { const {backgroundColor, color} =
  getComputedStyle(document.querySelector(".utrecht-button, .ams-button"));
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  return [backgroundColor, color].map((colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  }); }"""


@pytest.mark.parametrize("size", [(1366, 768), (360, 640)])
@pytest.mark.parametrize("name", THEMES)
def test_it_shows_itself_there_in_the_colours_of_the_page(
    place: Place, name: str, size: tuple[int, int]
) -> None:
    url = themed_page(place.site, name, place.snippet())
    with place.visit(url, viewport={"width": size[0], "height": size[1]}) as visit:
        visit.survey.evaluate("(one) => one.scrollIntoView({block: 'nearest'})")
        visit.survey.locator(".boxed form").wait_for()
        assert visit.shifted <= MOST_SHIFT
        assert visit.console == []
        seen = visit.survey.evaluate(LOOK)
        assert [seen["button"], seen["onButton"]] == visit.page.evaluate(BUTTON)
        paragraph = visit.page.locator(".utrecht-paragraph, .ams-paragraph").first
        letters = "(one) => getComputedStyle(one).fontFamily.split(',')[0]"
        assert seen["font"] == paragraph.evaluate(letters)
        assert found_illegible(visit.page) == []
