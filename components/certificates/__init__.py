"""Certificates, as cert-manager's resources."""
