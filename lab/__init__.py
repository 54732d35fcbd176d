"""A real engine and a one-node Kubernetes on this machine, for development and tests.

Real deployments do without it: only `tests/` and `bench/` may import it.
"""
