"""Rules for Tempo."""
