"""Check a cluster and an account against a stack's requirements before `pulumi up`; read-only."""
