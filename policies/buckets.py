"""The buckets of a stack, and the resources that guard each of them."""

from collections.abc import Iterator

from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource, Stack
from policies.tempo_config import store_of, tempo_files


def s3_types(kind: str = "") -> tuple[str, ...]:
    """Return both names of a type of S3; the provider still has the former one, with `V2` at its end."""
    return tuple(f"aws:s3/bucket{kind}{end}:Bucket{kind}{end}" for end in ("", "V2"))


BUCKET = s3_types()
ENCRYPTION = s3_types("ServerSideEncryptionConfiguration")
LIFECYCLE = s3_types("LifecycleConfiguration")
LOGGING = s3_types("Logging")
VERSIONING = s3_types("Versioning")
PUBLIC_ACCESS = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)
OWNERSHIP = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
POLICY = ("aws:s3/bucketPolicy:BucketPolicy",)


def guards(stack: Stack, bucket: Resource, types: tuple[str, ...]) -> list[Resource]:
    """Return the resources of these types that belong to a bucket."""
    return [guard for guard in stack.of_type(*types) if names(guard, "bucket", bucket)]


def names(resource: Resource, property_: str, bucket: Resource) -> bool:
    """Return whether a property names a bucket, by its name if both are known, else by its origin."""
    named, own = resource[property_], bucket["bucket"]
    if isinstance(named.value, str) and isinstance(own.value, str):
        return named.text() == own.text()
    return bucket.urn in resource.depends_on.get(property_, ())


def receives_logs(stack: Stack, bucket: Resource) -> bool:
    """Return whether another bucket's access logs go to this bucket, and no Tempo's traces."""
    receives = any(
        names(logging, "targetBucket", bucket) and not names(logging, "bucket", bucket)
        for logging in stack.of_type(*LOGGING)
    )
    return receives and not _is_store(stack, bucket)


def _is_store(stack: Stack, bucket: Resource) -> bool:
    """Return whether a Tempo of the stack keeps its traces in a bucket."""
    files = (file for config_map in stack.of_type(CONFIG_MAP) for file in tempo_files(config_map))
    return any(store_of(file.document)["bucket"].value == bucket["bucket"].value for file in files)


def data_buckets(stack: Stack) -> Iterator[Resource]:
    """Yield the buckets that hold data; not those for access logs, which S3 writes by rules of its own."""
    return (bucket for bucket in stack.of_type(*BUCKET) if not receives_logs(stack, bucket))


def rules_of(lifecycle: Resource) -> Iterator[Property]:
    """Yield the rules of a lifecycle that are in force."""
    return (rule for rule in lifecycle["rules"].items() if rule["status"].text() == "Enabled")


def is_for_all(rule: Property) -> bool:
    """Return whether a lifecycle rule holds for every object of the bucket."""
    chosen = rule["filter"]
    parts = [value for name, value in chosen.fields().items() if name != "prefix"]
    narrowed = any(not part.is_missing for part in parts)
    return not narrowed and not chosen["prefix"].text("") and not rule["prefix"].text("")
