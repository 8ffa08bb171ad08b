"""Somebody who cannot see, with three keys: what they hear, and how they find their way by it."""

import json
from collections.abc import Sequence

from playwright.sync_api import Page

NEXT, CHOOSE, REPEAT = "Tab", "Enter", "F1"
_MOST_PRESSES = 60

# Chromium without a screen has no voice: this one says nothing aloud, and ends at once.
_VOICE = """
  globalThis.spoken = [];
  const voices = LANGUAGES.map((lang) => ({ lang, localService: true, name: lang }));
  speechSynthesis.getVoices = () => voices;
  speechSynthesis.cancel = () => {};
  speechSynthesis.speak = (said) => {
    spoken.push({ words: said.text, language: said.lang, volume: said.volume });
    Promise.resolve().then(() => said.onend?.());
  };
  Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { set() {} });
"""


class Ear:
    """Hears a page that has a voice for these languages, once it is loaded anew."""

    def __init__(self, page: Page, languages: Sequence[str] = ("nl-NL", "en-GB", "ar-SA")) -> None:
        self.page = page
        page.add_init_script(_VOICE.replace("LANGUAGES", json.dumps(list(languages))))
        page.reload()

    def heard(self) -> list[str]:
        """What was said since this was last asked."""
        said: list[str] = self.page.evaluate("spoken.splice(0).map(({ words }) => words)")
        return said

    def said(self) -> list[dict[str, object]]:
        """The same, with the language and the volume of each sentence."""
        said: list[dict[str, object]] = self.page.evaluate("spoken.splice(0)")
        return said

    def press(self, key: str) -> list[str]:
        """Press a key a second after the one before, and hear what is said to it."""
        self.page.clock.run_for(1000)
        self.heard()
        self.page.keyboard.press(key)
        # What the page tells by itself comes a moment later.
        self.page.evaluate("new Promise((done) => queueMicrotask(() => queueMicrotask(done)))")
        return self.heard()

    def find(self, words: str) -> None:
        """Press "next" until this is heard. Fails where it is not among what can be reached."""
        heard = []
        for _ in range(_MOST_PRESSES):
            heard += (now := self.press(NEXT))
            if now and now[0] == words:
                return
        raise AssertionError(f"{words!r} was not among {heard}")

    def choose(self, words: str) -> list[str]:
        """Find it, choose it, and hear what comes of it."""
        self.find(words)
        return self.press(CHOOSE)
