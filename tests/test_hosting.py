"""What code hosts read of this repository: forms, a workflow, updates; it leads to our own."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"
GITLAB = ROOT / ".gitlab"


def read(path: str) -> Any:
    """A file of YAML, read."""
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("name", ["Fault", "Wish"])
def test_whoever_files_something_is_asked_the_same_on_github_and_on_gitlab(name: str) -> None:
    asked = (GITHUB / "ISSUE_TEMPLATE" / f"{name.lower()}.md").read_text("utf-8")
    head, body = re.fullmatch(r"---\n(.+?)---\n\n(.+)", asked, re.DOTALL).groups()  # type: ignore[union-attr]
    assert yaml.safe_load(head).keys() == {"name", "about"}
    assert body == (GITLAB / "issue_templates" / f"{name}.md").read_text("utf-8")


def test_whoever_changes_something_is_asked_the_same_on_github_and_on_gitlab() -> None:
    asked = (GITHUB / "pull_request_template.md").read_text("utf-8")
    assert asked == (GITLAB / "merge_request_templates" / "Default.md").read_text("utf-8")


def test_the_hosted_workflow_runs_what_every_other_ci_runs() -> None:
    (job,) = read(".github/workflows/ci.yml")["jobs"].values()
    assert job["steps"][-1]["run"] == "bash .ci/run"


def test_a_workflow_names_the_commit_of_each_action_and_may_write_nothing() -> None:
    for path in (GITHUB / "workflows").iterdir():
        workflow = read(str(path.relative_to(ROOT)))
        assert workflow["permissions"] == {"contents": "read"}
        used = [s["uses"] for job in workflow["jobs"].values() for s in job["steps"] if "uses" in s]
        assert used
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used), used


def test_a_hook_before_a_commit_fetches_nothing() -> None:
    repositories = read(".pre-commit-config.yaml")["repos"]
    assert {each["repo"] for each in repositories} == {"local"}


def test_updates_are_looked_for_in_every_file_that_names_a_version() -> None:
    renovate = json.loads((GITHUB / "renovate.json").read_text("utf-8"))
    pattern, tools = renovate["pip_requirements"]["managerFilePatterns"]
    locks = sorted(path.name for path in ROOT.glob("*.lock"))
    assert locks == ["requirements-dev.lock", "requirements.lock"]
    assert all(re.search(pattern.strip("/"), lock) for lock in locks)
    # The Patroni of an old Debian stays as old as it is.
    locks = sorted(path.name for path in (ROOT / "tests").glob("*.lock"))
    assert locks == ["chart-tools.lock", "ha-tools-debian.lock", "ha-tools.lock"]
    assert [bool(re.search(tools.strip("/"), f"tests/{lock}")) for lock in locks] == [1, 0, 1]
    grouped = {name for rule in renovate["packageRules"] for name in rule["matchManagers"]}
    assert grouped == set(renovate["enabledManagers"])
