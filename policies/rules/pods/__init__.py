"""Rules for pods."""
