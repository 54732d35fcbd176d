"""The bucket's lifecycle rules, in the shape of S3's own API."""

from plan.plan import Plan
from render.text import Config
from settings.stack import StackSettings

# Tempo's folder for the traces of a deployment without tenancy.
_SINGLE_TENANT = "single-tenant"


def lifecycle_rules(settings: StackSettings, plan: Plan) -> list[Config]:
    """Return the rules, each with its `ID`, sorted by it.

    - `backstop-<tenant>`: expires what Tempo lost track of, long after Tempo would have deleted it.
      One rule a tenant's folder, so that Tempo's own state at the bucket's root is spared.
    - `noncurrent`: with versioning, removes what was deleted or overwritten, and the markers left.
    - `multipart`: removes unfinished uploads. Not for MinIO, which has no such rule and is told by a
      setting of the server instead.
    """
    store = settings.object_store
    rules = [_backstop(tenant, plan.storage.backstop_expiry_days) for tenant in tenant_folders(settings)]
    if store.versioning:
        rules += _noncurrent(store.noncurrent_expiry_days)
    if store.kind != "minio":
        upload = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": store.abort_multipart_days}}
        rules.append(_rule("multipart", "", upload))
    return sorted(rules, key=lambda rule: str(rule["ID"]))


def tenant_folders(settings: StackSettings) -> list[str]:
    """Return the bucket's top folders, one a tenant."""
    if settings.tenants.mode == "single":
        return [_SINGLE_TENANT]
    return sorted({*settings.tenants.namespaces, settings.tenants.default_tenant})


def _backstop(tenant: str, days: int) -> Config:
    return _rule(f"backstop-{tenant}", f"{tenant}/", {"Expiration": {"Days": days}})


def _noncurrent(days: int) -> list[Config]:
    return [
        _rule("noncurrent", "", {"NoncurrentVersionExpiration": {"NoncurrentDays": days}}),
        # S3 refuses this beside an expiry in days, so it is a rule of its own.
        _rule("delete-markers", "", {"Expiration": {"ExpiredObjectDeleteMarker": True}}),
    ]


def _rule(name: str, prefix: str, action: Config) -> Config:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": prefix}, **action}
