"""The Job that configures the bucket as the settings say (docs/adr/0003)."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.batch import v1 as batch
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes import containers, volumes
from components.kubernetes.config_map import config_map
from components.kubernetes.pods import CONFIG_CHECKSUM, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service_account import service_account
from components.storage.store_keys import ACCESS_KEY, SECRET_KEY
from plan.containers import local_disk
from render.storage.bucket_setup import SCRIPT_FILE, SETUP_FOLDER
from render.text import files_checksum
from settings.base import Resources

# The client's process alone takes 130 MB (measured: killed at 128 MiB), although it sends few requests.
_RESOURCES = Resources(
    cpu_request_millicores=10, cpu_limit_millicores=500, memory_request_mib=128, memory_limit_mib=512
)
# The script itself waits a minute for the store; a second and third Pod cover the loss of a node.
_RETRIES = 2
_SCRATCH_MIB = 16


@dataclass(frozen=True, kw_only=True)
class BucketSetupArgs:
    """`files` are the script and what it reads, by file name; `admin_secret` holds admin credentials."""

    context: Context
    component: str
    image: str
    files: dict[str, str]
    admin_secret: pulumi.Input[str]
    tempo_secret: pulumi.Input[str]


class BucketSetup(pulumi.ComponentResource):
    """A ConfigMap and a Job; a change to either runs the script again."""

    job: batch.Job

    def __init__(self, name: str, args: BucketSetupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the files and the Job that runs them."""
        super().__init__("fawkes:tracing:BucketSetup", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=args.component)
        config = config_map(scope, args.files, "files")
        account = service_account(scope, scope.unnamed_metadata())
        # A generated name: a Job is immutable, so a changed one is created beside the old.
        self.job = batch.Job(
            scope.child("job"),
            metadata=scope.unnamed_metadata(),
            spec=batch.JobSpecArgs(
                backoff_limit=_RETRIES, template=self._template(config.metadata.name, account.metadata.name)
            ),
            opts=scope.options,
        )
        self.register_outputs({"job_name": self.job.metadata.name})

    def _template(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> core.PodTemplateSpecArgs:
        return core.PodTemplateSpecArgs(
            metadata=meta.ObjectMetaArgs(
                labels=self._scope.labels,
                annotations={CONFIG_CHECKSUM: files_checksum(self._args.files)},
            ),
            spec=pod(
                PodArgs(
                    context=self._args.context,
                    service_account=account,
                    container=self._container(),
                    volumes=[
                        volumes.config_volume("setup", config),
                        volumes.scratch_volume("tmp", _SCRATCH_MIB),
                    ],
                    restart_policy="Never",
                )
            ),
        )

    def _container(self) -> core.ContainerArgs:
        admin, tempo = self._args.admin_secret, self._args.tempo_secret
        return core.ContainerArgs(
            name="setup",
            image=self._args.image,
            command=["/bin/sh", f"{SETUP_FOLDER}/{SCRIPT_FILE}"],
            env=[
                containers.from_secret("ACCESS_KEY", admin, ACCESS_KEY),
                containers.from_secret("SECRET_KEY", admin, SECRET_KEY),
                containers.from_secret("TEMPO_ACCESS_KEY", tempo, ACCESS_KEY),
                containers.from_secret("TEMPO_SECRET_KEY", tempo, SECRET_KEY),
                # The client stores its aliases there; the root file system is read-only.
                core.EnvVarArgs(name="MC_CONFIG_DIR", value="/tmp/mc"),  # noqa: S108 - a volume of the Pod's own
            ],
            resources=containers.resources(_RESOURCES, local_disk(_SCRATCH_MIB)),
            security_context=containers.container_security(),
            volume_mounts=[
                core.VolumeMountArgs(name="setup", mount_path=SETUP_FOLDER, read_only=True),
                core.VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 - a volume of the Pod's own
            ],
        )
