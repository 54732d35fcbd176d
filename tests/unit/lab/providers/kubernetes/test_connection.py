import json
from pathlib import Path

import pytest
import yaml
from kubernetes.client import ApiException

from lab.providers.kubernetes.connection import ApiError, client_of, sentences

KUBECONFIG = {
    "current-context": "one",
    "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
    "users": [{"name": "u", "user": {}}],
    "contexts": [
        {"name": "one", "context": {"cluster": "c", "user": "u"}},
        {"name": "two", "context": {"cluster": "c", "user": "u", "namespace": "ns"}},
    ],
}


def _refused(status: int, document: object) -> ApiError:
    error = ApiException(status=status, reason="Refused")
    error.body = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(ApiError) as caught, sentences():
        raise error
    return caught.value


@pytest.mark.parametrize(("context", "namespace"), [(None, "default"), ("two", "ns")])
def test_a_kubeconfig_is_taken_as_a_path_or_as_contents(
    tmp_path: Path, context: str | None, namespace: str
) -> None:
    """The provider's setting may be either, and the context says where objects go."""
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(KUBECONFIG))
    for kubeconfig in (str(file), file.read_text(), json.dumps(KUBECONFIG)):
        client, found = client_of(kubeconfig, context)
        assert (client.configuration.host, found) == ("https://127.0.0.1:1", namespace)


def test_a_missing_kubeconfig_says_what_to_set(tmp_path: Path) -> None:
    """It is the first thing that goes wrong on a new machine."""
    with pytest.raises(ApiError, match="Set KUBECONFIG"):
        client_of(str(tmp_path / "none"), None)


def test_a_refusal_is_the_servers_own_sentence_with_its_causes() -> None:
    """A cause that the sentence does not name is added."""
    causes = [
        {"field": "spec.port", "message": "too large"},
        {"field": "spec.type", "message": "unsupported"},
    ]
    document = {"message": "Service is invalid: too large", "reason": "Invalid", "details": {"causes": causes}}
    refused = _refused(422, document)
    assert str(refused) == "Service is invalid: too large\n  spec.type: unsupported"
    assert refused.status == 422


def test_a_conflict_says_how_it_is_settled() -> None:
    """There are two ways, and the server names neither."""
    document = {"message": 'Apply failed with 1 conflict: conflict with "hpa"', "reason": "Conflict"}
    told = str(_refused(409, document))
    assert "ignore_changes" in told
    assert "pulumi.com/patchForce" in told


def test_an_answer_that_is_no_document_is_told_by_its_status() -> None:
    """As from a proxy on the way."""
    assert str(_refused(502, "<html>")) == "The API server answered 502 Refused."


def test_an_unreachable_server_is_named_with_the_reason() -> None:
    """The address says whether it is the right one."""
    client, _ = client_of(json.dumps(KUBECONFIG), None)
    with pytest.raises(ApiError, match=r"at 127\.0\.0\.1:1 cannot be reached: .*refused") as caught, sentences():
        client.call_api("GET", "https://127.0.0.1:1/version")
    assert caught.value.status == 0
