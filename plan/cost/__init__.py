"""The monthly cost of a stack: Tempo's requests to its bucket, and the bill."""
