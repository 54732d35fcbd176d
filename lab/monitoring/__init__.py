"""The lab's Prometheus: its targets and rules follow the deployed stack."""
