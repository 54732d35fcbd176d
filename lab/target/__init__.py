"""Deployment targets: the lab's node, simulated nodes, or the user's own cluster."""
