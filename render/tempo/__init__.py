"""Tempo's configuration file, its limits, and what differs between its major versions."""
