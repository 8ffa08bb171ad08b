"""One field of the kiosk with its keyboard, on a page of its own: no service, no tablet to pair."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape

from playwright.sync_api import Browser, Page, Route

from ingest.asgi.headers import ILLUSTRATED, as_dict
from ingest.files.resources import widget_directory
from ingest.municipalities.house_style import custom_properties
from ingest.texts.kiosk_texts import sent_in
from ingest.texts.page_texts import texts_in
from tests.example import example_catalogue

_HOST = "http://kiosk.test"
_POLICY = as_dict(ILLUSTRATED)["content-security-policy"]
_TYPES = {".css": "text/css", ".js": "text/javascript"}

# What a millimetre is on a screen of 10 inch of 1280 x 800, and on an upright one of 21.5 inch.
TEN_INCH = ({"width": 1280, "height": 800}, 5.87)
UPRIGHT = ({"width": 1080, "height": 1920}, 4.03)

_PAGE = """<!doctype html>
<html lang="{language}" dir="{dir}"><head><meta charset="utf-8"><title>{question}</title>
<link rel="stylesheet" href="/style.css">
<link rel="stylesheet" href="/kiosk/kiosk.css"><link rel="stylesheet" href="/kiosk/keyboard.css">
<script type="module" src="/start.js"></script></head>
<body><header><p class="asker">Molensloot</p></header>
<main id="screen" class="ask"><div class="question text"><h1 id="question">{question}</h1>
<textarea rows="5" aria-labelledby="question"></textarea></div>
<div class="moves"><button class="back">{back}</button><button class="go">{send}</button></div>
</main></body></html>"""
_START = """
import {{ keyboard }} from "/kiosk/keyboard.js";
const area = document.querySelector("textarea");
globalThis.inputs = 0;
area.addEventListener("input", () => {{ inputs += 1; }});
document.documentElement.style.setProperty("--mm", "{mm}px");
area.after(keyboard(area, {{ language: "{language}", texts: {texts} }}));
globalThis.ready = true;
"""


@contextmanager
def field(
    browser: Browser,
    language: str = "nl",
    screen: tuple[Mapping[str, int], float] = TEN_INCH,
    question: str = "Wat kunnen wij beter doen?",
) -> Iterator[Page]:
    """A text question under the kiosk's own style and policy, its keyboard still closed."""
    size, mm = screen
    texts = sent_in(language)
    municipality = example_catalogue().municipality("molensloot")
    page = browser.new_page(viewport=size, has_touch=True)  # type: ignore[arg-type]
    made = {
        "/": _PAGE.format(
            language=language,
            dir=texts_in(language).dir,
            question=escape(question),
            back=escape(str(texts["back"])),
            send=escape(str(texts["send"])),
        ),
        "/style.css": custom_properties(municipality.style),
        "/start.js": _START.format(mm=mm, language=language, texts=json.dumps(texts)),
    }

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(_HOST)
        body = made.get(path)
        if body is None:
            body = (widget_directory() / path.lstrip("/")).read_text("utf-8")
        kind = next((kind for end, kind in _TYPES.items() if path.endswith(end)), "text/html")
        policy = {"Content-Security-Policy": _POLICY}
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8", headers=policy)

    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda told: faults.append(told.text) if "Policy" in told.text else None)
    page.route("**/*", serve)
    page.goto(f"{_HOST}/")
    page.wait_for_function("globalThis.ready")
    yield page
    page.close()
    assert not faults
