"""What the bucket needs as documents: IAM policies, lifecycle rules, and MinIO's setup script."""
