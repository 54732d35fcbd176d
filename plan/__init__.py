"""Numbers derived from settings. Every function says its formula, units and source. No product's config text."""
