"""Rules for transit."""
