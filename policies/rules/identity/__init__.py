"""Rules for the identities with which Pods use the store."""
