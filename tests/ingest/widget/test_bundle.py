"""The widget's files are what their names say, or the service does not start."""

import json
from pathlib import Path

import pytest

from ingest.widget.bundle import EMBED_HEIGHT, STABLE, Bundle, BundleDamaged, hash_of, sri_of
from tests.widget_files import NEW, OLD, write_widget


def test_every_version_there_ever_was_is_there(tmp_path: Path) -> None:
    bundle = Bundle(write_widget(tmp_path))
    assert set(bundle.files) == {
        STABLE,
        EMBED_HEIGHT,
        f"widget.v1.{hash_of(OLD)}.js",
        f"widget.v1.{hash_of(NEW)}.js",
    }
    assert bundle.stable.body == bundle.pinned.body == NEW
    assert bundle.pinned.name == f"widget.v1.{hash_of(NEW)}.js"
    assert bundle.pinned.sri == sri_of(NEW)
    assert (bundle.stable.pinned, bundle.pinned.pinned) == (False, True)


def test_a_hash_is_that_of_the_interface() -> None:
    assert hash_of(b"") == "e3b0c44298fc"
    # Of no bytes, as https://www.w3.org/TR/SRI/ has it.
    assert sri_of(b"").startswith("sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l")


def test_a_pinned_file_that_changed_is_refused(tmp_path: Path) -> None:
    folder = write_widget(tmp_path)
    (folder / f"widget.v1.{hash_of(OLD)}.js").write_bytes(OLD + b" ")
    with pytest.raises(BundleDamaged, match="not what published"):
        Bundle(folder)


def test_another_sri_is_refused(tmp_path: Path) -> None:
    folder = write_widget(tmp_path)
    listed = json.loads((folder / "published.json").read_text("utf-8"))
    listed[hash_of(OLD)]["sri"] = sri_of(NEW)
    (folder / "published.json").write_text(json.dumps(listed), "utf-8")
    with pytest.raises(BundleDamaged, match="not what published"):
        Bundle(folder)


@pytest.mark.parametrize("name", [STABLE, "published.json", f"widget.v1.{hash_of(OLD)}.js"])
def test_a_file_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    folder = write_widget(tmp_path)
    (folder / name).unlink()
    with pytest.raises(BundleDamaged, match="cannot be read"):
        Bundle(folder)


def test_a_script_that_was_never_published_is_refused(tmp_path: Path) -> None:
    folder = write_widget(tmp_path)
    (folder / STABLE).write_bytes(b"// just built")
    with pytest.raises(BundleDamaged, match="make widget"):
        Bundle(folder)
