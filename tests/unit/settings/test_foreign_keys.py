"""Configuration of a provider that the program configures itself is refused, not ignored."""

import pytest

from settings.foreign_keys import refuse_foreign_keys
from settings.problems import SettingsError

REFUSED = "has no effect, because this program configures the provider kubernetes itself"
KUBECONFIG = "Remove it; the kubeconfig comes from KUBECONFIG, and cluster.context selects the cluster in it."


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (
            "kubernetes:context",
            f'kubernetes:context: {REFUSED} (got "prod"; allowed no such key). Set cluster.context instead.',
        ),
        (
            "kubernetes:kubeconfig",
            f'kubernetes:kubeconfig: {REFUSED} (got "prod"; allowed no such key). {KUBECONFIG}',
        ),
    ],
)
def test_such_a_key_is_refused_with_the_setting_that_replaces_it(key: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        refuse_foreign_keys({key: "prod", "fawkes-tracing:cluster": {}})
    assert str(refusal.value) == sentence


def test_other_keys_are_left_alone() -> None:
    refuse_foreign_keys({"pulumi:tags": {}, "fawkes-tracing:environment": {}, 1: 2})
