"""What Grafana and Prometheus get: dashboards, datasources, recording rules and alerts."""
