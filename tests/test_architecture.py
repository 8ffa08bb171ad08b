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

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ingest"

MODULE_LINES = 300
FUNCTION_LINES = 50
ROOT_ENTRIES = 23

LAYERS: dict[str, dict[str, str]] = {
    "files: reading them and saying what is wrong": {
        "files": "",
        "files.commit": "",
        "files.findings": "",
        "pages.language_files": "",
        "pages.languages": "",
        "files.near_misses": "",
        "files.resources": "",
        "files.toml_lines": "",
        "files.toml_files": "files.findings files.near_misses files.toml_lines",
        "files.toml_tables": "files.findings files.near_misses files.toml_files files.toml_lines",
        "files.web_addresses": "",
    },
    "questionnaires": {
        "questionnaires": "",
        "questionnaires.items": "",
        "questionnaires.scripts": "",
        "questionnaires.written": "files.findings files.toml_files questionnaires.items",
        "questionnaires.published_sums": "files.findings questionnaires.written",
        "pages.texts": "pages.language_files questionnaires.items",
        "questionnaires.translations": (
            "files.findings files.toml_files questionnaires.items questionnaires.scripts"
        ),
        "questionnaires.schema": "questionnaires.translations questionnaires.written",
        "questionnaires.questionnaire": (
            "files.findings files.toml_files questionnaires.items questionnaires.translations "
            "questionnaires.written"
        ),
        "questionnaires.comparison": (
            "questionnaires.items questionnaires.questionnaire questionnaires.translations"
        ),
        "questionnaires.wording": (
            "files.findings files.toml_files questionnaires.items questionnaires.scripts "
            "questionnaires.translations"
        ),
        "questionnaires.publication": (
            "files.findings files.near_misses files.toml_files questionnaires.items "
            "questionnaires.published_sums questionnaires.questionnaire questionnaires.wording "
            "questionnaires.written"
        ),
    },
    "municipalities": {
        "municipalities": "",
        "municipalities.house_style": "files.near_misses",
        "municipalities.schemas": "files.toml_tables",
        "municipalities.groups": (
            "files.findings files.near_misses files.toml_files files.toml_tables "
            "municipalities.schemas"
        ),
        "municipalities.touchpoints": (
            "files.near_misses files.toml_tables files.web_addresses questionnaires.items"
        ),
        "municipalities.targets": (
            "files.near_misses files.toml_tables municipalities.touchpoints questionnaires.items"
        ),
        "municipalities.municipality": (
            "files.findings files.near_misses files.toml_files files.toml_tables "
            "files.web_addresses municipalities.house_style municipalities.schemas "
            "municipalities.targets municipalities.touchpoints"
        ),
        "municipalities.regions": (
            "files.findings municipalities.municipality municipalities.touchpoints "
            "questionnaires.questionnaire"
        ),
        "municipalities.catalogue_checks": (
            "files.findings files.near_misses files.toml_files files.web_addresses "
            "municipalities.groups municipalities.municipality municipalities.regions "
            "municipalities.schemas municipalities.touchpoints questionnaires.questionnaire"
        ),
        "municipalities.catalogue": (
            "files.findings files.near_misses municipalities.catalogue_checks "
            "municipalities.groups "
            "municipalities.municipality municipalities.regions municipalities.targets "
            "municipalities.touchpoints pages.texts questionnaires.items "
            "questionnaires.publication questionnaires.questionnaire questionnaires.written"
        ),
    },
    "one answer, one permission": {
        "answer_values": "questionnaires.items",
        "answers": "answer_values questionnaires.items questionnaires.questionnaire",
        "audit": "",
        "keys": "",
        "keys_log": "audit",
        "messages": "",
        "account_numbers": "",
        "personal_data": "account_numbers",
        "readings": "",
        "screening": "personal_data readings",
        "tokens": "keys",
        "completion_tokens": "keys tokens",
    },
    "what residents see": {
        "pages": "",
        "pages.compression": "",
        "pages.templating": "",
        "pages.stylesheets": (
            "municipalities.house_style questionnaires.items questionnaires.questionnaire"
        ),
        "pages.assets": (
            "municipalities.catalogue municipalities.house_style municipalities.municipality "
            "pages.compression pages.stylesheets questionnaires.questionnaire"
        ),
        "pages.survey_form": (
            "answer_values answers pages.texts questionnaires.items questionnaires.questionnaire"
        ),
        "pages.pages": (
            "answer_values municipalities.catalogue municipalities.municipality pages.assets "
            "pages.compression pages.stylesheets pages.survey_form pages.templating pages.texts "
            "questionnaires.questionnaire"
        ),
        "widget": "",
        "widget.texts": "pages.language_files",
        "kiosk": "",
        "kiosk.texts": "pages.language_files",
    },
    "the widget for municipal sites": {
        "pages.embedded": (
            "municipalities.municipality pages.compression pages.pages questionnaires.questionnaire"
        ),
        "widget.bundle": "pages.compression",
        "widget.snippet": "widget.bundle",
        "widget.offered": (
            "messages municipalities.catalogue municipalities.house_style "
            "municipalities.municipality pages.compression pages.survey_form pages.texts "
            "questionnaires.items questionnaires.questionnaire tokens widget.texts"
        ),
    },
    "the kiosk at the counter": {
        "kiosk.shell": (
            "kiosk.texts municipalities.catalogue municipalities.house_style "
            "municipalities.municipality pages.compression pages.templating pages.texts"
        ),
    },
    "what operators see": {
        "running": "",
        "running.addresses": "",
        "running.logs": "",
        "running.metrics": "running.addresses",
        "running.security": "running.logs running.metrics",
        "database": "",
        "database.connecting": "",
        "database.unreachable": "",
        "acknowledged": "running.metrics",
        "tasks": "",
        "tasks.names": "",
        "tasks.leases": "tasks.names",
        "tasks.status": "tasks.names",
        "tasks.upkeep": (
            "database.connecting database.unreachable running.logs tasks.leases tasks.names"
        ),
        "tasks.watching": "running.logs running.metrics tasks.names tasks.status",
    },
    "Postgres": {
        "postgres": "",
        "database.once": "",
        "database.views": "municipalities.schemas",
        "database.partitions": "",
        "database.readers": "audit municipalities.schemas",
        "database.turns": "",
        "database.reading": (
            "audit database.partitions database.readers database.turns database.views "
            "municipalities.catalogue municipalities.schemas"
        ),
        "database.migrate": "database.turns tasks.names",
        "database.long_readers": "running.logs tasks.leases tasks.names tasks.upkeep",
        "database.mirrored": "files.findings municipalities.catalogue municipalities.schemas",
        "database.mirror": (
            "database.mirrored database.reading database.turns files.findings "
            "municipalities.catalogue municipalities.municipality municipalities.regions "
            "municipalities.targets municipalities.touchpoints tokens"
        ),
        "postgres.folder": "",
        "postgres.programs": "",
        "postgres.cluster": "postgres.programs",
        "postgres.socket": "postgres.programs",
        "postgres.embedded": "postgres.cluster postgres.folder postgres.programs postgres.socket",
        "postgres.keeping": "postgres.embedded running.logs",
        "read_models": "",
        "dictionary": "",
        "service_role": "",
        "store": "read_models",
        "store_invitations": "read_models",
        "store_kiosk": "",
        "store_kiosk_items": "",
        "waiting": "store",
        "line": "acknowledged running.logs running.metrics",
        "writer": "acknowledged line read_models running.logs running.metrics store waiting",
    },
    "backups": {
        "revocations": "database.readers municipalities.schemas",
        "backup": "",
        "backup.moments": "",
        "backup.sealing": "postgres.cluster",
        "backup.shelf": "backup.sealing postgres.cluster",
        "backup.looking": "backup.shelf",
        "backup.making": (
            "backup.sealing backup.shelf postgres.cluster postgres.embedded postgres.folder "
            "revocations"
        ),
        "backup.writing": "backup.shelf",
        "backup.receiving": (
            "backup.making backup.sealing backup.shelf backup.writing postgres.embedded "
            "postgres.programs running.logs"
        ),
        "backup.strangers": "",
        "backup.restoring": (
            "backup.moments backup.sealing backup.shelf backup.strangers postgres.cluster "
            "postgres.embedded postgres.programs"
        ),
    },
    "what may be read": {
        "reporting": "",
        "reporting.batches": "",
        "reporting.region_rule": "",
        "reporting.terms": "",
        "reporting.turns": "tasks.leases tasks.names",
        "reporting.plan": (
            "municipalities.catalogue municipalities.touchpoints questionnaires.questionnaire "
            "reporting.batches"
        ),
        "reporting.pieces": "",
        "reporting.counting": "reporting.turns",
        "reporting.statements": "reporting.counting",
        "reporting.texts": "reporting.batches reporting.plan",
        "reporting.alike": "reporting.batches reporting.plan",
        "reporting.publishing": (
            "reporting.alike reporting.batches reporting.pieces reporting.plan "
            "reporting.statements reporting.texts reporting.turns running.logs"
        ),
        "reporting.region_cells": "reporting.region_rule",
        "reporting.region": (
            "reporting.plan reporting.region_cells reporting.region_rule reporting.turns"
        ),
        "reporting.upkeep": (
            "reporting.plan reporting.publishing reporting.region running.metrics tasks.names "
            "tasks.upkeep"
        ),
    },
    "what the service does": {
        "codes": "",
        "submission": (
            "answers municipalities.municipality read_models running.metrics screening tokens"
        ),
        "intake": (
            "answers codes completion_tokens municipalities.catalogue municipalities.municipality "
            "questionnaires.questionnaire read_models running.metrics store submission tokens "
            "writer"
        ),
        "completion": (
            "acknowledged answers codes completion_tokens municipalities.catalogue "
            "municipalities.municipality read_models running.metrics store submission tokens writer"
        ),
        "invitations": (
            "acknowledged messages municipalities.catalogue municipalities.municipality "
            "read_models running.metrics store_invitations submission tokens"
        ),
        "http.json_bodies": "messages",
        "limits": "",
        "export_formats": "",
        "export": "database.reading export_formats",
        "kiosk.clock": "",
        "kiosk.signatures": "",
        "kiosk.messages": "kiosk.clock messages",
        "kiosk.survey": (
            "kiosk.messages kiosk.texts messages municipalities.catalogue "
            "municipalities.municipality pages.compression pages.texts widget.offered"
        ),
        "kiosk.pairing": (
            "acknowledged kiosk.messages kiosk.signatures municipalities.catalogue "
            "running.security store_kiosk writer"
        ),
        "kiosk.items": (
            "answers codes kiosk.messages kiosk.signatures municipalities.catalogue "
            "municipalities.municipality questionnaires.questionnaire screening store_kiosk "
            "submission"
        ),
        "kiosk.batch": (
            "kiosk.clock kiosk.items kiosk.messages municipalities.municipality store_kiosk "
            "store_kiosk_items submission"
        ),
        "kiosk.storing": "running.logs store_kiosk_items",
        "kiosk.sync": (
            "acknowledged codes http.json_bodies kiosk.batch kiosk.items kiosk.messages "
            "kiosk.pairing kiosk.signatures kiosk.storing kiosk.survey limits messages "
            "municipalities.catalogue municipalities.municipality running.logs running.metrics "
            "store_kiosk store_kiosk_items writer"
        ),
        "kiosk.reception": (
            "codes kiosk.pairing kiosk.survey kiosk.sync limits municipalities.catalogue "
            "municipalities.municipality widget.offered writer"
        ),
        "kiosk.status": "",
        "kiosk.enrolment": "kiosk.status",
        "kiosk.quarantine": "kiosk.storing store_kiosk store_kiosk_items",
        "kiosk.watching": "kiosk.status running.metrics tasks.leases tasks.names tasks.upkeep",
        "kiosk.terms": "",
        "clock": "",
        "retention": (
            "audit clock kiosk.terms municipalities.municipality reporting.terms running.logs "
            "tasks.leases tasks.names tasks.upkeep"
        ),
        "settings": "audit running.addresses",
        "versions": "municipalities.municipality read_models",
    },
    "over HTTP": {
        "http": "",
        "http.one_piece": "",
        "running.lifecycle": "",
        "http.deadlines": "http.one_piece running.lifecycle",
        "http.edge": "",
        "http.headers": "messages",
        "problems": (
            "answers completion_tokens http.edge http.json_bodies invitations kiosk.pairing "
            "kiosk.signatures limits messages municipalities.catalogue store_kiosk submission "
            "tokens writer"
        ),
        "http.openapi_parts": "problems",
        "http.openapi_kiosk": "http.openapi_parts kiosk.messages",
        "http.openapi": "http.openapi_kiosk http.openapi_parts messages",
        "routes": "",
        "service": (
            "acknowledged codes completion completion_tokens database.connecting "
            "database.unreachable files.resources intake invitations keys kiosk.reception limits "
            "municipalities.catalogue municipalities.municipality pages.pages read_models "
            "running.metrics running.security tasks.watching tokens versions widget.bundle "
            "widget.offered writer"
        ),
        "http.hot_responses": (
            "http.edge http.headers http.json_bodies messages problems running.logs service "
            "submission"
        ),
        "http.hot_widget": (
            "http.edge http.headers http.hot_responses municipalities.catalogue "
            "municipalities.municipality pages.languages problems service"
        ),
        "routes.integrators": (
            "http.edge http.headers http.json_bodies http.openapi invitations messages problems "
            "service"
        ),
        "routes.static_pages": "http.edge pages.compression",
        "routes.kiosk": (
            "http.edge http.json_bodies kiosk.messages municipalities.catalogue "
            "routes.static_pages service store_kiosk"
        ),
        "routes.operators": "http.headers service",
        "http.survey_query": "municipalities.municipality questionnaires.items submission",
        "http.submitted_form": "",
        "http.hot_survey": (
            "answers http.edge http.headers http.submitted_form http.survey_query limits "
            "municipalities.catalogue municipalities.municipality pages.languages pages.pages "
            "problems running.logs service submission tokens writer"
        ),
        "http.embedded_survey": (
            "http.edge http.headers http.hot_survey http.submitted_form limits "
            "municipalities.catalogue municipalities.municipality pages.embedded pages.pages "
            "problems service submission"
        ),
        "http.front": (
            "http.edge http.embedded_survey http.headers http.hot_responses http.hot_survey "
            "http.hot_widget problems running.logs service"
        ),
        "routes.residents": (
            "http.edge http.headers http.survey_query municipalities.catalogue "
            "municipalities.municipality pages.languages problems routes.static_pages service"
        ),
        "routes.kiosk_pages": (
            "http.headers kiosk.shell municipalities.municipality problems routes.static_pages "
            "service"
        ),
        "routes.widget": "http.headers routes.static_pages service widget.bundle",
        "routes.refusals": (
            "http.headers invitations kiosk.pairing kiosk.signatures limits messages "
            "municipalities.catalogue problems routes.residents running.logs "
            "running.security service store_kiosk"
        ),
    },
    "running it": {
        "app": (
            "audit database.long_readers files.resources http.front keys kiosk.shell "
            "kiosk.watching municipalities.catalogue reporting.plan reporting.upkeep "
            "retention routes.integrators routes.kiosk routes.kiosk_pages routes.operators "
            "routes.refusals routes.residents routes.widget running.lifecycle running.logs "
            "running.metrics service settings tasks.upkeep"
        ),
        "running.worker": "http.deadlines running.lifecycle running.logs",
        "running.supervisor": "running.logs running.metrics running.worker",
        "running.serving": (
            "running.addresses running.logs running.metrics running.supervisor running.worker"
        ),
    },
    "the demo": {
        "demo": "",
        "demo.figures": "",
        "demo.arrivals": "demo.figures",
        "demo.charts": "demo.figures",
        "demo.feelings": "questionnaires.items questionnaires.questionnaire",
        "demo.generator": (
            "answers demo.feelings municipalities.catalogue municipalities.municipality "
            "questionnaires.questionnaire screening store"
        ),
        "demo.invited": "municipalities.municipality store",
        "demo.filling": "demo.generator demo.invited municipalities.catalogue store",
        "demo.reader_roles": "database.readers municipalities.catalogue",
        "demo.text_message": "",
        "demo.example_site": (
            "municipalities.touchpoints pages.assets pages.templating "
            "questionnaires.questionnaire widget.snippet"
        ),
        "demo.pages": (
            "demo.arrivals demo.charts demo.example_site demo.figures demo.text_message "
            "municipalities.catalogue municipalities.house_style municipalities.municipality "
            "pages.assets pages.templating"
        ),
        "demo.routes": (
            "demo.arrivals demo.pages demo.reader_roles http.edge http.headers messages "
            "pages.languages problems service tokens writer"
        ),
        "demo.site_routes": "demo.example_site demo.pages http.headers problems",
        "demo.app": (
            "app demo.arrivals demo.example_site demo.pages demo.reader_roles demo.routes "
            "demo.site_routes http.front service settings tasks.upkeep"
        ),
    },
    "how an installation is": {
        "doctor": "",
        "doctor.findings": "",
        "doctor.sight": (
            "database.connecting database.unreachable doctor.findings municipalities.catalogue "
            "settings"
        ),
        "doctor.backups": (
            "backup.looking backup.making backup.receiving backup.sealing backup.shelf "
            "doctor.findings doctor.sight revocations"
        ),
        "doctor.clocks": "clock doctor.findings doctor.sight",
        "doctor.database": (
            "backup.sealing backup.shelf database.migrate database.mirrored database.once "
            "doctor.findings doctor.sight"
        ),
        "doctor.disk": "doctor.findings doctor.sight",
        "doctor.installation": "doctor.findings doctor.sight",
        "doctor.key_files": "audit doctor.findings doctor.sight keys keys_log tokens",
        "doctor.kiosks": "doctor.findings doctor.sight kiosk.status",
        "doctor.patroni": "doctor.findings doctor.sight",
        "doctor.replication": "doctor.findings doctor.sight",
        "doctor.given": "",
        "doctor.excess": "doctor.findings doctor.given",
        "doctor.rights": ("doctor.excess doctor.findings doctor.given doctor.sight service_role"),
        "doctor.service": "doctor.findings doctor.sight running.addresses tasks.status",
        "doctor.tasks": "doctor.findings doctor.sight tasks.status",
        "doctor.waiting": "doctor.findings doctor.sight",
        "doctor.examination": (
            "audit doctor.backups doctor.clocks doctor.database doctor.disk doctor.findings "
            "doctor.installation doctor.key_files doctor.kiosks doctor.patroni "
            "doctor.replication doctor.rights doctor.service doctor.sight doctor.tasks "
            "doctor.waiting"
        ),
    },
    "the command line": {
        "commands": "",
        "commands.folders": "files.resources",
        "commands.check": "commands.folders files.findings municipalities.catalogue",
        "commands.questionnaires": (
            "commands.folders files.findings municipalities.catalogue questionnaires.comparison "
            "questionnaires.publication questionnaires.questionnaire questionnaires.schema"
        ),
        "commands.lines": "database.unreachable",
        "commands.patience": "database.connecting database.unreachable",
        "commands.surroundings": (
            "acknowledged commands.patience database.connecting database.unreachable "
            "files.findings files.resources keys municipalities.catalogue "
            "municipalities.municipality postgres.embedded revocations service_role settings"
        ),
        "commands.backup": (
            "audit backup.looking backup.making backup.moments backup.receiving backup.restoring "
            "backup.sealing backup.shelf backup.writing commands.surroundings postgres.embedded "
            "postgres.folder revocations settings"
        ),
        "commands.audit": (
            "audit commands.surroundings export_formats keys_log settings submission"
        ),
        "commands.apikeys": "audit commands.surroundings invitations submission",
        "commands.db": (
            "audit commands.lines commands.surroundings database.once database.readers "
            "dictionary municipalities.catalogue municipalities.schemas settings submission"
        ),
        "commands.kiosk": (
            "audit commands.surroundings kiosk.enrolment kiosk.quarantine store_kiosk submission"
        ),
        "commands.keys": "audit commands.surroundings keys keys_log settings tokens",
        "commands.in_step": (
            "commands.surroundings database.migrate database.mirrored files.findings "
            "municipalities.catalogue"
        ),
        "commands.links": ("commands.in_step commands.surroundings invitations messages tokens"),
        "commands.migrate": (
            "audit commands.surroundings database.migrate database.mirror database.turns "
            "files.findings municipalities.catalogue submission"
        ),
        "commands.doctor": (
            "commands.surroundings doctor.examination doctor.findings doctor.sight settings"
        ),
        "commands.export": "commands.surroundings export export_formats submission",
        "commands.purge": "audit clock commands.surroundings retention running.logs",
        "commands.qr": "commands.surroundings",
        "commands.serve": (
            "audit backup.making backup.receiving commands.backup commands.in_step "
            "commands.migrate commands.patience commands.surroundings database.once "
            "database.unreachable keys keys_log municipalities.catalogue postgres.embedded "
            "postgres.keeping running.addresses running.logs running.serving settings"
        ),
        "commands.widget": "commands.surroundings files.resources widget.bundle widget.snippet",
        "commands.publish": (
            "audit commands.surroundings reporting.counting reporting.plan "
            "reporting.publishing reporting.region"
        ),
        "commands.demo": (
            "clock commands.migrate commands.serve commands.surroundings demo.app demo.filling "
            "demo.reader_roles municipalities.catalogue reporting.plan reporting.publishing "
            "reporting.region settings submission"
        ),
        # Loads the command that was typed, by its name.
        "commands.meetpunt": "files.commit",
        "__main__": "commands.meetpunt",
    },
}

