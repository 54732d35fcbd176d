"""Rules for the buckets of a stack: encryption, access, versions, lifecycle."""
