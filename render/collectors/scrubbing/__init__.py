"""Removal of secrets and personal values from spans (docs/adr/0020)."""

from render.collectors.scrubbing.processors import FEATURE_GATES, scrub_names, scrubbing, text_rules

__all__ = ["FEATURE_GATES", "scrub_names", "scrubbing", "text_rules"]
