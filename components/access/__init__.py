"""The proxy through which Grafana reads Tempo."""
