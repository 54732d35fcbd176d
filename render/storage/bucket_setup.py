"""The script that creates and configures the bucket with MinIO's client `mc`, and the files that it reads.

The script runs in the cluster, so the operator's machine need not reach the store, and it may run any number
of times. It works with every S3-compatible store; Amazon's buckets are resources of their own.
"""

from plan.plan import Plan
from render.storage.iam import TEMPO_BUCKET_ACTIONS, TEMPO_OBJECT_ACTIONS
from render.storage.lifecycle import lifecycle_rules
from render.tempo.config import store_endpoint
from render.text import Config, to_json
from settings.object_store import ObjectStore
from settings.stack import StackSettings

SCRIPT_FILE = "setup.sh"
LIFECYCLE_FILE = "lifecycle.json"
_POLICY_FILE = "policy.json"
# Mount path of the files.
SETUP_FOLDER = "/setup"
# Seconds that the store may take to answer after its Pod is ready; MinIO heals its drive first.
_READY_TRIES = 60
# Beyond the list in Tempo's manual: to find the bucket's region, and to abort a broken upload at once.
_OBJECT_ACTIONS = sorted((*TEMPO_OBJECT_ACTIONS, "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"))
_BUCKET_ACTIONS = sorted((*TEMPO_BUCKET_ACTIONS, "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"))


def setup_files(settings: StackSettings, plan: Plan) -> dict[str, str]:
    """Return the script and the files that it reads, by file name; empty for Amazon S3."""
    store = settings.object_store
    if store.kind == "aws_s3":
        return {}
    files = {
        SCRIPT_FILE: _script(store, settings.environment.namespace),
        LIFECYCLE_FILE: lifecycle_document(lifecycle_rules(settings, plan)),
    }
    if store.kind == "minio":
        files[_POLICY_FILE] = to_json(bucket_policy(store.bucket))
    return files


def lifecycle_document(rules: list[Config]) -> str:
    """Return the lifecycle configuration of a bucket as JSON."""
    return to_json({"Rules": rules})


def bucket_policy(bucket: str) -> Config:
    """Return the policy document of Tempo's user in MinIO: it allows nothing outside its bucket."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": _BUCKET_ACTIONS, "Resource": [arn]},
            {"Effect": "Allow", "Action": _OBJECT_ACTIONS, "Resource": [f"{arn}/*"]},
        ],
    }


def _script(store: ObjectStore, namespace: str) -> str:
    """Return the POSIX shell script; it reads the credentials from its environment."""
    host, plain_http = store_endpoint(store, namespace)
    bucket = f"store/{store.bucket}"
    lines = [
        "set -eu",
        *_connect(f"{'http' if plain_http else 'https'}://{host}"),
        f"mc mb --ignore-existing --region {store.region} {bucket}",
        f"mc version {'enable' if store.versioning else 'suspend'} {bucket}",
    ]
    if store.encryption == "sse_s3":
        lines.append(f"mc encrypt set sse-s3 {bucket}")
    lines.append(f"mc ilm rule import {bucket} < {SETUP_FOLDER}/{LIFECYCLE_FILE}")
    if store.kind == "minio":
        lines += _tempo_user()
    return "\n".join(lines) + "\n"


def _connect(url: str) -> list[str]:
    """Return the lines that log in; the credentials go through a pipe, never through an argument."""
    return [
        "tries=0",
        f'until printf "%s\\n%s\\n" "$ACCESS_KEY" "$SECRET_KEY" | mc alias set store {url} --api S3v4; do',
        "  tries=$((tries + 1))",
        f'  if [ "$tries" -ge {_READY_TRIES} ]; then',
        f'    echo "The store at {url} does not accept the keys. Check the endpoint and the keys." >&2',
        "    exit 1",
        "  fi",
        "  sleep 1",
        "done",
    ]


def _tempo_user() -> list[str]:
    """Return the lines that create Tempo's own user; only this script has the root credentials."""
    return [
        f"mc admin policy create store tempo {SETUP_FOLDER}/{_POLICY_FILE}",
        'printf "%s\\n%s\\n" "$TEMPO_ACCESS_KEY" "$TEMPO_SECRET_KEY" | mc admin user add store >/dev/null',
        # The client reports a second attachment as an error, so the script checks the user's policy instead.
        'mc admin policy attach store tempo --user "$TEMPO_ACCESS_KEY" >/dev/null || true',
        'case "$(mc admin user info store "$TEMPO_ACCESS_KEY" --json)" in',
        """  *'"policyName":"tempo"'*) ;;""",
        '  *) echo "Tempo\'s user did not get its policy." >&2; exit 1 ;;',
        "esac",
    ]
