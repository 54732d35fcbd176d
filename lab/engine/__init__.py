"""Pulumi's engine: project folder, environment, plugins, runs and events."""
