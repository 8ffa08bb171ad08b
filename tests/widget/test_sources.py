"""The widget's modules do what they say, and what is committed was built from them."""

from pathlib import Path

from tests.widget.node import NODE, WIDGET, run, tools

DIST = WIDGET / "dist"


def test_the_modules_do_what_they_say() -> None:
    tests = sorted(WIDGET.glob("[!n]*/*.test.js"))
    assert tests
    run(NODE, "--no-warnings", "--test", *tests)


def test_the_types_hold() -> None:
    (typescript,) = tools("typescript")
    run(NODE, typescript / "bin" / "tsc", "--project", WIDGET / "tsconfig.json")


def test_the_committed_script_is_what_the_sources_give(tmp_path: Path) -> None:
    tools("esbuild")
    run(NODE, WIDGET / "build.js", "--into", tmp_path)
    built = (tmp_path / "widget.v1.js").read_bytes()
    assert built == (DIST / "widget.v1.js").read_bytes(), "`make widget` builds it anew"


def test_a_build_keeps_what_was_published_before(tmp_path: Path) -> None:
    tools("esbuild")
    (tmp_path / "published.json").write_text('{"0123456789ab": {"sri": "sha384-x"}}')
    (tmp_path / "widget.v1.0123456789ab.js").write_text("old")
    run(NODE, WIDGET / "build.js", "--into", tmp_path)
    run(NODE, WIDGET / "build.js", "--into", tmp_path)
    assert (tmp_path / "widget.v1.0123456789ab.js").read_text() == "old"
    assert (tmp_path / "published.json").read_text().startswith('{\n  "0123456789ab": {')
    assert len(list(tmp_path.glob("widget.v1.*.js"))) == 2


def test_the_lock_leaves_the_registry_to_whoever_installs() -> None:
    lock = (WIDGET / "package-lock.json").read_text("utf-8")
    assert '"integrity": "sha512-' in lock
    assert "resolved" not in lock
    # Where somebody asks for money is no place that anything is fetched from.
    places = [line.strip() for line in lock.splitlines() if "://" in line]
    assert [place for place in places if not place.startswith('"url": ')] == []
