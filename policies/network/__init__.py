"""Kubernetes objects that decide about connections: Pods, label selectors, network policies."""
