"""The lab's own commands on a running lab."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.paths import state_dir
from render.names import AGENT, GATEWAY, MINIO, TEMPO
from settings.project import REPO
from tests.cluster.lab_command import lab
from tests.support.live import LiveStack

pytestmark = pytest.mark.cluster


@pytest.fixture
def nobodys_folder() -> Iterator[Path]:
    """A folder that everybody may write to, with parents that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def test_a_second_up_changes_nothing_and_shows_a_trace_again(dojo: LiveStack) -> None:
    """People type it again when they are unsure: it must not cost them their data or their Pods."""
    before = _objects(dojo)
    ended = lab("up")
    assert ended.code == 0, ended.output
    assert _objects(dojo) == before
    for service in ("storefront", "cart", "inventory", "payment"):
        assert service in ended.output
    (trace_id,) = re.findall(r"make trace ID=(\w+)", ended.output)
    assert "card **** declined" in ended.output

    trace = lab("trace", trace_id)
    assert trace.code == 0, trace.output
    assert "db.query.text = SELECT * FROM stock WHERE owner = ? AND units > ?" in trace.output
    (query,) = re.findall(r"Found by (.+)", ended.output)
    assert lab("query", query).output.split() == [trace_id]


def test_status_names_every_daemon_and_every_pod(dojo: LiveStack) -> None:
    """It is the first thing that people look at."""
    output = lab("status").output
    for name in ("etcd", "kube-apiserver", "kubelet", *(pod.metadata.name for pod in dojo.pods())):
        assert re.search(rf"^ *{re.escape(name)} .*(running|1/1|0/1)", output, re.MULTILINE), (name, output)


def test_logs_are_those_of_the_pods_that_were_asked_for(dojo: LiveStack) -> None:
    """Without the cluster's own tools, people have no other access to logs."""
    for component in (AGENT, GATEWAY, MINIO, TEMPO):
        ended = lab("logs", "--pod", component, "--lines", "3")
        assert ended.code == 0
        (pod,) = dojo.pods(component)
        assert pod.metadata.name in ended.output.splitlines()[0]
        assert len(ended.output.splitlines()) > 1
    assert "No Pod" in lab("logs", "--pod", "nobody").output


def test_logs_are_found_by_a_part_of_a_name(dojo: LiveStack) -> None:
    """People type `gateway`, not the prefix that all collectors share."""
    (gateway,) = dojo.pods(GATEWAY)
    ended = lab("logs", "--pod", "gateway", "--lines", "3")
    assert ended.code == 0
    assert gateway.metadata.name in ended.output.splitlines()[0]


def test_a_query_that_tempo_refuses_is_told_with_tempos_reason(dojo: LiveStack) -> None:
    """People who read that nothing was found look for their traces instead of their mistake."""
    assert dojo.pods()
    for traceql in ("{ status = eror }", "{", '{ name =~ "[" }'):
        ended = lab("query", traceql)
        _assert_refused(ended.code, ended.output, "Tempo refuses this (400): invalid TraceQL query", traceql)


def test_nothing_found_is_told_with_until_when_was_searched(dojo: LiveStack) -> None:
    """A trace that was sent a moment ago may be later than that."""
    assert dojo.pods()
    ended = lab("query", '{ name = "nobody\'s $name `here`" }')
    assert ended.code == 0
    assert "Nothing found in the last hour, until 20" in ended.output


def test_what_is_no_trace_id_is_told_before_tempo_is_asked(dojo: LiveStack) -> None:
    assert dojo.pods()
    ended = lab("trace", "a" * 33)
    _assert_refused(ended.code, ended.output, "1 to 32 hexadecimal digits")


def test_an_unknown_trace_is_said_to_be_unknown(dojo: LiveStack) -> None:
    """It may be undecided, sampled out or expired; the learner has to find out which."""
    assert dojo.pods()
    ended = lab("trace", "0" * 31 + "1")
    assert ended.code == 1
    assert "Tempo has no trace 0" in ended.output


def test_another_lab_on_the_machine_is_named_and_left_alone(dojo: LiveStack, tmp_path: Path) -> None:
    """Only one can run at a time, and an `up` must not stop somebody else's."""
    before = dojo.pod_ids()
    ended = lab("up", environment={"FAWKES_STATE_DIR": str(tmp_path / "other")})
    _assert_refused(ended.code, ended.output, f"A lab in {state_dir() / 'node'} runs", "make down")
    assert dojo.pod_ids() == before


def test_an_unknown_stack_is_refused_with_the_known_ones(dojo: LiveStack) -> None:
    """The name is typed by hand."""
    assert dojo.pods()
    ended = lab("up", environment={"STACK": "nope"})
    _assert_refused(ended.code, ended.output, "Pulumi.nope.yaml")


def test_prod_is_refused_with_what_one_node_does_not_have_and_the_way_to_go(dojo: LiveStack) -> None:
    """On one node, half of its Pods would stay pending forever."""
    assert dojo.pods()
    ended = lab("up", environment={"STACK": "prod"})
    _assert_refused(ended.code, ended.output, "object_store.kind aws_s3", "make up STACK=prod TARGET=simulated")


def test_someone_who_is_not_root_is_told_so(nobodys_folder: Path) -> None:
    """The node requires root; a traceback from deep inside would not tell."""
    # Other users may not be able to start this interpreter, so it changes its user after its start.
    program = (
        "import os, sys; from lab.commands.app import app, run_command; "
        "os.setgid(65534); os.setuid(65534); sys.exit(run_command(app))"
    )
    folders = {"FAWKES_STATE_DIR": f"{nobodys_folder}/state", "FAWKES_CACHE_DIR": f"{nobodys_folder}/cache"}
    done = subprocess.run(
        [sys.executable, "-c", program, "up"],
        cwd=REPO,
        env=folders,
        capture_output=True,
        text=True,
        check=False,
    )
    _assert_refused(done.returncode, done.stdout + done.stderr, "needs root", "FAWKES_KUBECONFIG")


def _assert_refused(code: int, output: str, *wanted: str) -> None:
    assert code == 1, output
    for text in wanted:
        assert text in output
    assert "Traceback" not in output


def _objects(stack: LiveStack) -> dict[str, tuple[str, int | None]]:
    """Return each object's UID and generation, which change when it is recreated or its spec changes."""
    core, apps = stack.core, stack.apps
    listed: list[Any] = [
        *core.list_namespaced_config_map(stack.namespace).items,
        *core.list_namespaced_secret(stack.namespace).items,
        *core.list_namespaced_service(stack.namespace).items,
        *core.list_namespaced_pod(stack.namespace).items,
        *apps.list_namespaced_stateful_set(stack.namespace).items,
        *apps.list_namespaced_daemon_set(stack.namespace).items,
    ]
    return {
        f"{type(one).__name__} {one.metadata.name}": (one.metadata.uid, one.metadata.generation) for one in listed
    }
