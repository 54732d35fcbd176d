"""The synthetic check."""
