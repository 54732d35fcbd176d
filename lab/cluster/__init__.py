"""A running cluster, read through its API server."""
