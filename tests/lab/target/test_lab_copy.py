"""The settings with which the lab deploys a stack: those of the file, but for its cluster and its Tempo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.errors import LabError
from lab.target.lab_copy import for_own_node, for_simulated_nodes, refuse_another_context
from lab.target.stacks import runnable_settings
from settings.loader import parse, sections_of
from tests.support.stacks import config_of, merge

CONTEXT = {"fawkes-tracing:cluster": {"context": "prod", "rollout_timeout_minutes": 20}}


def test_the_version_of_tempo_is_the_one_in_the_image(tempo_on_path: Callable[[str], Path]) -> None:
    """An older Tempo refuses a file with a key that is newer than it."""
    assert parse(sections_of(for_own_node(config_of("dojo")))).tempo.version == "2.8.0"
    assert runnable_settings("dojo").images.tempo.tag == "2.8.0"
    tempo_on_path("2.9.1")
    assert runnable_settings("dojo").tempo.version == "2.9.1"


def test_the_labs_images_have_no_digest_because_they_are_builds_of_its_own() -> None:
    """The node would look for the published image of that digest, and there is no registry."""
    images = for_own_node(config_of("dojo"))["fawkes-tracing:images"]
    assert [
        name for name, image in config_of("dojo")["fawkes-tracing:images"].items() if "digest" not in image
    ] == []
    assert [name for name, image in images.items() if "digest" in image] == []


def test_nothing_else_differs_from_the_file() -> None:
    images = config_of("dojo")["fawkes-tracing:images"]
    version = {
        "fawkes-tracing:tempo": {"version": "2.10.8"},
        "fawkes-tracing:images": merge(
            {name: {"digest": image["digest"]} for name, image in images.items()}, {"tempo": {"tag": "2.10.8"}}
        ),
    }
    assert merge(for_own_node(config_of("dojo")), version) == config_of("dojo")
    assert for_simulated_nodes(config_of("prod")) == config_of("prod")


@pytest.mark.parametrize(
    "config", [{}, {"fawkes-tracing:tempo": "text"}, {"fawkes-tracing:tempo": {"version": []}}]
)
def test_a_file_that_will_be_refused_stays_as_it_is(config: dict[str, Any]) -> None:
    """The refusal names what the file says."""
    assert for_own_node(config) == config


def test_a_node_of_the_labs_own_is_the_cluster_whatever_context_the_settings_name() -> None:
    expected = {"fawkes-tracing:cluster": {"context": None, "rollout_timeout_minutes": 20}}
    assert for_simulated_nodes(CONTEXT) == for_own_node(CONTEXT) == expected


def test_on_the_users_cluster_the_settings_and_the_kubeconfig_must_agree(tmp_path: Path) -> None:
    """The lab keeps the stack's state in the cluster of the current context."""
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(yaml.safe_dump({"current-context": "staging"}), encoding="utf-8")
    refuse_another_context({}, kubeconfig)
    refuse_another_context({"fawkes-tracing:cluster": {"context": "staging"}}, kubeconfig)
    with pytest.raises(LabError) as refusal:
        refuse_another_context(CONTEXT, kubeconfig)
    assert refusal.value.what == f"The stack's cluster.context is prod, and {kubeconfig} has staging selected."
