import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.providers.kubernetes.cluster import KindMissingError
from lab.providers.kubernetes.connection import ApiError
from lab.providers.kubernetes.plugin import KubernetesPlugin
from lab.providers.plugin import InitializationError, Operation, ProviderError, Urn
from lab.providers.values import Json, Properties
from tests.unit.lab.providers.kubernetes.fakes import FakeCluster

URN = Urn("urn:pulumi:dojo::project::kubernetes:core/v1:ConfigMap::settings")
CREATE = Operation(urn=URN)
PREVIEW = Operation(urn=URN, preview=True)
MANIFEST: Json = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings", "namespace": "ns"},
    "data": {"a": "1"},
}
INPUTS = Properties(MANIFEST)


@pytest.fixture
def cluster() -> FakeCluster:
    """An empty cluster."""
    return FakeCluster()


@pytest.fixture
def plugin(cluster: FakeCluster) -> KubernetesPlugin:
    """The stand-in, connected to it."""
    return KubernetesPlugin(package="pulumi_kubernetes", cluster=cluster)


def _annotated(**annotations: str) -> Properties:
    marks = {f"pulumi.com/{name}": value for name, value in annotations.items()}
    return Properties({**MANIFEST, "metadata": {**MANIFEST["metadata"], "annotations": marks}})


def test_checked_inputs_are_complete(plugin: KubernetesPlugin) -> None:
    """Version, kind, name and namespace: what a manifest needs."""
    checked = plugin.check(URN, None, Properties({"data": {"a": "1"}}), b"seed").values
    assert (checked["apiVersion"], checked["kind"], checked["metadata"]["namespace"]) == (
        "v1",
        "ConfigMap",
        "default",
    )
    assert checked["metadata"]["name"].startswith("settings-")


