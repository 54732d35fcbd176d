"""The emulated plugin as the engine starts and calls it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from lab.emulated.values import Properties
from lab.engine.plugins import write_launcher
from tests.lab.emulated.aws.support import Aws

BUCKET = "urn:pulumi:prod::project::aws:s3/bucket:Bucket::thing"
# A profile that does not exist would fail every call, and a proxy would see it.
_PERSONS_OWN = {"AWS_PROFILE": "no-such-profile", "HTTP_PROXY": "http://127.0.0.1:9"}
REGION = Properties({"region": "eu-central-1"}).to_struct()


@contextmanager
def _launched(folder: Path, endpoint: str) -> Iterator[ResourceProviderStub]:
    write_launcher(folder, "aws")
    environment = {**os.environ, **_PERSONS_OWN, "AWS_ENDPOINT_URL": endpoint}
    command = [str(folder / "pulumi-resource-aws"), "127.0.0.1:1"]
    with subprocess.Popen(command, cwd="/", stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            yield ResourceProviderStub(channel)
        process.terminate()
        assert process.wait(10) == 0


def test_a_launched_plugin_answers_and_makes_reads_and_deletes_a_bucket(aws: Aws, tmp_path: Path) -> None:
    """The engine gives the id, and nothing else names a resource."""
    with _launched(tmp_path, aws.endpoint) as plugin:
        assert plugin.GetPluginInfo(Empty()).version == version("pulumi_aws")
        plugin.Configure(provider_pb2.ConfigureRequest(args=REGION))
        answer = plugin.Invoke(provider_pb2.InvokeRequest(tok="aws:index/getPartition:getPartition"))
        assert Properties.from_struct(getattr(answer, "return")).values["partition"] == "aws"
        news = Properties({"bucket": "traces"}).to_struct()
        inputs = plugin.Check(provider_pb2.CheckRequest(urn=BUCKET, news=news)).inputs
        made = plugin.Create(provider_pb2.CreateRequest(urn=BUCKET, properties=inputs))
        assert Properties.from_struct(made.properties).values["arn"] == "arn:aws:s3:::traces"
        again = provider_pb2.UpdateRequest(urn=BUCKET, id=made.id, olds=made.properties, news=inputs)
        assert plugin.Update(again).properties == made.properties
        seen = plugin.Read(
            provider_pb2.ReadRequest(urn=BUCKET, id=made.id, properties=made.properties, inputs=inputs)
        )
        assert (seen.id, seen.inputs, seen.properties) == ("traces", inputs, made.properties)
        plugin.Delete(provider_pb2.DeleteRequest(urn=BUCKET, id=made.id, old_inputs=inputs))
    assert aws.s3.list_buckets()["Buckets"] == []


def test_a_launched_plugin_refuses_a_real_cloud(tmp_path: Path) -> None:
    with _launched(tmp_path, "https://s3.amazonaws.com") as plugin, pytest.raises(grpc.RpcError) as caught:
        plugin.Configure(provider_pb2.ConfigureRequest(args=REGION))
    assert "never reaches a real cloud" in str(caught.value.details())
