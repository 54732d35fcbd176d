"""Operator settings: the typed model of a stack file, its checks and its JSON Schema. No Pulumi."""
