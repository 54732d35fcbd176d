"""Show what was created on the simulated target: resources by kind, and what its cloud reports."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from rich.console import Console
from rich.table import Column, Table

from lab.target.target import Target
from settings.stack import StackSettings


def show(target: Target, stack: str, settings: StackSettings, console: Console) -> None:
    """Print the number of resources of each kind, what the cloud reports, and the commands that show more."""
    resources: list[dict[str, Any]] = target.engine(stack).export_state()["deployment"]["resources"]
    table = Table(Column("created", overflow="fold"), Column("", overflow="fold"), box=None)
    for kind, count in sorted(counted(resources).items()):
        table.add_row(kind, str(count))
    for what, said in _cloud(target.environment, settings):
        table.add_row(what, said)
    console.print(table, highlight=False)
    console.print(
        "\nThe nodes and the cloud are simulated: every resource was accepted, but no Pod really runs.\n"
        f"  make status STACK={stack}\n"
        f"  make preview STACK={stack}           after a change of the stack file\n"
        f'  eval "$(make -s env)"             then kubectl -n {settings.environment.namespace} get pods -o wide\n'
        f"  make down                         stops it; the next start begins empty\n",
        highlight=False,
        markup=False,
    )


def counted(resources: list[dict[str, Any]]) -> Counter[str]:
    """Count the resources in an engine's state by kind, as in `StatefulSet`, without components."""
    types = (str(resource["type"]) for resource in resources)
    # Left out are resources of the engine itself, and components, which only group others.
    return Counter(name.rpartition(":")[2] for name in types if not name.startswith(("pulumi:", "fawkes:")))


def cloud_session(environment: Mapping[str, str], region: str) -> boto3.Session:
    """Return a session with the credentials in a target's environment instead of this machine's own."""
    direct = botocore.session.get_session()
    # A proxy has no route to the node.
    direct.set_default_client_config(Config(proxies={}))
    return boto3.Session(
        botocore_session=direct,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=region,
    )


def _cloud(environment: Mapping[str, str], settings: StackSettings) -> Iterator[tuple[str, str]]:
    """Yield the buckets, KMS keys and roles that the simulated cloud itself reports."""
    session = cloud_session(environment, settings.object_store.region)
    address = environment["AWS_ENDPOINT_URL"]
    for bucket in session.client("s3", endpoint_url=address).list_buckets()["Buckets"]:
        yield "bucket", bucket["Name"]
    for alias in session.client("kms", endpoint_url=address).list_aliases()["Aliases"]:
        if "TargetKeyId" in alias and not alias["AliasName"].startswith("alias/aws/"):
            yield "key", f"{alias['AliasName']} ({alias['TargetKeyId']})"
    for role in session.client("iam", endpoint_url=address).list_roles()["Roles"]:
        yield "role", role["Arn"]