def test_a_created_object_is_known_by_its_place(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """Namespace and name, as with the real plugin."""
    resource_id, state = plugin.create(CREATE, INPUTS)
    assert resource_id == "ns/settings"
    assert cluster.applied == [MANIFEST]
    assert state.values["data"] == {"a": "1"}


def test_a_preview_changes_nothing(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """It only asks what the server would make of it."""
    resource_id, state = plugin.create(PREVIEW, INPUTS)
    assert (resource_id, cluster.applied, cluster.objects) == ("", [], {})
    assert "managedFields" in state.values["metadata"]


def test_a_preview_with_unknown_parts_is_not_sent(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """The server would refuse the marker, or worse, take it."""
    cluster.refusals = [ApiError(422, "invalid")]
    unknown = Properties({**MANIFEST, "data": {"a": UNKNOWN}})
    assert plugin.create(PREVIEW, unknown)[1] == unknown


@pytest.mark.parametrize("status", [0, 403, 404])
def test_a_preview_without_an_answer_shows_the_inputs(
    plugin: KubernetesPlugin, cluster: FakeCluster, status: int
) -> None:
    """The namespace may be part of the same preview, the server away, the person a mere reader."""
    cluster.refusals = [ApiError(status, "no")]
    assert plugin.create(PREVIEW, INPUTS)[1] == INPUTS


def test_a_preview_of_something_invalid_fails(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """That is what the dry run is for."""
    cluster.refusals = [ApiError(422, "spec.ports[0].port: must be less than 65536")]
    with pytest.raises(ProviderError, match="65536"):
        plugin.create(PREVIEW, INPUTS)


def test_a_preview_of_a_kind_that_is_not_there_says_what_is_missing(
    plugin: KubernetesPlugin, cluster: FakeCluster
) -> None:
    """A ServiceMonitor needs the operator's definition, which the same update may or may not bring."""
    missing = KindMissingError("The API server does not know ServiceMonitor of monitoring.coreos.com/v1.")
    cluster.missing = {"ServiceMonitor": missing}
    said: list[str] = []
    plugin.say = lambda _urn, text, _passing: said.append(text)
    urn = Urn("urn:pulumi:dojo::project::kubernetes:monitoring.coreos.com/v1:ServiceMonitor::tempo")
    program = {"metadata": {"name": "tempo", "namespace": "ns"}, "spec": {"endpoints": [{"port": "http"}]}}
    checked = plugin.check(urn, None, Properties(program), b"")
    assert plugin.create(Operation(urn=urn, preview=True), checked)[1].values == {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        **program,
    }
    assert len(said) == 1
    assert said[0].startswith(
        "The API server does not know ServiceMonitor of monitoring.coreos.com/v1. The preview"
    )


def test_a_custom_resource_is_applied_as_any_object(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """Its schema is the cluster's, not the stand-in's."""
    urn = Urn("urn:pulumi:dojo::project::kubernetes:monitoring.coreos.com/v1:ServiceMonitor::tempo")
    program = {"metadata": {"name": "tempo", "namespace": "ns"}, "spec": {"endpoints": [{"port": "http"}]}}
    checked = plugin.check(urn, None, Properties(program), b"")
    assert plugin.create(Operation(urn=urn), checked)[0] == "ns/tempo"
    assert cluster.applied[0]["apiVersion"] == "monitoring.coreos.com/v1"
    other = Properties({**checked.values, "spec": {"endpoints": [{"port": "grpc"}]}})
    assert not plugin.diff(urn, checked, other).replaces


def test_a_refusal_that_passes_is_waited_out(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """A namespace applied a moment ago is not seen everywhere yet."""
    cluster.refusals = [ApiError(404, 'namespaces "ns" not found')]
    plugin.create(CREATE, INPUTS)
    assert cluster.applied == [MANIFEST]


def test_a_foreign_object_is_not_taken_over(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """A destroy would delete what somebody else made."""
    cluster.put({**MANIFEST, "metadata": {**MANIFEST["metadata"], "managedFields": [{"manager": "helm"}]}})
    with pytest.raises(ProviderError, match="exists already"):
        plugin.create(CREATE, INPUTS)
    with pytest.raises(ProviderError, match="exists already"):
        plugin.create(PREVIEW, INPUTS)
    assert cluster.applied == []


def test_a_foreign_object_is_taken_over_on_demand(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """The annotation is the program's word for it."""
    cluster.put({**MANIFEST, "metadata": {**MANIFEST["metadata"], "managedFields": []}})
    plugin.create(CREATE, _annotated(patchForce="true"))
    assert len(cluster.applied) == 1


def test_what_an_interrupted_run_made_is_taken_over(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """The state knows nothing of it, and the object is ours."""
    plugin.create(CREATE, INPUTS)
    plugin.create(CREATE, INPUTS)
    assert len(cluster.applied) == 2


def test_a_preview_of_a_replacement_keeps_the_name(plugin: KubernetesPlugin) -> None:
    """Though the server is asked under another, for the old object still has this one."""
    plugin.create(CREATE, INPUTS)
    assert plugin.create(PREVIEW, INPUTS)[1].values["metadata"]["name"] == "settings"


def test_ignored_fields_stay_as_they_are_in_the_cluster(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """An autoscaler's replicas, for one."""
    cluster.put({**MANIFEST, "data": {"a": "others"}})
    plugin.update(Operation(urn=URN, ignore_changes=("data.a",)), INPUTS, INPUTS)
    assert cluster.applied[0]["data"] == {"a": "others"}


def test_an_object_that_does_not_become_ready_stays_in_the_state(
    plugin: KubernetesPlugin, cluster: FakeCluster
) -> None:
    """With its secrets still secret."""
    values = {**MANIFEST, "kind": "Job", "apiVersion": "batch/v1", "spec": {"token": "x"}}
    inputs = Properties(values, frozenset({("spec", "token")}))
    with pytest.raises(InitializationError) as caught:
        plugin.create(Operation(urn=URN, timeout_seconds=0.01), inputs)
    assert caught.value.resource_id == "ns/settings"
    assert caught.value.state.values["spec"] == {"token": "x"}
    assert caught.value.state.secrets == {("spec", "token")}
    assert len(cluster.applied) == 1


def test_an_object_that_is_gone_reads_as_nothing(plugin: KubernetesPlugin) -> None:
    """A refresh then drops it from the state."""
    assert plugin.read(URN, "ns/settings", INPUTS, INPUTS)[0] == ""


def test_an_object_without_drift_reads_as_its_inputs(plugin: KubernetesPlugin) -> None:
    """A refresh right after an update changes nothing."""
    plugin.create(CREATE, INPUTS)
    assert plugin.read(URN, "ns/settings", INPUTS, INPUTS)[:2] == ("ns/settings", INPUTS)


def test_an_object_of_somebody_else_can_be_read_by_its_id(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """A program refers to what it did not make."""
    cluster.put(MANIFEST)
    nothing = Properties({})
    assert plugin.read(URN, "ns/settings", nothing, nothing)[2].values == MANIFEST


def test_a_deletion_waits_until_the_object_is_gone(plugin: KubernetesPlugin, cluster: FakeCluster) -> None:
    """In the foreground, so that what it owns goes too."""
    plugin.create(CREATE, INPUTS)
    seen: list[str] = []

    def controllers() -> None:
        seen.extend(live["metadata"]["deletionTimestamp"] for live in cluster.objects.values())
        cluster.objects.clear()

    cluster.change = controllers
    plugin.delete(CREATE, INPUTS)
    assert seen == ["Foreground"]


@pytest.mark.parametrize(("annotations", "first"), [({}, True), ({"autonamed": "true"}, False)])
def test_a_named_object_is_deleted_before_its_replacement(
    plugin: KubernetesPlugin, annotations: dict[str, str], *, first: bool
) -> None:
    """Two of one name cannot be; a made name makes room for both."""
    old = _annotated(**annotations)
    new = Properties({**old.values, "data": {"a": "2"}})
    diff = plugin.diff(URN, old, new)
    assert diff.replaces
    assert diff.delete_first is first


def test_config_maps_change_in_place_when_configured(plugin: KubernetesPlugin) -> None:
    """As the real plugin's switch does."""
    plugin.configure({"enableConfigMapMutable": "true"})
    assert not plugin.diff(URN, INPUTS, Properties({**MANIFEST, "data": {"a": "2"}})).replaces


def test_rendering_files_is_refused(plugin: KubernetesPlugin) -> None:
    """It would say that all is applied, and nothing would be."""
    with pytest.raises(ProviderError, match="has no renderYamlToDirectory: install the real plugin"):
        plugin.configure({"renderYamlToDirectory": "out"})
