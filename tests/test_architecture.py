"""The shape of the house: what may import what, how large a part may be, what no file may say.

`LAYERS` is the architecture diagram. A module may import what its row names, and a row may name
only modules that stand above it, so every import points up and nothing goes in circles.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ingest"

MODULE_LINES = 300
FUNCTION_LINES = 50
ROOT_ENTRIES = 20

LAYERS: dict[str, dict[str, str]] = {
    "files: reading them and saying what is wrong": {
        "findings": "",
        "languages": "",
        "near_misses": "",
        "resources": "",
        "toml_lines": "",
        "toml_files": "findings near_misses toml_lines",
        "toml_tables": "findings near_misses toml_files toml_lines",
        "web_addresses": "",
    },
    "questionnaires": {
        "items": "",
        "questionnaire_files": "findings items toml_files",
        "published_sums": "findings questionnaire_files",
        "texts": "items",
        "translations": "findings items toml_files",
        "questionnaire_schema": "questionnaire_files translations",
        "questionnaires": "findings items questionnaire_files toml_files translations",
        "comparison": "items questionnaires translations",
        "wording": "findings items toml_files translations",
        "publication": (
            "findings items published_sums questionnaire_files questionnaires toml_files wording"
        ),
    },
    "municipalities": {
        "house_style": "near_misses",
        "touchpoints": "items near_misses toml_tables web_addresses",
        "municipalities": (
            "findings house_style toml_files toml_lines toml_tables touchpoints web_addresses"
        ),
        "regions": "findings municipalities questionnaires touchpoints",
        "catalogue_checks": (
            "findings municipalities near_misses questionnaires regions touchpoints web_addresses"
        ),
        "catalogue": (
            "catalogue_checks findings municipalities publication questionnaire_files "
            "questionnaires regions texts touchpoints"
        ),
    },
    "one answer, one permission": {
        "answer_values": "items",
        "answers": "answer_values items questionnaires",
        "keys": "",
        "messages": "questionnaires",
        "personal_data": "",
        "screening": "personal_data",
        "tokens": "keys",
    },
    "what residents see": {
        "compression": "",
        "stylesheets": "house_style items questionnaires",
        "assets": "catalogue compression house_style municipalities questionnaires stylesheets",
        "survey_form": "answer_values answers items questionnaires texts",
        "pages": (
            "answer_values assets catalogue compression municipalities questionnaires "
            "stylesheets survey_form texts"
        ),
    },
    "what operators see": {
        "addresses": "",
        "logs": "",
        "metrics": "addresses",
    },
    "Postgres": {
        "migrate": "",
        "mirror": "catalogue findings",
        "postgres_folder": "",
        "postgres_programs": "",
        "postgres_cluster": "postgres_programs",
        "postgres_socket": "postgres_programs",
        "embedded": "postgres_cluster postgres_folder postgres_programs postgres_socket",
        "read_models": "",
        "readers": "",
        "store": "read_models",
        "writer": "logs metrics read_models store",
    },
    "what the service does": {
        "intake": (
            "answers catalogue metrics municipalities questionnaires read_models screening "
            "store tokens writer"
        ),
        "invitations": "catalogue intake messages metrics municipalities read_models store tokens",
        "json_bodies": "messages",
        "limits": "",
        "settings": "addresses",
        "versions": "municipalities read_models",
    },
    "over HTTP": {
        "deadlines": "",
        "edge": "",
        "headers": "messages",
        "problems": (
            "answers catalogue edge intake invitations json_bodies limits messages tokens writer"
        ),
        "openapi": "messages problems",
        "routes": "",
        "service": (
            "catalogue intake invitations keys limits metrics municipalities pages "
            "read_models tokens versions writer"
        ),
        "hot_responses": "edge headers intake json_bodies logs messages problems service",
        "routes.integrators": (
            "catalogue edge headers invitations json_bodies languages messages "
            "municipalities openapi problems service texts tokens"
        ),
        "routes.operators": "headers service",
        "survey_query": "intake items municipalities",
        "submitted_form": "",
        "hot_survey": (
            "answers catalogue edge headers intake languages limits logs municipalities "
            "pages problems service submitted_form survey_query tokens writer"
        ),
        "front": "edge headers hot_responses hot_survey logs problems service",
        "routes.residents": (
            "catalogue edge headers languages municipalities problems service survey_query"
        ),
        "routes.refusals": (
            "catalogue headers limits logs messages problems routes.residents service"
        ),
    },
    "running it": {
        "lifecycle": "",
        "app": (
            "catalogue front keys lifecycle logs resources routes.integrators "
            "routes.operators routes.refusals routes.residents service settings"
        ),
        "worker": "deadlines lifecycle logs",
        "supervisor": "logs metrics worker",
        "serving": "addresses logs metrics supervisor worker",
    },
    "the demo": {
        "demo": "",
        "demo.arrivals": "",
        "demo.feelings": "items questionnaires",
        "demo.generator": (
            "answers catalogue demo.feelings municipalities questionnaires screening store"
        ),
        "demo.filling": "catalogue demo.generator store",
        "demo.reader_roles": "catalogue readers",
        "demo.text_message": "",
        "demo.pages": "assets catalogue demo.arrivals demo.text_message house_style municipalities",
        "demo.routes": (
            "demo.arrivals demo.pages demo.reader_roles edge headers languages messages "
            "problems service tokens writer"
        ),
        "demo.app": (
            "app demo.arrivals demo.pages demo.reader_roles demo.routes front service settings"
        ),
    },
    "the command line": {
        "commands": "",
        "commands.check": "catalogue findings resources",
        "commands.questionnaires": (
            "catalogue comparison findings publication questionnaire_schema questionnaires "
            "resources"
        ),
        "commands.surroundings": (
            "catalogue embedded findings keys municipalities resources settings"
        ),
        "commands.apikeys": "commands.surroundings intake invitations",
        "commands.db": "commands.surroundings readers",
        "commands.keys": "commands.surroundings keys settings tokens",
        "commands.links": "commands.surroundings invitations messages tokens",
        "commands.migrate": "catalogue commands.surroundings findings intake migrate mirror",
        "commands.qr": "commands.surroundings",
        "commands.serve": (
            "catalogue commands.migrate commands.surroundings embedded keys logs migrate "
            "serving settings"
        ),
        "commands.demo": (
            "catalogue commands.migrate commands.serve commands.surroundings demo.app "
            "demo.filling demo.reader_roles intake settings"
        ),
        "__main__": (
            "commands.apikeys commands.check commands.db commands.demo commands.keys "
            "commands.links commands.migrate commands.qr commands.questionnaires "
            "commands.serve"
        ),
    },
}

# Package from outside -> the modules that may import it; "*" stands for any characters.
PACKAGES: dict[str, str] = {
    "asyncpg": "*",
    "brotli": "compression",
    "click": "__main__ commands.*",
    "httptools": "deadlines",
    "itsdangerous": "tokens",
    "jinja2": "demo.pages pages",
    "litestar": "app demo.app demo.routes routes.*",
    "msgspec": "*",
    "prometheus_client": "metrics",
    "segno": "commands.*",
    "uvicorn": "deadlines worker",
}

# Nothing here knows that there is a web or a database: it can be read, tested and trusted alone.
PURE = (
    *("findings", "items", "questionnaires", "answers", "screening", "tokens"),
    *("house_style", "municipalities", "catalogue", "messages"),
)
PURE_PACKAGES = {"itsdangerous", "msgspec"}


def _name(path: Path) -> str:
    """`ingest/routes/residents.py` is `routes.residents`; the package itself is the empty name."""
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
    """Our modules that a module imports: `from ingest.writer import Writer` is `writer`."""
    found = set()
    for name in _imported(module):
        first, _, rest = name.partition(".")
        if first == "ingest":
            found |= {rest, rest.rpartition(".")[0]} & _modules().keys()
    # `from ingest.routes import residents` names the module, not the folder around it.
    return frozenset(name for name in found if not any(o.startswith(f"{name}.") for o in found))


@cache
def _packages(module: str) -> frozenset[str]:
    """Packages from outside, without the standard library, that a module imports."""
    firsts = {name.partition(".")[0] for name in _imported(module)}
    return frozenset(firsts - {"ingest"} - sys.stdlib_module_names)


def _rows() -> dict[str, set[str]]:
    return {module: set(row.split()) for layer in LAYERS.values() for module, row in layer.items()}


def _tracked() -> list[str]:
    listed = subprocess.run(
        ("git", "ls-files", "-z"), cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def test_every_module_has_its_place_in_the_diagram() -> None:
    missing = sorted(_modules().keys() - _rows().keys())
    assert not missing, (
        f"Give these modules a row in LAYERS, in the layer they belong to: {missing}"
    )
    gone = sorted(_rows().keys() - _modules().keys())
    assert not gone, f"Take these rows out of LAYERS, their modules are gone: {gone}"
    twice = [m for m, n in Counter(m for layer in LAYERS.values() for m in layer).items() if n > 1]
    assert not twice, f"These modules stand in LAYERS twice: {twice}"


def test_a_module_imports_what_its_row_says() -> None:
    rows = _rows()
    faults = []
    for module in sorted(rows.keys() & _modules().keys()):
        if new := _ours(module) - rows[module]:
            faults.append(f"{module} imports {sorted(new)}: add to its row if that is right")
        if old := rows[module] - _ours(module):
            faults.append(f"{module} no longer imports {sorted(old)}: take it out of its row")
    assert not faults, "\n".join(faults)


def test_every_import_points_up() -> None:
    above: set[str] = set()
    faults = []
    for module, row in _rows().items():
        if below := row - above:
            faults.append(f"{module} imports {sorted(below)}, which stand below it in LAYERS")
        above.add(module)
    assert not faults, "\n".join(faults)


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


def test_statements_know_nothing_but_the_database() -> None:
    for module in ("store", "read_models"):
        assert _packages(module) <= {"asyncpg", "msgspec"}, module


def test_routes_do_not_write_to_the_database_themselves() -> None:
    faults = [m for m in _modules() if m.startswith("routes") and "store" in _ours(m)]
    assert not faults, f"Let a use case (intake, invitations) write for {faults}"


def test_the_domain_does_not_know_how_it_is_told_over_http() -> None:
    """Domain modules raise named facts; the layer over HTTP turns them into problems."""
    assert "problems" in LAYERS["over HTTP"]  # and so, as imports point up, out of reach above it
    domain = list(LAYERS)[: list(LAYERS).index("over HTTP")]
    faults = {
        module
        for layer in domain
        for module in LAYERS[layer]
        if _packages(module) & {"click", "httptools", "litestar", "uvicorn"}
    }
    assert not faults, f"These know a web framework or the command line: {faults}"


def test_the_demo_is_out_of_reach_of_a_real_service() -> None:
    reaching = {m for m in _modules() if any(o.startswith("demo") for o in _ours(m))}
    faults = {m for m in reaching if not m.startswith("demo")} - {"commands.demo"}
    assert not faults, faults


def test_nothing_imports_the_commands() -> None:
    faults = [
        module
        for module in _modules()
        if not module.startswith(("commands", "__main__"))
        and any(name.startswith(("commands", "__main__")) for name in _ours(module))
    ]
    assert not faults, faults


def test_every_module_says_what_it_is_for() -> None:
    for folder in (PACKAGE, ROOT / "tests"):
        silent = [
            str(path.relative_to(ROOT))
            for path in sorted(folder.rglob("*.py"))
            if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
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


def test_every_setting_is_in_the_example_for_operators() -> None:
    setting = re.compile(r"\bMEETPUNT_[A-Z][A-Z_]*[A-Z]\b")
    example = (ROOT / "deploy" / "env.example").read_text("utf-8")
    named = {name for module in _modules() for name in setting.findall(_path(module).read_text())}
    missing = sorted(named - set(setting.findall(example)))
    assert not missing, f"Explain these in deploy/env.example: {missing}"


def test_every_link_in_the_papers_leads_to_a_file() -> None:
    link = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")
    broken = [
        f"{path}: {target}"
        for path in _tracked()
        if path.endswith(".md")
        for target in link.findall((ROOT / path).read_text("utf-8"))
        if not (ROOT / path).parent.joinpath(target).exists()
    ]
    assert not broken, broken
