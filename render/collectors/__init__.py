"""Configuration files of the collectors: agents and gateways."""
