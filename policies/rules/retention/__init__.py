"""Rules for retention."""
