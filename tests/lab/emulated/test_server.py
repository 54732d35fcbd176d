"""The protocol's side, spoken to as the engine does, over gRPC."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.rpc.status_pb2 import Status
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub, add_ResourceProviderServicer_to_server

from lab.emulated.plugin import InitializationError, Urn
from lab.emulated.random import RandomPlugin
from lab.emulated.server import _Servicer
from lab.emulated.values import Properties
from lab.engine.plugins import write_launcher

URN = "urn:pulumi:dojo::project::random:index/randomPassword:RandomPassword::thing"


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResourceProviderStub]:
    """The random plugin as the engine starts it: its launcher, which prints its port first."""
    folder = tmp_path_factory.mktemp("launchers")
    write_launcher(folder, "random")
    command = [str(folder / "pulumi-resource-random"), "127.0.0.1:1"]
    with subprocess.Popen(command, cwd="/", stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            yield ResourceProviderStub(channel)
        process.terminate()
        assert process.wait(10) == 0


def test_a_launched_plugin_has_its_packages_version(launched: ResourceProviderStub) -> None:
    """The engine refuses a plugin of another version than the program asks for."""
    assert launched.GetPluginInfo(Empty()).version == version("pulumi_random")


def test_a_launched_plugin_makes_a_secret_password(launched: ResourceProviderStub) -> None:
    """From the launcher to a wrapped secret: the way of every password in a stack."""
    request = provider_pb2.CreateRequest(urn=URN, properties=Properties({"length": 12}).to_struct())
    made = Properties.from_struct(launched.Create(request).properties)
    assert len(made.values["result"]) == 12
    assert made.secrets == {"result"}


def test_a_refusal_reaches_the_engine_as_a_sentence(launched: ResourceProviderStub) -> None:
    """Not as a traceback."""
    request = provider_pb2.CheckRequest(urn=URN.replace("Password", "Pet"))
    with pytest.raises(grpc.RpcError) as caught:
        launched.Check(request)
    assert "install the real plugin" in str(caught.value.details())


def test_functions_are_refused(launched: ResourceProviderStub) -> None:
    """The plugin has none, and an empty answer would be taken for a result."""
    with pytest.raises(grpc.RpcError) as caught:
        launched.Invoke(provider_pb2.InvokeRequest(tok="random:index:anything"))
    assert "has no functions, but got random:index:anything" in str(caught.value.details())


class _NeverReady(RandomPlugin):
    def create(self, urn: Urn, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        del preview
        state = Properties({"made": True, "key": "x"}, frozenset({"key"}))
        raise InitializationError("place/thing", state, inputs, f"{urn.name} is not ready")


def test_a_resource_that_is_not_ready_is_handed_over_with_the_error() -> None:
    """Without id and state in the error the engine would forget a resource that exists."""
    workers = ThreadPoolExecutor(2)
    server = grpc.server(workers)
    add_ResourceProviderServicer_to_server(_Servicer("4.0.0", workers.submit(_NeverReady)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, pytest.raises(grpc.RpcError) as caught:
        ResourceProviderStub(channel).Create(provider_pb2.CreateRequest(urn=URN))
    server.stop(None).wait()
    sent = {datum.key: datum.value for datum in caught.value.trailing_metadata() or ()}
    failed = provider_pb2.ErrorResourceInitFailed()
    assert Status.FromString(sent["grpc-status-details-bin"]).details[0].Unpack(failed)
    assert (failed.id, list(failed.reasons)) == ("place/thing", ["thing is not ready"])
    assert Properties.from_struct(failed.properties).secrets == {"key"}


def test_launchers_that_are_right_are_left_alone(tmp_path: Path) -> None:
    """An engine may be starting one at the moment that another run prepares."""
    write_launcher(tmp_path, "random")
    before = (tmp_path / "pulumi-resource-random").stat().st_mtime_ns
    write_launcher(tmp_path, "random")
    assert (tmp_path / "pulumi-resource-random").stat().st_mtime_ns == before
