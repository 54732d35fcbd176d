"""Serve the page of `make look`: traces, the service map and the dashboards' panels, read-only and on loopback."""
