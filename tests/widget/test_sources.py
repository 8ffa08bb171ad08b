"""What runs in browsers does what it says, keeps its habits, and is what was committed."""

import re
from pathlib import Path

from ingest.texts.kiosk_texts import sent_in
from tests.widget.node import NODE, PACKAGE, WIDGET, run, script, tools

DIST = WIDGET / "dist"


def test_the_tests_beside_the_modules_pass() -> None:
    tools(*PACKAGE["devDependencies"])
    script("test")


def test_every_test_lies_beside_its_module_where_the_script_finds_it() -> None:
    tests = {path for path in WIDGET.rglob("*.test.js") if "node_modules" not in path.parts}
    named = PACKAGE["scripts"]["test"].split()
    assert tests == {path for pattern in named for path in WIDGET.glob(pattern)}
    alone = [path.name for path in tests if not path.with_name(_module(path)).exists()]
    assert tests
    assert not alone


def _module(test: Path) -> str:
    return test.name.replace(".test.js", ".js")


def test_the_kiosk_knows_each_word_that_it_is_sent() -> None:
    contract = (WIDGET / "kiosk" / "contract.d.ts").read_text("utf-8")
    _, _, after = contract.partition("export type Word =")
    words = [word.strip(' |\n"') for word in after.partition(";")[0].split("\n")]
    # Behind the words come those of which a number decides how they are said.
    counted = re.findall(
        r'"(\w+)"', after.partition("Record<Word, string> & Record<")[2].partition(",")[0]
    )
    assert [*filter(None, words), *counted] == list(sent_in("nl"))


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
    assert lock.count('"integrity"') == lock.count('"node_modules/')
