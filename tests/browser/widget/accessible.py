"""What Chromium tells a screen reader of a page: its accessibility tree."""

from typing import Any

from playwright.sync_api import Page


def told(page: Page, role: str) -> list[dict[str, Any]]:
    """Everything with this role, in order: its name, its description if any, and its states."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "name": _value(node, "name"),
            "description": _value(node, "description"),
            **{each["name"]: each["value"].get("value") for each in node.get("properties", ())},
        }
        for node in nodes
        if not node["ignored"] and _value(node, "role") == role
    ]


def names(page: Page, role: str) -> list[str]:
    """The names alone."""
    return [each["name"] for each in told(page, role)]


def _value(node: dict[str, Any], key: str) -> str:
    found: str = node.get(key, {}).get("value", "")
    return found
