"""The shape of the house: what may import what, how large a part may be, what no file may say.

`ROOMS` is the architecture diagram. A room may import what its row names, and a row may name only
rooms that stand above it, so every import points up and nothing goes in circles.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ingest"

MODULE_LINES = 300
FUNCTION_LINES = 50
ROOT_ENTRIES = 23

# Band -> room -> the rooms that it may import. A room is a package, or a module that stands alone.
# `tasks.names` has a row of its own, for who may know the names of tasks and nothing else of them;
# `invitations.occasions` has one for who sends, and need not know what else is invited.
ROOMS: dict[str, dict[str, str]] = {
    "what is asked, and of whom": {
        "files": "",
        "questionnaires": "files",
        "texts": "files questionnaires",
        "themes": "files questionnaires",
        "municipalities": "files questionnaires texts themes",
        "style": "municipalities",
    },
    "what every part stands on": {
        "audit": "",
        "clock": "",
        "asgi": "",
        "tokens": "audit",
        "running": "asgi",
        "settings": "asgi audit running",
        "tasks.names": "",
        "database": "audit files municipalities questionnaires running tasks.names tokens",
        "tasks": "database running",
        "postgres": "running",
        "backup": "clock database municipalities postgres running",
    },
    "one contact, one answer": {
        "followup.signals": "municipalities questionnaires",
        "responses": (
            "asgi clock database followup.signals municipalities questionnaires running themes "
            "tokens"
        ),
        "outgoing": "",
        "invitations.occasions": "municipalities",
        "senders": "files invitations.occasions municipalities outgoing running texts",
        "invitations": (
            "asgi clock database files municipalities responses running senders tokens"
        ),
        "operational": "asgi clock database files municipalities",
        "followup": (
            "asgi clock database files invitations municipalities outgoing responses running "
            "senders tasks"
        ),
        "callbacks": "asgi clock database invitations running tokens",
        "connectors": (
            "asgi clock database files invitations municipalities operational outgoing responses "
            "running senders tasks tokens"
        ),
        "pages": "asgi municipalities questionnaires responses texts",
        "widget": "asgi files municipalities pages questionnaires texts tokens",
        "kiosk": (
            "asgi clock database files followup.signals municipalities pages questionnaires "
            "responses running tasks texts tokens widget"
        ),
    },
    "what may be read, and for how long": {
        "reporting": (
            "clock database files followup municipalities questionnaires running tasks themes"
        ),
        "retention": "audit callbacks clock municipalities running tasks",
        "reports": (
            "clock database invitations municipalities pages questionnaires reporting running "
            "senders tasks"
        ),
    },
    "over HTTP": {
        "service": (
            "asgi callbacks connectors database files invitations kiosk municipalities pages "
            "responses running senders tasks tokens widget"
        ),
        "web": (
            "asgi callbacks clock connectors followup invitations kiosk municipalities operational "
            "pages questionnaires responses running senders service texts tokens widget"
        ),
        "app": (
            "asgi audit clock connectors files followup invitations kiosk municipalities reporting "
            "reports "
            "retention running service settings tasks tokens web"
        ),
    },
    "what people type": {
        "demo": (
            "app asgi clock connectors database followup invitations kiosk municipalities "
            "operational pages questionnaires reports responses senders service settings tasks "
            "texts themes tokens web widget"
        ),
        "doctor": (
            "audit backup callbacks clock connectors database files followup invitations kiosk "
            "municipalities running settings tasks tokens"
        ),
        "installing": "database files municipalities running",
        "commands": (
            "audit backup callbacks clock connectors database demo doctor files followup "
            "installing invitations kiosk municipalities operational outgoing postgres "
            "questionnaires reporting reports retention running senders settings style themes "
            "tokens widget"
        ),
        "__main__": "commands",
        "begun_as_root": "__main__ installing",
    },
}

ROOMS_THAT_ANSWER = (
    *("responses", "invitations", "kiosk", "operational", "followup", "callbacks"),
)
# Parts of one that waits for the standby: of `kiosk.sync`, of the writer, of whoever takes in what
# ended or a call, and of commands, which wait in one place.
PARTS_OF_ONE_THAT_WAITS = (
    *("kiosk.batch", "kiosk.items", "kiosk.storing", "kiosk.quarantine"),
    *("responses.intake", "responses.queue"),
    *("invitations.idempotent_calls", "invitations.taking"),
    "invitations.rehearsing",  # which takes it all back
)

# Package from outside -> the modules that may import it; "*" stands for any characters.
PACKAGES: dict[str, str] = {
    "aiosmtplib": "senders.smtp",
    "asyncpg": "*",
    "brotli": "asgi.compression",
    "click": "commands.*",
    "cryptography": "backup.sealing invitations.opt_out_links invitations.sealing kiosk.signatures",
    "holidays": "invitations.dutch_holidays",
    "httpcore2": "outgoing.*",
    "httptools": "asgi.deadlines",
    "itsdangerous": "tokens.response_tokens",
    "jinja2": "demo.example_site demo.pages pages.rendering pages.templating reports.page",
    "jwt": "connectors.zgw_tokens senders.notify",
    "litestar": (
        "app demo.app demo.neighbour_routes demo.report_routes demo.routes demo.site_routes "
        "demo.told_routes web.*"
    ),
    "msgspec": "*",
    "phonenumbers": "invitations.recipients municipalities.senders",
    "prometheus_client": "running.metrics",
    "pyarrow": "reporting.export_formats",
    "segno": "commands.* kiosk.shell",
    "uvicorn": "asgi.deadlines running.worker",
}

# Nothing here knows that there is a web or a database: it can be read, tested and trusted alone.
PURE = (
    *("files.findings", "questionnaires.kinds", "questionnaires.items"),
    *("questionnaires.questionnaire",),
    *("municipalities.house_style", "municipalities.municipality", "municipalities.catalogue"),
    *("invitations.occasions", "invitations.recipients", "invitations.dutch_holidays"),
    "followup.signals",
    *("responses.answers", "responses.screening", "tokens.response_tokens"),
    *("themes.finding", "themes.measuring", "reporting.theme_rule"),
)
PURE_PACKAGES = {"holidays", "itsdangerous", "msgspec", "phonenumbers"}


def _name(path: Path) -> str:
    """`ingest/web/residents.py` is `web.residents`; the package itself is the empty name."""
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _modules() -> dict[str, ast.Module]:
    """Name -> syntax tree of every module but the bare package itself."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {_name(path): ast.parse(path.read_text("utf-8")) for path in paths if _name(path)}


