"""Fill in a survey page as a browser without scripts does, and read back what it still holds."""

from typing import Any
from urllib.parse import urlencode

import msgspec

from tests.strict_html import Element, read_page


class Form(msgspec.Struct):
    """The form of a page: where it goes ("" is the page's own address) and what it would send."""

    action: str
    fields: dict[str, list[str]]

    def encoded(self, **changes: Any) -> bytes:
        """As the body of a POST, with other answers in some fields."""
        fields = self.fields | {name: [value] for name, value in changes.items()}
        return urlencode(fields, doseq=True).encode()


def form_on(page: bytes | Element) -> Form:
    """The one form on a page, with everything that is filled in or chosen on it."""
    shown = read_page(page) if isinstance(page, bytes) else page
    (form,) = shown.find("form")
    assert form.attributes["method"] == "post"
    fields: dict[str, list[str]] = {}
    for each in form.everything():
        name = each.attributes.get("name")
        if name is None:
            continue
        if each.tag == "textarea":
            written = "".join(child for child in each.children if isinstance(child, str))
            # A browser drops the first newline within it.
            fields.setdefault(name, []).append(written.removeprefix("\n"))
        elif each.attributes.get("type") in ("radio", "checkbox"):
            if "checked" in each.attributes:
                fields.setdefault(name, []).append(each.attributes["value"])
        else:
            fields.setdefault(name, []).append(each.attributes.get("value", ""))
    return Form(form.attributes.get("action", ""), fields)
