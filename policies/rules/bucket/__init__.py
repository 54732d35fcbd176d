"""Rules for bucket."""
