"""MinIO encrypts what it stores."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, name_of
from policies.property import Property
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation

# A MinIO server has root credentials, whatever its image is called.
_SERVER = ("MINIO_ROOT_USER", "MINIO_ROOT_USER_FILE", "MINIO_ROOT_PASSWORD", "MINIO_ACCESS_KEY")
_LOCAL_KEY = "MINIO_KMS_SECRET_KEY"
# An external key service instead of a key of its own.
_KEY_SERVICES = ("MINIO_KMS_KES_ENDPOINT", "MINIO_KMS_SERVER")
_ALWAYS = "MINIO_KMS_AUTO_ENCRYPTION"
# MinIO's client sets a bucket's default encryption so; its scripts are in ConfigMaps.
_BY_SCRIPT = "mc encrypt set"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each MinIO server without a key from a Secret, and each that no bucket makes use it."""
    for workload in stack.of_type(*WORKLOADS):
        for container in containers(workload):
            variables = {one["name"].text(): one for one in container["env"].items()}
            if not variables.keys().isdisjoint(_SERVER):
                for sentence in _server(stack, variables):
                    yield Violation(workload, f"{name_of(container)} {sentence}.")


def _server(stack: Stack, variables: dict[str, Property]) -> Iterator[str]:
    key = variables.get(_LOCAL_KEY)
    if key is None and variables.keys().isdisjoint(_KEY_SERVICES):
        yield f"has no key to encrypt with: {_LOCAL_KEY} is missing"
    elif key is not None and key["valueFrom"]["secretKeyRef"].is_missing:
        yield f"reads {_LOCAL_KEY} from somewhere else than a Secret"
    elif not _encrypts_all(variables) and not _script_encrypts(stack):
        yield f"encrypts nothing by default: neither {_ALWAYS} nor a script's '{_BY_SCRIPT}' is there"


def _encrypts_all(variables: dict[str, Property]) -> bool:
    return _ALWAYS in variables and variables[_ALWAYS]["value"].text("") == "on"


def _script_encrypts(stack: Stack) -> bool:
    files = (
        file for found in stack.of_type("kubernetes:core/v1:ConfigMap") for file in found["data"].fields().values()
    )
    return any(isinstance(file.value, str) and _BY_SCRIPT in file.text() for file in files)


RULE = StackRule(
    name="minio-encrypts-at-rest",
    promise="A MinIO server encrypts every object with a key from a Secret.",
    severity=Severity.HIGH,
    to_do="Give the server MINIO_KMS_SECRET_KEY from a Secret, and set object_store.encryption to sse_s3.",
    check=check,
)
