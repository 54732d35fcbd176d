"""Sizes of Tempo: the workloads of each major version, their replicas, resources and limits."""
