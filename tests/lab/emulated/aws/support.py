"""The emulated plugin called in a few words, and the same endpoint as boto3 sees it."""

from dataclasses import dataclass
from functools import cache

import boto3
from mypy_boto3_iam import IAMClient
from mypy_boto3_kms import KMSClient
from mypy_boto3_s3 import S3Client

from lab.emulated.aws.plugin import AwsPlugin
from lab.emulated.diff import Change
from lab.emulated.plugin import Urn
from lab.emulated.values import Json, Properties

REGION = "eu-central-1"


def urn(token: str, name: str = "thing") -> Urn:
    """Return the name of a resource of the type `s3:Bucket`, as the engine writes it."""
    module, kind = token.split(":")
    return Urn(f"urn:pulumi:prod::project::aws:{module}/{kind[0].lower()}{kind[1:]}:{kind}::{name}")


@dataclass
class Made:
    """One resource, with the inputs and outputs that the engine would keep."""

    plugin: AwsPlugin
    urn: Urn
    id: str
    inputs: Properties
    state: Properties

    def diff(self, new: Json) -> tuple[Change, ...]:
        """Return what other inputs of the program would change."""
        return self.plugin.diff(self.urn, self.inputs, self._checked(new))

    def changed(self, new: Json) -> list[str]:
        """Return the changed properties; one that forces a replacement ends in `!`."""
        return sorted({f"{change.path[0]}{'!' if change.replaces else ''}" for change in self.diff(new)})

    def update(self, new: Json) -> None:
        """Change it to match other inputs of the program."""
        checked = self._checked(new)
        self.state = self.plugin.update(self.urn, self.id, checked, self.state)
        self.inputs = checked

    def refresh(self) -> bool:
        """Read it as it is now; return whether it still exists."""
        found, self.inputs, self.state = self.plugin.read(self.urn, self.id, self.inputs, self.state)
        return bool(found)

    def delete(self) -> None:
        """Delete it."""
        self.plugin.delete(self.urn, self.id, self.inputs)

    def _checked(self, new: Json) -> Properties:
        return self.plugin.check(self.urn, self.inputs, Properties(new), b"other seed")


@dataclass
class Aws:
    """The emulated plugin, and boto3 beside it."""

    plugin: AwsPlugin
    endpoint: str

    def make(self, token: str, inputs: Json) -> Made:
        """Create one resource from a program's inputs."""
        name = urn(token)
        checked = self.plugin.check(name, None, Properties(inputs), b"seed")
        resource_id, state = self.plugin.create(name, checked)
        return Made(self.plugin, name, resource_id, checked, state)

    def preview(self, token: str, inputs: Properties) -> Properties:
        """Return the outputs that a preview of one resource shows."""
        name = urn(token)
        checked = self.plugin.check(name, None, inputs, b"seed")
        resource_id, state = self.plugin.create(name, checked, preview=True)
        assert resource_id == ""
        return state

    @property
    def s3(self) -> S3Client:
        """S3 as anybody sees it."""
        return _session().client("s3", endpoint_url=self.endpoint)

    @property
    def kms(self) -> KMSClient:
        """KMS as anybody sees it."""
        return _session().client("kms", endpoint_url=self.endpoint)

    @property
    def iam(self) -> IAMClient:
        """IAM as anybody sees it."""
        return _session().client("iam", endpoint_url=self.endpoint)


# One for all tests: its first client of a service reads the service's model.
@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