# Package from outside -> the modules that may import it; "*" stands for any characters.
PACKAGES: dict[str, str] = {
    "asyncpg": "*",
    "brotli": "pages.compression",
    "click": "commands.*",
    "cryptography": "backup.sealing kiosk.signatures",
    "httptools": "http.deadlines",
    "itsdangerous": "tokens",
    "jinja2": "demo.example_site demo.pages pages.pages pages.templating",
    "litestar": "app demo.app demo.routes demo.site_routes routes.*",
    "msgspec": "*",
    "prometheus_client": "running.metrics",
    "pyarrow": "export_formats",
    "segno": "commands.* kiosk.shell",
    "uvicorn": "http.deadlines running.worker",
}

# Nothing here knows that there is a web or a database: it can be read, tested and trusted alone.
PURE = (
    *("files.findings", "questionnaires.items", "questionnaires.questionnaire"),
    *("municipalities.house_style", "municipalities.municipality", "municipalities.catalogue"),
    *("answers", "messages", "screening", "tokens"),
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


def test_who_writes_what_somebody_is_told_of_waits_for_the_standby() -> None:
    # Parts of one that waits: of `kiosk.sync`, of the writer, and of commands, which wait in one
    # place.
    others = {"kiosk.batch", "kiosk.items", "kiosk.storing", "intake", "waiting"}
    others.add("kiosk.quarantine")
    writing = {
        module
        for layer in ("Postgres", "what the service does")
        for module in LAYERS[layer]
        if any(name.startswith("store") for name in _ours(module)) and "store" not in module
    }
    faults = {m for m in writing - others if "acknowledged" not in _ours(m)}
    assert not faults, f"Write within `acknowledged`, as what was told must last: {faults}"


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
