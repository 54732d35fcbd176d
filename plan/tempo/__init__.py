"""Tempo's workloads in each major version, their replicas and resources, and the times that tie them together."""
