"""The Job that makes the bucket what the settings say (docs/adr/0003)."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.batch import v1 as batch
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers
from components.storage.credentials import ACCESS_KEY, SECRET_KEY
from render.storage.bucket_setup import SCRIPT_FILE, SETUP_FOLDER
from render.text import files_checksum
from settings.base import Resources

# The client's process alone takes 130 MB (measured: killed at 128 MiB), although it sends few requests.
_RESOURCES = Resources(
    cpu_request_millicores=10, cpu_limit_millicores=500, memory_request_mib=128, memory_limit_mib=512
)
# The script itself waits a minute for the store; a second and third Pod cover a node that went away.
_RETRIES = 2


@dataclass(frozen=True, kw_only=True)
class BucketSetupArgs:
    """Wiring: `files` are the script and what it reads, by file name; `keys_secret` must administer the bucket."""

    namespace: pulumi.Input[str]
    labels: dict[str, str]
    image: str
    files: dict[str, str]
    keys_secret: pulumi.Input[str]
    tempo_keys_secret: pulumi.Input[str]


class BucketSetup(pulumi.ComponentResource):
    """A ConfigMap and a Job; a change of either's text runs the script again."""

    job: batch.Job

    def __init__(self, name: str, args: BucketSetupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the files and the Job that runs them."""
        super().__init__("fawkes:tracing:BucketSetup", name, None, opts)
        self._args = args
        child = pulumi.ResourceOptions(parent=self)
        metadata = meta.ObjectMetaArgs(namespace=args.namespace, labels=args.labels)
        config = containers.config_map(f"{name}-files", self, args.namespace, args.labels, args.files)
        account = core.ServiceAccount(
            f"{name}-account", metadata=metadata, automount_service_account_token=False, opts=child
        )
        # Without a fixed name: a Job cannot be changed, so a new one takes its place.
        self.job = batch.Job(
            f"{name}-job",
            metadata=metadata,
            spec=batch.JobSpecArgs(
                backoff_limit=_RETRIES, template=self._pod(config.metadata.name, account.metadata.name)
            ),
            opts=child,
        )
        self.register_outputs({"job_name": self.job.metadata.name})

    def _pod(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> core.PodTemplateSpecArgs:
        return core.PodTemplateSpecArgs(
            metadata=meta.ObjectMetaArgs(
                labels=self._args.labels,
                annotations={containers.CONFIG_CHECKSUM: files_checksum(self._args.files)},
            ),
            spec=core.PodSpecArgs(
                restart_policy="Never",
                service_account_name=account,
                automount_service_account_token=False,
                enable_service_links=False,
                security_context=containers.pod_security(),
                containers=[self._container()],
                volumes=[
                    containers.config_volume("setup", config),
                    containers.scratch_volume("tmp", size_mib=16),
                ],
            ),
        )

    def _container(self) -> core.ContainerArgs:
        keys, tempo_keys = self._args.keys_secret, self._args.tempo_keys_secret
        return core.ContainerArgs(
            name="setup",
            image=self._args.image,
            command=["/bin/sh", f"{SETUP_FOLDER}/{SCRIPT_FILE}"],
            env=[
                containers.from_secret("ACCESS_KEY", keys, ACCESS_KEY),
                containers.from_secret("SECRET_KEY", keys, SECRET_KEY),
                containers.from_secret("TEMPO_ACCESS_KEY", tempo_keys, ACCESS_KEY),
                containers.from_secret("TEMPO_SECRET_KEY", tempo_keys, SECRET_KEY),
                # The client keeps its aliases there; the root file system is read-only.
                core.EnvVarArgs(name="MC_CONFIG_DIR", value="/tmp/mc"),  # noqa: S108 - a volume of the Pod's own
            ],
            resources=containers.resources(_RESOURCES),
            security_context=containers.container_security(),
            volume_mounts=[
                core.VolumeMountArgs(name="setup", mount_path=SETUP_FOLDER, read_only=True),
                core.VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 - a volume of the Pod's own
            ],
        )
