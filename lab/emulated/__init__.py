"""Emulated resource plugins, used only where the real plugin is not installed: see README.md.

Each is a small Python program that speaks Pulumi's provider protocol. They support what the program needs of the
real plugins and refuse everything else with an error.
"""
