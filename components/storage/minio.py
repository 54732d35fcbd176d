"""MinIO in the cluster: one server, one drive, for environments without a cloud's object store."""

from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes import containers, volumes
from components.kubernetes.pods import SHORT_GRACE_SECONDS, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import HeadlessServiceArgs, headless_service, service
from components.kubernetes.service_account import service_account
from components.storage.store_keys import ACCESS_KEY, SECRET_KEY, StoreKeys, StoreKeysArgs
from plan.containers import go_memory_limit_mib, local_disk
from render.names import MINIO, MINIO_DATA_FOLDER, MINIO_PORT, headless
from settings.object_store import Minio

_ENCRYPTION_KEY = "encryption_key"
_ENCRYPTION_KEY_BYTES = 32
_S3_PORT = "s3"
_PORTS = {_S3_PORT: MINIO_PORT}
_SCRATCH_MIB = 64


@dataclass(frozen=True, kw_only=True)
class MinioStoreArgs:
    """Settings of the server."""

    context: Context
    image: str
    settings: Minio
    abort_multipart_days: int


class MinioStore(pulumi.ComponentResource):
    """The server with its own root credentials and a generated key that encrypts data at rest."""

    root_secret_name: pulumi.Output[str]
    server: apps.StatefulSet

    def __init__(self, name: str, args: MinioStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create credentials, encryption key, Services and StatefulSet."""
        super().__init__("fawkes:tracing:MinioStore", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=MINIO)
        root_keys = StoreKeysArgs(context=args.context, component=MINIO)
        self.root_secret_name = StoreKeys(scope.child("root"), root_keys, scope.options).secret_name
        self._encryption_secret_name = self._encryption_key().metadata.name
        service(scope, _PORTS)
        headless_service(scope, HeadlessServiceArgs(name=headless(MINIO), pods=scope.pods, ports=_PORTS))
        self.server = self._stateful_set(service_account(scope).metadata.name)
        self.register_outputs({"root_secret_name": self.root_secret_name})

    def _encryption_key(self) -> core.Secret:
        # Protected like the data that it encrypts: a kept volume is unreadable without it. The fixed name makes
        # the API server refuse another key where this one was kept, instead of both existing side by side.
        scope = self._scope
        key = random.RandomBytes(
            scope.child("encryption"), length=_ENCRYPTION_KEY_BYTES, opts=scope.stateful_options
        )
        return core.Secret(
            scope.child("encryption-secret"),
            metadata=scope.metadata(f"{MINIO}-encryption"),
            # MinIO's notation: the key's name, a colon, base64.
            string_data={_ENCRYPTION_KEY: pulumi.Output.concat("fawkes-tracing:", key.base64)},
            immutable=True,
            opts=scope.stateful_options,
        )

    def _stateful_set(self, account: pulumi.Output[str]) -> apps.StatefulSet:
        scope = self._scope
        spec = apps.StatefulSetSpecArgs(
            service_name=headless(MINIO),
            replicas=1,
            selector=scope.selector,
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(labels=scope.labels),
                spec=pod(
                    PodArgs(
                        context=scope.context,
                        service_account=account,
                        container=self._container(),
                        volumes=[volumes.scratch_volume("tmp", _SCRATCH_MIB)],
                        # Acknowledged data is on the drive already, and a single drive has nothing to heal.
                        grace_seconds=SHORT_GRACE_SECONDS,
                    )
                ),
            ),
            volume_claim_templates=[volumes.claim_template(scope, "data", self._args.settings.volume_size_gib)],
            persistent_volume_claim_retention_policy=volumes.claim_retention(scope.context.environment),
        )
        return apps.StatefulSet(
            scope.child("server"), metadata=scope.metadata(), spec=spec, opts=scope.stateful_options
        )

    def _container(self) -> core.ContainerArgs:
        resources = self._args.settings.resources
        return core.ContainerArgs(
            name=MINIO,
            image=self._args.image,
            args=["server", MINIO_DATA_FOLDER, "--address", f":{MINIO_PORT}"],
            env=[
                *self._environment(),
                containers.go_memory_limit(go_memory_limit_mib(resources.memory_limit_mib)),
            ],
            ports=containers.ports(_PORTS),
            resources=containers.resources(resources, local_disk(_SCRATCH_MIB)),
            security_context=containers.container_security(),
            readiness_probe=containers.http_probe("/minio/health/ready", _S3_PORT, period_seconds=2),
            liveness_probe=containers.http_probe("/minio/health/live", _S3_PORT, period_seconds=20),
            volume_mounts=[
                core.VolumeMountArgs(name="data", mount_path=MINIO_DATA_FOLDER),
                core.VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 - a volume of the Pod's own
            ],
        )

    def _environment(self) -> list[core.EnvVarArgs]:
        root, expiry_hours = self.root_secret_name, self._args.abort_multipart_days * 24
        return [
            containers.from_secret("MINIO_ROOT_USER", root, ACCESS_KEY),
            containers.from_secret("MINIO_ROOT_PASSWORD", root, SECRET_KEY),
            containers.from_secret("MINIO_KMS_SECRET_KEY", self._encryption_secret_name, _ENCRYPTION_KEY),
            # MinIO has no lifecycle rule for unfinished uploads; this variable replaces it.
            core.EnvVarArgs(name="MINIO_API_STALE_UPLOADS_EXPIRY", value=f"{expiry_hours}h"),
            core.EnvVarArgs(name="MINIO_BROWSER", value="off"),
            # No update check: the version is pinned, and the network is closed.
            core.EnvVarArgs(name="MINIO_UPDATE", value="off"),
            # The default home folder is read-only.
            core.EnvVarArgs(name="HOME", value="/tmp"),  # noqa: S108 - a volume of the Pod's own
        ]