def _path(module: str) -> Path:
    file = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    return file if file.exists() else file.with_suffix("") / "__init__.py"


def _imported(module: str) -> set[str]:
    """Full dotted names of everything that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(_modules()[module]):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"ingest.{module}: write `from ingest...`, not a relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@cache
def _ours(module: str) -> frozenset[str]:
    """Our modules that a module imports: `from ingest.clock import believed` is `clock`."""
    found = set()
    for name in _imported(module):
        first, _, rest = name.partition(".")
        if first == "ingest":
            found |= {rest, rest.rpartition(".")[0]} & _modules().keys()
    # `from ingest.web import residents` names the module, not the folder around it.
    return frozenset(name for name in found if not any(o.startswith(f"{name}.") for o in found))


@cache
def _packages(module: str) -> frozenset[str]:
    """Packages from outside, without the standard library, that a module imports."""
    firsts = {name.partition(".")[0] for name in _imported(module)}
    return frozenset(firsts - {"ingest"} - sys.stdlib_module_names)


def _rows() -> dict[str, set[str]]:
    return {room: set(row.split()) for band in ROOMS.values() for room, row in band.items()}


def _room(module: str) -> str:
    """Where a module is at home: its package, or itself when it has a row of its own."""
    return module if module in _rows() else module.partition(".")[0]


def _neighbours(room: str) -> set[str]:
    """The rooms that a room imports; of a part with a row of its own only where that is all."""
    inside = (module for module in _modules() if _room(module) == room)
    found = {_room(other) for module in inside for other in _ours(module)} - {room}
    return {one for one in found if one.rpartition(".")[0] not in found | {room}}


def _tracked() -> list[str]:
    listed = subprocess.run(
        ("git", "ls-files", "-z"), cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def test_every_module_is_in_a_room_of_the_table() -> None:
    rooms = {_room(module) for module in _modules()}
    assert rooms == _rows().keys(), f"Without a row, or without a module: {rooms ^ _rows().keys()}"
    twice = [r for r, n in Counter(r for band in ROOMS.values() for r in band).items() if n > 1]
    assert not twice, f"These rooms stand in ROOMS twice: {twice}"


def test_a_room_imports_what_its_row_says() -> None:
    faults = []
    for room, row in _rows().items():
        if new := _neighbours(room) - row:
            faults.append(f"{room} imports {sorted(new)}: add to its row if that is right")
        if old := row - _neighbours(room):
            faults.append(f"{room} no longer imports {sorted(old)}: take it out of its row")
    assert not faults, "\n".join(faults)


def test_every_import_points_up() -> None:
    above: set[str] = set()
    faults = []
    for room, row in _rows().items():
        if below := row - above:
            faults.append(f"{room} imports {sorted(below)}, which stand below it in ROOMS")
        above.add(room)
    assert not faults, "\n".join(faults)


def test_within_a_room_nothing_goes_in_circles_either() -> None:
    TopologicalSorter({module: _ours(module) for module in _modules()}).prepare()


def test_a_package_from_outside_is_imported_where_the_table_says() -> None:
    faults = []
    for module in _modules():
        for package in sorted(_packages(module)):
            allowed = PACKAGES.get(package, "").split()
            if not any(Path(module).match(pattern) for pattern in allowed):
                faults.append(f"{module} imports {package}: PACKAGES does not allow that")
    used = {package for module in _modules() for package in _packages(module)}
    faults += [f"nothing imports {p}: take it out of PACKAGES" for p in PACKAGES.keys() - used]
    assert not faults, "\n".join(faults)


def test_what_is_pure_knows_no_framework_and_no_database() -> None:
    def everything_behind(module: str) -> set[str]:
        return {module}.union(*(everything_behind(other) for other in _ours(module)))

    faults = [
        f"{module} reaches {sorted(reached)} through {behind}"
        for module in PURE
        for behind in sorted(everything_behind(module))
        if (reached := _packages(behind) - PURE_PACKAGES)
    ]
    assert not faults, "\n".join(faults)


@cache
def _statements() -> set[str]:
    """The modules that are SQL and no more: one function a statement."""
    rooms = ("callbacks", "followup", "invitations", "kiosk", "operational", "responses")
    return {m for m in _modules() if _room(m) in rooms and m.endswith("statements")}


@cache
def _writing() -> set[str]:
    """Full names of the statements that write."""
    writes = re.compile(r"\b(?:insert into|update|delete from)\b")
    return {
        f"ingest.{module}.{node.name}"
        for module in _statements()
        for node in _modules()[module].body
        if isinstance(node, ast.AsyncFunctionDef) and writes.search(_with_constants(module, node))
    }


def _with_constants(module: str, function: ast.AsyncFunctionDef) -> str:
    """A function as it is written, and the constants of its module that it names."""
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    constants = [
        ast.unparse(node)
        for node in _modules()[module].body
        if isinstance(node, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id in named for name in ast.walk(node))
    ]
    return "\n".join([ast.unparse(function), *constants])


def test_statements_know_nothing_but_the_database() -> None:
    for module in _statements():
        assert _packages(module) <= {"asyncpg", "msgspec"}, module
        assert _ours(module) <= _statements(), module


def test_the_web_does_not_write_to_the_database_itself() -> None:
    faults = [m for m in _modules() if _room(m) == "web" and _imported(m) & _writing()]
    assert not faults, f"Let a use case (intake, minting) write for {faults}"


def test_who_writes_what_somebody_is_told_of_waits_for_the_standby() -> None:
    assert len(_writing()) > 8, "a name that is not of a function"
    writing = {module for module in _modules() if _imported(module) & _writing()}
    faults = {
        module
        for module in writing - set(PARTS_OF_ONE_THAT_WAITS)
        if "database.acknowledged" not in _ours(module) and _room(module) in ROOMS_THAT_ANSWER
    }
    assert not faults, f"Write within `acknowledged`, as what was told must last: {faults}"


def test_the_domain_does_not_know_how_it_is_told_over_http() -> None:
    """Domain modules raise named facts; the web turns them into problems."""
    domain = list(_rows())[: list(_rows()).index("service")]
    knowing = {"asgi.deadlines", "running.worker"}
    faults = {
        module
        for module in _modules()
        if _room(module) in domain
        and _packages(module) & {"click", "httptools", "litestar", "uvicorn"}
    }
    assert not faults - knowing, f"These know a web framework or the command line: {faults}"


def test_the_demo_is_out_of_reach_of_a_real_service() -> None:
    reaching = {m for m in _modules() if any(o.startswith("demo") for o in _ours(m))}
    faults = {m for m in reaching if not m.startswith("demo")} - {"commands.demo"}
    assert not faults, faults


def test_nothing_imports_the_commands() -> None:
    faults = [
        module
        for module in _modules()
        if not module.startswith(("commands", "__main__", "begun_as_root"))
        and any(name.startswith(("commands", "__main__")) for name in _ours(module))
    ]
    assert not faults, faults


def test_every_module_says_what_it_is_for() -> None:
    opening = re.compile(r'(?:#.*\n)*\n*"""\S')
    for folder in (PACKAGE, ROOT / "tests"):
        silent = [
            str(path.relative_to(ROOT))
            for path in sorted(folder.rglob("*.py"))
            if path.stat().st_size and not opening.match(path.read_text("utf-8"))
        ]
        assert not silent, f"Open with one sentence that says what it is for: {silent}"


