"""Grafana's identifiers of the datasources, which dashboards and links name."""

import hashlib

from settings.stack import StackSettings

PROMETHEUS = "prometheus"
# Tempo across all tenants of the detailed tier, and across those of the long-term tier. No tenant has an
# underscore in its name, so the second is never a tenant's.
TEMPO = "tempo"
TEMPO_LONG_TERM = "tempo_long-term"
# Grafana's limit of a uid (pkg/util/shortid_generator.go).
MAX_LENGTH = 40
_DIGEST_LENGTH = 8


def tempo_tenant(tenant: str) -> str:
    """Return the uid of the Tempo datasource that sees one tenant, such as `tempo-backstage`.

    A name that is too long for Grafana ends with a digest instead.
    """
    uid = f"{TEMPO}-{tenant}"
    if len(uid) <= MAX_LENGTH:
        return uid
    digest = hashlib.sha256(tenant.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{uid[: MAX_LENGTH - _DIGEST_LENGTH - 1]}-{digest}"


def logs(settings: StackSettings) -> str:
    """Return the uid of the datasource of logs, which the platform names after the backend."""
    return settings.grafana.logs_backend
