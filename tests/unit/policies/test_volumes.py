import pytest

from policies.property import Property
from policies.resources import Resource
from policies.volumes import Volume, volume_of

_VOLUMES = [
    {"name": "small", "emptyDir": {"sizeLimit": "1Mi"}},
    {"name": "bare", "emptyDir": {}},
    {
        "name": "own",
        "ephemeral": {"volumeClaimTemplate": {"spec": {"resources": {"requests": {"storage": "2Mi"}}}}},
    },
    {"name": "node", "hostPath": {"path": "/var"}},
]
_CLAIM = {"metadata": {"name": "claim"}, "spec": {"resources": {"requests": {"storage": "4Mi"}}}}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("small", Volume("emptyDir", 2**20)),
        ("bare", Volume("emptyDir", None)),
        ("own", Volume("ephemeral", 2 * 2**20)),
        ("node", Volume("hostPath", None)),
        ("claim", Volume("volumeClaimTemplate", 4 * 2**20)),
        ("nothing", None),
    ],
)
def test_the_volume_of_a_directory_is_found_with_its_size(name: str, expected: Volume | None) -> None:
    spec = {"template": {"spec": {"volumes": _VOLUMES}}, "volumeClaimTemplates": [_CLAIM]}
    workload = Resource("urn", "kubernetes:apps/v1:StatefulSet", "x", Property({"spec": spec}))
    container = Property(
        {"volumeMounts": [{"name": "small", "mountPath": "/"}, {"name": name, "mountPath": "/a/b/"}]}
    )
    assert volume_of(workload, container, "/a/b/c") == expected


def test_a_directory_that_nothing_is_mounted_at_has_no_volume() -> None:
    workload = Resource("urn", "kubernetes:apps/v1:Deployment", "x", Property({}))
    container = Property({"volumeMounts": [{"name": "x", "mountPath": "/ab"}]})
    assert volume_of(workload, container, "/a") is None
