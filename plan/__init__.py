"""Numbers derived from settings. Every function states its formula, units and source. No configuration files."""
