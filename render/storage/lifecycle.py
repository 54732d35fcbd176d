"""Lifecycle rules of the buckets, in the shape of S3's API."""

from plan.plan import Plan
from render.tenants import tenant_folders
from render.text import Config
from settings.object_store import Aws, ObjectStore
from settings.stack import StackSettings


def lifecycle_rules(settings: StackSettings, plan: Plan) -> list[Config]:
    """Return the rules of the trace bucket, sorted by `ID`.

    - `backstop-<tenant>`: expires objects that Tempo lost track of, long after Tempo would have deleted them.
      One rule for each tenant's folder spares Tempo's own state at the bucket's root. Every poll rewrites the
      index in each folder, so the index never reaches that age.
    - `intelligent-tiering`: moves objects of an age to the class that gets cheaper when nobody reads them.
    - `noncurrent` and `delete-markers`: remove deleted and overwritten versions, and the markers left. Also
      without versioning: a bucket that had it keeps its versions, and nothing else ever removes them.
    - `multipart`: removes unfinished uploads. Not for MinIO, which has no such rule; a setting of its server
      does the same.
    """
    store = settings.object_store
    rules = [_backstop(tenant, plan.storage.backstop_expiry_days) for tenant in tenant_folders(settings)]
    if store.aws and store.aws.intelligent_tiering_after_days is not None:
        rules.append(_intelligent_tiering(store.aws.intelligent_tiering_after_days))
    rules += _noncurrent(store)
    if store.kind != "minio":
        rules.append(_unfinished_uploads(store.abort_multipart_days))
    return sorted(rules, key=lambda rule: str(rule["ID"]))


def access_log_rules(store: ObjectStore, aws: Aws) -> list[Config]:
    """Return the rules of the log bucket, sorted by `ID`; the bucket holds only dated logs.

    It always keeps versions: a log that expires, or that somebody deletes, stays for as long as a deleted block
    does.
    """
    return [
        _delete_markers(),
        _rule("expiry", "", {"Expiration": {"Days": aws.access_log_expiry_days}}),
        _unfinished_uploads(store.abort_multipart_days),
        _rule("noncurrent", "", {"NoncurrentVersionExpiration": {"NoncurrentDays": store.noncurrent_expiry_days}}),
    ]


def _backstop(tenant: str, days: int) -> Config:
    return _rule(f"backstop-{tenant}", f"{tenant}/", {"Expiration": {"Days": days}})


def _intelligent_tiering(days: int) -> Config:
    return _rule(
        "intelligent-tiering", "", {"Transitions": [{"Days": days, "StorageClass": "INTELLIGENT_TIERING"}]}
    )


def _noncurrent(store: ObjectStore) -> list[Config]:
    actions: Config = {"NoncurrentVersionExpiration": {"NoncurrentDays": store.noncurrent_expiry_days}}
    if store.aws and store.aws.glacier_noncurrent_after_days is not None:
        # Only noncurrent versions: Tempo must never read an object that is archived.
        to_glacier = {"NoncurrentDays": store.aws.glacier_noncurrent_after_days, "StorageClass": "GLACIER"}
        actions["NoncurrentVersionTransitions"] = [to_glacier]
    return [
        _rule("noncurrent", "", actions),
        _delete_markers(),
    ]


def _delete_markers() -> Config:
    """Return a rule of its own, because S3 refuses this beside an expiry in days."""
    return _rule("delete-markers", "", {"Expiration": {"ExpiredObjectDeleteMarker": True}})


def _unfinished_uploads(days: int) -> Config:
    return _rule("multipart", "", {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days}})


def _rule(name: str, prefix: str, action: Config) -> Config:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": prefix}, **action}
