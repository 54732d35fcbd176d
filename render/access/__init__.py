"""The proxy through which Grafana reads Tempo, so that each user sees the tenants of their groups."""
