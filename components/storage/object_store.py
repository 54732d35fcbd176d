"""MinIO or any S3-compatible endpoint: credentials, MinIO's server if we run it, and the bucket-setup Job."""

from dataclasses import dataclass

import pulumi

from components.configuration import image_setting, secret_setting
from components.context import Context
from components.storage.bucket_setup import BucketSetup, BucketSetupArgs
from components.storage.minio import MinioStore, MinioStoreArgs
from components.storage.store_keys import StoreKeys, StoreKeysArgs
from render.names import BUCKET_SETUP, MINIO
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class ObjectStoreArgs:
    """Settings, and the rendered files of the bucket's setup."""

    context: Context
    settings: StackSettings
    setup_files: dict[str, str]


class ObjectStore(pulumi.ComponentResource):
    """A bucket, and the Secret with Tempo's credentials for it; `ready` lists what Tempo must wait for."""

    keys_secret: pulumi.Output[str]
    ready: list[pulumi.Resource]

    def __init__(self, name: str, args: ObjectStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the credentials, MinIO if the settings have it, and the bucket's setup."""
        super().__init__("fawkes:tracing:ObjectStore", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        minio = self._minio()
        tempo_keys = self._tempo_keys(minio)
        self.keys_secret = tempo_keys.secret_name
        self.ready = [self._setup(minio, tempo_keys)]
        self.register_outputs({"keys_secret": self.keys_secret})

    def _minio(self) -> MinioStore | None:
        settings = self._args.settings
        if settings.object_store.minio is None:
            return None
        args = MinioStoreArgs(
            context=self._args.context,
            image=image_setting("object_store", settings.images.object_store, settings.images.mirror),
            settings=settings.object_store.minio,
            abort_multipart_days=settings.object_store.abort_multipart_days,
        )
        return MinioStore(f"{self._name}-{MINIO}", args, self._child)

    def _tempo_keys(self, minio: MinioStore | None) -> StoreKeys:
        """Return Tempo's credentials: generated for our own MinIO, otherwise the operator's."""
        args = StoreKeysArgs(
            context=self._args.context,
            component=BUCKET_SETUP,
            access_key=None if minio else secret_setting("object_store_access_key"),
            secret_key=None if minio else secret_setting("object_store_secret_key"),
        )
        return StoreKeys(f"{self._name}-tempo", args, self._child)

    def _setup(self, minio: MinioStore | None, tempo_keys: StoreKeys) -> BucketSetup:
        images = self._args.settings.images
        args = BucketSetupArgs(
            context=self._args.context,
            component=BUCKET_SETUP,
            image=image_setting("object_store_client", images.object_store_client, images.mirror),
            files=self._args.setup_files,
            admin_secret=minio.root_secret_name if minio else tempo_keys.secret_name,
            tempo_secret=tempo_keys.secret_name,
        )
        opts = pulumi.ResourceOptions(parent=self, depends_on=[minio.server] if minio else [])
        return BucketSetup(f"{self._name}-setup", args, opts)
