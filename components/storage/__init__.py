"""The trace store: Amazon S3, MinIO or another S3-compatible endpoint, and the credentials for it."""
