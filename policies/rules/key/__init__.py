"""Rules for the KMS keys that encrypt traces."""
