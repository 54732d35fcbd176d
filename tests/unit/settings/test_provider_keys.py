"""Keys of Pulumi's AWS and Kubernetes providers beside the settings: refused where they would have no effect."""

from typing import Any

import pulumi
import pytest

from components.configuration import load
from settings.loader import parse_config
from settings.problems import SettingsError
from snapshot.program import record
from tests.support.stacks import as_config, config_of, sections

KEYS: dict[str, tuple[Any, str]] = {
    "aws:profile": ("prod", "Remove it, and set object_store.aws.profile."),
    "aws:config:profile": ("prod", "Remove it, and set object_store.aws.profile."),
    "aws:allowedAccountIds": (["123456789012"], "Remove it, and set object_store.aws.account_id."),
    "aws:assumeRole": ({"roleArn": "x"}, "Remove it, and set object_store.aws.assume_role_arn."),
    "aws:assumeRoles": ([{"roleArn": "x"}], "Remove it, and set object_store.aws.assume_role_arn."),
    "aws:defaultTags": ({"tags": {}}, "Remove it, and set environment.team."),
    "aws:secretKey": ({"secure": "v1:x"}, "Remove it: credentials come from the environment, or by object_sto"),
    "aws:endpoints": ([{"s3": "http://x"}], "Remove it: there is no such setting; the provider also reads the en"),
    "kubernetes:kubeconfig": ("token: x", "Remove it: the kubeconfig comes from KUBECONFIG, and cluster.context"),
    "aws:skipMetadataApiCheck": (True, "Remove it: there is no such setting; the provider also reads the envi"),
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_without_effect_is_refused_by_file_and_program_alike(key: str) -> None:
    value, fix = KEYS[key]
    config = config_of("prod") | {key: value}
    with pytest.raises(SettingsError) as of_file:
        parse_config(config)
    with pytest.raises(pulumi.RunError) as of_program:
        record(load, config, "prod")
    (problem,) = of_file.value.problems
    assert (problem.path, problem.got, problem.allowed) == (key, "a value", "nothing")
    assert problem.fix.startswith(fix)
    assert str(of_program.value) == f"Pulumi.prod.yaml is refused:\n{problem}"


def test_another_region_than_the_settings_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r'^aws:region: has no effect.+\(got "us-east-1"; allowed object_store'
    ):
        parse_config(config_of("prod") | {"aws:region": "us-east-1"})
    parse_config(config_of("prod") | {"aws:region": "eu-west-1"})


def test_another_context_than_the_settings_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r'^kubernetes:context: has no effect.+\(got "prod"; allowed nothing'
    ) as refusal:
        parse_config(config_of("dojo") | {"kubernetes:context": "prod"})
    assert refusal.value.problems[0].fix == "Remove it, and set cluster.context."


def test_no_secret_is_shown() -> None:
    """The engine hands decrypted values to the program, whose errors are logged."""
    with pytest.raises(pulumi.RunError) as refusal:
        record(load, config_of("prod") | {"aws:secretKey": "decrypted", "aws:profile": "hidden"}, "prod")
    assert "decrypted" not in str(refusal.value)
    assert "hidden" not in str(refusal.value)


def test_all_problems_of_keys_and_settings_are_told_at_once() -> None:
    changed = as_config(sections("prod", {"object_store.region": "eu-west-4"}))
    with pytest.raises(SettingsError) as refusal:
        parse_config(changed | {"aws:profile": "prod"})
    assert [problem.path for problem in refusal.value.problems] == ["aws:profile", "object_store.region"]


def test_a_stack_elsewhere_may_have_them() -> None:
    """It creates nothing on Amazon, so nobody expects an effect there."""
    parse_config(config_of("dojo") | {"aws:profile": "prod"})


def test_other_providers_keys_are_left_alone() -> None:
    parse_config(config_of("prod") | {"random:setting": "x", "awsx:setting": "x", "pulumi:tags": {}, 1: 2})
