"""A stack on Amazon S3 has no credentials, and its state holds no secret in clear."""

import json
import re

import pytest

from tests.support.live import LiveStack

pytestmark = pytest.mark.simulated

# Access keys as AWS writes them, and the credentials for the simulated cloud.
_CREDENTIALS = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|aws_secret_access_key|\"testing\"", re.IGNORECASE)


def test_the_state_holds_no_key(stack: LiveStack) -> None:
    """The state is copied and kept."""
    state = json.dumps(stack.engine().export_state())
    assert "arn:aws:" in state, "an empty state would pass below"
    assert _CREDENTIALS.findall(state) == []


def test_the_cluster_holds_no_secret_of_this_stack(stack: LiveStack) -> None:
    """Tempo's Pods get a role; all that is there are datasources, which name tenants."""
    assert [
        text for fields in stack.secrets().values() for text in fields if text != "fawkes-tracing-datasources.yaml"
    ] == []


def test_no_pod_is_given_a_static_key(stack: LiveStack) -> None:
    """A role's credentials expire; a static key works until somebody revokes it."""
    pods = stack.pods()
    assert len(pods) >= 15
    variables = {v.name for pod in pods for c in pod.spec.containers for v in (c.env or [])}
    assert "TEMPO_KMS_KEY_ID" in variables
    assert {name for name in variables if "ACCESS_KEY" in name} == set()
