"""Grafana's identifiers of the datasources, which dashboards and links name."""

from settings.stack import StackSettings

PROMETHEUS = "prometheus"
# Tempo across all tenants; one tenant's is `tempo_tenant`.
TEMPO = "tempo"
# Grafana's limit of a uid (pkg/util/shortid_generator.go).
MAX_LENGTH = 40


def tempo_tenant(tenant: str) -> str:
    """Return the uid of the Tempo datasource that sees one tenant, such as `tempo-backstage`."""
    return f"{TEMPO}-{tenant}"


def logs(settings: StackSettings) -> str:
    """Return the uid of the datasource of logs, which the platform names after the backend."""
    return settings.grafana.logs_backend
