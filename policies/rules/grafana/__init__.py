"""Rules for what Grafana is given."""
