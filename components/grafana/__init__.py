"""Dashboards, datasources, rules and alerts, in the shapes that Grafana and Prometheus find in the cluster."""
