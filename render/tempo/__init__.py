"""Tempo's configuration file, the limits of its tenants, and the differences between its major versions."""
