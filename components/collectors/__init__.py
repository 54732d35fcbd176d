"""The OpenTelemetry collectors: agents and gateways."""
