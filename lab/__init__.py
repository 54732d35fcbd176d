"""The embedded default: a real engine and a one-node Kubernetes on this machine.

Nothing that a real deployment needs may live here, and nothing outside `lab/`
and `tests/` may import it.
"""
