"""The store of all blocks, whatever its kind: keys, and where we run it or set it up, those too."""

from dataclasses import dataclass

import pulumi

from components.configuration import image_setting, secret_setting
from components.kubernetes.labels import labels
from components.storage.bucket_setup import BucketSetup, BucketSetupArgs
from components.storage.credentials import StoreKeys, StoreKeysArgs
from components.storage.minio import MinioStore, MinioStoreArgs
from render.names import MINIO
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class ObjectStoreArgs:
    """Wiring, settings, and the rendered files of the bucket's set-up."""

    namespace: pulumi.Input[str]
    settings: StackSettings
    setup_files: dict[str, str]


class ObjectStore(pulumi.ComponentResource):
    """A bucket that is ready when this component is, and the Secret with which Tempo may use it."""

    keys_secret: pulumi.Output[str]
    ready: list[pulumi.Resource]

    def __init__(self, name: str, args: ObjectStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the keys, MinIO when it is wanted, and the bucket's set-up."""
        super().__init__("fawkes:tracing:ObjectStore", name, None, opts)
        self._name, self._args = name, args
        self._labels = labels(args.settings.environment, "object-store")
        child = pulumi.ResourceOptions(parent=self)
        minio = self._minio(child)
        tempo_keys = self._keys(minio)
        self.keys_secret = tempo_keys.secret_name
        self.ready = [self._setup(minio, tempo_keys)]
        self.register_outputs({"keys_secret": self.keys_secret})

    def _minio(self, child: pulumi.ResourceOptions) -> MinioStore | None:
        settings = self._args.settings
        if settings.object_store.minio is None:
            return None
        return MinioStore(
            f"{self._name}-{MINIO}",
            MinioStoreArgs(
                namespace=self._args.namespace,
                environment=settings.environment,
                image=image_setting("object_store", settings.images.object_store),
                settings=settings.object_store.minio,
                abort_multipart_days=settings.object_store.abort_multipart_days,
            ),
            child,
        )

    def _keys(self, minio: MinioStore | None) -> StoreKeys:
        """Return Tempo's keys: generated for our own MinIO, else the operator's."""
        return StoreKeys(
            f"{self._name}-tempo",
            StoreKeysArgs(
                namespace=self._args.namespace,
                labels=self._labels,
                access_key=None if minio else secret_setting("object_store_access_key"),
                secret_key=None if minio else secret_setting("object_store_secret_key"),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _setup(self, minio: MinioStore | None, tempo_keys: StoreKeys) -> BucketSetup:
        return BucketSetup(
            f"{self._name}-setup",
            BucketSetupArgs(
                namespace=self._args.namespace,
                labels=self._labels,
                image=image_setting("object_store_client", self._args.settings.images.object_store_client),
                files=self._args.setup_files,
                keys_secret=minio.root_secret_name if minio else tempo_keys.secret_name,
                tempo_keys_secret=tempo_keys.secret_name,
            ),
            pulumi.ResourceOptions(parent=self, depends_on=[minio.server] if minio else []),
        )
