"""Rules for rbac."""
