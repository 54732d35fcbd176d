"""cert-manager's Certificates."""

CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
