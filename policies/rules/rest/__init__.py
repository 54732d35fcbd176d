"""Rules for encryption at rest, and for where secrets are kept."""
