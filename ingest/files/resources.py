"""Where the files that come with Meetpunt lie: in the checkout, or inside the installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parent


def _shipped(in_checkout: str, in_package: str) -> Path:
    installed = _PACKAGE / "_data" / in_package
    return installed if installed.is_dir() else _CHECKOUT / in_checkout


def questionnaires_directory() -> Path:
    """The shared questionnaires, one folder a questionnaire."""
    return _shipped("questionnaires", "questionnaires")


def widget_directory() -> Path:
    """The browser code: folders `dist` (the widget), `frame`, `kiosk` and `shared`."""
    return _shipped("widget", "widget")


def example_directory() -> Path:
    """The fictional municipalities of the demo."""
    return _shipped("deploy/example", "example")


def systemd_directory() -> Path:
    """The units for a machine of its own, and what rotates the log of our own Postgres."""
    return _shipped("deploy/systemd", "systemd")


def proxy_directory() -> Path:
    """The examples for proxies on the same machine, by which `meetpunt setup` writes theirs."""
    return _shipped("deploy/proxy", "proxy")


def telephony_mappings() -> dict[str, Path]:
    """Which telephone platforms we know the messages of: name -> the file that says where."""
    folder = _PACKAGE / "connectors" / "telephony"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}