def _lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end; a docstring or an SQL statement counts as one."""
    texts = [
        node.end_lineno - node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.end_lineno
    ]
    return (function.end_lineno or function.lineno) - function.lineno + 1 - sum(texts)


def test_no_module_and_no_function_outgrows_its_budget() -> None:
    faults = []
    for module, tree in _modules().items():
        lines = len(_path(module).read_text("utf-8").splitlines())
        if lines > MODULE_LINES:
            faults.append(f"{module} has {lines} lines, {MODULE_LINES} may be: split it by subject")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = _lines_of_code(node)
                if length > FUNCTION_LINES:
                    faults.append(f"{module}.{node.name} has {length} lines, not {FUNCTION_LINES}")
    assert not faults, "\n".join(faults)


def test_the_root_can_be_seen_at_a_glance() -> None:
    entries = {path.partition("/")[0] for path in _tracked()}
    assert len(entries) <= ROOT_ENTRIES, f"{len(entries)} entries at the top: {sorted(entries)}"


def test_no_file_is_a_symbolic_link_to_another() -> None:
    # Archives, wheels and Windows make copies of those, or nothing.
    links = [path for path in _tracked() if (ROOT / path).is_symlink()]
    assert not links, links


def test_no_file_names_a_package_host_or_somebodys_folder() -> None:
    # In pieces, so that this file does not name them either.
    hosts = ("py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js.org")
    unwanted = re.compile(
        "|".join(map(re.escape, hosts))
        + r"|(?<![\w.-])/(?:root|home|Users)/\w|/work/(?:main|shared)"
    )
    faults = []
    for path in _tracked():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
        faults += [f"{path}: {match.group()}" for match in unwanted.finditer(text)]
    assert not faults, "\n".join(faults)


def test_which_day_it_is_is_asked_of_one_clock() -> None:
    # Between midnight here and midnight in UTC two days are true, and what mixes them fails then.
    own = re.compile(r"now\((?:UTC|AMSTERDAM)?\)\.date\(\)|\bdate\.today\(|AMSTERDAM\)\.date\(\)")
    faults = [
        f"{path}: {match.group()} (today_here and day_of of ingest/clock.py)"
        for path in _tracked()
        if re.fullmatch(r"(?:ingest|tests)/.+\.py", path) and path != "ingest/clock.py"
        for match in own.finditer((ROOT / path).read_text("utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_every_setting_is_in_the_example_for_operators() -> None:
    setting = re.compile(r"\bMEETPUNT_[A-Z][A-Z_]*[A-Z]\b")
    example = (ROOT / "deploy" / "env.example").read_text("utf-8")
    named = {name for module in _modules() for name in setting.findall(_path(module).read_text())}
    missing = sorted(named - set(setting.findall(example)))
    assert not missing, f"Explain these in deploy/env.example: {missing}"


def test_every_link_in_the_papers_leads_to_a_file() -> None:
    link = re.compile(r"(?:\]\(|^\[[^]]+\]: )(?![a-z]+:|#)([^)#\s]+)", re.MULTILINE)
    broken = [
        f"{path}: {target}"
        for path in _tracked()
        if path.endswith(".md")
        for target in link.findall((ROOT / path).read_text("utf-8"))
        if not (ROOT / path).parent.joinpath(target).exists()
    ]
    assert not broken, broken


@pytest.mark.parametrize(
    "paper", ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/design.md"]
)
def test_every_path_that_a_map_names_is_there(paper: str) -> None:
    """In backquotes, from the top of the repository; a star and <name> stand for anything."""
    path = re.compile(r"`((?:deploy|docs|ingest|questionnaires|tests|widget)/[^`\s]*)`")
    named = path.findall((ROOT / paper).read_text("utf-8"))
    assert named
    gone = [name for name in named if not any(ROOT.glob(re.sub("<.*?>", "*", name.rstrip("/"))))]
    assert not gone, f"{paper} names what is not there: {gone}"
