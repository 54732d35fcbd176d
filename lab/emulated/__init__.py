"""Stand-ins for Pulumi's resource plugins, used only where the real plugin is not installed.

Each is a small Python program that speaks Pulumi's provider protocol. They exist so that the real
engine, its state, diffs, policies and secrets are exercised on a machine that cannot download plugins;
a real deployment uses the real plugins. What they do is kept to what the real ones do, and what they
cannot do they refuse in a sentence.
"""
