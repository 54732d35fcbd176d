"""The pipelines of `.github/`: what they may do, and that each step runs on any machine."""

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from settings.project import REPO
from tests.support.workflows import Pipeline, pipelines, problems

PIPELINES = {str(one.path.relative_to(REPO / ".github")): one for one in pipelines()}
PULL_REQUEST, DEPLOY_STACK = PIPELINES["workflows/pull-request.yml"], PIPELINES["workflows/deploy-stack.yml"]
DEPLOY = PIPELINES["workflows/deploy.yml"]
_CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
_SAME = "github.event.pull_request.head.repo.full_name == github.repository"


def changed(pipeline: Pipeline, old: str, new: str) -> Pipeline:
    """Return a pipeline with a text replaced everywhere; the text must be there."""
    assert old in pipeline.text
    return dataclasses.replace(pipeline, text=pipeline.text.replace(old, new))


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_has_nothing_that_a_reviewer_would_refuse(name: str) -> None:
    assert list(problems(PIPELINES[name])) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (_CHECKOUT, "actions/checkout@v7", "not pinned by a commit"),
        (_CHECKOUT, _CHECKOUT.removesuffix(" # v7.0.1"), "not pinned by a commit"),
        (_CHECKOUT, _CHECKOUT.replace("3d3c42e", "3d3c42"), "not pinned by a commit"),
        ("./.github/actions/reach-stack", "./.github/actions/reach", "there is no such path"),
        ("persist-credentials: false", "persist-credentials: true", "leaves its token on disk"),
        ("run: make preview", "run: make preview && curl example.com", "not one make target"),
        ("run: make preview", "run: make preview STACK=${{ github.head_ref }}", "not one make target"),
        ("run: make preview", "run: make prevue", "there is no target prevue"),
        ("${{ github.token }}", "${{ secrets.TOKEN }}", "uses a stored secret"),
        ("\npermissions: {}", "\npermissions: {contents: read}", "own permissions are not empty"),
        ("    permissions:\n      contents: read\n    steps", "    steps", "states no permissions"),
        ("contents: read", "contents: write", "may contents: write"),
        ("    timeout-minutes: 40\n", "", "no time limit"),
        ("environment: ${{ matrix.stack }}-preview", "", "outside every environment"),
        ("pull-requests: write", "pull-requests: write\n      id-token: write", "a session on AWS and may write"),
        ("pull_request:\n", "pull_request_target:\n", "runs on pull_request_target"),
        (f"&& {_SAME}", "", "preview has rights that write"),
        (f"&& {_SAME}", "", "comment has rights that write"),
    ],
)
def test_what_a_reviewer_would_refuse_is_found(old: str, new: str, sentence: str) -> None:
    """Each is one careless change of the real workflow."""
    assert sentence in " ".join(problems(changed(PULL_REQUEST, old, new)))


def test_one_stack_is_deployed_once_at_a_time_and_never_cancelled() -> None:
    up = DEPLOY_STACK.jobs["up"]
    assert up["concurrency"] == {"group": "deploy-${{ inputs.stack }}", "cancel-in-progress": False}
    # The caller would cancel it just as well.
    assert "concurrency" not in DEPLOY.content
    assert all("concurrency" not in job for job in DEPLOY.jobs.values() if "uses" in job)


def test_what_is_deployed_is_what_was_previewed_before_the_approval() -> None:
    """The environment of `up` asks for the approval; its preview must not run in the same one."""
    preview, up = (DEPLOY_STACK.jobs[name] for name in ("preview", "up"))
    assert up["needs"] == "preview"
    assert preview["environment"] != up["environment"] == "${{ inputs.stack }}"
    assert preview["env"]["DIGEST"] == up["env"]["DIGEST"]
    assert {"make preview"} < {step.get("run") for step in preview["steps"]}
    assert up["steps"][-1]["run"] == "make up"


def test_the_step_with_the_token_posts_a_written_comment_and_runs_no_program() -> None:
    """The programs of both commits, and every package that they load, would have it in their environment."""
    job = PULL_REQUEST.jobs["comment"]
    assert job["env"]["COMMENT"]
    runs = {step["run"]: "GITHUB_TOKEN" in step.get("env", {}) for step in job["steps"] if "run" in step}
    assert runs == {"make pr-comment": False, "make post-comment": True}


def test_prod_is_deployed_after_staging() -> None:
    stacks = {name: job for name, job in DEPLOY.jobs.items() if "uses" in job}
    assert {name: job["with"]["stack"] for name, job in stacks.items()} == {"staging": "staging", "prod": "prod"}
    assert all((REPO / f"Pulumi.{name}.yaml").is_file() for name in stacks)
    assert stacks["prod"]["needs"] == "staging"


def test_the_documented_trust_binds_the_deployers_role_to_repository_environment_and_branch() -> None:
    """It is copied. `StringLike` and a star would let other branches and repositories in."""
    (block,) = re.findall(
        r"```json\n(.*?)```", (REPO / "docs" / "deploy.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (statement,) = json.loads(block)["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert list(statement["Condition"]) == ["StringEquals"]
    bound = {key.partition(":")[2]: value for key, value in statement["Condition"]["StringEquals"].items()}
    assert set(bound) == {"aud", "sub", "repository_id", "ref"}
    assert not any("*" in value for value in bound.values())
    branch, environment = bound["ref"].removeprefix("refs/heads/"), bound["sub"].rpartition(":environment:")[2]
    assert [branch] == DEPLOY.content[True]["push"]["branches"]
    assert environment in {job["with"]["stack"] for job in DEPLOY.jobs.values() if "uses" in job}


def test_the_auditor_of_workflows_finds_nothing() -> None:
    """Its strictest persona but one, without the network; `.github/zizmor.yml` has what is left out and why."""
    assert audit(REPO / ".github") == ""


def test_the_auditor_looks_at_all() -> None:
    """A changed option could make it pass over everything."""
    assert "unpinned-uses" in audit(REPO / "tests" / "data" / "workflows" / "careless.yml")


def audit(path: Path) -> str:
    """Return what zizmor finds, "" if that is nothing."""
    program = Path(sys.prefix, "bin", "zizmor")
    options = ("--offline", "--persona=pedantic", "--collect=all", "--strict-collection", "--no-progress", "-q")
    done = subprocess.run(
        [program, *options, "--format=plain", "--color=never", path],
        cwd=REPO,
        env={"ZIZMOR_CONFIG": str(REPO / ".github" / "zizmor.yml")},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}"


def test_the_example_for_gitlab_runs_the_same_targets() -> None:
    """GitLab's own checks need its server."""
    text = (REPO / "docs" / "examples" / "gitlab-ci.yml").read_text(encoding="utf-8")
    commands = [command for job in yaml.safe_load(text).values() for command in _scripts(job)]
    ours = {str(step.get("run")).partition(" >>")[0] for one in PIPELINES.values() for step in one.steps}
    assert {"make test", "make preview", "make up", "make drift"} < set(commands) <= ours


def _scripts(job: object) -> list[str]:
    return [str(line) for line in job.get("script", [])] if isinstance(job, dict) else []
