"""The configuration files of agents and gateways."""
