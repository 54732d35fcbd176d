"""Documents for the bucket: IAM policies, lifecycle rules, and the setup script of S3-compatible stores."""
