"""MinIO in the cluster: one server, one drive, for environments without a cloud's object store."""

from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers
from components.kubernetes.headless_service import HeadlessServiceArgs, headless_service
from components.kubernetes.labels import labels, selector
from components.storage.credentials import ACCESS_KEY, SECRET_KEY, StoreKeys, StoreKeysArgs
from plan.containers import go_memory_limit_mib
from render.names import MINIO, MINIO_DATA_FOLDER, MINIO_PORT, headless
from settings.environment import Environment
from settings.object_store import Minio

_ENCRYPTION_KEY = "encryption_key"
_ENCRYPTION_KEY_BYTES = 32
_S3_PORT = "s3"
_PORTS = {_S3_PORT: MINIO_PORT}


@dataclass(frozen=True, kw_only=True)
class MinioStoreArgs:
    """Wiring and settings of the server."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    settings: Minio
    abort_multipart_days: int


class MinioStore(pulumi.ComponentResource):
    """The server with its own root keys and a generated key that encrypts what is at rest."""

    root_secret_name: pulumi.Output[str]
    server: apps.StatefulSet

    def __init__(self, name: str, args: MinioStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create keys, Services and StatefulSet."""
        super().__init__("fawkes:tracing:MinioStore", name, None, opts)
        self._name, self._args = name, args
        self._labels = labels(args.environment, MINIO)
        self.root_secret_name = self._root_keys().secret_name
        self._encryption_secret_name = self._encryption_key().metadata.name
        self._service()
        self._governing_service()
        account = self._account()
        self.server = self._stateful_set(account.metadata.name)
        self.register_outputs({"root_secret_name": self.root_secret_name})

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _metadata(self) -> meta.ObjectMetaArgs:
        return meta.ObjectMetaArgs(name=MINIO, namespace=self._args.namespace, labels=self._labels)

    def _root_keys(self) -> StoreKeys:
        return StoreKeys(
            f"{self._name}-root",
            StoreKeysArgs(namespace=self._args.namespace, labels=self._labels),
            self._child(),
        )

    def _encryption_key(self) -> core.Secret:
        # As careful with the key as with what it encrypts: without it a volume that is kept holds nothing. Under a
        # fixed name, so that another key is refused where this one was kept, instead of being used beside it.
        care = containers.stateful(self, self._args.environment)
        key = random.RandomBytes(f"{self._name}-encryption", length=_ENCRYPTION_KEY_BYTES, opts=care)
        return core.Secret(
            f"{self._name}-encryption-secret",
            metadata=meta.ObjectMetaArgs(
                name=f"{MINIO}-encryption", namespace=self._args.namespace, labels=self._labels
            ),
            # MinIO's notation: name of the key, colon, base64.
            string_data={_ENCRYPTION_KEY: pulumi.Output.concat("fawkes-tracing:", key.base64)},
            immutable=True,
            opts=care,
        )

    def _account(self) -> core.ServiceAccount:
        return core.ServiceAccount(
            f"{self._name}-account",
            metadata=self._metadata(),
            automount_service_account_token=False,
            opts=self._child(),
        )

    def _service(self) -> core.Service:
        spec = core.ServiceSpecArgs(selector=selector(MINIO), ports=containers.service_ports(_PORTS))
        return core.Service(f"{self._name}-service", metadata=self._metadata(), spec=spec, opts=self._child())

    def _governing_service(self) -> None:
        headless_service(
            f"{self._name}-headless",
            self,
            HeadlessServiceArgs(
                name=headless(MINIO),
                namespace=self._args.namespace,
                environment=self._args.environment,
                pods=selector(MINIO),
                ports=_PORTS,
            ),
        )

    def _stateful_set(self, account: pulumi.Output[str]) -> apps.StatefulSet:
        environment = self._args.environment
        spec = apps.StatefulSetSpecArgs(
            service_name=headless(MINIO),
            replicas=1,
            selector=meta.LabelSelectorArgs(match_labels=selector(MINIO)),
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(labels=self._labels),
                spec=core.PodSpecArgs(
                    service_account_name=account,
                    automount_service_account_token=False,
                    enable_service_links=False,
                    # What it has acknowledged is on its drive, and a single drive has nothing left to heal.
                    termination_grace_period_seconds=containers.SHORT_GRACE_SECONDS,
                    security_context=containers.pod_security(),
                    containers=[self._container()],
                    volumes=[containers.scratch_volume("tmp", size_mib=64)],
                ),
            ),
            volume_claim_templates=[containers.claim_template("data", self._args.settings.volume_size_gib, MINIO)],
            persistent_volume_claim_retention_policy=containers.claim_retention(environment),
        )
        return apps.StatefulSet(
            f"{self._name}-server",
            metadata=self._metadata(),
            spec=spec,
            opts=containers.stateful(self, environment),
        )

    def _container(self) -> core.ContainerArgs:
        settings, secret = self._args.settings, self.root_secret_name
        return core.ContainerArgs(
            name=MINIO,
            image=self._args.image,
            args=["server", MINIO_DATA_FOLDER, "--address", f":{MINIO_PORT}"],
            env=[
                containers.from_secret("MINIO_ROOT_USER", secret, ACCESS_KEY),
                containers.from_secret("MINIO_ROOT_PASSWORD", secret, SECRET_KEY),
                containers.from_secret("MINIO_KMS_SECRET_KEY", self._encryption_secret_name, _ENCRYPTION_KEY),
                # MinIO has no lifecycle rule for unfinished uploads; this is its own way.
                core.EnvVarArgs(
                    name="MINIO_API_STALE_UPLOADS_EXPIRY", value=f"{self._args.abort_multipart_days * 24}h"
                ),
                core.EnvVarArgs(name="MINIO_BROWSER", value="off"),
                # Nothing to ask: the program names the version, and the network is closed.
                core.EnvVarArgs(name="MINIO_UPDATE", value="off"),
                # Away from the read-only home folder.
                core.EnvVarArgs(name="HOME", value="/tmp"),  # noqa: S108 - a volume of the Pod's own
                containers.go_memory_limit(go_memory_limit_mib(settings.resources.memory_limit_mib)),
            ],
            ports=containers.ports(_PORTS),
            resources=containers.resources(settings.resources),
            security_context=containers.container_security(),
            readiness_probe=containers.http_probe("/minio/health/ready", _S3_PORT, period_seconds=2),
            liveness_probe=containers.http_probe("/minio/health/live", _S3_PORT, period_seconds=20),
            volume_mounts=[
                core.VolumeMountArgs(name="data", mount_path=MINIO_DATA_FOLDER),
                core.VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 - a volume of the Pod's own
            ],
        )
