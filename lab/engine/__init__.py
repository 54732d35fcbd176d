"""Pulumi's engine: its project folder, environment, plugins, runs and events."""
